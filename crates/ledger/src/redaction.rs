//! Redactions that the log speaks of: what is to be left of which entry, and whether that is what lies there (rule L-19).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::command::agreement::Sealed;
use ofrecord_core::command::custody::StandingEntry;
use ofrecord_core::event::custody::EntryRedacted;
use ofrecord_core::personal::SealedWord;
use ofrecord_core::{Digest, Event, StreamId, SubjectId};
use ofrecord_log::entry::{EnvelopeRef, remainder_of, stored_leaf_hash};
use ofrecord_log::{Hash, LogReader, Redacted, Redactions};
use serde_json::Value;
use thiserror::Error;

use crate::codec::{DecodeError, decode};
use crate::reader::ReadFailure;

#[cfg(test)]
mod tests;

/// A redaction that stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The position of the entry that says so.
    pub position: u64,
    /// What it says.
    pub event: EntryRedacted,
}

/// Every redaction that the log speaks of, by the position of the entry that was redacted.
///
/// # Errors
/// [`ReadFailure`].
pub fn logged(log: &dyn LogReader) -> Result<BTreeMap<u64, Logged>, ReadFailure> {
    let mut redactions = BTreeMap::new();
    for position in log.stream_positions(&StreamId::Ledger.to_string(), 0)? {
        let entry = decode(&log.read(position)?)?;
        for event in entry.decision.events() {
            if let Event::EntryRedacted(event) = event {
                redactions.entry(event.position).or_insert_with(|| Logged { position, event: event.clone() });
            }
        }
    }
    Ok(redactions)
}

/// What is to be left of each entry, as the log takes bytes away.
#[must_use]
pub fn redactions(logged: &BTreeMap<u64, Logged>) -> Redactions {
    let hash = |digest: &Digest| digest.as_str().parse::<Hash>().ok();
    logged
        .iter()
        .filter_map(|(position, Logged { event, .. })| {
            let redacted = Redacted { leaf_hash: hash(&event.leaf_hash)?, remainder: hash(&event.remainder)? };
            Some((*position, redacted))
        })
        .collect()
}

/// A redaction of an entry below `size` that was recorded at or after `size`: what was folded at that size can no
/// longer be folded.
#[must_use]
pub fn redacted_since(logged: &BTreeMap<u64, Logged>, size: u64) -> Option<(u64, &Logged)> {
    logged.range(..size).find(|(_, logged)| logged.position >= size).map(|(position, logged)| (*position, logged))
}

/// How what lies in the log differs from what it says of redactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedactionFinding {
    /// An entry is gone, and no entry says so.
    #[error("the entry is gone, and no entry says that it was redacted")]
    NotLogged {
        /// The position.
        position: u64,
    },
    /// What is left in place of an entry is not what the entry that says so names.
    #[error("what is left of the redacted entry is not what entry {by} says")]
    OtherRemainder {
        /// The position.
        position: u64,
        /// The position of the entry that says so.
        by: u64,
    },
    /// The bytes of a redacted entry are still there.
    #[error("redacted by entry {by}, and the bytes are not yet taken away")]
    NotTakenAway {
        /// The position.
        position: u64,
        /// The position of the entry that says so.
        by: u64,
    },
}

impl RedactionFinding {
    /// The position concerned.
    #[must_use]
    pub fn position(&self) -> u64 {
        match self {
            Self::NotLogged { position }
            | Self::OtherRemainder { position, .. }
            | Self::NotTakenAway { position, .. } => *position,
        }
    }
}

/// Compares what lies in the log below `size` with what it says of redactions: exactly those are tolerated.
#[must_use]
pub fn compare(found: &Redactions, logged: &BTreeMap<u64, Logged>, size: u64) -> Vec<RedactionFinding> {
    let stated = redactions(logged);
    let positions: BTreeSet<u64> = found.keys().chain(logged.keys()).copied().filter(|at| *at < size).collect();
    let finding = |position: u64| {
        let Some(by) = logged.get(&position).map(|logged| logged.position) else {
            return Some(RedactionFinding::NotLogged { position });
        };
        match found.get(&position) {
            None => Some(RedactionFinding::NotTakenAway { position, by }),
            Some(left) if stated.get(&position) == Some(left) => None,
            Some(_) => Some(RedactionFinding::OtherRemainder { position, by }),
        }
    };
    positions.into_iter().filter_map(finding).collect()
}

/// What the log says of the entry at a position; none where it has no such entry.
///
/// # Errors
/// [`ReadFailure`].
pub(crate) fn standing(log: &dyn LogReader, position: u64) -> Result<Option<StandingEntry>, ReadFailure> {
    if position >= log.tree_size() {
        return Ok(None);
    }
    let bytes = log.read(position)?;
    let envelope = EnvelopeRef::parse_canonical(&bytes).map_err(DecodeError::from)?;
    let unreadable = |problem: String| DecodeError::Decision { position, problem };
    let digest = |hash: Hash| hash.to_string().parse::<Digest>().map_err(|error| unreadable(error.to_string()));
    let remainder = remainder_of(&bytes).map_err(DecodeError::from)?;
    let decision: Value = serde_json::from_str(envelope.decision).map_err(|error| unreadable(error.to_string()))?;
    let mut subjects = BTreeSet::new();
    subjects_in(&decision, &mut subjects);
    Ok(Some(StandingEntry {
        leaf_hash: digest(stored_leaf_hash(&bytes))?,
        remainder: digest(Hash::of(&remainder))?,
        streams: envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect(),
        subjects: subjects.into_iter().collect(),
    }))
}

/// Whose sealed fields stand anywhere in a decision, refused ones included.
fn subjects_in(value: &Value, subjects: &mut BTreeSet<SubjectId>) {
    match value {
        Value::Object(fields) => {
            let sealed = fields.get("sealed").and_then(|sealed| serde_json::from_value::<Sealed>(sealed.clone()).ok());
            subjects.extend(sealed.map(|sealed| sealed.kid));
            fields.values().for_each(|field| subjects_in(field, subjects));
        }
        Value::Array(items) => items.iter().for_each(|item| subjects_in(item, subjects)),
        Value::String(text) => subjects.extend(text.parse().into_iter().flat_map(|sealed: SealedWord| sealed.kids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
