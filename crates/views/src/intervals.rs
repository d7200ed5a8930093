//! Half-open intervals on both times: what held when in the world, by what was known when.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, Event, Family, Timestamp};
use serde::Serialize;

use self::drawing::Drawing;
use crate::record::{CustomerRecord, facts_of};
use crate::row::EntryRow;
use crate::viewpoint::Period;

mod drawing;

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

/// Which facts are drawn: those whose family may change what is read. The effect
/// matrix says that no other can matter, and the core's tests hold it to that.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Drawn {
    /// Those that may change one column.
    Column(Column),
    /// Those that may change anything of a subscription, its support contact included, and what is said of
    /// transfers: how a completed one leaves the old subscription behind depends on it.
    Subscriptions,
}

impl Drawn {
    fn takes(self, event: &Event) -> bool {
        let family = event.family();
        let may = |columns: &[Column]| may_change(family).iter().any(|column| columns.contains(column));
        match self {
            Self::Column(column) => may(&[column]),
            Self::Subscriptions => {
                matches!(family, Family::Support | Family::Transfer)
                    || may(&[Column::Owner, Column::Terms, Column::PartnersOfRecord])
            }
        }
    }
}

/// The intervals of a column on both times, by what is known below a position.
pub(crate) fn bitemporal<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    known_below: u64,
    column: Column,
    read: Reading<K, V>,
) -> Vec<Interval<K, V>> {
    on_both_times(record, known_below, Drawn::Column(column), read)
}

/// The intervals of what is read on both times, by what is known below a position.
pub(crate) fn on_both_times<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    known_below: u64,
    drawn: Drawn,
    read: Reading<K, V>,
) -> Vec<Interval<K, V>> {
    let mut history = Known { drawing: Drawing::new(read), open: BTreeMap::new(), closed: Vec::new() };
    let mut corrected: BTreeSet<u64> = BTreeSet::new();
    for row in record.entries().iter().filter(|row| row.position < known_below) {
        let corrections = corrected_by(row);
        let facts: Vec<Fact> = facts_of(row).filter(|fact| drawn.takes(&fact.event)).collect();
        let known = row.position.saturating_add(1);
        if !corrections.is_empty() || corrected.contains(&row.position) || !history.drawing.continues_with(&facts) {
            corrected.extend(corrections);
            history.redraw(Drawing::of(record, known, drawn, read), known);
        } else if !facts.is_empty() {
            history.continue_with(&facts, known);
        }
    }
    history.finish()
}

/// The intervals in the world's time alone, by what is known below a position.
pub(crate) fn by_knowledge<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    known: u64,
    column: Column,
    read: Reading<K, V>,
) -> Vec<Interval<K, V>> {
    Drawing::of(record, known, Drawn::Column(column), read).intervals(known)
}

/// What the log has said so far. In one state of knowledge a key has at most
/// one interval that begins at an instant.
struct Known<K, V> {
    drawing: Drawing<K, V>,
    open: BTreeMap<(K, Timestamp), Interval<K, V>>,
    closed: Vec<Interval<K, V>>,
}

impl<K: Ord + Clone, V: Eq + Clone> Known<K, V> {
    /// Takes in facts that are newer in the world than all before: only what still ran can have changed.
    fn continue_with(&mut self, facts: &[Fact], known: u64) {
        let turn = self.drawing.instant(facts, known);
        for interval in turn.ended {
            let place = (interval.key.clone(), interval.valid_from);
            let before = self.open.insert(place, interval);
            self.closed.extend(before.map(|before| Interval { known_to: Some(known), ..before }));
        }
        for interval in turn.begun {
            self.open.insert((interval.key.clone(), interval.valid_from), interval);
        }
    }

    /// Compares with everything drawn anew, after a late fact or a correction.
    fn redraw(&mut self, drawing: Drawing<K, V>, known: u64) {
        let mut next = BTreeMap::new();
        for interval in drawing.intervals(known) {
            let place = (interval.key.clone(), interval.valid_from);
            let goes_on = self.open.get(&place).is_some_and(|before| same_fact(before, &interval));
            let kept = if goes_on { self.open.remove(&place) } else { None };
            next.insert(place, kept.unwrap_or(interval));
        }
        let ended = std::mem::replace(&mut self.open, next).into_values();
        self.closed.extend(ended.map(|interval| Interval { known_to: Some(known), ..interval }));
        self.drawing = drawing;
    }

    fn finish(mut self) -> Vec<Interval<K, V>> {
        self.closed.extend(self.open.into_values());
        self.closed.sort_by(|left, right| {
            (&left.key, left.valid_from, left.known_from, left.valid_to).cmp(&(
                &right.key,
                right.valid_from,
                right.known_from,
                right.valid_to,
            ))
        });
        self.closed
    }
}

fn same_fact<K: Eq, V: Eq>(left: &Interval<K, V>, right: &Interval<K, V>) -> bool {
    left.key == right.key
        && left.value == right.value
        && left.valid_from == right.valid_from
        && left.valid_to == right.valid_to
        && left.positions == right.positions
        && left.ended_by == right.ended_by
}

fn corrected_by(row: &EntryRow) -> Vec<u64> {
    let corrected = |event: &Event| {
        if let Event::EventCorrected(correction) = event { Some(correction.position) } else { None }
    };
    row.events.iter().filter_map(corrected).collect()
}

#[cfg(test)]
mod tests;
