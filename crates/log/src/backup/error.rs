//! What can keep a backup from being taken or read, and what can be wrong with one.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::manifest::BACKUP_FORMAT;
use crate::event_log::{Degraded, ReadError};
use crate::hash::Hash;

/// Why a backup was not taken. What an earlier one had written stands.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The folder cannot be used, or what it holds cannot be told.
    #[error(transparent)]
    Unreadable(#[from] BackupUnreadable),
    /// The log is damaged: a backup of what is left of it would look like one of a whole log.
    #[error("back up a damaged ledger: {0}")]
    Degraded(Degraded),
    /// The folder holds something else than a backup.
    #[error("back up into {}: it holds {} and no backup", path.display(), found.display())]
    NotABackup {
        /// The folder.
        path: PathBuf,
        /// Something in it.
        found: PathBuf,
    },
    /// Another backup is being written into the folder.
    #[error("back up into {}: another backup is being written there", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds a backup of another ledger.
    #[error(
        "back up into {}: it holds a backup of {backup} created {backup_created_at}, this is {ledger} created \
         {ledger_created_at}",
        path.display()
    )]
    OtherLedger {
        /// The folder.
        path: PathBuf,
        /// The origin of the ledger that is backed up there.
        backup: String,
        /// When that ledger was created.
        backup_created_at: String,
        /// The origin of this ledger.
        ledger: String,
        /// When this ledger was created.
        ledger_created_at: String,
    },
    /// The folder holds more entries than the log.
    #[error(
        "back up into {}: it holds {backup_size} entries, more than the {ledger_size} of this ledger",
        path.display()
    )]
    Longer {
        /// The folder.
        path: PathBuf,
        /// How many entries the backup has.
        backup_size: u64,
        /// How many the log has.
        ledger_size: u64,
    },
    /// The entries in the folder are not those that the log begins with.
    #[error(
        "back up into {}: it holds another history: its root at size {size} is {backup_root}, of this ledger {ledger_root}",
        path.display()
    )]
    AnotherHistory {
        /// The folder.
        path: PathBuf,
        /// How many entries the backup has.
        size: u64,
        /// The root of the backup.
        backup_root: Hash,
        /// The root of the log at that size.
        ledger_root: Hash,
    },
    /// A segment was sealed anew since, with other bytes, and the backup keeps what it names.
    #[error("back up into {}: the segment was sealed anew since, with other bytes", path.display())]
    Resealed {
        /// The file of the backup.
        path: PathBuf,
    },
    /// A copy is not what was to be copied.
    #[error("back up {}: {finding}", path.display())]
    Damaged {
        /// The file of the ledger.
        path: PathBuf,
        /// What was found.
        finding: String,
    },
    /// The device has too little room for what would be copied.
    #[error("back up into {}: it needs about {needed_bytes} bytes there, and {free_bytes} are free", path.display())]
    NoRoom {
        /// The folder.
        path: PathBuf,
        /// The bytes of what would be copied, as far as they can be told before.
        needed_bytes: u64,
        /// The free bytes of the device.
        free_bytes: u64,
    },
    /// It was stopped before its end; an earlier backup in the folder stands.
    #[error("finish the backup: it was stopped")]
    Stopped,
    /// The log could not give an entry.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file could not be written.
    #[error("back up into {}: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
}

impl BackupError {
    pub(super) fn write(path: &Path) -> impl FnOnce(String) -> Self {
        let path = path.to_owned();
        move |cause| Self::Write { path, cause }
    }
}

/// Why a folder cannot be read as a backup.
#[derive(Debug, Error)]
pub enum BackupUnreadable {
    /// There is no finished backup.
    #[error("read the backup {}: there is none", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// A newer version wrote it.
    #[error("read the backup {}: it has format {format}, this version reads up to {BACKUP_FORMAT}", path.display())]
    NewerFormat {
        /// The folder.
        path: PathBuf,
        /// The format that it states.
        format: u64,
    },
    /// The ledger in it is of a newer version.
    #[error("read the backup {}: its ledger has format {format}, this version reads up to {newest}", path.display())]
    NewerLedger {
        /// The folder.
        path: PathBuf,
        /// The format of the ledger.
        format: u64,
        /// The newest format that is understood.
        newest: u64,
    },
    /// The manifest is damaged.
    #[error("read {}: {finding}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What was found.
        finding: String,
    },
    /// A file or folder could not be read.
    #[error("read {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl BackupUnreadable {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}

/// One thing that is wrong with a backup, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupProblem {
    /// The file.
    pub path: PathBuf,
    /// What was found.
    pub finding: BackupFinding,
}

impl fmt::Display for BackupProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.finding)
    }
}

/// What can be wrong with a file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BackupFinding {
    /// The file is not there.
    #[error("it is missing")]
    Missing,
    /// The file cannot be read.
    #[error("it cannot be read: {cause}")]
    Unreadable {
        /// What the system said.
        cause: String,
    },
    /// The manifest is not one.
    #[error("it is not a manifest: {cause}")]
    Manifest {
        /// What is wrong with it.
        cause: String,
    },
    /// The identity file is not the one of this ledger.
    #[error("it is not the identity that the manifest states")]
    Identity,
    /// The file has another length than the manifest states.
    #[error("it has {found} bytes, the manifest states {stated}")]
    Length {
        /// Its length.
        found: u64,
        /// The length in the manifest.
        stated: u64,
    },
    /// The file has another content than the manifest states.
    #[error("its SHA-256 is {found}, the manifest states {stated}")]
    Digest {
        /// The hash of its content.
        found: Hash,
        /// The hash in the manifest.
        stated: Hash,
    },
    /// The file is as the manifest states, and yet does not hold what it must.
    #[error("it does not hold what it must: {cause}")]
    Content {
        /// What is wrong.
        cause: String,
    },
    /// The entries have another root than the manifest states.
    #[error("the root over its {size} entries is {found}, the manifest states {stated}")]
    Root {
        /// How many entries were hashed.
        size: u64,
        /// The root over them.
        found: Hash,
        /// The root in the manifest.
        stated: Hash,
    },
}
