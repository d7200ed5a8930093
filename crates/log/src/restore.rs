//! Making a ledger from a backup: every file is compared, every entry hashed, and the root, before it is a ledger.
//!
//! The folder carries the mark of a ledger that is being created until all of it is on the device. An interrupted
//! restore is therefore never taken for a ledger, and can be repeated.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::backup::{
    Aside, BackupFile, BackupFinding, BackupProblem, BackupUnreadable, Chain, FILE_BYTES, Files, Manifest, Part,
    check_identity, compare, compare_length, manifest_path, measure, refuse_without_room, sync_folders,
};
use crate::block::{Framed, encode_commit};
use crate::directory::Directory;
use crate::disk;
use crate::entry::stored_leaf_hash;
use crate::event_log::NewEntry;
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::sled_log::{CreateError, Founding, OnProgress, OpenOptions, Progress, Stage};
use crate::store::BlockStore;

/// Entries in one commit of a restored store.
const COMMIT_ENTRIES: usize = 1024;

/// Bytes of the store for each byte of a backup, about: the engine keeps room for what it rewrites. Measured over
/// 63,615 entries it was 2.9.
const STORE_BYTES_PER_BYTE: u64 = 3;

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The manifest of the backup; the ledger has its size and root.
    pub manifest: Manifest,
    /// The files that were read.
    pub files: Files,
    /// What is wrong with the backup although all of its entries are sound: its identity file, which the manifest
    /// repeats.
    pub problem: Option<BackupProblem>,
}

/// Why a ledger was not restored. The folder is none, and the restore can be repeated.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// There is no backup that could be read.
    #[error(transparent)]
    Unreadable(#[from] BackupUnreadable),
    /// The folder cannot become a ledger.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The backup is not what its manifest states.
    #[error("restore from {0}")]
    Damaged(BackupProblem),
    /// The device has too little room for the ledger.
    #[error("restore into {}: it needs about {needed_bytes} bytes there, and {free_bytes} are free", path.display())]
    NoRoom {
        /// The folder.
        path: PathBuf,
        /// The bytes of the ledger without what is derived, as far as they can be told before.
        needed_bytes: u64,
        /// The free bytes of the device.
        free_bytes: u64,
    },
    /// The entries could not be written.
    #[error("restore into {}: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system or the engine said.
        cause: String,
    },
}

impl RestoreError {
    /// What is wrong with the backup, where it is the backup that is wrong and not the machine.
    #[must_use]
    pub fn problem(&self) -> Option<BackupProblem> {
        match self {
            Self::Damaged(problem) => Some(problem.clone()),
            Self::Unreadable(BackupUnreadable::Manifest { path, finding }) => {
                Some(BackupProblem { path: path.clone(), finding: BackupFinding::Manifest { cause: finding.clone() } })
            }
            Self::Unreadable(
                BackupUnreadable::Missing { .. }
                | BackupUnreadable::NewerFormat { .. }
                | BackupUnreadable::NewerLedger { .. }
                | BackupUnreadable::Io { .. },
            )
            | Self::Create(_)
            | Self::NoRoom { .. }
            | Self::Write { .. } => None,
        }
    }
}

/// Makes a ledger in a folder, which must not exist, be empty, or hold what an interrupted restore left.
///
/// It is the ledger that was backed up, under the same name and with the same root: never let both take commands.
///
/// # Errors
/// [`RestoreError`].
pub fn restore(
    backup: &Path,
    folder: &Path,
    options: &OpenOptions,
    progress: &mut OnProgress<'_>,
) -> Result<RestoreReport, RestoreError> {
    let manifest = Manifest::read(backup)?;
    refuse_without_its_room(&manifest, folder, options)?;
    let founding = Founding::begin(folder, options)?;
    let store = founding.store(&manifest.identity, options)?;
    let mut restoring = Restoring {
        backup,
        founding: &founding,
        options,
        chain: Chain::new(&manifest.origin),
        filling: Filling { store: &store, options, frontier: Frontier::new(), waiting: Vec::new() },
        files: Files::default(),
    };
    for (part, file) in manifest.parts().zip(&manifest.files) {
        restoring.part(part, file)?;
        progress(Progress { stage: Stage::Restoring, done: part.end(), total: manifest.size });
    }
    let files = restoring.finish(&manifest)?;
    let problem = check_identity(backup, &manifest.identity).err();
    founding.finish(store, &manifest.identity, manifest.head(), &options.fault)?;
    Ok(RestoreReport { manifest, files, problem })
}

