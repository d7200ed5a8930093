//! The one spelling of numbers, hashes and bytes in the text formats: no second way to write the same is read.

use std::fmt;

use base64ct::{Base64, Encoding as _};
use ofrecord_log::Hash;
use thiserror::Error;

/// The largest number that every reader of these formats represents: 2^63 − 1.
pub(crate) const NUMBER_MAX: u64 = i64::MAX.unsigned_abs();

/// The most hashes of a proof: what a tree of 2^63 leaves calls for.
pub const PATH_HASHES_MAX: usize = 63;

/// Why lines are not the hashes of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathError {
    /// A line is not 32 bytes in base64.
    #[error("hash {at} of the proof is not 32 bytes in base64")]
    Hash {
        /// Which one, from 1.
        at: usize,
    },
    /// There are too many.
    #[error("a proof has at most {PATH_HASHES_MAX} hashes")]
    TooLong,
    /// No blank line parts them from the checkpoint.
    #[error("no blank line parts the hashes of the proof from its checkpoint")]
    Unfinished,
}

/// A number in decimal digits without leading zeros, at most [`NUMBER_MAX`].
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    let value = text.parse().ok().filter(|value| *value <= NUMBER_MAX);
    value.filter(|_| digits && !leading_zero)
}

/// Bytes in standard base64 with padding; stray bits at the end are refused.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// A hash in standard base64.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    bytes(text)?.try_into().ok().map(Hash)
}

/// Bytes as standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The hashes of a proof, one a line, up to a blank line, and what follows that.
pub(crate) fn path(text: &str) -> Result<(Vec<Hash>, &str), PathError> {
    let mut hashes = Vec::new();
    let mut rest = text;
    loop {
        let (line, below) = rest.split_once('\n').ok_or(PathError::Unfinished)?;
        rest = below;
        if line.is_empty() {
            return Ok((hashes, rest));
        }
        if hashes.len() >= PATH_HASHES_MAX {
            return Err(PathError::TooLong);
        }
        hashes.push(hash(line).ok_or(PathError::Hash { at: hashes.len() + 1 })?);
    }
}

/// Writes the hashes of a proof, one a line.
pub(crate) fn write_path(formatter: &mut fmt::Formatter<'_>, hashes: &[Hash]) -> fmt::Result {
    hashes.iter().try_for_each(|hash| writeln!(formatter, "{}", base64(&hash.0)))
}

#[cfg(test)]
mod tests;
