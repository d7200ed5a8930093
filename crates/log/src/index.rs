//! Where streams and commands are: a derived store of what lies below its checkpoint, and the rest
//! in memory.
//!
//! Deleting the folder costs a rebuild and nothing else. Rows below a checkpoint are written in one
//! batch with it, so the store is always exactly as far as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::contain::{contain, contain_result};
use crate::engine::{self, Flusher};
use crate::event_log::{Head, ReadError, StreamHead};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;

mod chunk;

pub(crate) use chunk::{Chunk, FullChunk, IndexTail};

/// The stored index is written each time this many entries have come together.
pub(crate) const CHUNK_ENTRIES: u64 = 16_384;

/// Positions in one row; a stream with more in one chunk has several rows.
const ROW_POSITIONS: usize = 1024;
const CHECKPOINT_KEY: &[u8] = b"k";
const COMMAND_PREFIX: u8 = b'c';
const STREAM_PREFIX: u8 = b's';
const FORMAT: u8 = 1;

/// The stored index.
#[derive(Debug)]
pub(crate) struct StoredIndex {
    db: sled::Db,
    path: PathBuf,
}

/// Called with each row of a scan, until it breaks or fails.
type EachRow<'a> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ReadError> + 'a;

/// One row of a stream: consecutive versions and their positions.
struct StreamRow {
    first_version: u64,
    last_leaf: Hash,
    positions: Vec<u64>,
}

impl StoredIndex {
    pub(crate) fn open(path: &Path, cache_bytes: u64) -> Result<Self, String> {
        let db = engine::open(path, cache_bytes, Flusher::Off)?;
        Ok(Self { db, path: path.to_owned() })
    }

