//! Half-open intervals on both times: what held when in the world, by what was known when.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::{Column, may_change};
use ofrecord_core::fold::Fact;
use ofrecord_core::{Event, Family, Timestamp};
use serde::Serialize;

use self::drawing::Drawing;
use crate::record::CustomerRecord;
use crate::row::EntryRow;
use crate::viewpoint::{Period, Seen};

mod drawing;
mod reading;

pub(crate) use self::reading::{Held, Reading, TimedTurn};

/// A value that held for a stretch of the world's time, by what was known for a stretch of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interval<K, V> {
    /// Of whom or what.
    pub key: K,
    /// What held.
    pub value: V,
    /// First instant at which it held.
    pub valid_from: Timestamp,
    /// First instant at which it no longer held; none while nothing is known to end it. It may lie in the future:
    /// an end that time alone brings is known beforehand.
    pub valid_to: Option<Timestamp>,
    /// The smallest tree size by which this was the answer.
    pub known_from: u64,
    /// The first tree size by which it no longer was; none while it is.
    pub known_to: Option<u64>,
    /// The positions of the entries behind it.
    pub positions: Vec<u64>,
    /// The positions of the entries that speak of the instant at which it ended, be it that they happened then or,
    /// for access and granular relationships, that the end by time follows from them; empty while nothing is known
    /// to end it.
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

/// The intervals of a column on both times, by what is seen.
pub(crate) fn bitemporal<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    column: Column,
    reading: Reading<'_, K, V>,
) -> Vec<Interval<K, V>> {
    on_both_times(record, seen, Drawn::Column(column), reading)
}

/// The intervals of what is read on both times, by what is seen.
pub(crate) fn on_both_times<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    drawn: Drawn,
    reading: Reading<'_, K, V>,
) -> Vec<Interval<K, V>> {
    let seen = seen.into();
    let mut history = Known::nothing(reading);
    let mut corrected: BTreeSet<u64> = BTreeSet::new();
    for row in record.entries().iter().filter(|row| row.position < seen.known_below) {
        let corrections = corrected_by(record, row);
        let facts = record.facts_of(row).filter(|fact| fact.effective_at <= seen.as_of && drawn.takes(&fact.event));
        let facts: Vec<Fact> = facts.collect();
        let known = row.position.saturating_add(1);
        if !corrections.is_empty() || corrected.contains(&row.position) || !history.drawing.continues_with(&facts) {
            corrected.extend(corrections);
            history.redraw(Drawing::of(record, Seen { known_below: known, ..seen }, drawn, reading), known);
        } else if !facts.is_empty() {
            history.continue_with(&facts, known);
        }
    }
    history.finish()
}

/// The intervals of a column in the world's time alone, by what is seen.
pub(crate) fn by_knowledge<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    column: Column,
    reading: Reading<'_, K, V>,
) -> Vec<Interval<K, V>> {
    in_the_world(record, seen, Drawn::Column(column), reading)
}

/// The intervals of what is read in the world's time alone, by what is seen.
pub(crate) fn in_the_world<K: Ord + Clone, V: Eq + Clone>(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    drawn: Drawn,
    reading: Reading<'_, K, V>,
) -> Vec<Interval<K, V>> {
    let seen = seen.into();
    Drawing::of(record, seen, drawn, reading).intervals(seen.known_below)
}

