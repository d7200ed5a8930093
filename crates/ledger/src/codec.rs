//! Between a decision and its entry bytes: one way to write them, one way to read them.

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use ofrecord_core::command::agreement::Sealed;
use ofrecord_core::event::upcast::{self, UnknownVersion};
use ofrecord_core::evidence::{Completeness, SourceSystem};
use ofrecord_core::{
    Command, CommandId, CustomerId, Decision, Entry, Event, Evidence, Outcome, PolicyRef, Refusal, Request,
    StreamVersion, Timestamp,
};
use ofrecord_log::Hash;
use ofrecord_log::canonical::{
    CanonicalError, append_canonical, append_canonical_member, check_length, from_canonical, to_canonical,
};
use ofrecord_log::entry::{EntryError, EntryFormat, Envelope, EnvelopeRef};

/// Why bytes are not an entry of this ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The envelope is not readable.
    #[error(transparent)]
    Envelope(#[from] EntryError),
    /// The decision holds an event of a version that this build does not know; it is never guessed at.
    #[error("read the decision at position {position}: {unknown}")]
    EventVersion {
        /// The entry's position.
        position: u64,
        /// The event, its version, and the newest that is known.
        unknown: UnknownVersion,
    },
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
    decode_borrowed(&EnvelopeRef::parse_canonical(bytes)?)
}

/// Reads the decision of an entry whose envelope is already read. Events of an older version come out as the newest;
/// of an entry whose bytes were taken away comes a decision by which nothing happened.
///
/// # Errors
/// [`DecodeError`], naming the position.
pub fn decode_envelope(envelope: &Envelope) -> Result<Entry, DecodeError> {
    decode_borrowed(&envelope.borrowed())
}

/// The same for an envelope that was read where it stands.
///
/// # Errors
/// [`DecodeError`], naming the position.
pub fn decode_borrowed(envelope: &EnvelopeRef<'_>) -> Result<Entry, DecodeError> {
    let position = envelope.position;
    let decision = match envelope.redacted {
        Some(_) => Decision::redacted(),
        None => decode_decision(position, envelope.decision)?,
    };
    let recorded_at = envelope
        .recorded_at
        .parse()
        .map_err(|_| DecodeError::RecordedAt { position, text: envelope.recorded_at.to_owned() })?;
    Ok(Entry { position, recorded_at, command_id: CommandId::new(envelope.command_id), decision })
}

/// Reads the decision of an entry that is whole.
///
/// # Errors
/// [`DecodeError`], naming the position.
pub(crate) fn decode_decision(position: u64, decision: &str) -> Result<Decision, DecodeError> {
    serde_json::from_str(decision).map_err(|error| unreadable(position, decision, &error))
}

/// Why a decision is not readable: a later version of an event is told apart from anything else.
fn unreadable(position: u64, decision: &str, error: &serde_json::Error) -> DecodeError {
    let json: Option<Value> = serde_json::from_str(decision).ok();
    match json.as_ref().and_then(upcast::unknown_in) {
        Some(unknown) => DecodeError::EventVersion { position, unknown },
        None => DecodeError::Decision { position, problem: error.to_string() },
    }
}

/// A decision as it goes into an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedDecision {
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// The format of the entry: by the versions of the events that it or its command holds, and by nothing else.
    pub format: EntryFormat,
}

/// The canonical bytes of a decision. Its events are written in their newest versions, its command as it was stated.
///
/// # Errors
/// [`CanonicalError`] when the request holds what an entry cannot, such as a number with a fraction.
pub fn encode_decision(
    request: &Request,
    outcome: &Outcome,
    policy: PolicyRef,
    read: &[StreamVersion],
) -> Result<EncodedDecision, CanonicalError> {
    Opening::of(request)?.encode_decision(request, outcome, policy, read)
}

/// The hash by which a repeat is told from another request under the same id.
///
/// When an operator fetched a record is not part of what was asked: the same
/// record fetched again is the same request (rule L-6).
///
/// # Errors
/// [`CanonicalError`] when the request holds what an entry cannot.
pub fn request_hash(request: &Request) -> Result<Hash, CanonicalError> {
    Opening::of(request)?.request_hash(request)
}

/// How the decision of a request begins in its canonical bytes, and what the request's hash is of: who asks, and what.
/// Most of a request is its command, which is written only once for both.
#[derive(Debug, Clone)]
pub(crate) struct Opening(Vec<u8>);

/// Room for the decisions of most requests.
const TYPICAL_BYTES: usize = 1_024;

