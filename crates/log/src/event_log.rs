//! The contract between the ledger and any engine that keeps its entries.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::hash::Hash;
use crate::merkle;

mod error;

pub use error::{AppendError, Degraded, NotWritten, ReadError};

/// The most entries in one call of [`EventLog::append`].
pub const BATCH_ENTRIES_MAX: usize = 4096;

/// One new entry handed to [`EventLog::append`].
///
/// The bytes are the truth: the log reads the envelope out of them and trusts nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The entry as [`crate::entry::compose`] wrote it.
    pub bytes: Vec<u8>,
}

/// What is true once an append has succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Position of the first entry of the batch; the others follow without a gap.
    pub first_position: u64,
    /// Leaf hash of each entry of the batch.
    pub leaf_hashes: Vec<Hash>,
    /// Tree size after the batch.
    pub tree_size: u64,
    /// Root at that size.
    pub root: Hash,
}

/// A tree size and the root at that size, read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// The end of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// How many entries the stream has; also the version of its next entry.
    pub version: u64,
    /// Position of its last entry.
    pub last_position: u64,
    /// Leaf hash of its last entry.
    pub last_leaf_hash: Hash,
}

/// Where a command was recorded, and for which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedCommand {
    /// Position of its entry.
    pub position: u64,
    /// SHA-256 of the request.
    pub request_hash: Hash,
}

/// Whether a log takes new entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteState {
    /// It does.
    Writable,
    /// Something was found missing or wrong, at its opening or since; it is only read until repaired.
    ReadOnly(Degraded),
    /// A write had an unknown outcome; it is only read until opened again.
    Poisoned {
        /// Tree size at the last acknowledged append.
        acknowledged: u64,
        /// What the engine said.
        cause: String,
    },
}

/// The state of a log, for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether the log takes new entries.
    pub write_state: WriteState,
    /// Free bytes on the device, where the engine has one.
    pub free_bytes: Option<u64>,
    /// Appends are refused when fewer bytes than this are free.
    pub free_bytes_floor: u64,
    /// Entries below this position are also in sealed segments.
    pub sealed_through: u64,
    /// Entries below this position are in the stored index.
    pub indexed_through: u64,
    /// Entries below this position were compared and re-hashed, now or by an earlier process, and
    /// nothing wrong was found since.
    pub verified_through: u64,
    /// What background work or a read stumbled over, oldest first.
    pub notes: Vec<Note>,
}

/// Something that needs an operator's eye; where the log no longer works, its state says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file or folder concerned.
    pub path: PathBuf,
    /// What was found.
    pub finding: String,
}

/// Called with each entry of a scan: its position and its bytes.
pub type Each<'a> = dyn FnMut(u64, &[u8]) -> ControlFlow<()> + 'a;

/// Read access to a log, shared freely between threads and usable while the writer appends.
///
/// A reader sees acknowledged entries only, and an entry once seen never changes or vanishes.
/// The size may grow between two calls: whoever needs one snapshot must take [`LogReader::head`]
/// once and ask for nothing beyond that size.
///
/// An engine must return the exact bytes that were appended or an error, or the remainder of an entry
/// whose bytes were taken away while the log was closed ([`crate::take_away`]), and must not skip a
/// position, answer from anything but entries, or return an entry that was not acknowledged.
pub trait LogReader: Send + Sync {
    /// The name of the log, as its checkpoints carry it.
    fn origin(&self) -> &str;

    /// Size and root at the last acknowledged append.
    fn head(&self) -> Head;

    /// The state of the log.
    fn health(&self) -> Health;

    /// The bytes of one entry.
    ///
    /// # Errors
    /// [`ReadError`].
    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError>;

