//! On how many sources each fact rests, and whether they agree (question 28).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::event::Family;
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::fold::{EventRef, Fact};
use ofrecord_core::{Event, Timestamp};
use serde::Serialize;

use crate::findings::conflict;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// How the sources of a fact stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// No source: it was decided by a command to this ledger.
    DecidedHere,
    /// One source.
    OneSource,
    /// Two or more that agree.
    SourcesAgree,
    /// Another source's record rules it out, or it rules that one out.
    SourcesConflict,
}

/// One fact and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourcedFact {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry.
    pub index: u32,
    /// The event's name.
    pub event: &'static str,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// The sources that state it.
    pub sources: BTreeSet<SourceSystem>,
    /// How they stand to each other.
    pub agreement: Agreement,
    /// The entries that state it or that are at odds with it.
    pub positions: Vec<u64>,
}

/// Every fact at a viewpoint with its sources; facts of the record about itself are left out.
#[must_use]
pub fn sources_of_facts(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<SourcedFact> {
    let facts = record.facts_at(viewpoint);
    let conflicts = conflict::conflicts(record, viewpoint);
    let added = added_evidence(record, viewpoint.known_below);
    facts
        .iter()
        .filter(|fact| fact.event.family() != Family::Ledger)
        .map(|fact| {
            let (sources, mut positions) = stated_by(record, fact, &added);
            let mut agreement = match sources.len() {
                0 => Agreement::DecidedHere,
                1 => Agreement::OneSource,
                _ => Agreement::SourcesAgree,
            };
            for conflict in conflicts.iter().filter(|conflict| conflict.concerns(fact.at.position)) {
                agreement = Agreement::SourcesConflict;
                positions.extend(conflict.positions());
            }
            SourcedFact {
                position: fact.at.position,
                index: fact.at.index,
                event: fact.event.name(),
                effective_at: fact.effective_at,
                sources,
                agreement,
                positions: positions.into_iter().collect(),
            }
        })
        .collect()
}

/// The sources of an entry and of the entries that added evidence to this fact.
fn stated_by(record: &CustomerRecord, fact: &Fact, added: &AddedEvidence) -> (BTreeSet<SourceSystem>, BTreeSet<u64>) {
    let by_others = added.get(&fact.at).into_iter().flatten().copied();
    let positions: BTreeSet<u64> = fact.stamp().positions().chain(by_others).collect();
    let sources = positions
        .iter()
        .filter_map(|position| record.entry(*position))
        .flat_map(|entry| entry.evidence.iter().map(|evidence| evidence.source.clone()))
        .collect();
    (sources, positions)
}

/// For each event, the entries by which other sources stated it too.
pub(crate) type AddedEvidence = BTreeMap<EventRef, Vec<u64>>;

/// What was added below a position, whenever the second source spoke.
pub(crate) fn added_evidence(record: &CustomerRecord, known_below: u64) -> AddedEvidence {
    let mut added = AddedEvidence::new();
    for fact in record.effective_facts(known_below) {
        if let Event::EvidenceAdded(second) = &*fact.event {
            let stated = EventRef { position: second.position, index: second.event_index };
            added.entry(stated).or_default().push(fact.at.position);
        }
    }
    added
}

#[cfg(test)]
mod tests;
