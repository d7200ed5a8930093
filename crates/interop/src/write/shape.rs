//! JSON as a source writes it: properties stand in the order in which they were put.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Number;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Null.
    Null,
    /// True or false.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Shape>),
    /// An object.
    Object(Properties),
}

/// The properties of an object, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties(Vec<(Cow<'static, str>, Shape)>);

impl Properties {
    /// No property yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a property behind the others.
    #[must_use]
    pub fn put(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Shape>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Puts a property where there is a value for it.
    #[must_use]
    pub fn put_if(self, name: impl Into<Cow<'static, str>>, value: Option<impl Into<Shape>>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    /// Puts the properties of another object behind these.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

impl Shape {
    /// What stands at a path, with names joined by `/`; nothing where there is no such property.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |shape, name| match shape {
            Self::Object(properties) => properties.iter().find(|(given, _)| *given == name).map(|(_, value)| value),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        })
    }

    /// The same with those properties alone that are chosen by their names.
    #[must_use]
    pub fn narrowed(self, is_chosen: impl Fn(&str) -> bool) -> Self {
        match self {
            Self::Object(mut properties) => {
                properties.0.retain(|(name, _)| is_chosen(name));
                Self::Object(properties)
            }
            same @ (Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::List(_)) => same,
        }
    }

    /// The text of anything that can be written as one.
    pub(crate) fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }

    /// The same value with every property's name beginning with a capital letter, as requests and audit values have it.
    #[must_use]
    pub fn pascal_case(self) -> Self {
        match self {
            Self::List(items) => Self::List(items.into_iter().map(Self::pascal_case).collect()),
            Self::Object(properties) => Self::Object(Properties(
                properties.0.into_iter().map(|(name, value)| (capital(&name).into(), value.pascal_case())).collect(),
            )),
            same @ (Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_)) => same,
        }
    }

    /// The value as one line of JSON.
    #[must_use]
    pub fn to_line(&self) -> String {
        // A value of texts, numbers, lists and objects can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The word with a capital first letter.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

impl From<u64> for Shape {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Shape {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Shape {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Shape>> for Shape {
    fn from(items: Vec<Shape>) -> Self {
        Self::List(items)
    }
}

impl From<Properties> for Shape {
    fn from(properties: Properties) -> Self {
        Self::Object(properties)
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Object(properties) => properties.serialize(serializer),
        }
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

/// Reads what a source wrote, to write it again as it was.
impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Shape, E> {
        Ok(Shape::Flag(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Shape, E> {
        Ok(Shape::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Shape, E> {
        Ok(Shape::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Shape, E> {
        Number::from_f64(value).map(Shape::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Shape, E> {
        Ok(Shape::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Shape::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut properties = Properties::new();
        while let Some((name, value)) = access.next_entry::<String, Shape>()? {
            properties = properties.put(name, value);
        }
        Ok(Shape::Object(properties))
    }
}
