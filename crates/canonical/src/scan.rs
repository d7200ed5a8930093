//! The reader's side of canonical JSON: one pass that accepts the canonical spelling and no other.

use super::{CanonicalError, DEPTH_MAX, INTEGER_MAX, is_key};

/// Walks the text once. `at` never passes the end of `bytes`.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Accepts exactly the texts that `to_canonical` writes, apart from the length limit, inside of `depth` levels.
pub(super) fn scan(bytes: &[u8], depth: usize) -> Result<(), CanonicalError> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(CanonicalError::Spelling { at: error.valid_up_to(), expected: "UTF-8" });
    }
    let mut scanner = Scanner { bytes, at: 0 };
    scanner.value(depth)?;
    if scanner.at < bytes.len() {
        return Err(scanner.wrong("the end"));
    }
    Ok(())
}

impl<'a> Scanner<'a> {
    fn value(&mut self, depth: usize) -> Result<(), CanonicalError> {
        match self.peek() {
            Some(b'{') => self.object(self.deeper(depth)?),
            Some(b'[') => self.array(self.deeper(depth)?),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(self.wrong("a value")),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, CanonicalError> {
        if depth >= DEPTH_MAX {
            return Err(CanonicalError::TooDeep { at: self.at, depth_max: DEPTH_MAX });
        }
        Ok(depth + 1)
    }

    fn object(&mut self, depth: usize) -> Result<(), CanonicalError> {
        self.at += 1;
        if self.take(b'}') {
            return Ok(());
        }
        let mut previous: Option<&'a [u8]> = None;
        loop {
            let start = self.at;
            let key = self.key()?;
            if previous.is_some_and(|previous| previous >= key) {
                return Err(CanonicalError::KeyOrder { key: String::from_utf8_lossy(key).into_owned(), at: start });
            }
            previous = Some(key);
            self.expect(b':', "a colon")?;
            self.value(depth)?;
            if self.take(b'}') {
                return Ok(());
            }
            self.expect(b',', "a comma or a closing brace")?;
        }
    }

    fn key(&mut self) -> Result<&'a [u8], CanonicalError> {
        self.expect(b'"', "a key")?;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
        let key = rest.get(..length).unwrap_or_default();
        if !is_key(key) {
            return Err(CanonicalError::Key { key: String::from_utf8_lossy(key).into_owned() });
        }
        self.at += length;
        self.expect(b'"', "a closing quote")?;
        Ok(key)
    }

    fn array(&mut self, depth: usize) -> Result<(), CanonicalError> {
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

    fn string(&mut self) -> Result<(), CanonicalError> {
        self.at += 1;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => return Err(self.wrong("an escaped control character")),
                Some(_) => self.at += 1,
                None => return Err(self.wrong("a closing quote")),
            }
        }
    }

    /// Skips eight bytes at a time while none of them is a quote, a backslash or a control character.
    fn skip_plain(&mut self) {
        const ONES: u64 = u64::MAX / 255;
        const HIGHS: u64 = ONES << 7;
        // The highest bit of each byte below `bound`, and of some bytes above one that is.
        let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGHS;
        while let Some(bytes) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*bytes);
            let quote = below(word ^ (ONES * u64::from(b'"')), 1);
            let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
            if quote | backslash | below(word, 0x20) != 0 {
                return;
            }
            self.at += 8;
        }
    }

    /// Only the escapes that the writer would choose: the short ones, and `\u00xx` for control
    /// characters that have none.
    fn escape(&mut self) -> Result<(), CanonicalError> {
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

    fn number(&mut self) -> Result<(), CanonicalError> {
        let start = self.at;
        let negative = self.take(b'-');
        let mut magnitude: u64 = 0;
        let digits = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            magnitude = magnitude.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let count = self.at - digits;
        let leading_zero = self.bytes.get(digits) == Some(&b'0');
        let canonical = count > 0
            && magnitude <= INTEGER_MAX
            && !(leading_zero && (count > 1 || negative))
            && !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if canonical {
            return Ok(());
        }
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .unwrap_or(rest.len());
        Err(CanonicalError::Number {
            number: String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned(),
        })
    }

    fn word(&mut self, word: &'static [u8]) -> Result<(), CanonicalError> {
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

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), CanonicalError> {
        if self.take(byte) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    fn wrong(&self, expected: &'static str) -> CanonicalError {
        CanonicalError::Spelling { at: self.at, expected }
    }
}
