//! What a fold takes in of a digest, read without the rest of it.

use std::sync::Arc;

use ofrecord_core::{Entry, Event, Fact, Timestamp};
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
    pub events: Box<[Arc<Event>]>,
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
    events: Box<[Arc<Event>]>,
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

impl From<Entry> for Told {
    fn from(entry: Entry) -> Self {
        let (position, effective_at) = (entry.position, entry.effective_at());
        let events = entry.decision.events.into_iter().flatten().map(Arc::new).collect();
        Self { position, effective_at, events }
    }
}

impl Told {
    /// What the bytes of a digest have of it.
    ///
    /// # Errors
    /// [`RowError`] when they are not a digest with events that this build knows.
    pub fn of_digest(digest: &[u8]) -> Result<Self, RowError> {
        let Digest { position, effective_at, events, .. } = super::read(digest)?;
        Ok(Self { position, effective_at, events })
    }

    /// The facts that the events are.
    pub fn into_facts(self) -> impl Iterator<Item = Fact> + Clone {
        Fact::of_events(self.position, self.effective_at, self.events.into_vec().into_iter())
    }
}
