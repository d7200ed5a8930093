//! Time stamps by an authority: the request, and what a reply says of it (RFC 3161).
//!
//! A request is for the SHA-256 of some bytes; for a checkpoint these are the text of its note, without the
//! signatures. Of a reply, only what it says is read here. Whether the authority signed it is for
//! `openssl ts -verify` to say, with the certificates that the reader trusts.

use ofrecord_log::Hash;
use thiserror::Error;

mod der;
mod reply;
#[cfg(test)]
mod tests;

pub use reply::{NotStamped, ReplyStatus, TimeStamp, TimestampReply};

use der::{BOOLEAN, INTEGER, OCTET_STRING, Reader, SEQUENCE, element};

/// The most bytes that a reply may have.
pub const REPLY_BYTES_MAX: usize = 65_536;

/// The algorithm of an imprint: SHA-256 with its absent parameters written as NULL, as `openssl` does.
const SHA_256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";

/// Bytes are not a request as it is written here, or not a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TimestampError {
    /// There are too many bytes.
    #[error("a reply of {bytes} bytes is longer than {REPLY_BYTES_MAX}")]
    TooLong {
        /// How many there are.
        bytes: usize,
    },
    /// The bytes are not in DER, or not of the structure that is called for.
    #[error("the bytes are not {expected} of RFC 3161 in DER")]
    Form {
        /// What was read when it went wrong.
        expected: &'static str,
    },
    /// The reply is granted and has no token, or the other way round.
    #[error("a reply has a token when it is granted, and only then")]
    Token,
}

/// A request to state that some bytes existed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampRequest {
    imprint: Hash,
    nonce: u64,
}

impl TimestampRequest {
    /// A request for some bytes. The nonce should be random, so that an older reply is not taken for the new one.
    #[must_use]
    pub fn new(bytes: &[u8], nonce: u64) -> Self {
        Self { imprint: Hash::of(bytes), nonce }
    }

    /// The SHA-256 of the bytes.
    #[must_use]
    pub fn imprint(&self) -> &Hash {
        &self.imprint
    }

    /// What the reply must repeat.
    #[must_use]
    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    /// The request as it is sent, as `application/timestamp-query`; it asks for the authority's certificate.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let imprint = [element(SEQUENCE, SHA_256), element(OCTET_STRING, &self.imprint.0)].concat();
        let parts = [
            element(INTEGER, &[1]),
            element(SEQUENCE, &imprint),
            element(INTEGER, &der::unsigned(self.nonce)),
            element(BOOLEAN, &[0xff]),
        ];
        element(SEQUENCE, &parts.concat())
    }

    /// Reads a request that was written here, or by `openssl ts -query -sha256 -cert`.
    ///
    /// # Errors
    /// [`TimestampError::Form`] for any other bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, TimestampError> {
        let wrong = TimestampError::Form { expected: "a TimeStampReq" };
        let request = request_of(bytes).ok_or(wrong)?;
        if request.to_der() == bytes { Ok(request) } else { Err(wrong) }
    }
}

/// The two values of a request; whatever else it says is left to the comparison with what is written here.
fn request_of(bytes: &[u8]) -> Option<TimestampRequest> {
    let mut parts = Reader(Reader(bytes).take(SEQUENCE)?);
    parts.take(INTEGER)?;
    let imprint = imprint_of(parts.take(SEQUENCE)?)?;
    let nonce = parts.take(INTEGER)?;
    let mut digits = nonce.iter().skip_while(|byte| **byte == 0);
    let nonce = digits.try_fold(0_u64, |nonce, byte| Some(nonce.checked_mul(256)? | u64::from(*byte)))?;
    Some(TimestampRequest { imprint, nonce })
}

/// The hash of an imprint of SHA-256, whose parameters may be left out or NULL.
fn imprint_of(imprint: &[u8]) -> Option<Hash> {
    let mut parts = Reader(imprint);
    let algorithm = parts.take(SEQUENCE)?;
    let hash = parts.last(OCTET_STRING)?;
    let named = algorithm == SHA_256 || SHA_256.strip_suffix(b"\x05\x00") == Some(algorithm);
    hash.try_into().ok().filter(|_| named).map(Hash)
}
