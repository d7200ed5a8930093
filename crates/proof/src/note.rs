//! Signed notes: a text, and lines below it with which named keys sign it (C2SP signed-note v1.0.0).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

mod key;
mod signing;
#[cfg(test)]
mod tests;

pub(crate) use key::key_id;
pub use key::{Algorithm, KeyError, KeyId, KeyName, VerifierKey};
pub use signing::SigningKey;
pub(crate) use signing::{read_private, write_private};

use crate::spelling;

/// The most bytes that a signed note may have.
pub const NOTE_BYTES_MAX: usize = 1_000_000;

/// The most signatures that a note may carry.
pub const SIGNATURES_MAX: usize = 100;

/// What a line with a signature begins with.
const SIGNATURE_MARK: &str = "— ";

/// Why a text is not a signed note, or cannot become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// The note is too long.
    #[error("a note of {bytes} bytes is longer than {NOTE_BYTES_MAX}")]
    TooLong {
        /// How long it is, or would be.
        bytes: usize,
    },
    /// The bytes are not UTF-8.
    #[error("a note is UTF-8, see byte {at}")]
    Utf8 {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// There is a control character other than the line feed.
    #[error("a note has no control characters, see byte {at}")]
    Control {
        /// Offset of the first one.
        at: usize,
    },
    /// The text of the note does not end with a line feed.
    #[error("the text of a note ends with a line feed")]
    UnfinishedText,
    /// No blank line parts the text from its signatures.
    #[error("no blank line parts the text of the note from its signatures")]
    Unsigned,
    /// A line below the blank one is no signature.
    #[error("line {line} below the text is no signature")]
    SignatureLine {
        /// Which line, from 1.
        line: usize,
    },
    /// There are too many signatures.
    #[error("a note has at most {SIGNATURES_MAX} signatures")]
    TooManySignatures,
}

/// Why no key vouches for a note.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// A line names a known key, and that key did not make its signature.
    #[error("the signature of key {name} ({id}) is wrong")]
    Signature {
        /// Name of the key.
        name: KeyName,
        /// Its id.
        id: KeyId,
    },
    /// Not one line is by a known key.
    #[error("no known key has signed the note")]
    NoKnownKey,
}

/// One line of a signed note: which key, and what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: KeyName,
    /// Id of the key.
    pub id: KeyId,
    /// What the key's algorithm makes of the text: for a log 64 bytes, for a cosigner a time and 64 bytes.
    signature: Vec<u8>,
}

impl NoteSignature {
    pub(crate) fn new(name: KeyName, id: KeyId, signature: Vec<u8>) -> Self {
        Self { name, id, signature }
    }

    /// What the key's algorithm makes of the text.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl FromStr for NoteSignature {
    type Err = NoteError;

    /// Reads a line, without its line feed.
    fn from_str(line: &str) -> Result<Self, Self::Err> {
        signature_of(&format!("{line}\n")).ok_or(NoteError::SignatureLine { line: 1 })
    }
}

impl fmt::Display for NoteSignature {
    /// The line without its line feed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [&self.id.0[..], &self.signature].concat();
        write!(formatter, "{SIGNATURE_MARK}{} {}", self.name, spelling::base64(&named))
    }
}

/// A known key whose signature a note carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'keys> {
    /// The key.
    pub key: &'keys VerifierKey,
    /// When a cosigner says it signed, in seconds since 1970; none for other keys.
    pub time: Option<u64>,
}

/// A text and the signatures below it, of which there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// A text with its first signature, which is not checked here.
    ///
    /// # Errors
    /// [`NoteError`] when the text cannot be that of a note.
    pub fn new(text: &str, signature: NoteSignature) -> Result<Self, NoteError> {
        check_text(text)?;
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        note.add(signature)?;
        Ok(note)
    }

    /// Reads a note as it travels; its signatures are not checked here.
    ///
    /// # Errors
    /// [`NoteError`] naming the first thing that is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoteError> {
        check_length(bytes.len())?;
        let text = std::str::from_utf8(bytes).map_err(|error| NoteError::Utf8 { at: error.valid_up_to() })?;
        text.parse()
    }

    /// What is signed, with its last line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in the order of their lines.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a line below the others.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`] or [`NoteError::TooLong`].
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.len() >= SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        let bytes = self.to_string().len();
        check_length(bytes).inspect_err(|_| {
            self.signatures.pop();
        })
    }

    /// Which of the known keys have signed the text, in the order of the lines.
    ///
    /// Lines by other keys are passed over, and so are keys of an algorithm that is not known here.
    ///
    /// # Errors
    /// [`OpenError`] when a known key did not make the signature that is given as its own, and when no
    /// known key has signed.
    pub fn open<'keys>(&self, keys: &'keys [VerifierKey]) -> Result<Vec<Verified<'keys>>, OpenError> {
        let mut verified = Vec::new();
        for line in &self.signatures {
            let named = |key: &&VerifierKey| {
                !matches!(key.algorithm(), Algorithm::Other(_)) && *key.name() == line.name && key.id() == line.id
            };
            let mut known = keys.iter().filter(named).peekable();
            if known.peek().is_none() {
                continue;
            }
            let found = known.find_map(|key| key.verify(&self.text, &line.signature));
            let Some(found) = found else {
                return Err(OpenError::Signature { name: line.name.clone(), id: line.id });
            };
            if !verified.contains(&found) {
                verified.push(found);
            }
        }
        if verified.is_empty() { Err(OpenError::NoKnownKey) } else { Ok(verified) }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(formatter, "{signature}"))
    }
}

impl FromStr for SignedNote {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, Self::Err> {
        check_length(note.len())?;
        check_controls(note)?;
        // The text keeps the line feed before the blank line.
        let end = note.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let (text, below) = note.split_at_checked(end + 1).ok_or(NoteError::Unsigned)?;
        let lines = below.strip_prefix('\n').unwrap_or(below);
        let lines: Vec<&str> = lines.split_inclusive('\n').collect();
        if lines.is_empty() {
            return Err(NoteError::Unsigned);
        }
        if lines.len() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let signatures =
            (1..).zip(lines).map(|(line, text)| signature_of(text).ok_or(NoteError::SignatureLine { line }));
        Ok(Self { text: text.to_owned(), signatures: signatures.collect::<Result<_, _>>()? })
    }
}

fn signature_of(line: &str) -> Option<NoteSignature> {
    let (name, named) = line.strip_suffix('\n')?.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let named = spelling::bytes(named)?;
    let (id, signature) = named.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    Some(NoteSignature { name: name.parse().ok()?, id: KeyId(*id), signature: signature.to_vec() })
}

/// Whether a text can be signed as a note.
fn check_text(text: &str) -> Result<(), NoteError> {
    check_length(text.len())?;
    check_controls(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::UnfinishedText) }
}

fn check_controls(text: &str) -> Result<(), NoteError> {
    match text.bytes().position(|byte| byte < b' ' && byte != b'\n') {
        Some(at) => Err(NoteError::Control { at }),
        None => Ok(()),
    }
}

fn check_length(bytes: usize) -> Result<(), NoteError> {
    if bytes > NOTE_BYTES_MAX { Err(NoteError::TooLong { bytes }) } else { Ok(()) }
}
