//! The generations of stored views of one ledger: which is in use, which is being built.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ofrecord_log::{Directory, LogReader, RowError, RowStore, RowStores};
use ofrecord_views::FOLD_VERSION;

use crate::projection::{ProjectionError, follow, stored_end};

/// The stored views of one ledger. They may be deleted at any time; the log is never concerned.
#[derive(Debug)]
pub struct StoredViews {
    stores: RowStores,
    /// Where the mark of the last comparison with the log is kept.
    mark: PathBuf,
    live: Result<RowStore, String>,
    /// Held while the live views follow the log: two who follow at once would each add what the other has added
    /// already.
    following: Mutex<()>,
}

impl StoredViews {
    /// Opens the generation in use, or begins the first one.
    ///
    /// One that is damaged or was folded by another version is left alone: questions are answered from the
    /// log until a rebuild has put a new one in its place.
    ///
    /// # Errors
    /// [`RowError`] when the folder for views can neither be read nor made.
    pub fn open(directory: &Directory) -> Result<Self, RowError> {
        let stores = RowStores::open(directory)?;
        let live = match stores.current()? {
            Some(generation) => stores.open_generation(generation, FOLD_VERSION).map_err(|error| error.to_string()),
            None => {
                let first = stores.begin_generation(FOLD_VERSION)?;
                stores.set_current(first.generation())?;
                Ok(first)
            }
        };
        Ok(Self { stores, mark: directory.compared(), live, following: Mutex::new(()) })
    }

    /// The generation in use.
    ///
    /// # Errors
    /// Why it cannot be used; a rebuild mends it.
    pub fn live(&self) -> Result<&RowStore, &str> {
        self.live.as_ref().map_err(String::as_str)
    }

    /// Folds into the stored views what the log has gained, up to the last full stride.
    ///
    /// # Errors
    /// [`ProjectionError`]; the log is not touched.
    pub fn follow(&self, log: &dyn LogReader) -> Result<(), ProjectionError> {
        self.follow_to(log, stored_end(log.tree_size()))
    }

    /// The same up to a given end. Views that cannot be used are left alone.
    pub(crate) fn follow_to(&self, log: &dyn LogReader, end: u64) -> Result<(), ProjectionError> {
        self.at_rest(|| self.live.as_ref().map_or(Ok(()), |live| follow(live, log, end)))
    }

    /// Does something while nobody else writes rows.
    pub(crate) fn at_rest<T>(&self, work: impl FnOnce() -> T) -> T {
        let _alone = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    pub(crate) fn mark(&self) -> PathBuf {
        self.mark.clone()
    }

    /// The generation that a rebuild fills: the newest one left unfinished by this fold, else a new one.
    pub(crate) fn building(&self) -> Result<RowStore, RowError> {
        let current = self.stores.current()?;
        for generation in self.stores.generations()?.into_iter().rev() {
            if current.is_some_and(|current| generation <= current) {
                break;
            }
            match self.stores.open_generation(generation, FOLD_VERSION) {
                Ok(unfinished) => return Ok(unfinished),
                Err(
                    RowError::Damaged { .. }
                    | RowError::OtherFold { .. }
                    | RowError::OtherForm { .. }
                    | RowError::Missing { .. },
                ) => {
                    self.stores.remove_generation(generation)?;
                }
                Err(error) => return Err(error),
            }
        }
        self.stores.begin_generation(FOLD_VERSION)
    }

    pub(crate) fn put_in_use(&self, fresh: &RowStore) -> Result<(), RowError> {
        self.stores.set_current(fresh.generation())
    }

    /// All generations on disk, ascending.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn generations(&self) -> Result<Vec<u64>, RowError> {
        self.stores.generations()
    }

    /// The generation that questions are answered from at the next start; none where there is none.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn current(&self) -> Result<Option<u64>, RowError> {
        self.stores.current()
    }

    /// Removes every generation but the one in use; says which.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn remove_old(self) -> Result<Vec<u64>, RowError> {
        let Self { stores, live, .. } = self;
        drop(live);
        let current = stores.current()?;
        let old: Vec<u64> =
            stores.generations()?.into_iter().filter(|generation| Some(*generation) != current).collect();
        for generation in &old {
            stores.remove_generation(*generation)?;
        }
        Ok(old)
    }
}
