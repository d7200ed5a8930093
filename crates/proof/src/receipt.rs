//! COSE receipts: the proofs of this log for programs of the SCITT family (RFC 9942, over RFC 9052 and RFC 9162).
//!
//! A receipt is a `COSE_Sign1` over the root of the tree, with one proof beside it. It signs the root alone:
//! size and index are part of the proof, and some pairs of them lead the same hashes to the same root.
//! That is why a receipt is verified together with the checkpoint of that root, which does sign the size.

use coset::{CoseSign1, ProtectedHeader, TaggedCborSerializable as _};
use ofrecord_log::Hash;
use ofrecord_log::merkle::{ProofError, leaf_hash, verify_consistency, verify_inclusion};
use thiserror::Error;

use crate::checkpoint::Checkpoint;

mod cose;
mod key;
#[cfg(test)]
mod tests;

pub use key::{ReceiptKey, ReceiptKeyError, ReceiptVerifierKey};

/// The most bytes that a receipt may have.
pub const RECEIPT_BYTES_MAX: usize = 16_384;

/// Why bytes are not a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// There are too many bytes.
    #[error("a receipt of {bytes} bytes is longer than {RECEIPT_BYTES_MAX}")]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// The bytes are not CBOR, or not a tagged `COSE_Sign1`.
    #[error("a receipt is a tagged COSE_Sign1")]
    Form,
    /// The protected header asks for something that is not known here.
    #[error("the protected header names something critical that is not known here")]
    Critical,
    /// The signature is not Ed25519.
    #[error("a receipt is signed with EdDSA (-8)")]
    Algorithm,
    /// The tree is another than that of RFC 9162 with SHA-256.
    #[error("a receipt is about a tree of RFC 9162 with SHA-256 (395: 1)")]
    Tree,
    /// The claims are not a map with texts as issuer and subject.
    #[error("the claims of a receipt are a map, in which issuer and subject are texts")]
    Claims,
    /// There is not exactly one proof, or something else beside it, or it is not well formed.
    #[error("a receipt has one proof, of inclusion or of consistency, and nothing else that is not signed")]
    Proof,
    /// The payload is not what the kind of proof calls for: none for inclusion, the newer root for consistency.
    #[error("a receipt of inclusion has no payload, one of consistency has the newer root as its own")]
    Payload,
    /// The bytes are a second spelling of what they say.
    #[error("a receipt is written in the shortest form of CBOR")]
    Spelling,
}

/// Why a receipt does not show what it says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptRefused {
    /// The receipt has the other kind of proof.
    #[error("the receipt has another kind of proof")]
    Kind,
    /// The receipt names another key.
    #[error("the receipt is by another key")]
    Key,
    /// The key did not make the signature over the root that the proof leads to.
    #[error("the signature of the receipt is wrong")]
    Signature,
    /// The receipt is issued by another log than the checkpoint's.
    #[error("the receipt is issued by {issuer}, not by the log of the checkpoint")]
    Issuer {
        /// Who issued it.
        issuer: String,
    },
    /// The receipt is about another size than the checkpoint.
    #[error("the receipt is about size {found}, the checkpoint about {expected}")]
    Size {
        /// The checkpoint's.
        expected: u64,
        /// The receipt's.
        found: u64,
    },
    /// The hashes do not lead to the root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// What a receipt proves, if its signature and a checkpoint bear it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptProof {
    /// One entry is in the log.
    Inclusion {
        /// The size of the log.
        size: u64,
        /// The position of the entry.
        index: u64,
        /// The sibling hashes, nearest first.
        path: Vec<Hash>,
    },
    /// The log begins with an older one.
    Consistency {
        /// The older size.
        old_size: u64,
        /// The newer size.
        size: u64,
        /// The hashes, in the order of RFC 6962 2.1.2.
        path: Vec<Hash>,
        /// The newer root.
        root: Hash,
    },
}

/// A signed root, and one proof that leads to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    bytes: Vec<u8>,
    sign1: CoseSign1,
    proof: ReceiptProof,
    issuer: Option<String>,
    subject: Option<String>,
}

