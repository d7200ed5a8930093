//! `ofrecord timeline`: what happened to a customer or in a partner's account, refusals included.

use clap::Args;
use ofrecord_core::{CustomerId, GdapRelationshipId, PartnerTenantId, SubscriptionId, Timestamp};
use ofrecord_views::{self as views, Period, Shown, TimelineQuery, TimelineRow};

use super::coverage::check;
use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `timeline`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord timeline 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --from 2024-01-01 --refusals
  ofrecord timeline --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02")]
pub(crate) struct Arguments {
    /// The customer's tenant; without it, the account of --partner
    #[arg(value_name = "CUSTOMER", required_unless_present = "partner")]
    customer: Option<CustomerId>,
    /// Only what names this partner
    #[arg(long, value_name = "PARTNER")]
    partner: Option<PartnerTenantId>,
    /// Only what names this subscription
    #[arg(long, value_name = "SUBSCRIPTION")]
    subscription: Option<SubscriptionId>,
    /// Only what names this granular relationship
    #[arg(long, value_name = "RELATIONSHIP")]
    relationship: Option<GdapRelationshipId>,
    /// Only what became true from this instant on
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Only what became true before this instant
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Only this event or command, such as ResellerRelationshipRemovedByPartner
    #[arg(long = "type", value_name = "NAME")]
    kind: Option<String>,
    /// Only refusals
    #[arg(long)]
    refusals: bool,
    #[command(flatten)]
    remote: Remote,
}

const TIMELINE: Layout = Layout {
    empty: "nothing happened",
    columns: &[
        Column::of("position", "position"),
        Column::csv("index"),
        Column::of("effective at", "effective_at"),
        Column::of("recorded at", "recorded_at"),
        Column::csv("command"),
        Column::csv("event"),
        Column::of("what", "sentence"),
        Column::of("by", "actor.kind"),
        Column::csv("actor.tenant_id"),
        Column::of("user", "actor.user"),
        Column::csv("actor.role"),
        Column::of("sources", "sources"),
        Column::of("refused", "refusal.code"),
        Column::of("rule", "refusal.rule"),
        Column::of("corrected by", "corrected_by"),
        Column::csv("positions"),
    ],
};

/// Answers what happened.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    check(arguments.from, arguments.to)?;
    if let Some(verdict) = asked(arguments, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let known_below = inquiry.snapshot.basis.tree_size;
    let query = TimelineQuery {
        period: Period { from: arguments.from.unwrap_or(Timestamp::MIN), to: arguments.to.unwrap_or(Timestamp::MAX) },
        partner: arguments.customer.and(arguments.partner),
        subscription: arguments.subscription,
        relationship: arguments.relationship.clone(),
        shown: if arguments.refusals { Shown::RefusalsOnly } else { Shown::Everything },
        ..TimelineQuery::all(known_below)
    };
    let (mut rows, names) = rows(arguments, &inquiry, &query)?;
    if let Some(kind) = &arguments.kind {
        rows.retain(|row| is_of(row, kind));
    }
    let (mut output, format) = (session.output(), session.global.format);
    render::answer(&mut output, format, &TIMELINE, &inquiry.answer(rows), &names)?;
    Ok(Verdict::Done)
}

/// Has a server answer, where one is named.
fn asked(arguments: &Arguments, session: &Session) -> Result<Option<Verdict>, Failure> {
    let Some(customer) = arguments.customer else {
        return arguments.remote.refuse("the timeline of a partner's account").map(|()| None);
    };
    let question = Question {
        path: format!("customers/{customer}/timeline"),
        parameters: vec![
            ("partner", arguments.partner.map(|partner| partner.to_string())),
            ("subscription", arguments.subscription.map(|subscription| subscription.to_string())),
            ("relationship", arguments.relationship.as_ref().map(ToString::to_string)),
            ("from", arguments.from.map(|from| from.to_string())),
            ("to", arguments.to.map(|to| to.to_string())),
            ("type", arguments.kind.clone()),
            ("refusals", arguments.refusals.then(|| true.to_string())),
        ],
    };
    arguments.remote.answer(&question, &TIMELINE, session)
}

fn rows(arguments: &Arguments, inquiry: &Inquiry, query: &TimelineQuery) -> Result<(Vec<TimelineRow>, Names), Failure> {
    match (arguments.customer, arguments.partner) {
        (Some(customer), _) => {
            let record = inquiry.customer(customer)?;
            Ok((views::timeline(&record, query), inquiry.names(&record)?))
        }
        (None, Some(partner)) => {
            let record = inquiry.reader.partner(partner, &inquiry.snapshot)?;
            Ok((views::partner_timeline(&record, query), Names::default()))
        }
        (None, None) => Ok((Vec::new(), Names::default())),
    }
}

fn is_of(row: &TimelineRow, kind: &str) -> bool {
    row.event.is_some_and(|event| event.eq_ignore_ascii_case(kind)) || row.command.eq_ignore_ascii_case(kind)
}
