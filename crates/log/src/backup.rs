//! Backups of a log: exact copies of its sealed segments, the entries beyond them in bundles, and a manifest.
//!
//! ```text
//! backup.json                        the manifest: size, root and identity, and each file with its SHA-256
//! ledger.json                        the identity, as in the ledger
//! segments/0000000000.seg            a sealed segment, byte by byte
//! tail/000000065536-256.bundle       256 entries from position 65536: zstd( repeated: length[2] entry )
//! tail/000000065792-017.bundle       the last 17 entries
//! tail/000000065536-256.redacted-1.bundle   the same 256 entries after the bytes of one were taken away
//! ```
//! A file that a manifest names is never written again. The manifest is written last, whole or as before, and only
//! then is removed what it no longer names: an interruption leaves the earlier backup as it was.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::event_log::Head;
use crate::fault::FaultHook;
use crate::sled_log::{OnProgress, Shared};

mod check;
mod copy;
mod error;
mod manifest;
mod part;
mod room;
mod take;
mod target;

pub use check::{BackupCheck, check_backup};
pub use error::{BackupError, BackupFinding, BackupProblem, BackupUnreadable};
pub use manifest::{BACKUP_FORMAT, BackupFile, Manifest};

pub(crate) use check::{Chain, check_identity, compare, compare_length};
pub(crate) use copy::{Aside, measure, sync_folders};
pub(crate) use manifest::manifest_path;
pub(crate) use part::Part;
pub(crate) use room::{FILE_BYTES, refuse_without_room};

/// How a backup is taken.
#[derive(Debug, Clone)]
pub struct BackupOptions {
    /// The present instant, as the caller's clock says; the manifest states it.
    pub created_at: String,
    /// Failures planned by a test.
    pub fault: FaultHook,
}

/// What a backup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The head of the log when the backup began: what is in it.
    pub head: Head,
    /// Files written by this backup.
    pub copied: Files,
    /// Files that an earlier backup into the same folder had written already.
    pub kept: Files,
}

/// How many files, and how long they are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Files {
    /// How many.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Files {
    pub(crate) fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }
}

/// Takes backups of a log from any thread, while it is in use.
///
/// The lock of the ledger is held until this is dropped too.
#[derive(Debug, Clone)]
pub struct LogBackup {
    shared: Arc<Shared>,
    redacted: BTreeSet<u64>,
}

impl LogBackup {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, redacted: BTreeSet::new() }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The same, told from which entries the bytes were taken away: files that an earlier backup holds with them are
    /// written anew under other names, and the old ones go once the manifest names the new.
    #[must_use]
    pub fn without(mut self, redacted: impl IntoIterator<Item = u64>) -> Self {
        self.redacted.extend(redacted);
        self
    }

    /// Takes a backup of everything acknowledged so far into a folder, which is new, empty, or holds an earlier
    /// backup of the same log. Segments and full bundles that are there already are not copied again.
    ///
    /// What is appended meanwhile is not in it. Everything is on the device when this returns `Ok`.
    ///
    /// # Errors
    /// [`BackupError`]. An earlier backup in the folder then stands as it was, or this one does.
    pub fn take(
        &self,
        folder: &Path,
        options: &BackupOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<BackupReport, BackupError> {
        self.take_until(&AtomicBool::new(false), folder, options, progress)
    }

    /// The same, given up between two files as soon as `stop` is set.
    ///
    /// # Errors
    /// [`BackupError`], of which [`BackupError::Stopped`] leaves an earlier backup in the folder as it was.
    pub fn take_until(
        &self,
        stop: &AtomicBool,
        folder: &Path,
        options: &BackupOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<BackupReport, BackupError> {
        take::take(&self.shared, (&self.redacted, stop), folder, options, progress)
    }
}
