//! A place in a record: an object with its path, read value by value, with a problem for what cannot be read.

use std::fmt::Display;
use std::str::FromStr;

use ofrecord_core::id::IdError;
use ofrecord_core::{GdapRelationshipId, Timestamp};

use crate::json::{INTEGER_MAX, Json, Object};
use crate::scribe::Scribe;
use crate::word::Word;

/// An object of a record and the path to it.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    object: &'a Object,
    path: String,
}

impl<'a> Node<'a> {
    /// The record itself.
    pub(crate) fn root(object: &'a Object) -> Self {
        Self { object, path: String::new() }
    }

    /// An object parsed from a text of the record, under that text's path.
    pub(crate) fn under(object: &'a Object, path: String) -> Self {
        Self { object, path }
    }

    /// The path of a property.
    pub(crate) fn path(&self, name: &str) -> String {
        let name = self.object.spelling(name);
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Whether the property is there, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.has(name)
    }

    /// Whether the property is there and null.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        matches!(self.object.raw(name), Some(Json::Null))
    }

    /// Whether the property is there and a text without content.
    pub(crate) fn is_empty_text(&self, name: &str) -> bool {
        self.object.text(name).is_some_and(|text| text.trim().is_empty())
    }

    /// A text that is neither empty nor blank.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.object.text(name).filter(|text| !text.trim().is_empty())
    }

    /// The object below.
    pub(crate) fn object(&self, name: &str) -> Option<Node<'a>> {
        self.object.object(name).map(|object| Node { object, path: self.path(name) })
    }

    /// The objects of a list below.
    pub(crate) fn objects(&self, name: &str) -> Vec<Node<'a>> {
        let path = self.path(name);
        let objects = self.object.list(name).iter().enumerate();
        objects
            .filter_map(|(index, item)| Some(Node { object: item.as_object()?, path: format!("{path}[{index}]") }))
            .collect()
    }

    /// The texts of a list below.
    pub(crate) fn texts(&self, name: &str) -> Vec<&'a str> {
        self.object.list(name).iter().filter_map(Json::as_text).collect()
    }

    /// The addresses under `links`, in the order of their names.
    pub(crate) fn links(&self) -> Vec<&'a str> {
        let Some(links) = self.object.object("links") else { return Vec::new() };
        links.iter().filter_map(|(_, link)| link.as_object()?.text("uri")).collect()
    }

    /// An identifier. Numbers are taken for their digits, as partner IDs come as either.
    pub(crate) fn id<T>(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        identifier(self.object.get(name)?, &self.path(name), scribe)
    }

    /// The identifiers of a list below.
    pub(crate) fn ids<T>(&self, name: &str, scribe: &mut Scribe<'_>) -> Vec<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let path = self.path(name);
        let items = self.object.list(name).iter().enumerate();
        items.filter_map(|(index, item)| identifier(item, &format!("{path}[{index}]"), scribe)).collect()
    }

    /// An identifier that must be there.
    pub(crate) fn required_id<T>(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let there = matches!(self.object.get(name), Some(value) if !matches!(value, Json::Text(text) if text.trim().is_empty()));
        if !there {
            scribe.bad(&self.path(name), "is missing, so the record was not read");
            return None;
        }
        self.id(name, scribe)
    }

    /// The id of a granular relationship, in whichever case it comes, that must be there.
    pub(crate) fn required_granular_id(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<GdapRelationshipId> {
        let Some(text) = self.text(name) else {
            scribe.bad(&self.path(name), "is missing, so the record was not read");
            return None;
        };
        let id = text.to_ascii_lowercase().parse();
        id.map_err(|error: IdError| scribe.bad(&self.path(name), error.to_string())).ok()
    }

    /// An instant. The source writes its first instant for none.
    pub(crate) fn instant(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<Timestamp> {
        match self.object.get(name)? {
            Json::Text(text) if text.trim().is_empty() => None,
            Json::Text(text) => match text.parse() {
                Ok(Timestamp::MIN) => None,
                Ok(at) => Some(at),
                Err(_) if scribe.is_export() && invariant(text).is_some() => invariant(text),
                Err(error) => {
                    scribe.bad(&self.path(name), format!("{error}"));
                    None
                }
            },
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_)) => {
                scribe.bad(&self.path(name), format!("{} stands where an instant belongs", other.kind()));
                None
            }
        }
    }

    /// A whole number from 0, as a number or as its digits.
    pub(crate) fn count(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<u64> {
        let text = match self.object.get(name)? {
            Json::Number(number) => number.to_string(),
            Json::Text(text) => text.clone(),
            other @ (Json::Null | Json::Bool(_) | Json::List(_) | Json::Object(_)) => other.kind().to_owned(),
        };
        let whole = text.strip_suffix(".0").unwrap_or(&text).trim().parse::<u64>();
        match whole {
            Ok(count) if count <= INTEGER_MAX => Some(count),
            Ok(_) | Err(_) => {
                scribe.bad(&self.path(name), format!("`{text:.40}` is not a whole number from 0 to {INTEGER_MAX}"));
                None
            }
        }
    }

    /// True or false.
    pub(crate) fn flag(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<bool> {
        match self.object.get(name)? {
            Json::Bool(flag) => Some(*flag),
            Json::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Json::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            other @ (Json::Null | Json::Number(_) | Json::Text(_) | Json::List(_) | Json::Object(_)) => {
                scribe.bad(&self.path(name), format!("{} stands where true or false belongs", other.kind()));
                None
            }
        }
    }

    /// A word of a published list; another one is kept verbatim and reported (rule L-8).
    pub(crate) fn word<W: Word>(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<W> {
        match self.object.get(name)? {
            Json::Text(text) if text.is_empty() => None,
            Json::Text(text) => {
                let word = W::read(text);
                if !word.is_published() {
                    scribe.unrecognised(&self.path(name), text);
                }
                Some(word)
            }
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_)) => {
                scribe.bad(&self.path(name), format!("{} stands where a word belongs", other.kind()));
                None
            }
        }
    }

    /// An object that the record carries as a text of JSON, or as itself.
    pub(crate) fn embedded(&self, name: &str, scribe: &mut Scribe<'_>) -> Option<Object> {
        match self.object.get(name)? {
            Json::Object(object) => Some(object.clone()),
            Json::Text(text) if text.trim().is_empty() => None,
            Json::Text(text) => match Json::parse(text) {
                Ok(Json::Object(object)) => Some(object),
                Ok(_) => None,
                Err(error) => {
                    scribe.bad(&self.path(name), format!("the text is not JSON: {error}"));
                    None
                }
            },
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_)) => {
                scribe.bad(&self.path(name), format!("{} stands where a text of JSON belongs", other.kind()));
                None
            }
        }
    }
}

/// An instant in UTC as .NET writes it where no format is asked for: `02/10/2022 11:24:42`, the month first.
fn invariant(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once(' ')?;
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    format!("{year}-{month}-{day}T{time}Z").parse().ok().filter(|_| parts.next().is_none())
}

/// Reads an identifier; an empty text is none, anything else that is not one is a problem of its place.
fn identifier<T>(value: &Json, path: &str, scribe: &mut Scribe<'_>) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    let text = match value {
        Json::Text(text) if text.trim().is_empty() => return None,
        Json::Text(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        other @ (Json::Null | Json::Bool(_) | Json::List(_) | Json::Object(_)) => {
            scribe.bad(path, format!("{} stands where an identifier belongs", other.kind()));
            return None;
        }
    };
    text.parse().map_err(|error: T::Err| scribe.bad(path, error.to_string())).ok()
}
