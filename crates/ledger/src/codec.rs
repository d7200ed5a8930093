//! Between a decision and its entry bytes: one way to write them, one way to read them.

use serde_json::{Value, json};
use thiserror::Error;

use ofrecord_core::{CommandId, Decision, Entry, Outcome, PolicyRef, Request, StreamVersion};
use ofrecord_log::Hash;
use ofrecord_log::canonical::{CanonicalError, to_canonical};
use ofrecord_log::entry::{EntryError, Envelope};

/// Why bytes are not an entry of this ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The envelope is not readable.
    #[error(transparent)]
    Envelope(#[from] EntryError),
    /// The decision is not readable by this build: an unknown event or field is never skipped.
    #[error("read the decision at position {position}: {problem}")]
    Decision {
        /// The entry's position.
        position: u64,
        /// What is wrong.
        problem: String,
    },
    /// The recorded instant is not one.
    #[error("read `{text}` at position {position} as an instant")]
    RecordedAt {
        /// The entry's position.
        position: u64,
        /// What stands there.
        text: String,
    },
}

/// Reads an entry whole.
///
/// # Errors
/// [`DecodeError`], naming the position.
pub fn decode(bytes: &[u8]) -> Result<Entry, DecodeError> {
    decode_envelope(&Envelope::parse_canonical(bytes)?)
}

/// Reads the decision of an entry whose envelope is already read.
///
/// # Errors
/// [`DecodeError`], naming the position.
pub fn decode_envelope(envelope: &Envelope) -> Result<Entry, DecodeError> {
    let position = envelope.position;
    let decision: Decision = serde_json::from_str(envelope.decision.get())
        .map_err(|error| DecodeError::Decision { position, problem: error.to_string() })?;
    let recorded_at = envelope
        .recorded_at
        .parse()
        .map_err(|_| DecodeError::RecordedAt { position, text: envelope.recorded_at.clone() })?;
    Ok(Entry { position, recorded_at, command_id: CommandId::new(envelope.command_id), decision })
}

/// The canonical bytes of a decision.
///
/// # Errors
/// [`CanonicalError`] when the request holds what an entry cannot, such as a number with a fraction.
pub fn encode_decision(
    request: &Request,
    outcome: &Outcome,
    policy: PolicyRef,
    read: &[StreamVersion],
) -> Result<Vec<u8>, CanonicalError> {
    let (events, refusal) = match outcome {
        Outcome::Accepted(events) => (Some(events.clone()), None),
        Outcome::Refused(refusal) => (None, Some(refusal.clone())),
    };
    let decision = Decision {
        actor: request.actor.clone(),
        command: serde_json::to_value(&request.command).unwrap_or(Value::Null),
        customer: request.customer,
        effective_at: request.effective_at,
        events,
        evidence: request.evidence.clone(),
        expected_version: request.expected_version,
        policy,
        read: read.to_vec(),
        refusal,
    };
    to_canonical(&serde_json::to_value(&decision).unwrap_or(Value::Null))
}

/// The hash by which a repeat is told from another request under the same id.
///
/// When an operator fetched a record is not part of what was asked: the same
/// record fetched again is the same request (rule L-6).
///
/// # Errors
/// [`CanonicalError`] when the request holds what an entry cannot.
pub fn request_hash(request: &Request) -> Result<Hash, CanonicalError> {
    let evidence: Vec<Value> = request
        .evidence
        .iter()
        .map(|item| {
            json!({ "completeness": item.completeness, "raw_hash": item.raw_hash, "record_id": item.record_id, "source": item.source })
        })
        .collect();
    let asked = json!({
        "actor": request.actor,
        "command": request.command,
        "customer": request.customer,
        "effective_at": request.effective_at,
        "evidence": evidence,
        "expected_version": request.expected_version,
    });
    Ok(Hash::of(&to_canonical(&asked)?))
}
