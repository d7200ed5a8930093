//! Inclusion proofs as files: one entry is at one position of the log that a checkpoint speaks of (C2SP tlog-proof v1).

use std::fmt;
use std::str::FromStr;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{ProofError, leaf_hash, verify_inclusion};
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointOpenError, Opened};
use crate::note::{NoteError, SignedNote, VerifierKey};
use crate::policy::{NotBelieved, Policy};
use crate::spelling::{self, PATH_HASHES_MAX, PathError};

#[cfg(test)]
mod tests;

/// The most bytes that a proof as a file may have: those of its note, of an entry in base64, and of its hashes.
pub const PROOF_BYTES_MAX: usize = 1_100_000;

/// The most bytes of an entry that a proof carries, so that no line is longer than the 65,535 bytes that
/// Go's reader of lines takes.
pub const EXTRA_BYTES_MAX: usize = 49_146;

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why a text is not an inclusion proof, or none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InclusionError {
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
    /// The first line is another.
    #[error("the first line of an inclusion proof is {HEADER}")]
    Header,
    /// The entry is not in base64.
    #[error("the extra line of an inclusion proof is base64")]
    Extra,
    /// The entry is too long to be carried.
    #[error("an entry of {bytes} bytes is longer than the {EXTRA_BYTES_MAX} that a proof carries")]
    ExtraTooLong {
        /// How long it is.
        bytes: usize,
    },
    /// There is no index, or no number in decimal digits up to 2^63 − 1.
    #[error("an inclusion proof has a line with the index in decimal digits")]
    Index,
    /// The hashes are wrong.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The checkpoint is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Why a proof does not show that an entry is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotIncluded {
    /// Nobody known vouches for the checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointOpenError),
    /// The policy does not believe the checkpoint.
    #[error(transparent)]
    Policy(#[from] NotBelieved),
    /// The proof carries another entry than the one asked about.
    #[error("the proof carries another entry")]
    OtherEntry,
    /// The hashes do not lead from the entry to the root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// The way from one entry to the root of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    extra: Option<Vec<u8>>,
    index: u64,
    path: Vec<Hash>,
    checkpoint: SignedNote,
}

impl InclusionProof {
    /// A proof for the entry at `index`, with the path that [`ofrecord_log::merkle::inclusion_proof`] gives.
    ///
    /// # Errors
    /// [`InclusionError`] when index or path cannot be written.
    pub fn new(index: u64, path: Vec<Hash>, checkpoint: SignedNote) -> Result<Self, InclusionError> {
        if index > spelling::NUMBER_MAX {
            return Err(InclusionError::Index);
        }
        if path.len() > PATH_HASHES_MAX {
            return Err(PathError::TooLong.into());
        }
        Ok(Self { extra: None, index, path, checkpoint })
    }

    /// The same proof, carrying the bytes of its entry.
    ///
    /// # Errors
    /// [`InclusionError::ExtraTooLong`] for an entry that has to be given beside the file.
    pub fn with_entry(self, entry: &[u8]) -> Result<Self, InclusionError> {
        check_extra(entry)?;
        Ok(Self { extra: Some(entry.to_vec()), ..self })
    }

    /// Reads a proof as it travels; nothing is verified here.
    ///
    /// # Errors
    /// [`InclusionError`] naming the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InclusionError> {
        check_length(bytes.len())?;
        let text = std::str::from_utf8(bytes).map_err(|error| InclusionError::Utf8 { at: error.valid_up_to() })?;
        text.parse()
    }

    /// The entry that the proof carries, which only [`Self::verify`] makes true.
    #[must_use]
    pub fn entry(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The position of the entry.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The sibling hashes from the entry to the root, nearest first.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// The note of the checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedNote {
        &self.checkpoint
    }

    /// Checks that the entry is at [`Self::index`] of the log whose key is among the known ones, and says
    /// what that log's checkpoint states and who signed it.
    ///
    /// # Errors
    /// [`NotIncluded`] when it is not shown.
    pub fn verify<'keys>(&self, entry: &[u8], keys: &'keys [VerifierKey]) -> Result<Opened<'keys>, NotIncluded> {
        let opened = Checkpoint::open(&self.checkpoint, keys)?;
        self.verify_in(entry, &opened.checkpoint)?;
        Ok(opened)
    }

    /// Checks the same as [`Self::verify`] by a policy: its logs are the known ones, and its quorum must have
    /// cosigned the checkpoint.
    ///
    /// # Errors
    /// [`NotIncluded`] when it is not shown.
    pub fn verify_by<'policy>(&self, entry: &[u8], policy: &'policy Policy) -> Result<Opened<'policy>, NotIncluded> {
        let opened = policy.open(&self.checkpoint)?;
        self.verify_in(entry, &opened.checkpoint)?;
        Ok(opened)
    }

    fn verify_in(&self, entry: &[u8], checkpoint: &Checkpoint) -> Result<(), NotIncluded> {
        if self.extra.as_deref().is_some_and(|extra| extra != entry) {
            return Err(NotIncluded::OtherEntry);
        }
        let leaf = leaf_hash(entry);
        Ok(verify_inclusion(&leaf, self.index, checkpoint.size(), &self.path, checkpoint.root())?)
    }
}

impl fmt::Display for InclusionProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", spelling::base64(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        spelling::write_path(formatter, &self.path)?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}

impl FromStr for InclusionProof {
    type Err = InclusionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check_length(text.len())?;
        let rest = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n')).ok_or(InclusionError::Header)?;
        let (extra, rest) = match rest.strip_prefix("extra ") {
            Some(rest) => {
                let (extra, rest) = rest.split_once('\n').ok_or(InclusionError::Extra)?;
                let extra = spelling::bytes(extra).ok_or(InclusionError::Extra)?;
                check_extra(&extra)?;
                (Some(extra), rest)
            }
            None => (None, rest),
        };
        let (index, rest) =
            rest.strip_prefix("index ").and_then(|rest| rest.split_once('\n')).ok_or(InclusionError::Index)?;
        let index = spelling::number(index).ok_or(InclusionError::Index)?;
        let (path, checkpoint) = spelling::path(rest)?;
        Ok(Self { extra, index, path, checkpoint: checkpoint.parse()? })
    }
}

fn check_length(bytes: usize) -> Result<(), InclusionError> {
    if bytes > PROOF_BYTES_MAX { Err(InclusionError::TooLong { bytes }) } else { Ok(()) }
}

fn check_extra(entry: &[u8]) -> Result<(), InclusionError> {
    let bytes = entry.len();
    if bytes > EXTRA_BYTES_MAX { Err(InclusionError::ExtraTooLong { bytes }) } else { Ok(()) }
}
