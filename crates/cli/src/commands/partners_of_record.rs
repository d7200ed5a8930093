//! `ofrecord partners-of-record`: one timeline per subscription of its partners of record, by kind.

use clap::Args;
use ofrecord_core::{CustomerId, SubscriptionId};
use ofrecord_views as views;

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Partners};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `partners-of-record`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ofrecord partners-of-record 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Only this subscription, under any id that it had before or after a transfer
    #[arg(long, value_name = "SUBSCRIPTION")]
    subscription: Option<SubscriptionId>,
    #[command(flatten)]
    remote: Remote,
}

const OF_RECORD: Layout = Layout {
    empty: "no source says anything about a partner of record",
    columns: &[
        Column::of("subscription", "subscription"),
        Column::of("kind", "kind"),
        Column::of("workload", "workload"),
        Column::of("partner id", "partner_id"),
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("from", "from"),
        Column::of("to", "to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

impl Arguments {
    fn question(&self) -> Question<'static> {
        Question {
            path: format!("customers/{}/partners-of-record", self.customer),
            parameters: vec![("subscription", self.subscription.map(|id| id.to_string()))],
        }
    }
}

/// Answers who was partner of record of what, and when.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), &OF_RECORD, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let viewpoint = inquiry.viewpoint();
    let mut partners = Partners::default();
    partners.learn(&inquiry, &record)?;
    let mut rows =
        partners.with_states_of(&record, |accounts| views::partners_of_record(&record, accounts, &viewpoint));
    if let Some(id) = arguments.subscription {
        let wanted = views::lineage(&record, id, &viewpoint);
        rows.retain(|row| wanted.contains(&row.subscription));
    }
    let (mut output, format) = (session.output(), session.global.format);
    render::answer(&mut output, format, &OF_RECORD, &inquiry.answer(rows), &names)?;
    Ok(Verdict::Done)
}
