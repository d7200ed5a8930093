//! Writing a copy anew: the store from what was recovered, a segment from the store.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::recover::{Recovered, entry_at};
use super::{Bench, RepairError, io_error};
use crate::block::encode_commit;
use crate::copies::{Copies, Segments};
use crate::directory::{Directory, Identity};
use crate::disk;
use crate::entry::stored_leaf_hash;
use crate::event_log::NewEntry;
use crate::fault::FaultHook;
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::sealed;
use crate::segment::{Segment, SegmentWriter};
use crate::sled_log::sync_store_files;
use crate::store::BlockStore;

/// Entries in one commit of a rebuilt store.
const COMMIT_ENTRIES: u64 = 1024;

/// A store that has been written beside the old one and closed again.
pub(super) struct Rebuilt {
    path: PathBuf,
}

impl Rebuilt {
    /// Opens it where it is now.
    pub(super) fn reopen(self, bench: &Bench<'_>) -> Result<BlockStore, RepairError> {
        BlockStore::open(&self.path, bench.options.open.cache_bytes)
            .map_err(|cause| RepairError::Engine { path: self.path, cause })
    }
}

/// Writes all recovered entries into a new store beside the old one.
pub(super) fn rebuild_store(
    bench: &Bench<'_>,
    old: Option<&BlockStore>,
    segments: &Segments,
    identity: &Identity,
    recovered: &Recovered,
) -> Result<Rebuilt, RepairError> {
    let final_path = bench.directory.log();
    let path = disk::with_suffix(&final_path, "rebuilt");
    match fs::remove_dir_all(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(io_error(&path)(error));
        }
        Ok(()) | Err(_) => {}
    }
    let refused = |cause: String| RepairError::Engine { path: path.clone(), cause };
    let store = BlockStore::open(&path, bench.options.open.cache_bytes).map_err(refused)?;
    let copy = identity.to_bytes().map_err(io_error(&path))?;
    store.set_identity(&copy, &FaultHook::default()).map_err(refused)?;
    let mut copies = Copies::new(old, final_path.clone(), segments);
    let mut frontier = Frontier::new();
    while frontier.size() < recovered.head.size {
        let end = recovered.head.size.min(frontier.size() + COMMIT_ENTRIES);
        let entries = (frontier.size()..end)
            .map(|position| {
                let bytes = entry_at(&mut copies, position, recovered);
                bytes.map(|bytes| NewEntry { bytes })
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| refused("an entry that was read before cannot be read again".into()))?;
        let leaves: Vec<Hash> = entries.iter().map(|entry| stored_leaf_hash(&entry.bytes)).collect();
        let commit = encode_commit(&entries, &leaves, &mut frontier).map_err(io_error(&path))?;
        store.write(commit, &FaultHook::default()).map_err(refused)?;
    }
    if frontier.root() != recovered.head.root {
        return Err(refused("the rebuilt store has another root".to_owned()));
    }
    drop(store);
    sync_store_files(&path).map_err(io_error(&path))?;
    Ok(Rebuilt { path: final_path })
}

/// Seals the segment that comes after `row` from the store.
pub(super) fn reseal(
    store: &BlockStore,
    directory: &Directory,
    identity: &Identity,
    row: &[Arc<Segment>],
) -> Result<Segment, String> {
    let (place, frontier) = sealed::next(&identity.origin, row.last().map(Arc::as_ref));
    let writer = SegmentWriter::filled_from(store, &directory.segments(), &place, frontier)?;
    let root = writer.root().ok_or("the segment is not full")?;
    writer.finish(root, &FaultHook::default())
}
