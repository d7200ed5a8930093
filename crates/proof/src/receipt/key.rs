//! Keys of receipts: Ed25519 in PEM, as programs of the COSE family take them.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use ofrecord_log::Hash;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::pem;

/// What stands before the bytes of the key in a COSE key, of which its id is the SHA-256.
const COSE_KEY_PREFIX: &[u8] = b"\xa3\x01\x01\x20\x06\x21\x58\x20";

/// The text is not an Ed25519 key in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an Ed25519 key in PEM")]
pub struct ReceiptKeyError;

/// The private half of an Ed25519 key that signs receipts. It must not be used for anything else.
///
/// `Debug` does not show the seed, and its memory is overwritten when the key is dropped.
#[derive(Clone)]
pub struct ReceiptKey(ed25519_dalek::SigningKey);

/// The public half, by which receipts are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptVerifierKey(VerifyingKey);

impl ReceiptKey {
    /// The key that a seed of 32 random bytes makes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> ReceiptVerifierKey {
        ReceiptVerifierKey(self.0.verifying_key())
    }

    /// The key as PKCS #8 in PEM. Whoever reads it can sign.
    #[must_use]
    pub fn to_private_pem(&self) -> Zeroizing<String> {
        pem::write_private(self.0.as_bytes())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl FromStr for ReceiptKey {
    type Err = ReceiptKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        pem::read_private(text).map(|seed| Self::from_seed(&seed)).ok_or(ReceiptKeyError)
    }
}

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ReceiptKey").finish_non_exhaustive()
    }
}

impl ReceiptVerifierKey {
    /// The id by which receipts name the key: its thumbprint (RFC 9679).
    #[must_use]
    pub fn id(&self) -> Hash {
        Hash::of(&self.to_cose_key())
    }

    /// The key as a COSE key of what identifies it and nothing else: an OKP key of Ed25519 (RFC 9053 7.2).
    #[must_use]
    pub fn to_cose_key(&self) -> Vec<u8> {
        [COSE_KEY_PREFIX, self.0.as_bytes()].concat()
    }

    /// The key as a JSON Web Key, in the order of names that its thumbprint is made of (RFC 8037 2, RFC 7638).
    #[must_use]
    pub fn to_jwk(&self) -> String {
        let public = Base64UrlUnpadded::encode_string(self.0.as_bytes());
        format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#)
    }

    pub(super) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Display for ReceiptVerifierKey {
    /// The key as SubjectPublicKeyInfo in PEM.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&pem::write_public(self.0.as_bytes()))
    }
}

impl FromStr for ReceiptVerifierKey {
    type Err = ReceiptKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let public = pem::read_public(text).ok_or(ReceiptKeyError)?;
        VerifyingKey::from_bytes(&public).map(Self).map_err(|_| ReceiptKeyError)
    }
}
