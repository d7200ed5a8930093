//! Derived rows for folds: sled databases that may be dropped and rebuilt at any time.
//!
//! Each generation is a folder `views/rows-<n>`; the file `views/current` names the one in use. A
//! rebuild fills the next generation while the old one answers, and is put in use in one rename.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::contain::{contain, contain_result};
use crate::directory::Directory;
use crate::disk;
use crate::engine::{self, Flusher};

#[cfg(test)]
mod tests;

/// Rows of one batch, during which every reader and writer of the log waits.
const BATCH_ROWS: usize = 64;

const FORMAT: u8 = 1;
const CHECKPOINT_KEY: &[u8] = b"checkpoint";
const UNFINISHED_KEY: &[u8] = b"unfinished";
const FOLD_KEY: &[u8] = b"fold";

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
        /// The folder of the generation.
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
    /// [`RowError`]; for [`RowError::Damaged`] and [`RowError::OtherFold`], rebuild.
    pub fn open_generation(&self, generation: u64, fold_version: &str, cache_bytes: u64) -> Result<RowStore, RowError> {
        let path = self.folder(generation);
        if !path.join("db").is_file() {
            return Err(RowError::Missing { path });
        }
        let store = RowStore::open(path, generation, cache_bytes)?;
        let found = store.fold_version()?;
        if found != fold_version {
            return Err(RowError::OtherFold { path: store.path, found, expected: fold_version.to_owned() });
        }
        Ok(store)
    }

    /// Opens a copy of a generation, made in the folder `into`, whichever fold wrote it.
    ///
    /// The generation itself is not opened: the engine would keep its own books in it. Nobody may be
    /// writing to it. The copy may be thrown away.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn open_copy(&self, generation: u64, into: &Path, cache_bytes: u64) -> Result<RowStore, RowError> {
        let from = self.folder(generation);
        if !from.join("db").is_file() {
            return Err(RowError::Missing { path: from });
        }
        disk::copy_folder(&from, into).map_err(io_error(&from))?;
        RowStore::open(into.to_owned(), generation, cache_bytes)
    }

    /// Begins a new, empty generation, above all others on disk.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn begin_generation(&self, fold_version: &str, cache_bytes: u64) -> Result<RowStore, RowError> {
        let generation = self.generations()?.last().map_or(1, |last| last + 1);
        let store = RowStore::open(self.folder(generation), generation, cache_bytes)?;
        store.begin(fold_version)?;
        Ok(store)
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

    /// Removes a generation that is not in use. It must not be open.
    ///
    /// # Errors
    /// [`RowError::InUse`] or [`RowError::Io`].
    pub fn remove_generation(&self, generation: u64) -> Result<(), RowError> {
        if self.current()? == Some(generation) {
            return Err(RowError::InUse { generation });
        }
        let path = self.folder(generation);
        match fs::remove_dir_all(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(io_error(&path)(error)),
        }
    }

    fn folder(&self, generation: u64) -> PathBuf {
        self.views.join(format!("rows-{generation}"))
    }
}

/// Rows to be written or taken out together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowChanges {
    /// Rows to write; `None` takes a row out.
    pub rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl RowChanges {
    /// Writes a row.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.rows.insert(key, Some(value));
    }

    /// Takes a row out.
    pub fn delete(&mut self, key: Vec<u8>) {
        self.rows.insert(key, None);
    }
}

/// Called with each row of a scan: its key and its value.
pub type EachRow<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// One generation of rows. Cloning shares it.
#[derive(Debug, Clone)]
pub struct RowStore {
    db: sled::Db,
    path: PathBuf,
    generation: u64,
}

impl RowStore {
    fn open(path: PathBuf, generation: u64, cache_bytes: u64) -> Result<Self, RowError> {
        // Rows are overwritten, and only the background flusher reclaims what they leave.
        match engine::open(&path, cache_bytes, Flusher::EachSecond) {
            Ok(db) => Ok(Self { db, path, generation }),
            Err(cause) => Err(RowError::Damaged { path, cause }),
        }
    }

