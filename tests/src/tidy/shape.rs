//! The shape of files and functions: how they open, how long they are, what they take.

use super::Violation;
use crate::source::{Source, has_word};

/// The most lines of a file.
pub const FILE_LINES_MAX: usize = 600;
/// From here a file is worth splitting before it has to be.
pub const FILE_LINES_RED: usize = 500;
/// The most lines of a function.
pub const FUNCTION_LINES_MAX: usize = 80;

/// Files that do not open with a sentence saying what they are for.
#[must_use]
pub fn openings(sources: &[Source]) -> Vec<Violation> {
    let opens = |source: &&Source| {
        source.text.lines().next().and_then(|line| line.strip_prefix("//! ")).is_some_and(|line| line.len() > 10)
    };
    let message = "open the file with `//! ` and a sentence that says what it is for";
    sources.iter().filter(|source| !opens(source)).map(|source| Violation::at(&source.path, 1, message)).collect()
}

/// Files longer than they may be.
#[must_use]
pub fn long_files(sources: &[Source]) -> Vec<Violation> {
    let over = sources.iter().filter(|source| source.lines.len() > FILE_LINES_MAX);
    over.map(|source| {
        let message = format!("{} lines; a file has at most {FILE_LINES_MAX}: split it by subject", source.lines.len());
        Violation::at(&source.path, source.lines.len(), message)
    })
    .collect()
}

/// Files near the limit, longest first, with their lines.
#[must_use]
pub fn red_zone(sources: &[Source]) -> Vec<(usize, String)> {
    let mut near: Vec<_> = sources
        .iter()
        .map(|source| (source.lines.len(), source.path.clone()))
        .filter(|(lines, _)| *lines >= FILE_LINES_RED)
        .collect();
    near.sort_by(|a, b| b.cmp(a));
    near
}

/// Functions longer than they may be.
#[must_use]
pub fn long_functions(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        let over = source.functions().into_iter().filter(|function| function.length > FUNCTION_LINES_MAX);
        found.extend(over.map(|function| {
            let message = format!(
                "fn {} has {} lines; at most {FUNCTION_LINES_MAX} fit a screen",
                function.name, function.length
            );
            Violation::at(&source.path, function.line, message)
        }));
    }
    found
}

/// Functions that take a `bool`: the call site would read `true`, and nobody knows what is.
/// `visit_bool` belongs to serde, which names it so.
#[must_use]
pub fn bool_parameters(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        let takes = source.functions().into_iter().filter(|function| {
            let in_tests = source.lines.get(function.line - 1).is_some_and(|line| line.in_tests);
            !in_tests && function.name != "visit_bool" && takes_bool(&function.parameters)
        });
        found.extend(takes.map(|function| {
            let message = format!("fn {} takes a bool; make two functions or an enum", function.name);
            Violation::at(&source.path, function.line, message)
        }));
    }
    found
}

fn takes_bool(parameters: &str) -> bool {
    parameters.split(',').filter_map(|one| one.split_once(':')).any(|(_, kind)| kind.trim() == "bool")
}

/// Code that a reviewer would send back: shortcuts that only tests may take, and some that nothing may.
#[must_use]
pub fn shortcuts(sources: &[Source]) -> Vec<Violation> {
    const OUTSIDE_TESTS: &[(&str, &str)] = &[
        (".unwrap()", "say what happens otherwise, or `expect` the invariant under `#[expect(…, reason)]`"),
        ("panic!", "return an error; a panic poisons the writer"),
    ];
    const NOWHERE: &[(&str, &str)] = &[
        ("todo!", "finish it or leave it out"),
        ("unimplemented!", "finish it or leave it out"),
        ("dbg!", "leave it out"),
        ("thread::sleep", "wait for a condition, not for a time"),
        ("#[allow", "use `#[expect(lint, reason = \"the invariant\")]`"),
        ("#![allow", "use `#![expect(lint, reason = \"the invariant\")]`"),
        ("unsafe", "this workspace forbids it"),
    ];
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.numbered() {
            let outside = OUTSIDE_TESTS.iter().filter(|_| !line.in_tests);
            let here = outside.chain(NOWHERE).filter(|(text, _)| names(&line.code, text));
            found.extend(here.map(|(text, why)| Violation::at(&source.path, number, format!("`{text}`: {why}"))));
        }
    }
    found
}

fn names(code: &str, text: &str) -> bool {
    if text.starts_with(|c: char| c.is_alphabetic()) { has_word(code, text) } else { code.contains(text) }
}
