//! The ledger's words as people say them.

use ofrecord_core::actor::Actor;
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::vocabulary::{PartnerOfRecordKind, SubscriptionStatus, TermDuration};
use ofrecord_core::{Cloud, PolicyRef};
use ofrecord_views::{
    AccessKey, Agreement, ApprovedThrough, Billed, Coverage, DapSummary, EstablishedBy, GranularKey, HeldRole,
    Mechanism, OfRecord, OfRecordKey, ResellerSpell, Standing, TimedChange, Transacting,
};

use crate::document::{Phrase, Piece, said};
use crate::names::Names;
use crate::palette::Tone;

pub(crate) mod granular;

/// A word of an open list, with spaces for its underscores; one that is not published stays as it came.
macro_rules! spoken {
    ($word:expr) => {
        if $word.is_recognised() { $word.as_str().replace('_', " ") } else { $word.as_str().to_owned() }
    };
}

pub(crate) use spoken;

/// How a relationship came to stand.
pub(crate) fn established_by(how: EstablishedBy) -> &'static str {
    match how {
        EstablishedBy::AcceptedByCustomer => "accepted by the customer",
        EstablishedBy::JointLink => "joint link accepted by the customer",
        EstablishedBy::AccountCreated => "the partner created the customer's account",
        EstablishedBy::Extension => "extended to it by a partner, without a click by the customer",
        EstablishedBy::Observed => "a source shows it; how it came about is not in the ledger",
    }
}

/// How a relationship came to stand, with everything that a source says of it.
pub(crate) fn established(spell: &ResellerSpell, names: &Names) -> Phrase {
    let by = spell.accepted_by.as_ref().map(|who| said![" (", Piece::Name(who.clone()), ")"]);
    let through = spell.via_provider.map(|provider| said![", through provider ", names.partner(provider)]);
    let from = spell.extended_from.map(|partner| said![", from ", names.partner(partner)]);
    let consent = spell.consent_reference.as_ref().map(|text| said![", consent ", Piece::Name(text.clone())]);
    let more = [by, through, from, consent].into_iter().flatten();
    more.fold(Phrase::from(established_by(spell.established_by)), Phrase::then)
}

/// Whether a partner sells to the customer.
pub(crate) fn transacting(whether: Transacting) -> &'static str {
    match whether {
        Transacting::OwnsSubscriptions => "owns subscriptions",
        Transacting::NotSeen => "not seen to",
    }
}

/// A partner's delegated administration.
pub(crate) fn dap(summary: &DapSummary) -> String {
    match summary {
        DapSummary::None => "none".to_owned(),
        DapSummary::Tenant => "the whole tenant".to_owned(),
        DapSummary::Services(names) => {
            names.iter().map(ofrecord_core::ServiceName::as_str).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Through what a partner can administer.
pub(crate) fn mechanism(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::Dap => "delegated administration (DAP)",
        Mechanism::Gdap => "granular administration (GDAP)",
        Mechanism::AzureRole => "Azure role",
    }
}

/// What an access reaches.
pub(crate) fn coverage(coverage: &Coverage) -> Phrase {
    match coverage {
        Coverage::Tenant => "the whole tenant".into(),
        Coverage::Service(name) => Piece::Name(name.to_string()).into(),
        Coverage::Scope(scope) => Piece::Code(scope.clone()).into(),
    }
}

/// Through what a partner can administer, and what that reaches.
pub(crate) fn access(through: Mechanism, reach: &Coverage, granular: Option<&GranularKey>, names: &Names) -> Phrase {
    match granular {
        None => said![mechanism(through), " on ", coverage(reach)],
        Some(key) => {
            let group = key.group.map(|group| said![", group ", Piece::Code(group.to_string())]);
            let group = group.unwrap_or_else(|| ", the group is not known".into());
            said![mechanism(through), " by ", names.granular(&key.relationship), group]
        }
    }
}

/// An access in short, as the row of a picture is called.
pub(crate) fn access_row(key: &AccessKey, names: &Names) -> String {
    let reach = coverage(&key.coverage).plain();
    match (key.mechanism, key.role.as_deref(), &key.granular) {
        (Mechanism::Gdap, _, Some(granular)) => format!("GDAP {}", names.granular(&granular.relationship).plain()),
        (Mechanism::Gdap, _, None) => format!("GDAP: {reach}"),
        (Mechanism::Dap, ..) => format!("DAP: {reach}"),
        (Mechanism::AzureRole, Some(role), _) => format!("Azure role {role}: {reach}"),
        (Mechanism::AzureRole, None, _) => format!("Azure role: {reach}"),
    }
}

/// Roles and the groups that hold them.
pub(crate) fn roles<'a>(roles: impl IntoIterator<Item = &'a HeldRole>) -> Phrase {
    let each = roles.into_iter().map(|held| match &held.through {
        Some(through) => said![Piece::Name(held.role.clone()), " (", Piece::Name(through.clone()), ")"],
        None => Piece::Name(held.role.clone()).into(),
    });
    Phrase::joined(each, ", ")
}

/// Whether a partner who can administer is reseller.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Reseller => "reseller",
        Standing::FormerReseller => "former reseller",
        Standing::NeverReseller => "never seen as reseller",
    }
}

/// A status with its colour.
pub(crate) fn status(status: &SubscriptionStatus) -> Phrase {
    Piece::Mark(tone(status), status_word(status)).into()
}

