//! Where streams and commands are: a derived store of what lies below its checkpoint, and the rest
//! in memory.
//!
//! Deleting the folder costs a rebuild and nothing else. Rows below a checkpoint are written before
//! it, and what stands above it is not looked at, so the store is always exactly as far as it says.
//! They are written in small batches: the engine lets nobody else into any of its databases while it
//! applies one. For each chunk two filters are held in memory, about two bytes for each entry, so
//! that a key is only looked for where it may be.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use uuid::Uuid;

use crate::contain::{contain, contain_result};
use crate::engine::{self, Flusher};
use crate::event_log::{Head, ReadError, StreamHead};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;

mod chunk;
mod filter;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use chunk::{Chunk, FullChunk, IndexTail};

use filter::Filter;
use rows::{bucket, command_key, find_command, find_run, rows_of, stream_key};

/// The stored index is written each time this many entries have come together.
pub(crate) const CHUNK_ENTRIES: u64 = 16_384;

/// Rows of one batch, during which every reader and writer of the log waits.
const BATCH_ROWS: usize = 64;

const FORMAT: u8 = 1;
const CHECKPOINT_KEY: &[u8] = b"k";
/// There while the rows of a chunk are written.
const WRITING_KEY: &[u8] = b"w";
const COMMANDS: u8 = b'c';
const STREAMS: u8 = b's';
const COMMAND_FILTER: u8 = b'f';
const STREAM_FILTER: u8 = b'g';
const NAME: u8 = b'n';

/// The stored index.
#[derive(Debug)]
pub(crate) struct StoredIndex {
    db: sled::Db,
    path: PathBuf,
    /// Guards the row of filters, one pair for each stored chunk, for the length of one look.
    filters: RwLock<Vec<Arc<Filters>>>,
}

#[derive(Debug)]
struct Filters {
    commands: Filter,
    streams: Filter,
}

/// What one chunk knows of one stream.
#[derive(Debug, Clone)]
pub(crate) struct StreamRun {
    pub(crate) first_version: u64,
    pub(crate) positions: Vec<u64>,
    pub(crate) last_leaf: Hash,
}

impl StoredIndex {
    /// Opens the index and loads its filters.
    pub(crate) fn open(path: &Path, cache_bytes: u64) -> Result<Self, String> {
        let db = engine::open(path, cache_bytes, Flusher::Off)?;
        let index = Self { db, path: path.to_owned(), filters: RwLock::default() };
        index.load_filters().map_err(|error| error.to_string())?;
        index.forget_unfinished()?;
        Ok(index)
    }

    /// Takes out the names that a chunk which was never finished brought. Its other rows are written again with it.
    fn forget_unfinished(&self) -> Result<(), String> {
        contain_result(|| {
            if self.db.get(WRITING_KEY)?.is_none() {
                return Ok(());
            }
            for row in self.db.scan_prefix([NAME]) {
                let (key, chunk) = row?;
                if !self.is_stored(&chunk) {
                    self.db.remove(key)?;
                }
            }
            self.db.remove(WRITING_KEY)?;
            self.db.flush().map(|_| ())
        })
    }

    /// Whether a name's chunk lies below the checkpoint; one without a number was written together with it.
    fn is_stored(&self, chunk: &[u8]) -> bool {
        let stored = self.filters.read().unwrap_or_else(PoisonError::into_inner).len();
        chunk.try_into().map(u64::from_be_bytes).map_or(true, |chunk| chunk < stored as u64)
    }

    fn load_filters(&self) -> Result<(), ReadError> {
        let chunks = self.checkpoint()?.map_or(0, |head| head.size / CHUNK_ENTRIES);
        let mut loaded = Vec::new();
        for chunk in 0..chunks {
            let filter = |tag| {
                let stored = self.get(&chunk_key(tag, chunk))?;
                stored.map(|bits| Filter::from_bytes(&bits)).ok_or_else(|| self.damaged("a filter"))
            };
            loaded.push(Arc::new(Filters { commands: filter(COMMAND_FILTER)?, streams: filter(STREAM_FILTER)? }));
        }
        *self.filters.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(())
    }

    /// How far the index goes and the root there.
    pub(crate) fn checkpoint(&self) -> Result<Option<Head>, ReadError> {
        let Some(stored) = self.get(CHECKPOINT_KEY)? else {
            return Ok(None);
        };
        let parsed = match stored.split_first_chunk::<9>() {
            Some(([FORMAT, size @ ..], root)) => {
                root.try_into().ok().map(|root| Head { size: u64::from_be_bytes(*size), root: Hash(root) })
            }
            Some(_) | None => None,
        };
        parsed
            .filter(|head| head.size.is_multiple_of(CHUNK_ENTRIES))
            .map(Some)
            .ok_or_else(|| self.damaged("its checkpoint"))
    }

