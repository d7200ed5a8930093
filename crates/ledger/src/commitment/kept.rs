//! What commitments were made of, kept beside the log: derived files that save a sweep, and are never believed unseen.
//!
//! A file has the commitment on its first line, and below it the lines of both lists as they are hashed. Whoever reads
//! it hashes them again and compares with what the log has recorded, so that a file that is missing, of another version
//! of the fold, or changed in one bit costs a sweep and nothing else.

use std::fs;
use std::io;
use std::path::PathBuf;

use ofrecord_log::{Directory, LogReader};
use ofrecord_proof::commitment::WholeList;

use super::{CommitError, CommittedState, Recorded, StateCommitment};
use crate::certificate::{ProveError, to_bytes};
use crate::progress::Progress;

/// How many commitments are kept.
const KEPT_MAX: usize = 4;

/// The folder of what commitments were made of.
#[derive(Debug, Clone)]
pub struct KeptStates {
    folder: PathBuf,
}

impl KeptStates {
    /// Those of a ledger. Nothing is touched.
    #[must_use]
    pub fn of(directory: &Directory) -> Self {
        Self { folder: directory.commitments() }
    }

    /// What a recorded commitment was made of: as it was kept, or made again from the log and kept.
    ///
    /// # Errors
    /// [`ProveError`] where the log does not give what was committed to, or another version of the fold did.
    pub fn state(
        &self,
        log: &dyn LogReader,
        recorded: &Recorded,
        progress: &dyn Progress,
    ) -> Result<CommittedState, ProveError> {
        if let Some(state) = self.load(&recorded.commitment) {
            return Ok(state);
        }
        let state = CommittedState::again(log, recorded, progress)?;
        self.keep(&state);
        Ok(state)
    }

    /// What stands at a size, to be committed to: what has changed since the older commitment, where that was kept, and
    /// everything folded from the log where it was not.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn grown(
        &self,
        log: &dyn LogReader,
        older: Option<&Recorded>,
        size: u64,
        progress: &dyn Progress,
    ) -> Result<CommittedState, CommitError> {
        let older = older.and_then(|older| self.load(&older.commitment));
        let grown = older.map(|older| older.grown(log, size, progress)).transpose()?.flatten();
        let state = match grown {
            Some(state) => state,
            None => CommittedState::at(log, size, progress)?,
        };
        self.keep(&state);
        Ok(state)
    }

    /// The lines that were kept, where they are those of this commitment.
    #[must_use]
    pub fn load(&self, commitment: &StateCommitment) -> Option<CommittedState> {
        let bytes = fs::read(self.path(commitment.tree_size)).ok()?;
        let lines = bytes.strip_prefix(to_bytes(commitment).as_slice())?;
        let (streams, relationships) = lines.split_at_checked(end_of(lines, commitment.streams.count)?)?;
        let state = CommittedState {
            tree_size: commitment.tree_size,
            streams: WholeList::from_bytes(streams).ok()?,
            relationships: WholeList::from_bytes(relationships).ok()?,
        };
        Some(state).filter(|state| state.commitment() == *commitment)
    }

    /// Keeps the lines. What cannot be written is made again when it is needed, and so is not synced either.
    pub fn keep(&self, state: &CommittedState) {
        drop(self.write(state));
    }

    fn write(&self, state: &CommittedState) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.path(state.tree_size);
        let unfinished = path.with_extension("unfinished");
        let head = to_bytes(&state.commitment());
        fs::write(&unfinished, [&head, state.streams.as_bytes(), state.relationships.as_bytes()].concat())?;
        fs::rename(&unfinished, &path)?;
        self.forget_older(state.tree_size)
    }

    /// Removes all but the newest, and never the one that was just kept.
    fn forget_older(&self, kept: u64) -> io::Result<()> {
        let mut sizes = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            sizes.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
        }
        sizes.sort_unstable_by_key(|size| std::cmp::Reverse((*size == kept, *size)));
        sizes.into_iter().skip(KEPT_MAX).try_for_each(|size| fs::remove_file(self.path(size)))
    }

    fn path(&self, tree_size: u64) -> PathBuf {
        self.folder.join(tree_size.to_string())
    }
}

/// Where so many lines end.
fn end_of(lines: &[u8], count: u64) -> Option<usize> {
    let Some(last) = count.checked_sub(1) else { return Some(0) };
    let mut ends = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.nth(usize::try_from(last).ok()?).map(|(end, _)| end + 1)
}
