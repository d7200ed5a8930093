//! Deciding on observations: recorded as a source shows them, once each (rules L-6, L-12), granular relationships as
//! those of the customer they are shown under (rule G-21).

use serde_json::{Map, Value};

use super::granular;
use super::partner::accounts_of_event;
use super::{Case, Ruling};
use crate::actor::ActorKind;
use crate::command::agreement::Sealed;
use crate::command::ledger::RecordObservation;
use crate::event::ledger::EvidenceAdded;
use crate::event::partner_of_record::SupportContact;
use crate::event::{Event, Family};
use crate::fold::Fact;
use crate::ground::ledger as ground;
use crate::policy::GranularObservation;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Fields that the ledger derives; two sources that agree may come with different ones.
const DERIVED_FIELDS: &[&str] = &["generation", "previous_generation_ended_at", "subscriptions_considered"];

/// Precedence: actor, then what is stated. No rule on what it says (rule L-12).
pub(super) fn record(case: &Case<'_>, command: &RecordObservation) -> Ruling {
    let kinds = [ActorKind::Importer, ActorKind::Operator, ActorKind::Microsoft, ActorKind::System];
    case.require_actor_kind(&kinds, &ground::ONLY_IMPORTER_MAY_OBSERVE)?;
    if command.events.is_empty() {
        return Err(Refusal::because(&ground::OBSERVATION_NOT_ALLOWED).with("events", 0));
    }
    if let Some(event) = command.events.iter().find(|event| !may_state(case, event)) {
        return Err(Refusal::because(&ground::OBSERVATION_NOT_ALLOWED).with("event", event.name()));
    }
    let events = match case.policy.granular_observation {
        GranularObservation::AsShown => command.events.clone(),
        GranularObservation::OfTheCustomer => granular::of_customer(case, &command.events)?,
    };
    Ok(events.iter().map(|event| once(case, event)).collect())
}

/// Whether a source may state the event in these streams: facts of a customer
/// only where the customer is named, and never what speaks of other entries.
fn may_state(case: &Case<'_>, event: &Event) -> bool {
    match event.family() {
        Family::Partner | Family::Invitation => true,
        // A relationship may be shown before anybody knows for which customer; an assignment may not.
        Family::Granular => case.customer_id.is_some() || !accounts_of_event(event).is_empty(),
        Family::Custody => false,
        Family::Ledger => !matches!(event, Event::EventCorrected(_) | Event::EvidenceAdded(_)),
        Family::Customer
        | Family::Relationship
        | Family::Removal
        | Family::Access
        | Family::Agreement
        | Family::Purchase
        | Family::Subscription
        | Family::Transfer
        | Family::TransferCompletion
        | Family::PartnerOfRecord
        | Family::Support
        | Family::SubscriptionObservation => case.customer_id.is_some(),
    }
}

/// The event itself; where it is on record already, the note that a second source states it (rule L-6).
fn once(case: &Case<'_>, event: &Event) -> Event {
    match stated_before(case.facts, case.when.effective_at, event) {
        Some(fact) => Event::EvidenceAdded(EvidenceAdded { position: fact.at.position, event_index: fact.at.index }),
        None => event.clone(),
    }
}

/// The fact of the same instant, kind, partner, subscription and transfer that says all
/// that the new statement says. One that differs is no repetition: both stay,
/// and the views find the conflict.
fn stated_before<'a>(facts: &'a [Fact], at: Timestamp, event: &Event) -> Option<&'a Fact> {
    let from = facts.partition_point(|fact| fact.effective_at < at);
    let same_instant = facts.get(from..)?.iter().take_while(|fact| fact.effective_at == at);
    same_instant.into_iter().find(|fact| {
        fact.event.name() == event.name()
            && fact.event.partner() == event.partner()
            && fact.event.subscription() == event.subscription()
            && fact.event.transfer() == event.transfer()
            && says_all_of(&fact.event, event)
    })
}

/// Whether everything that `stated` says stands in `known` too. A source that
/// says less adds nothing; one that says more must not be lost.
fn says_all_of(known: &Event, stated: &Event) -> bool {
    if known == stated {
        return true;
    }
    if let (Event::SupportContactChanged(known), Event::SupportContactChanged(stated)) = (known, stated) {
        return contact_says_all_of(known.contact.as_ref(), stated.contact.as_ref());
    }
    let (Some(known), Some(stated)) = (fields(known), fields(stated)) else { return false };
    stated
        .iter()
        .filter(|(name, _)| !DERIVED_FIELDS.contains(&name.as_str()))
        .all(|(name, value)| known.get(name) == Some(value))
}

/// The same of a support contact; one that is cleared says nothing.
fn contact_says_all_of(known: Option<&SupportContact>, stated: Option<&SupportContact>) -> bool {
    let Some(stated) = stated else { return true };
    known.is_some_and(|known| {
        known.partner == stated.partner
            && (stated.partner_id.is_none() || stated.partner_id == known.partner_id)
            && (stated.name.is_none() || stated.name == known.name)
    })
}

fn fields(event: &Event) -> Option<Map<String, Value>> {
    let mut value = serde_json::to_value(event).ok()?;
    Sealed::reduce(&mut value);
    match value {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}
