//! A log in memory, with the full contract except that nothing outlives the process.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use uuid::Uuid;

use crate::admission::{Admitted, admit};
use crate::event_log::{
    AppendError, Appended, Each, EventLog, Head, Health, LogReader, NewEntry, ReadError, RecordedCommand, StreamHead,
    WriteState,
};
use crate::hash::Hash;
use crate::merkle::{Frontier, complete_root};

/// A log that keeps everything in memory. Its readers stay valid after it is gone.
#[derive(Debug, Clone)]
pub struct MemoryLog {
    reader: MemoryReader,
    last_recorded_at: Option<String>,
}

/// The shared side of a [`MemoryLog`].
#[derive(Debug, Clone)]
struct MemoryReader {
    origin: Arc<str>,
    /// Guards all entries and indexes together, for the length of one call.
    kept: Arc<RwLock<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: Vec<Arc<[u8]>>,
    leaves: Vec<Hash>,
    frontier: Frontier,
    streams: BTreeMap<String, Vec<u64>>,
    commands: HashMap<Uuid, RecordedCommand>,
}

impl MemoryLog {
    /// An empty log.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self { reader: MemoryReader { origin: origin.into(), kept: Arc::default() }, last_recorded_at: None }
    }
}

impl EventLog for MemoryLog {
    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Result<Appended, AppendError> {
        let admitted = admit(&self.reader, self.last_recorded_at.as_deref(), expected_next, entries)?;
        let leaf_hashes = admitted.iter().map(|entry| entry.leaf).collect();
        self.last_recorded_at = admitted.last().map(|entry| entry.outline.recorded_at.clone());
        let mut kept = self.reader.kept.write().unwrap_or_else(PoisonError::into_inner);
        for (entry, admitted) in entries.iter().zip(admitted) {
            kept.keep(&entry.bytes, admitted);
        }
        Ok(Appended {
            first_position: expected_next,
            leaf_hashes,
            tree_size: kept.frontier.size(),
            root: kept.frontier.root(),
        })
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(self.reader.clone())
    }
}

impl Kept {
    fn keep(&mut self, bytes: &[u8], admitted: Admitted) {
        let position = self.frontier.size();
        self.entries.push(bytes.into());
        self.leaves.push(admitted.leaf);
        self.frontier.push(admitted.leaf);
        for link in admitted.outline.streams {
            self.streams.entry(link.stream).or_default().push(position);
        }
        self.commands.insert(
            admitted.outline.command_id,
            RecordedCommand { position, request_hash: admitted.outline.request_hash },
        );
    }

    fn head(&self) -> Head {
        Head { size: self.frontier.size(), root: self.frontier.root() }
    }

    fn beyond(&self, position: u64) -> ReadError {
        ReadError::BeyondEnd { position, size: self.frontier.size() }
    }
}

impl MemoryReader {
    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogReader for MemoryReader {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn head(&self) -> Head {
        self.kept().head()
    }

    fn health(&self) -> Health {
        let size = self.head().size;
        Health {
            write_state: WriteState::Writable,
            free_bytes: None,
            free_bytes_floor: 0,
            sealed_through: 0,
            indexed_through: size,
            verified_through: size,
            notes: Vec::new(),
        }
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        let kept = self.kept();
        usize::try_from(position)
            .ok()
            .and_then(|index| kept.entries.get(index))
            .map(|entry| entry.to_vec())
            .ok_or_else(|| kept.beyond(position))
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.check_end(to)?;
        if from > to {
            return Err(ReadError::Backwards { from, to });
        }
        for position in from..to {
            // The lock is not held while the caller works, so that the writer is never kept waiting.
            let entry = {
                let kept = self.kept();
                usize::try_from(position)
                    .ok()
                    .and_then(|index| kept.entries.get(index))
                    .cloned()
                    .ok_or_else(|| kept.beyond(position))?
            };
            if each(position, &entry).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        let kept = self.kept();
        let range = 1_u64
            .checked_shl(u32::from(level))
            .and_then(|width| Some(index.checked_mul(width)?..index.checked_add(1)?.checked_mul(width)?));
        let Some(range) = range else {
            return Err(kept.beyond(u64::MAX));
        };
        let (Ok(start), Ok(end)) = (usize::try_from(range.start), usize::try_from(range.end)) else {
            return Err(kept.beyond(range.end));
        };
        kept.leaves.get(start..end).and_then(complete_root).ok_or_else(|| kept.beyond(range.end))
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        let kept = self.kept();
        let Some(positions) = kept.streams.get(stream) else {
            return Ok(None);
        };
        let last = positions.last().copied().and_then(|position| {
            let leaf = kept.leaves.get(usize::try_from(position).ok()?)?;
            Some(StreamHead { version: positions.len() as u64, last_position: position, last_leaf_hash: *leaf })
        });
        Ok(last)
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        let kept = self.kept();
        let positions =
            kept.streams.get(stream).and_then(|positions| positions.get(usize::try_from(from_version).ok()?..));
        Ok(positions.unwrap_or_default().to_vec())
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            Some(_) | None => Bound::Included(prefix),
        };
        Ok(self
            .kept()
            .streams
            .range::<str, _>((start, Bound::Unbounded))
            .map(|(stream, _)| stream)
            .take_while(|stream| stream.starts_with(prefix))
            .take(limit)
            .cloned()
            .collect())
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        Ok(self.kept().commands.get(&command_id).copied())
    }
}

/// A log is its own reader.
impl LogReader for MemoryLog {
    fn origin(&self) -> &str {
        self.reader.origin()
    }

    fn head(&self) -> Head {
        self.reader.head()
    }

    fn health(&self) -> Health {
        self.reader.health()
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        self.reader.read(position)
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.reader.scan(from, to, each)
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        self.reader.subtree_root(level, index)
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        self.reader.stream_head(stream)
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        self.reader.stream_positions(stream, from_version)
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        self.reader.streams(prefix, after, limit)
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        self.reader.find_command(command_id)
    }
}
