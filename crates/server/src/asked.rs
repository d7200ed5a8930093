//! The parameters of a request, by the names that its route declares: any other is refused, and so is one given twice.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{Query, RawPathParams};
use axum::http::{HeaderMap, HeaderName, Uri};
use ofrecord_core::Timestamp;
use ofrecord_ledger::KnownAt;
use ofrecord_ledger::known::known_at;

use crate::console::{Step, Writing};
use crate::problem::Problem;
use crate::routes::{Place, Route, Run};

/// What a request asks.
#[derive(Debug, Default)]
pub(crate) struct Asked(BTreeMap<String, String>);

impl Asked {
    /// Reads the parameters of a path and a query.
    pub(crate) fn of(route: &Route, path: &RawPathParams, uri: &Uri) -> Result<Self, Problem> {
        if matches!(route.run, Run::Page(Writing::Login(Step::Returned))) {
            return Self::led(uri);
        }
        let mut given: BTreeMap<String, String> =
            path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|error| Problem::malformed("the query", &error))?;
        // A form of a page sends the fields that were left empty too.
        let is_form = matches!(route.run, Run::Page(_));
        for (name, value) in pairs.into_iter().filter(|(_, value)| !(is_form && value.is_empty())) {
            let mut known = route.parameters().filter(|known| matches!(known.place, Place::Query | Place::Needed));
            let Some(known) = known.find(|known| is_called(known.name, &name)) else {
                return Err(Problem::malformed(&name, &"this route knows no such parameter"));
            };
            if given.insert(known.name.to_owned(), value).is_some() {
                return Err(Problem::malformed(&name, &"given twice"));
            }
        }
        Ok(Self(given))
    }

    /// The same request with some parameters put in place of others.
    pub(crate) fn again(&self, path: &str, changed: &[(&str, String)]) -> String {
        let kept = self.0.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let all = kept.chain(changed.iter().map(|(name, value)| (*name, value.as_str())));
        let pairs: Vec<String> = all.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Reads the fields of a form, of which those that were left empty were not filled in.
    pub(crate) fn form(fields: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(fields)
            .map_err(|error| Problem::malformed("the form", &error))?;
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(Problem::malformed(name, &"this form has no such field"));
        }
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// Takes a parameter from a header where the query does not have it.
    pub(crate) fn or_header(&mut self, name: &str, header: &HeaderName, headers: &HeaderMap) -> Result<(), Problem> {
        let mut given = headers.get_all(header).iter();
        let Some(value) = given.next().filter(|_| !self.0.contains_key(name)) else { return Ok(()) };
        if given.next().is_some() {
            return Err(Problem::malformed(header.as_str(), &"given twice"));
        }
        let value = value.to_str().map_err(|error| Problem::malformed(header.as_str(), &error))?;
        self.0.insert(name.to_owned(), value.trim().to_owned());
        Ok(())
    }

    /// Puts something else in place of a parameter.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// Reads what somebody else leads a browser here with, who may add what is not known here.
    pub(crate) fn led(uri: &Uri) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|error| Problem::malformed("the query", &error))?;
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if given.insert(name.clone(), value).is_some() {
                return Err(Problem::malformed(&name, &"given twice"));
            }
        }
        Ok(Self(given))
    }

    /// A parameter as it came.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter, read.
    pub(crate) fn read<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let read = self.text(name).map(str::parse).transpose();
        read.map_err(|error| Problem::malformed(name, &error))
    }

    /// A parameter without which there is no question.
    pub(crate) fn needed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T, Problem> {
        self.read(name)?.ok_or_else(|| Problem::malformed(name, &"this route needs it"))
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(Problem::malformed(name, &format_args!("`{text}` is none of {}", known.join(", "))))
            }
        }
    }

    /// Whether something was asked for; `true` and `false` are the words for it.
    pub(crate) fn wants(&self, name: &str) -> Result<bool, Problem> {
        Ok(self.word(name, &[("true", true), ("false", false)])?.unwrap_or(false))
    }

    /// The instant asked about, if one was given.
    pub(crate) fn as_of(&self) -> Result<Option<Timestamp>, Problem> {
        self.read("as_of")
    }

    /// Up to when knowledge counts.
    pub(crate) fn known_at(&self) -> Result<KnownAt, Problem> {
        Ok(self.knowledge("known_at")?.unwrap_or(KnownAt::Now))
    }

    /// A state of knowledge, if one was given.
    pub(crate) fn knowledge(&self, name: &str) -> Result<Option<KnownAt>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let read = known_at(text).map_err(|error| Problem::malformed(name, &error))?;
        Ok(Some(read.known_at()))
    }
}

/// Whether a parameter is meant: the case of the letters matters, but not in the options of OData.
fn is_called(known: &str, name: &str) -> bool {
    known == name || (known.starts_with('$') && known.eq_ignore_ascii_case(name))
}

/// A value as it stands in a query.
pub(crate) fn escaped(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    value
        .bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
