//! What an answer is asked about: the instant of the world, how much is known, and the policy whose days count.

use ofrecord_core::{Policy, Timestamp};
use serde::Serialize;

/// The instant asked about, the knowledge asked from, and the policy that time-driven results follow.
#[derive(Debug, Clone, Copy)]
pub struct Viewpoint<'a> {
    /// The instant of the world.
    pub as_of: Timestamp,
    /// The tree size known from: entries at positions below it are known.
    pub known_below: u64,
    /// The policy whose days count for time-driven states.
    pub policy: &'a Policy,
}

/// What a history is drawn from: what had happened by an instant of the world, and is known below a position.
///
/// A position alone stands for all of the world's time, a viewpoint for its own instant: what ended later still
/// holds then, and states of knowledge that differ only in what came later are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub(crate) as_of: Timestamp,
    pub(crate) known_below: u64,
}

impl From<u64> for Seen {
    fn from(known_below: u64) -> Self {
        Self { as_of: Timestamp::MAX, known_below }
    }
}

impl From<&Viewpoint<'_>> for Seen {
    fn from(viewpoint: &Viewpoint<'_>) -> Self {
        Self { as_of: viewpoint.as_of, known_below: viewpoint.known_below }
    }
}

/// A half-open stretch of time: from its first instant up to, and without, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Period {
    /// First instant.
    pub from: Timestamp,
    /// First instant no longer in it.
    pub to: Timestamp,
}

impl Period {
    /// All of time.
    pub const ALWAYS: Period = Period { from: Timestamp::MIN, to: Timestamp::MAX };

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// What both have in common; none when they do not meet.
    #[must_use]
    pub fn overlap(&self, other: &Period) -> Option<Period> {
        let both = Period { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from < both.to).then_some(both)
    }
}
