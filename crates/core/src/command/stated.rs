//! A command as an entry states it: its JSON, of which most readers need nothing but the name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A command in the JSON that an entry holds; [`super::ParsedCommand`] reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedCommand {
    json: Box<str>,
}

impl StatedCommand {
    /// Its JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Its name: what stands under `type`; empty where nothing does that could be one.
    #[must_use]
    pub fn name(&self) -> &str {
        #[derive(Deserialize)]
        struct Named<'a> {
            #[serde(rename = "type")]
            name: &'a str,
        }
        serde_json::from_str(&self.json).map(|Named { name }| name).unwrap_or_default()
    }

    /// Its JSON as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        // It was JSON when it was made, and stays it.
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

impl From<Value> for StatedCommand {
    fn from(value: Value) -> Self {
        Self { json: value.to_string().into() }
    }
}

impl Serialize for StatedCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StatedCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json: Box<str> = Box::<RawValue>::deserialize(deserializer)?.into();
        Ok(Self { json })
    }
}

#[cfg(test)]
mod tests;
