//! What a witness does with a checkpoint that is put before it (C2SP tlog-witness, `add-checkpoint`).
//!
//! A witness remembers the largest checkpoint of each log that it cosigned, and cosigns only what extends it.
//! Keeping that memory, and telling the time, is for the caller; so is storing what was accepted before the
//! cosignature is given away.

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, CheckpointOpenError};
use crate::consistency::{ConsistencyError, ConsistencyProof, NotConsistent};
use crate::note::{Algorithm, VerifierKey};

#[cfg(test)]
mod tests;

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotCosigned {
    /// The request cannot be read.
    #[error(transparent)]
    Request(#[from] ConsistencyError),
    /// The note of the request is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The older size is above the newer one.
    #[error("the older size {old} is above the newer one, {new}")]
    Backwards {
        /// The older size.
        old: u64,
        /// The newer size.
        new: u64,
    },
    /// The witness does not follow the log.
    #[error("the log {origin} is not known here")]
    UnknownLog {
        /// The log.
        origin: String,
    },
    /// No known key of the log signed the checkpoint.
    #[error(transparent)]
    Signature(CheckpointOpenError),
    /// The request does not lead on from what was cosigned last.
    #[error("size {seen} was cosigned last")]
    Conflict {
        /// The size that was cosigned last, 0 for none.
        seen: u64,
    },
    /// The hashes do not lead from the older root to the newer one.
    #[error(transparent)]
    Proof(NotConsistent),
}

impl NotCosigned {
    /// The status of the answer over HTTP.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Request(_) | Self::Checkpoint(_) | Self::Backwards { .. } => 400,
            Self::Signature(_) => 403,
            Self::UnknownLog { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::Proof(_) => 422,
        }
    }
}

/// The checkpoint of a request, if it may be cosigned after what was cosigned last.
///
/// `seen` is asked for the checkpoint that was cosigned last of a log, by its origin.
///
/// # Errors
/// [`NotCosigned`], for the first reason in the order of the specification.
pub fn consider(
    request: &[u8],
    keys: &[VerifierKey],
    seen: impl FnOnce(&str) -> Option<Checkpoint>,
) -> Result<Checkpoint, NotCosigned> {
    let request = ConsistencyProof::from_bytes(request)?;
    let new: Checkpoint = request.checkpoint().text().parse()?;
    if request.old_size() > new.size() {
        return Err(NotCosigned::Backwards { old: request.old_size(), new: new.size() });
    }
    let of_the_log = |key: &VerifierKey| key.algorithm() == Algorithm::Note && key.name().as_str() == new.origin();
    if !keys.iter().any(of_the_log) {
        return Err(NotCosigned::UnknownLog { origin: new.origin().to_owned() });
    }
    Checkpoint::open(request.checkpoint(), keys).map_err(NotCosigned::Signature)?;
    let seen = match seen(new.origin()) {
        Some(seen) => seen,
        None => Checkpoint::new(new.origin(), 0, ofrecord_log::merkle::empty_root())?,
    };
    let same_size_other_root = seen.size() == new.size() && seen.root() != new.root();
    if request.old_size() != seen.size() || same_size_other_root {
        return Err(NotCosigned::Conflict { seen: seen.size() });
    }
    request.verify(&seen, keys).map_err(NotCosigned::Proof)?;
    Ok(new)
}
