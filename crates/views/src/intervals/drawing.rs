//! The intervals of one column in the world's time, drawn fact by fact, and between facts where time alone changes it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, State, Timestamp};

use super::{Drawn, Held, Interval, Reading};
use crate::record::CustomerRecord;
use crate::viewpoint::Seen;

/// What runs, by key, and since when.
type Running<K, V> = BTreeMap<K, (Timestamp, Held<V>)>;

/// The intervals by the facts taken in so far: those that ended, and those that still run after the newest fact.
pub(super) struct Drawing<'a, K, V> {
    reading: Reading<'a, K, V>,
    state: Customer,
    newest: Option<Timestamp>,
    running: Running<K, V>,
    ended: Vec<Interval<K, V>>,
}

impl<'a, K: Ord + Clone, V: Eq + Clone> Drawing<'a, K, V> {
    pub(super) fn new(reading: Reading<'a, K, V>) -> Self {
        Self { reading, state: Customer::default(), newest: None, running: BTreeMap::new(), ended: Vec::new() }
    }

    /// Draws everything that is seen.
    pub(super) fn of(record: &CustomerRecord, seen: Seen, drawn: Drawn, reading: Reading<'a, K, V>) -> Self {
        let known = seen.known_below;
        let mut facts = record.effective_facts(known);
        facts.retain(|fact| fact.effective_at <= seen.as_of && drawn.takes(&fact.event));
        let mut drawing = Self::new(reading);
        for together in facts.chunk_by(|left, right| left.effective_at == right.effective_at) {
            drawing.instant(together, known);
        }
        drawing
    }

    /// Whether facts are newer in the world than all before, so that they can be drawn on.
    pub(super) fn continues_with(&self, facts: &[Fact]) -> bool {
        facts.iter().all(|fact| self.newest.is_none_or(|newest| newest < fact.effective_at))
    }

    /// Takes in all facts of one instant, which hold together, as nothing held
    /// between them, after what time alone did before it; gives back what ended.
    pub(super) fn instant(&mut self, together: &[Fact], known: u64) -> Vec<Interval<K, V>> {
        let Some(at) = together.first().map(|fact| fact.effective_at) else { return Vec::new() };
        let mut by: BTreeSet<u64> = together.iter().flat_map(|fact| fact.stamp().positions()).collect();
        let mut ended = Vec::new();
        let mut passed = self.newest;
        while let Some(turn) = passed.and_then(|passed| self.reading.next(&self.state, passed)) {
            if at <= turn.at {
                by.extend(turn.by.iter().filter(|_| turn.at == at));
                break;
            }
            let held = self.reading.held(&self.state, turn.at);
            ended.extend(turn_over(&mut self.running, held, (turn.at, &turn.by), known));
            passed = Some(turn.at);
        }
        together.iter().for_each(|fact| self.state.apply(fact));
        self.newest = Some(at);
        let held = self.reading.held(&self.state, at);
        ended.extend(turn_over(&mut self.running, held, (at, &by), known));
        self.ended.extend(ended.iter().cloned());
        ended
    }

    /// What had ended by the newest fact, as known from a tree size on.
    pub(super) fn ended(&self, known: u64) -> Vec<Interval<K, V>> {
        self.ended.iter().cloned().map(|interval| Interval { known_from: known, ..interval }).collect()
    }

    /// What runs after the newest fact and what time alone makes of it, were no further one to come.
    pub(super) fn running(&self, known: u64) -> Vec<Interval<K, V>> {
        let mut running = self.running.clone();
        let mut drawn = Vec::new();
        let mut passed = self.newest;
        while let Some(turn) = passed.and_then(|passed| self.reading.next(&self.state, passed)) {
            let held = self.reading.held(&self.state, turn.at);
            drawn.extend(turn_over(&mut running, held, (turn.at, &turn.by), known));
            passed = Some(turn.at);
        }
        drawn.extend(running.into_iter().map(|(key, (from, held))| interval(key, held, from, known)));
        drawn
    }

    /// All intervals, as known from a tree size on.
    pub(super) fn intervals(&self, known: u64) -> Vec<Interval<K, V>> {
        self.ended(known).into_iter().chain(self.running(known)).collect()
    }
}

/// Takes in what is held from an instant on; gives back what ended at it.
fn turn_over<K: Ord + Clone, V: Eq + Clone>(
    running: &mut Running<K, V>,
    held: BTreeMap<K, Held<V>>,
    (at, by): (Timestamp, &BTreeSet<u64>),
    known: u64,
) -> Vec<Interval<K, V>> {
    let (same, over): (BTreeMap<_, _>, BTreeMap<_, _>) =
        std::mem::take(running).into_iter().partition(|(key, (_, now))| held.get(key) == Some(now));
    *running = same;
    for (key, now) in held {
        if let Entry::Vacant(place) = running.entry(key) {
            place.insert((at, now));
        }
    }
    over.into_iter()
        .map(|(key, (from, before))| Interval {
            valid_to: Some(at),
            ended_by: by.iter().copied().collect(),
            ..interval(key, before, from, known)
        })
        .collect()
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
