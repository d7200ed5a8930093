//! An entry beside its stored bytes: what was decoded from it, and each event exactly as it stands in the log.

use ofrecord_core::{Entry, Event, Refusal, StreamId};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

/// The version of an event that states none.
const FIRST_VERSION: u64 = 1;

/// An entry with the parts of its outcome as they are stored.
///
/// What is decoded may have a newer shape than what is stored; exports hand on
/// what is stored, because that is what the leaf hash covers.
#[derive(Debug, Clone)]
pub struct StoredEntry<'a> {
    /// The entry as decoded.
    pub entry: &'a Entry,
    /// The streams it belongs to, the one it was decided in first.
    pub streams: &'a [StreamId],
    /// The leaf hash, 64 lower-case hexadecimal digits.
    pub leaf_hash: &'a str,
    parts: Vec<Part<'a>>,
}

/// One part of an entry's outcome.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Something happened.
    Event {
        /// Which event of the entry, from 0.
        index: u32,
        /// As decoded.
        event: &'a Event,
        /// As stored.
        stored: StoredEvent<'a>,
    },
    /// The rules said no.
    Refusal {
        /// As decoded.
        refusal: &'a Refusal,
        /// Its JSON as stored.
        json: &'a RawValue,
    },
    /// The command was accepted, and nothing differed.
    Nothing,
    /// The bytes were taken away.
    Redacted {
        /// What is left in place of the decision.
        json: &'a RawValue,
    },
}

/// An event as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct StoredEvent<'a> {
    /// Its name.
    pub name: &'a str,
    /// The version of its shape; 1 where none is stated.
    pub version: u64,
    /// Its JSON.
    pub json: &'a RawValue,
}

/// Why a decision's bytes do not go with the entry.
#[derive(Debug, Error)]
pub enum StoredError {
    /// Its JSON has no outcome that can be read.
    #[error("read the outcome at position {position}: {cause}")]
    NotAnOutcome {
        /// The entry's position.
        position: u64,
        /// What the reader says.
        cause: serde_json::Error,
    },
    /// The entry was decoded from other bytes.
    #[error("match {stored} stored events with {decoded} decoded ones at position {position}")]
    OtherEvents {
        /// The entry's position.
        position: u64,
        /// How many are stored.
        stored: usize,
        /// How many were decoded.
        decoded: usize,
    },
}

/// The outcome of a decision, uninterpreted.
#[derive(Deserialize)]
struct Outcome<'a> {
    #[serde(borrow, default)]
    events: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    refusal: Option<&'a RawValue>,
}

/// What every stored event has.
#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    version: Option<u64>,
}

impl<'a> StoredEntry<'a> {
    /// Puts an entry beside the JSON of its decision.
    ///
    /// # Errors
    /// [`StoredError`] when the JSON is not that of the entry's decision.
    pub fn new(
        entry: &'a Entry,
        decision: &'a RawValue,
        streams: &'a [StreamId],
        leaf_hash: &'a str,
    ) -> Result<Self, StoredError> {
        let position = entry.position;
        let not_an_outcome = |cause| StoredError::NotAnOutcome { position, cause };
        let outcome: Outcome<'a> = serde_json::from_str(decision.get()).map_err(not_an_outcome)?;
        let decoded = entry.decision.events();
        if outcome.events.len() != decoded.len() {
            return Err(StoredError::OtherEvents { position, stored: outcome.events.len(), decoded: decoded.len() });
        }
        let mut parts = Vec::new();
        for (index, (json, event)) in (0_u32..).zip(outcome.events.into_iter().zip(decoded)) {
            let Tag { name, version } = serde_json::from_str(json.get()).map_err(not_an_outcome)?;
            let stored = StoredEvent { name, version: version.unwrap_or(FIRST_VERSION), json };
            parts.push(Part::Event { index, event, stored });
        }
        if let (Some(refusal), Some(json)) = (entry.decision.refusal.as_ref(), outcome.refusal) {
            parts.push(Part::Refusal { refusal, json });
        }
        if entry.decision.is_redacted() {
            parts.push(Part::Redacted { json: decision });
        } else if parts.is_empty() {
            parts.push(Part::Nothing);
        }
        Ok(Self { entry, streams, leaf_hash, parts })
    }

    /// The parts of the outcome: every event in order, or the refusal, or that nothing differed, or that it is gone.
    pub fn parts(&self) -> impl Iterator<Item = Part<'a>> + '_ {
        self.parts.iter().copied()
    }

    /// The stream it was decided in.
    #[must_use]
    pub fn stream(&self) -> Option<StreamId> {
        self.streams.first().copied()
    }

    /// The name of the command that was decided.
    #[must_use]
    pub fn command(&self) -> &'a str {
        self.entry.decision.command.name()
    }
}

#[cfg(test)]
pub(crate) mod tests;
