//! Receipts that carry the proof of their entry, for submitters who want more than the word of the ledger.

use ofrecord_proof::inclusion::InclusionProof;
use serde::Serialize;

use super::{Checkpointer, SignError};
use crate::receipt::Receipt;

/// A receipt, and the proof that its entry is in the log; none where nothing was recorded, as for a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// The proof.
    pub proof: Option<InclusionProof>,
}

/// A receipt whose entry is durable and could not be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The receipt.
    pub receipt: Receipt,
    /// Why there is no proof.
    pub error: SignError,
}

impl Checkpointer {
    /// The receipt with its proof, once a checkpoint covers the entry. Receipts that wait together share one.
    ///
    /// # Errors
    /// [`Unproven`], with the receipt: what it says holds without a proof as well.
    pub fn proven(&self, receipt: Receipt) -> Result<ProvenReceipt, Box<Unproven>> {
        match receipt.recorded().map(|recorded| self.prove(recorded.position)).transpose() {
            Ok(proof) => Ok(ProvenReceipt { receipt, proof }),
            Err(error) => Err(Box::new(Unproven { receipt, error })),
        }
    }
}

impl Serialize for ProvenReceipt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.receipt.serialize_with(self.proof.as_ref().map(ToString::to_string), serializer)
    }
}