    /// Calls `each` for the positions `from..to`, ascending, until it breaks.
    ///
    /// The engine must check that each position is the one after the last, and must return
    /// [`ReadError::Gap`] rather than skip one. Entries given before an error are sound.
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::BeyondEnd`] before anything is read when `to` is above the size.
    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError>;

    /// The root of the complete subtree `(level, index)`; see [`crate::merkle`].
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::BeyondEnd`] when the subtree is not complete yet.
    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError>;

    /// The end of a stream, or `None` when no entry belongs to it.
    ///
    /// # Errors
    /// [`ReadError`].
    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError>;

    /// The positions of a stream's entries from `from_version` on, ascending.
    ///
    /// # Errors
    /// [`ReadError`].
    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError>;

    /// Names of streams that begin with `prefix` and come after `after`, sorted, at most `limit`.
    ///
    /// # Errors
    /// [`ReadError`].
    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError>;

    /// Where a command was recorded. Ids are remembered for ever.
    ///
    /// # Errors
    /// [`ReadError`].
    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError>;

    /// How many entries there are.
    fn tree_size(&self) -> u64 {
        self.head().size
    }

    /// The root at the last acknowledged append.
    fn root(&self) -> Hash {
        self.head().root
    }

    /// The root of the tree as it was at `size`.
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::BeyondEnd`] when the log has not that many entries.
    fn root_at(&self, size: u64) -> Result<Hash, ReadError> {
        self.check_end(size)?;
        merkle::root_from_subtrees(size, &mut |level, index| self.subtree_root(level, index))
    }

    /// The leaf hash of one entry.
    ///
    /// # Errors
    /// [`ReadError`].
    fn leaf_hash(&self, position: u64) -> Result<Hash, ReadError> {
        self.subtree_root(0, position)
    }

    /// The proof that the entry at `position` is in the tree of `size` entries.
    ///
    /// # Errors
    /// [`ReadError`].
    fn inclusion_proof(&self, position: u64, size: u64) -> Result<Vec<Hash>, ReadError> {
        self.check_end(size)?;
        if position >= size {
            return Err(ReadError::BeyondEnd { position, size });
        }
        merkle::inclusion_proof(position, size, &mut |level, index| self.subtree_root(level, index))
    }

    /// The proof that the tree of `old` entries is a prefix of the tree of `size` entries.
    ///
    /// # Errors
    /// [`ReadError`].
    fn consistency_proof(&self, old: u64, size: u64) -> Result<Vec<Hash>, ReadError> {
        self.check_end(size)?;
        self.check_end(old)?;
        merkle::consistency_proof(old, size, &mut |level, index| self.subtree_root(level, index))
    }

    /// Refuses a size that the log has not reached.
    ///
    /// # Errors
    /// [`ReadError::BeyondEnd`].
    fn check_end(&self, end: u64) -> Result<(), ReadError> {
        let size = self.tree_size();
        if end > size {
            return Err(ReadError::BeyondEnd { position: end, size });
        }
        Ok(())
    }
}

/// A log of entries with one writer.
///
/// # What an engine must do
/// - Give the entries of a batch the positions `expected_next..`, without a gap, and make the batch
///   all or nothing, also across a crash.
/// - Return `Ok` from [`append`](EventLog::append) only when the bytes are on the device, and only
///   then let readers see them.
/// - Remember every command id and every stream for ever.
/// - Where it outlives the process, let nobody who knows only older formats open it once it holds an
///   entry of a newer one, and from before that entry is written.
/// - Check each entry before writing any: canonical bytes, the position, a command id never used, a
///   stream version and previous leaf hash that continue the stream, `recorded_at` not below the
///   entry before.
/// - Return [`AppendError::NotWritten`] only when nothing of the batch is or will be in the log.
/// - Return [`AppendError::Unknown`] whenever it cannot promise that, and refuse every later append
///   until opened again.
///
/// # What an engine must not do
/// - Change, reorder, skip or drop an entry, or reuse a position.
/// - Retry a write whose outcome it does not know.
/// - Panic on damage: damage is an error that names positions.
///
/// # What a caller may assume after an error
/// - `NotWritten`: the log is exactly as before. Where it is the batch that was wrong, a corrected
///   batch may follow at once, with the same command ids.
/// - `Unknown`: nothing, about this batch; everything acknowledged before is safe. The caller must
///   open the log again and ask [`LogReader::find_command`] before it sends a command anew.
pub trait EventLog: LogReader {
    /// Appends a batch, which becomes durable as a whole or not at all.
    ///
    /// `expected_next` must be the present tree size: a writer that lost track is refused before
    /// anything is written.
    ///
    /// # Errors
    /// [`AppendError::NotWritten`] or [`AppendError::Unknown`]; see the trait.
    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Result<Appended, AppendError>;

    /// A reader that stays valid for the life of the log, and can be cloned and sent to threads.
    fn reader(&self) -> Arc<dyn LogReader>;
}
