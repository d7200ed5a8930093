//! Reading a value from a JSON text where it stands, without a copy of the text.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Reads a text by `read`.
///
/// # Errors
/// What stands there is no text, or `read` refuses it.
pub(crate) fn read_text<'de, D, T, E>(deserializer: D, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: Display,
{
    deserializer.deserialize_str(TextVisitor { read, of: PhantomData })
}

struct TextVisitor<F, T> {
    read: F,
    of: PhantomData<T>,
}

impl<T, E, F> Visitor<'_> for TextVisitor<F, T>
where
    E: Display,
    F: FnOnce(&str) -> Result<T, E>,
{
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<P: Error>(self, text: &str) -> Result<T, P> {
        (self.read)(text).map_err(P::custom)
    }
}
