//! `ofrecord gdap`: the granular relationships of a customer, or of a partner with all of its customers.

use clap::Args;
use ofrecord_core::{CustomerId, GdapRelationshipId, PartnerTenantId};
use ofrecord_views::{self as views, GranularRow};

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `gdap`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord gdap 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01
  ofrecord gdap --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02")]
pub(crate) struct Arguments {
    /// The customer's tenant; without it, all customers of --partner
    #[arg(value_name = "CUSTOMER", required_unless_present = "partner")]
    customer: Option<CustomerId>,
    /// Only those of this partner; without a customer, from its own record, the nearest end first
    #[arg(long, value_name = "PARTNER")]
    partner: Option<PartnerTenantId>,
    /// Only this relationship
    #[arg(long, value_name = "RELATIONSHIP")]
    relationship: Option<GdapRelationshipId>,
    /// Every status on both times, what was believed and corrected included
    #[arg(long, requires = "customer")]
    history: bool,
    #[command(flatten)]
    remote: Remote,
}

impl Arguments {
    fn wants(&self, partner: PartnerTenantId, relationship: &GdapRelationshipId) -> bool {
        self.partner.is_none_or(|wanted| wanted == partner)
            && self.relationship.as_ref().is_none_or(|wanted| wanted == relationship)
    }
}

const RELATIONSHIPS: Layout = Layout {
    empty: "no granular relationship at this instant",
    columns: &[
        Column::of("relationship", "relationship"),
        Column::of("called", "display_name"),
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("customer", "customer"),
        Column::of("status", "status"),
        Column::of("since", "status_since"),
        Column::of("rule", "rule"),
        Column::csv("created_at"),
        Column::csv("submitted_at"),
        Column::of("approved on", "approved.basis"),
        Column::of("approved by", "approved.by"),
        Column::csv("approved.at"),
        Column::of("activated", "activated_at"),
        Column::csv("duration"),
        Column::of("ends", "ends_at"),
        Column::of("then", "at_end"),
        Column::of("extensions", "extensions"),
        Column::csv("auto_extend"),
        Column::csv("auto_extend_since"),
        Column::of("roles", "role_names"),
        Column::csv("roles"),
        Column::csv("global_administrator.since"),
        Column::csv("global_administrator.until"),
        Column::of("groups", "groups"),
        Column::csv("termination"),
        Column::of("provider", "provider"),
        Column::of("consent", "partner_consent"),
        Column::of("at microsoft", "at_microsoft"),
        Column::of("gone since", "gone_since"),
        Column::csv("modified_at"),
        Column::csv("etag"),
        Column::of("positions", "positions"),
    ],
};

const HISTORY: Layout = Layout {
    empty: "no granular relationship at any time",
    columns: &[
        Column::of("relationship", "key.relationship"),
        Column::of("partner", "key.partner"),
        Column::name("name", "key.partner"),
        Column::of("status", "value.status"),
        Column::of("rule", "value.rule"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

/// Answers what the granular relationships were.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(verdict) = asked(arguments, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let (mut output, format) = (session.output(), session.global.format);
    if let Some(customer) = arguments.customer.filter(|_| arguments.history) {
        let record = inquiry.customer(customer)?;
        let known_below = inquiry.snapshot.basis.tree_size;
        let mut rows = views::granular_history(&record, known_below, inquiry.reader.policy());
        rows.retain(|interval| arguments.wants(interval.key.partner, &interval.key.relationship));
        render::answer(&mut output, format, &HISTORY, &inquiry.answer(rows), &inquiry.names(&record)?)?;
    } else {
        let (mut rows, names) = rows(arguments, &inquiry)?;
        rows.retain(|row| arguments.wants(row.partner, &row.relationship));
        render::answer(&mut output, format, &RELATIONSHIPS, &inquiry.answer(rows), &names)?;
    }
    Ok(Verdict::Done)
}

/// Has a server answer, where one is named.
fn asked(arguments: &Arguments, session: &Session) -> Result<Option<Verdict>, Failure> {
    let Some(customer) = arguments.customer else {
        return arguments.remote.refuse("the granular relationships of all customers of a partner").map(|()| None);
    };
    let question = Question {
        path: format!("customers/{customer}/gdap"),
        parameters: vec![
            ("partner", arguments.partner.map(|partner| partner.to_string())),
            ("relationship", arguments.relationship.as_ref().map(ToString::to_string)),
            ("history", arguments.history.then(|| true.to_string())),
        ],
    };
    let layout = if arguments.history { &HISTORY } else { &RELATIONSHIPS };
    arguments.remote.answer(&question, layout, session)
}

fn rows(arguments: &Arguments, inquiry: &Inquiry) -> Result<(Vec<GranularRow>, Names), Failure> {
    match (arguments.customer, arguments.partner) {
        (Some(customer), _) => {
            let record = inquiry.customer(customer)?;
            Ok((views::granular_relationships(&record, &inquiry.viewpoint()), inquiry.names(&record)?))
        }
        (None, Some(partner)) => {
            let record = inquiry.reader.partner(partner, &inquiry.snapshot)?;
            Ok((views::partner_granular_relationships(&record, &inquiry.viewpoint()), Names::default()))
        }
        (None, None) => Ok((Vec::new(), Names::default())),
    }
}
