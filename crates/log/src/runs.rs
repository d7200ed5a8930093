//! Sorted runs: rows that are derived from the log, in files that are written once and never changed.
//!
//! A run holds what a stretch of the log gave, sorted by key. Several of about the same length are brought together
//! into one, so that there are few, and a row is written again only as often as the ledger has grown by that factor.
//! The list of runs is one small file that is replaced as a whole: what it does not name does not exist. So rows and
//! how far they go are always of the same moment, whatever a crash left behind.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use thiserror::Error;

use crate::disk;

mod cursor;
mod file;
mod filter;
mod list;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use cursor::Sorted;
use file::RunFile;
use filter::Filter;
use list::{List, Listed};
pub(crate) use write::{RunPart, RunWriter, put_number, take_number};

/// How the runs of one kind are laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// Bytes of rows that are read, and packed, at a time.
    pub(crate) block_bytes: usize,
    /// Whether they are packed.
    pub(crate) packing: Packing,
    /// How many neighbours of one level become one of the next.
    pub(crate) together: usize,
    /// Runs of this level stay as they are.
    pub(crate) level_max: u8,
    /// The part of a key by which a run is asked whether it may have rows.
    pub(crate) asked_by: fn(&[u8]) -> &[u8],
    /// What becomes of the file of a run that is not needed any more.
    pub(crate) end: End,
}

/// What becomes of a file that is not needed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It is removed.
    Removed,
    /// It is overwritten with zeros before, because it may hold what is to be forgotten one day.
    Overwritten,
}

impl End {
    fn of(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Removed => disk::remove_if_there(path),
            Self::Overwritten => disk::overwrite_and_remove(path),
        }
    }
}

/// Whether blocks of rows are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// By zstd at its first level, where that makes them shorter.
    Zstd,
    /// Not at all: keys and hashes do not get shorter.
    None,
}

/// Why runs could not be read or written. They can be made again from the log.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// A file could not be read or written.
    #[error("use {}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// A file is not what was written.
    #[error("read {}: {cause}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
}

impl RunError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }

    fn damaged(path: &Path, cause: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), cause: cause.into() }
    }
}

/// What holds of all runs of a folder together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Entries below this position are in the rows.
    pub(crate) through: u64,
    /// What else their owner keeps with them.
    pub(crate) labels: BTreeMap<String, String>,
}

/// Called with a row's key and its value.
type EachRow<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// What several runs have for one key, the oldest first.
pub(crate) type Values = Vec<Vec<u8>>;
/// Makes one value of them; none where they do not fit together.
pub(crate) type Join<'a> = dyn Fn(&[Vec<u8>]) -> Option<Vec<u8>> + 'a;

/// The runs of one folder.
#[derive(Debug)]
pub(crate) struct Runs {
    folder: PathBuf,
    form: Form,
    /// Replaced as a whole, for the length of one look.
    state: RwLock<Arc<State>>,
    /// The number of the next run that is begun.
    next_number: AtomicU64,
    /// Held while the list is changed.
    changing: Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    standing: Standing,
    /// The oldest first.
    runs: Vec<Arc<Run>>,
}

#[derive(Debug)]
struct Run {
    listed: Listed,
    file: RunFile,
    end: End,
    /// Whether it is in no list any more. Its file goes with the last who reads it.
    forgotten: AtomicBool,
}

impl Run {
    fn new(listed: Listed, file: RunFile, form: Form) -> Arc<Self> {
        Arc::new(Self { listed, file, end: form.end, forgotten: AtomicBool::new(false) })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.forgotten.load(Ordering::Acquire) {
            return;
        }
        let path = self.file.path();
        if let Err(error) = self.end.of(path) {
            tracing::warn!(path = %path.display(), %error, "a run that is not needed any more stays until the next start");
        }
    }
}

impl Runs {
    /// The runs of a folder, which is made if need be. Files that the list does not name are removed.
    ///
    /// # Errors
    /// [`RunError`]; a folder that holds anything else is not touched.
    pub(crate) fn open(folder: &Path, form: Form) -> Result<Self, RunError> {
        fs::create_dir_all(folder).map_err(RunError::io(folder))?;
        let runs = Self::read(folder, form)?;
        runs.forget_unlisted()?;
        Ok(runs)
    }

