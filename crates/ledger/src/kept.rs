//! Records that were asked for, kept folded for the next question about the same stream; a bounded number of entries.
//!
//! What is kept is a copy of what stands in the log and may be forgotten at any time. A question takes the kept
//! record, lets it take in what the stream has gained since, and sees of it what its snapshot knows.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ofrecord_core::State;
use ofrecord_views::Record;

#[cfg(test)]
mod tests;

/// Entries kept over all records of a kind. The record asked for last is kept however many it has.
pub(crate) const ENTRIES_MAX: usize = 100_000;

/// Kept records of one kind of stream.
#[derive(Debug)]
pub(crate) struct Kept<I, S: State>(Mutex<Held<I, S>>);

/// What a kept record rests on beside its own entries: while it is the same, the record reads the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    /// Entries of the ledger's own stream, of which one may have erased a subject.
    pub(crate) custody: u64,
    /// Keys destroyed since: an erasure is recorded first, and its key destroyed after that.
    pub(crate) destroyed: u64,
}

#[derive(Debug)]
struct Held<I, S: State> {
    under: Standing,
    records: HashMap<I, Used<I, S>>,
    /// Whose records they are, by when they were asked for last.
    by_use: BTreeMap<u64, I>,
    entries: usize,
    clock: u64,
}

#[derive(Debug)]
struct Used<I, S: State> {
    record: Record<I, S>,
    at: u64,
}

impl<I, S: State> Default for Kept<I, S> {
    fn default() -> Self {
        Self(Mutex::new(Held::under(Standing::default())))
    }
}

impl<I: Copy + Eq + Hash, S: State> Kept<I, S> {
    /// The record kept of a stream. What was kept under another standing is forgotten.
    pub(crate) fn get(&self, id: I, under: Standing) -> Option<Record<I, S>> {
        let mut held = self.held();
        if held.under != under {
            *held = Held::under(under);
        }
        let record = held.remove(id)?;
        held.insert(record.clone());
        Some(record)
    }

    /// Forgets a record, so that whoever holds it can let it take in entries without a copy.
    pub(crate) fn let_go(&self, id: I) {
        drop(self.held().remove(id));
    }

    /// Keeps a record that was folded under a standing taken before, and forgets those that were asked for longest ago
    /// beyond the bound.
    pub(crate) fn keep(&self, record: &Record<I, S>, under: Standing) {
        let mut held = self.held();
        if held.under != under {
            return;
        }
        drop(held.remove(record.id()));
        held.insert(record.clone());
        while held.entries > ENTRIES_MAX && held.records.len() > 1 {
            let Some((_, oldest)) = held.by_use.first_key_value() else { return };
            let oldest = *oldest;
            drop(held.remove(oldest));
        }
    }

    fn held(&self) -> MutexGuard<'_, Held<I, S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I, S: State> Held<I, S> {
    fn under(under: Standing) -> Self {
        Self { under, records: HashMap::new(), by_use: BTreeMap::new(), entries: 0, clock: 0 }
    }
}

impl<I: Copy + Eq + Hash, S: State> Held<I, S> {
    /// Puts in a record that is not there, as the one asked for last.
    fn insert(&mut self, record: Record<I, S>) {
        self.clock += 1;
        self.entries += record.entries().len();
        self.by_use.insert(self.clock, record.id());
        self.records.insert(record.id(), Used { record, at: self.clock });
    }

    fn remove(&mut self, id: I) -> Option<Record<I, S>> {
        let Used { record, at } = self.records.remove(&id)?;
        self.by_use.remove(&at);
        self.entries = self.entries.saturating_sub(record.entries().len());
        Some(record)
    }
}
