//! Consistency proofs as files: the log of a checkpoint begins with the one that was known before.
//!
//! The form is the body of `add-checkpoint` in C2SP tlog-witness, so that it can be sent to a witness as it is.

use std::fmt;
use std::str::FromStr;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{ProofError, empty_root, verify_consistency};
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointOpenError, Opened};
use crate::inclusion::PROOF_BYTES_MAX;
use crate::note::{NoteError, SignedNote, VerifierKey};
use crate::policy::{NotBelieved, Policy};
use crate::spelling::{self, PATH_HASHES_MAX, PathError};

#[cfg(test)]
mod tests;

/// Why a text is not a consistency proof, or none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConsistencyError {
    /// The text is too long.
    #[error("a proof of {bytes} bytes is longer than {PROOF_BYTES_MAX}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The bytes are not UTF-8.
    #[error("a proof is UTF-8, see byte {at}")]
    Utf8 {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// There is no old size, or no number in decimal digits up to 2^63 − 1.
    #[error("the first line of a consistency proof is the old size in decimal digits")]
    OldSize,
    /// The hashes are wrong.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The checkpoint is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Why a proof does not show that a log begins with the one known before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotConsistent {
    /// Nobody known vouches for the newer checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointOpenError),
    /// The policy does not believe the newer checkpoint.
    #[error(transparent)]
    Policy(#[from] NotBelieved),
    /// The two checkpoints are of two logs.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    Origin {
        /// The log that was known before.
        expected: String,
        /// The log of the proof.
        found: String,
    },
    /// The proof begins at another size than that of the checkpoint known before.
    #[error("the proof begins at size {found}, not at {expected}")]
    OldSize {
        /// The size that was known before.
        expected: u64,
        /// The size at which the proof begins.
        found: u64,
    },
    /// The hashes do not lead to both roots.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// The way from an older size of the log to the root of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    old_size: u64,
    path: Vec<Hash>,
    checkpoint: SignedNote,
}

impl ConsistencyProof {
    /// A proof from `old_size`, with the path that [`ofrecord_log::merkle::consistency_proof`] gives.
    ///
    /// # Errors
    /// [`ConsistencyError`] when size or path cannot be written.
    pub fn new(old_size: u64, path: Vec<Hash>, checkpoint: SignedNote) -> Result<Self, ConsistencyError> {
        if old_size > spelling::NUMBER_MAX {
            return Err(ConsistencyError::OldSize);
        }
        if path.len() > PATH_HASHES_MAX {
            return Err(PathError::TooLong.into());
        }
        Ok(Self { old_size, path, checkpoint })
    }

    /// Reads a proof as it travels; nothing is verified here.
    ///
    /// # Errors
    /// [`ConsistencyError`] naming the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ConsistencyError> {
        check_length(bytes.len())?;
        let text = std::str::from_utf8(bytes).map_err(|error| ConsistencyError::Utf8 { at: error.valid_up_to() })?;
        text.parse()
    }

    /// The size that the proof begins at.
    #[must_use]
    pub fn old_size(&self) -> u64 {
        self.old_size
    }

    /// The hashes, in the order of RFC 6962 2.1.2.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// The note of the newer checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedNote {
        &self.checkpoint
    }

    /// Checks that the log of the newer checkpoint begins with that of the old one, and says what the newer
    /// one states and who signed it.
    ///
    /// Every log begins with the empty one, which is shown by no hashes at all.
    ///
    /// # Errors
    /// [`NotConsistent`] when it is not shown.
    pub fn verify<'keys>(&self, old: &Checkpoint, keys: &'keys [VerifierKey]) -> Result<Opened<'keys>, NotConsistent> {
        let opened = Checkpoint::open(&self.checkpoint, keys)?;
        self.verify_between(old, &opened.checkpoint)?;
        Ok(opened)
    }

    /// Checks the same as [`Self::verify`] by a policy: its logs are the known ones, and its quorum must have
    /// cosigned the newer checkpoint.
    ///
    /// # Errors
    /// [`NotConsistent`] when it is not shown.
    pub fn verify_by<'policy>(
        &self,
        old: &Checkpoint,
        policy: &'policy Policy,
    ) -> Result<Opened<'policy>, NotConsistent> {
        let opened = policy.open(&self.checkpoint)?;
        self.verify_between(old, &opened.checkpoint)?;
        Ok(opened)
    }

    fn verify_between(&self, old: &Checkpoint, new: &Checkpoint) -> Result<(), NotConsistent> {
        if old.origin() != new.origin() {
            let (expected, found) = (old.origin().to_owned(), new.origin().to_owned());
            return Err(NotConsistent::Origin { expected, found });
        }
        if old.size() != self.old_size {
            return Err(NotConsistent::OldSize { expected: old.size(), found: self.old_size });
        }
        if old.size() == 0 {
            return Ok(self.verify_from_nothing(old, new)?);
        }
        Ok(verify_consistency(old.size(), old.root(), new.size(), new.root(), &self.path)?)
    }

    fn verify_from_nothing(&self, old: &Checkpoint, new: &Checkpoint) -> Result<(), ProofError> {
        if !self.path.is_empty() {
            return Err(ProofError::Length { index: 0, size: new.size(), found: self.path.len() });
        }
        let must_be_empty = [Some(old), (new.size() == 0).then_some(new)];
        match must_be_empty.into_iter().flatten().find(|checkpoint| *checkpoint.root() != empty_root()) {
            Some(wrong) => Err(ProofError::Root { computed: empty_root(), expected: *wrong.root() }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ConsistencyProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "old {}", self.old_size)?;
        spelling::write_path(formatter, &self.path)?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}

impl FromStr for ConsistencyProof {
    type Err = ConsistencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check_length(text.len())?;
        let (old_size, rest) =
            text.strip_prefix("old ").and_then(|rest| rest.split_once('\n')).ok_or(ConsistencyError::OldSize)?;
        let old_size = spelling::number(old_size).ok_or(ConsistencyError::OldSize)?;
        let (path, checkpoint) = spelling::path(rest)?;
        Ok(Self { old_size, path, checkpoint: checkpoint.parse()? })
    }
}

fn check_length(bytes: usize) -> Result<(), ConsistencyError> {
    if bytes > PROOF_BYTES_MAX { Err(ConsistencyError::TooLong { bytes }) } else { Ok(()) }
}
