//! Canonical JSON, profile `csp-rel/1`: one spelling for each value, so that bytes can be hashed.
//!
//! RFC 8785 restricted: keys are ASCII `[a-z0-9_]`, sorted and unique; numbers are integers within
//! ±(2^53−1); no insignificant space; at most [`ENTRY_BYTES_MAX`] bytes and [`DEPTH_MAX`] levels.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use thiserror::Error;

mod scan;
#[cfg(test)]
mod tests;

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
/// Keys are sorted here, whatever order the value's maps keep.
///
/// # Errors
/// [`CanonicalError`] when the value has no spelling in this profile, or one that is too long.
pub fn to_canonical(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut text = String::new();
    write_value(value, 0, &mut text)?;
    check_length(text.len())?;
    Ok(text.into_bytes())
}

/// Checks that bytes are canonical, in one pass and without building a value.
///
/// # Errors
/// [`CanonicalError`] naming the first place where they are not.
pub fn check_canonical(bytes: &[u8]) -> Result<(), CanonicalError> {
    check_length(bytes.len())?;
    scan::scan(bytes)
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

fn check_length(bytes: usize) -> Result<(), CanonicalError> {
    if bytes > ENTRY_BYTES_MAX {
        return Err(CanonicalError::TooLong { bytes, bytes_max: ENTRY_BYTES_MAX });
    }
    Ok(())
}

fn is_key(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

fn write_value(value: &Value, depth: usize, text: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text)?,
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            let depth = deeper(depth)?;
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, depth, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => write_object(members, deeper(depth)?, text)?,
    }
    Ok(())
}

fn write_object(members: &Map<String, Value>, depth: usize, text: &mut String) -> Result<(), CanonicalError> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if !is_key(key.as_bytes()) {
            return Err(CanonicalError::Key { key: key.clone() });
        }
        if index > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(key);
        text.push_str("\":");
        write_value(value, depth, text)?;
    }
    text.push('}');
    Ok(())
}

fn deeper(depth: usize) -> Result<usize, CanonicalError> {
    if depth >= DEPTH_MAX {
        return Err(CanonicalError::TooDeep { at: 0, depth_max: DEPTH_MAX });
    }
    Ok(depth + 1)
}

fn write_number(number: &serde_json::Number, text: &mut String) -> Result<(), CanonicalError> {
    let exact = number.as_i64().filter(|integer| integer.unsigned_abs() <= INTEGER_MAX);
    let Some(integer) = exact else {
        return Err(CanonicalError::Number { number: number.to_string() });
    };
    text.push_str(&integer.to_string());
    Ok(())
}

/// Quotes a string as RFC 8785 does: the short escapes, `\u00xx` for the other control characters,
/// and everything else as it is.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if control < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            plain => text.push(plain),
        }
    }
    text.push('"');
}
