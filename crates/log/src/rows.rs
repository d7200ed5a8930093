//! Derived rows for folds, which may be dropped and rebuilt at any time.
//!
//! Each generation is a folder `views/rows-<n>`; the file `views/current` names the one in use. A
//! rebuild fills the next generation while the old one answers, and is put in use in one rename.
//!
//! A row's key begins with its owner. There are two kinds of rows, each in runs of its own: those that are added as the
//! log grows and never change, and those that are all written anew from time to time.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::directory::Directory;
use crate::disk;
use crate::runs::{End, Form, Moment, Packing, RunError, RunPart, RunWriter, Runs, Sorted, Standing};

#[cfg(test)]
mod tests;

/// Bytes at the beginning of a key that name the owner of the row.
pub const OWNER_BYTES: usize = 17;

/// The folder of the rows that are added.
const ADDED: &str = "added";
/// The folder of the rows that are written anew.
const ANEW: &str = "anew";
/// The label that says which fold wrote rows.
const FOLD: &str = "fold";

/// A question reads a block of each run that has its owner.
const FORM: Form = Form {
    block_bytes: 32 * 1024,
    packing: Packing::Zstd,
    together: 4,
    level_max: 8,
    asked_by: owner_of,
    end: End::Overwritten,
};

/// Blocks of what was added in one range of owners.
const RANGE_BLOCKS: usize = 32;

/// The owner that a key names: its first bytes, or all of it where it is too short.
#[must_use]
pub fn owner_of(key: &[u8]) -> &[u8] {
    key.get(..OWNER_BYTES).unwrap_or(key)
}

/// The generations of rows of one ledger.
#[derive(Debug, Clone)]
pub struct RowStores {
    views: PathBuf,
}

/// Why rows could not be read or written. The log is never concerned.
#[derive(Debug, Error)]
pub enum RowError {
    /// A file or folder could not be read or written.
    #[error("use {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The rows are damaged or were written by something else: drop the generation and rebuild it.
    #[error("use the rows in {}: {cause}", path.display())]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// Another fold, or another version of it, wrote these rows: rebuild them.
    #[error("use the rows in {}: fold {found} wrote them, this is {expected}", path.display())]
    OtherFold {
        /// The folder of the generation.
        path: PathBuf,
        /// The version of the fold that wrote them.
        found: String,
        /// The version that was asked for.
        expected: String,
    },
    /// An earlier version wrote these rows in another form, which is not read any more: rebuild them.
    #[error("use the rows in {}: an earlier version wrote them in another form; rebuild them", path.display())]
    OtherForm {
        /// The folder of the generation.
        path: PathBuf,
    },
    /// There is no such generation.
    #[error("use the rows in {}: there are none", path.display())]
    Missing {
        /// The folder of the generation.
        path: PathBuf,
    },
    /// The generation exists already, or is the one in use.
    #[error("touch generation {generation} of the rows: it is in use")]
    InUse {
        /// The generation.
        generation: u64,
    },
    /// The checkpoint would go back.
    #[error("write rows up to {next}: they go to {checkpoint} already")]
    CheckpointBack {
        /// The checkpoint on record.
        checkpoint: u64,
        /// The one given.
        next: u64,
    },
}

impl From<RunError> for RowError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Io { path, error } => Self::Io { path, error },
            RunError::Damaged { path, cause } => Self::Damaged { path, cause },
        }
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> RowError {
    let path = path.to_owned();
    move |error| RowError::Io { path, error }
}

impl RowStores {
    /// The rows of the ledger in `directory`.
    ///
    /// # Errors
    /// [`RowError::Io`] when the folder for views can neither be found nor made.
    pub fn open(directory: &Directory) -> Result<Self, RowError> {
        let views = directory.views();
        fs::create_dir_all(&views).map_err(io_error(&views))?;
        Ok(Self { views })
    }

    /// The rows of the ledger in `directory`, where it has any; nothing is made.
    #[must_use]
    pub fn existing(directory: &Directory) -> Option<Self> {
        let views = directory.views();
        views.is_dir().then_some(Self { views })
    }

