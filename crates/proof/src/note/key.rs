//! Keys by which notes are checked, and their text form (C2SP signed-note v1.0.0, "Verifier keys").

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};
use ofrecord_log::Hash;
use thiserror::Error;

use super::Verified;
use crate::{cosignature, pem, spelling};

const NOTE_TYPE: u8 = 0x01;
const COSIGNATURE_TYPE: u8 = 0x04;

/// Why a text is not a key, or not a key's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// A name is empty, or has a space, a plus sign or a control character.
    #[error("a key's name is not empty and has no spaces, plus signs or control characters")]
    Name,
    /// The parts between the plus signs are not those of a key.
    #[error("a key is written as its name, its id in hexadecimal and its bytes in base64, with plus signs between")]
    Form,
    /// The bytes do not make a key of the algorithm that they name.
    #[error("the bytes do not make a key of algorithm {algorithm}")]
    Bytes {
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The text names another id than its name and bytes come to.
    #[error("the key's id is {computed}, not {told}")]
    Id {
        /// The id that the text names.
        told: KeyId,
        /// The id that name and bytes come to.
        computed: KeyId,
    },
}

/// The name of a key: not empty, without white space, plus signs and control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let banned = |character: char| character.is_whitespace() || character == '+' || character < ' ';
        if text.is_empty() || text.contains(banned) { Err(KeyError::Name) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Four bytes that tell keys of one name apart. They protect against mistakes, not against forgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let value = u32::from_str_radix(text, 16).ok().filter(|_| digits);
        value.map(|value| Self(value.to_be_bytes())).ok_or(KeyError::Form)
    }
}

/// What a key signs with, and over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 over the text of the note (0x01).
    Note,
    /// Ed25519 over a time and the text of the note (0x04), see [`crate::cosignature`].
    Cosignature,
    /// Anything else; its signatures are passed over.
    Other(u8),
}

impl Algorithm {
    /// The byte that stands for it in a key's text.
    #[must_use]
    pub fn type_byte(self) -> u8 {
        match self {
            Self::Note => NOTE_TYPE,
            Self::Cosignature => COSIGNATURE_TYPE,
            Self::Other(byte) => byte,
        }
    }

    fn of(byte: u8) -> Self {
        match byte {
            NOTE_TYPE => Self::Note,
            COSIGNATURE_TYPE => Self::Cosignature,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "0x{:02x}", self.type_byte())
    }
}

/// The public half of a key, by which its signatures are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    public: Public,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    Note(VerifyingKey),
    Cosignature(VerifyingKey),
    Other { algorithm: u8, bytes: Vec<u8> },
}

impl VerifierKey {
    /// The key that checks notes (0x01).
    pub(crate) fn of_notes(name: KeyName, public: VerifyingKey) -> Self {
        Self { id: key_id(&name, NOTE_TYPE, public.as_bytes()), name, public: Public::Note(public) }
    }

    /// The key that checks cosignatures (0x04).
    pub(crate) fn of_cosignatures(name: KeyName, public: VerifyingKey) -> Self {
        Self { id: key_id(&name, COSIGNATURE_TYPE, public.as_bytes()), name, public: Public::Cosignature(public) }
    }

    /// Its name; for the key of a log, the origin of the log.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.public {
            Public::Note(_) => Algorithm::Note,
            Public::Cosignature(_) => Algorithm::Cosignature,
            Public::Other { algorithm, .. } => Algorithm::Other(*algorithm),
        }
    }

    /// The bytes of the public key: 32 for Ed25519.
    #[must_use]
    pub fn public_bytes(&self) -> &[u8] {
        match &self.public {
            Public::Note(public) | Public::Cosignature(public) => public.as_bytes(),
            Public::Other { bytes, .. } => bytes,
        }
    }

    /// The public key in PEM, as `openssl` reads it; none for an algorithm that is not known here.
    #[must_use]
    pub fn to_pem(&self) -> Option<String> {
        match &self.public {
            Public::Note(public) | Public::Cosignature(public) => Some(pem::write_public(public.as_bytes())),
            Public::Other { .. } => None,
        }
    }

    /// What this key makes of a signature over a text: none when it did not make it.
    pub(super) fn verify(&self, text: &str, signature: &[u8]) -> Option<Verified<'_>> {
        let time = match &self.public {
            Public::Note(public) => {
                let signature = Signature::from_slice(signature).ok()?;
                public.verify_strict(text.as_bytes(), &signature).ok()?;
                None
            }
            Public::Cosignature(public) => Some(cosignature::verified_time(public, text, signature)?),
            Public::Other { .. } => return None,
        };
        Some(Verified { key: self, time })
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [&[self.algorithm().type_byte()][..], self.public_bytes()].concat();
        write!(formatter, "{}+{}+{}", self.name, self.id, spelling::base64(&typed))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    /// The id of an algorithm that is not known here is taken as it is told.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        let (id, typed) = rest.split_once('+').ok_or(KeyError::Form)?;
        let (name, told): (KeyName, KeyId) = (name.parse()?, id.parse()?);
        let typed = spelling::bytes(typed).ok_or(KeyError::Form)?;
        let (type_byte, bytes) = typed.split_first().ok_or(KeyError::Form)?;
        let algorithm = Algorithm::of(*type_byte);
        let point = || {
            let bytes = bytes.try_into().map_err(|_| KeyError::Bytes { algorithm })?;
            VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Bytes { algorithm })
        };
        let key = match algorithm {
            Algorithm::Note => Self::of_notes(name, point()?),
            Algorithm::Cosignature => Self::of_cosignatures(name, point()?),
            Algorithm::Other(algorithm) => {
                Self { name, id: told, public: Public::Other { algorithm, bytes: bytes.to_vec() } }
            }
        };
        if key.id == told { Ok(key) } else { Err(KeyError::Id { told, computed: key.id }) }
    }
}

/// The id of a key: the first four bytes of the SHA-256 of name, line feed, type and public key.
pub(crate) fn key_id(name: &KeyName, type_byte: u8, public: &[u8]) -> KeyId {
    let hashed = [name.as_str().as_bytes(), b"\n", &[type_byte], public].concat();
    let [first, second, third, fourth, ..] = Hash::of(&hashed).0;
    KeyId([first, second, third, fourth])
}
