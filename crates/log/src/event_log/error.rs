//! What can go wrong when a log is read or written, sorted by what the caller may assume.

use std::path::PathBuf;

use thiserror::Error;
use uuid::Uuid;

use crate::canonical::CanonicalError;
use crate::entry::EntryError;
use crate::hash::Hash;

/// Why an append did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AppendError {
    /// Nothing was appended, and nothing will be.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// The batch may or may not be in the log; no further append is taken until it is opened again.
    #[error(
        "tell whether entries {first_position} to {} were written: {cause}",
        .first_position + .count.saturating_sub(1)
    )]
    Unknown {
        /// Position of the first entry of the batch.
        first_position: u64,
        /// How many entries the batch has.
        count: u64,
        /// What the engine said.
        cause: String,
    },
}

/// Why nothing of a batch was written. `index` counts within the batch.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotWritten {
    /// The batch has no entry, or more than one call may bring.
    #[error("append {count} entries at once: 1 to {count_max} are possible")]
    BatchSize {
        /// How many entries the batch has.
        count: usize,
        /// How many it may have.
        count_max: usize,
    },
    /// The caller expected another tree size.
    #[error("append at {expected}: the next position is {next}")]
    WrongNext {
        /// Where the caller wanted to append.
        expected: u64,
        /// The tree size.
        next: u64,
    },
    /// An entry is longer than an entry may be.
    #[error("append entry {index}: {bytes} bytes are more than {bytes_max}")]
    TooLarge {
        /// Which entry of the batch.
        index: usize,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// An entry is not canonical JSON.
    #[error("append entry {index}: {error}")]
    NotCanonical {
        /// Which entry of the batch.
        index: usize,
        /// What is wrong with it.
        error: CanonicalError,
    },
    /// An entry has no proper envelope.
    #[error("append entry {index}: {error}")]
    Envelope {
        /// Which entry of the batch.
        index: usize,
        /// What is wrong with it.
        error: EntryError,
    },
    /// An entry states another position than it would get.
    #[error("append entry {index}: it states position {stated}, it would get {position}")]
    Position {
        /// Which entry of the batch.
        index: usize,
        /// The position in its envelope.
        stated: u64,
        /// The position that it would get.
        position: u64,
    },
    /// The command id is in the log already, or twice in the batch.
    #[error("append entry {index}: command {command_id} is recorded at position {position}")]
    DuplicateCommand {
        /// Which entry of the batch.
        index: usize,
        /// The command.
        command_id: Uuid,
        /// Where it is recorded.
        position: u64,
    },
    /// A stream link states another version than the stream's next.
    #[error("append entry {index}: it states version {stated} of stream {stream}, the next is {next}")]
    StreamVersion {
        /// Which entry of the batch.
        index: usize,
        /// The stream.
        stream: String,
        /// The version in its envelope.
        stated: u64,
        /// The version that comes next.
        next: u64,
    },
    /// A stream link does not name the leaf hash of the stream's last entry.
    #[error("append entry {index}: it does not name the last entry of stream {stream}")]
    StreamPrevious {
        /// Which entry of the batch.
        index: usize,
        /// The stream.
        stream: String,
        /// The leaf hash of the stream's last entry.
        last: Option<Hash>,
    },
    /// The time of an entry is before that of the entry before it.
    #[error("append entry {index}: {recorded_at} is before {last}, the time of the entry before")]
    TimeRunsBack {
        /// Which entry of the batch.
        index: usize,
        /// The time in its envelope.
        recorded_at: String,
        /// The time of the entry before.
        last: String,
    },
    /// Too few bytes are free on the device.
    #[error("append with {free_bytes} bytes free: {free_bytes_floor} must stay free")]
    DiskFloor {
        /// Free bytes.
        free_bytes: u64,
        /// The limit.
        free_bytes_floor: u64,
    },
    /// The log was opened read-only because something is missing or wrong.
    #[error("append, the log is read-only: {0}")]
    ReadOnly(Degraded),
    /// An earlier write had an unknown outcome.
    #[error("append after a write with unknown outcome ({cause}): open the log again")]
    Poisoned {
        /// What the engine said at that time.
        cause: String,
    },
    /// The entries could not be checked, because a read failed.
    #[error("check the batch: {0}")]
    Check(#[from] ReadError),
    /// The engine refused before it wrote anything.
    #[error("begin the write: {cause}")]
    Engine {
        /// What the engine said.
        cause: String,
    },
}

/// Why a log could be opened for reading only. `repair` deals with each of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Degraded {
    /// Acknowledged entries are missing at the end.
    #[error("entries end at position {log_size}, {witness_size} were acknowledged")]
    BehindWitness {
        /// How many entries are there.
        log_size: u64,
        /// How many were acknowledged.
        witness_size: u64,
    },
    /// The head witness is older than any crash can leave it.
    #[error("entries end at position {log_size}, the head witness stands at {witness_size}")]
    AheadOfWitness {
        /// How many entries are there.
        log_size: u64,
        /// The size that the witness names.
        witness_size: u64,
    },
    /// The entries are not the ones that were acknowledged.
    #[error("the root at size {size} is {log_root}, acknowledged was {witness_root}")]
    RootMismatch {
        /// The size that the witness names.
        size: u64,
        /// The root over the entries that are there.
        log_root: Hash,
        /// The root that the witness names.
        witness_root: Hash,
    },
    /// Entries are missing in the middle.
    #[error("position {expected} is missing, the next entry is {found}")]
    Gap {
        /// The position that should come.
        expected: u64,
        /// The position that comes.
        found: u64,
    },
    /// The head witness is missing or neither of its slots can be read.
    #[error("the head witness {} cannot be read", path.display())]
    WitnessUnreadable {
        /// The witness file.
        path: PathBuf,
    },
    /// A sealed segment is missing or damaged.
    #[error("segment {} from position {first_position}: {finding}", path.display())]
    Segment {
        /// The segment file.
        path: PathBuf,
        /// Position of its first entry.
        first_position: u64,
        /// What was found.
        finding: String,
    },
    /// The engine cannot open or read its store.
    #[error("the store {} cannot be read from position {position}: {cause}", path.display())]
    Store {
        /// The folder of the store.
        path: PathBuf,
        /// The first position that cannot be read.
        position: u64,
        /// What the engine said.
        cause: String,
    },
    /// The identity file is missing, damaged or another one than the store remembers.
    #[error("the identity {}: {finding}", path.display())]
    Identity {
        /// The identity file.
        path: PathBuf,
        /// What was found.
        finding: String,
    },
}