/// Refuses where the device has no room for the segments, the store and the ballast. What an interrupted restore left
/// in the folder gives way first.
fn refuse_without_its_room(manifest: &Manifest, folder: &Path, options: &OpenOptions) -> Result<(), RestoreError> {
    let directory = Directory::new(folder);
    let told = || -> std::io::Result<_> {
        let interrupted = directory.creating().exists();
        let given_back = if interrupted { disk::bytes_below(folder)? } else { 0 };
        let (mut segments, mut all) = (0, 0);
        for (part, file) in manifest.parts().zip(&manifest.files) {
            all += file.bytes + FILE_BYTES;
            match part {
                Part::Segment { .. } => segments += file.bytes,
                Part::Bundle { .. } => {}
            }
        }
        let needed = segments + all * STORE_BYTES_PER_BYTE + options.ballast_bytes;
        refuse_without_room(folder, needed, given_back, &options.fault)
    };
    let path = folder.to_owned();
    match told() {
        Ok(Ok(())) => Ok(()),
        Ok(Err(no)) => Err(RestoreError::NoRoom { path, needed_bytes: no.needed_bytes, free_bytes: no.free_bytes }),
        Err(error) => Err(RestoreError::Write { path, cause: error.to_string() }),
    }
}

/// A ledger that is being filled from a backup.
struct Restoring<'a> {
    backup: &'a Path,
    founding: &'a Founding,
    options: &'a OpenOptions,
    chain: Chain,
    filling: Filling<'a>,
    files: Files,
}

/// What keeps a part from being restored.
enum PartFailure {
    Found(BackupFinding),
    Store(String),
}

impl From<BackupFinding> for PartFailure {
    fn from(finding: BackupFinding) -> Self {
        Self::Found(finding)
    }
}

impl Restoring<'_> {
    fn part(&mut self, part: Part, file: &BackupFile) -> Result<(), RestoreError> {
        let from = self.backup.join(&file.path);
        let fault = &self.options.fault;
        let mut readable = from.clone();
        let measured = match part {
            Part::Bundle { .. } => compare(file, measure(&from)),
            // A file that is missing or cut off is the backup's fault, not that of the copy.
            Part::Segment { .. } => match compare_length(file, &from) {
                Ok(()) => {
                    readable = self.founding.directory().root().join(part.path());
                    let aside = Aside::copy(&from, &readable, fault).map_err(write_error(&readable))?;
                    let compared = compare(file, Ok(aside.measure));
                    aside.name(fault).map_err(write_error(&readable))?;
                    compared
                }
                Err(finding) => Err(finding),
            },
        };
        let measure = measured.map_err(|finding| self.damaged(&from, finding))?;
        self.files.add(measure.bytes);
        let filling = &mut self.filling;
        let read = self.chain.read(part, &readable, &mut |entries| filling.add(entries).map_err(PartFailure::Store));
        let filled = read.and_then(|()| match part {
            // As often as a segment was sealed when the ledger grew.
            Part::Segment { .. } => self.filling.flush().map_err(PartFailure::Store),
            Part::Bundle { .. } => Ok(()),
        });
        filled.map_err(|failure| match failure {
            PartFailure::Found(finding) => self.damaged(&from, finding),
            PartFailure::Store(cause) => write_error(&self.founding.directory().log())(cause),
        })
    }

    /// What was read and what was stored must both have the root that the manifest states.
    fn finish(mut self, manifest: &Manifest) -> Result<Files, RestoreError> {
        let log = self.founding.directory().log();
        self.filling.flush().map_err(write_error(&log))?;
        let segments = self.founding.directory().segments();
        sync_folders(&[&segments], &self.options.fault).map_err(write_error(&segments))?;
        let path = manifest_path(self.backup);
        self.chain.check_root(manifest).map_err(|finding| self.damaged(&path, finding))?;
        let (size, root) = (self.filling.frontier.size(), self.filling.frontier.root());
        if (size, root) != (manifest.size, manifest.root) {
            return Err(write_error(&log)(format!("the store holds {size} entries with root {root}")));
        }
        Ok(self.files)
    }

    fn damaged(&self, path: &Path, finding: BackupFinding) -> RestoreError {
        RestoreError::Damaged(BackupProblem { path: path.to_owned(), finding })
    }
}

fn write_error(path: &Path) -> impl FnOnce(String) -> RestoreError {
    let path = path.to_owned();
    move |cause| RestoreError::Write { path, cause }
}

/// The store of the new ledger, and the entries on their way into it.
struct Filling<'a> {
    store: &'a BlockStore,
    options: &'a OpenOptions,
    frontier: Frontier,
    waiting: Vec<NewEntry>,
}

impl Filling<'_> {
    fn add(&mut self, entries: &Framed) -> Result<(), String> {
        self.waiting.extend(entries.iter().map(|entry| NewEntry { bytes: entry.to_vec() }));
        if self.waiting.len() >= COMMIT_ENTRIES { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<(), String> {
        let leaves: Vec<Hash> = self.waiting.iter().map(|entry| stored_leaf_hash(&entry.bytes)).collect();
        let commit = encode_commit(&self.waiting, &leaves, &mut self.frontier).map_err(|error| error.to_string())?;
        self.waiting.clear();
        self.store.insert(commit, &self.options.fault)
    }

    /// Makes everything so far durable.
    fn flush(&mut self) -> Result<(), String> {
        self.commit()?;
        self.store.flush(&self.options.fault)
    }
}
