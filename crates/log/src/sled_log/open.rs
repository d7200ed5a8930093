//! Opening a ledger's log: load what is derived, read the tail, compare with the head witness.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::shared::{Live, Parts, Shared};
use super::{OnProgress, OpenOptions};
use crate::directory::{Directory, FoundIdentity, Identity, LEDGER_FORMAT, parse_identity};
use crate::disk;
use crate::entry::Envelope;
use crate::event_log::{Degraded, Head, Note, ReadError, WriteState};
use crate::fault::FaultHook;
use crate::index::IndexTail;
use crate::lock::{FolderLock, LockProblem};
use crate::merkle;
use crate::redaction::finish_exchange;
use crate::sealed::{SealedRow, open_row};
use crate::segment::Segment;
use crate::store::BlockStore;
use crate::witness::Witness;

mod indexing;
mod tail;

use tail::{Tail, read_tail};

/// With fewer bytes free than this, the ballast is given back so that the store can open.
const OPENING_BYTES: u64 = 32 * 1024 * 1024;

/// A witness is written after its commit, into the older of two slots. A crash leaves it one commit
/// behind; if its newer slot is lost as well, two.
const COMMITS_AHEAD_MAX: usize = 2;

/// Why a ledger's log was not opened at all.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is no such folder.
    #[error("open {}: there is no such folder", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The path is something else than a folder.
    #[error("open {}: it is not a folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder holds something, or nothing, but not a ledger.
    #[error("open {}: it is not a ledger", path.display())]
    NotALedger {
        /// The folder.
        path: PathBuf,
    },
    /// A creation was interrupted; nothing was ever acknowledged. It can be created again.
    #[error("open {}: its creation was interrupted, create it again", path.display())]
    CreationInterrupted {
        /// The folder.
        path: PathBuf,
    },
    /// A newer version made this ledger.
    #[error("open {}: it has format {format}, this version reads up to {newest}", path.display())]
    NewerFormat {
        /// The folder.
        path: PathBuf,
        /// The format that it states.
        format: u64,
        /// The newest format that is understood.
        newest: u64,
    },
    /// Another process has the ledger open.
    #[error("open {}: held by process {}", path.display(), holder.map_or("unknown".to_owned(), |id| id.to_string()))]
    Held {
        /// The folder.
        path: PathBuf,
        /// The process id that the holder wrote.
        holder: Option<u32>,
    },
    /// Neither the identity file nor its copy in the store can be read.
    #[error("open {}: {finding}", path.display())]
    IdentityLost {
        /// The identity file.
        path: PathBuf,
        /// What was found in its place.
        finding: String,
    },
    /// A file could not be read or written.
    #[error("open {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |error| OpenError::Io { path, error }
}

/// What opening gives: the shared parts, and the witness if the log may be written.
pub(super) struct Opened {
    pub(super) shared: Shared,
    pub(super) witness: Option<Witness>,
}

/// What was found wrong on the way. The first reason is the one reported.
#[derive(Default)]
struct Findings {
    degraded: Option<Degraded>,
    notes: Vec<Note>,
}

impl Findings {
    fn degrade(&mut self, reason: Option<Degraded>) {
        if self.degraded.is_none() {
            self.degraded = reason;
        }
    }

    fn note(&mut self, path: PathBuf, finding: String) {
        self.notes.push(Note { path, finding });
    }
}

