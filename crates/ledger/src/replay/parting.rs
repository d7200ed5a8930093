//! How the customers of a replay are parted: into passes over the log, and in each pass into lanes.

use uuid::Uuid;

use ofrecord_core::StreamId;

use crate::streams::Room;

/// Facts that are held in memory over all lanes.
const FACTS_MAX: usize = 1_000_000;
/// Entries of a log whose customers are replayed in one pass: their facts have room beside each other.
const PASS_ENTRIES_MAX: u64 = 800_000;

/// Shares of a replay: every customer is in one of them, and so is every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parting {
    passes: u64,
    lanes: u64,
    /// The most facts that all lanes hold together.
    facts: usize,
    streams: Streams,
}

/// By which streams an entry is told to belong to a lane, and what lanes may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Streams {
    /// By those that its envelope names, which must be those that deciding it again comes to.
    AsNamed,
    /// There is one lane alone, which takes in every entry in the streams that deciding comes to.
    AsDecided,
}

/// The share that an entry is decided in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) pass: u64,
    pub(super) lane: usize,
}

impl Parting {
    /// That of a range for so many threads. Whoever begins in the middle of a log reads the streams that it comes
    /// upon from the log, and needs no passes.
    pub(super) fn of(from: u64, to: u64, threads: usize) -> Self {
        let passes = if from == 0 { to.div_ceil(PASS_ENTRIES_MAX).max(1) } else { 1 };
        Self { passes, lanes: threads.max(1) as u64, facts: FACTS_MAX, streams: Streams::AsNamed }
    }

    /// All in one.
    pub(super) fn whole() -> Self {
        Self { passes: 1, lanes: 1, facts: FACTS_MAX, streams: Streams::AsDecided }
    }

    /// A range in these numbers.
    #[cfg(test)]
    pub(super) fn into(passes: u64, lanes: u64, facts: usize) -> Self {
        Self { passes, lanes, facts, streams: Streams::AsNamed }
    }

    pub(super) fn passes(self) -> u64 {
        self.passes
    }

    pub(super) fn lanes(self) -> u64 {
        self.lanes
    }

    /// Whether it holds only where entries stand in the streams that deciding them again comes to.
    pub(super) fn rests_on_names(self) -> bool {
        self.streams == Streams::AsNamed
    }

    /// What one lane keeps in memory.
    pub(super) fn room(self) -> Room {
        Room { facts: self.facts / usize::try_from(self.lanes).unwrap_or(usize::MAX), packed_bytes: 0 }
    }

    /// The share of an entry that stands in these streams: its customer's, or else that of its first stream.
    pub(super) fn share_of(self, streams: &[StreamId]) -> Share {
        let customer = streams.iter().copied().find(|stream| stream.customer().is_some());
        let number = match customer.or(streams.first().copied()) {
            Some(StreamId::Customer(customer)) => number_of(customer.guid()),
            Some(StreamId::Partner(partner)) => number_of(partner.guid()),
            Some(StreamId::Ledger) | None => 0,
        };
        let share = number % (self.passes * self.lanes);
        Share { pass: share / self.lanes, lane: usize::try_from(share % self.lanes).unwrap_or(0) }
    }
}

/// Both halves of an identifier: made by chance or counted up, it tells customers apart.
fn number_of(guid: Uuid) -> u64 {
    let (high, low) = guid.as_u64_pair();
    high ^ low
}
