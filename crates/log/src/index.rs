//! Where streams and commands are: derived rows of what lies below a checkpoint, and the rest in memory.
//!
//! Deleting the folder costs a rebuild and nothing else. For each run a filter is held in memory, about two bytes for
//! each key, so that a key is only looked for where it may be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::event_log::{Head, ReadError, StreamHead};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;
use crate::runs::{End, Form, Packing, RunError, Runs, Standing};

mod chunk;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use chunk::{Chunk, FullChunk, IndexTail};

use rows::{command_key, command_of, joined, position_of, run_of, stream_key, stream_of};

/// The stored index is written each time this many entries have come together.
pub(crate) const CHUNK_ENTRIES: u64 = 16_384;

/// A command is found by one small read; a million entries are in one run at the most, so that none takes long to
/// write.
const FORM: Form = Form {
    block_bytes: 2 * 1024,
    packing: Packing::None,
    together: 8,
    level_max: 2,
    asked_by: |key| key,
    end: End::Removed,
};
/// The root of the log at the checkpoint.
const ROOT: &str = "root";

/// The stored index.
#[derive(Debug)]
pub(crate) struct StoredIndex {
    runs: Runs,
    path: PathBuf,
}

/// What one run knows of one stream.
#[derive(Debug, Clone)]
pub(crate) struct StreamRun {
    pub(crate) first_version: u64,
    pub(crate) positions: Vec<u64>,
    pub(crate) last_leaf: Hash,
}

impl StoredIndex {
    /// Opens the index and loads its filters.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let runs = Runs::open(path, FORM).map_err(|error| error.to_string())?;
        Ok(Self { runs, path: path.to_owned() })
    }

    /// How far the index goes and the root there.
    pub(crate) fn checkpoint(&self) -> Result<Option<Head>, ReadError> {
        let size = self.runs.through();
        match (size, self.runs.label(ROOT)) {
            (0, None) => Ok(None),
            (size, Some(root)) if size.is_multiple_of(CHUNK_ENTRIES) => {
                root.parse().map(|root| Some(Head { size, root })).map_err(|_| self.damaged("its checkpoint"))
            }
            (_, _) => Err(self.damaged("its checkpoint")),
        }
    }

    /// Writes the next chunk, and that the index goes as far from now on. It may be written again, where it is not known
    /// whether it was.
    pub(crate) fn write(&self, chunk: &Chunk, after: Head, fault: &FaultHook) -> Result<(), String> {
        if self.runs.through() >= after.size {
            return Ok(());
        }
        let labels = BTreeMap::from([(ROOT.to_owned(), after.root.to_string())]);
        let written = || -> Result<_, RunError> {
            let mut run = self.runs.begin()?;
            rows::write(chunk, &mut run)?;
            Ok(run)
        };
        let run = fault.around(WritePoint::IndexBatch, || written().map_err(|error| error.to_string()))?;
        let listed = || self.runs.add(run, 0, Standing { through: after.size, labels });
        fault.around(WritePoint::IndexFlush, || listed().map_err(|error| error.to_string()))
    }

    /// Brings chunks together where there are enough; nothing depends on it but how many there are to look into.
    pub(crate) fn bring_together(&self) -> Result<(), String> {
        self.runs.bring_together(&joined).map_err(|error| error.to_string())
    }

    /// Reads every row.
    pub(crate) fn check(&self) -> Result<(), String> {
        let read = || -> Result<(), RunError> {
            let mut sorted = self.runs.sorted_from(&[])?;
            while sorted.skip_key()?.is_some() {}
            Ok(())
        };
        read().map_err(|error| error.to_string())
    }

    /// Calls `each` with every stored command and its position.
    ///
    /// # Errors
    /// [`ReadError::Index`] when a row cannot be read, or a command has several.
    pub(crate) fn each_command(&self, each: &mut dyn FnMut(Uuid, u64)) -> Result<(), ReadError> {
        let engine = |error: RunError| self.engine(error.to_string());
        let mut sorted = self.runs.sorted_from(&command_key(Uuid::nil())).map_err(engine)?;
        while let Some((key, rows)) = sorted.next_key().map_err(engine)? {
            let Some(command_id) = command_of(&key) else { break };
            let position = match rows.as_slice() {
                [row] => position_of(row),
                _ => None,
            };
            each(command_id, position.ok_or_else(|| self.damaged("a command's row"))?);
        }
        Ok(())
    }

    pub(crate) fn command(&self, command_id: Uuid) -> Result<Option<u64>, ReadError> {
        let mut row = None;
        self.newest_first(&command_key(command_id), &mut |found| {
            row = Some(found);
            ControlFlow::Break(())
        })?;
        row.map(|row| position_of(&row).ok_or_else(|| self.damaged("a command's row"))).transpose()
    }

    pub(crate) fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        let mut head = None;
        self.runs_backwards(stream, &mut |run| {
            head = run.positions.last().map(|last_position| StreamHead {
                version: run.first_version + run.positions.len() as u64,
                last_position: *last_position,
                last_leaf_hash: run.last_leaf,
            });
            ControlFlow::Break(())
        })?;
        Ok(head)
    }

    /// Appends the stored positions of a stream from `from_version` on.
    pub(crate) fn stream_positions(
        &self,
        stream: &str,
        from_version: u64,
        positions: &mut Vec<u64>,
    ) -> Result<(), ReadError> {
        let mut runs = Vec::new();
        self.runs_backwards(stream, &mut |run| {
            let reached = run.first_version <= from_version;
            runs.push(run);
            if reached { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        for run in runs.into_iter().rev() {
            let wanted = (run.first_version..).zip(run.positions).filter(|(version, _)| *version >= from_version);
            positions.extend(wanted.map(|(_, position)| position));
        }
        Ok(())
    }

    /// Adds names of stored streams to `names`, at most `limit`.
    pub(crate) fn streams(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
        names: &mut BTreeSet<String>,
    ) -> Result<(), ReadError> {
        let mut from = stream_key(prefix);
        if let Some(after) = after.filter(|after| *after >= prefix) {
            // No name has a zero byte, so this is the least key above the name.
            from = stream_key(after);
            from.push(0);
        }
        let mut sorted = self.runs.sorted_from(&from).map_err(|error| self.engine(error.to_string()))?;
        for _ in 0..limit {
            let key = sorted.skip_key().map_err(|error| self.engine(error.to_string()))?;
            let name = key.as_deref().and_then(stream_of).filter(|name| name.starts_with(prefix));
            let Some(name) = name else { break };
            names.insert(name.to_owned());
        }
        Ok(())
    }

    /// The runs of a stream, newest first, until `each` breaks.
    fn runs_backwards(
        &self,
        stream: &str,
        each: &mut dyn FnMut(StreamRun) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut damaged = false;
        self.newest_first(&stream_key(stream), &mut |row| match run_of(&row) {
            Some(run) => each(run),
            None => {
                damaged = true;
                ControlFlow::Break(())
            }
        })?;
        if damaged { Err(self.damaged("a stream's row")) } else { Ok(()) }
    }

    fn newest_first(&self, key: &[u8], each: &mut dyn FnMut(Vec<u8>) -> ControlFlow<()>) -> Result<(), ReadError> {
        self.runs.newest_first(key, each).map_err(|error| self.engine(error.to_string()))
    }

    fn engine(&self, cause: String) -> ReadError {
        ReadError::Index { path: self.path.clone(), cause }
    }

    fn damaged(&self, what: &str) -> ReadError {
        self.engine(format!("{what} is damaged"))
    }
}