    /// Writes the next chunk and then the checkpoint after it. It may be written again.
    pub(crate) fn write(&self, chunk: &Chunk, after: Head, fault: &FaultHook) -> Result<(), String> {
        let number = (after.size / CHUNK_ENTRIES).saturating_sub(1);
        let rows = rows_of(chunk, number * CHUNK_ENTRIES);
        let names = rows.first_seen.iter().map(|stream| (name_key(stream), number.to_be_bytes().to_vec()));
        let commands = rows.commands.into_iter().map(|(bucket, row)| (bucket_key(COMMANDS, number, bucket), row));
        let streams = rows.streams.into_iter().map(|(bucket, row)| (bucket_key(STREAMS, number, bucket), row));
        let filters = [
            (chunk_key(COMMAND_FILTER, number), rows.command_filter.bytes().to_vec()),
            (chunk_key(STREAM_FILTER, number), rows.stream_filter.bytes().to_vec()),
        ];
        let all: Vec<(Vec<u8>, Vec<u8>)> = names.chain(commands).chain(streams).chain(filters).collect();
        let mut checkpoint = vec![FORMAT];
        checkpoint.extend_from_slice(&after.size.to_be_bytes());
        checkpoint.extend_from_slice(&after.root.0);
        fault.around(WritePoint::IndexBatch, || contain_result(|| self.apply(&all, checkpoint)))?;
        fault.around(WritePoint::IndexFlush, || contain_result(|| self.db.flush().map(|_| ())))?;
        let filters = Filters { commands: rows.command_filter, streams: rows.stream_filter };
        self.filters.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(filters));
        Ok(())
    }

    /// The rows in batches, and the checkpoint after all of them: the engine recovers what was written in its order.
    fn apply(&self, rows: &[(Vec<u8>, Vec<u8>)], checkpoint: Vec<u8>) -> sled::Result<()> {
        self.db.insert(WRITING_KEY, &[][..])?;
        for rows in rows.chunks(BATCH_ROWS) {
            let mut batch = sled::Batch::default();
            rows.iter().for_each(|(key, row)| batch.insert(key.as_slice(), row.as_slice()));
            self.db.apply_batch(batch)?;
        }
        let mut last = sled::Batch::default();
        last.insert(CHECKPOINT_KEY, checkpoint);
        last.remove(WRITING_KEY);
        self.db.apply_batch(last)
    }

    pub(crate) fn command(&self, command_id: Uuid) -> Result<Option<u64>, ReadError> {
        let key = command_key(command_id);
        for chunk in self.chunks_that_may_have(|filters| filters.commands.may_have(key)) {
            if let Some(row) = self.get(&bucket_key(COMMANDS, chunk, bucket(key)))?
                && let Some(position) = find_command(&row, command_id, chunk * CHUNK_ENTRIES)
            {
                return Ok(Some(position));
            }
        }
        Ok(None)
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
        let mut from = name_key(prefix);
        if let Some(after) = after.filter(|after| *after >= prefix) {
            // No name has a zero byte, so this is the least key above the name.
            from = name_key(after);
            from.push(0);
        }
        let scanned = contain(|| {
            let mut found = 0;
            for row in self.db.range(from..) {
                let (key, chunk) = row.map_err(|error| self.engine(error.to_string()))?;
                let name = key.strip_prefix(&[NAME]).and_then(|name| std::str::from_utf8(name).ok());
                let Some(name) = name.filter(|name| name.starts_with(prefix)) else {
                    break;
                };
                if found == limit {
                    break;
                }
                if self.is_stored(&chunk) {
                    names.insert(name.to_owned());
                    found += 1;
                }
            }
            Ok(())
        });
        scanned.map_err(|cause| self.engine(cause))?
    }

    /// The runs of a stream, newest first, until `each` breaks.
    fn runs_backwards(
        &self,
        stream: &str,
        each: &mut dyn FnMut(StreamRun) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let key = stream_key(stream);
        for chunk in self.chunks_that_may_have(|filters| filters.streams.may_have(key)) {
            let Some(row) = self.get(&bucket_key(STREAMS, chunk, bucket(key)))? else {
                continue;
            };
            let run = find_run(&row, stream, chunk * CHUNK_ENTRIES).map_err(|()| self.damaged("a stream's row"))?;
            if run.is_some_and(|run| each(run).is_break()) {
                break;
            }
        }
        Ok(())
    }

    /// Numbers of chunks, newest first.
    fn chunks_that_may_have(&self, may_have: impl Fn(&Filters) -> bool) -> Vec<u64> {
        let filters = self.filters.read().unwrap_or_else(PoisonError::into_inner);
        let numbered = (0_u64..).zip(filters.iter());
        let mut chunks: Vec<u64> = numbered.filter(|(_, filters)| may_have(filters)).map(|(chunk, _)| chunk).collect();
        chunks.reverse();
        chunks
    }

    fn get(&self, key: &[u8]) -> Result<Option<sled::IVec>, ReadError> {
        contain_result(|| self.db.get(key)).map_err(|cause| self.engine(cause))
    }

    fn engine(&self, cause: String) -> ReadError {
        ReadError::Index { path: self.path.clone(), cause }
    }

    fn damaged(&self, what: &str) -> ReadError {
        self.engine(format!("{what} is damaged"))
    }
}

fn chunk_key(tag: u8, chunk: u64) -> Vec<u8> {
    let mut key = vec![tag];
    key.extend_from_slice(&chunk.to_be_bytes());
    key
}

fn bucket_key(tag: u8, chunk: u64, bucket: u8) -> Vec<u8> {
    let mut key = chunk_key(tag, chunk);
    key.push(bucket);
    key
}

fn name_key(stream: &str) -> Vec<u8> {
    let mut key = vec![NAME];
    key.extend_from_slice(stream.as_bytes());
    key
}