/// A status in words.
pub(crate) fn status_word(status: &SubscriptionStatus) -> String {
    match status {
        SubscriptionStatus::None => "status not said".to_owned(),
        SubscriptionStatus::Active
        | SubscriptionStatus::Suspended
        | SubscriptionStatus::Deleted
        | SubscriptionStatus::Expired
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Disabled
        | SubscriptionStatus::Unrecognised(_) => status.as_str().to_owned(),
    }
}

/// The colour of a status.
pub(crate) fn tone(status: &SubscriptionStatus) -> Tone {
    match status {
        SubscriptionStatus::Active => Tone::Active,
        SubscriptionStatus::Suspended => Tone::Suspended,
        SubscriptionStatus::Expired => Tone::Expired,
        SubscriptionStatus::Disabled => Tone::Disabled,
        SubscriptionStatus::Deleted => Tone::Deleted,
        SubscriptionStatus::None | SubscriptionStatus::Pending | SubscriptionStatus::Unrecognised(_) => Tone::NotSaid,
    }
}

/// What time alone does next.
pub(crate) fn timed_change(change: &TimedChange) -> Phrase {
    match change {
        TimedChange::Renews => "renews by itself".into(),
        TimedChange::Becomes(next) => said!["becomes ", status(next)],
    }
}

/// A partner of record.
pub(crate) fn of_record(of_record: &OfRecord, names: &Names) -> Option<Phrase> {
    match of_record {
        OfRecord::NotSaid => None,
        OfRecord::Nobody => Some("nobody".into()),
        OfRecord::Partner(id) => Some(names.partner_id(id)),
    }
}

/// By what a side approved a transfer.
pub(crate) fn approved_through(through: ApprovedThrough) -> &'static str {
    match through {
        ApprovedThrough::Request => "asked for it",
        ApprovedThrough::Acceptance => "accepted it",
        ApprovedThrough::Signature => "signed the form",
    }
}

/// The kind of a partner of record, with the workload or the seller that tells it from others.
pub(crate) fn of_record_row(key: &OfRecordKey) -> String {
    let kind = of_record_kind(&key.kind);
    match (&key.workload, &key.seller) {
        (Some(workload), _) => format!("{kind} of {workload}"),
        (None, Some(seller)) => format!("{kind} {seller}"),
        (None, None) => kind,
    }
}

fn of_record_kind(kind: &PartnerOfRecordKind) -> String {
    match kind {
        PartnerOfRecordKind::ResellerOfRecord => "reseller of record".to_owned(),
        PartnerOfRecordKind::Dpor => "digital partner of record".to_owned(),
        PartnerOfRecordKind::Pal => "partner admin link".to_owned(),
        PartnerOfRecordKind::Cpor => "claiming partner of record".to_owned(),
        PartnerOfRecordKind::Tpor => "transacting partner of record".to_owned(),
        PartnerOfRecordKind::AdditionalSeller => "additional seller".to_owned(),
        PartnerOfRecordKind::Unrecognised(word) => word.to_string(),
    }
}

/// A term.
pub(crate) fn term(term: &TermDuration) -> String {
    match term {
        TermDuration::P1M => "1 month".to_owned(),
        TermDuration::P1Y => "1 year".to_owned(),
        TermDuration::P3Y => "3 years".to_owned(),
        TermDuration::None => "no term".to_owned(),
        TermDuration::Unrecognised(word) => word.to_string(),
    }
}

/// Whether days are billed.
pub(crate) fn billed(billed: Billed) -> &'static str {
    match billed {
        Billed::Billed => "billed",
        Billed::NotSaid => "no source says whether",
    }
}

/// How the sources of a fact stand to each other.
pub(crate) fn agreement(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::DecidedHere => "decided by a command to this ledger",
        Agreement::OneSource => "one source",
        Agreement::SourcesAgree => "several sources that agree",
        Agreement::SourcesConflict => "sources in conflict",
    }
}

/// A source.
pub(crate) fn source(source: &SourceSystem) -> String {
    match source {
        SourceSystem::PartnerCenterAudit => "Partner Center audit log".to_owned(),
        SourceSystem::PartnerCenterRest => "Partner Center REST resources".to_owned(),
        SourceSystem::PartnerCenterWebhook => "Partner Center webhooks".to_owned(),
        SourceSystem::Graph => "Microsoft Graph".to_owned(),
        SourceSystem::PortalExport => "portal export".to_owned(),
        SourceSystem::CustomerDirectory => "the customer's directory".to_owned(),
        SourceSystem::Manual => "a person's statement".to_owned(),
        SourceSystem::Unrecognised(word) => word.to_string(),
    }
}

/// Who asked.
pub(crate) fn actor(actor: &Actor, names: &Names) -> Phrase {
    let mut phrase = Phrase::from(spoken!(actor.kind));
    if let Some(user) = &actor.user {
        phrase = said![phrase, " ", Piece::Name(user.clone())];
    }
    if let Some(role) = &actor.role {
        phrase = said![phrase, ", ", spoken!(role)];
    }
    match (actor.partner(), actor.tenant_id) {
        (Some(partner), _) => said![phrase, " of ", names.partner(partner)],
        (None, Some(_)) if actor.customer().is_some() => said![phrase, " of the customer"],
        (None, Some(tenant)) => said![phrase, " of tenant ", Piece::Code(tenant.to_string())],
        (None, None) => phrase,
    }
}

/// A cloud.
pub(crate) fn cloud(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::China21Vianet => "21Vianet (China)",
        Cloud::Worldwide => "worldwide",
        Cloud::UsGov => "US Government",
    }
}

/// A policy.
pub(crate) fn policy(policy: PolicyRef) -> String {
    format!("{} version {}", policy.cloud.as_str(), policy.version)
}
