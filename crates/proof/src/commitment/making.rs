//! Lines that come one after the other: the commitment to them, and the whole list, in which keys are looked up.

use std::marker::PhantomData;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{Frontier, complete_root, inclusion_proof, leaf_hash};

use super::{Absence, Commitment, CommitmentError, Line, Membership, Standing, canonical};

/// A commitment in the making. Only the edge of the tree is kept, however many lines come.
#[derive(Debug, Clone, Default)]
pub struct Committing {
    frontier: Frontier,
    last: Option<String>,
}

impl Committing {
    /// Takes the next line.
    ///
    /// # Errors
    /// [`CommitmentError`] when it cannot be written, or does not stand after the one before it.
    pub fn push(&mut self, line: &impl Line) -> Result<(), CommitmentError> {
        self.push_spelled(line.key(), &canonical(line)?).map(|_| ())
    }

    fn push_spelled(&mut self, key: &str, spelled: &[u8]) -> Result<Hash, CommitmentError> {
        if self.last.as_deref().is_some_and(|last| last >= key) {
            return Err(CommitmentError::Order { key: key.to_owned() });
        }
        let leaf = leaf_hash(spelled);
        self.frontier.push(leaf);
        self.last = Some(key.to_owned());
        Ok(leaf)
    }

    /// The commitment to the lines so far.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        Commitment { count: self.frontier.size(), root: self.frontier.root() }
    }
}

/// A list with all its lines, in which any number of keys can be looked up.
///
/// The lines are held as they are hashed, so that a list that was kept somewhere is the one that was committed to
/// if [`Self::commitment`] says so, and is not otherwise.
#[derive(Debug, Clone)]
pub struct WholeList<L> {
    committing: Committing,
    leaves: Vec<Hash>,
    /// The lines as canonical JSON, each with a line feed.
    text: Vec<u8>,
    /// Where each line ends in the text, its line feed not counted.
    ends: Vec<usize>,
    of: PhantomData<L>,
}

impl<L> Default for WholeList<L> {
    fn default() -> Self {
        let (committing, leaves, text, ends) = Default::default();
        Self { committing, leaves, text, ends, of: PhantomData }
    }
}

impl<L: Line> WholeList<L> {
    /// Takes the next line.
    ///
    /// # Errors
    /// [`CommitmentError`] when it cannot be written, or does not stand after the one before it.
    pub fn push(&mut self, line: &L) -> Result<(), CommitmentError> {
        self.push_spelled(line.key(), &canonical(line)?)
    }

    /// The list that [`Self::as_bytes`] wrote. The lines are not looked at: the commitment says whether it is that list.
    ///
    /// # Errors
    /// [`CommitmentError::Json`] when the newest line does not end, or is none.
    pub fn from_bytes(text: &[u8]) -> Result<Self, CommitmentError> {
        let mut list = Self { text: text.to_vec(), ..Self::default() };
        let mut begin = 0;
        for (end, _) in text.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            let leaf = leaf_hash(text.get(begin..end).unwrap_or_default());
            list.committing.frontier.push(leaf);
            list.leaves.push(leaf);
            list.ends.push(end);
            begin = end + 1;
        }
        if begin != text.len() {
            return Err(CommitmentError::Json);
        }
        let last = list.ends.len().checked_sub(1).map(|last| list.line_at(last)).transpose()?;
        list.committing.last = last.map(|line| line.key().to_owned());
        Ok(list)
    }

    fn push_spelled(&mut self, key: &str, spelled: &[u8]) -> Result<(), CommitmentError> {
        self.leaves.push(self.committing.push_spelled(key, spelled)?);
        self.text.extend_from_slice(spelled);
        self.ends.push(self.text.len());
        self.text.push(b'\n');
        Ok(())
    }

    /// The commitment to the lines.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        self.committing.commitment()
    }

    /// The lines as canonical JSON, each with a line feed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The lines, in the order of their keys.
    pub fn lines(&self) -> impl Iterator<Item = Result<L, CommitmentError>> {
        (0..self.ends.len()).map(|index| self.line_at(index))
    }

    fn spelled_at(&self, index: usize) -> Option<&[u8]> {
        let begin = match index.checked_sub(1) {
            Some(before) => self.ends.get(before)?.checked_add(1)?,
            None => 0,
        };
        self.text.get(begin..*self.ends.get(index)?)
    }

    fn line_at(&self, index: usize) -> Result<L, CommitmentError> {
        read(self.spelled_at(index).ok_or(CommitmentError::Json)?)
    }

    /// Whether a key stands in the list, with the proof.
    ///
    /// # Errors
    /// [`CommitmentError::Json`] when there are more lines than a number can count.
    pub fn standing(&self, key: &str) -> Result<Standing<L>, CommitmentError> {
        let (mut below, mut end) = (0, self.ends.len());
        while below < end {
            let middle = below + (end - below) / 2;
            let line = self.line_at(middle)?;
            match line.key().cmp(key) {
                std::cmp::Ordering::Equal => return Ok(Standing::Present(self.membership(middle, line)?)),
                std::cmp::Ordering::Less => below = middle + 1,
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        let neighbour = |index: usize| self.membership(index, self.line_at(index)?);
        let before = below.checked_sub(1).map(neighbour).transpose()?;
        let after = Some(below).filter(|after| *after < self.ends.len()).map(neighbour).transpose()?;
        Ok(Standing::Absent(Absence { before, after }))
    }

    fn membership(&self, index: usize, line: L) -> Result<Membership<L>, CommitmentError> {
        let part = |level: u8, index: u64| {
            let width = 1_usize.checked_shl(u32::from(level))?;
            let start = usize::try_from(index).ok()?.checked_mul(width)?;
            complete_root(self.leaves.get(start..start.checked_add(width)?)?)
        };
        let number = |number: usize| u64::try_from(number).map_err(|_| CommitmentError::Json);
        let (index, size) = (number(index)?, number(self.leaves.len())?);
        // Only complete subtrees inside the list are asked for, so that each of them is there.
        let path = inclusion_proof(index, size, &mut |level, index| part(level, index).ok_or(CommitmentError::Json))?;
        Ok(Membership { index, line, path })
    }
}

fn read<L: Line>(spelled: &[u8]) -> Result<L, CommitmentError> {
    serde_json::from_slice(spelled).map_err(|_| CommitmentError::Json)
}
