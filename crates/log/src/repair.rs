//! Repair of a closed ledger: each damaged copy is written anew from the one that is sound.
//!
//! Nothing is invented. An entry comes from the store or from a sealed segment, and the whole must
//! have the root that the head witness names. What is replaced is kept aside under another name.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::copies::Segments;
use crate::directory::{Directory, FoundIdentity, Identity, LEDGER_FORMAT, parse_identity};
use crate::disk;
use crate::event_log::Head;
use crate::fault::FaultHook;
use crate::hash::Hash;
use crate::index::StoredIndex;
use crate::redaction::finish_exchange;
use crate::sealed::open_row;
use crate::segment::Segment;
use crate::sled_log::{OnProgress, OpenError, OpenOptions, take_lock};
use crate::store::BlockStore;
use crate::verify::forget_mark;
use crate::witness::Witness;

mod carve;
mod rebuild;
mod recover;

use carve::Carved;
use rebuild::{rebuild_store, reseal};
use recover::{Recovered, recover};

/// What to do about acknowledged entries of which no copy is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LostTail {
    /// Leave the witness as it is: the log stays read-only, and the loss stays visible.
    #[default]
    StayReadOnly,
    /// Let the log end at the last entry that is there, and keep the old witness aside.
    GiveUp,
}

/// How a ledger is repaired.
#[derive(Debug, Clone, Default)]
pub struct RepairOptions {
    /// How its parts are opened.
    pub open: OpenOptions,
    /// What to do about a lost tail.
    pub lost_tail: LostTail,
}

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairReport {
    /// The head over the entries of which a sound copy was found.
    pub head: Head,
    /// What was done, in order. Empty when nothing needed to be.
    pub actions: Vec<RepairAction>,
    /// Acknowledged positions of which no copy is left.
    pub lost: Option<Range<u64>>,
}

/// One thing that a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepairAction {
    /// The store was written anew.
    StoreRebuilt {
        /// Positions whose entry came from a sealed segment, because the store had it no more.
        from_segments: Vec<Range<u64>>,
        /// How many entries were found only in the raw bytes of a damaged store, each proved by the
        /// root in its block.
        salvaged: u64,
        /// How many entries the store has now.
        entries: u64,
        /// Where the old store is, if there was one.
        kept_aside: Option<PathBuf>,
    },
    /// A segment was sealed anew from the store.
    SegmentResealed {
        /// The segment file.
        path: PathBuf,
        /// Its positions.
        positions: Range<u64>,
        /// Why.
        finding: String,
        /// Where the old file is, if there was one.
        kept_aside: Option<PathBuf>,
    },
    /// The head witness was written anew.
    WitnessRewritten {
        /// What it said before, if it could be read.
        before: Option<Head>,
        /// What it says now.
        after: Head,
        /// Where the old file is, if it was replaced.
        kept_aside: Option<PathBuf>,
    },
    /// The identity file was restored from its copy in the store, or the copy from the file.
    IdentityRestored {
        /// The file or folder that was written.
        path: PathBuf,
        /// Where the old file is, if there was one.
        kept_aside: Option<PathBuf>,
    },
    /// The index was taken away, because rows of it could not be read: the next opening builds it anew from the entries.
    IndexTakenAway {
        /// The folder.
        path: PathBuf,
        /// What could not be read.
        finding: String,
    },
}

