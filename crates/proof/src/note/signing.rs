//! Keys with which notes are signed, in the text form that Go's `note` package reads and writes.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use super::{Algorithm, KeyError, KeyName, NoteError, NoteSignature, SignedNote, VerifierKey, key_id};
use crate::spelling;

/// What the text of a private key begins with.
const PRIVATE_MARK: &str = "PRIVATE+KEY+";

/// The private half of an Ed25519 key that signs notes, as a log does.
///
/// Neither `Debug` nor an error shows the seed, and its memory is overwritten when the key is dropped.
#[derive(Clone)]
pub struct SigningKey {
    name: KeyName,
    private: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key that a seed of 32 random bytes makes.
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self { name, private: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::of_notes(self.name.clone(), self.private.verifying_key())
    }

    /// A note of a text, with one signature.
    ///
    /// # Errors
    /// [`NoteError`] when the text cannot be that of a note.
    pub fn sign(&self, text: &str) -> Result<SignedNote, NoteError> {
        SignedNote::new(text, self.signature_of(text))
    }

    /// The line with which this key signs a text, to be added to a note of that text.
    #[must_use]
    pub fn signature_of(&self, text: &str) -> NoteSignature {
        let signature = self.private.sign(text.as_bytes()).to_bytes().to_vec();
        NoteSignature::new(self.name.clone(), self.verifier().id(), signature)
    }

    /// The text form, `PRIVATE+KEY+<name>+<id>+<base64(0x01 || seed)>`. Whoever reads it can sign.
    #[must_use]
    pub fn to_private_text(&self) -> Zeroizing<String> {
        write_private(&self.verifier(), self.private.as_bytes())
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, private) = read_private(text, Algorithm::Note)?;
        Ok(Self { name, private })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The text form of the private half of a key.
pub(crate) fn write_private(public: &VerifierKey, seed: &[u8; 32]) -> Zeroizing<String> {
    let mut typed = Zeroizing::new([0_u8; 33]);
    if let Some((first, rest)) = typed.split_first_mut() {
        *first = public.algorithm().type_byte();
        rest.copy_from_slice(seed);
    }
    let encoded = Zeroizing::new(spelling::base64(&*typed));
    Zeroizing::new([PRIVATE_MARK, public.name().as_str(), "+", &public.id().to_string(), "+", &encoded].concat())
}

/// Reads the text form of a private key of one algorithm.
pub(crate) fn read_private(text: &str, algorithm: Algorithm) -> Result<(KeyName, ed25519_dalek::SigningKey), KeyError> {
    let rest = text.strip_prefix(PRIVATE_MARK).ok_or(KeyError::Form)?;
    let (name, rest) = rest.split_once('+').ok_or(KeyError::Form)?;
    let (id, typed) = rest.split_once('+').ok_or(KeyError::Form)?;
    let (name, told): (KeyName, super::KeyId) = (name.parse()?, id.parse()?);
    let typed = Zeroizing::new(Base64::decode_vec(typed).map_err(|_| KeyError::Form)?);
    let (type_byte, seed) = typed.split_first().ok_or(KeyError::Form)?;
    let wrong = KeyError::Bytes { algorithm };
    let seed: &[u8; 32] = seed.try_into().map_err(|_| wrong)?;
    if *type_byte != algorithm.type_byte() {
        return Err(wrong);
    }
    let private = ed25519_dalek::SigningKey::from_bytes(seed);
    let computed = key_id(&name, *type_byte, private.verifying_key().as_bytes());
    if computed == told { Ok((name, private)) } else { Err(KeyError::Id { told, computed }) }
}