/// Why a read did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The position or size has not been reached.
    #[error("read up to position {position}: the log has {size} entries")]
    BeyondEnd {
        /// The position or size asked for.
        position: u64,
        /// The tree size.
        size: u64,
    },
    /// The range runs backwards.
    #[error("read from {from} to {to}: the range runs backwards")]
    Backwards {
        /// Where the read should begin.
        from: u64,
        /// Where the read should end.
        to: u64,
    },
    /// A position is missing.
    #[error("read position {expected}: the next entry is {found}")]
    Gap {
        /// The position that should come.
        expected: u64,
        /// The position that comes.
        found: u64,
    },
    /// The stored bytes of an entry are damaged, and there is no sound copy.
    #[error("read position {position} in {}: {finding}", path.display())]
    Damaged {
        /// The first position concerned.
        position: u64,
        /// The file or folder.
        path: PathBuf,
        /// What was found.
        finding: String,
    },
    /// The stream and command index cannot be read; deleting it lets it be rebuilt.
    #[error("read the index {}: {cause}", path.display())]
    Index {
        /// The folder of the index.
        path: PathBuf,
        /// What the engine said.
        cause: String,
    },
    /// The engine failed.
    #[error("read position {position}: {cause}")]
    Engine {
        /// The position concerned.
        position: u64,
        /// What the engine said.
        cause: String,
    },
}