    fn begin(&self, fold_version: &str) -> Result<(), RowError> {
        let mut stored = vec![FORMAT];
        stored.extend_from_slice(fold_version.as_bytes());
        self.contained(|| self.db.insert(control_key(FOLD_KEY), stored))?;
        self.flush()
    }

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
        let stored = self.contained(|| self.db.get(control_key(FOLD_KEY)))?;
        stored
            .as_deref()
            .and_then(|stored| stored.strip_prefix(&[FORMAT]))
            .and_then(|version| String::from_utf8(version.to_vec()).ok())
            .ok_or_else(|| self.damaged("the version of its fold is missing"))
    }

    /// How many entries have been folded into the rows.
    ///
    /// # Errors
    /// [`RowError::Damaged`].
    pub fn checkpoint(&self) -> Result<u64, RowError> {
        let stored = self.contained(|| self.db.get(control_key(CHECKPOINT_KEY)))?;
        match stored {
            None => Ok(0),
            Some(stored) => <[u8; 8]>::try_from(&*stored)
                .map(u64::from_be_bytes)
                .map_err(|_| self.damaged("its checkpoint is damaged")),
        }
    }

    /// Writes changes, and the checkpoint after them.
    ///
    /// They are safe from a crash of the process once [`RowStore::flush`] has returned; before that a crash takes the
    /// rows back to an earlier checkpoint. Some rows of the write after it may stand there already then:
    /// [`RowStore::unfinished`] tells, and writing them again mends it. Small batches are the reason, because the
    /// engine lets nobody else into any of its databases while it applies one.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn write(&self, changes: RowChanges, checkpoint: u64) -> Result<(), RowError> {
        let before = self.checkpoint()?;
        if checkpoint < before {
            return Err(RowError::CheckpointBack { checkpoint: before, next: checkpoint });
        }
        if changes.rows.len() > BATCH_ROWS {
            self.mark_unfinished(checkpoint)?;
        }
        let last = self.write_rows(changes)?;
        self.contained(|| {
            let mut batch = batch_of(last);
            batch.insert(control_key(CHECKPOINT_KEY), &checkpoint.to_be_bytes()[..]);
            batch.remove(control_key(UNFINISHED_KEY));
            self.db.apply_batch(batch)
        })
    }

    fn mark_unfinished(&self, checkpoint: u64) -> Result<(), RowError> {
        self.contained(|| self.db.insert(control_key(UNFINISHED_KEY), &checkpoint.to_be_bytes()[..])).map(drop)
    }

    /// Writes what does not fit the last batch; gives what does.
    fn write_rows(&self, changes: RowChanges) -> Result<Vec<Row>, RowError> {
        let mut rest: Vec<Row> = changes.rows.into_iter().collect();
        while rest.len() > BATCH_ROWS {
            let rows = rest.split_off(rest.len() - BATCH_ROWS);
            self.contained(|| self.db.apply_batch(batch_of(rows)))?;
        }
        Ok(rest)
    }

    /// Writes a part of what [`RowStore::write`] will end with this checkpoint; until it has, the write is unfinished.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn write_part(&self, changes: RowChanges, checkpoint: u64) -> Result<(), RowError> {
        self.mark_unfinished(checkpoint)?;
        let last = self.write_rows(changes)?;
        self.contained(|| self.db.apply_batch(batch_of(last)))
    }

    /// The checkpoint of a write that was not finished: rows of it may stand among those below [`RowStore::checkpoint`].
    ///
    /// # Errors
    /// [`RowError::Damaged`].
    pub fn unfinished(&self) -> Result<Option<u64>, RowError> {
        let stored = self.contained(|| self.db.get(control_key(UNFINISHED_KEY)))?;
        let checkpoint = stored.map(|stored| <[u8; 8]>::try_from(&*stored).map(u64::from_be_bytes)).transpose();
        checkpoint.map_err(|_| self.damaged("the checkpoint of an unfinished write is damaged"))
    }

    /// Makes everything written so far durable.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn flush(&self) -> Result<(), RowError> {
        self.contained(|| self.db.flush())?;
        let path = self.path.join("db");
        fs::File::open(&path).and_then(|file| file.sync_data()).map_err(io_error(&path))
    }

    /// One row.
    ///
    /// # Errors
    /// [`RowError::Damaged`].
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RowError> {
        let row = self.contained(|| self.db.get(row_key(key)))?;
        Ok(row.map(|row| row.to_vec()))
    }

    /// Calls `each` for the rows whose key begins with `prefix`, ascending, until it breaks.
    ///
    /// # Errors
    /// [`RowError::Damaged`]. Rows given before an error are sound.
    pub fn scan_prefix(&self, prefix: &[u8], each: &mut EachRow<'_>) -> Result<(), RowError> {
        self.scan(row_key(prefix), prefix, each)
    }

    /// Like [`RowStore::scan_prefix`], from the first key above `after` on, for reading page by page.
    ///
    /// # Errors
    /// [`RowError::Damaged`].
    pub fn scan_prefix_after(&self, prefix: &[u8], after: &[u8], each: &mut EachRow<'_>) -> Result<(), RowError> {
        let mut from = row_key(after);
        from.push(0);
        self.scan(from.max(row_key(prefix)), prefix, each)
    }

    fn scan(&self, from: Vec<u8>, prefix: &[u8], each: &mut EachRow<'_>) -> Result<(), RowError> {
        let mut rows = self.db.range(from..);
        while let Some(row) = contain(|| rows.next()).map_err(|cause| self.damaged(&cause))? {
            let (key, value) = row.map_err(|error| self.damaged(&error.to_string()))?;
            let Some(key) = key.strip_prefix(&[ROW_TAG]).filter(|key| key.starts_with(prefix)) else {
                break;
            };
            if each(key, &value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn contained<T>(&self, step: impl FnOnce() -> sled::Result<T>) -> Result<T, RowError> {
        contain_result(step).map_err(|cause| self.damaged(&cause))
    }

    fn damaged(&self, cause: &str) -> RowError {
        RowError::Damaged { path: self.path.clone(), cause: cause.to_owned() }
    }
}

/// A key and its value; without one it is taken out.
type Row = (Vec<u8>, Option<Vec<u8>>);

fn batch_of(rows: Vec<Row>) -> sled::Batch {
    let mut batch = sled::Batch::default();
    for (key, value) in rows {
        match value {
            Some(value) => batch.insert(row_key(&key), value),
            None => batch.remove(row_key(&key)),
        }
    }
    batch
}

const CONTROL_TAG: u8 = 0;
const ROW_TAG: u8 = 1;

fn control_key(key: &[u8]) -> Vec<u8> {
    tagged(CONTROL_TAG, key)
}

fn row_key(key: &[u8]) -> Vec<u8> {
    tagged(ROW_TAG, key)
}

fn tagged(tag: u8, key: &[u8]) -> Vec<u8> {
    let mut tagged = Vec::with_capacity(key.len() + 1);
    tagged.push(tag);
    tagged.extend_from_slice(key);
    tagged
}