    /// How far the index goes and the root there; an empty index goes to 0.
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
        parsed.map(Some).ok_or_else(|| self.damaged("its checkpoint"))
    }

    /// Writes a chunk and the checkpoint after it as one batch.
    pub(crate) fn write(&self, chunk: &Chunk, after: Head, fault: &FaultHook) -> Result<(), String> {
        let mut batch = sled::Batch::default();
        for (command_id, position) in chunk.commands() {
            batch.insert(&command_key(*command_id)[..], &position.to_be_bytes()[..]);
        }
        for (stream, run) in chunk.streams() {
            let mut first_version = run.first_version;
            for positions in run.positions.chunks(ROW_POSITIONS) {
                let mut row = run.last_leaf.0.to_vec();
                for position in positions {
                    row.extend_from_slice(&position.to_be_bytes());
                }
                batch.insert(stream_key(stream, first_version), row);
                first_version += positions.len() as u64;
            }
        }
        let mut checkpoint = vec![FORMAT];
        checkpoint.extend_from_slice(&after.size.to_be_bytes());
        checkpoint.extend_from_slice(&after.root.0);
        batch.insert(CHECKPOINT_KEY, checkpoint);
        fault.around(WritePoint::IndexBatch, || contain_result(|| self.db.apply_batch(batch)))?;
        fault.around(WritePoint::IndexFlush, || contain_result(|| self.db.flush().map(|_| ())))
    }

    pub(crate) fn command(&self, command_id: Uuid) -> Result<Option<u64>, ReadError> {
        let Some(stored) = self.get(&command_key(command_id))? else {
            return Ok(None);
        };
        <[u8; 8]>::try_from(&*stored)
            .map(|position| Some(u64::from_be_bytes(position)))
            .map_err(|_| self.damaged("a command's row"))
    }

    pub(crate) fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        let row = self.last_row(stream, u64::MAX)?;
        Ok(row.and_then(|row| {
            Some(StreamHead {
                version: row.first_version + row.positions.len() as u64,
                last_position: *row.positions.last()?,
                last_leaf_hash: row.last_leaf,
            })
        }))
    }

    /// Appends the stored positions of a stream from `from_version` on.
    pub(crate) fn stream_positions(
        &self,
        stream: &str,
        from_version: u64,
        positions: &mut Vec<u64>,
    ) -> Result<(), ReadError> {
        let start = self.last_row(stream, from_version)?.map_or(from_version, |row| row.first_version);
        let from = stream_key(stream, start);
        self.scan(&from, &mut |key, value| {
            let Some(row) = self.parse_row(stream, key, value)? else {
                return Ok(ControlFlow::Break(()));
            };
            let skipped = from_version.saturating_sub(row.first_version);
            positions.extend(
                (0_u64..).zip(row.positions).skip_while(|(index, _)| *index < skipped).map(|(_, position)| position),
            );
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Adds names of stored streams to `names`, at most `limit`, each found with one seek.
    pub(crate) fn streams(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
        names: &mut BTreeSet<String>,
    ) -> Result<(), ReadError> {
        let mut from = vec![STREAM_PREFIX];
        from.extend_from_slice(prefix.as_bytes());
        if let Some(after) = after.filter(|after| *after >= prefix) {
            from = past_stream(after);
        }
        for _ in 0..limit {
            let mut next = None;
            self.scan(&from, &mut |key, _| {
                next = stream_of(key).map(str::to_owned);
                Ok(ControlFlow::Break(()))
            })?;
            let Some(stream) = next.filter(|stream| stream.starts_with(prefix)) else {
                break;
            };
            from = past_stream(&stream);
            names.insert(stream);
        }
        Ok(())
    }

    /// The last row of a stream that begins at `version` or below.
    fn last_row(&self, stream: &str, version: u64) -> Result<Option<StreamRow>, ReadError> {
        let key = stream_key(stream, version);
        let found =
            contain_result(|| self.db.range(..=key).next_back().transpose()).map_err(|cause| self.engine(cause))?;
        match found {
            Some((key, value)) => self.parse_row(stream, &key, &value),
            None => Ok(None),
        }
    }

    /// A row of `stream`; `None` when the key belongs to something else.
    fn parse_row(&self, stream: &str, key: &[u8], value: &[u8]) -> Result<Option<StreamRow>, ReadError> {
        if stream_of(key) != Some(stream) {
            return Ok(None);
        }
        let row = key.last_chunk::<8>().and_then(|version| {
            let (last_leaf, positions) = value.split_first_chunk::<32>()?;
            let (positions, rest) = positions.as_chunks::<8>();
            (rest.is_empty() && !positions.is_empty()).then(|| StreamRow {
                first_version: u64::from_be_bytes(*version),
                last_leaf: Hash(*last_leaf),
                positions: positions.iter().map(|position| u64::from_be_bytes(*position)).collect(),
            })
        });
        row.map(Some).ok_or_else(|| self.damaged("a stream's row"))
    }

    fn scan(&self, from: &[u8], each: &mut EachRow<'_>) -> Result<(), ReadError> {
        let scanned = contain(|| {
            for row in self.db.range(from..) {
                let (key, value) = row.map_err(|error| self.engine(error.to_string()))?;
                if each(&key, &value)?.is_break() {
                    break;
                }
            }
            Ok(())
        });
        scanned.map_err(|cause| self.engine(cause))?
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

fn command_key(command_id: Uuid) -> [u8; 17] {
    let mut key = [COMMAND_PREFIX; 17];
    let (_, id) = key.split_at_mut(1);
    id.copy_from_slice(command_id.as_bytes());
    key
}

/// Names have no zero byte, so a name that begins another sorts before it, rows and all.
fn stream_key(stream: &str, first_version: u64) -> Vec<u8> {
    let mut key = vec![STREAM_PREFIX];
    key.extend_from_slice(stream.as_bytes());
    key.push(0);
    key.extend_from_slice(&first_version.to_be_bytes());
    key
}

/// The least key above all rows of a stream.
fn past_stream(stream: &str) -> Vec<u8> {
    let mut key = vec![STREAM_PREFIX];
    key.extend_from_slice(stream.as_bytes());
    key.push(1);
    key
}

fn stream_of(key: &[u8]) -> Option<&str> {
    let (tag, rest) = key.split_first()?;
    let (name, _) = rest.split_last_chunk::<8>()?;
    let (zero, name) = name.split_last()?;
    (*tag == STREAM_PREFIX && *zero == 0).then_some(name).and_then(|name| std::str::from_utf8(name).ok())
}

/// What one chunk knows of one stream.
#[derive(Debug, Clone)]
pub(crate) struct StreamRun {
    pub(crate) first_version: u64,
    pub(crate) positions: Vec<u64>,
    pub(crate) last_leaf: Hash,
}

type StreamRuns = BTreeMap<String, StreamRun>;
