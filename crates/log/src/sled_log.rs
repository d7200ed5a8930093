//! The durable engine: one sled value per block, a head witness beside it, sealed segments behind it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use crate::admission::{Admitted, admit};
use crate::backup::LogBackup;
use crate::block::encode_commit;
use crate::contain::contain;
use crate::directory::Identity;
use crate::disk;
use crate::event_log::{
    AppendError, Appended, Each, EventLog, Head, Health, LogReader, NewEntry, NotWritten, ReadError, RecordedCommand,
    StreamHead, WriteState,
};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;
use crate::verify::{BackgroundCheck, LogChecker, VerifyReport, load_mark};
use crate::witness::Witness;

mod create;
mod keeper;
mod open;
mod reader;
mod shared;

pub use create::CreateError;
pub(crate) use create::{Founding, sync_store_files};
pub use open::OpenError;
pub(crate) use open::take_lock;
pub(crate) use shared::Shared;

use keeper::Keeper;
pub(crate) use reader::SledReader;

/// How a ledger's log is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Memory that the store of the log may use for its cache, roughly.
    pub cache_bytes: u64,
    /// Appends are refused when fewer bytes than this are free on the device.
    pub free_bytes_floor: u64,
    /// Size of the file that is given back when the disk is too full to open.
    pub ballast_bytes: u64,
    /// Failures planned by a test.
    pub fault: FaultHook,
}

impl Default for OpenOptions {
    fn default() -> Self {
        const MEBIBYTE: u64 = 1024 * 1024;
        Self {
            cache_bytes: 64 * MEBIBYTE,
            free_bytes_floor: 256 * MEBIBYTE,
            ballast_bytes: 64 * MEBIBYTE,
            fault: FaultHook::default(),
        }
    }
}

/// Which long step is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The tail of the log is read and hashed.
    ReadingTail,
    /// The stream and command index is built.
    Indexing,
    /// Entries are compared and re-hashed.
    Verifying,
    /// Files are written anew from the sound copies.
    Repairing,
    /// Entries are copied into a backup.
    BackingUp,
    /// Entries are copied out of a backup.
    Restoring,
}

/// How far a long step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub stage: Stage,
    /// Entries done.
    pub done: u64,
    /// Entries to do in all.
    pub total: u64,
}

/// Called now and then during a long step.
pub type OnProgress<'a> = dyn FnMut(Progress) + 'a;

/// The log of one ledger, open in this process and locked against all others.
///
/// The lock is held until the log and every reader of it are dropped.
#[derive(Debug)]
pub struct SledLog {
    shared: Arc<Shared>,
    reader: SledReader,
    /// `None` when the log is read-only.
    witness: Option<Witness>,
    fault: FaultHook,
    free_bytes_floor: u64,
    check: Option<BackgroundCheck>,
    _keeper: Option<Keeper>,
}

impl SledLog {
    /// Creates a ledger's folder and opens its empty log.
    ///
    /// The folder must not exist, be empty, or hold what an interrupted creation left.
    ///
    /// # Errors
    /// [`CreateError`].
    pub fn create(folder: &Path, identity: &Identity, options: &OpenOptions) -> Result<Self, CreateError> {
        create::create(folder, identity, options)?;
        Ok(Self::open(folder, options)?)
    }

    /// Opens a ledger's log.
    ///
    /// A log in which something is missing or wrong opens all the same, for reading only:
    /// [`LogReader::health`] says what was found, and [`crate::repair`] mends it.
    ///
    /// # Errors
    /// [`OpenError`] when there is nothing that could be read, or it belongs to someone else.
    pub fn open(folder: &Path, options: &OpenOptions) -> Result<Self, OpenError> {
        Self::open_with_progress(folder, options, &mut |_| {})
    }

    /// Opens a ledger's log and tells how far it is; only rebuilding the index takes long.
    ///
    /// # Errors
    /// [`OpenError`] as for [`SledLog::open`].
    pub fn open_with_progress(
        folder: &Path,
        options: &OpenOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<Self, OpenError> {
        let opened = open::open(folder, options, progress)?;
        let shared = Arc::new(opened.shared);
        if opened.witness.is_some() {
            load_mark(&shared);
        }
        Ok(Self {
            reader: SledReader::new(Arc::clone(&shared)),
            _keeper: opened
                .witness
                .is_some()
                .then(|| Keeper::start(Arc::clone(&shared), options.fault.clone()))
                .transpose()
                .map_err(|error| OpenError::Io { path: folder.to_owned(), error })?,
            check: None,
            shared,
            witness: opened.witness,
            fault: options.fault.clone(),
            free_bytes_floor: options.free_bytes_floor,
        })
    }

    /// Whose ledger this is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        self.shared.identity()
    }

    /// Waits until everything appended so far is indexed and, where a segment is full, sealed, or
    /// until that has failed, which [`Health::notes`] tells.
    pub fn wait_for_background(&self) {
        self.shared.signal().wait_until_idle();
    }

    /// A handle that verifies the log from any thread while it is in use.
    #[must_use]
    pub fn checker(&self) -> LogChecker {
        LogChecker::new(Arc::clone(&self.shared))
    }

    /// A handle that takes backups of the log from any thread while it is in use.
    #[must_use]
    pub fn backup(&self) -> LogBackup {
        LogBackup::new(Arc::clone(&self.shared))
    }

    /// Compares every copy of every entry and re-hashes everything.
    pub fn verify(&self, progress: &mut OnProgress<'_>) -> VerifyReport {
        self.checker().verify(progress)
    }

