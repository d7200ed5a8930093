//! `ofrecord resellers`: who a customer's resellers were, their whole history, and the gaps.

use clap::Args;
use ofrecord_core::CustomerId;
use ofrecord_views as views;

use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `resellers`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord resellers 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Every interval on both times, what was believed and corrected included
    #[arg(long, conflicts_with = "gaps")]
    history: bool,
    /// The stretches of time without any reseller
    #[arg(long)]
    gaps: bool,
    #[command(flatten)]
    remote: Remote,
}

const RESELLERS: Layout = Layout {
    empty: "no reseller at this instant",
    columns: &[
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("since", "since"),
        Column::of("generation", "generation"),
        Column::of("established by", "established_by"),
        Column::of("accepted by", "accepted_by"),
        Column::of("via provider", "via_provider"),
        Column::of("extended from", "extended_from"),
        Column::of("consent", "consent_reference"),
        Column::of("transacting", "transacting"),
        Column::of("dap", "dap"),
        Column::of("positions", "positions"),
    ],
};

const HISTORY: Layout = Layout {
    empty: "no reseller at any time",
    columns: &[
        Column::of("partner", "key"),
        Column::name("name", "key"),
        Column::of("generation", "value.generation"),
        Column::of("established by", "value.established_by"),
        Column::csv("value.accepted_by"),
        Column::csv("value.via_provider"),
        Column::of("extended from", "value.extended_from"),
        Column::of("consent", "value.consent_reference"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

const GAPS: Layout = Layout {
    empty: "no gap: there was a reseller at every instant since the first",
    columns: &[Column::of("from", "from"), Column::of("to", "to"), Column::of("positions", "positions")],
};

impl Arguments {
    fn question(&self) -> Question<'static> {
        Question {
            path: format!("customers/{}/resellers", self.customer),
            parameters: vec![
                ("history", self.history.then(|| "true".to_owned())),
                ("gaps", self.gaps.then(|| "true".to_owned())),
            ],
        }
    }
}

/// Answers who the resellers were.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let layout = match (arguments.history, arguments.gaps) {
        (true, _) => &HISTORY,
        (false, true) => &GAPS,
        (false, false) => &RESELLERS,
    };
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), layout, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let (mut output, format) = (session.output(), session.global.format);
    let known_below = inquiry.snapshot.basis.tree_size;
    if arguments.history {
        let answer = inquiry.answer(views::reseller_history(&record, known_below));
        render::answer(&mut output, format, &HISTORY, &answer, &names)?;
    } else if arguments.gaps {
        let answer = inquiry.answer(views::reseller_gaps(&record, &inquiry.viewpoint()));
        render::answer(&mut output, format, &GAPS, &answer, &names)?;
    } else {
        let answer = inquiry.answer(views::resellers(&record, &inquiry.viewpoint()));
        render::answer(&mut output, format, &RESELLERS, &answer, &names)?;
    }
    Ok(Verdict::Done)
}
