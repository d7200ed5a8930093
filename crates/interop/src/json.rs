//! JSON as other systems write it: property names in any case, no property twice.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Largest whole number that every reader of the log understands.
pub(crate) const INTEGER_MAX: u64 = (1 << 53) - 1;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// A JSON object whose properties are found without regard to case. Two
/// properties of one name, in whatever case, are refused when it is parsed:
/// which of them counts would be a guess.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object {
    members: BTreeMap<String, Member>,
}

#[derive(Debug, Clone, PartialEq)]
struct Member {
    name: String,
    value: Json,
}

impl Object {
    /// The property; an explicit null counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.raw(name).filter(|value| !matches!(value, Json::Null))
    }

    /// The property, null included.
    pub(crate) fn raw(&self, name: &str) -> Option<&Json> {
        self.members.get(&name.to_ascii_lowercase()).map(|member| &member.value)
    }

    /// Whether the property is there, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(&name.to_ascii_lowercase())
    }

    /// Whether the property is there and not null.
    pub(crate) fn has_value(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The name as the source spells it.
    pub(crate) fn spelling<'a>(&'a self, name: &'a str) -> &'a str {
        self.members.get(&name.to_ascii_lowercase()).map_or(name, |member| member.name.as_str())
    }

    /// The property as text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_text)
    }

    /// The property as an object.
    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        self.get(name).and_then(Json::as_object)
    }

    /// The property as a list; empty when it is none.
    pub(crate) fn list(&self, name: &str) -> &[Json] {
        match self.get(name) {
            Some(Json::List(items)) => items,
            _ => &[],
        }
    }

    /// Puts a property in, in place of one of its name.
    pub(crate) fn insert(&mut self, name: &str, value: Json) {
        self.members.insert(name.to_ascii_lowercase(), Member { name: name.to_owned(), value });
    }

    /// Names and values, in the order of the names in lower case.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members.values().map(|member| (member.name.as_str(), &member.value))
    }
}

impl Json {
    /// Parses one value.
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The text it is.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The object it is.
    pub(crate) fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Whether the value carries a password, a key or a token, also inside a
    /// text that is JSON itself. Such a record must not enter a log that
    /// nobody can delete from.
    pub(crate) fn holds_credential(&self) -> bool {
        self.credential_within(4)
    }

    fn credential_within(&self, depth: u8) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => false,
            Self::Text(text) => nested_credential(text, depth),
            Self::List(items) => items.iter().any(|item| item.credential_within(depth)),
            Self::Object(object) => object.members.iter().any(|(name, member)| {
                let secret = CREDENTIALS.contains(&name.as_str());
                (secret && matches!(&member.value, Self::Text(text) if !text.is_empty()))
                    || member.value.credential_within(depth)
            }),
        }
    }
}

/// Properties that hold credentials in Partner Center's models, in lower case.
const CREDENTIALS: &[&str] =
    &["accesstoken", "clientsecret", "keyvalue", "password", "refreshtoken", "secret", "secrettext"];

fn nested_credential(text: &str, depth: u8) -> bool {
    if !text.starts_with(['{', '[']) {
        return false;
    }
    match (depth.checked_sub(1), Json::parse(text)) {
        (Some(depth), Ok(value)) => value.credential_within(depth),
        // What cannot be looked into is judged by its words.
        (None, _) | (_, Err(_)) => {
            let lower = text.to_ascii_lowercase();
            CREDENTIALS.iter().any(|name| lower.contains(name))
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        serde_json::Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut object = Object::default();
        while let Some(name) = access.next_key::<String>()? {
            let key = name.to_ascii_lowercase();
            if object.members.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the property `{name}` stands twice")));
            }
            let value = access.next_value()?;
            object.members.insert(key, Member { name, value });
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests;