pub(super) fn open(folder: &Path, options: &OpenOptions, progress: &mut OnProgress<'_>) -> Result<Opened, OpenError> {
    let directory = Directory::new(folder);
    refuse_foreign(&directory)?;
    let lock = take_lock(&directory)?;
    finish_exchange(&directory).map_err(io_error(&directory.log()))?;
    let mut findings = Findings::default();
    make_room(&directory)?;
    let store = open_store(&directory, options, &mut findings);
    let identity = agree_on_identity(&directory, store.as_ref(), &mut findings)?;
    let witness = open_witness(&directory, &mut findings)?;
    let sealed = open_sealed(&directory, &identity, &mut findings)?;
    let tail = read_tail(store.as_ref(), &sealed, &directory, progress);
    findings.degrade(tail.broken.clone());
    let unfinished = tail.unfinished.clone();
    let commit_ends = tail.commit_ends.clone();
    let live = live(tail, sealed, &mut findings);
    let mut shared = Shared::new(Parts {
        directory,
        identity,
        store,
        index: None,
        free_bytes_floor: options.free_bytes_floor,
        live,
        lock,
    });
    let size = shared.live().head.size;
    findings.degrade(compare_with_witness(&shared, witness.as_ref(), &commit_ends));
    if findings.degraded.is_none() {
        remove_unfinished(&shared, &unfinished, &mut findings);
        complete_raise(&shared, &mut findings);
    }
    if let Some(unreadable) = indexing::load(&mut shared, options, size, progress) {
        findings.degrade(Some(unreadable));
    }
    hold_ballast(&shared, options);
    let witness = witness.filter(|_| findings.degraded.is_none());
    let witness = catch_up(&shared, witness, options)?;
    let mut live = shared.live_mut();
    live.notes.append(&mut findings.notes);
    if let Some(reason) = findings.degraded {
        tracing::error!(%reason, "the log is read-only");
        live.write_state = WriteState::ReadOnly(reason);
    }
    drop(live);
    Ok(Opened { shared, witness })
}

/// Locks the folder, which must exist.
pub(crate) fn take_lock(directory: &Directory) -> Result<FolderLock, OpenError> {
    let path = directory.root();
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        Err(error) => return Err(io_error(path)(error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(OpenError::NotAFolder { path: path.to_owned() });
        }
        Ok(_) => {}
    }
    FolderLock::take(&directory.lock()).map_err(|problem| match problem {
        LockProblem::Held(holder) => OpenError::Held { path: path.to_owned(), holder },
        LockProblem::Io(error) => io_error(&directory.lock())(error),
    })
}

/// Refuses a folder in which nothing of a ledger is to be found, without touching it.
fn refuse_foreign(directory: &Directory) -> Result<(), OpenError> {
    let path = directory.root();
    if !path.is_dir() || directory.identity().exists() {
        return Ok(());
    }
    if directory.creating().exists() {
        return Err(OpenError::CreationInterrupted { path: path.to_owned() });
    }
    if BlockStore::exists(&directory.log()) || directory.head().exists() {
        return Ok(());
    }
    Err(OpenError::NotALedger { path: path.to_owned() })
}

/// On a full disk the ballast is what lets the store open.
fn make_room(directory: &Directory) -> Result<(), OpenError> {
    let path = directory.root();
    let free_bytes = disk::free_bytes(path).map_err(io_error(path))?;
    if free_bytes < OPENING_BYTES {
        let ballast = directory.ballast();
        disk::release_ballast(&ballast).map_err(io_error(&ballast))?;
    }
    Ok(())
}

/// Takes the ballast back, where there is room; without it the log still works.
fn hold_ballast(shared: &Shared, options: &OpenOptions) {
    let directory = shared.directory();
    let held = match disk::free_bytes(directory.root()) {
        Ok(free) if free < options.ballast_bytes.saturating_add(OPENING_BYTES) => return,
        Ok(_) => disk::hold_ballast(&directory.ballast(), options.ballast_bytes),
        Err(error) => Err(error),
    };
    if let Err(error) = held {
        shared.note(directory.ballast(), error.to_string());
    }
}

fn open_store(directory: &Directory, options: &OpenOptions, findings: &mut Findings) -> Option<BlockStore> {
    let path = directory.log();
    let opened = if BlockStore::exists(&path) {
        BlockStore::open(&path, options.cache_bytes)
    } else {
        Err("it is missing".to_owned())
    };
    opened
        .map_err(|cause| {
            findings.degrade(Some(Degraded::Store { path, position: 0, cause }));
        })
        .ok()
}

