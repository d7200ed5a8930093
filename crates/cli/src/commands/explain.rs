//! `ofrecord explain`: the entries that an answer follows from, with their evidence.

use clap::{Args, ValueEnum};
use ofrecord_core::{CustomerId, GdapRelationshipId, PartnerTenantId, SubscriptionId};
use ofrecord_ledger::answers::{Document, Explained};
use ofrecord_views::{self as views, AboutWhat, Question};

use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::remote::{self, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ofrecord explain resellers 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02")]
pub(crate) struct Arguments {
    /// Which answer
    #[arg(value_enum, value_name = "ANSWER")]
    question: Asked,
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Only what the answer says of this partner
    #[arg(long, value_name = "PARTNER", conflicts_with_all = ["subscription", "relationship"])]
    partner: Option<PartnerTenantId>,
    /// Only what the answer says of this subscription
    #[arg(long, value_name = "SUBSCRIPTION")]
    subscription: Option<SubscriptionId>,
    /// Only what the answer says of this granular relationship
    #[arg(long, value_name = "RELATIONSHIP", conflicts_with = "subscription")]
    relationship: Option<GdapRelationshipId>,
    #[command(flatten)]
    remote: Remote,
}

/// Which answer is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Asked {
    /// Who the resellers were
    Resellers,
    /// The subscriptions
    Subscriptions,
    /// Who could administer
    Access,
    /// The granular relationships
    Gdap,
    /// How subscriptions were transferred
    Transfers,
}

const ENTRIES: Layout = Layout {
    empty: "nothing: no entry says anything about it",
    columns: &[
        Column::of("position", "position"),
        Column::csv("index"),
        Column::of("effective at", "effective_at"),
        Column::of("recorded at", "recorded_at"),
        Column::csv("event"),
        Column::of("what", "sentence"),
        Column::of("sets", "sets"),
        Column::of("by", "actor.kind"),
        Column::csv("actor.tenant_id"),
        Column::of("user", "actor.user"),
        Column::of("evidence", "evidence"),
    ],
};

impl Arguments {
    /// The question as a server takes it.
    fn question(&self) -> remote::Question<'static> {
        let answer = self.question.to_possible_value().map(|value| value.get_name().to_owned());
        remote::Question {
            path: format!("customers/{}/explain", self.customer),
            parameters: vec![
                ("answer", answer),
                ("partner", self.partner.map(|partner| partner.to_string())),
                ("subscription", self.subscription.map(|subscription| subscription.to_string())),
                ("relationship", self.relationship.as_ref().map(ToString::to_string)),
            ],
        }
    }
}

/// Explains an answer.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), &ENTRIES, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let question = match arguments.question {
        Asked::Resellers => Question::Resellers,
        Asked::Subscriptions => Question::Subscriptions,
        Asked::Access => Question::Access,
        Asked::Gdap => Question::Gdap,
        Asked::Transfers => Question::Transfers,
    };
    let about = arguments
        .partner
        .map(AboutWhat::Partner)
        .or(arguments.subscription.map(AboutWhat::Subscription))
        .or(arguments.relationship.clone().map(AboutWhat::Relationship));
    let explanation = views::explain(&record, question, about, &inquiry.viewpoint());
    let (extra, entries) = Explained::of(explanation, &record, inquiry.viewpoint().known_below);
    if !extra.redacted.is_empty() {
        let positions: Vec<String> = extra.redacted.iter().map(u64::to_string).collect();
        session.remark(&format!(
            "what these entries said counts for nothing, as they were redacted: {}",
            positions.join(", ")
        ));
    }
    let answer = inquiry.answer(entries);
    let (mut output, format) = (session.output(), session.global.format);
    render::document(&mut output, format, &ENTRIES, &Document { answer: &answer, extra: &extra }, &names)?;
    Ok(Verdict::Done)
}