impl Opening {
    /// That of a request, as it is written.
    ///
    /// # Errors
    /// [`CanonicalError`] when the request holds what an entry cannot.
    pub(crate) fn of(request: &Request) -> Result<Self, CanonicalError> {
        let mut bytes = Vec::with_capacity(TYPICAL_BYTES);
        bytes.extend_from_slice(b"{\"actor\":");
        append_canonical_member(&request.actor, &mut bytes)?;
        bytes.extend_from_slice(b",\"command\":");
        append_canonical_member(&request.command, &mut bytes)?;
        Ok(Self(bytes))
    }

    /// The whole, with the members that come after these in the order of their keys.
    fn with<T: Serialize>(mut self, members: &T) -> Result<Vec<u8>, CanonicalError> {
        let at = self.0.len();
        append_canonical(members, &mut self.0)?;
        if let Some(bracket) = self.0.get_mut(at) {
            *bracket = b',';
        }
        check_length(self.0.len())?;
        Ok(self.0)
    }

    /// See [`encode_decision`].
    pub(crate) fn encode_decision(
        self,
        request: &Request,
        outcome: &Outcome,
        policy: PolicyRef,
        read: &[StreamVersion],
    ) -> Result<EncodedDecision, CanonicalError> {
        let bytes = self.decision_bytes(request, outcome, policy, read)?;
        // Few events have versions, and a text that names none of those needs not be read again.
        let newest = if upcast::names_versioned(&bytes) {
            serde_json::from_slice(&bytes).ok().as_ref().map_or(1, upcast::newest_in)
        } else {
            1
        };
        Ok(EncodedDecision { bytes, format: if newest > 1 { EntryFormat::Two } else { EntryFormat::One } })
    }

    /// The bytes of [`encode_decision`] alone.
    pub(crate) fn decision_bytes(
        self,
        request: &Request,
        outcome: &Outcome,
        policy: PolicyRef,
        read: &[StreamVersion],
    ) -> Result<Vec<u8>, CanonicalError> {
        let (events, refusal) = match outcome {
            Outcome::Accepted(events) => (Some(events), None),
            Outcome::Refused(refusal) => (None, Some(refusal)),
        };
        self.with(&Written {
            customer: request.customer,
            effective_at: request.effective_at,
            events,
            evidence: &request.evidence,
            expected_version: request.expected_version,
            policy,
            read,
            refusal,
        })
    }

    /// See [`request_hash`].
    pub(crate) fn request_hash(&self, request: &Request) -> Result<Hash, CanonicalError> {
        let evidence = request.evidence.iter().map(|item| Cited {
            completeness: &item.completeness,
            raw_hash: &item.raw_hash,
            record_id: &item.record_id,
            source: &item.source,
        });
        let asked = self.clone().with(&Asked {
            customer: request.customer,
            effective_at: request.effective_at,
            evidence: evidence.collect(),
            expected_version: request.expected_version,
        })?;
        if !Sealed::may_be_in(&asked) && !redacts(request) {
            return Ok(Hash::of(&asked));
        }
        // Sealed again, the same text has another ciphertext: its tag stands for it, which nobody can guess.
        let mut asked = from_canonical(&asked)?;
        Sealed::reduce(&mut asked);
        // What stands at a position is what the ledger says, not what was asked.
        if let Some(Value::Object(command)) = asked.get_mut("command").filter(|_| redacts(request)) {
            command.remove("entry");
        }
        Ok(Hash::of(&to_canonical(&asked)?))
    }
}

/// What a [`Decision`] holds behind its [`Opening`], without a copy of what it is made of.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<&'a Vec<Event>>,
    #[serde(skip_serializing_if = "<[Evidence]>::is_empty")]
    evidence: &'a [Evidence],
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_version: Option<u64>,
    policy: PolicyRef,
    read: &'a [StreamVersion],
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a Refusal>,
}

/// What the hash of a request is of behind its [`Opening`]; what is absent is written as `null`.
#[derive(Serialize)]
struct Asked<'a> {
    customer: Option<CustomerId>,
    effective_at: Option<Timestamp>,
    evidence: Vec<Cited<'a>>,
    expected_version: Option<u64>,
}

/// The part of a piece of evidence that belongs to what was asked.
#[derive(Serialize)]
struct Cited<'a> {
    completeness: &'a Completeness,
    raw_hash: &'a str,
    record_id: &'a str,
    source: &'a SourceSystem,
}

fn redacts(request: &Request) -> bool {
    matches!(request.command.command(), Command::RedactEntry(_))
}