/// The answers that more knowledge took back: what was said of an instant that
/// had passed when it was said, that it held or that it did not, and is no
/// longer said of it.
///
/// An answer that a value still held is not taken back by its end, where the
/// ledger learned of the end at once. `recorded_at` tells when the entry at a
/// position was recorded.
pub fn taken_back<K: Eq, V: Eq>(
    intervals: &[Interval<K, V>],
    recorded_at: impl Fn(u64) -> Option<Timestamp>,
) -> Vec<&Interval<K, V>> {
    let is_taken_back = |interval: &&Interval<K, V>| {
        let learned = interval.known_to.and_then(|size| recorded_at(size.saturating_sub(1)));
        let past = learned.and_then(|to| interval.valid().overlap(&Period { from: Timestamp::MIN, to }));
        let Some(past) = past else { return false };
        let now = intervals.iter().filter(|now| now.known_to.is_none());
        let same = now.filter(|now| now.key == interval.key && now.value == interval.value);
        let mut same: Vec<Period> = same.map(Interval::valid).collect();
        same.sort();
        let covered: Vec<Period> = same.iter().filter_map(|now| now.overlap(&past)).collect();
        let ends = [Some(interval.valid_from), interval.valid_to.filter(|end| learned.is_some_and(|at| *end < at))];
        let runs_past = |end: Timestamp| same.iter().any(|now| now.from < end && end < now.to);
        !crate::coverage::holes(&covered, past).is_empty() || ends.into_iter().flatten().any(runs_past)
    };
    intervals.iter().filter(is_taken_back).collect()
}

/// Where an interval stands: in one state of knowledge a key has at most one that begins at an instant.
type Place<K> = (K, Timestamp);

/// What the log has said so far.
struct Known<'a, K, V> {
    drawing: Drawing<'a, K, V>,
    open: BTreeMap<Place<K>, Interval<K, V>>,
    /// Those of the open ones that the next fact in the world may still change.
    unsettled: BTreeSet<Place<K>>,
    closed: Vec<Interval<K, V>>,
}

impl<'a, K: Ord + Clone, V: Eq + Clone> Known<'a, K, V> {
    fn nothing(reading: Reading<'a, K, V>) -> Self {
        let (open, unsettled) = (BTreeMap::new(), BTreeSet::new());
        Self { drawing: Drawing::new(reading), open, unsettled, closed: Vec::new() }
    }

    /// Takes in facts that are newer in the world than all before: what had ended before them stays as it is.
    fn continue_with(&mut self, facts: &[Fact], known: u64) {
        let ended = self.drawing.instant(facts, known);
        let unsettled = std::mem::take(&mut self.unsettled);
        self.replace(unsettled, ended, known);
    }

    /// Takes in everything drawn anew, after a late fact or a correction.
    fn redraw(&mut self, drawing: Drawing<'a, K, V>, known: u64) {
        self.drawing = drawing;
        let everything = self.open.keys().cloned().collect();
        self.replace(everything, self.drawing.ended(known), known);
    }

    /// Puts what has ended, and what runs on, in place of some open intervals; one that is the same stays known
    /// since when it was.
    fn replace(&mut self, places: BTreeSet<Place<K>>, ended: Vec<Interval<K, V>>, known: u64) {
        let mut before: BTreeMap<_, _> =
            places.into_iter().filter_map(|place| self.open.remove_entry(&place)).collect();
        let running = self.drawing.running(known);
        self.unsettled = running.iter().map(place).collect();
        for interval in ended.into_iter().chain(running) {
            let place = place(&interval);
            let (kept, replaced) = match before.remove(&place) {
                Some(known_already) if same_fact(&known_already, &interval) => (known_already, None),
                other => (interval, other),
            };
            self.open.insert(place, kept);
            self.close(replaced, known);
        }
        self.close(before.into_values(), known);
    }

    fn close(&mut self, intervals: impl IntoIterator<Item = Interval<K, V>>, known: u64) {
        self.closed.extend(intervals.into_iter().map(|interval| Interval { known_to: Some(known), ..interval }));
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

fn place<K: Clone, V>(interval: &Interval<K, V>) -> Place<K> {
    (interval.key.clone(), interval.valid_from)
}

fn same_fact<K: Eq, V: Eq>(left: &Interval<K, V>, right: &Interval<K, V>) -> bool {
    left.key == right.key
        && left.value == right.value
        && left.valid_from == right.valid_from
        && left.valid_to == right.valid_to
        && left.positions == right.positions
        && left.ended_by == right.ended_by
}

fn corrected_by(record: &CustomerRecord, row: &EntryRow) -> Vec<u64> {
    let corrected = |event: &Event| {
        if let Event::EventCorrected(correction) = event { Some(correction.position) } else { None }
    };
    record.events_of(row).filter_map(|(_, event)| corrected(event)).collect()
}

#[cfg(test)]
mod tests;