/// The identity file and its copy in the store must say the same.
fn agree_on_identity(
    directory: &Directory,
    store: Option<&BlockStore>,
    findings: &mut Findings,
) -> Result<Identity, OpenError> {
    let path = directory.identity();
    let found = directory.read_identity().map_err(io_error(&path))?;
    let copy = store.map(|store| store.identity().map(|copy| copy.as_deref().map(parse_identity)));
    let copy = match copy {
        Some(Ok(Some(FoundIdentity::Sound(copy)))) => Some(copy),
        _ => None,
    };
    let finding = match (found, &copy) {
        (FoundIdentity::NewerFormat(format), _) => {
            return Err(OpenError::NewerFormat { path: directory.root().to_owned(), format, newest: LEDGER_FORMAT });
        }
        // The file is raised to a newer format before its copy, and a crash may come between.
        (FoundIdentity::Sound(identity), Some(copy)) if identity.is_or_raises(copy) => return Ok(identity),
        (FoundIdentity::Sound(_), Some(_)) => "it differs from its copy in the store".to_owned(),
        (FoundIdentity::Sound(identity), None) => {
            findings
                .degrade(Some(Degraded::Identity { path, finding: "its copy in the store cannot be read".to_owned() }));
            return Ok(identity);
        }
        (FoundIdentity::Missing, _) => "it is missing".to_owned(),
        (FoundIdentity::Damaged(finding), _) => finding,
    };
    let Some(copy) = copy else {
        return Err(OpenError::IdentityLost { path, finding });
    };
    findings.degrade(Some(Degraded::Identity { path, finding }));
    Ok(copy)
}

fn open_witness(directory: &Directory, findings: &mut Findings) -> Result<Option<Witness>, OpenError> {
    let path = directory.head();
    let witness = match Witness::open(&path) {
        Ok(witness) => witness,
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(io_error(&path)(error)),
    };
    match &witness {
        None => findings.degrade(Some(Degraded::WitnessUnreadable { path })),
        Some(witness) if witness.sound_slots() < 2 => {
            findings.note(path, "one of its two slots cannot be read".to_owned());
        }
        Some(_) => {}
    }
    Ok(witness)
}

fn open_sealed(directory: &Directory, identity: &Identity, findings: &mut Findings) -> Result<SealedRow, OpenError> {
    let path = directory.segments();
    let row = match open_row(&path, &identity.origin) {
        Ok(row) => row,
        Err(error) if error.kind() == io::ErrorKind::NotFound => SealedRow {
            broken: Some(Degraded::Segment { path, first_position: 0, finding: "the folder is missing".to_owned() }),
            ..SealedRow::default()
        },
        Err(error) => return Err(io_error(&path)(error)),
    };
    findings.degrade(row.broken.clone());
    Ok(row)
}

fn live(tail: Tail, sealed: SealedRow, findings: &mut Findings) -> Live {
    let last_entry = tail.last_entry.or_else(|| last_sealed_entry(sealed.segments.last()));
    let head = Head { size: tail.frontier.size(), root: tail.frontier.root() };
    let mut last_recorded_at = None;
    if head.size > 0 {
        let envelope = last_entry
            .as_deref()
            .ok_or("it cannot be read".to_owned())
            .and_then(|entry| Envelope::parse_canonical(entry).map_err(|error| error.to_string()));
        match envelope {
            Ok(envelope) => last_recorded_at = Some(envelope.recorded_at),
            Err(cause) => findings.degrade(Some(Degraded::Store { path: tail.path, position: head.size - 1, cause })),
        }
    }
    Live {
        head,
        frontier: tail.frontier,
        sealed: sealed.segments,
        unsealed: tail.unsealed,
        tail: IndexTail::above(0),
        last_recorded_at,
        write_state: WriteState::Writable,
        indexed_through: 0,
        verified_through: 0,
        notes: Vec::new(),
    }
}

