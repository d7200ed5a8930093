//! The digest of an entry that a view row stores: enough to fold, to list and to explain, without the bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use ofrecord_core::{
    Actor, CommandId, Entry, Event, Evidence, GdapRelationshipId, PartnerTenantId, PolicyRef, Refusal, SubscriptionId,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::subject;

mod spelled;
mod told;

pub use self::spelled::{Spelled, digest_bytes};
pub use self::told::Told;

/// One entry as the views keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRow {
    /// Place in the log.
    pub position: u64,
    /// When the ledger learned it.
    pub recorded_at: Timestamp,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// The command's id.
    pub command_id: CommandId,
    /// The command's name.
    pub command: String,
    /// Who asked.
    pub actor: Actor,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What happened, in order; empty for a refusal and where nothing differed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Arc<Event>>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// The policy it was decided under.
    pub policy: PolicyRef,
    /// The partners that the command or its events name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub partners: BTreeSet<PartnerTenantId>,
    /// The subscriptions that the command or its events name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub subscriptions: BTreeSet<SubscriptionId>,
    /// The granular relationships that the command or its events name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub relationships: BTreeSet<GdapRelationshipId>,
}

/// Why bytes are not an entry's digest.
#[derive(Debug, Error)]
pub enum RowError {
    /// Not the JSON of a digest.
    #[error("read the stored digest of an entry: {cause}")]
    NotADigest {
        /// What the reader says.
        cause: serde_json::Error,
    },
}

impl From<Entry> for EntryRow {
    /// The digest of an entry that is not needed any more.
    fn from(entry: Entry) -> Self {
        let mut named = subject::Named::default();
        named.command(&entry.decision.command);
        for event in entry.decision.events() {
            named.event(event);
        }
        let effective_at = entry.effective_at();
        let Entry { position, recorded_at, command_id, decision } = entry;
        Self {
            position,
            recorded_at,
            effective_at,
            command_id,
            command: decision.command.name().to_owned(),
            actor: decision.actor,
            evidence: decision.evidence,
            events: decision.events.unwrap_or_default().into_iter().map(Arc::new).collect(),
            refusal: decision.refusal,
            policy: decision.policy,
            partners: named.partners,
            subscriptions: named.subscriptions,
            relationships: named.relationships,
        }
        .exact()
    }
}

impl EntryRow {
    /// The digest of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        entry.clone().into()
    }

    /// Its bytes: JSON with sorted keys and without spaces, the same for the same entry.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::json::canonical(self)
    }

    /// Reads the bytes again.
    ///
    /// # Errors
    /// [`RowError`] when they are not a digest that this build writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RowError> {
        read(bytes).map(Self::exact)
    }

    /// Without the room that a list read from JSON has for more: many digests are in memory at a time.
    fn exact(mut self) -> Self {
        self.evidence.shrink_to_fit();
        self.events.shrink_to_fit();
        self
    }
}

fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, RowError> {
    // Looked at as a whole, what is UTF-8 costs less than text by text.
    let read = std::str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str);
    read.map_err(|cause| RowError::NotADigest { cause })
}

#[cfg(test)]
mod tests;