    /// The generation in use; `None` when none is, or the file that names it cannot be read.
    ///
    /// # Errors
    /// [`RowError::Io`].
    pub fn current(&self) -> Result<Option<u64>, RowError> {
        let path = self.views.join("current");
        match fs::read(&path) {
            Ok(bytes) => Ok(std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| text.strip_suffix('\n'))
                .and_then(|text| text.parse().ok())
                .filter(|generation| self.folder(*generation).is_dir())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(&path)(error)),
        }
    }

    /// All generations on disk, ascending.
    ///
    /// # Errors
    /// [`RowError::Io`].
    pub fn generations(&self) -> Result<Vec<u64>, RowError> {
        let mut generations = BTreeSet::new();
        for entry in fs::read_dir(&self.views).map_err(io_error(&self.views))? {
            let name = entry.map_err(io_error(&self.views))?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix("rows-"));
            generations.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        Ok(generations.into_iter().collect())
    }

    /// Opens a generation for the fold that wrote it.
    ///
    /// # Errors
    /// [`RowError`]; for [`RowError::Damaged`], [`RowError::OtherFold`] and [`RowError::OtherForm`], rebuild.
    pub fn open_generation(&self, generation: u64, fold_version: &str) -> Result<RowStore, RowError> {
        let store = self.opened(generation, Runs::open)?;
        let found = store.fold_version()?;
        if found != fold_version {
            return Err(RowError::OtherFold { path: store.path, found, expected: fold_version.to_owned() });
        }
        Ok(store)
    }

    /// Opens a generation to read it, whichever fold wrote it; nothing is done to it.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn read_generation(&self, generation: u64) -> Result<RowStore, RowError> {
        let store = self.opened(generation, Runs::read)?;
        store.fold_version()?;
        Ok(store)
    }

    fn opened(&self, generation: u64, open: fn(&Path, Form) -> Result<Runs, RunError>) -> Result<RowStore, RowError> {
        let path = self.folder(generation);
        if !path.join(ADDED).is_dir() || !path.join(ANEW).is_dir() {
            return Err(if path.join("db").exists() {
                RowError::OtherForm { path }
            } else {
                RowError::Missing { path }
            });
        }
        Ok(RowStore {
            added: Arc::new(open(&path.join(ADDED), FORM)?),
            anew: Arc::new(open(&path.join(ANEW), FORM)?),
            path,
            generation,
        })
    }

    /// Begins a new, empty generation, above all others on disk.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn begin_generation(&self, fold_version: &str) -> Result<RowStore, RowError> {
        let generation = self.generations()?.last().map_or(1, |last| last + 1);
        let path = self.folder(generation);
        for kind in [ADDED, ANEW] {
            let folder = path.join(kind);
            let begun = Runs::open(&folder, FORM)?;
            begun.replace(begun.begin()?, standing(fold_version, 0))?;
        }
        disk::sync_folder(&path).map_err(io_error(&path))?;
        self.open_generation(generation, fold_version)
    }

    /// Puts a generation in use, at once and for good. It must have been flushed.
    ///
    /// # Errors
    /// [`RowError::Missing`] or [`RowError::Io`].
    pub fn set_current(&self, generation: u64) -> Result<(), RowError> {
        let folder = self.folder(generation);
        if !folder.is_dir() {
            return Err(RowError::Missing { path: folder });
        }
        let path = self.views.join("current");
        disk::write_whole(&path, format!("{generation}\n").as_bytes()).map_err(io_error(&path))
    }

    /// Overwrites a generation that is not in use, and removes it. It must not be open.
    ///
    /// # Errors
    /// [`RowError::InUse`] or [`RowError::Io`].
    pub fn remove_generation(&self, generation: u64) -> Result<(), RowError> {
        if self.current()? == Some(generation) {
            return Err(RowError::InUse { generation });
        }
        let path = self.folder(generation);
        disk::overwrite_and_remove(&path).map_err(io_error(&path))
    }

    fn folder(&self, generation: u64) -> PathBuf {
        self.views.join(format!("rows-{generation}"))
    }
}

/// Called with each row: its key and its value.
pub type EachRow<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// One generation of rows. Cloning shares it.
#[derive(Debug, Clone)]
pub struct RowStore {
    added: Arc<Runs>,
    anew: Arc<Runs>,
    path: PathBuf,
    generation: u64,
}

/// Rows that are being written, in the order of their keys.
pub struct RowWriter(RunWriter);

