//! Commitments to a sorted list of lines: that a key stands in it with this line, and that another does not.
//!
//! The lines are the leaves of a tree like that of the log, in the order of their keys, so that the proofs are
//! the same and every verifier of RFC 6962 takes them. That a key is absent is shown by the two neighbours
//! between which it would stand. Whether the list is sorted at all, a proof cannot show: whoever has all lines
//! makes the commitment again and compares.

use ofrecord_log::Hash;
use ofrecord_log::canonical::{CanonicalError, check_canonical, to_canonical};
use ofrecord_log::merkle::{ProofError, empty_root, leaf_hash, verify_inclusion};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod making;
#[cfg(test)]
mod tests;

pub use self::making::{Committing, WholeList};

/// A line of a committed list, which is written as canonical JSON and found by its key.
pub trait Line: Serialize + DeserializeOwned {
    /// The key, which no other line of the list has.
    fn key(&self) -> &str;
}

/// What is committed of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamLine {
    /// How many entries the stream has.
    pub count: u64,
    /// The leaf hash of its newest entry.
    pub head: Hash,
    /// The stream, as text.
    pub stream: String,
    /// The hash of what is shown of it.
    pub view: Hash,
}

impl Line for StreamLine {
    fn key(&self) -> &str {
        &self.stream
    }
}

/// A key alone, for lists of which only membership is asked, such as of two names in one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyLine {
    /// The key.
    pub key: String,
}

impl Line for KeyLine {
    fn key(&self) -> &str {
        &self.key
    }
}

/// Why no commitment or proof could be made, or none be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommitmentError {
    /// A line has no spelling as canonical JSON.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The JSON is not that of a line or a proof.
    #[error("not a line or a proof of one")]
    Json,
    /// A line does not stand after the one before it.
    #[error("the key {key} is not above the key before it")]
    Order {
        /// The key.
        key: String,
    },
}

/// Why a proof does not show what it should.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotShown {
    /// A line has no spelling as canonical JSON.
    #[error(transparent)]
    Line(#[from] CommitmentError),
    /// A line is not in the list.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The proof is about another key.
    #[error("the proof is about the key {found}")]
    Key {
        /// That key.
        found: String,
    },
    /// The lines are not the neighbours between which the key would stand.
    #[error("the lines are not the two between which the key would stand")]
    Neighbours,
}

/// A line, where it stands in the list, and the way to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership<L> {
    /// The how manieth line it is, from 0.
    pub index: u64,
    /// The line.
    pub line: L,
    /// The sibling hashes, nearest first.
    pub path: Vec<Hash>,
}

/// The neighbours between which a key would stand: one of them at the edges, none in an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence<L> {
    /// The last line before the key.
    pub before: Option<Membership<L>>,
    /// The first line after it.
    pub after: Option<Membership<L>>,
}

/// Whether a key stands in a committed list, with the proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing<L> {
    /// It does, with this line.
    Present(Membership<L>),
    /// It does not.
    Absent(Absence<L>),
}

/// How many lines a list has, and the root of the tree over them.
///
/// Both must come from where they are vouched for: a root alone does not say of how many lines it is, and the
/// absence of what would stand last rests on their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// How many lines there are.
    pub count: u64,
    /// The root.
    pub root: Hash,
}

impl Commitment {
    /// The commitment to lines in the order of their keys.
    ///
    /// # Errors
    /// [`CommitmentError`] when a line cannot be written, or does not stand after the one before it.
    pub fn over<L: Line>(lines: impl IntoIterator<Item = L>) -> Result<Self, CommitmentError> {
        let mut committing = Committing::default();
        lines.into_iter().try_for_each(|line| committing.push(&line))?;
        Ok(committing.commitment())
    }

    /// Checks that a line stands in the list. The caller looks at its key and at what it says.
    ///
    /// # Errors
    /// [`NotShown`] when it is not shown.
    pub fn verify_membership<L: Line>(&self, membership: &Membership<L>) -> Result<(), NotShown> {
        let Membership { index, line, path } = membership;
        Ok(verify_inclusion(&leaf_of(line)?, *index, self.count, path, &self.root)?)
    }

    /// Checks that no line has the key, if the list is sorted.
    ///
    /// # Errors
    /// [`NotShown`] when it is not shown.
    pub fn verify_absence<L: Line>(&self, key: &str, absence: &Absence<L>) -> Result<(), NotShown> {
        let Absence { before, after } = absence;
        for neighbour in before.iter().chain(after) {
            self.verify_membership(neighbour)?;
        }
        let below = before.as_ref().is_none_or(|before| before.line.key() < key);
        let above = after.as_ref().is_none_or(|after| key < after.line.key());
        let adjacent = match (before, after) {
            (None, None) => self.count == 0 && self.root == empty_root(),
            (None, Some(after)) => after.index == 0,
            (Some(before), None) => before.index.checked_add(1) == Some(self.count),
            (Some(before), Some(after)) => before.index.checked_add(1) == Some(after.index),
        };
        if below && above && adjacent { Ok(()) } else { Err(NotShown::Neighbours) }
    }

    /// Checks what is said of a key: that it stands in the list, or that it does not.
    ///
    /// # Errors
    /// [`NotShown`] when it is not shown.
    pub fn verify<L: Line>(&self, key: &str, standing: &Standing<L>) -> Result<(), NotShown> {
        match standing {
            Standing::Absent(absence) => self.verify_absence(key, absence),
            Standing::Present(membership) if membership.line.key() != key => {
                Err(NotShown::Key { found: membership.line.key().to_owned() })
            }
            Standing::Present(membership) => self.verify_membership(membership),
        }
    }
}

impl<L: Line> Standing<L> {
    /// Whether a key stands in the list of these lines, which must be in the order of their keys.
    ///
    /// # Errors
    /// [`CommitmentError`] when a line cannot be written, or does not stand after the one before it.
    pub fn of(key: &str, lines: impl IntoIterator<Item = L>) -> Result<Self, CommitmentError> {
        let mut list = WholeList::default();
        lines.into_iter().try_for_each(|line| list.push(&line))?;
        list.standing(key)
    }

    /// The proof as canonical JSON.
    ///
    /// # Errors
    /// [`CommitmentError`] when it has no spelling as such.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CommitmentError> {
        canonical(self)
    }

    /// Reads a proof; nothing is verified here.
    ///
    /// # Errors
    /// [`CommitmentError`] when the bytes are not canonical, or not those of a proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CommitmentError> {
        check_canonical(bytes)?;
        let read: Self = serde_json::from_slice(bytes).map_err(|_| CommitmentError::Json)?;
        // A field that may be left out would be a second spelling.
        if read.to_bytes()? == bytes { Ok(read) } else { Err(CommitmentError::Json) }
    }
}

fn leaf_of(line: &impl Line) -> Result<Hash, CommitmentError> {
    canonical(line).map(|bytes| leaf_hash(&bytes))
}

fn canonical(value: &impl Serialize) -> Result<Vec<u8>, CommitmentError> {
    let value = serde_json::to_value(value).map_err(|_| CommitmentError::Json)?;
    Ok(to_canonical(&value)?)
}
