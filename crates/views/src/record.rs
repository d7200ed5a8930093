//! One stream's entries and their fold: what every answer of this crate is computed from.

use std::collections::BTreeSet;

use ofrecord_core::fold::{EventRef, Fact};
use ofrecord_core::{Custody, Customer, CustomerId, Entry, Event, History, Partner, PartnerTenantId, State};

use crate::row::EntryRow;
use crate::viewpoint::Viewpoint;

/// The entries of one stream and the fold of their events.
///
/// Entries may be taken in any order and more than once; what comes of them
/// does not depend on it. Refusals, and entries without events, are kept for
/// the timeline and change no state.
#[derive(Debug, Clone)]
pub struct Record<I, S: State> {
    id: I,
    rows: Vec<EntryRow>,
    /// Events of these entries that are no part of the record; their neighbours keep their places.
    left_out: BTreeSet<EventRef>,
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
        Self { id, rows: Vec::new(), left_out: BTreeSet::new(), history: History::default() }
    }

    /// A record of which nothing is known, and in which some events will be left out of the entries that it takes.
    pub(crate) fn leaving_out(id: I, left_out: BTreeSet<EventRef>) -> Self {
        Self { left_out, ..Self::new(id) }
    }

    /// Takes in an entry.
    pub fn take(&mut self, entry: &Entry) {
        self.take_row(EntryRow::of(entry));
    }

    /// Takes in an entry from its stored digest.
    pub fn take_row(&mut self, row: EntryRow) {
        let place = self.rows.partition_point(|known| known.position < row.position);
        if self.rows.get(place).is_some_and(|known| known.position == row.position) {
            return;
        }
        for fact in facts_told(&row, &self.left_out) {
            self.history.push(fact);
        }
        self.rows.insert(place, row);
    }

    /// Whose record it is.
    #[must_use]
    pub fn id(&self) -> I {
        self.id
    }

    /// The fold and its facts.
    #[must_use]
    pub fn history(&self) -> &History<S> {
        &self.history
    }

    /// The entries, by position.
    #[must_use]
    pub fn entries(&self) -> &[EntryRow] {
        &self.rows
    }

    /// The entry at a position, when it belongs to this stream.
    #[must_use]
    pub fn entry(&self, position: u64) -> Option<&EntryRow> {
        self.rows.binary_search_by_key(&position, |row| row.position).ok().and_then(|index| self.rows.get(index))
    }

    /// The tree size that covers every entry taken in.
    #[must_use]
    pub fn known(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.position.saturating_add(1))
    }

    /// The state at a viewpoint.
    #[must_use]
    pub fn state(&self, viewpoint: &Viewpoint<'_>) -> S {
        self.history.state_at(viewpoint.as_of, viewpoint.known_below)
    }

    /// The facts that hold at a viewpoint, in the order of the world, corrections applied.
    pub(crate) fn facts_at(&self, viewpoint: &Viewpoint<'_>) -> Vec<Fact> {
        let mut facts = self.history.effective_facts(viewpoint.known_below);
        facts.retain(|fact| fact.effective_at <= viewpoint.as_of);
        facts
    }

    /// The events of an entry that are part of the record, with their places in the entry.
    pub(crate) fn events_of<'a>(&self, row: &'a EntryRow) -> impl Iterator<Item = (u32, &'a Event)> {
        let told =
            |(index, _): &(u32, &Event)| !self.left_out.contains(&EventRef { position: row.position, index: *index });
        (0_u32..).zip(&row.events).filter(told)
    }

    /// The facts of an entry, as it told them.
    pub(crate) fn facts_of<'a>(&'a self, row: &'a EntryRow) -> impl Iterator<Item = Fact> + 'a {
        facts_told(row, &self.left_out)
    }
}

fn facts_told<'a>(row: &'a EntryRow, left_out: &'a BTreeSet<EventRef>) -> impl Iterator<Item = Fact> + 'a {
    Fact::of_events(row.position, row.effective_at, &row.events).filter(|fact| !left_out.contains(&fact.at))
}
