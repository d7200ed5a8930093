//! Telling code from comments and literals, one character after the other.

use std::iter::Peekable;
use std::str::Chars;

use super::Line;

/// Splits a text into lines of code and comment.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut scan = Scan { rest: text.chars().peekable(), lines: vec![Line::default()], before: ' ' };
    while let Some(c) = scan.next() {
        scan.take(c);
    }
    if text.ends_with('\n') {
        scan.lines.pop();
    }
    scan.lines
}

struct Scan<'a> {
    rest: Peekable<Chars<'a>>,
    lines: Vec<Line>,
    /// The last character of code, to tell `r"` from the end of a word.
    before: char,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\n' {
            self.lines.push(Line::default());
        }
        Some(c)
    }

    fn next_is(&mut self, c: char) -> bool {
        self.rest.peek() == Some(&c)
    }

    fn code(&mut self, c: char) {
        self.before = c;
        if c != '\n'
            && let Some(line) = self.lines.last_mut()
        {
            line.code.push(c);
        }
    }

    fn comment(&mut self, c: char) {
        if c != '\n'
            && let Some(line) = self.lines.last_mut()
        {
            line.comment.push(c);
        }
    }

    fn take(&mut self, c: char) {
        match c {
            '/' if self.next_is('/') => self.line_comment(),
            '/' if self.next_is('*') => self.block_comment(),
            '"' => self.text(),
            '\'' => self.quote(),
            'r' if !super::is_word(self.before) || self.before == 'b' => self.raw(),
            _ => self.code(c),
        }
    }

    fn line_comment(&mut self) {
        self.comment('/');
        while !self.next_is('\n') {
            let Some(c) = self.next() else { return };
            self.comment(c);
        }
    }

    fn block_comment(&mut self) {
        self.next();
        let mut depth = 1;
        while depth > 0 {
            let Some(c) = self.next() else { return };
            if c == '*' && self.next_is('/') {
                self.next();
                depth -= 1;
            } else if c == '/' && self.next_is('*') {
                self.next();
                depth += 1;
            } else {
                self.comment(c);
            }
        }
    }

    fn text(&mut self) {
        self.code('"');
        while let Some(c) = self.next() {
            match c {
                '\\' => {
                    self.next();
                }
                '"' => break,
                _ => {}
            }
        }
        self.code('"');
    }

    /// A raw string, a raw word, or just the letter.
    fn raw(&mut self) {
        self.code('r');
        let mut hashes = 0;
        while self.next_is('#') {
            self.next();
            hashes += 1;
        }
        if !self.next_is('"') {
            (0..hashes).for_each(|_| self.code('#'));
            return;
        }
        self.next();
        self.code('"');
        let mut closing = None;
        while let Some(c) = self.next() {
            closing = match (c, closing) {
                ('"', _) => Some(0),
                ('#', Some(count)) => Some(count + 1),
                _ => None,
            };
            if closing == Some(hashes) {
                break;
            }
        }
        self.code('"');
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        self.code('\'');
        match self.next() {
            Some('\\') => {
                self.next();
                while let Some(c) = self.next() {
                    if c == '\'' {
                        break;
                    }
                }
                self.code('\'');
            }
            Some(_) if self.next_is('\'') => {
                self.next();
                self.code('\'');
            }
            Some(c) => self.code(c),
            None => {}
        }
    }
}
