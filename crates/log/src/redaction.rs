//! Taking away the bytes of entries that the ledger says are redacted: in every copy, and whole or not at all.
//!
//! The store is written anew beside the old one, with remainders in place of the entries, and is put in its place once
//! it is on the device. Before that goes what is derived from the old one: stored rows, sealed segments from the first
//! that holds such an entry on, and what an earlier repair had set aside. Segments are sealed again from the new store.
//!
//! ```text
//! log.redacting      the new store, not whole yet; removed by whoever finds it alone
//! log.redacted       the old store, once the new one is whole; whoever finds it finishes the exchange
//! ```
//! Files that go are overwritten with zeros before their names are removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::backup::LogBackup;
use crate::block::Block;
use crate::directory::Directory;
use crate::disk;
use crate::entry::{redacted_leaf, remainder_of, stored_leaf_hash};
use crate::event_log::{Head, NewEntry, ReadError};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::segment::{SEGMENT_ENTRIES, Segment, file_name};
use crate::sled_log::{OpenError, OpenOptions, SledLog, sync_store_files, take_lock};
use crate::store::BlockStore;
use crate::verify::forget_mark;
use crate::witness::Witness;

/// What is to be left of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redacted {
    /// Its leaf hash.
    pub leaf_hash: Hash,
    /// SHA-256 of the bytes that are left in its place.
    pub remainder: Hash,
}

/// What is to be left of entries, by their positions.
pub type Redactions = BTreeMap<u64, Redacted>;

/// What was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenAway {
    /// The positions whose bytes were still there, ascending.
    pub positions: Vec<u64>,
    /// Files and folders that an earlier repair had set aside; they held old bytes, and are gone.
    pub set_aside: Vec<PathBuf>,
    /// From which position on sealed segments have to be sealed again, where any were removed.
    pub resealing_from: Option<u64>,
}

/// Why bytes were not taken away. What was taken before stays so, and the rest can be tried again.
#[derive(Debug, Error)]
pub enum RedactError {
    /// The ledger cannot be opened for it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file or folder could not be read, written or removed.
    #[error("take bytes away in {}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system or the engine said.
        cause: String,
    },
    /// The store is not what was acknowledged: it has to be repaired before anything is taken out of it.
    #[error("take bytes away in {}: {finding}; repair the ledger first", path.display())]
    Unsound {
        /// The store.
        path: PathBuf,
        /// What was found.
        finding: String,
    },
    /// Another entry stands there than the one that is to go.
    #[error("take position {position} away: its leaf hash is {found}, redacted was {stated}")]
    OtherEntry {
        /// The position.
        position: u64,
        /// The leaf hash of what stands there.
        found: Hash,
        /// The leaf hash that was redacted.
        stated: Hash,
    },
}

fn failed(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> RedactError + '_ {
    move |cause| RedactError::Io { path: path.to_owned(), cause: cause.to_string() }
}

impl SledLog {
    /// The positions among `redactions` whose bytes still stand in a copy of the log.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn not_taken_away(&self, redactions: &Redactions) -> Result<Vec<u64>, ReadError> {
        self.backup().not_taken_away(redactions)
    }
}

impl LogBackup {
    /// The same from any thread, while the log is in use.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn not_taken_away(&self, redactions: &Redactions) -> Result<Vec<u64>, ReadError> {
        let mut standing = Vec::new();
        for position in redactions.keys().copied() {
            if self.shared().copies_of(position)?.iter().any(|bytes| redacted_leaf(bytes).is_none()) {
                standing.push(position);
            }
        }
        Ok(standing)
    }
}

/// Takes the bytes of entries away from a ledger that is closed and sound. What was taken already stays so; where
/// nothing stands any more, nothing is written.
///
/// # Errors
/// [`RedactError`]; the log is then as it was, or its copies of these entries are fewer.
pub fn take_away(folder: &Path, redactions: &Redactions, options: &OpenOptions) -> Result<TakenAway, RedactError> {
    let directory = Directory::new(folder);
    let lock = take_lock(&directory)?;
    finish_exchange(&directory).map_err(|error| failed(&directory.log())(&error))?;
    let stored = rewrite(&directory, redactions, options)?;
    let sealed = standing_in_segments(&directory, redactions);
    let mut taken = TakenAway { positions: stored.union(&sealed).copied().collect(), ..TakenAway::default() };
    if let Some(first) = taken.positions.first().copied() {
        let removed = options.fault.around(WritePoint::DerivedRemove, || remove_derived(&directory, first, &mut taken));
        removed.map_err(|cause| failed(directory.root())(&cause))?;
    }
    if !stored.is_empty() {
        let exchanged = options.fault.around(WritePoint::StoreExchange, || exchange(&directory));
        exchanged.map_err(|cause| failed(&directory.log())(&cause))?;
    }
    drop(lock);
    Ok(taken)
}

