//! Values as JSON with one byte form: sorted keys, no spaces.

use serde::Serialize;
use serde_json::Value;

/// A value as JSON. The types of this crate and of the core always can be
/// written: their keys are texts and their numbers integers.
pub(crate) fn value<T: Serialize>(from: &T) -> Value {
    serde_json::to_value(from).unwrap_or(Value::Null)
}

/// The one byte form of a value, whatever order its maps keep.
pub(crate) fn canonical<T: Serialize>(from: &T) -> Vec<u8> {
    ofrecord_canonical::to_sorted(from).unwrap_or_default()
}

/// Writes the one byte form of a value behind what is there.
pub(crate) fn append<T: Serialize + ?Sized>(from: &T, bytes: &mut Vec<u8>) {
    ofrecord_canonical::append_sorted(from, bytes).unwrap_or_default();
}

/// A value from its one byte form.
pub(crate) fn read(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}