    /// The runs of a folder, to be read only: nothing is made or removed.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn read(folder: &Path, form: Form) -> Result<Self, RunError> {
        let list = List::read(folder)?;
        let open = |listed: Listed| {
            let file = RunFile::open(folder.join(listed.file_name()))?;
            Ok(Run::new(listed, file, form))
        };
        let last_number = list.runs.iter().map(|listed| listed.number).max().unwrap_or(0);
        let runs = list.runs.into_iter().map(open).collect::<Result<_, RunError>>()?;
        let state = State { standing: list.standing, runs };
        Ok(Self {
            folder: folder.to_owned(),
            form,
            state: RwLock::new(Arc::new(state)),
            next_number: AtomicU64::new(last_number + 1),
            changing: Mutex::new(()),
        })
    }

    fn forget_unlisted(&self) -> Result<(), RunError> {
        let state = self.state();
        let listed: Vec<String> = state.runs.iter().map(|run| run.listed.file_name()).collect();
        for entry in fs::read_dir(&self.folder).map_err(RunError::io(&self.folder))? {
            let path = entry.map_err(RunError::io(&self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if list::is_name_of_run(name) && !listed.iter().any(|listed| listed == name) {
                self.form.end.of(&path).map_err(RunError::io(&path))?;
            }
        }
        Ok(())
    }

    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How far they go.
    pub(crate) fn through(&self) -> u64 {
        self.state().standing.through
    }

    /// What their owner keeps with them.
    pub(crate) fn label(&self, name: &str) -> Option<String> {
        self.state().standing.labels.get(name).cloned()
    }

    /// Begins a run. It does not exist before [`Runs::add`] or [`Runs::replace`] has taken it.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn begin(&self) -> Result<RunWriter, RunError> {
        RunWriter::begin(&self.folder, self.next_number.fetch_add(1, Ordering::Relaxed), self.form)
    }

    /// Begins a part of a run.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn begin_part(&self) -> io::Result<RunPart> {
        RunPart::begin(self.form)
    }

    /// Puts a run behind the others, and says how far they go from now on.
    ///
    /// # Errors
    /// [`RunError`]; then everything is as it was.
    pub(crate) fn add(&self, run: RunWriter, level: u8, standing: Standing) -> Result<(), RunError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runs = self.state().runs.clone();
        runs.extend(self.finished(run, level)?);
        self.put_in_place(State { standing, runs })
    }

    /// Puts a run in place of all others.
    ///
    /// # Errors
    /// [`RunError`]; then everything is as it was.
    pub(crate) fn replace(&self, run: RunWriter, standing: Standing) -> Result<(), RunError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.state();
        let runs = self.finished(run, self.form.level_max)?.into_iter().collect();
        self.put_in_place(State { standing, runs })?;
        forget(&before.runs);
        Ok(())
    }

    /// Brings neighbours of the lower levels together as long as there are enough of them; `join` makes one value of
    /// all that a key has, the oldest first.
    ///
    /// # Errors
    /// [`RunError`]; then everything is as it was.
    pub(crate) fn bring_together(&self, join: &Join<'_>) -> Result<(), RunError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        for level in 0..self.form.level_max {
            let before = self.state();
            let lower = before.runs.iter().rev().take_while(|run| run.listed.level <= level).count();
            if lower < self.form.together {
                continue;
            }
            let (kept, joined) = before.runs.split_at(before.runs.len() - lower);
            let mut run = self.begin()?;
            let mut sorted = Sorted::of(joined, &[])?;
            while let Some((key, values)) = sorted.next_key()? {
                let value = match values.as_slice() {
                    [one] => one.clone(),
                    many => join(many).ok_or_else(|| RunError::damaged(&self.folder, "a row is not what it was"))?,
                };
                run.put(&key, &value)?;
            }
            let runs = kept.iter().cloned().chain(self.finished(run, level + 1)?).collect();
            self.put_in_place(State { standing: before.standing.clone(), runs })?;
            forget(joined);
        }
        Ok(())
    }

    fn put_in_place(&self, state: State) -> Result<(), RunError> {
        let runs = state.runs.iter().map(|run| run.listed.clone()).collect();
        List { standing: state.standing.clone(), runs }.write(&self.folder)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(())
    }

    /// A run with its place in the list; none where it has no row.
    fn finished(&self, run: RunWriter, level: u8) -> Result<Option<Arc<Run>>, RunError> {
        let Some((number, file)) = run.finish()? else { return Ok(None) };
        Ok(Some(Run::new(Listed { number, level }, file, self.form)))
    }

    /// Calls `each` with what every run has for a key, the newest first, until it breaks.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn newest_first(
        &self,
        key: &[u8],
        each: &mut dyn FnMut(Vec<u8>) -> ControlFlow<()>,
    ) -> Result<(), RunError> {
        let asked = filter::key_of((self.form.asked_by)(key));
        let state = self.state();
        for run in state.runs.iter().rev().filter(|run| run.file.may_have(asked)) {
            if run.file.get(key)?.is_some_and(|value| each(value).is_break()) {
                break;
            }
        }
        Ok(())
    }

    /// Calls `each` with the rows of an owner, which is what runs are asked by, run by run from the oldest, until it
    /// breaks.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn each_of(&self, owner: &[u8], each: &mut EachRow<'_>) -> Result<(), RunError> {
        let asked = filter::key_of(owner);
        let state = self.state();
        for run in state.runs.iter().filter(|run| run.file.may_have(asked)) {
            let mut rows = cursor::Cursor::at(Arc::clone(run), owner)?;
            while rows.key().is_some_and(|key| (self.form.asked_by)(key) == owner) {
                if each(rows.key().unwrap_or_default(), rows.value()).is_break() {
                    return Ok(());
                }
                rows.advance()?;
            }
        }
        Ok(())
    }

    /// All rows as they are now, whatever is added or brought together afterwards.
    pub(crate) fn moment(&self) -> Moment {
        Moment(self.state())
    }

    /// Every row from a key on, sorted.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn sorted_from(&self, key: &[u8]) -> Result<Sorted, RunError> {
        self.moment().sorted_from(key)
    }
}

/// The rows of some runs at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Moment(Arc<State>);

impl Moment {
    /// How far they go.
    pub(crate) fn through(&self) -> u64 {
        self.0.standing.through
    }

    /// Every row from a key on, sorted.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn sorted_from(&self, key: &[u8]) -> Result<Sorted, RunError> {
        Sorted::of(&self.0.runs, key)
    }

    /// The first keys of all blocks, sorted: between two that follow one another lie about as many bytes as between
    /// any others.
    pub(crate) fn milestones(&self) -> Vec<&[u8]> {
        let mut keys: Vec<&[u8]> = self.0.runs.iter().flat_map(|run| run.file.first_keys()).collect();
        keys.sort_unstable();
        keys
    }
}

/// Says of runs that they are in no list any more.
fn forget(runs: &[Arc<Run>]) {
    runs.iter().for_each(|run| run.forgotten.store(true, Ordering::Release));
}
