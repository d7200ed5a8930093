//! What the writer, the readers and the background thread of a sled log have in common.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::keeper::Signal;
use crate::admission::Admitted;
use crate::block::Decoded;
use crate::directory::{Directory, Identity, LEDGER_FORMAT};
use crate::entry::EntryFormat;
use crate::event_log::{Degraded, Head, Note, WriteState};
use crate::hash::Hash;
use crate::index::{CHUNK_ENTRIES, IndexTail, StoredIndex};
use crate::lock::FolderLock;
use crate::merkle::{Frontier, complete_root};
use crate::segment::{BUNDLE_LEN, BUNDLES, SEGMENT_ENTRIES, SEGMENT_LEN, Segment};
use crate::store::BlockStore;
use crate::verify::Mark;

/// How many notes are kept; later ones are dropped, the first tell the cause.
const NOTES_MAX: usize = 100;
/// How many decoded blocks and bundles are kept, each up to a few hundred kilobytes.
const DECODED_MAX: usize = 32;

/// The open parts of one ledger's log.
#[derive(Debug)]
pub(crate) struct Shared {
    directory: Directory,
    identity: Identity,
    /// The identity once its format was raised, which happens at most once while a log is open.
    raised: OnceLock<Identity>,
    store: Option<BlockStore>,
    index: Option<StoredIndex>,
    free_bytes_floor: u64,
    signal: Signal,
    /// Guards what changes with each append. Held for moments only, never across input or output.
    live: RwLock<Live>,
    decoded: DecodedCache,
    mark: Mark,
    /// Dropped last, when the store has closed its files.
    _lock: FolderLock,
}

/// What changes while the log is open.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) head: Head,
    pub(crate) frontier: Frontier,
    pub(crate) sealed: Vec<Arc<Segment>>,
    pub(crate) unsealed: Unsealed,
    pub(crate) tail: IndexTail,
    pub(crate) last_recorded_at: Option<String>,
    pub(crate) write_state: WriteState,
    pub(crate) indexed_through: u64,
    pub(crate) verified_through: u64,
    pub(crate) notes: Vec<Note>,
}

/// The leaf hashes above the sealed segments.
#[derive(Debug, Default)]
pub(crate) struct Unsealed {
    pub(crate) first: u64,
    pub(crate) leaves: Vec<Hash>,
    /// Roots of the full bundles among them.
    pub(crate) bundles: Vec<Hash>,
}

impl Unsealed {
    pub(crate) fn above(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    pub(crate) fn push(&mut self, leaf: Hash) {
        self.leaves.push(leaf);
        if self.leaves.len().is_multiple_of(BUNDLE_LEN) {
            let start = self.leaves.len() - BUNDLE_LEN;
            let full = self.leaves.get(start..).and_then(complete_root);
            self.bundles.extend(full);
        }
    }

    /// The root of the first segment's worth of leaves, once there are that many.
    pub(crate) fn segment_root(&self) -> Option<Hash> {
        self.bundles.get(..BUNDLES).and_then(complete_root)
    }

    /// Forgets the leaves of a segment that has been sealed.
    pub(crate) fn forget_segment(&mut self) {
        self.leaves.drain(..SEGMENT_LEN);
        self.bundles.drain(..BUNDLES);
        self.first += SEGMENT_ENTRIES;
    }
}

/// What is handed to [`Shared::new`].
pub(crate) struct Parts {
    pub(crate) directory: Directory,
    pub(crate) identity: Identity,
    pub(crate) store: Option<BlockStore>,
    pub(crate) index: Option<StoredIndex>,
    pub(crate) free_bytes_floor: u64,
    pub(crate) live: Live,
    pub(crate) lock: FolderLock,
}

impl Shared {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            directory: parts.directory,
            identity: parts.identity,
            raised: OnceLock::new(),
            store: parts.store,
            index: parts.index,
            free_bytes_floor: parts.free_bytes_floor,
            signal: Signal::default(),
            live: RwLock::new(parts.live),
            decoded: DecodedCache::default(),
            mark: Mark::default(),
            _lock: parts.lock,
        }
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(crate) fn identity(&self) -> &Identity {
        self.raised.get().unwrap_or(&self.identity)
    }

