//! Certificates: what a log says of a body that stands beside it, as the text of a note.
//!
//! The first line is none that a checkpoint can have followed by a size, so that neither is taken for the other.

use std::fmt;
use std::str::FromStr;

use ofrecord_log::Hash;
use thiserror::Error;

use crate::note::{Algorithm, OpenError, SignedNote, VerifierKey};
use crate::spelling;

#[cfg(test)]
mod tests;

/// The first line.
const HEADER: &str = "ofrecord certificate v1";

/// Why a text is not that of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// The first line is another.
    #[error("the first line of a certificate is {HEADER}")]
    Header,
    /// The kind is missing, has a control character, or could be taken for the size of a checkpoint.
    #[error("the second line of a certificate is its kind, which begins with a letter")]
    Kind,
    /// The origin is missing, or has a control character.
    #[error("the third line of a certificate is an origin")]
    Origin,
    /// The size is missing, or no number in decimal digits up to 2^63 − 1.
    #[error("the fourth line of a certificate is the tree size in decimal digits")]
    Size,
    /// The root is missing, or not 32 bytes in base64.
    #[error("the fifth line of a certificate is the root, 32 bytes in base64")]
    Root,
    /// The hash of the body is missing, not in hexadecimal, or not the last line.
    #[error("the last line of a certificate is SHA-256 of its body in hexadecimal")]
    Body,
}

/// Why a note does not vouch for a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateOpenError {
    /// The note's text is not that of a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signatures do not hold.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// None of the keys that signed is that of the log: one that signs notes and has the origin as its name.
    #[error("no known key of the log {origin} has signed the certificate")]
    NotByTheLog {
        /// The origin that the certificate states.
        origin: String,
    },
}

/// What a log says: of which kind the body is, on which entries it rests, and what its hash is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    kind: String,
    origin: String,
    size: u64,
    root: Hash,
    body: Hash,
}

impl Certificate {
    /// A certificate of this kind over a body with that SHA-256, by the first `size` entries of the log.
    ///
    /// # Errors
    /// [`CertificateError`] when kind, origin or size cannot be written.
    pub fn new(kind: &str, origin: &str, (size, root): (u64, Hash), body: Hash) -> Result<Self, CertificateError> {
        let printable = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte >= b' ');
        if !printable(kind) || !kind.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(CertificateError::Kind);
        }
        if !printable(origin) {
            return Err(CertificateError::Origin);
        }
        if size > spelling::NUMBER_MAX {
            return Err(CertificateError::Size);
        }
        Ok(Self { kind: kind.to_owned(), origin: origin.to_owned(), size, root, body })
    }

    /// Of which kind the body is.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which log says it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// On how many entries the body rests.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of these entries.
    #[must_use]
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// SHA-256 of the body.
    #[must_use]
    pub fn body(&self) -> &Hash {
        &self.body
    }

    /// The certificate of a note that the log has signed, and the known keys that signed it.
    ///
    /// # Errors
    /// [`CertificateOpenError`] when no known key of the log did, and when the signature of a known key is wrong.
    pub fn open<'keys>(
        note: &SignedNote,
        keys: &'keys [VerifierKey],
    ) -> Result<(Self, Vec<&'keys VerifierKey>), CertificateOpenError> {
        let certificate: Self = note.text().parse()?;
        let verified: Vec<&VerifierKey> = note.open(keys)?.into_iter().map(|one| one.key).collect();
        let by_the_log =
            |key: &&VerifierKey| key.algorithm() == Algorithm::Note && key.name().as_str() == certificate.origin;
        if verified.iter().any(by_the_log) {
            Ok((certificate, verified))
        } else {
            Err(CertificateOpenError::NotByTheLog { origin: certificate.origin })
        }
    }
}

impl fmt::Display for Certificate {
    /// The text of the note: six lines, each with its line feed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, origin, size, root, body } = self;
        writeln!(formatter, "{HEADER}\n{kind}\n{origin}\n{size}\n{}\n{body}", spelling::base64(&root.0))
    }
}

impl FromStr for Certificate {
    type Err = CertificateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest =
            text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n')).ok_or(CertificateError::Header)?;
        let (kind, rest) = rest.split_once('\n').ok_or(CertificateError::Kind)?;
        let (origin, rest) = rest.split_once('\n').ok_or(CertificateError::Origin)?;
        let (size, rest) = rest.split_once('\n').ok_or(CertificateError::Size)?;
        let (root, rest) = rest.split_once('\n').ok_or(CertificateError::Root)?;
        let body = rest.strip_suffix('\n').and_then(|body| body.parse().ok()).ok_or(CertificateError::Body)?;
        let size = spelling::number(size).ok_or(CertificateError::Size)?;
        let root = spelling::hash(root).ok_or(CertificateError::Root)?;
        Self::new(kind, origin, (size, root), body)
    }
}
