//! `ofrecord billing`: who is billed for which days of which subscription.

use clap::Args;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_ledger::answers::period;
use ofrecord_views as views;

use super::coverage::check;
use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `billing`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ofrecord billing 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --from 2024-01-01 --to 2024-02-01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// From this day on; without it, from the customer's first entry
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Before this day; without it, up to --as-of
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    #[command(flatten)]
    remote: Remote,
}

const BILLING: Layout = Layout {
    empty: "nobody is billed for anything in this period",
    columns: &[
        Column::of("subscription", "subscription"),
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("billed", "billed"),
        Column::of("from", "from"),
        Column::of("to", "to"),
        Column::of("days", "days"),
        Column::of("positions", "positions"),
    ],
};

/// Answers who is billed.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    check(arguments.from, arguments.to)?;
    let (from, to) = (arguments.from.map(|from| from.to_string()), arguments.to.map(|to| to.to_string()));
    let path = format!("customers/{}/billing", arguments.customer);
    let question = Question { path, parameters: vec![("from", from), ("to", to)] };
    if let Some(verdict) = arguments.remote.answer(&question, &BILLING, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let period = period(arguments.from, arguments.to, &record, inquiry.as_of);
    let answer = inquiry.answer(views::billing(&record, period, &inquiry.viewpoint()));
    let (mut output, format) = (session.output(), session.global.format);
    render::answer(&mut output, format, &BILLING, &answer, &names)?;
    Ok(Verdict::Done)
}