impl Receipt {
    /// Reads a receipt; nothing is verified here.
    ///
    /// # Errors
    /// [`ReceiptError`] naming the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::TooLong { bytes: bytes.len() });
        }
        let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| ReceiptError::Form)?;
        cose::check_protected(&sign1.protected.header)?;
        let (issuer, subject) = cose::claims_of(&sign1.protected.header)?;
        let proof = cose::proof_of(&sign1)?;
        // The proof is not signed, so that it must have no second spelling.
        let unprotected = cose::unprotected(&proof).ok_or(ReceiptError::Proof)?;
        if sign1.unprotected != unprotected || sign1.clone().to_tagged_vec().ok().as_deref() != Some(bytes) {
            return Err(ReceiptError::Spelling);
        }
        Ok(Self { bytes: bytes.to_vec(), sign1, proof, issuer, subject })
    }

    /// The receipt as it travels.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the receipt says; only verifying it makes that true.
    #[must_use]
    pub fn proof(&self) -> &ReceiptProof {
        &self.proof
    }

    /// Which log issued it, if it says so.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// What it is about in words of its issuer, if it says so.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Checks that the entry is in the log of a checkpoint, at the index that the receipt names.
    ///
    /// The checkpoint must have been opened by [`Checkpoint::open`] or by a policy.
    ///
    /// # Errors
    /// [`ReceiptRefused`] when it is not shown.
    pub fn verify_inclusion(
        &self,
        entry: &[u8],
        key: &ReceiptVerifierKey,
        checkpoint: &Checkpoint,
    ) -> Result<(), ReceiptRefused> {
        let ReceiptProof::Inclusion { size, index, path } = &self.proof else { return Err(ReceiptRefused::Kind) };
        self.check_head(*size, checkpoint)?;
        verify_inclusion(&leaf_hash(entry), *index, *size, path, checkpoint.root())?;
        self.check_signature(checkpoint.root(), key)
    }

    /// Checks that the log of a checkpoint begins with that of an older one.
    ///
    /// Both checkpoints must have been opened by [`Checkpoint::open`] or by a policy.
    ///
    /// # Errors
    /// [`ReceiptRefused`] when it is not shown.
    pub fn verify_consistency(
        &self,
        old: &Checkpoint,
        key: &ReceiptVerifierKey,
        checkpoint: &Checkpoint,
    ) -> Result<(), ReceiptRefused> {
        let ReceiptProof::Consistency { old_size, size, path, root } = &self.proof else {
            return Err(ReceiptRefused::Kind);
        };
        self.check_head(*old_size, old)?;
        self.check_head(*size, checkpoint)?;
        verify_consistency(*old_size, old.root(), *size, root, path)?;
        if root != checkpoint.root() {
            return Err(ProofError::Root { computed: *root, expected: *checkpoint.root() }.into());
        }
        self.check_signature(root, key)
    }

    fn check_head(&self, found: u64, checkpoint: &Checkpoint) -> Result<(), ReceiptRefused> {
        if let Some(issuer) = self.issuer.as_ref().filter(|issuer| *issuer != checkpoint.origin()) {
            return Err(ReceiptRefused::Issuer { issuer: issuer.clone() });
        }
        let expected = checkpoint.size();
        if found == expected { Ok(()) } else { Err(ReceiptRefused::Size { expected, found }) }
    }

    fn check_signature(&self, root: &Hash, key: &ReceiptVerifierKey) -> Result<(), ReceiptRefused> {
        let named = &self.sign1.protected.header.key_id;
        if named.len() == key.id().0.len() && *named != key.id().0 {
            return Err(ReceiptRefused::Key);
        }
        let signed = cose::signed_bytes(&self.sign1.protected, root);
        if key.verifies(&signed, &self.sign1.signature) { Ok(()) } else { Err(ReceiptRefused::Signature) }
    }
}

impl ReceiptKey {
    /// A receipt that the entry at `index` is in the log of a checkpoint, with the path that
    /// [`ofrecord_log::merkle::inclusion_proof`] gives. The caller must have verified that it is.
    ///
    /// The issuer is the checkpoint's origin.
    ///
    /// # Errors
    /// [`ReceiptError`] when the receipt could not be read back, as for a subject of many bytes.
    pub fn inclusion(
        &self,
        checkpoint: &Checkpoint,
        subject: &str,
        index: u64,
        path: Vec<Hash>,
    ) -> Result<Receipt, ReceiptError> {
        let proof = ReceiptProof::Inclusion { size: checkpoint.size(), index, path };
        self.receipt(checkpoint, subject, &proof)
    }

    /// A receipt that the log of a checkpoint begins with that of `old_size` entries, with the path that
    /// [`ofrecord_log::merkle::consistency_proof`] gives. The caller must have verified that it does.
    ///
    /// # Errors
    /// [`ReceiptError`] when the receipt could not be read back, as for a subject of many bytes.
    pub fn consistency(
        &self,
        checkpoint: &Checkpoint,
        subject: &str,
        old_size: u64,
        path: Vec<Hash>,
    ) -> Result<Receipt, ReceiptError> {
        let (size, root) = (checkpoint.size(), *checkpoint.root());
        self.receipt(checkpoint, subject, &ReceiptProof::Consistency { old_size, size, path, root })
    }

    fn receipt(&self, checkpoint: &Checkpoint, subject: &str, proof: &ReceiptProof) -> Result<Receipt, ReceiptError> {
        let header = cose::protected(&self.verifier(), checkpoint.origin(), subject);
        let protected = ProtectedHeader { original_data: None, header };
        let payload = match proof {
            ReceiptProof::Inclusion { .. } => None,
            ReceiptProof::Consistency { root, .. } => Some(root.0.to_vec()),
        };
        let signature = self.sign(&cose::signed_bytes(&protected, checkpoint.root())).to_vec();
        let unprotected = cose::unprotected(proof).ok_or(ReceiptError::Proof)?;
        let sign1 = CoseSign1 { protected, unprotected, payload, signature };
        Receipt::from_bytes(&sign1.to_tagged_vec().map_err(|_| ReceiptError::Form)?)
    }
}
