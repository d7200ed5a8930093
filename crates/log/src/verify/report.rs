//! What a verification says: its figures, and each thing that is wrong with where it is.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use thiserror::Error;

use crate::entry::EntryError;
use crate::event_log::{Degraded, Head};
use crate::hash::Hash;
use crate::redaction::Redactions;

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The head of the log when verification began.
    pub head: Head,
    /// How many entries were read and hashed.
    pub entries: u64,
    /// How many sealed segments were read whole.
    pub segments: u64,
    /// What is wrong, in the order found; adjacent positions with the same finding are one problem.
    pub problems: Vec<Problem>,
    /// How many more problems there are than listed.
    pub problems_unlisted: u64,
    /// What is left in place of entries whose bytes were taken away. Whether the ledger says so of each, its reader knows.
    pub redacted: Redactions,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// The positions concerned, where there are any.
    pub positions: Option<Range<u64>>,
    /// What was found.
    pub finding: Finding,
}

impl Problem {
    /// The positions and what was found.
    pub(super) fn without_path(&self) -> String {
        match &self.positions {
            Some(positions) if positions.end - positions.start == 1 => {
                format!("position {}: {}", positions.start, self.finding)
            }
            Some(positions) => {
                format!("positions {} to {}: {}", positions.start, positions.end.saturating_sub(1), self.finding)
            }
            None => self.finding.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.positions.is_some() { "" } else { ":" };
        write!(formatter, "{}{separator} {}", self.path.display(), self.without_path())
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// The log was opened read-only.
    #[error("{0}")]
    Degraded(Degraded),
    /// The bytes cannot be read or do not fit their checksum.
    #[error("it cannot be read: {cause}")]
    Unreadable {
        /// What was found.
        cause: String,
    },
    /// This copy has no entry there.
    #[error("it is missing")]
    Missing,
    /// The store and the sealed segment have different bytes.
    #[error("the store and the sealed segment differ")]
    CopiesDiffer,
    /// The bytes are not an entry.
    #[error("could not {error}")]
    NotAnEntry {
        /// Why not.
        error: EntryError,
    },
    /// The entry states another position.
    #[error("the entry states position {stated}")]
    Position {
        /// The position in its envelope.
        stated: u64,
    },
    /// The entry has a newer format than the ledger says that it may hold.
    #[error("the entry has format {format}, the ledger may hold up to {allowed}")]
    Format {
        /// The format in its envelope.
        format: u64,
        /// The format of the ledger.
        allowed: u64,
    },
    /// The entry's time is before that of the entry before it.
    #[error("recorded at {recorded_at}, before {last} of the entry before")]
    TimeRunsBack {
        /// The time in its envelope.
        recorded_at: String,
        /// The time of the entry before.
        last: String,
    },
    /// The entry does not continue one of its streams.
    #[error("it does not continue stream {stream}")]
    StreamChain {
        /// The stream.
        stream: String,
    },
    /// The tree has another root than is recorded.
    #[error("the root at size {size} is {computed}, recorded is {recorded}")]
    Root {
        /// The size.
        size: u64,
        /// The root over the entries read.
        computed: Hash,
        /// The root on record.
        recorded: Hash,
    },
    /// The witness cannot be read, whole or in one of its slots.
    #[error("{sound} of its 2 slots can be read")]
    WitnessSlots {
        /// How many slots can be read.
        sound: usize,
    },
    /// The index says something else than the entries.
    #[error("the index is wrong about {about}")]
    Index {
        /// The command or stream concerned.
        about: String,
    },
    /// The identity file is not what the store remembers.
    #[error("it is not the identity of this ledger")]
    Identity,
}
