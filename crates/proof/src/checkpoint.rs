//! Checkpoints: how many entries a log has and what their root is, as the text of a note (C2SP tlog-checkpoint v1.0.0).

use std::fmt;
use std::str::FromStr;

use ofrecord_log::Hash;
use thiserror::Error;

use crate::note::{Algorithm, OpenError, SignedNote, Verified, VerifierKey};
use crate::spelling;

#[cfg(test)]
mod tests;

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The origin is missing, or has a control character.
    #[error("an origin is not empty and has no control characters")]
    Origin,
    /// The size is missing, or no number in decimal digits up to 2^63 − 1.
    #[error("the second line of a checkpoint is the tree size in decimal digits")]
    Size,
    /// The root is missing, or not 32 bytes in base64.
    #[error("the third line of a checkpoint is its root, 32 bytes in base64")]
    Root,
    /// There are lines below the root. They are not covered by every kind of cosignature, so that what
    /// they say would be trusted further than it was signed.
    #[error("extension lines below the root of a checkpoint are not accepted")]
    Extension,
}

/// Why a note does not vouch for a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointOpenError {
    /// The note's text is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The signatures do not hold.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// None of the keys that signed is that of the log: one that signs notes and has the origin as its name.
    #[error("no known key of the log {origin} has signed the checkpoint")]
    NotByTheLog {
        /// The origin that the checkpoint states.
        origin: String,
    },
}

/// What a log says of itself: so many entries, and this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// A checkpoint that the log has signed, and the known keys that signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened<'keys> {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The keys, among them at least one of the log.
    pub verified: Vec<Verified<'keys>>,
}

impl Checkpoint {
    /// A checkpoint of the tree of `size` leaves with that root.
    ///
    /// # Errors
    /// [`CheckpointError`] when the origin or the size cannot be written.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.bytes().any(|byte| byte < b' ') {
            return Err(CheckpointError::Origin);
        }
        if size > spelling::NUMBER_MAX {
            return Err(CheckpointError::Size);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Which log this is about.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of these entries.
    #[must_use]
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The checkpoint of a note that the log has signed, by one of the known keys.
    ///
    /// The log's key is one that signs notes and is named like the origin, as in C2SP tlog-policy. Other
    /// known keys count as signers but are not asked for.
    ///
    /// # Errors
    /// [`CheckpointOpenError`] when that is not so, and when the signature of a known key is wrong.
    pub fn open<'keys>(note: &SignedNote, keys: &'keys [VerifierKey]) -> Result<Opened<'keys>, CheckpointOpenError> {
        let checkpoint: Self = note.text().parse()?;
        let verified = note.open(keys)?;
        let by_the_log =
            |one: &Verified<'_>| one.key.algorithm() == Algorithm::Note && one.key.name().as_str() == checkpoint.origin;
        if verified.iter().any(by_the_log) {
            Ok(Opened { checkpoint, verified })
        } else {
            Err(CheckpointOpenError::NotByTheLog { origin: checkpoint.origin })
        }
    }
}

impl fmt::Display for Checkpoint {
    /// The text of the note: three lines, each with its line feed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n{}\n{}", self.origin, self.size, spelling::base64(&self.root.0))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (origin, rest) = text.split_once('\n').ok_or(CheckpointError::Origin)?;
        let (size, rest) = rest.split_once('\n').ok_or(CheckpointError::Size)?;
        let (root, rest) = rest.split_once('\n').ok_or(CheckpointError::Root)?;
        let size = spelling::number(size).ok_or(CheckpointError::Size)?;
        let root = spelling::hash(root).ok_or(CheckpointError::Root)?;
        if !rest.is_empty() {
            return Err(CheckpointError::Extension);
        }
        Self::new(origin, size, root)
    }
}
