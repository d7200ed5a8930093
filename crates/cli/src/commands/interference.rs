//! `ofrecord interference`: whether any relationship event changed a subscription; it must not.

use clap::Args;
use ofrecord_core::CustomerId;
use ofrecord_ledger::answers::{Document, Kept};
use ofrecord_views as views;
use serde_json::Value;

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `interference`.
#[derive(Debug, Args)]
#[command(after_help = "Exits with 4 when a relationship event changed a subscription.

Example:
  ofrecord interference 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    #[command(flatten)]
    remote: Remote,
}

const EVENTS: Layout = Layout {
    empty: "no relationship event",
    columns: &[
        Column::of("position", "position"),
        Column::csv("index"),
        Column::of("effective at", "effective_at"),
        Column::of("event", "event"),
        Column::of("unchanged", "unchanged"),
        Column::of("changed", "changed"),
    ],
};

/// Answers whether the four lines hold for a customer.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let path = format!("customers/{}/interference", arguments.customer);
    if let Some(told) = arguments.remote.told(&Question { path, parameters: Vec::new() }, &EVENTS, session)? {
        let holds = told.get("holds").and_then(Value::as_bool).unwrap_or_default();
        return Ok(verdict(if holds { Lines::Hold } else { Lines::Broken }, session));
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let interference = views::interference(&record, inquiry.snapshot.basis.tree_size);
    let proof = Kept::of(&interference);
    let answer = inquiry.answer(interference.events);
    let (mut output, format) = (session.output(), session.global.format);
    let document = Document { answer: &answer, extra: &proof };
    render::document(&mut output, format, &EVENTS, &document, &Names::default())?;
    Ok(verdict(if proof.holds { Lines::Hold } else { Lines::Broken }, session))
}

/// Whether the four lines hold.
#[derive(Clone, Copy)]
enum Lines {
    Hold,
    Broken,
}

/// Says what the answer means.
fn verdict(lines: Lines, session: &Session) -> Verdict {
    match lines {
        Lines::Hold => {
            session.remark(
                "no relationship event changed a subscription, and a replay without them gives the same subscriptions",
            );
            Verdict::Done
        }
        Lines::Broken => {
            session.remark("a relationship event changed a subscription: the four lines do not hold");
            Verdict::Found
        }
    }
}
