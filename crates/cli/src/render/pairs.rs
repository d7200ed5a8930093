//! The fields of a value as names and texts, in the order in which its type declares them.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::failure::Failure;
use ofrecord_interop::field::{self, Joined};

/// Names and texts.
pub(super) fn of<T: Serialize>(value: &T, joined: Joined) -> Result<Vec<(String, String)>, Failure> {
    // Through text, since the library's own map would sort the names.
    let fields = serde_json::to_string(value)
        .and_then(|text| serde_json::from_str::<Fields>(&text))
        .map_err(|error| Failure::Output(error.into()))?;
    Ok(fields.0.into_iter().map(|(name, value)| (name, field::text(&value, joined))).collect())
}

struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}
