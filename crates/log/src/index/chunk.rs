//! The part of the index above the stored checkpoint, in chunks of the size in which it is stored.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use uuid::Uuid;

use super::{CHUNK_ENTRIES, StreamRun};
use crate::entry::StreamLink;
use crate::event_log::{Head, StreamHead};
use crate::hash::Hash;

/// What a row of consecutive entries adds to the index.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    streams: HashMap<String, StreamRun>,
    commands: HashMap<Uuid, u64>,
}

impl Chunk {
    /// Adds an entry. Its links continue the streams as they are.
    pub(crate) fn add(&mut self, position: u64, leaf: Hash, command_id: Uuid, streams: &[StreamLink]) {
        self.commands.insert(command_id, position);
        for link in streams {
            match self.streams.get_mut(&link.stream) {
                Some(run) => {
                    run.positions.push(position);
                    run.last_leaf = leaf;
                }
                None => {
                    let run = StreamRun { first_version: link.version, positions: vec![position], last_leaf: leaf };
                    self.streams.insert(link.stream.clone(), run);
                }
            }
        }
    }

    /// Command ids and their positions, sorted by id.
    pub(super) fn commands(&self) -> Vec<(&Uuid, &u64)> {
        let mut commands: Vec<_> = self.commands.iter().collect();
        commands.sort_unstable();
        commands
    }

    /// Streams and what the chunk knows of them, sorted by name.
    pub(super) fn streams(&self) -> Vec<(&String, &StreamRun)> {
        let mut streams: Vec<_> = self.streams.iter().collect();
        streams.sort_unstable_by_key(|(stream, _)| *stream);
        streams
    }
}

/// A full chunk, and the head of the log after it.
#[derive(Debug)]
pub(crate) struct FullChunk {
    pub(crate) chunk: Chunk,
    pub(crate) after: Head,
}

/// All chunks above the stored checkpoint: full ones that wait to be stored, and the growing one.
#[derive(Debug, Default)]
pub(crate) struct IndexTail {
    full: VecDeque<Arc<FullChunk>>,
    growing: Chunk,
    end: u64,
}

impl IndexTail {
    /// An empty tail above the checkpoint.
    pub(crate) fn above(checkpoint: u64) -> Self {
        Self { end: checkpoint, ..Self::default() }
    }

    /// Adds the next entry; `after` is asked for the head after it when that fills a chunk.
    pub(crate) fn add(&mut self, leaf: Hash, command_id: Uuid, streams: &[StreamLink], after: impl FnOnce() -> Head) {
        self.growing.add(self.end, leaf, command_id, streams);
        self.end += 1;
        if self.end.is_multiple_of(CHUNK_ENTRIES) {
            let chunk = std::mem::take(&mut self.growing);
            self.full.push_back(Arc::new(FullChunk { chunk, after: after() }));
        }
    }

    /// The oldest full chunk.
    pub(crate) fn oldest_full(&self) -> Option<Arc<FullChunk>> {
        self.full.front().cloned()
    }

    /// Forgets the oldest full chunk, which has been stored.
    pub(crate) fn forget_oldest(&mut self) {
        self.full.pop_front();
    }

    /// How many chunks wait to be stored.
    pub(crate) fn waiting(&self) -> usize {
        self.full.len()
    }

    fn newest_first(&self) -> impl Iterator<Item = &Chunk> {
        std::iter::once(&self.growing).chain(self.full.iter().rev().map(|full| &full.chunk))
    }

    pub(crate) fn command(&self, command_id: Uuid) -> Option<u64> {
        self.newest_first().find_map(|chunk| chunk.commands.get(&command_id).copied())
    }

    pub(crate) fn stream_head(&self, stream: &str) -> Option<StreamHead> {
        let run = self.newest_first().find_map(|chunk| chunk.streams.get(stream))?;
        Some(StreamHead {
            version: run.first_version + run.positions.len() as u64,
            last_position: *run.positions.last()?,
            last_leaf_hash: run.last_leaf,
        })
    }

    /// The first version of a stream that the tail knows.
    pub(crate) fn first_version(&self, stream: &str) -> Option<u64> {
        self.full
            .iter()
            .map(|full| &full.chunk)
            .chain(std::iter::once(&self.growing))
            .find_map(|chunk| chunk.streams.get(stream))
            .map(|run| run.first_version)
    }

    /// Appends the positions of a stream from `from_version` on.
    pub(crate) fn stream_positions(&self, stream: &str, from_version: u64, positions: &mut Vec<u64>) {
        let chunks = self.full.iter().map(|full| &full.chunk).chain(std::iter::once(&self.growing));
        for run in chunks.filter_map(|chunk| chunk.streams.get(stream)) {
            let wanted = (run.first_version..).zip(&run.positions).filter(|(version, _)| *version >= from_version);
            positions.extend(wanted.map(|(_, position)| *position));
        }
    }

    pub(crate) fn streams(&self, prefix: &str, after: Option<&str>, limit: usize, names: &mut BTreeSet<String>) {
        let wanted = |stream: &str| stream.starts_with(prefix) && after.is_none_or(|after| stream > after);
        for chunk in self.newest_first() {
            let mut found: Vec<&String> = chunk.streams.keys().filter(|stream| wanted(stream)).collect();
            found.sort_unstable();
            names.extend(found.into_iter().take(limit).cloned());
        }
    }
}
