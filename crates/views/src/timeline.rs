//! Everything that was recorded of a stream, refusals included, in the order of the world.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::decision::REDACTED;
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::fold::EventRef;
use ofrecord_core::{
    Actor, Event, GdapRelationshipId, PartnerTenantId, PolicyRef, Refusal, State, SubscriptionId, Timestamp,
};
use serde::Serialize;

use crate::describe::describe;
use crate::record::{CustomerRecord, PartnerRecord, Record};
use crate::row::EntryRow;
use crate::subject::Named;
use crate::viewpoint::Period;

/// Which outcomes a timeline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Events, refusals, and entries that changed nothing.
    Everything,
    /// Events only.
    EventsOnly,
    /// Refusals only.
    RefusalsOnly,
}

/// What a timeline is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineQuery {
    /// Effective in this period.
    pub period: Period,
    /// By the entries below this position.
    pub known_below: u64,
    /// Naming this partner; any when none.
    pub partner: Option<PartnerTenantId>,
    /// Naming this subscription; any when none.
    pub subscription: Option<SubscriptionId>,
    /// Naming this granular relationship; any when none.
    pub relationship: Option<GdapRelationshipId>,
    /// Which outcomes.
    pub shown: Shown,
}

impl TimelineQuery {
    /// Everything that is known below a position.
    #[must_use]
    pub fn all(known_below: u64) -> Self {
        Self {
            period: Period::ALWAYS,
            known_below,
            partner: None,
            subscription: None,
            relationship: None,
            shown: Shown::Everything,
        }
    }
}

/// One event, one refusal, or one entry that changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineRow {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry; none for a refusal or an entry without events.
    pub index: Option<u32>,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// When the ledger learned it.
    pub recorded_at: Timestamp,
    /// Who asked.
    pub actor: Actor,
    /// The sources it rests on.
    pub sources: BTreeSet<SourceSystem>,
    /// The command's name.
    pub command: String,
    /// The event's name.
    pub event: Option<&'static str>,
    /// What happened, readable.
    pub sentence: String,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// The position of the newest correction of this event that is known.
    pub corrected_by: Option<u64>,
    /// The policy it was decided under.
    pub policy: PolicyRef,
    /// The entry's position, and the correction's.
    pub positions: Vec<u64>,
}

/// A customer's timeline.
#[must_use]
pub fn timeline(record: &CustomerRecord, query: &TimelineQuery) -> Vec<TimelineRow> {
    rows(record, query)
}

/// A partner's timeline.
#[must_use]
pub fn partner_timeline(record: &PartnerRecord, query: &TimelineQuery) -> Vec<TimelineRow> {
    rows(record, query)
}

fn rows<I: Copy, S: State>(record: &Record<I, S>, query: &TimelineQuery) -> Vec<TimelineRow> {
    let known = || record.entries().iter().filter(|row| row.position < query.known_below);
    // Entries come by position, so that the newest correction of an event is the one that stays.
    let corrections: BTreeMap<EventRef, u64> = known().flat_map(|row| corrections_in(record, row)).collect();
    let mut rows: Vec<TimelineRow> = known()
        .filter(|row| query.period.contains(row.effective_at))
        .flat_map(|row| rows_of(record, row, query))
        .map(|row| {
            let at = row.index.map(|index| EventRef { position: row.position, index });
            let corrected_by = at.and_then(|at| corrections.get(&at)).copied();
            let positions = [Some(row.position), corrected_by].into_iter().flatten().collect();
            TimelineRow { corrected_by, positions, ..row }
        })
        .collect();
    rows.sort_by_key(|row| (row.effective_at, row.position, row.index));
    rows
}

fn corrections_in<I: Copy, S: State>(record: &Record<I, S>, row: &EntryRow) -> impl Iterator<Item = (EventRef, u64)> {
    record.events_of(row).filter_map(|(_, event)| {
        let Event::EventCorrected(correction) = event else { return None };
        Some((EventRef { position: correction.position, index: correction.event_index }, row.position))
    })
}

fn rows_of<I: Copy, S: State>(record: &Record<I, S>, entry: &EntryRow, query: &TimelineQuery) -> Vec<TimelineRow> {
    let events = matches!(query.shown, Shown::Everything | Shown::EventsOnly);
    let refusals = matches!(query.shown, Shown::Everything | Shown::RefusalsOnly);
    if let Some(refusal) = entry.refusal.as_ref() {
        let sentence = format!("{} refused: {} ({})", entry.command, refusal.message, refusal.rule);
        let wanted = refusals && entry_is_named(query, entry);
        return wanted.then(|| row(entry, None, sentence)).into_iter().collect();
    }
    if entry.command == REDACTED {
        // Whom it named is gone, so that it is shown whoever is asked about.
        let wanted = query.shown == Shown::Everything;
        return wanted.then(|| row(entry, None, "redacted: only its hash is left".to_owned())).into_iter().collect();
    }
    if entry.events.is_empty() {
        let wanted = query.shown == Shown::Everything && entry_is_named(query, entry);
        let sentence = format!("{} changed nothing", entry.command);
        return wanted.then(|| row(entry, None, sentence)).into_iter().collect();
    }
    record
        .events_of(entry)
        .filter(|(_, event)| events && event_is_named(query, event))
        .map(|(index, event)| TimelineRow { event: Some(event.name()), ..row(entry, Some(index), describe(event)) })
        .collect()
}

fn entry_is_named(query: &TimelineQuery, entry: &EntryRow) -> bool {
    names(query, &entry.partners, &entry.subscriptions, &entry.relationships)
}

fn event_is_named(query: &TimelineQuery, event: &Event) -> bool {
    if query.partner.is_none() && query.subscription.is_none() && query.relationship.is_none() {
        return true;
    }
    let mut named = Named::default();
    named.event(event);
    names(query, &named.partners, &named.subscriptions, &named.relationships)
}

fn names(
    query: &TimelineQuery,
    partners: &BTreeSet<PartnerTenantId>,
    subscriptions: &BTreeSet<SubscriptionId>,
    relationships: &BTreeSet<GdapRelationshipId>,
) -> bool {
    query.partner.is_none_or(|partner| partners.contains(&partner))
        && query.subscription.is_none_or(|subscription| subscriptions.contains(&subscription))
        && query.relationship.as_ref().is_none_or(|relationship| relationships.contains(relationship))
}

fn row(entry: &EntryRow, index: Option<u32>, sentence: String) -> TimelineRow {
    TimelineRow {
        position: entry.position,
        index,
        effective_at: entry.effective_at,
        recorded_at: entry.recorded_at,
        actor: entry.actor.clone(),
        sources: entry.evidence.iter().map(|evidence| evidence.source.clone()).collect(),
        command: entry.command.clone(),
        event: None,
        sentence,
        refusal: entry.refusal.clone(),
        corrected_by: None,
        policy: entry.policy,
        positions: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