fn last_sealed_entry(segment: Option<&Arc<Segment>>) -> Option<Vec<u8>> {
    let last = segment?.end() - 1;
    segment?.packed_with(last).ok()?.get(last).map(<[u8]>::to_vec)
}

/// The reason not to write, if the entries and the witness do not agree.
fn compare_with_witness(shared: &Shared, witness: Option<&Witness>, commit_ends: &[u64]) -> Option<Degraded> {
    let acknowledged = witness?.head();
    let (log_size, sealed_through) = {
        let live = shared.live();
        (live.head.size, live.sealed_through())
    };
    if log_size < acknowledged.size {
        return Some(Degraded::BehindWitness { log_size, witness_size: acknowledged.size });
    }
    match root_at(shared, acknowledged.size) {
        Ok(root) if root == acknowledged.root => {}
        Ok(root) => {
            return Some(Degraded::RootMismatch {
                size: acknowledged.size,
                log_root: root,
                witness_root: acknowledged.root,
            });
        }
        Err(error) => {
            return Some(Degraded::Store {
                path: shared.directory().log(),
                position: acknowledged.size,
                cause: error.to_string(),
            });
        }
    }
    let commits_ahead = commit_ends.iter().filter(|end| **end > acknowledged.size).count();
    let ahead = acknowledged.size < sealed_through || commits_ahead > COMMITS_AHEAD_MAX;
    ahead.then_some(Degraded::AheadOfWitness { log_size, witness_size: acknowledged.size })
}

fn root_at(shared: &Shared, size: u64) -> Result<crate::Hash, ReadError> {
    merkle::root_from_subtrees(size, &mut |level, index| shared.subtree_root(level, index))
}

/// Blocks of a commit that was interrupted were never acknowledged and are in the way of the next.
fn remove_unfinished(shared: &Shared, keys: &[u64], findings: &mut Findings) {
    let Some(store) = shared.store().filter(|_| !keys.is_empty()) else {
        return;
    };
    match store.remove_unfinished(keys) {
        Ok(()) => findings.note(
            store.path().to_owned(),
            format!("removed {} blocks of a commit that was interrupted before it was acknowledged", keys.len()),
        ),
        Err(cause) => findings.degrade(Some(Degraded::Store {
            path: store.path().to_owned(),
            position: keys.first().copied().unwrap_or_default(),
            cause,
        })),
    }
}

/// The copy of the identity gets the format that the file has got already.
fn complete_raise(shared: &Shared, findings: &mut Findings) {
    let Some(store) = shared.store() else { return };
    let identity = shared.identity();
    let completed = match store.identity().map(|copy| copy.as_deref().map(parse_identity)) {
        Ok(Some(FoundIdentity::Sound(copy))) if copy == *identity => return,
        Ok(_) => identity
            .to_bytes()
            .map_err(|error| error.to_string())
            .and_then(|bytes| store.set_identity(&bytes, &FaultHook::default())),
        Err(cause) => Err(cause),
    };
    if let Err(cause) = completed {
        let finding = format!("its copy in the store cannot be written: {cause}");
        findings.degrade(Some(Degraded::Identity { path: shared.directory().identity(), finding }));
    }
}

/// A commit that became durable just before a crash is now part of the log: the witness says so
/// before anything else is appended.
fn catch_up(shared: &Shared, witness: Option<Witness>, options: &OpenOptions) -> Result<Option<Witness>, OpenError> {
    let Some(mut witness) = witness else {
        return Ok(None);
    };
    let head = shared.live().head;
    if witness.head() != head {
        witness
            .write(head, &options.fault)
            .map_err(|cause| io_error(&shared.directory().head())(io::Error::other(cause)))?;
    }
    Ok(Some(witness))
}
