//! Deciding on corrections: appended by a compliance officer, of one event, about the same subject (rules L-1, L-5).

use super::granular;
use super::partner::accounts_of_event;
use super::{Case, Ruling};
use crate::actor::{ActorKind, Role};
use crate::command::ledger::CorrectEvent;
use crate::event::Event;
use crate::event::ledger::EventCorrected;
use crate::fold::{EventRef, Fact};
use crate::ground::ledger as ground;
use crate::refusal::Refusal;

/// Precedence: actor, reason, the event, its kind, its streams, the replacement's subject, its instant.
pub(super) fn correct(case: &Case<'_>, command: &CorrectEvent) -> Ruling {
    let actor = &case.request.actor;
    if actor.kind != ActorKind::Operator || actor.role != Some(Role::ComplianceOfficer) {
        return Err(Refusal::because(&ground::ONLY_COMPLIANCE_OFFICER)
            .with("actor_kind", &actor.kind)
            .with_all("role", &actor.role));
    }
    let refused =
        |ground| Refusal::because(ground).with("position", command.position).with("event_index", command.event_index);
    if command.reason.trim().is_empty() {
        return Err(refused(&ground::REASON_REQUIRED));
    }
    let at = EventRef { position: command.position, index: command.event_index };
    let Some(fact) = case.facts.iter().find(|fact| fact.at == at) else {
        return Err(refused(&ground::EVENT_NOT_FOUND));
    };
    if speaks_of_entries(&fact.event) {
        return Err(refused(&ground::EVENT_NOT_CORRECTABLE).with("event", fact.event.name()));
    }
    let missed = accounts_of_event(&fact.event).into_iter().filter(|account| !command.partners.contains(account));
    let missed: Vec<_> = missed.collect();
    if !missed.is_empty() {
        return Err(refused(&ground::CORRECTION_MISSES_STREAM).with_all("partner", missed));
    }
    if let Some(customer) = granular::customer_of(case, &fact.event).filter(|_| case.customer_id.is_none()) {
        return Err(refused(&ground::CORRECTION_MISSES_STREAM).with("customer", customer));
    }
    if let Some(replacement) = command.replacement.as_deref().filter(|event| !same_subject(fact, event)) {
        return Err(refused(&ground::CORRECTION_CHANGES_SUBJECT)
            .with("event", fact.event.name())
            .with("replacement", replacement.name()));
    }
    if let Some(effective_at) = command.replacement_effective_at.filter(|at| *at > case.when.recorded_at) {
        return Err(refused(&ground::EFFECTIVE_AT_IN_FUTURE)
            .with("replacement_effective_at", effective_at)
            .with("recorded_at", case.when.recorded_at));
    }
    Ok(vec![Event::EventCorrected(EventCorrected {
        position: command.position,
        event_index: command.event_index,
        replacement: command.replacement.clone(),
        effective_at: command.replacement_effective_at,
        reason: command.reason.clone(),
    })])
}

/// Corrections and added evidence are about entries, not about the world.
fn speaks_of_entries(event: &Event) -> bool {
    matches!(event, Event::EventCorrected(_) | Event::EvidenceAdded(_))
}

fn same_subject(fact: &Fact, replacement: &Event) -> bool {
    !speaks_of_entries(replacement)
        && fact.event.family() == replacement.family()
        && fact.event.partner() == replacement.partner()
        && fact.event.subscription() == replacement.subscription()
        && fact.event.transfer() == replacement.transfer()
        && accounts_of_event(&fact.event) == accounts_of_event(replacement)
}
