//! `ofrecord access`: who could administer a customer, and through what.

use clap::Args;
use ofrecord_core::CustomerId;
use ofrecord_views as views;

use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `access`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord access 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Every interval on both times, what was believed and corrected included
    #[arg(long)]
    history: bool,
}

const ACCESS: Layout = Layout {
    empty: "nobody could administer this customer at this instant",
    columns: &[
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("mechanism", "mechanism"),
        Column::of("coverage", "coverage"),
        Column::of("roles", "roles"),
        Column::of("since", "since"),
        Column::of("started at", "started_at"),
        Column::of("standing", "standing"),
        Column::of("positions", "positions"),
    ],
};

const HISTORY: Layout = Layout {
    empty: "nobody could administer this customer at any time",
    columns: &[
        Column::of("partner", "key.partner"),
        Column::name("name", "key.partner"),
        Column::of("mechanism", "key.mechanism"),
        Column::of("coverage", "key.coverage"),
        Column::of("roles", "value"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

/// Answers who could administer.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let (mut output, format) = (session.output(), session.global.format);
    if arguments.history {
        let answer = inquiry.answer(views::access_history(&record, inquiry.snapshot.basis.tree_size));
        render::answer(&mut output, format, &HISTORY, &answer, &names)?;
    } else {
        let answer = inquiry.answer(views::access(&record, &inquiry.viewpoint()));
        render::answer(&mut output, format, &ACCESS, &answer, &names)?;
    }
    Ok(Verdict::Done)
}
