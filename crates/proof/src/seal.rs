//! Sealed fields: a text that only the holder of its subject's key reads, and nobody once the key is destroyed.
//!
//! What is logged is the ciphertext, so that proofs hold whether or not anybody can still read it. The key of a
//! field comes from the subject's key in two steps: one for the place of the field, whose result can be handed to an
//! auditor and opens that field and no other, and from it the key of the cipher and a commitment to it. The
//! commitment is logged: without it, one ciphertext could be made that opens to two texts under two keys.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use ofrecord_log::Hash;
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// What every derivation and every authenticated text begins with.
const PROFILE: &str = "csp-rel/1";
/// The name of the cipher, as it stands in a sealed field.
pub const ALGORITHM: &str = "A256GCM";
/// The most bytes that are sealed as one field.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;

/// The key of one subject.
pub type SubjectKey = Zeroizing<[u8; 32]>;

/// Where a field stands: its entry, its stream and its name. A ciphertext moved to another place does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Position of the entry.
    pub position: u64,
    /// Name of the stream.
    pub stream: &'a str,
    /// Name of the field.
    pub field: &'a str,
}

/// A sealed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedText {
    /// The commitment to the key.
    pub commitment: Hash,
    /// The nonce, which is drawn anew for each text.
    pub nonce: [u8; 12],
    /// The ciphertext with its tag.
    pub ciphertext: Vec<u8>,
}

/// Why a text was not sealed or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The text is too long.
    #[error("a sealed text has at most {TEXT_BYTES_MAX} bytes, this one has {bytes}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The key is another one than was committed to.
    #[error("the key is not the one that the field was sealed with")]
    OtherKey,
    /// The ciphertext, the nonce or the place is another.
    #[error("the sealed text is damaged, or stands at another place than it was sealed for")]
    Damaged,
    /// What came out is no text.
    #[error("the sealed text is not UTF-8")]
    NotText,
}

/// The key of one field of one entry. It can be handed over: it opens nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldKey(Zeroizing<[u8; 32]>);

impl FieldKey {
    /// The key of the field at a place, from the key of its subject.
    #[must_use]
    pub fn derive(subject: &SubjectKey, place: Place<'_>) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, subject.as_slice());
        Self(expand(&hkdf, &format!("{PROFILE}|seal|{}|{}", place.position, place.field)))
    }

    /// A key that was handed over.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, to be handed over.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a text. The nonce must never have been used with this key.
    ///
    /// # Errors
    /// [`SealError::TooLong`].
    pub fn seal(&self, place: Place<'_>, nonce: [u8; 12], text: &str) -> Result<SealedText, SealError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(SealError::TooLong { bytes: text.len() });
        }
        let (key, commitment) = self.parts();
        let aad = authenticated(place, &commitment);
        let payload = Payload { msg: text.as_bytes(), aad: &aad };
        let sealed = cipher(&key).encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
        Ok(SealedText { commitment, nonce, ciphertext: sealed })
    }

    /// Opens a text that was sealed at a place.
    ///
    /// # Errors
    /// [`SealError::OtherKey`] before anything is deciphered, [`SealError::Damaged`] when it does not open.
    pub fn open(&self, place: Place<'_>, sealed: &SealedText) -> Result<Zeroizing<String>, SealError> {
        let (key, commitment) = self.parts();
        if commitment != sealed.commitment {
            return Err(SealError::OtherKey);
        }
        let aad = authenticated(place, &commitment);
        let payload = Payload { msg: &sealed.ciphertext, aad: &aad };
        let opened = cipher(&key).decrypt(&Nonce::from(sealed.nonce), payload).map_err(|_| SealError::Damaged)?;
        String::from_utf8(opened).map(Zeroizing::new).map_err(|_| SealError::NotText)
    }

    /// The key of the cipher, and the commitment to it: both from this key, so that whoever has it computes both.
    fn parts(&self) -> (Zeroizing<[u8; 32]>, Hash) {
        let hkdf = Hkdf::<Sha256>::from_prk(self.0.as_slice());
        let of = |word: &str| match &hkdf {
            Ok(hkdf) => expand(hkdf, word),
            // 32 bytes are always enough for a key of this hash.
            Err(_) => Zeroizing::new([0; 32]),
        };
        (of("enc"), Hash(*of("commit")))
    }
}

/// One key out of several, which nobody has who lacks one of them: what is sealed with it concerns all of their
/// subjects, and is gone with the first of them. The order matters. One key alone is itself.
#[must_use]
pub fn joined_key(keys: &[SubjectKey]) -> SubjectKey {
    if let [key] = keys {
        return key.clone();
    }
    let joined = Zeroizing::new(keys.iter().flat_map(|key| key.iter().copied()).collect::<Vec<u8>>());
    expand(&Hkdf::<Sha256>::new(None, joined.as_slice()), &format!("{PROFILE}|joined|{}", keys.len()))
}

/// A tag by which the holder of a subject's key tells equal texts, and nobody else does.
#[must_use]
pub fn equality_tag(subject: &SubjectKey, field: &str, text: &str) -> Hash {
    let mut bytes = [0; 32];
    // A key of any length is accepted.
    if let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(subject.as_slice()) {
        mac.update(format!("{PROFILE}|equal|{field}|").as_bytes());
        mac.update(text.as_bytes());
        bytes = mac.finalize().into_bytes().into();
    }
    Hash(bytes)
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
}

fn expand(hkdf: &Hkdf<Sha256>, word: &str) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    // 32 bytes are within what one expansion gives.
    hkdf.expand(word.as_bytes(), bytes.as_mut_slice()).unwrap_or_default();
    bytes
}

/// Place and commitment: what the ciphertext is bound to.
fn authenticated(place: Place<'_>, commitment: &Hash) -> Vec<u8> {
    let Place { position, stream, field } = place;
    let mut bytes = format!("{PROFILE}|{position}|{stream}|{field}|").into_bytes();
    bytes.extend_from_slice(commitment.as_bytes());
    bytes
}
