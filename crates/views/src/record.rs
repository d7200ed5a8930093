//! One stream's entries and their fold: what every answer of this crate is computed from.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use ofrecord_core::fold::{EventRef, Fact};
use ofrecord_core::{Custody, Customer, CustomerId, Entry, Event, History, Partner, PartnerTenantId, State, Timestamp};

use crate::row::EntryRow;
use crate::viewpoint::Viewpoint;

/// The entries of one stream and the fold of their events.
///
/// Entries may be taken in any order and more than once; what comes of them
/// does not depend on it. Refusals, and entries without events, are kept for
/// the timeline and change no state.
///
/// What was folded is shared between copies, and a copy may see less of it than another ([`Record::below`]):
/// everything that a record tells, it tells of what it sees.
#[derive(Debug, Clone)]
pub struct Record<I, S: State> {
    id: I,
    /// Events of these entries that are no part of the record; their neighbours keep their places.
    left_out: BTreeSet<EventRef>,
    folded: Arc<Folded<S>>,
    /// What stands at this position and beyond is not seen.
    seen_below: u64,
    /// The state after all that is seen, where that is not all that is folded; computed when it is asked for.
    seen: OnceLock<S>,
}

/// What was taken in.
#[derive(Debug, Clone)]
struct Folded<S> {
    rows: Vec<EntryRow>,
    history: History<S>,
}

/// The partners that a customer's entries name.
#[must_use]
pub fn named_partners(record: &CustomerRecord) -> BTreeSet<PartnerTenantId> {
    record.entries().iter().flat_map(|row| row.partners.iter().copied()).collect()
}

/// A customer's record.
pub type CustomerRecord = Record<CustomerId, Customer>;
/// A partner's record.
pub type PartnerRecord = Record<PartnerTenantId, Partner>;
/// The ledger's own record.
pub type LedgerRecord = Record<(), Custody>;

impl<I: Copy, S: State> Record<I, S> {
    /// A record of which nothing is known.
    #[must_use]
    pub fn new(id: I) -> Self {
        Self::leaving_out(id, BTreeSet::new())
    }

    /// A record of which nothing is known, and in which some events will be left out of the entries that it takes.
    pub(crate) fn leaving_out(id: I, left_out: BTreeSet<EventRef>) -> Self {
        let folded = Arc::new(Folded { rows: Vec::new(), history: History::default() });
        Self { id, left_out, folded, seen_below: u64::MAX, seen: OnceLock::new() }
    }

    /// Takes in an entry.
    pub fn take(&mut self, entry: &Entry) {
        self.take_row(EntryRow::of(entry));
    }

    /// Takes in an entry from its stored digest. One that stands beyond what the record sees stays unseen.
    pub fn take_row(&mut self, row: EntryRow) {
        let folded = Arc::make_mut(&mut self.folded);
        let place = folded.rows.partition_point(|known| known.position < row.position);
        if folded.rows.get(place).is_some_and(|known| known.position == row.position) {
            return;
        }
        for fact in facts_told(&row, &self.left_out) {
            folded.history.push(fact);
        }
        folded.rows.insert(place, row);
        self.seen = OnceLock::new();
    }

    /// The same record as it was known at a tree size: entries at that position and beyond it are not seen.
    /// Nothing is folded again, and what was folded is not copied.
    #[must_use]
    pub fn below(&self, known_below: u64) -> Self {
        Self {
            id: self.id,
            left_out: self.left_out.clone(),
            folded: Arc::clone(&self.folded),
            seen_below: self.seen_below.min(known_below),
            seen: OnceLock::new(),
        }
    }

    /// Whose record it is.
    #[must_use]
    pub fn id(&self) -> I {
        self.id
    }

    /// The state after everything seen.
    #[must_use]
    pub fn latest(&self) -> &S {
        if self.folded.rows.last().is_none_or(|row| row.position < self.seen_below) {
            return self.folded.history.latest();
        }
        self.seen.get_or_init(|| self.folded.history.state_at(Timestamp::MAX, self.seen_below))
    }

    /// The facts seen, as they were recorded, in the order of the world.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.folded.history.facts().iter().filter(|fact| fact.at.position < self.seen_below)
    }

    /// The facts that hold by what stood at positions below `known_below`, in the order of the world, with
    /// corrections applied.
    #[must_use]
    pub fn effective_facts(&self, known_below: u64) -> Vec<Fact> {
        self.folded.history.effective_facts(known_below.min(self.seen_below))
    }

    /// The entries, by position.
    #[must_use]
    pub fn entries(&self) -> &[EntryRow] {
        let rows = &self.folded.rows;
        rows.get(..rows.partition_point(|row| row.position < self.seen_below)).unwrap_or_default()
    }

    /// The entry at a position, when it belongs to this stream.
    #[must_use]
    pub fn entry(&self, position: u64) -> Option<&EntryRow> {
        let rows = self.entries();
        rows.binary_search_by_key(&position, |row| row.position).ok().and_then(|index| rows.get(index))
    }

    /// Whether an entry names a partner.
    #[must_use]
    pub fn names(&self, partner: PartnerTenantId) -> bool {
        self.entries().iter().any(|row| row.partners.contains(&partner))
    }

    /// The tree size that covers every entry taken in.
    #[must_use]
    pub fn known(&self) -> u64 {
        self.entries().last().map_or(0, |row| row.position.saturating_add(1))
    }

    /// The state at a viewpoint.
    #[must_use]
    pub fn state(&self, viewpoint: &Viewpoint<'_>) -> S {
        self.state_at(viewpoint.as_of, viewpoint.known_below)
    }

    /// The state at an instant of the world, by what stood at positions below `known_below`.
    #[must_use]
    pub fn state_at(&self, as_of: Timestamp, known_below: u64) -> S {
        self.folded.history.state_at(as_of, known_below.min(self.seen_below))
    }

    /// The facts that hold at a viewpoint, in the order of the world, corrections applied.
    pub(crate) fn facts_at(&self, viewpoint: &Viewpoint<'_>) -> Vec<Fact> {
        let mut facts = self.effective_facts(viewpoint.known_below);
        facts.retain(|fact| fact.effective_at <= viewpoint.as_of);
        facts
    }

    /// The events of an entry that are part of the record, with their places in the entry.
    pub(crate) fn events_of<'a>(&self, row: &'a EntryRow) -> impl Iterator<Item = (u32, &'a Event)> {
        let told =
            |(index, _): &(u32, &Event)| !self.left_out.contains(&EventRef { position: row.position, index: *index });
        (0_u32..).zip(row.events.iter().map(Arc::as_ref)).filter(told)
    }

    /// The facts of an entry, as it told them.
    pub(crate) fn facts_of<'a>(&'a self, row: &'a EntryRow) -> impl Iterator<Item = Fact> + 'a {
        facts_told(row, &self.left_out)
    }
}

fn facts_told<'a>(row: &'a EntryRow, left_out: &'a BTreeSet<EventRef>) -> impl Iterator<Item = Fact> + 'a {
    let events = row.events.iter().cloned();
    Fact::of_events(row.position, row.effective_at, events).filter(|fact| !left_out.contains(&fact.at))
}
