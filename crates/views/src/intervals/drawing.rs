//! The intervals of one column in the world's time, drawn fact by fact.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, State, Timestamp};

use super::{Drawn, Held, Interval, Reading};
use crate::record::CustomerRecord;

/// The intervals by the facts taken in so far: those that ended, and those that still run.
pub(super) struct Drawing<K, V> {
    read: Reading<K, V>,
    state: Customer,
    newest: Option<Timestamp>,
    running: BTreeMap<K, (Timestamp, Held<V>)>,
    ended: Vec<Interval<K, V>>,
}

/// What one instant ended and began.
pub(super) struct Turn<K, V> {
    pub(super) ended: Vec<Interval<K, V>>,
    pub(super) begun: Vec<Interval<K, V>>,
}

impl<K: Ord + Clone, V: Eq + Clone> Drawing<K, V> {
    pub(super) fn new(read: Reading<K, V>) -> Self {
        Self { read, state: Customer::default(), newest: None, running: BTreeMap::new(), ended: Vec::new() }
    }

    /// Draws everything that is known below a position.
    pub(super) fn of(record: &CustomerRecord, known: u64, drawn: Drawn, read: Reading<K, V>) -> Self {
        let facts: Vec<Fact> =
            record.history().effective_facts(known).into_iter().filter(|fact| drawn.takes(&fact.event)).collect();
        let mut drawing = Self::new(read);
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
    /// between them; gives back what ended and what began.
    pub(super) fn instant(&mut self, together: &[Fact], known: u64) -> Turn<K, V> {
        let Some(at) = together.first().map(|fact| fact.effective_at) else {
            return Turn { ended: Vec::new(), begun: Vec::new() };
        };
        together.iter().for_each(|fact| self.state.apply(fact));
        self.newest = Some(at);
        let by: BTreeSet<u64> = together.iter().flat_map(|fact| fact.stamp().positions()).collect();
        let held = (self.read)(&self.state);
        let (same, over): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut self.running).into_iter().partition(|(key, (_, now))| held.get(key) == Some(now));
        self.running = same;
        let ended: Vec<_> = over
            .into_iter()
            .map(|(key, (from, before))| Interval {
                valid_to: Some(at),
                ended_by: by.iter().copied().collect(),
                ..interval(key, before, from, known)
            })
            .collect();
        let mut begun = Vec::new();
        for (key, now) in held {
            if let Entry::Vacant(place) = self.running.entry(key) {
                begun.push(interval(place.key().clone(), now.clone(), at, known));
                place.insert((at, now));
            }
        }
        self.ended.extend(ended.iter().cloned());
        Turn { ended, begun }
    }

    /// All intervals, as known from a tree size on.
    pub(super) fn intervals(&self, known: u64) -> Vec<Interval<K, V>> {
        let running = self.running.iter().map(|(key, (from, held))| interval(key.clone(), held.clone(), *from, known));
        let ended = self.ended.iter().cloned().map(|interval| Interval { known_from: known, ..interval });
        ended.chain(running).collect()
    }
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
