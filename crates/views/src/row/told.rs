//! What a fold takes in of a digest, read without the rest of it.

use std::sync::Arc;

use ofrecord_core::{Event, Fact, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::RowError;

/// What an entry told: its events, and since when they are true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Place in the log.
    pub position: u64,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// What happened, in order; empty for a refusal and where nothing differed.
    pub events: Vec<Arc<Event>>,
}

/// A digest of which nothing else is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest {
    position: u64,
    #[serde(rename = "recorded_at")]
    _recorded_at: IgnoredAny,
    effective_at: Timestamp,
    #[serde(rename = "command_id")]
    _command_id: IgnoredAny,
    #[serde(rename = "command")]
    _command: IgnoredAny,
    #[serde(rename = "actor")]
    _actor: IgnoredAny,
    #[serde(default, rename = "evidence")]
    _evidence: IgnoredAny,
    #[serde(default)]
    events: Vec<Arc<Event>>,
    #[serde(default, rename = "refusal")]
    _refusal: IgnoredAny,
    #[serde(rename = "policy")]
    _policy: IgnoredAny,
    #[serde(default, rename = "partners")]
    _partners: IgnoredAny,
    #[serde(default, rename = "subscriptions")]
    _subscriptions: IgnoredAny,
    #[serde(default, rename = "relationships")]
    _relationships: IgnoredAny,
}

impl Told {
    /// Reads it from the bytes of a digest.
    ///
    /// # Errors
    /// [`RowError`] when they are not a digest with events that this build knows.
    pub fn from_bytes(digest: &[u8]) -> Result<Self, RowError> {
        let Digest { position, effective_at, events, .. } = super::read(digest)?;
        Ok(Self { position, effective_at, events })
    }

    /// The facts that the events are.
    pub fn into_facts(self) -> impl Iterator<Item = Fact> + Clone {
        Fact::of_events(self.position, self.effective_at, self.events.into_iter())
    }
}