    /// Begins to verify everything below the present head on a thread of its own, which dropping the
    /// log stops.
    ///
    /// [`Health::verified_through`] goes along with it, and each problem becomes one of
    /// [`Health::notes`]. Damage of the kinds that [`crate::Degraded`] has makes the log read-only at
    /// once. A verification that was begun before is given up.
    ///
    /// # Errors
    /// What the system says when it has no thread.
    pub fn verify_in_background(&mut self) -> io::Result<()> {
        self.check = None;
        self.check = Some(BackgroundCheck::start(Arc::clone(&self.shared))?);
        Ok(())
    }

    /// Waits for the end of the verification in the background and gives what it found; `None` when
    /// none is under way.
    pub fn wait_for_verification(&mut self) -> Option<VerifyReport> {
        self.check.take()?.wait()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn refuse_unless_writable(&self) -> Result<(), NotWritten> {
        match self.shared.live().write_state.clone() {
            WriteState::Writable => Ok(()),
            WriteState::ReadOnly(reason) => Err(NotWritten::ReadOnly(reason)),
            WriteState::Poisoned { cause, .. } => Err(NotWritten::Poisoned { cause }),
        }
    }

    fn refuse_below_floor(&self) -> Result<(), NotWritten> {
        let free_bytes = disk::free_bytes(self.shared.directory().root())
            .map_err(|error| NotWritten::Engine { cause: error.to_string() })?;
        if free_bytes < self.free_bytes_floor {
            return Err(NotWritten::DiskFloor { free_bytes, free_bytes_floor: self.free_bytes_floor });
        }
        Ok(())
    }

    /// Makes the batch durable and moves the witness. Any failure of the store leaves the outcome unknown.
    ///
    /// Before the first entry of a newer format reaches the store, the identity says so: a program that
    /// knows only older formats then refuses the ledger, whether this append succeeds or not.
    fn write(&mut self, entries: &[NewEntry], admitted: &[Admitted]) -> Result<Head, WriteFailure> {
        let not_begun = |cause: String| WriteFailure::NotBegun(cause);
        let Some(store) = self.shared.store() else {
            return Err(not_begun("there is no store".to_owned()));
        };
        let Some(witness) = &mut self.witness else {
            return Err(not_begun("there is no head witness".to_owned()));
        };
        let mut frontier = self.shared.live().frontier.clone();
        let leaves: Vec<Hash> = admitted.iter().map(|entry| entry.leaf).collect();
        let commit = encode_commit(entries, &leaves, &mut frontier).map_err(|error| not_begun(error.to_string()))?;
        let head = Head { size: frontier.size(), root: frontier.root() };
        let raised = raise_file(&self.shared, admitted, &self.fault).map_err(not_begun)?;
        contain(|| {
            if let Some((identity, bytes)) = raised {
                store.set_identity(&bytes, &self.fault)?;
                self.shared.raise(identity);
            }
            store.write(commit, &self.fault)?;
            witness.write(head, &self.fault)
        })
        .and_then(|written| written)
        .map_err(WriteFailure::Unknown)?;
        Ok(head)
    }
}

/// Writes the identity file with the format that a batch needs; gives what is to be remembered of it,
/// with the bytes of its copy. `None` when the ledger may hold such entries already.
fn raise_file(
    shared: &Shared,
    admitted: &[Admitted],
    fault: &FaultHook,
) -> Result<Option<(Identity, Vec<u8>)>, String> {
    let newest = admitted.iter().map(|entry| entry.outline.format).max();
    let Some(identity) = newest.and_then(|format| shared.identity_for(format)) else { return Ok(None) };
    let bytes = identity.to_bytes().map_err(|error| error.to_string())?;
    fault.around(WritePoint::IdentityWrite, || shared.directory().write_identity(&identity))?;
    Ok(Some((identity, bytes)))
}

enum WriteFailure {
    NotBegun(String),
    Unknown(String),
}

impl EventLog for SledLog {
    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Result<Appended, AppendError> {
        self.refuse_unless_writable()?;
        let last_recorded_at = self.shared.live().last_recorded_at.clone();
        let admitted = admit(&self.reader, last_recorded_at.as_deref(), expected_next, entries)?;
        self.refuse_below_floor()?;
        let followed = self.shared.signal().wait_for_index(&self.shared);
        // Damage may have been found while this append was on its way.
        self.refuse_unless_writable()?;
        followed.map_err(|cause| NotWritten::Engine { cause })?;
        match self.write(entries, &admitted) {
            Ok(head) => {
                let leaf_hashes = admitted.iter().map(|entry| entry.leaf).collect();
                self.shared.publish(admitted, head);
                Ok(Appended { first_position: expected_next, leaf_hashes, tree_size: head.size, root: head.root })
            }
            Err(WriteFailure::NotBegun(cause)) => Err(NotWritten::Engine { cause }.into()),
            Err(WriteFailure::Unknown(cause)) => {
                tracing::error!(position = expected_next, %cause, "the log is poisoned");
                self.shared.poison(&cause);
                Err(AppendError::Unknown { first_position: expected_next, count: entries.len() as u64, cause })
            }
        }
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(self.reader.clone())
    }
}

/// A log is its own reader.
impl LogReader for SledLog {
    fn origin(&self) -> &str {
        self.reader.origin()
    }

    fn head(&self) -> Head {
        self.reader.head()
    }

    fn health(&self) -> Health {
        self.reader.health()
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        self.reader.read(position)
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.reader.scan(from, to, each)
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        self.reader.subtree_root(level, index)
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        self.reader.stream_head(stream)
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        self.reader.stream_positions(stream, from_version)
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        self.reader.streams(prefix, after, limit)
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        self.reader.find_command(command_id)
    }
}