/// A part of such rows, made beside others.
pub struct RowPart(RunPart);

impl RowPart {
    /// Puts a row behind the others; its key must be above theirs.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        self.0.put(key, value)
    }
}

impl RowWriter {
    /// Puts a row behind the others; its key must be above theirs.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), RowError> {
        Ok(self.0.put(key, value)?)
    }

    /// Puts rows that were made beside others behind those that are there.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn append(&mut self, part: RowPart) -> Result<(), RowError> {
        Ok(self.0.append(part.0)?)
    }
}

fn standing(fold_version: &str, through: u64) -> Standing {
    Standing { through, labels: [(FOLD.to_owned(), fold_version.to_owned())].into() }
}

impl RowStore {
    /// Which generation this is.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The version of the fold that writes these rows.
    ///
    /// # Errors
    /// [`RowError::Damaged`].
    pub fn fold_version(&self) -> Result<String, RowError> {
        match (self.added.label(FOLD), self.anew.label(FOLD)) {
            (Some(one), Some(other)) if one == other => Ok(one),
            (_, _) => Err(self.damaged("the version of its fold is missing")),
        }
    }

    /// How many entries are in the rows that are added.
    #[must_use]
    pub fn checkpoint(&self) -> u64 {
        self.added.through()
    }

    /// How many entries are in the rows that are written anew.
    #[must_use]
    pub fn anew_through(&self) -> u64 {
        self.anew.through()
    }

    /// Begins a part of rows.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin_part(&self) -> io::Result<RowPart> {
        Ok(RowPart(self.added.begin_part()?))
    }

    /// Begins rows to be added. A crash before [`RowStore::add`] leaves nothing of them.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn begin_added(&self) -> Result<RowWriter, RowError> {
        Ok(RowWriter(self.added.begin()?))
    }

    /// Adds rows and their checkpoint, durably and at once. `level` is how often as many rows have come together as in
    /// the least stretch that is added.
    ///
    /// # Errors
    /// [`RowError`]; then everything is as it was.
    pub fn add(&self, rows: RowWriter, level: u8, checkpoint: u64) -> Result<(), RowError> {
        let before = self.checkpoint();
        if checkpoint < before {
            return Err(RowError::CheckpointBack { checkpoint: before, next: checkpoint });
        }
        Ok(self.added.add(rows.0, level, standing(&self.fold_version()?, checkpoint))?)
    }

    /// Brings rows that were added at different times together, where there are enough.
    ///
    /// # Errors
    /// [`RowError`]; then everything is as it was.
    pub fn bring_together(&self) -> Result<(), RowError> {
        // No key is added twice.
        Ok(self.added.bring_together(&|_| None)?)
    }

    /// Begins rows that take the place of all that were written anew before.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn begin_anew(&self) -> Result<RowWriter, RowError> {
        Ok(RowWriter(self.anew.begin()?))
    }

    /// Puts them in their place, durably and at once.
    ///
    /// # Errors
    /// [`RowError`]; then everything is as it was.
    pub fn replace_anew(&self, rows: RowWriter, through: u64) -> Result<(), RowError> {
        Ok(self.anew.replace(rows.0, standing(&self.fold_version()?, through))?)
    }

    /// Puts rows in the place of all that were added, however they came to be. For tests that spoil some.
    ///
    /// # Errors
    /// [`RowError`]; then everything is as it was.
    pub fn replace_added(&self, rows: RowWriter) -> Result<(), RowError> {
        Ok(self.added.replace(rows.0, standing(&self.fold_version()?, self.checkpoint()))?)
    }

    /// Calls `each` with the rows that were added of an owner, in the order in which they were, until it breaks.
    ///
    /// # Errors
    /// [`RowError`]. Rows given before an error are sound.
    pub fn each_added(&self, owner: &[u8], each: &mut EachRow<'_>) -> Result<(), RowError> {
        Ok(self.added.each_of(owner, each)?)
    }

    /// All rows as they are now. Whoever writes meanwhile changes nothing of it; nobody may be writing at this moment.
    #[must_use]
    pub fn moment(&self) -> RowMoment {
        RowMoment { added: self.added.moment(), anew: self.anew.moment() }
    }

    fn damaged(&self, cause: &str) -> RowError {
        RowError::Damaged { path: self.path.clone(), cause: cause.to_owned() }
    }
}

