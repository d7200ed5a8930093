//! Finding the entries: position by position, from whichever copy is sound.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::RepairError;
use super::carve::Carved;
use crate::copies::{Copies, Segments};
use crate::entry::stored_leaf_hash;
use crate::event_log::Head;
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::sled_log::{OnProgress, Progress, Stage};
use crate::store::BlockStore;

const PROGRESS_ENTRIES: u64 = 4096;

/// Which copy is taken where both are sound and yet differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preference {
    Sealed,
    Stored,
}

/// What is there.
#[derive(Debug, Clone)]
pub(super) struct Recovered {
    pub(super) head: Head,
    /// Positions that only the segments have, or have right.
    pub(super) from_segments: Vec<Range<u64>>,
    /// Entries that only the raw bytes of a store's file have.
    pub(super) salvaged: BTreeMap<u64, Vec<u8>>,
    /// Whether the store has not exactly these entries.
    pub(super) store_is_unsound: bool,
    pub(super) preference: Preference,
    root_at_witness: Option<Hash>,
}

/// Walks the copies as far as there is one, and compares the root with the acknowledged one.
pub(super) fn recover(
    store: Option<&BlockStore>,
    store_path: &Path,
    segments: &Segments,
    carved: &Carved,
    acknowledged: Option<Head>,
    progress: &mut OnProgress<'_>,
) -> Result<Recovered, RepairError> {
    let mut first_root = None;
    let nothing = Carved::default();
    let attempts = [(Preference::Sealed, carved), (Preference::Stored, carved), (Preference::Sealed, &nothing)];
    for (preference, carved) in attempts {
        let copies = Copies::new(store, store_path.to_owned(), segments);
        let walk = Walk::new(copies, preference, carved, acknowledged);
        let recovered = walk.run(progress);
        let Some(acknowledged) = acknowledged else {
            return Ok(recovered.with_tail_checked(store));
        };
        match recovered.root_at_witness {
            Some(root) if root != acknowledged.root => {
                first_root = first_root.or(Some((acknowledged, root)));
            }
            Some(_) | None => return Ok(recovered.with_tail_checked(store)),
        }
    }
    let (acknowledged, found) =
        first_root.unwrap_or((Head { size: 0, root: crate::merkle::empty_root() }, crate::merkle::empty_root()));
    Err(RepairError::AnotherRoot { size: acknowledged.size, found, acknowledged: acknowledged.root })
}

impl Recovered {
    /// A store with anything unreadable or out of place above the last whole commit is unsound too:
    /// only the blocks of one interrupted commit may be there.
    fn with_tail_checked(mut self, store: Option<&BlockStore>) -> Self {
        let Some(store) = store else {
            return self;
        };
        let mut position = self.head.size;
        loop {
            match store.block_from(position) {
                Ok(None) => return self,
                Ok(Some(block)) if block.first == position && !block.last_of_commit => {
                    position = block.end();
                }
                Ok(Some(_)) | Err(_) => {
                    self.store_is_unsound = true;
                    return self;
                }
            }
        }
    }
}

struct Walk<'a> {
    copies: Copies<'a>,
    carved: &'a Carved,
    salvaged: BTreeMap<u64, Vec<u8>>,
    preference: Preference,
    acknowledged: Option<Head>,
    frontier: Frontier,
    from_segments: Vec<Range<u64>>,
    root_at_witness: Option<Hash>,
}

/// What one position gives.
struct Chosen {
    bytes: Vec<u8>,
    /// Whether the log may end after it.
    whole: bool,
    store_has_it: bool,
}

impl<'a> Walk<'a> {
    fn new(copies: Copies<'a>, preference: Preference, carved: &'a Carved, acknowledged: Option<Head>) -> Self {
        let root_at_witness =
            acknowledged.filter(|acknowledged| acknowledged.size == 0).map(|_| crate::merkle::empty_root());
        Self {
            copies,
            carved,
            salvaged: BTreeMap::new(),
            preference,
            acknowledged,
            frontier: Frontier::new(),
            from_segments: Vec::new(),
            root_at_witness,
        }
    }

    fn run(mut self, progress: &mut OnProgress<'_>) -> Recovered {
        let mut whole = (Frontier::new(), 0);
        loop {
            let Some(chosen) = self.choose() else {
                if !self.salvage_commit() {
                    break;
                }
                whole = (self.frontier.clone(), self.from_segments.len());
                continue;
            };
            let position = self.frontier.size();
            if !chosen.store_has_it {
                self.take_from_segment(position);
            }
            self.push(&chosen.bytes);
            if chosen.whole {
                whole = (self.frontier.clone(), self.from_segments.len());
            }
            let size = position + 1;
            if size.is_multiple_of(PROGRESS_ENTRIES) {
                let total = self.acknowledged.map_or(size, |head| head.size.max(size));
                progress(Progress { stage: Stage::Repairing, done: size, total });
            }
        }
        let (frontier, ranges) = whole;
        self.from_segments.truncate(ranges);
        Recovered {
            head: Head { size: frontier.size(), root: frontier.root() },
            store_is_unsound: !self.from_segments.is_empty() || !self.salvaged.is_empty(),
            from_segments: self.from_segments,
            salvaged: self.salvaged,
            preference: self.preference,
            root_at_witness: self
                .root_at_witness
                .filter(|_| self.acknowledged.is_some_and(|head| head.size <= frontier.size())),
        }
    }

    fn push(&mut self, entry: &[u8]) {
        self.frontier.push(stored_leaf_hash(entry));
        if self.acknowledged.is_some_and(|head| head.size == self.frontier.size()) {
            self.root_at_witness = Some(self.frontier.root());
        }
    }

    /// Takes the rest of a commit from the raw bytes of the store, if it is there.
    fn salvage_commit(&mut self) -> bool {
        let Some(entries) = self.carved.commit_after(&self.frontier) else {
            return false;
        };
        for entry in entries {
            self.push(&entry);
            self.salvaged.insert(self.frontier.size() - 1, entry);
        }
        true
    }

    fn choose(&mut self) -> Option<Chosen> {
        let pair = self.copies.at(self.frontier.size());
        choose(pair, self.preference)
    }

    fn take_from_segment(&mut self, position: u64) {
        match self.from_segments.last_mut() {
            Some(range) if range.end == position => range.end += 1,
            Some(_) | None => self.from_segments.push(position..position + 1),
        }
    }
}

fn choose(pair: crate::copies::Pair<'_>, preference: Preference) -> Option<Chosen> {
    let sealed = pair.sealed.and_then(Result::ok);
    match (pair.stored.ok(), sealed) {
        (Some(stored), Some(sealed)) => {
            let same = stored.bytes == sealed.bytes;
            let keep_stored = same || preference == Preference::Stored;
            Some(Chosen {
                bytes: if keep_stored { stored.bytes } else { sealed.bytes }.to_vec(),
                whole: true,
                store_has_it: keep_stored,
            })
        }
        (Some(stored), None) => {
            Some(Chosen { bytes: stored.bytes.to_vec(), whole: stored.ends_commit, store_has_it: true })
        }
        (None, Some(sealed)) => Some(Chosen { bytes: sealed.bytes.to_vec(), whole: true, store_has_it: false }),
        (None, None) => None,
    }
}

/// The entry that a repair takes at a position it has found before.
pub(super) fn entry_at(copies: &mut Copies<'_>, position: u64, recovered: &Recovered) -> Option<Vec<u8>> {
    match recovered.salvaged.get(&position) {
        Some(entry) => Some(entry.clone()),
        None => choose(copies.at(position), recovered.preference).map(|chosen| chosen.bytes),
    }
}
