//! How far a follower has come: behind an entry, or behind one of the events that are shown with it.

use std::fmt;
use std::str::FromStr;

use axum::http::header::HeaderMap;
use ofrecord_core::fold::EventRef;
use thiserror::Error;

use super::LAST_EVENT_ID;
use crate::asked::Asked;
use crate::problem::Problem;

/// A place between two events of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cursor {
    /// The entry that is read next.
    next: u64,
    /// What of it is passed over.
    passed: Passed,
}

/// What is passed over of what is shown with an entry, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Passed {
    /// Nothing.
    Nothing,
    /// What it shows of entries before it, up to this event.
    Earlier(EventRef),
    /// All of that, and its own events up to this one.
    Own(u32),
}

/// A text is no cursor.
#[derive(Debug, Error)]
#[error("`{0}` is neither a position like 17 nor the id of an event like 17-0 or 40.17-0")]
pub(super) struct NoCursor(String);

impl Cursor {
    /// Before everything.
    pub(super) const START: Self = Self { next: 0, passed: Passed::Nothing };

    /// Where a request goes on: what a client repeats by itself comes before what it began with.
    pub(super) fn of(asked: &Asked, headers: &HeaderMap) -> Result<Self, Problem> {
        let asked_after = asked.read("after")?.unwrap_or(Self::START);
        let Some(last) = headers.get(LAST_EVENT_ID) else { return Ok(asked_after) };
        let last = last.to_str().map_err(|error| Problem::malformed("Last-Event-ID", &error))?;
        last.parse().map_err(|error| Problem::malformed("Last-Event-ID", &error))
    }

    /// Behind the entry at a position.
    pub(super) fn behind(position: u64) -> Self {
        Self { next: position.saturating_add(1), passed: Passed::Nothing }
    }

    /// Behind something that is shown with the entry at a position.
    pub(super) fn within(position: u64, passed: Passed) -> Self {
        Self { next: position, passed }
    }

    /// The entry that is read next.
    pub(super) fn position(self) -> u64 {
        self.next
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let none = || NoCursor(text.to_owned());
        let event = |text: &str| {
            let (position, index) = text.split_once('-')?;
            let index: u32 = index.parse().ok().filter(|index| *index < u32::MAX)?;
            Some(EventRef { position: position.parse().ok()?, index })
        };
        if let Some((next, earlier)) = text.split_once('.') {
            let (next, earlier): (u64, EventRef) =
                (next.parse().map_err(|_| none())?, event(earlier).ok_or_else(none)?);
            return if earlier.position < next {
                Ok(Self::within(next, Passed::Earlier(earlier)))
            } else {
                Err(none())
            };
        }
        if let Some(own) = event(text) {
            return Ok(Self::within(own.position, Passed::Own(own.index)));
        }
        text.parse().map(Self::behind).map_err(|_| none())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.passed, self.next.checked_sub(1)) {
            (Passed::Own(index), _) => write!(f, "{}-{index}", self.next),
            (Passed::Earlier(EventRef { position, index }), _) => write!(f, "{}.{position}-{index}", self.next),
            (Passed::Nothing, Some(position)) => write!(f, "{position}"),
            (Passed::Nothing, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
