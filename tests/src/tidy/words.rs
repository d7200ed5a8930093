//! Words that do not belong in comments and pages: history, promises, and the traces of a workplace.

use super::Violation;
use crate::source::{Source, has_word};
use crate::workspace::TextFile;

/// A banned phrase is looked for in lower case.
const PHRASES: &[(&str, &str)] = &[
    ("now uses", "history belongs to git; say what is"),
    ("as requested", "history belongs to git; say what is"),
    ("phase 2", "plans do not belong in comments"),
    ("todo", "finish it or leave it out"),
    ("fixme", "finish it or leave it out"),
    ("xxx", "finish it or leave it out"),
    ("blazing", "state what was measured"),
    ("production-ready", "state the limits and link the test"),
    ("bulletproof", "state the limits and link the test"),
    ("battle-tested", "state the limits and link the test"),
    ("/home/", "a path of one machine means nothing on another"),
];

/// Banned phrases in the comments of source files.
#[must_use]
pub fn comments(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !source.path.ends_with("tidy/words.rs")) {
        for (number, line) in source.numbered() {
            found.extend(banned(&line.comment, &source.path, number));
        }
    }
    found
}

/// Banned phrases in pages.
#[must_use]
pub fn pages(pages: &[TextFile]) -> Vec<Violation> {
    let mut found = Vec::new();
    for page in pages {
        for (number, line) in (1..).zip(page.text.lines()) {
            found.extend(banned(line, &page.path, number));
        }
    }
    found
}

fn banned(text: &str, path: &str, line: usize) -> Vec<Violation> {
    let text = text.to_lowercase();
    PHRASES
        .iter()
        .filter(|(phrase, _)| says(&text, phrase))
        .map(|(phrase, why)| Violation::at(path, line, format!("`{phrase}`: {why}")))
        .collect()
}

fn says(text: &str, phrase: &str) -> bool {
    if phrase.starts_with('/') { text.contains(phrase) } else { has_word(text, phrase) }
}
