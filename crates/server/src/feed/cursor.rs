//! How far a follower has come: behind an entry, or behind one event of an entry that has several.

use std::fmt;
use std::str::FromStr;

use axum::http::header::HeaderMap;
use thiserror::Error;

use super::LAST_EVENT_ID;
use crate::asked::Asked;
use crate::problem::Problem;

/// A place between two events of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cursor {
    /// The entry that is read next.
    next: u64,
    /// How many of its events are passed over.
    passed: u32,
}

/// A text is no cursor.
#[derive(Debug, Error)]
#[error("`{0}` is neither a position like 17 nor the id of an event like 17-0")]
pub(super) struct NoCursor(String);

impl Cursor {
    /// Before everything.
    pub(super) const START: Self = Self { next: 0, passed: 0 };

    /// Where a request goes on: what a client repeats by itself comes before what it began with.
    pub(super) fn of(asked: &Asked, headers: &HeaderMap) -> Result<Self, Problem> {
        let asked_after = asked.read("after")?.unwrap_or(Self::START);
        let Some(last) = headers.get(LAST_EVENT_ID) else { return Ok(asked_after) };
        let last = last.to_str().map_err(|error| Problem::malformed("Last-Event-ID", &error))?;
        last.parse().map_err(|error| Problem::malformed("Last-Event-ID", &error))
    }

    /// Behind the entry at a position.
    pub(super) fn behind(position: u64) -> Self {
        Self { next: position.saturating_add(1), passed: 0 }
    }

    /// The entry that is read next.
    pub(super) fn position(self) -> u64 {
        self.next
    }

    /// Whether an event comes after it.
    pub(super) fn is_before(self, position: u64, index: u32) -> bool {
        self.next < position || (self.next == position && self.passed <= index)
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let none = || NoCursor(text.to_owned());
        match text.split_once('-') {
            None => text.parse().map(Self::behind).map_err(|_| none()),
            Some((position, index)) => {
                let (position, index) = (position.parse(), index.parse::<u32>());
                let (Ok(next), Ok(index)) = (position, index) else { return Err(none()) };
                Ok(Self { next, passed: index.checked_add(1).ok_or_else(none)? })
            }
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.passed.checked_sub(1), self.next.checked_sub(1)) {
            (Some(index), _) => write!(f, "{}-{index}", self.next),
            (None, Some(position)) => write!(f, "{position}"),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