/// All rows of one moment. Cloning shares it.
#[derive(Debug, Clone)]
pub struct RowMoment {
    added: Moment,
    anew: Moment,
}

impl RowMoment {
    /// How many entries are in the rows that are added.
    #[must_use]
    pub fn checkpoint(&self) -> u64 {
        self.added.through()
    }

    /// How many entries are in the rows that are written anew.
    #[must_use]
    pub fn anew_through(&self) -> u64 {
        self.anew.through()
    }

    /// The rows of all owners, in their order.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn by_owner(&self) -> Result<ByOwner, RowError> {
        self.between(&OwnerRange::default())
    }

    /// The rows of some owners, in their order.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn between(&self, owners: &OwnerRange) -> Result<ByOwner, RowError> {
        Ok(ByOwner {
            added: self.added.sorted_from(&owners.from)?,
            anew: self.anew.sorted_from(&owners.from)?,
            end: owners.end.clone(),
        })
    }

    /// All owners, in ranges of about a million bytes of what was added.
    #[must_use]
    pub fn ranges(&self) -> Vec<OwnerRange> {
        let milestones = self.added.milestones();
        let mut begins: Vec<Vec<u8>> =
            milestones.iter().step_by(RANGE_BLOCKS).skip(1).map(|key| owner_of(key).to_vec()).collect();
        begins.dedup();
        let ends = begins.iter().cloned().map(Some).chain([None]);
        let froms = std::iter::once(Vec::new()).chain(begins.iter().cloned());
        froms.zip(ends).map(|(from, end)| OwnerRange { from, end }).collect()
    }
}

/// Owners from one on, up to and without another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnerRange {
    from: Vec<u8>,
    end: Option<Vec<u8>>,
}

/// The rows of owners, in their order.
#[derive(Debug)]
pub struct ByOwner {
    added: Sorted,
    anew: Sorted,
    end: Option<Vec<u8>>,
}

/// The rows of one owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRows {
    /// What the keys begin with.
    pub owner: Vec<u8>,
    /// What was added, each with the rest of its key, sorted by it.
    pub added: Vec<(Vec<u8>, Vec<u8>)>,
    /// What was written anew, where there is something.
    pub anew: Option<Vec<u8>>,
}

impl ByOwner {
    /// The owner that is next.
    fn peek(&self) -> Option<&[u8]> {
        let next = [self.added.peek(), self.anew.peek()].into_iter().flatten().map(owner_of).min();
        next.filter(|owner| self.end.as_ref().is_none_or(|end| *owner < end.as_slice()))
    }

    /// The next rows of an owner before this one, or of any where none is given: what whoever walks beside comes by of
    /// others.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn next_before(&mut self, owner: Option<&[u8]>) -> Result<Option<OwnerRows>, RowError> {
        let is_before = |next: &[u8]| owner.is_none_or(|owner| next < owner);
        if self.peek().is_some_and(is_before) { self.next_owner() } else { Ok(None) }
    }

    /// The rows of this owner, where they are next.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn next_of(&mut self, owner: &[u8]) -> Result<Option<OwnerRows>, RowError> {
        if self.peek() == Some(owner) { self.next_owner() } else { Ok(None) }
    }

    fn next_owner(&mut self) -> Result<Option<OwnerRows>, RowError> {
        let Some(owner) = self.peek().map(<[u8]>::to_vec) else { return Ok(None) };
        let mut rows = OwnerRows { owner, added: Vec::new(), anew: None };
        while self.added.peek().is_some_and(|key| owner_of(key) == rows.owner)
            && let Some((mut key, values)) = self.added.next_key()?
        {
            let rest = key.split_off(rows.owner.len());
            rows.added.extend(values.into_iter().map(|value| (rest.clone(), value)));
        }
        while self.anew.peek().is_some_and(|key| owner_of(key) == rows.owner)
            && let Some((_, values)) = self.anew.next_key()?
        {
            rows.anew = values.into_iter().next_back();
        }
        Ok(Some(rows))
    }
}

/// Whoever gets an error must stop.
impl Iterator for ByOwner {
    type Item = Result<OwnerRows, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_owner().transpose()
    }
}
