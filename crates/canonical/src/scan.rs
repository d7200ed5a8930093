//! The reader's side of canonical JSON: one pass that accepts the canonical spelling and no other.

use std::ops::Range;

use super::{CanonicalError, DEPTH_MAX, INTEGER_MAX, is_key};

use self::words::{before, byte_of, not_in_keys, not_plain};

mod words;

/// The most digits of an integer within the exact range.
const DIGITS_MAX: usize = 16;

/// Members of most objects that are taken apart.
const MEMBERS_TYPICAL: usize = 12;

/// Boxed, so that what is nearly always there, nothing, goes from call to call in a register.
type Scanned = Result<(), Box<CanonicalError>>;

/// Walks the text once. `at` never passes the end of `bytes`.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A key, and its first eight bytes as a number that is above another where the key is.
#[derive(Clone, Copy)]
struct Key<'a> {
    head: u64,
    text: &'a [u8],
}

/// Accepts exactly the texts that `to_canonical` writes, apart from the length limit, inside of `depth` levels.
pub(super) fn scan(bytes: &[u8], depth: usize) -> Result<(), CanonicalError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| CanonicalError::Spelling { at: error.valid_up_to(), expected: "UTF-8" })?;
    let length = value_length(text, depth)?;
    if length < bytes.len() {
        return Err(CanonicalError::Spelling { at: length, expected: "the end" });
    }
    Ok(())
}

/// How long the canonical value is that a text begins with, inside of `depth` levels.
pub(super) fn value_length(text: &str, depth: usize) -> Result<usize, CanonicalError> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.value(depth).map_err(|error| *error)?;
    Ok(scanner.at)
}

/// The members of the canonical object that a text is: the key of each, and its value as it stands there.
pub(super) fn members(text: &str) -> Result<Vec<(&str, &str)>, CanonicalError> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    if scanner.peek() != Some(b'{') {
        return Err(*scanner.wrong("an opening brace"));
    }
    let mut members = Vec::with_capacity(MEMBERS_TYPICAL);
    let at = |range: Range<usize>| text.get(range).unwrap_or_default();
    scanner.members(1, |key, value| members.push((at(key), at(value)))).map_err(|error| *error)?;
    if scanner.at < text.len() {
        return Err(*scanner.wrong("the end"));
    }
    Ok(members)
}

impl Key<'_> {
    fn is_below(self, other: Self) -> bool {
        self.head < other.head || (self.head == other.head && self.text < other.text)
    }
}

impl<'a> Scanner<'a> {
    fn value(&mut self, depth: usize) -> Scanned {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.object(self.deeper(depth)?),
            Some(b'[') => self.array(self.deeper(depth)?),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(self.wrong("a value")),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, Box<CanonicalError>> {
        if depth >= DEPTH_MAX {
            return Err(Box::new(CanonicalError::TooDeep { at: self.at, depth_max: DEPTH_MAX }));
        }
        Ok(depth + 1)
    }

    fn object(&mut self, depth: usize) -> Scanned {
        self.members(depth, |_, _| ())
    }

    /// Passes an object, and calls `each` with where the key of each member stands, without its quotes, and its value.
    #[inline]
    fn members(&mut self, depth: usize, mut each: impl FnMut(Range<usize>, Range<usize>)) -> Scanned {
        self.at += 1;
        if self.take(b'}') {
            return Ok(());
        }
        let mut previous: Option<Key<'a>> = None;
        loop {
            let start = self.at;
            let key = self.key()?;
            if previous.is_some_and(|previous| !previous.is_below(key)) {
                let key = String::from_utf8_lossy(key.text).into_owned();
                return Err(Box::new(CanonicalError::KeyOrder { key, at: start }));
            }
            previous = Some(key);
            let key = start + 1..self.at - 1;
            self.expect(b':', "a colon")?;
            let value = self.at;
            self.value(depth)?;
            each(key, value..self.at);
            if self.take(b'}') {
                return Ok(());
            }
            self.expect(b',', "a comma or a closing brace")?;
        }
    }

    fn key(&mut self) -> Result<Key<'a>, Box<CanonicalError>> {
        self.expect(b'"', "a key")?;
        let start = self.at;
        let first = self.eight();
        let mut odd = not_in_keys(first);
        let head = before(first, odd);
        while odd == 0 {
            self.at += 8;
            odd = not_in_keys(self.eight());
        }
        self.at += byte_of(odd);
        let text = self.bytes.get(start..self.at).unwrap_or_default();
        if text.is_empty() || self.peek() != Some(b'"') {
            return Err(self.wrong_key(start));
        }
        self.at += 1;
        Ok(Key { head: head.swap_bytes(), text })
    }

    /// Why what begins at `start` is no key.
    #[cold]
    fn wrong_key(&self, start: usize) -> Box<CanonicalError> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
        let key = rest.get(..length).unwrap_or_default();
        Box::new(if is_key(key) {
            CanonicalError::Spelling { at: start + length, expected: "a closing quote" }
        } else {
            CanonicalError::Key { key: String::from_utf8_lossy(key).into_owned() }
        })
    }

    fn array(&mut self, depth: usize) -> Scanned {
        self.at += 1;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if self.take(b']') {
                return Ok(());
            }
            self.expect(b',', "a comma or a closing bracket")?;
        }
    }

    fn string(&mut self) -> Scanned {
        self.at += 1;
        loop {
            let odd = not_plain(self.eight());
            if odd == 0 {
                self.at += 8;
                continue;
            }
            self.at += byte_of(odd);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.wrong("an escaped control character")),
                None => return Err(self.wrong("a closing quote")),
            }
        }
    }

    /// The next eight bytes, the first of them lowest; zeros behind the end.
    fn eight(&self) -> u64 {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest.first_chunk() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        }
    }

    /// Only the escapes that the writer would choose: the short ones, and `\u00xx` for control
    /// characters that have none.
    fn escape(&mut self) -> Scanned {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        match rest {
            [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
            [b'u', b'0', b'0', high @ (b'0' | b'1'), low, ..] => {
                let short = *high == b'0' && matches!(low, b'8' | b'9' | b'a' | b'c' | b'd');
                if short || !matches!(low, b'0'..=b'9' | b'a'..=b'f') {
                    return Err(self.wrong("the shortest escape"));
                }
                self.at += 6;
            }
            _ => return Err(self.wrong("an escape that is needed")),
        }
        Ok(())
    }

    fn number(&mut self) -> Scanned {
        let start = self.at;
        let negative = self.take(b'-');
        let mut magnitude: u64 = 0;
        let digits = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            // More digits than may be here are refused by their number.
            magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let count = self.at - digits;
        let leading_zero = self.bytes.get(digits) == Some(&b'0');
        let canonical = (1..=DIGITS_MAX).contains(&count)
            && magnitude <= INTEGER_MAX
            && !(leading_zero && (count > 1 || negative))
            && !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if canonical { Ok(()) } else { Err(self.wrong_number(start)) }
    }

    #[cold]
    fn wrong_number(&self, start: usize) -> Box<CanonicalError> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .unwrap_or(rest.len());
        let number = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned();
        Box::new(CanonicalError::Number { number })
    }

    fn word(&mut self, word: &'static [u8]) -> Scanned {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(self.wrong("true, false or null"));
        }
        self.at += word.len();
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Scanned {
        if self.take(byte) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    #[cold]
    fn wrong(&self, expected: &'static str) -> Box<CanonicalError> {
        Box::new(CanonicalError::Spelling { at: self.at, expected })
    }
}