/// Where the new store is written.
fn redacting(directory: &Directory) -> PathBuf {
    disk::with_suffix(&directory.log(), "redacting")
}

/// Where the old store waits for its end.
fn redacted(directory: &Directory) -> PathBuf {
    disk::with_suffix(&directory.log(), "redacted")
}

/// Finishes an exchange of stores that was interrupted, or removes a new store that never became whole.
pub(crate) fn finish_exchange(directory: &Directory) -> io::Result<()> {
    let (log, new, old) = (directory.log(), redacting(directory), redacted(directory));
    if old.exists() {
        if !log.exists() {
            fs::rename(&new, &log)?;
            disk::sync_folder(directory.root())?;
        }
        disk::overwrite_and_remove(&old)?;
        return disk::sync_folder(directory.root());
    }
    if log.exists() && new.exists() { disk::overwrite_and_remove(&new) } else { Ok(()) }
}

fn exchange(directory: &Directory) -> io::Result<()> {
    fs::rename(directory.log(), redacted(directory))?;
    disk::sync_folder(directory.root())?;
    finish_exchange(directory)
}

/// Writes the new store beside the old one, if anything stands in it that is to go; says at which positions.
fn rewrite(
    directory: &Directory,
    redactions: &Redactions,
    options: &OpenOptions,
) -> Result<BTreeSet<u64>, RedactError> {
    let log = directory.log();
    let unsound = |finding: String| RedactError::Unsound { path: log.clone(), finding };
    let store = BlockStore::open(&log, options.cache_bytes).map_err(unsound)?;
    let standing = standing_in(&store, redactions).map_err(unsound)?;
    if standing.is_empty() {
        return Ok(standing);
    }
    let head = Witness::open(&directory.head()).map_err(|error| failed(&directory.head())(&error))?;
    let head = head.map(|witness| witness.head()).ok_or_else(|| unsound("there is no head witness".to_owned()))?;
    let identity = store.identity().map_err(unsound)?;
    let identity = identity.ok_or_else(|| unsound("it has no copy of the identity".to_owned()))?;
    let path = redacting(directory);
    let written = |cause: String| failed(&path)(&cause);
    let new = BlockStore::open(&path, options.cache_bytes).map_err(written)?;
    new.set_identity(&identity, &FaultHook::default()).map_err(written)?;
    Copying { from: &store, to: &new, redactions, fault: &options.fault, log: &log }.to_the(head)?;
    new.flush(&options.fault).map_err(written)?;
    drop((store, new));
    let whole = sync_store_files(&path).and_then(|()| disk::sync_folder(directory.root()));
    whole.map_err(|error| failed(&path)(&error))?;
    Ok(standing)
}

/// The positions whose entries are still whole.
fn standing_in(store: &BlockStore, redactions: &Redactions) -> Result<BTreeSet<u64>, String> {
    let mut standing = BTreeSet::new();
    for position in redactions.keys().copied() {
        let block = store.block_covering(position).map_err(|problem| problem.cause)?;
        let whole = block.as_ref().and_then(|block| block.entry(position)).map(|entry| redacted_leaf(entry).is_none());
        if whole.ok_or_else(|| format!("position {position} is missing"))? {
            standing.insert(position);
        }
    }
    Ok(standing)
}

/// The positions whose entries are still whole in a sealed segment, or in one that cannot be read.
fn standing_in_segments(directory: &Directory, redactions: &Redactions) -> BTreeSet<u64> {
    let stands = |position: &u64| {
        let path = directory.segments().join(file_name(*position));
        let sealed = Segment::open(&path).and_then(|segment| segment.packed_with(*position));
        path.exists()
            && sealed.map_or(true, |run| run.get(*position).is_some_and(|entry| redacted_leaf(entry).is_none()))
    };
    redactions.keys().copied().filter(stands).collect()
}

