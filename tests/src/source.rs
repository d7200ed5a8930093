//! Rust source split into what is code and what is comment, line by line, with its functions.

mod scan;

use std::ops::Range;

use crate::workspace::TextFile;

#[cfg(test)]
mod tests;

/// One line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The code, with the content of literals left out.
    pub code: String,
    /// The comment, doc comments included.
    pub comment: String,
    /// Whether only tests are compiled from it.
    pub in_tests: bool,
}

/// A Rust file, read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path from the workspace's root.
    pub path: String,
    /// The text as it stands.
    pub text: String,
    /// Its lines, the first being line 1.
    pub lines: Vec<Line>,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of `fn`, from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both included.
    pub length: usize,
    /// The text between the parentheses.
    pub parameters: String,
}

/// Reads files that belong together. Those that another declares as a module
/// for tests are known as test code, with everything below them.
#[must_use]
pub fn read_all(files: Vec<TextFile>) -> Vec<Source> {
    let mut sources: Vec<Source> = files.into_iter().map(Source::read).collect();
    let modules: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        let of_module = |module: &String| {
            source.path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        if modules.iter().any(of_module) {
            source.lines.iter_mut().for_each(|line| line.in_tests = true);
        }
    }
    sources
}

impl Source {
    /// The modules in files of their own that it declares for tests, as paths without `.rs`.
    fn test_modules(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or_default();
        let folder = match name {
            "lib.rs" | "main.rs" => folder.to_owned(),
            name => format!("{folder}/{}", name.trim_end_matches(".rs")),
        };
        let declared = self.lines.iter().filter(|line| line.in_tests).filter_map(|line| {
            let rest = line.code.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            rest.strip_prefix("mod ")?.strip_suffix(';')
        });
        declared.map(|module| format!("{folder}/{module}")).collect()
    }

    /// Reads a file.
    #[must_use]
    pub fn read(file: TextFile) -> Self {
        let mut lines = scan::lines(&file.text);
        mark_tests(&file.path, &mut lines);
        Self { path: file.path, text: file.text, lines }
    }

    /// The lines with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &Line)> {
        (1..).zip(&self.lines)
    }

    /// The functions that have a body.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let code = Code::of(&self.lines);
        code.words("fn").filter_map(|at| code.function(at)).collect()
    }
}

/// The code of all lines as one text, with the way back to line numbers.
struct Code {
    text: Vec<char>,
}

impl Code {
    fn of(lines: &[Line]) -> Self {
        Self { text: lines.iter().flat_map(|line| line.code.chars().chain(['\n'])).collect() }
    }

    fn at(&self, index: usize) -> Option<char> {
        self.text.get(index).copied()
    }

    fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let length = word.chars().count();
        (0..self.text.len()).filter(move |start| {
            let here = self.text.iter().skip(*start).take(length).copied().eq(word.chars());
            here && !start.checked_sub(1).and_then(|before| self.at(before)).is_some_and(is_word)
                && !self.at(start + length).is_some_and(is_word)
        })
    }

    fn line_of(&self, index: usize) -> usize {
        1 + self.text.iter().take(index).filter(|c| **c == '\n').count()
    }

    fn function(&self, at: usize) -> Option<Function> {
        let name: String =
            self.text.iter().skip(at + 2).skip_while(|c| c.is_whitespace()).take_while(|c| is_word(**c)).collect();
        if name.is_empty() {
            return None;
        }
        let parameters = self.enclosed(at, '(', ')')?;
        let open = self.body(parameters.end)?;
        let body = self.enclosed(open, '{', '}')?;
        let line = self.line_of(at);
        Some(Function {
            name,
            line,
            length: self.line_of(body.end) - line + 1,
            parameters: self.text.iter().skip(parameters.start).take(parameters.len()).collect(),
        })
    }

    /// What stands between the first `open` from `from` on and its `close`.
    fn enclosed(&self, from: usize, open: char, close: char) -> Option<Range<usize>> {
        let start = (from..self.text.len()).find(|index| self.at(*index) == Some(open))?;
        let mut depth = 0_usize;
        for index in start..self.text.len() {
            match self.at(index) {
                Some(c) if c == open => depth += 1,
                Some(c) if c == close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(start + 1..index);
            }
        }
        None
    }

    /// Where the body opens; none for a declaration without one.
    fn body(&self, from: usize) -> Option<usize> {
        let mut brackets = 0_i32;
        for index in from + 1..self.text.len() {
            match self.at(index)? {
                '[' | '(' => brackets += 1,
                ']' | ')' => brackets -= 1,
                ';' if brackets <= 0 => return None,
                '{' => return Some(index),
                _ => {}
            }
        }
        None
    }
}

/// Whether a character continues a word of Rust.
#[must_use]
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a text has a word: not as a part of a longer one.
#[must_use]
pub fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Files that only tests compile although nothing in them says so: the features behind them are for tests only.
const BEHIND_TEST_FEATURES: &[&str] = &["crates/log/src/contract.rs", "crates/log/src/faulty.rs"];

fn mark_tests(path: &str, lines: &mut [Line]) {
    let whole = BEHIND_TEST_FEATURES.contains(&path)
        || path.ends_with("/tests.rs")
        || path.contains("/tests/")
        || path.starts_with("tests/")
        || path.starts_with("crates/testkit/")
        || path.contains("/benches/")
        || path.contains("/examples/");
    if whole {
        lines.iter_mut().for_each(|line| line.in_tests = true);
        return;
    }
    let mut announced = false;
    let mut depth = 0_i64;
    let mut outside: Option<i64> = None;
    for line in lines {
        announced |= line.code.contains("#[test]") || (line.code.contains("#[cfg(") && has_word(&line.code, "test"));
        line.in_tests = announced || outside.is_some();
        for c in line.code.chars() {
            match c {
                '{' => {
                    if announced && outside.is_none() {
                        outside = Some(depth);
                        announced = false;
                    }
                    depth += 1;
                }
                '}' => {
                    depth -= 1;
                    if outside == Some(depth) {
                        outside = None;
                    }
                }
                ';' => announced = announced && outside.is_some(),
                _ => {}
            }
        }
    }
}
