//! Reading a sled log: sealed ranges from their segments, the tail from the store.

use std::sync::Arc;

use uuid::Uuid;

use super::shared::{Live, Shared};
use crate::block::Decoded;
use crate::disk;
use crate::entry::{Outline, stored_leaf_hash};
use crate::event_log::{Each, Head, Health, LogReader, ReadError, RecordedCommand, StreamHead};
use crate::hash::Hash;
use crate::merkle::{complete_root, node_hash};
use crate::segment::{BUNDLE_ENTRIES, BUNDLE_LEVEL, SEGMENT_ENTRIES, SEGMENT_LEVEL, Segment, SegmentError};

/// The reading side of a sled log.
#[derive(Debug, Clone)]
pub(crate) struct SledReader {
    shared: Arc<Shared>,
}

impl SledReader {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl LogReader for SledReader {
    fn origin(&self) -> &str {
        &self.shared.identity().origin
    }

    fn head(&self) -> Head {
        self.shared.live().head
    }

    fn health(&self) -> Health {
        let free_bytes = disk::free_bytes(self.shared.directory().root()).ok();
        let live = self.shared.live();
        Health {
            write_state: live.write_state.clone(),
            free_bytes,
            free_bytes_floor: self.shared.free_bytes_floor(),
            sealed_through: live.sealed_through(),
            indexed_through: live.indexed_through,
            verified_through: live.verified_through,
            notes: live.notes.clone(),
        }
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        let size = self.tree_size();
        if position >= size {
            return Err(ReadError::BeyondEnd { position, size });
        }
        let run = match self.shared.decoded().find(position, position + 1) {
            Some(run) => run,
            None => {
                let run = self.shared.run_with(position)?;
                self.shared.decoded().keep(&run);
                run
            }
        };
        run.get(position).map(<[u8]>::to_vec).ok_or_else(|| self.shared.missing(position))
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.check_end(to)?;
        if from > to {
            return Err(ReadError::Backwards { from, to });
        }
        let mut position = from;
        while position < to {
            let run = self.shared.run_covering(position)?;
            let end = run.end().min(to);
            while position < end {
                let entry = run.get(position).ok_or_else(|| self.shared.missing(position))?;
                if each(position, entry).is_break() {
                    return Ok(());
                }
                position += 1;
            }
        }
        Ok(())
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        let size = self.tree_size();
        let end = 1_u64
            .checked_shl(u32::from(level))
            .and_then(|width| index.checked_add(1)?.checked_mul(width))
            .filter(|end| *end <= size);
        if end.is_none() {
            return Err(ReadError::BeyondEnd { position: end.unwrap_or(u64::MAX), size });
        }
        self.shared.subtree_root(level, index)
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        let in_tail = self.shared.live().tail.stream_head(stream);
        match in_tail {
            Some(head) => Ok(Some(head)),
            None => self.shared.index_or_error()?.stream_head(stream),
        }
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        let (tail_from, in_tail) = {
            let live = self.shared.live();
            let mut in_tail = Vec::new();
            live.tail.stream_positions(stream, from_version, &mut in_tail);
            (live.tail.first_version(stream), in_tail)
        };
        if tail_from.is_some_and(|tail_from| tail_from <= from_version) {
            return Ok(in_tail);
        }
        let mut positions = Vec::new();
        self.shared.index_or_error()?.stream_positions(stream, from_version, &mut positions)?;
        if let Some(tail_from) = tail_from {
            // The tail may have been stored since it was looked at: what it gave is not to be given
            // twice.
            let below = usize::try_from(tail_from - from_version).unwrap_or(usize::MAX);
            positions.truncate(below);
            positions.extend(in_tail);
        }
        Ok(positions)
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        let mut names = std::collections::BTreeSet::new();
        self.shared.live().tail.streams(prefix, after, limit, &mut names);
        self.shared.index_or_error()?.streams(prefix, after, limit, &mut names)?;
        Ok(names.into_iter().take(limit).collect())
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        let in_tail = self.shared.live().tail.command(command_id);
        let position = match in_tail {
            Some(position) => Some(position),
            None => self.shared.index_or_error()?.command(command_id)?,
        };
        let Some(position) = position else {
            return Ok(None);
        };
        let outline = Outline::parse_canonical(&self.read(position)?)
            .ok()
            .filter(|outline| outline.command_id == command_id)
            .ok_or_else(|| ReadError::Index {
                path: self.shared.directory().index(),
                cause: format!("command {command_id} is not at position {position}"),
            })?;
        Ok(Some(RecordedCommand { position, request_hash: outline.request_hash }))
    }
}

impl Live {
    pub(crate) fn sealed_through(&self) -> u64 {
        self.sealed.last().map_or(0, |segment| segment.end())
    }

    fn segment_covering(&self, position: u64) -> Option<Arc<Segment>> {
        let index = usize::try_from(position / SEGMENT_ENTRIES).ok()?;
        self.sealed.get(index).cloned()
    }

