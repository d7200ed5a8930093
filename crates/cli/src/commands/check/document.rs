//! Which kind of file some bytes are, told by the bytes.

use ofrecord_proof::consistency::{ConsistencyError, ConsistencyProof};
use ofrecord_proof::inclusion::{InclusionError, InclusionProof};
use ofrecord_proof::note::{NoteError, SignedNote};
use ofrecord_proof::receipt::{Receipt, ReceiptError, ReceiptProof};
use thiserror::Error;

/// How an inclusion proof begins.
const INCLUSION_MARK: &[u8] = b"c2sp.org/tlog-proof@";
/// How a consistency proof begins.
const CONSISTENCY_MARK: &[u8] = b"old ";
/// How a tagged COSE_Sign1 begins.
const RECEIPT_MARK: u8 = 0xd2;

/// How a zip file begins.
const PACK_MARK: &[u8] = b"PK\x03\x04";
/// How a proof of completeness or absence and a certificate begin.
pub(super) const JSON_MARK: u8 = b'{';

/// A file that can be checked.
#[derive(Debug)]
pub(super) enum Document {
    /// A signed note, whose text should be a checkpoint.
    Checkpoint(SignedNote),
    /// An entry is in the log.
    Inclusion(Box<InclusionProof>),
    /// The log begins with an older one.
    Consistency(Box<ConsistencyProof>),
    /// Either of the two as COSE.
    Receipt(Box<Receipt>),
    /// JSON, which should be a proof of completeness or absence or a certificate.
    Certificate(Vec<u8>),
}

/// Why bytes are none of the files that can be checked.
#[derive(Debug, Error)]
pub(super) enum UnknownDocument {
    #[error("{0}")]
    Note(#[from] NoteError),
    #[error("{0}")]
    Inclusion(#[from] InclusionError),
    #[error("{0}")]
    Consistency(#[from] ConsistencyError),
    #[error("{0}")]
    Receipt(#[from] ReceiptError),
    #[error("it is a zip file: `ofrecord evidence verify` checks evidence packs")]
    Pack,
}

impl Document {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, UnknownDocument> {
        if bytes.starts_with(INCLUSION_MARK) {
            return Ok(Self::Inclusion(Box::new(InclusionProof::from_bytes(bytes)?)));
        }
        if bytes.starts_with(CONSISTENCY_MARK) {
            return Ok(Self::Consistency(Box::new(ConsistencyProof::from_bytes(bytes)?)));
        }
        if bytes.first() == Some(&RECEIPT_MARK) {
            return Ok(Self::Receipt(Box::new(Receipt::from_bytes(bytes)?)));
        }
        if bytes.starts_with(PACK_MARK) {
            return Err(UnknownDocument::Pack);
        }
        if bytes.first() == Some(&JSON_MARK) {
            return Ok(Self::Certificate(bytes.to_vec()));
        }
        Ok(Self::Checkpoint(SignedNote::from_bytes(bytes)?))
    }

    /// What it is called.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Checkpoint(_) => "checkpoint",
            Self::Inclusion(_) => "inclusion proof",
            Self::Consistency(_) => "consistency proof",
            Self::Certificate(_) => "certificate",
            Self::Receipt(receipt) => match receipt.proof() {
                ReceiptProof::Inclusion { .. } => "receipt of inclusion",
                ReceiptProof::Consistency { .. } => "receipt of consistency",
            },
        }
    }

    /// The note that it is, or carries.
    pub(super) fn note(&self) -> Option<&SignedNote> {
        match self {
            Self::Checkpoint(note) => Some(note),
            Self::Inclusion(proof) => Some(proof.checkpoint()),
            Self::Consistency(proof) => Some(proof.checkpoint()),
            Self::Receipt(_) | Self::Certificate(_) => None,
        }
    }
}
