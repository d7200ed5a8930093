//! Reading the tail of the log: everything above the sealed segments.

use std::path::PathBuf;

use crate::block::Block;
use crate::directory::Directory;
use crate::entry::stored_leaf_hash;
use crate::event_log::Degraded;
use crate::merkle::Frontier;
use crate::sealed::SealedRow;
use crate::sled_log::shared::Unsealed;
use crate::sled_log::{OnProgress, Progress, Stage};
use crate::store::BlockStore;

/// The tail as far as it is whole.
pub(super) struct Tail {
    pub(super) path: PathBuf,
    pub(super) unsealed: Unsealed,
    pub(super) frontier: Frontier,
    pub(super) last_entry: Option<Vec<u8>>,
    /// Tree sizes at which commits ended, ascending.
    pub(super) commit_ends: Vec<u64>,
    /// Keys of blocks of a commit that has no end.
    pub(super) unfinished: Vec<u64>,
    /// What ended the tail, if it did not simply end.
    pub(super) broken: Option<Degraded>,
}

/// The part of the tail up to the last whole commit.
struct Whole {
    leaves: usize,
    frontier: Frontier,
    last_entry: Option<Vec<u8>>,
}

pub(super) fn read_tail(
    store: Option<&BlockStore>,
    sealed: &SealedRow,
    directory: &Directory,
    progress: &mut OnProgress<'_>,
) -> Tail {
    let start = sealed.end();
    let frontier = sealed.segments.last().map_or(Frontier::new(), |segment| segment.frontier().clone());
    let mut tail = Tail {
        path: directory.log(),
        unsealed: Unsealed::above(start),
        frontier,
        last_entry: None,
        commit_ends: Vec::new(),
        unfinished: Vec::new(),
        broken: None,
    };
    if let Some(store) = store {
        tail.read(store, start, progress);
    }
    tail
}

impl Tail {
    fn read(&mut self, store: &BlockStore, start: u64, progress: &mut OnProgress<'_>) {
        let mut whole = self.whole();
        let mut reported = start;
        loop {
            let position = self.frontier.size();
            let block = match self.next_block(store, start, position) {
                Ok(Some(block)) => block,
                Ok(None) => break,
                Err(reason) => {
                    self.broken = Some(reason);
                    break;
                }
            };
            self.take(&block, position);
            if self.broken.is_some() {
                break;
            }
            if block.last_of_commit {
                self.commit_ends.push(block.end());
                self.unfinished.clear();
                whole = self.whole();
            } else {
                self.unfinished.push(block.first);
            }
            if self.frontier.size() - reported >= 4096 {
                reported = self.frontier.size();
                progress(Progress { stage: Stage::ReadingTail, done: reported - start, total: reported - start });
            }
        }
        self.return_to(whole, start);
    }

    /// The block that covers `position`, for the first, or begins there, for the others.
    fn next_block(&self, store: &BlockStore, start: u64, position: u64) -> Result<Option<Block>, Degraded> {
        let unreadable = |problem: crate::store::StoreProblem| Degraded::Store {
            path: store.path().to_owned(),
            position: problem.position,
            cause: problem.cause,
        };
        if position == start {
            let covering = store.block_covering(position).map_err(unreadable)?;
            if covering.is_some() {
                return Ok(covering);
            }
            if start > 0 && store.block_covering(start - 1).map_err(unreadable)?.is_none() {
                return Err(Degraded::Store {
                    path: store.path().to_owned(),
                    position: start - 1,
                    cause: "entries that are sealed are missing in the store".to_owned(),
                });
            }
        }
        match store.block_from(position).map_err(unreadable)? {
            Some(block) if block.first != position => Err(Degraded::Gap { expected: position, found: block.first }),
            found => Ok(found),
        }
    }

    /// Adds the entries of a block from `position` on.
    fn take(&mut self, block: &Block, position: u64) {
        for at in position..block.end() {
            let Some(entry) = block.entry(at) else {
                break;
            };
            let leaf = stored_leaf_hash(entry);
            self.frontier.push(leaf);
            self.unsealed.push(leaf);
            if at + 1 == block.end() {
                self.last_entry = Some(entry.to_vec());
            }
        }
        let root = self.frontier.root();
        if root != block.root {
            self.broken = Some(Degraded::RootMismatch { size: block.end(), log_root: root, witness_root: block.root });
        }
    }

    fn whole(&self) -> Whole {
        Whole {
            leaves: self.unsealed.leaves.len(),
            frontier: self.frontier.clone(),
            last_entry: self.last_entry.clone(),
        }
    }

    /// Leaves out what came after the last whole commit.
    fn return_to(&mut self, whole: Whole, start: u64) {
        if self.unsealed.leaves.len() > whole.leaves {
            let leaves = std::mem::take(&mut self.unsealed).leaves;
            self.unsealed = Unsealed::above(start);
            for leaf in leaves.into_iter().take(whole.leaves) {
                self.unsealed.push(leaf);
            }
        }
        self.frontier = whole.frontier;
        self.last_entry = whole.last_entry;
    }
}