/// Copies every block, with remainders where they are due. What is copied must be what was acknowledged.
struct Copying<'a> {
    from: &'a BlockStore,
    to: &'a BlockStore,
    redactions: &'a Redactions,
    fault: &'a FaultHook,
    log: &'a Path,
}

impl Copying<'_> {
    fn to_the(&self, head: Head) -> Result<(), RedactError> {
        let unsound = |finding: String| RedactError::Unsound { path: self.log.to_owned(), finding };
        let mut frontier = Frontier::new();
        while frontier.size() < head.size {
            let next = frontier.size();
            let block = self.from.block_from(next).map_err(|problem| unsound(problem.cause))?;
            let block = block.filter(|block| block.first == next);
            let block = block.ok_or_else(|| unsound(format!("position {next} is missing")))?;
            let entries = self.remaining(&block)?;
            for entry in &entries {
                frontier.push(stored_leaf_hash(&entry.bytes));
            }
            if frontier.root() != block.root {
                return Err(unsound(format!(
                    "the root after position {} is another one",
                    block.end().saturating_sub(1)
                )));
            }
            let encoded = block.with_entries(&entries).map_err(|error| unsound(error.to_string()))?;
            self.to.insert(vec![encoded], self.fault).map_err(|cause| failed(self.log)(&cause))?;
        }
        if (frontier.size(), frontier.root()) != (head.size, head.root) {
            return Err(unsound("it does not end where the head witness says".to_owned()));
        }
        Ok(())
    }

    fn remaining(&self, block: &Block) -> Result<Vec<NewEntry>, RedactError> {
        let mut entries = Vec::with_capacity(block.entries.len());
        for (position, entry) in (block.first..).zip(block.entries.iter()) {
            let bytes = match self.redactions.get(&position) {
                None => entry.to_vec(),
                Some(redacted) => {
                    let found = stored_leaf_hash(entry);
                    if found != redacted.leaf_hash {
                        return Err(RedactError::OtherEntry { position, found, stated: redacted.leaf_hash });
                    }
                    remainder_of(entry).map_err(|error| failed(self.log)(&error))?
                }
            };
            entries.push(NewEntry { bytes });
        }
        Ok(entries)
    }
}

/// Removes what was made of the old store: rows, the mark of a verification, segments, and damaged copies set aside.
fn remove_derived(directory: &Directory, first: u64, taken: &mut TakenAway) -> Result<(), RedactError> {
    let views = directory.views();
    let mark = directory.verified();
    forget_mark(directory).map_err(|error| failed(&mark)(&error))?;
    for path in names(&views)? {
        if named(&path, |name| name.starts_with("rows-") || name == "current") {
            disk::overwrite_and_remove(&path).map_err(|error| failed(&path)(&error))?;
        }
    }
    let segments = directory.segments();
    let from = segments.join(file_name(first));
    // From the last one down, so that what is left is a whole row at every moment.
    for path in names(&segments)?.into_iter().rev().filter(|path| *path >= from) {
        if path.extension().is_some_and(|extension| extension == "seg") {
            taken.resealing_from = Some(first - first % SEGMENT_ENTRIES);
            disk::overwrite_and_remove(&path).map_err(|error| failed(&path)(&error))?;
            disk::sync_folder(&segments).map_err(|error| failed(&segments)(&error))?;
        }
    }
    for folder in [directory.root().to_owned(), segments, views] {
        for path in names(&folder)? {
            if named(&path, |name| name.contains(".damaged-")) {
                disk::overwrite_and_remove(&path).map_err(|error| failed(&path)(&error))?;
                taken.set_aside.push(path);
            }
        }
    }
    Ok(())
}

fn named(path: &Path, is: impl Fn(&str) -> bool) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is)
}

/// What is in a folder, sorted; nothing where there is none.
fn names(folder: &Path) -> Result<Vec<PathBuf>, RedactError> {
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()),
    };
    let mut paths = found.map_err(|error| failed(folder)(&error))?;
    paths.sort();
    Ok(paths)
}