    /// The identity as it must be on the device before an entry of `format` is; `None` when it is that already.
    ///
    /// It is raised to the newest format at once, and so only once.
    pub(crate) fn identity_for(&self, format: EntryFormat) -> Option<Identity> {
        (self.identity().format < format.number()).then(|| self.identity.raised_to(LEDGER_FORMAT))
    }

    /// Takes over an identity whose higher format is on the device, in the file and in the copy.
    pub(crate) fn raise(&self, identity: Identity) {
        tracing::info!(format = identity.format, "the ledger may hold entries of a newer format from now on");
        self.raised.get_or_init(|| identity);
    }

    pub(crate) fn store(&self) -> Option<&BlockStore> {
        self.store.as_ref()
    }

    pub(crate) fn index(&self) -> Option<&StoredIndex> {
        self.index.as_ref()
    }

    pub(crate) fn set_index(&mut self, index: Option<StoredIndex>) {
        self.index = index;
    }

    pub(crate) fn signal(&self) -> &Signal {
        &self.signal
    }

    pub(crate) fn free_bytes_floor(&self) -> u64 {
        self.free_bytes_floor
    }

    pub(crate) fn decoded(&self) -> &DecodedCache {
        &self.decoded
    }

    pub(crate) fn mark(&self) -> &Mark {
        &self.mark
    }

    pub(crate) fn live(&self) -> RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn live_mut(&self) -> RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets readers see a batch that has become durable.
    pub(crate) fn publish(&self, admitted: Vec<Admitted>, head: Head) {
        let mut live = self.live_mut();
        let before = live.head.size;
        for entry in admitted {
            let live = &mut *live;
            live.frontier.push(entry.leaf);
            live.unsealed.push(entry.leaf);
            let frontier = &live.frontier;
            live.tail.add(entry.leaf, entry.outline.command_id, &entry.outline.streams, || Head {
                size: frontier.size(),
                root: frontier.root(),
            });
            live.last_recorded_at = Some(entry.outline.recorded_at);
        }
        live.head = head;
        drop(live);
        if before / CHUNK_ENTRIES != head.size / CHUNK_ENTRIES {
            self.signal.there_is_work();
        }
    }

    pub(crate) fn poison(&self, cause: &str) {
        let mut live = self.live_mut();
        live.write_state = WriteState::Poisoned { acknowledged: live.head.size, cause: cause.to_owned() };
    }

    /// Takes no more entries, because damage was found while the log was in use.
    pub(crate) fn degrade(&self, reason: Degraded) {
        let mut live = self.live_mut();
        if live.write_state != WriteState::Writable {
            return;
        }
        tracing::error!(%reason, "the log is read-only from now on");
        live.write_state = WriteState::ReadOnly(reason);
        drop(live);
        // A writer may be waiting for an index that nobody goes on with from here.
        self.signal.there_is_work();
    }

    /// Keeps a finding for [`crate::Health::notes`]; the same finding is kept once.
    pub(crate) fn note(&self, path: PathBuf, finding: String) {
        tracing::warn!(path = %path.display(), %finding, "the log noticed something");
        let mut live = self.live_mut();
        let note = Note { path, finding };
        if live.notes.len() < NOTES_MAX && !live.notes.contains(&note) {
            live.notes.push(note);
        }
    }
}

/// Entries decoded lately, by position, from blocks and bundles alike.
#[derive(Debug, Default)]
pub(crate) struct DecodedCache {
    /// Guards the short row of decoded runs, newest last, for the length of one look.
    runs: Mutex<VecDeque<Arc<Decoded>>>,
}

impl DecodedCache {
    /// A run that has all entries of a range.
    pub(crate) fn find(&self, from: u64, to: u64) -> Option<Arc<Decoded>> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().rev().find(|run| run.first <= from && to <= run.end()).cloned()
    }

    pub(crate) fn keep(&self, run: &Arc<Decoded>) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() >= DECODED_MAX {
            runs.pop_front();
        }
        runs.push_back(Arc::clone(run));
    }
}
