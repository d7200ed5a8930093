//! Canonical JSON, profile `csp-rel/1`: one spelling for each value, so that bytes can be hashed.
//!
//! RFC 8785 restricted: keys are ASCII `[a-z0-9_]`, sorted and unique; numbers are integers within
//! ±(2^53−1); no insignificant space; at most [`ENTRY_BYTES_MAX`] bytes and [`DEPTH_MAX`] levels.

mod scan;
#[cfg(test)]
mod tests;
mod write;

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use self::write::Keys;

/// Room for the spelling of most decisions, so that writing one seldom asks for more.
const TYPICAL_BYTES: usize = 1_024;

/// The most bytes that one entry may have: what a 16-bit length prefix can say.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// How deep objects and arrays may nest.
pub const DEPTH_MAX: usize = 64;

/// The largest integer that every JSON reader represents exactly.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why bytes or a value are not canonical.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// The text is too long to be an entry.
    #[error("{bytes} bytes are more than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// Objects and arrays nest too deep.
    #[error("nesting is deeper than {depth_max} levels at byte {at}")]
    TooDeep {
        /// Offset of the bracket that is too deep; 0 when a value was being written.
        at: usize,
        /// How deep it may be.
        depth_max: usize,
    },
    /// A key has a character outside `[a-z0-9_]`, or none at all.
    #[error("key {key:?} has characters other than a-z, 0-9 and _")]
    Key {
        /// The key.
        key: String,
    },
    /// A key is not above the one before it: unsorted or repeated.
    #[error("key {key:?} at byte {at} is not above the key before it")]
    KeyOrder {
        /// The key.
        key: String,
        /// Its offset.
        at: usize,
    },
    /// A number is not an integer within the exact range.
    #[error("number {number} is not an integer within ±(2^53-1)")]
    Number {
        /// The number as written.
        number: String,
    },
    /// The value cannot be written as JSON.
    #[error("write the value: {problem}")]
    Value {
        /// Why.
        problem: String,
    },
    /// The bytes are not the one spelling of their value, or not JSON at all.
    #[error("byte {at} is not canonical JSON: {expected} expected")]
    Spelling {
        /// Offset of the first wrong byte.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
}

/// Writes a value in its one canonical spelling.
///
/// Keys are sorted here, whatever order the value gives them in.
///
/// # Errors
/// [`CanonicalError`] when the value has no spelling in this profile, or one that is too long.
pub fn to_canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = Vec::with_capacity(TYPICAL_BYTES);
    append_canonical(value, &mut bytes)?;
    check_length(bytes.len())?;
    Ok(bytes)
}

/// Writes a value as [`to_canonical`] does, behind what `bytes` hold already; how long it all may be is for the caller
/// to check.
///
/// # Errors
/// [`CanonicalError`] when the value has no spelling in this profile; part of it may have been written then.
pub fn append_canonical<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write::write(value, Keys::Restricted, 0, bytes)
}

/// Writes a value as [`append_canonical`] does, as the value of a member of an object, which is a level deeper.
///
/// # Errors
/// [`CanonicalError`] as for [`append_canonical`].
pub fn append_canonical_member<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write::write(value, Keys::Restricted, 1, bytes)
}

/// Writes a value in the same spelling, with texts of any kind as keys, and of any length: for rows that are
/// compared and are no entries.
///
/// # Errors
/// [`CanonicalError`] when the value holds a number that is no exact integer, or nests too deep.
pub fn to_sorted<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = Vec::with_capacity(TYPICAL_BYTES);
    append_sorted(value, &mut bytes)?;
    Ok(bytes)
}

/// Writes a value as [`to_sorted`] does, behind what `bytes` hold already.
///
/// # Errors
/// [`CanonicalError`] as for [`to_sorted`]; part of the value may have been written then.
pub fn append_sorted<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write::write(value, Keys::Any, 0, bytes)
}

/// Checks that bytes are canonical, in one pass and without building a value.
///
/// # Errors
/// [`CanonicalError`] naming the first place where they are not.
pub fn check_canonical(bytes: &[u8]) -> Result<(), CanonicalError> {
    check_length(bytes.len())?;
    scan::scan(bytes, 0)
}

/// Checks that bytes are canonical as the value of a member of an object, which is a level deeper.
///
/// # Errors
/// [`CanonicalError`] naming the first place where they are not.
pub fn check_canonical_member(bytes: &[u8]) -> Result<(), CanonicalError> {
    check_length(bytes.len())?;
    scan::scan(bytes, 1)
}

/// The canonical value of a member of an object that a text begins with, and what stands behind it.
///
/// # Errors
/// [`CanonicalError`] naming the first place where the value is not canonical.
pub fn split_canonical_member(text: &str) -> Result<(&str, &str), CanonicalError> {
    let length = scan::value_length(text, 1)?;
    // A value ends behind a whole character.
    Ok(text.split_at_checked(length).unwrap_or((text, "")))
}

/// The members of a canonical object in the order of their keys, each with the spelling of its value.
///
/// # Errors
/// [`CanonicalError`] naming the first place where the text is not a canonical object.
pub fn canonical_members(object: &str) -> Result<Vec<(&str, &str)>, CanonicalError> {
    scan::members(object)
}

/// Reads canonical bytes; input that would be written in any other way is rejected.
///
/// # Errors
/// [`CanonicalError`] naming the first place where the bytes are not canonical.
pub fn from_canonical(bytes: &[u8]) -> Result<Value, CanonicalError> {
    check_canonical(bytes)?;
    serde_json::from_slice(bytes)
        .map_err(|error| CanonicalError::Spelling { at: error.column().saturating_sub(1), expected: "JSON" })
}

/// Checks that a text of this many bytes is not longer than an entry may be.
///
/// # Errors
/// [`CanonicalError::TooLong`].
pub fn check_length(bytes: usize) -> Result<(), CanonicalError> {
    if bytes > ENTRY_BYTES_MAX {
        return Err(CanonicalError::TooLong { bytes, bytes_max: ENTRY_BYTES_MAX });
    }
    Ok(())
}

fn is_key(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
