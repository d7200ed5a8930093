//! Half-open intervals on both times: what held when in the world, by what was known when.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, Event, State, Timestamp};
use serde::Serialize;

use crate::record::CustomerRecord;
use crate::viewpoint::Period;

/// A value that held for a stretch of the world's time, by what was known for a stretch of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interval<K, V> {
    /// Of whom or what.
    pub key: K,
    /// What held.
    pub value: V,
    /// First instant at which it held.
    pub valid_from: Timestamp,
    /// First instant at which it no longer held; none while it holds.
    pub valid_to: Option<Timestamp>,
    /// The smallest tree size by which this was the answer.
    pub known_from: u64,
    /// The first tree size by which it no longer was; none while it is.
    pub known_to: Option<u64>,
    /// The positions of the entries behind it.
    pub positions: Vec<u64>,
    /// The positions of the entries that speak of the instant at which it ended; empty while it holds.
    pub ended_by: Vec<u64>,
}

impl<K, V> Interval<K, V> {
    /// Whether it is the answer for an instant, by the entries below a position.
    #[must_use]
    pub fn answers(&self, as_of: Timestamp, known_below: u64) -> bool {
        self.valid_from <= as_of
            && self.valid_to.is_none_or(|to| as_of < to)
            && self.known_from <= known_below
            && self.known_to.is_none_or(|to| known_below < to)
    }

    /// The stretch of the world's time.
    #[must_use]
    pub fn valid(&self) -> Period {
        Period { from: self.valid_from, to: self.valid_to.unwrap_or(Timestamp::MAX) }
    }
}

/// What one key's value is, and which entries set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held<V> {
    pub(crate) value: V,
    pub(crate) positions: Vec<u64>,
}

/// Reads the values of one column out of a folded state.
pub(crate) type Reading<K, V> = fn(&Customer) -> BTreeMap<K, Held<V>>;

/// The intervals of a column on both times, by what is known below a position.
///
/// Only facts whose family may change the column are folded: the effect matrix
/// says that no other can matter, and the core's tests hold it to that.
pub(crate) fn bitemporal<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    known_below: u64,
    column: Column,
    read: Reading<K, V>,
) -> Vec<Interval<K, V>> {
    let mut open: Vec<Interval<K, V>> = Vec::new();
    let mut closed: Vec<Interval<K, V>> = Vec::new();
    for known in knowledge_steps(record, known_below, column) {
        let now = by_knowledge(record, known, column, read);
        let (kept, ended): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|interval| now.iter().any(|other| same_fact(interval, other)));
        closed.extend(ended.into_iter().map(|interval| Interval { known_to: Some(known), ..interval }));
        let new: Vec<_> =
            now.into_iter().filter(|interval| !kept.iter().any(|other| same_fact(interval, other))).collect();
        open = kept;
        open.extend(new);
    }
    closed.extend(open);
    closed.sort_by(|left, right| {
        (&left.key, left.valid_from, left.known_from, left.valid_to).cmp(&(
            &right.key,
            right.valid_from,
            right.known_from,
            right.valid_to,
        ))
    });
    closed
}

fn same_fact<K: Eq, V: Eq>(left: &Interval<K, V>, right: &Interval<K, V>) -> bool {
    left.key == right.key
        && left.value == right.value
        && left.valid_from == right.valid_from
        && left.valid_to == right.valid_to
        && left.positions == right.positions
        && left.ended_by == right.ended_by
}

/// The tree sizes at which knowledge of a column could change.
fn knowledge_steps(record: &CustomerRecord, known_below: u64, column: Column) -> Vec<u64> {
    record
        .entries()
        .iter()
        .filter(|row| row.position < known_below)
        .filter(|row| {
            row.events.iter().any(|event| matches!(event, Event::EventCorrected(_)) || changes(event, column))
        })
        .map(|row| row.position.saturating_add(1))
        .collect()
}

fn changes(event: &Event, column: Column) -> bool {
    may_change(event.family()).contains(&column)
}

/// The intervals in the world's time alone, by what is known below a position.
pub(crate) fn by_knowledge<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    known: u64,
    column: Column,
    read: Reading<K, V>,
) -> Vec<Interval<K, V>> {
    let facts: Vec<Fact> =
        record.history().effective_facts(known).into_iter().filter(|fact| changes(&fact.event, column)).collect();
    let mut state = Customer::default();
    let mut running: BTreeMap<K, (Timestamp, Held<V>)> = BTreeMap::new();
    let mut done = Vec::new();
    // Facts of one instant hold together: nothing held between them.
    for together in facts.chunk_by(|left, right| left.effective_at == right.effective_at) {
        let Some(at) = together.first().map(|fact| fact.effective_at) else { continue };
        together.iter().for_each(|fact| state.apply(fact));
        let by: BTreeSet<u64> = together.iter().flat_map(|fact| fact.stamp().positions()).collect();
        let held = read(&state);
        let (same, ended): (BTreeMap<_, _>, BTreeMap<_, _>) =
            running.into_iter().partition(|(key, (_, before))| held.get(key) == Some(before));
        running = same;
        done.extend(ended.into_iter().map(|(key, (from, before))| Interval {
            valid_to: Some(at),
            ended_by: by.iter().copied().collect(),
            ..interval(key, before, from, known)
        }));
        for (key, now) in held {
            running.entry(key).or_insert((at, now));
        }
    }
    done.extend(running.into_iter().map(|(key, (from, held))| interval(key, held, from, known)));
    done
}

fn interval<K, V>(key: K, held: Held<V>, valid_from: Timestamp, known_from: u64) -> Interval<K, V> {
    Interval {
        key,
        value: held.value,
        valid_from,
        valid_to: None,
        known_from,
        known_to: None,
        positions: held.positions,
        ended_by: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
