//! The bytes of a digest, put together from what the entry itself spells: most of a digest stands in it as it is.

use ofrecord_core::Entry;
use serde::Serialize;

use crate::json;
use crate::subject::Named;

/// What of a digest stands in the canonical decision of the entry, spelled as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled<'a> {
    /// Who asked.
    pub actor: &'a str,
    /// What it rests on, where that is stated.
    pub evidence: Option<&'a str>,
    /// What happened, where that is stated: every event in its newest version.
    pub events: Option<&'a str>,
    /// The policy it was decided under.
    pub policy: &'a str,
    /// Why it was refused, where it was.
    pub refusal: Option<&'a str>,
}

/// The bytes of an entry's digest, as [`super::EntryRow::to_bytes`] writes them, with what `spelled` has of the same entry
/// copied and not written again.
#[must_use]
pub fn digest_bytes(entry: &Entry, spelled: &Spelled<'_>) -> Vec<u8> {
    let decision = &entry.decision;
    let mut named = Named::default();
    named.command(&decision.command);
    decision.events().iter().for_each(|event| named.event(event));
    let Named { partners, subscriptions, relationships } = &named;
    let mut members = Members(Vec::with_capacity(TYPICAL_BYTES));
    members.copy("actor", Some(spelled.actor));
    members.write("command", decision.command.name());
    members.write("command_id", &entry.command_id);
    members.write("effective_at", &entry.effective_at());
    members.copy("events", spelled.events.filter(|_| !decision.events().is_empty()));
    members.copy("evidence", spelled.evidence.filter(|_| !decision.evidence.is_empty()));
    members.write_some("partners", (!partners.is_empty()).then_some(partners));
    members.copy("policy", Some(spelled.policy));
    members.write("position", &entry.position);
    members.write("recorded_at", &entry.recorded_at);
    members.copy("refusal", spelled.refusal.filter(|_| decision.refusal.is_some()));
    members.write_some("relationships", (!relationships.is_empty()).then_some(relationships));
    members.write_some("subscriptions", (!subscriptions.is_empty()).then_some(subscriptions));
    members.done()
}

/// Room for most digests.
const TYPICAL_BYTES: usize = 1_024;

/// The members of an object, in the order of their keys.
struct Members(Vec<u8>);

impl Members {
    fn copy(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.key(key);
            self.0.extend_from_slice(value.as_bytes());
        }
    }

    fn write_some<T: Serialize + ?Sized>(&mut self, key: &str, value: Option<&T>) {
        value.into_iter().for_each(|value| self.write(key, value));
    }

    fn write<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        self.key(key);
        json::append(value, &mut self.0);
    }

    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        self.0.push(b'"');
        self.0.extend_from_slice(key.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn done(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}
