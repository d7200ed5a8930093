//! `ofrecord transfers`: how a customer's subscriptions went from one partner to another, and under which ids.

use std::collections::BTreeSet;

use clap::Args;
use ofrecord_core::{CustomerId, SubscriptionId};
use ofrecord_views::{self as views, CustomerRecord, TransferRow};

use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `transfers`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord transfers 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01
  ofrecord transfers 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --lines")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Only transfers of this subscription, under any id that it had before or after one
    #[arg(long, value_name = "SUBSCRIPTION")]
    subscription: Option<SubscriptionId>,
    /// Every subscription of every transfer instead: old id, new id, entitlement, outcome
    #[arg(long)]
    lines: bool,
    #[command(flatten)]
    remote: Remote,
}

const TRANSFERS: Layout = Layout {
    empty: "no transfer at this instant",
    columns: &[
        Column::of("transfer", "transfer"),
        Column::of("family", "family"),
        Column::of("source", "source"),
        Column::name("source name", "source"),
        Column::of("target", "target"),
        Column::name("target name", "target"),
        Column::of("status", "status"),
        Column::of("since", "status_since"),
        Column::csv("status_rule"),
        Column::csv("status_word"),
        Column::of("expires", "expires_at"),
        Column::of("requested", "requested.at"),
        Column::csv("requested.actor.kind"),
        Column::csv("requested.actor.user"),
        Column::of("accepted", "accepted.at"),
        Column::csv("accepted.actor.kind"),
        Column::csv("accepted.actor.user"),
        Column::of("ended", "ended.at"),
        Column::csv("ended.actor.kind"),
        Column::csv("ended.actor.user"),
        Column::of("customer approved", "approvals.customer.at"),
        Column::of("customer signed", "approvals.customer.name"),
        Column::of("source approved", "approvals.source.at"),
        Column::csv("approvals.source.through"),
        Column::of("source user", "approvals.source.actor.user"),
        Column::of("source signed", "approvals.source.name"),
        Column::of("target approved", "approvals.target.at"),
        Column::csv("approvals.target.through"),
        Column::of("target user", "approvals.target.actor.user"),
        Column::of("target signed", "approvals.target.name"),
        Column::of("bill split", "billing_split_date"),
        Column::of("positions", "positions"),
    ],
};

const LINES: Layout = Layout {
    empty: "no subscription in any transfer at this instant",
    columns: &[
        Column::of("transfer", "transfer"),
        Column::of("old id", "subscription"),
        Column::of("new id", "new_subscription"),
        Column::of("entitlement", "entitlement"),
        Column::of("outcome", "outcome"),
        Column::csv("error_code"),
        Column::of("error", "error"),
        Column::of("source", "source"),
        Column::name("source name", "source"),
        Column::of("target", "target"),
        Column::name("target name", "target"),
        Column::csv("status"),
        Column::of("ended", "ended_at"),
        Column::csv("quantity"),
        Column::of("partner id", "partner_id_on_record"),
        Column::csv("order"),
        Column::csv("with_base"),
        Column::of("positions", "positions"),
    ],
};

/// Answers how subscriptions were transferred.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if arguments.lines {
        arguments.remote.refuse("the lines of transfers; without --lines each transfer has them in JSON")?;
    }
    let question = Question {
        path: format!("customers/{}/transfers", arguments.customer),
        parameters: vec![("subscription", arguments.subscription.map(|subscription| subscription.to_string()))],
    };
    if let Some(verdict) = arguments.remote.answer(&question, &TRANSFERS, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let (mut output, format) = (session.output(), session.global.format);
    let wanted = arguments.subscription.map(|id| views::lineage(&record, id, &inquiry.viewpoint()));
    let rows = transfers(&record, wanted.as_ref(), &inquiry);
    if arguments.lines {
        let mut lines: Vec<_> = rows.into_iter().flat_map(TransferRow::into_lines).collect();
        lines.retain(|row| wanted.as_ref().is_none_or(|ids| row.line.concerns(ids)));
        render::answer(&mut output, format, &LINES, &inquiry.answer(lines), &names)?;
    } else {
        render::answer(&mut output, format, &TRANSFERS, &inquiry.answer(rows), &names)?;
    }
    Ok(Verdict::Done)
}

fn transfers(
    record: &CustomerRecord,
    wanted: Option<&BTreeSet<SubscriptionId>>,
    inquiry: &Inquiry,
) -> Vec<TransferRow> {
    let mut rows = views::transfers(record, &inquiry.viewpoint());
    rows.retain(|row| wanted.is_none_or(|ids| row.concerns(ids)));
    rows
}
