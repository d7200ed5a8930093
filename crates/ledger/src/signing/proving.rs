//! Proofs under a checkpoint that was signed, after a look whether it is one of the log as it is.

use ofrecord_log::{Head, LogReader};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::inclusion::InclusionProof;

use super::{SignError, Signed};

/// The checkpoint of a note, which must be one of this log: of no more entries than it has, and with the root
/// that its tree gives at that size.
///
/// # Errors
/// [`SignError::Behind`] or [`SignError::Forked`] when it is not, [`SignError::Unusable`] when the note is no
/// checkpoint, and what reading the log gives.
pub fn of_this_log(log: &dyn LogReader, signed: &Signed) -> Result<Checkpoint, SignError> {
    let checkpoint: Checkpoint = signed.note.text().parse().map_err(|error| unusable(&error))?;
    let (size, head) = (log.tree_size(), Head { size: checkpoint.size(), root: *checkpoint.root() });
    if head.size > size {
        return Err(SignError::Behind { size, signed: head });
    }
    let found = log.root_at(head.size)?;
    if found == head.root { Ok(checkpoint) } else { Err(SignError::Forked { signed: head, found }) }
}

/// The proof that an entry is in the log of a checkpoint.
///
/// # Errors
/// What reading the log gives; [`SignError::Unusable`] when the proof could not be written.
pub fn prove(log: &dyn LogReader, position: u64, signed: &Signed) -> Result<InclusionProof, SignError> {
    let path = log.inclusion_proof(position, signed.size)?;
    InclusionProof::new(position, path, signed.note.clone()).map_err(|error| unusable(&error))
}

/// The proof that the log of a checkpoint begins with its first `old_size` entries.
///
/// # Errors
/// What reading the log gives; [`SignError::Unusable`] when the proof could not be written.
pub fn prove_since(log: &dyn LogReader, old_size: u64, signed: &Signed) -> Result<ConsistencyProof, SignError> {
    let path = log.consistency_proof(old_size, signed.size)?;
    ConsistencyProof::new(old_size, path, signed.note.clone()).map_err(|error| unusable(&error))
}

fn unusable(error: &dyn std::fmt::Display) -> SignError {
    SignError::Unusable { problem: error.to_string() }
}
