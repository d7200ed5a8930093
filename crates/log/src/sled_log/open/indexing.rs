//! Loading the index at open: what is stored is used if it fits the log, the rest is built anew.

use std::fs;
use std::io;

use super::root_at;
use crate::entry::{Outline, stored_leaf_hash};
use crate::event_log::{Degraded, Head, ReadError};
use crate::index::{FullChunk, IndexTail, StoredIndex};
use crate::sled_log::shared::Shared;
use crate::sled_log::{OnProgress, OpenOptions, Progress, Stage};

/// How many full chunks may be left for the background thread.
const CHUNKS_LEFT_MAX: usize = 4;

/// Fills the index up to `size`. Returns the reason if an entry cannot be read on the way.
pub(super) fn load(
    shared: &mut Shared,
    options: &OpenOptions,
    size: u64,
    progress: &mut OnProgress<'_>,
) -> Option<Degraded> {
    let path = shared.directory().index();
    let mut indexed_through = 0;
    match fitting(shared, size) {
        Ok((index, checkpoint)) => {
            indexed_through = checkpoint;
            shared.set_index(Some(index));
        }
        Err(cause) => shared.note(path, cause),
    }
    {
        let mut live = shared.live_mut();
        live.tail = IndexTail::above(indexed_through);
        live.indexed_through = indexed_through;
    }
    fill(shared, options, indexed_through, size, progress)
}

/// The stored index and its checkpoint; one that does not belong to this log is begun anew.
fn fitting(shared: &Shared, size: u64) -> Result<(StoredIndex, u64), String> {
    let path = shared.directory().index();
    let there = path.exists();
    let opened = StoredIndex::open(&path);
    let finding = match opened {
        Ok(index) => match index.checkpoint() {
            Ok(None) => return Ok((index, 0)),
            Ok(Some(head)) if fits(shared, head, size) => return Ok((index, head.size)),
            Ok(Some(head)) => format!("it goes to {}, which is not in this log", head.size),
            Err(error) => error.to_string(),
        },
        Err(cause) => cause,
    };
    if there {
        shared.note(path.clone(), format!("the index is built anew: {finding}"));
    }
    match fs::remove_dir_all(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.to_string()),
    }
    Ok((StoredIndex::open(&path)?, 0))
}

fn fits(shared: &Shared, head: Head, size: u64) -> bool {
    head.size <= size && root_at(shared, head.size).is_ok_and(|root| root == head.root)
}

/// Adds the entries `from..size`, and stores full chunks when too many have come together.
fn fill(
    shared: &Shared,
    options: &OpenOptions,
    from: u64,
    size: u64,
    progress: &mut OnProgress<'_>,
) -> Option<Degraded> {
    let mut position = from;
    while position < size {
        let unreadable =
            |position, cause: String| Some(Degraded::Store { path: shared.directory().log(), position, cause });
        let run = match shared.run_covering(position) {
            Ok(run) => run,
            Err(error) => return unreadable(position, error.to_string()),
        };
        let end = run.end().min(size);
        while position < end {
            let Some(entry) = run.get(position) else {
                return unreadable(position, "it is missing".to_owned());
            };
            let outline = match Outline::parse_canonical(entry) {
                Ok(outline) => outline,
                Err(error) => return unreadable(position, error.to_string()),
            };
            if let Err(error) = add(shared, position, entry, &outline) {
                return unreadable(position, error.to_string());
            }
            position += 1;
        }
        store_excess(shared, options);
        progress(Progress { stage: Stage::Indexing, done: position - from, total: size - from });
    }
    None
}

fn add(shared: &Shared, position: u64, entry: &[u8], outline: &Outline) -> Result<(), ReadError> {
    let leaf = stored_leaf_hash(entry);
    let after = position + 1;
    let root = if after.is_multiple_of(crate::index::CHUNK_ENTRIES) { Some(root_at(shared, after)?) } else { None };
    shared
        .live_mut()
        .tail
        .add(leaf, outline.command_id, &outline.streams, || Head { size: after, root: root.unwrap_or(leaf) });
    Ok(())
}

/// Stores the oldest chunks now, so that a long rebuild does not need the memory of the whole log.
fn store_excess(shared: &Shared, options: &OpenOptions) {
    let Some(index) = shared.index() else {
        return;
    };
    loop {
        let oldest: Option<std::sync::Arc<FullChunk>> = {
            let live = shared.live();
            live.tail.oldest_full().filter(|_| live.tail.waiting() > CHUNKS_LEFT_MAX)
        };
        let Some(full) = oldest else {
            return;
        };
        let written = index.write(&full.chunk, full.after, &options.fault);
        if let Err(cause) = written.and_then(|()| index.bring_together()) {
            shared.note(shared.directory().index(), cause);
            return;
        }
        let mut live = shared.live_mut();
        live.tail.forget_oldest();
        live.indexed_through = full.after.size;
    }
}
