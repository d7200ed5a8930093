//! Names that exclude nothing, and names that the glossary gives to something else.

use super::Violation;
use crate::source::{Source, is_word};

/// Words that say nothing about what a thing is.
const EMPTY: &[&str] = &[
    "Manager",
    "Managers",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Utility",
    "Utilities",
    "Service",
    "Handler",
    "Handlers",
    "Processor",
    "Processors",
    "Data",
    "Info",
];
/// Names of the field that contain such a word, and why they stay.
const FIELD_NAMES: &[(&str, &str)] = &[
    ("ServiceName", "an online service of the customer, as a DAP grant names it"),
    ("CustomizedData", "a property of Partner Center audit records"),
];
/// Words that the glossary lists under "not called", with the word to use.
pub const NOT_CALLED: &[(&str, &str)] = &[
    ("Aggregate", "stream"),
    ("Offset", "position"),
    ("Rejection", "refusal"),
    ("Alert", "finding"),
    ("Ack", "receipt"),
];
/// File names that collect everything.
const FILES: &[&str] =
    &["mod.rs", "util.rs", "utils.rs", "common.rs", "types.rs", "helper.rs", "helpers.rs", "misc.rs", "imp.rs"];

/// Files whose name excludes nothing.
#[must_use]
pub fn files(sources: &[Source]) -> Vec<Violation> {
    let named = |source: &&Source| FILES.contains(&source.path.rsplit('/').next().unwrap_or_default());
    let message = "this file name excludes nothing; name it after its subject";
    sources.iter().filter(named).map(|source| Violation::at(&source.path, 1, message)).collect()
}

/// Types and modules whose name says nothing, or says what the glossary calls otherwise.
#[must_use]
pub fn declarations(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.numbered() {
            let Some(name) = declared(&line.code) else { continue };
            if let Some(message) = judged(name) {
                found.push(Violation::at(&source.path, number, message));
            }
        }
    }
    found
}

fn judged(name: &str) -> Option<String> {
    let words = words_of(name);
    let has = |word: &str| words.iter().any(|own| own == word);
    if FIELD_NAMES.iter().any(|(known, _)| *known == name) {
        return None;
    }
    if let Some(word) = EMPTY.iter().find(|word| has(word)) {
        return Some(format!("`{name}`: {word} says nothing; name what it is or does"));
    }
    let (word, instead) = NOT_CALLED.iter().find(|(word, _)| has(word))?;
    Some(format!("`{name}`: the glossary says {instead}, not {}", word.to_lowercase()))
}

/// The name of the type or module that a line declares.
fn declared(code: &str) -> Option<&str> {
    let mut rest = code.trim_start();
    if let Some(after) = rest.strip_prefix("pub") {
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix('(') {
            rest = after.split_once(')')?.1.trim_start();
        }
    }
    let keyword = ["struct ", "enum ", "trait ", "type ", "mod ", "union "];
    let name = keyword.iter().find_map(|keyword| rest.strip_prefix(keyword))?;
    name.split(|c| !is_word(c)).next().filter(|name| !name.is_empty())
}

/// The words of a CamelCase or snake_case name, each with a capital first letter.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for c in name.chars() {
        if c != '_' {
            if before == '_' || (c.is_uppercase() && !before.is_uppercase()) {
                words.push(c.to_uppercase().collect());
            } else if let Some(word) = words.last_mut() {
                word.push(c);
            }
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests;
