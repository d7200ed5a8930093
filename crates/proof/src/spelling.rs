//! The one spelling of numbers, hashes and bytes in the text formats: no second way to write the same is read.

use base64ct::{Base64, Encoding as _};
use ofrecord_log::Hash;

/// The largest number that every reader of these formats represents: 2^63 − 1.
pub(crate) const NUMBER_MAX: u64 = i64::MAX.unsigned_abs();

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

#[cfg(test)]
mod tests;