    /// The root of a subtree within the unsealed leaves.
    fn unsealed_root(&self, level: u8, index: u64) -> Option<Hash> {
        let part = |hashes: &[Hash], shift: u8| {
            let start = (index << (level - shift)).checked_sub(self.unsealed.first >> shift)?;
            let start = usize::try_from(start).ok()?;
            complete_root(hashes.get(start..start + (1 << (level - shift)))?)
        };
        if level >= BUNDLE_LEVEL { part(&self.unsealed.bundles, BUNDLE_LEVEL) } else { part(&self.unsealed.leaves, 0) }
    }
}

impl Shared {
    /// The run of entries, from a segment or the store, that covers a position below the size: as many as are stored
    /// together.
    pub(crate) fn run_covering(&self, position: u64) -> Result<Arc<Decoded>, ReadError> {
        self.run_by(position, |segment| {
            let bundle = (position - segment.first()) / BUNDLE_ENTRIES;
            let entries = segment.bundle(bundle)?;
            Ok(Decoded { first: segment.first() + bundle * BUNDLE_ENTRIES, entries })
        })
    }

    /// The same of as few entries as can be unpacked.
    fn run_with(&self, position: u64) -> Result<Arc<Decoded>, ReadError> {
        self.run_by(position, |segment| segment.packed_with(position))
    }

    fn run_by(
        &self,
        position: u64,
        of: impl FnOnce(&Segment) -> Result<Decoded, SegmentError>,
    ) -> Result<Arc<Decoded>, ReadError> {
        let segment = self.live().segment_covering(position);
        if let Some(segment) = segment {
            match of(&segment) {
                Ok(run) => return Ok(Arc::new(run)),
                // The store has the same entries; the damage is kept for the operator to see.
                Err(error) => self.note(segment.path().to_owned(), error.to_string()),
            }
        }
        self.stored_run(position)
    }

    /// The bytes at a position in every copy that can be read; the store's must be.
    pub(crate) fn copies_of(&self, position: u64) -> Result<Vec<Vec<u8>>, ReadError> {
        let segment = self.live().segment_covering(position);
        let sealed = segment.and_then(|segment| segment.packed_with(position).ok()?.get(position).map(<[u8]>::to_vec));
        let run = self.stored_run(position)?;
        let stored = run.get(position).ok_or_else(|| self.missing(position))?.to_vec();
        Ok(sealed.into_iter().chain([stored]).collect())
    }

    fn stored_run(&self, position: u64) -> Result<Arc<Decoded>, ReadError> {
        let Some(store) = self.store() else {
            return Err(self.missing(position));
        };
        let block = store
            .block_covering(position)
            .map_err(|problem| ReadError::Damaged {
                position: problem.position,
                path: store.path().to_owned(),
                finding: problem.cause,
            })?
            .ok_or_else(|| self.missing(position))?;
        Ok(Arc::new(Decoded { first: block.first, entries: block.entries }))
    }

    pub(crate) fn missing(&self, position: u64) -> ReadError {
        ReadError::Damaged { position, path: self.directory().log(), finding: "the entry is missing".to_owned() }
    }

    fn index_or_error(&self) -> Result<&crate::index::StoredIndex, ReadError> {
        self.index()
            .ok_or_else(|| ReadError::Index { path: self.directory().index(), cause: "it is not open".to_owned() })
    }

    /// The root of a complete subtree that lies below the size.
    pub(crate) fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        if level > SEGMENT_LEVEL {
            let left = self.subtree_root(level - 1, index * 2)?;
            let right = self.subtree_root(level - 1, index * 2 + 1)?;
            return Ok(node_hash(&left, &right));
        }
        let first = index << level;
        let live = self.live();
        let Some(segment) = live.segment_covering(first) else {
            return live.unsealed_root(level, index).ok_or_else(|| self.missing(first));
        };
        drop(live);
        self.sealed_root(&segment, level, first)
    }

    fn sealed_root(&self, segment: &Segment, level: u8, first: u64) -> Result<Hash, ReadError> {
        if level == SEGMENT_LEVEL {
            return Ok(segment.root());
        }
        let offset = first - segment.first();
        if level >= BUNDLE_LEVEL {
            let bundle = usize::try_from(offset / BUNDLE_ENTRIES).unwrap_or(usize::MAX);
            let roots = segment.bundle_roots(bundle, bundle.saturating_add(1 << (level - BUNDLE_LEVEL)));
            return complete_root(&roots).ok_or_else(|| self.missing(first));
        }
        let run = match self.decoded().find(first, first + (1 << level)) {
            Some(run) => run,
            None => {
                let run = self.run_covering(first)?;
                self.decoded().keep(&run);
                run
            }
        };
        let mut leaves = Vec::with_capacity(1 << level);
        for position in first..first + (1 << level) {
            match run.get(position) {
                Some(entry) => leaves.push(stored_leaf_hash(entry)),
                // A block of the store may end within the subtree; a bundle never does.
                None => leaves.push(stored_leaf_hash(
                    self.run_covering(position)?.get(position).ok_or_else(|| self.missing(position))?,
                )),
            }
        }
        complete_root(&leaves).ok_or_else(|| self.missing(first))
    }
}
