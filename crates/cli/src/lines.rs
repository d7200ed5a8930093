//! Lines of an input, each at most so long, with the numbers that messages name.

use std::io::{self, BufRead, Read as _};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// Its text, without the line's end; or why it has none.
    pub(crate) text: Result<String, NotText>,
}

/// Why a line is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotText {
    /// Longer than a line may be.
    #[error("the line has more than {bytes_max} bytes")]
    TooLong {
        /// How long it may be.
        bytes_max: usize,
    },
    /// Not UTF-8.
    #[error("the line is not UTF-8")]
    NotUtf8,
}

/// Reads lines one by one; memory stays bounded whatever comes.
pub(crate) struct Lines<R> {
    input: R,
    bytes_max: usize,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `bytes_max` bytes.
    pub(crate) fn new(input: R, bytes_max: usize) -> Self {
        Self { input, bytes_max, number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(self.bytes_max).unwrap_or(u64::MAX).saturating_add(2);
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > self.bytes_max {
            self.input.skip_until(b'\n')?;
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let text = if bytes.len() > self.bytes_max {
            Err(NotText::TooLong { bytes_max: self.bytes_max })
        } else {
            String::from_utf8(bytes).map_err(|_| NotText::NotUtf8)
        };
        Ok(Some(Line { number: self.number, text }))
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests;
