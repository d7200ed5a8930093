//! Lines that come one after the other: the commitment to them, and where a key stands among them.

use ofrecord_log::Hash;
use ofrecord_log::merkle::{Frontier, complete_root, inclusion_proof};

use super::{Absence, Commitment, CommitmentError, Line, Membership, Standing, leaf_of};

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
        self.push_leaf(line).map(|_| ())
    }

    fn push_leaf(&mut self, line: &impl Line) -> Result<Hash, CommitmentError> {
        let key = line.key();
        if self.last.as_deref().is_some_and(|last| last >= key) {
            return Err(CommitmentError::Order { key: key.to_owned() });
        }
        let leaf = leaf_of(line)?;
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

/// A search for a key among lines that come one after the other. A hash of each line is kept, and two lines at most.
#[derive(Debug, Clone)]
pub struct Seeking<L> {
    key: String,
    committing: Committing,
    leaves: Vec<Hash>,
    before: Option<(usize, L)>,
    found: Option<(usize, L)>,
    after: Option<(usize, L)>,
}

impl<L: Line> Seeking<L> {
    /// A search for this key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let (committing, leaves) = (Committing::default(), Vec::new());
        Self { key: key.to_owned(), committing, leaves, before: None, found: None, after: None }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// [`CommitmentError`] when it cannot be written, or does not stand after the one before it.
    pub fn push(&mut self, line: L) -> Result<(), CommitmentError> {
        let index = self.leaves.len();
        self.leaves.push(self.committing.push_leaf(&line)?);
        match line.key().cmp(&self.key) {
            std::cmp::Ordering::Less => self.before = Some((index, line)),
            std::cmp::Ordering::Equal => self.found = Some((index, line)),
            std::cmp::Ordering::Greater if self.after.is_none() => self.after = Some((index, line)),
            std::cmp::Ordering::Greater => {}
        }
        Ok(())
    }

    /// The commitment to all lines, and whether the key stands among them.
    ///
    /// # Errors
    /// [`CommitmentError::Json`] when there are more lines than a number can count.
    pub fn standing(self) -> Result<(Commitment, Standing<L>), CommitmentError> {
        let Self { committing, leaves, before, found, after, .. } = self;
        let proved = |(index, line): (usize, L)| membership(&leaves, index, line);
        let standing = match found {
            Some(found) => Standing::Present(proved(found)?),
            None => {
                let (before, after) = (before.map(proved).transpose()?, after.map(proved).transpose()?);
                Standing::Absent(Absence { before, after })
            }
        };
        Ok((committing.commitment(), standing))
    }
}

fn membership<L>(leaves: &[Hash], index: usize, line: L) -> Result<Membership<L>, CommitmentError> {
    let part = |level: u8, index: u64| {
        let width = 1_usize.checked_shl(u32::from(level))?;
        let start = usize::try_from(index).ok()?.checked_mul(width)?;
        complete_root(leaves.get(start..start.checked_add(width)?)?)
    };
    let number = |number: usize| u64::try_from(number).map_err(|_| CommitmentError::Json);
    let (index, size) = (number(index)?, number(leaves.len())?);
    // Only complete subtrees inside the list are asked for, so that each of them is there.
    let path = inclusion_proof(index, size, &mut |level, index| part(level, index).ok_or(CommitmentError::Json))?;
    Ok(Membership { index, line, path })
}