/// Why a ledger was not repaired. Nothing has been changed unless an action failed half way, and
/// then the repair can be repeated.
#[derive(Debug, Error)]
pub enum RepairError {
    /// The folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Neither the identity file nor its copy can be read.
    #[error("repair {}: neither the identity file nor its copy can be read", path.display())]
    IdentityLost {
        /// The identity file.
        path: PathBuf,
    },
    /// All entries are there, but they are not the ones that were acknowledged.
    #[error("repair the log: the root at size {size} is {found}, acknowledged was {acknowledged}")]
    AnotherRoot {
        /// The size that the witness names.
        size: u64,
        /// The root over the entries that are there.
        found: Hash,
        /// The root that the witness names.
        acknowledged: Hash,
    },
    /// A file or folder could not be read or written.
    #[error("repair {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// A copy could not be written.
    #[error("repair {}: {cause}", path.display())]
    Engine {
        /// The file or folder.
        path: PathBuf,
        /// What the engine said.
        cause: String,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> RepairError {
    let path = path.to_owned();
    move |error| RepairError::Io { path, error }
}

/// Repairs a ledger that is closed. Opening it afterwards shows whether anything is still wrong.
///
/// # Errors
/// [`RepairError`].
pub fn repair(
    folder: &Path,
    options: &RepairOptions,
    progress: &mut OnProgress<'_>,
) -> Result<RepairReport, RepairError> {
    let directory = Directory::new(folder);
    let lock = take_lock(&directory)?;
    finish_exchange(&directory).map_err(io_error(&directory.log()))?;
    refuse_newer(&directory, directory.read_identity().map_err(io_error(&directory.identity()))?)?;
    let ballast = directory.ballast();
    disk::release_ballast(&ballast).map_err(io_error(&ballast))?;
    // Opening the store lets the engine rewrite what it takes for a torn tail, so this comes first.
    let carved = carve(&directory)?;
    let mut store = BlockStore::exists(&directory.log())
        .then(|| BlockStore::open(&directory.log(), options.open.cache_bytes).ok())
        .flatten();
    let mut bench = Bench { directory, options, actions: Vec::new() };
    let identity = bench.restore_identity(store.as_ref())?;
    let witness = bench.witness()?;
    let acknowledged = witness.as_ref().map(Witness::head);
    let (segments, unsound) = bench.segments(&identity)?;
    let recovered = recover(store.as_ref(), &bench.directory.log(), &segments, &carved, acknowledged, progress)?;
    if recovered.store_is_unsound || store.is_none() {
        let rebuilt = rebuild_store(&bench, store.as_ref(), &segments, &identity, &recovered)?;
        drop(store);
        bench.replace_store(&recovered)?;
        store = Some(rebuilt.reopen(&bench)?);
    }
    if let Some(store) = &store {
        bench.reseal_all(store, &identity, &segments, unsound, &recovered)?;
    }
    let head = recovered.head;
    bench.settle_witness(witness, head)?;
    bench.take_away_damaged_index()?;
    if !bench.actions.is_empty() {
        // What was verified before is not what lies there now.
        let mark = bench.directory.verified();
        forget_mark(&bench.directory).map_err(io_error(&mark))?;
    }
    drop(store);
    drop(lock);
    let lost = acknowledged
        .filter(|acknowledged| head.size < acknowledged.size)
        .map(|acknowledged| head.size..acknowledged.size);
    Ok(RepairReport { head, actions: bench.actions, lost })
}

/// What a newer version wrote, only that version or a newer one may mend.
fn refuse_newer(directory: &Directory, found: FoundIdentity) -> Result<FoundIdentity, OpenError> {
    match found {
        FoundIdentity::NewerFormat(format) => {
            Err(OpenError::NewerFormat { path: directory.root().to_owned(), format, newest: LEDGER_FORMAT })
        }
        FoundIdentity::Sound(_) | FoundIdentity::Missing | FoundIdentity::Damaged(_) => Ok(found),
    }
}

/// Looks for blocks above the sealed segments in the raw bytes of the store.
fn carve(directory: &Directory) -> Result<Carved, RepairError> {
    let sealed = directory
        .read_identity()
        .ok()
        .and_then(|found| match found {
            FoundIdentity::Sound(identity) => open_row(&directory.segments(), &identity.origin).ok(),
            FoundIdentity::NewerFormat(_) | FoundIdentity::Missing | FoundIdentity::Damaged(_) => None,
        })
        .map_or(0, |row| row.end());
    Carved::look(&directory.log(), sealed).map_err(io_error(&directory.log()))
}

/// The ledger under repair, and what has been done to it.
struct Bench<'a> {
    directory: Directory,
    options: &'a RepairOptions,
    actions: Vec<RepairAction>,
}

impl Bench<'_> {
    fn restore_identity(&mut self, store: Option<&BlockStore>) -> Result<Identity, RepairError> {
        let path = self.directory.identity();
        let file = match self.directory.read_identity().map_err(io_error(&path))? {
            FoundIdentity::Sound(identity) => Some(identity),
            FoundIdentity::NewerFormat(_) | FoundIdentity::Missing | FoundIdentity::Damaged(_) => None,
        };
        let copy = store.and_then(|store| store.identity().ok().flatten()).map(|copy| parse_identity(&copy));
        let copy = copy.map(|copy| refuse_newer(&self.directory, copy)).transpose()?;
        match (file, copy) {
            (Some(file), Some(FoundIdentity::Sound(copy))) if file.is_or_raises(&copy) => {
                if let Some(store) = store.filter(|_| file != copy) {
                    self.restore_copy(store, &file)?;
                }
                Ok(file)
            }
            // The store checks its copy; the file is plain text that anything can have changed.
            (file, Some(FoundIdentity::Sound(copy))) => {
                if file.as_ref() != Some(&copy) {
                    let kept_aside = self.set_aside(&path)?;
                    self.directory.write_identity(&copy).map_err(io_error(&path))?;
                    self.actions.push(RepairAction::IdentityRestored { path, kept_aside });
                }
                Ok(copy)
            }
            (Some(identity), _) => {
                if let Some(store) = store {
                    self.restore_copy(store, &identity)?;
                }
                Ok(identity)
            }
            (None, _) => Err(RepairError::IdentityLost { path }),
        }
    }

