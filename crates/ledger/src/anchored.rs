//! An entry that commits to the state of all streams, and its way to the root of a signed checkpoint.

use ofrecord_log::merkle::{leaf_hash, verify_inclusion};
use ofrecord_log::{Hash, LogReader};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_views::EntryRow;
use serde::{Deserialize, Serialize};

use crate::certificate::{NotHolding, ProveError};
use crate::codec::decode;
use crate::commitment::{Recorded, StateCommitment, committed_by};
use crate::signing::Signed;

/// The entry as it is stored, the checkpoint of a log that holds it, and the hashes between the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnchoredCommitment {
    /// The note of the checkpoint.
    checkpoint: String,
    /// The bytes of the entry.
    entry: String,
    /// The sibling hashes from the entry to the root, nearest first.
    path: Vec<Hash>,
}

/// A commitment that the log of a checkpoint holds, and who signed the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vouched {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) signed_by: Vec<String>,
    pub(crate) position: u64,
    pub(crate) commitment: StateCommitment,
}

impl AnchoredCommitment {
    /// Anchors a recorded commitment in a checkpoint that covers it.
    pub(crate) fn of(log: &dyn LogReader, recorded: &Recorded, signed: &Signed) -> Result<Self, ProveError> {
        if signed.size <= recorded.position {
            return Err(ProveError::NotCovered { position: recorded.position, size: signed.size });
        }
        Ok(Self {
            checkpoint: signed.note.to_string(),
            entry: text(log.read(recorded.position)?)?,
            path: log.inclusion_proof(recorded.position, signed.size)?,
        })
    }

    /// The note of the checkpoint.
    pub(crate) fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// The bytes of the entry.
    pub(crate) fn entry(&self) -> &[u8] {
        self.entry.as_bytes()
    }

    /// Checks that the log of a known key holds the entry, and reads the commitment out of it.
    pub(crate) fn verify(&self, keys: &[VerifierKey]) -> Result<Vouched, NotHolding> {
        let note: SignedNote = self.checkpoint.parse()?;
        let opened = Checkpoint::open(&note, keys)?;
        let entry = decode(self.entry.as_bytes())?;
        let (checkpoint, leaf) = (opened.checkpoint, leaf_hash(self.entry.as_bytes()));
        verify_inclusion(&leaf, entry.position, checkpoint.size(), &self.path, checkpoint.root())?;
        let commitment = committed_by(&EntryRow::of(&entry)).ok_or(NotHolding::NoCommitment)?;
        if commitment.tree_size > entry.position {
            return Err(NotHolding::NoCommitment);
        }
        let signed_by = opened.verified.iter().map(|one| one.key.to_string()).collect();
        Ok(Vouched { checkpoint, signed_by, position: entry.position, commitment })
    }
}

impl Vouched {
    /// What is shown of the log alone.
    pub(crate) fn proven(&self) -> Vec<String> {
        let Self { checkpoint, position, commitment, .. } = self;
        vec![
            format!("{} has signed that it has {} entries with this root", checkpoint.origin(), checkpoint.size()),
            format!("its entry {position} commits to the state of all streams at size {}", commitment.tree_size),
        ]
    }

    /// What no proof within one log can show.
    pub(crate) fn not_proven(&self) -> Vec<String> {
        let size = self.commitment.tree_size;
        vec![
            format!("anything about entries from position {size} on"),
            "that the ledger showed nobody another log: compare checkpoints, or have them cosigned".to_owned(),
            "that what was recorded is true".to_owned(),
        ]
    }
}

/// Entries are canonical JSON, and so texts.
pub(crate) fn text(bytes: Vec<u8>) -> Result<String, ProveError> {
    String::from_utf8(bytes).map_err(|error| ProveError::Text { at: error.utf8_error().valid_up_to() })
}
