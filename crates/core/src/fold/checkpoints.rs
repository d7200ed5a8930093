//! States kept along a history, so that folding need not begin at the beginning.

use std::sync::Arc;

/// Facts between two checkpoints, as long as there are few.
pub(super) const STRIDE_MIN: usize = 64;
/// Most checkpoints of one history; what lies between two of them is a like part of the whole.
const CHECKPOINTS_MAX: usize = 48;

/// The state after some facts, the earliest in the world first.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint<S> {
    /// How many facts it has taken in.
    pub(super) facts: usize,
    /// All of them stand below this position.
    pub(super) known: u64,
    /// What they left.
    pub(super) state: Arc<S>,
}

/// The checkpoints of one history, by how many facts they have taken in.
#[derive(Debug, Clone)]
pub(super) struct Checkpoints<S> {
    kept: Vec<Checkpoint<S>>,
}

impl<S> Default for Checkpoints<S> {
    fn default() -> Self {
        Self { kept: Vec::new() }
    }
}

impl<S: Clone> Checkpoints<S> {
    /// The newest one that has taken in at most `facts` facts, all of them below `known_below`.
    pub(super) fn before(&self, facts: usize, known_below: u64) -> Option<&Checkpoint<S>> {
        // Whoever has taken in more facts knows of no lower positions.
        let end = self.kept.partition_point(|kept| kept.facts <= facts && kept.known <= known_below);
        end.checked_sub(1).and_then(|last| self.kept.get(last))
    }

    /// Keeps the state after all facts so far, where the last one kept is a stride behind.
    pub(super) fn pass(&mut self, facts: usize, known: u64, state: &S) {
        if facts >= self.last() + STRIDE_MIN.max(facts / CHECKPOINTS_MAX) {
            self.keep(Checkpoint { facts, known, state: Arc::new(state.clone()) });
        }
    }

    /// Keeps one that has taken in more facts than all that are kept; beyond the most that are kept, the one goes
    /// whose neighbours are closest to each other.
    pub(super) fn keep(&mut self, checkpoint: Checkpoint<S>) {
        self.kept.push(checkpoint);
        if self.kept.len() <= CHECKPOINTS_MAX {
            return;
        }
        let facts = self.kept.iter().map(|kept| kept.facts);
        let before = std::iter::once(0).chain(facts.clone());
        let gaps = facts.skip(1).zip(before).map(|(after, before)| after - before);
        if let Some((closest, _)) = gaps.enumerate().min_by_key(|(_, gap)| *gap) {
            self.kept.remove(closest);
        }
    }

    /// Lets those go that have taken in more than `facts` facts: another one comes among theirs.
    pub(super) fn cut(&mut self, facts: usize) {
        self.kept.truncate(self.kept.partition_point(|kept| kept.facts <= facts));
    }

    /// How many facts the last one has taken in.
    pub(super) fn last(&self) -> usize {
        self.kept.last().map_or(0, |kept| kept.facts)
    }
}