    fn restore_copy(&mut self, store: &BlockStore, identity: &Identity) -> Result<(), RepairError> {
        let bytes = identity.to_bytes().map_err(io_error(&self.directory.identity()))?;
        // A store that refuses this is found unsound and rebuilt, with its identity.
        if store.set_identity(&bytes, &FaultHook::default()).is_ok() {
            self.actions.push(RepairAction::IdentityRestored { path: self.directory.log(), kept_aside: None });
        }
        Ok(())
    }

    fn witness(&self) -> Result<Option<Witness>, RepairError> {
        let path = self.directory.head();
        match Witness::open(&path) {
            Ok(witness) => Ok(witness),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&path)(error)),
        }
    }

    /// The segments that are sound through and through, and why the others are not.
    fn segments(&self, identity: &Identity) -> Result<(Segments, BTreeMap<u64, String>), RepairError> {
        let folder = self.directory.segments();
        fs::create_dir_all(&folder).map_err(io_error(&folder))?;
        let names = crate::sealed::segment_names(&folder).map_err(io_error(&folder))?;
        let mut sound = Segments::new();
        let mut unsound = BTreeMap::new();
        for path in names {
            let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u64>().ok());
            let Some(number) = number else { continue };
            let first = number.saturating_mul(crate::segment::SEGMENT_ENTRIES);
            let checked = Segment::open(&path)
                .and_then(|segment| segment.verify().map(|()| segment))
                .map_err(|error| error.to_string());
            match checked {
                Ok(segment) if segment.place().origin == identity.origin && segment.first() == first => {
                    sound.insert(number, Arc::new(segment));
                }
                Ok(_) => {
                    unsound.insert(number, "it does not belong here".to_owned());
                }
                Err(finding) => {
                    unsound.insert(number, finding);
                }
            }
        }
        Ok((sound, unsound))
    }

    /// An index that cannot be opened is built anew anyway; one that opens may have damaged rows.
    fn take_away_damaged_index(&mut self) -> Result<(), RepairError> {
        let path = self.directory.index();
        if !path.is_dir() {
            return Ok(());
        }
        if let Ok(index) = StoredIndex::open(&path)
            && let Err(finding) = index.check()
        {
            fs::remove_dir_all(&path).map_err(io_error(&path))?;
            self.actions.push(RepairAction::IndexTakenAway { path, finding });
        }
        Ok(())
    }

    /// Puts the rebuilt store in the place of the old one.
    fn replace_store(&mut self, recovered: &Recovered) -> Result<(), RepairError> {
        let path = self.directory.log();
        let kept_aside = self.set_aside(&path)?;
        let rebuilt = disk::with_suffix(&path, "rebuilt");
        fs::rename(&rebuilt, &path).map_err(io_error(&path))?;
        disk::sync_parent(&path).map_err(io_error(&path))?;
        self.actions.push(RepairAction::StoreRebuilt {
            from_segments: recovered.from_segments.clone(),
            salvaged: recovered.salvaged.len() as u64,
            entries: recovered.head.size,
            kept_aside,
        });
        Ok(())
    }

    /// Seals anew each segment that is not sound, or missing before one that exists, or that no
    /// longer follows the one before it.
    fn reseal_all(
        &mut self,
        store: &BlockStore,
        identity: &Identity,
        sound: &Segments,
        mut unsound: BTreeMap<u64, String>,
        recovered: &Recovered,
    ) -> Result<(), RepairError> {
        let last = sound.keys().chain(unsound.keys()).max().copied();
        let mut row: Vec<Arc<Segment>> = Vec::new();
        for number in last.map_or(0..0, |last| 0..last + 1) {
            let first = number * crate::segment::SEGMENT_ENTRIES;
            let path = self.directory.segments().join(crate::segment::file_name(first));
            let finding = match sound.get(&number) {
                Some(segment) => match crate::sealed::follows(&row, segment, first, &identity.origin) {
                    Ok(()) => {
                        row.push(Arc::clone(segment));
                        continue;
                    }
                    Err(finding) => finding,
                },
                None => unsound.remove(&number).unwrap_or_else(|| "it is missing".to_owned()),
            };
            let kept_aside = self.set_aside(&path)?;
            let positions = first..first + crate::segment::SEGMENT_ENTRIES;
            // Beyond the entries that are there, a segment can only be put out of the way.
            if positions.end <= recovered.head.size {
                let segment = reseal(store, &self.directory, identity, &row)
                    .map_err(|cause| RepairError::Engine { path: path.clone(), cause })?;
                row.push(Arc::new(segment));
            }
            self.actions.push(RepairAction::SegmentResealed { path, positions, finding, kept_aside });
        }
        Ok(())
    }

    fn settle_witness(&mut self, witness: Option<Witness>, head: Head) -> Result<(), RepairError> {
        let path = self.directory.head();
        let before = witness.as_ref().map(Witness::head);
        let lost = before.is_some_and(|before| head.size < before.size);
        match witness {
            Some(_) if lost && self.options.lost_tail == LostTail::StayReadOnly => return Ok(()),
            Some(mut witness) if !lost => {
                if before == Some(head) && witness.sound_slots() == 2 {
                    return Ok(());
                }
                witness
                    .write(head, &FaultHook::default())
                    .map_err(|cause| RepairError::Engine { path: path.clone(), cause })?;
                self.actions.push(RepairAction::WitnessRewritten { before, after: head, kept_aside: None });
            }
            Some(_) | None => {
                let kept_aside = self.set_aside(&path)?;
                Witness::create(&path, head).map_err(io_error(&path))?;
                disk::sync_parent(&path).map_err(io_error(&path))?;
                self.actions.push(RepairAction::WitnessRewritten { before, after: head, kept_aside });
            }
        }
        Ok(())
    }

    /// Moves something out of the way; `None` when it is not there.
    fn set_aside(&self, path: &Path) -> Result<Option<PathBuf>, RepairError> {
        if !path.exists() {
            return Ok(None);
        }
        disk::set_aside(path).map(Some).map_err(io_error(path))
    }
}
