//! The file: which keys it has, and which flags they stand for.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Arg;
use ofrecord_server::Limits;
use thiserror::Error;
use toml::{Table, Value};

use super::webhook::WebhookSettings;
use super::{Takes, flag, from_folder_of, is_path, limits};

/// The key of the receivers of events, each a table.
const WEBHOOK: &str = "webhook";

/// A file of settings.
pub(super) struct File {
    path: PathBuf,
    flags: BTreeMap<String, Vec<OsString>>,
    /// The receivers of events.
    pub(super) webhooks: Vec<WebhookSettings>,
    /// The limits.
    pub(super) limits: Limits,
}

/// What was said cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("could not use {origin}: {}{problem}", key.as_ref().map(|key| format!("`{key}`: ")).unwrap_or_default())]
pub(super) struct Unusable {
    /// The file or the variable.
    pub(super) origin: String,
    /// The key, where it is about one.
    pub(super) key: Option<String>,
    /// What is wrong, and what to write instead.
    pub(super) problem: String,
}

impl Unusable {
    pub(super) fn variable(name: &str, problem: String) -> Self {
        Self { origin: name.to_owned(), key: None, problem }
    }
}

impl File {
    /// Reads a file of which every key is known.
    pub(super) fn read(path: &Path, known: &[Arg]) -> Result<Self, Unusable> {
        let origin = path.display().to_string();
        let of_file = |problem: String| Unusable { origin: origin.clone(), key: None, problem };
        let text = fs::read_to_string(path).map_err(|error| of_file(error.to_string()))?;
        let table: Table = text.parse().map_err(|error| of_file(place_and_problem(&text, &error)))?;
        let (mut flags, mut webhooks, mut limits) = (BTreeMap::new(), Vec::new(), Limits::default());
        for (key, value) in &table {
            let of_key = |problem: String| Unusable { origin: origin.clone(), key: Some(key.clone()), problem };
            if key == WEBHOOK {
                webhooks = WebhookSettings::read(value, path).map_err(of_key)?;
                continue;
            }
            if key == limits::TABLE {
                limits = limits::read(value).map_err(of_key)?;
                continue;
            }
            let found = known.iter().find(|arg| arg.get_id().as_str() == key);
            let arg = found.ok_or_else(|| of_key(no_key(key, known)))?;
            flags.insert(key.clone(), flags_of(arg, value, path).map_err(of_key)?);
        }
        Ok(Self { path: path.to_owned(), flags, webhooks, limits })
    }

    /// Its name, as it was given.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The flags that a key stands for, where the file has it.
    pub(super) fn flags(&self, key: &str) -> Option<&[OsString]> {
        self.flags.get(key).map(Vec::as_slice)
    }
}

/// Where the text is not TOML, and why.
fn place_and_problem(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    match line {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
}

fn flags_of(arg: &Arg, value: &Value, file: &Path) -> Result<Vec<OsString>, String> {
    match (Takes::of(arg), value) {
        (Takes::Switch, Value::Boolean(true)) => Ok(vec![flag(arg).into()]),
        (Takes::Switch, Value::Boolean(false)) => Ok(Vec::new()),
        (Takes::Switch, _) => Err("write true or false, without quotes".to_owned()),
        (Takes::Count, Value::Integer(count @ 0..=9)) => Ok((0..*count).map(|_| flag(arg).into()).collect()),
        (Takes::Count, _) => Err("write a number from 0 to 9".to_owned()),
        (Takes::Text, Value::String(text)) if is_path(arg) => {
            let mut written = OsString::from(format!("{}=", flag(arg)));
            written.push(from_folder_of(file, text));
            Ok(vec![written])
        }
        (Takes::Text, Value::String(text)) => Ok(vec![format!("{}={text}", flag(arg)).into()]),
        (Takes::Text, _) => {
            let example = arg.get_value_names().and_then(|names| names.first()).map_or("TEXT", |name| name.as_str());
            Err(format!("write it in quotes: {} = \"{example}\"", arg.get_id()))
        }
    }
}

/// What to write instead of a key that there is not.
fn no_key(key: &str, known: &[Arg]) -> String {
    let names = || known.iter().map(|arg| arg.get_id().as_str());
    let nearest = names().min_by_key(|name| distance(key, name)).filter(|name| distance(key, name) <= 3);
    match nearest {
        Some(name) => format!("there is no such key; did you mean `{name}`?"),
        None => format!("there is no such key; the keys are {}", names().collect::<Vec<_>>().join(", ")),
    }
}

/// How many letters have to be put in, taken out or exchanged to make one word of another (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut left = above + 1;
        let mut next = vec![left];
        for ((diagonal, up), there) in row.iter().zip(row.iter().skip(1)).zip(other.chars()) {
            left = (diagonal + usize::from(letter != there)).min(up + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
