//! Values as JSON with one byte form: sorted keys, no spaces.

use serde::Serialize;
use serde_json::{Map, Value};

/// A value as JSON. The types of this crate and of the core always can be
/// written: their keys are texts and their numbers integers.
pub(crate) fn value<T: Serialize>(from: &T) -> Value {
    serde_json::to_value(from).unwrap_or(Value::Null)
}

/// The one byte form of a value.
pub(crate) fn canonical<T: Serialize>(from: &T) -> Vec<u8> {
    ofrecord_canonical::to_sorted(from).unwrap_or_default()
}

/// Sorts keys whatever map type the JSON library was built with.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
