//! An entry as it is recorded, read as far as deciding it again needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use ofrecord_core::command::StatedCommand;
use ofrecord_core::{
    Actor, Cloud, CommandId, CustomerId, Entry, Evidence, Fact, ParsedCommand, Policy, PolicyRef, Request, StreamId,
    Timestamp,
};
use ofrecord_log::Hash;
use ofrecord_log::entry::EnvelopeRef;

use super::ReplayError;
use super::parting::{Parting, Share};
use crate::codec::{DecodeError, decode_borrowed};

/// Every policy that this build has.
pub(super) type Policies = BTreeMap<PolicyRef, Policy>;

/// The policies of every cloud.
pub(super) fn every_policy() -> Policies {
    let policies = Cloud::ALL.into_iter().flat_map(Policy::of_cloud);
    policies.map(|policy| (policy.reference, policy)).collect()
}

/// What is read of one entry in a pass.
#[derive(Debug)]
pub(super) struct Recorded<'p> {
    /// The lane that decides it; none where that is done in another pass.
    pub(super) lane: Option<usize>,
    /// What it decides there; nothing where the bytes were taken away.
    pub(super) whole: Option<Box<Whole<'p>>>,
    /// What happened by it, where other lanes have to know it, or nothing is decided.
    pub(super) happened: Option<Arc<Happened>>,
}

/// A decision as it is recorded.
#[derive(Debug)]
pub(super) struct Whole<'p> {
    pub(super) position: u64,
    pub(super) streams: Vec<StreamId>,
    pub(super) question: Question<'p>,
    /// The bytes of the decision.
    pub(super) decision: Box<str>,
}

/// What was decided, and under which policy; and whether it was refused then.
#[derive(Debug)]
pub(super) struct Question<'p> {
    pub(super) recorded_at: Timestamp,
    pub(super) request: Request,
    /// As it is recorded.
    pub(super) request_hash: Hash,
    pub(super) policy: &'p Policy,
    pub(super) refused: bool,
}

/// What happened by one entry.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) position: u64,
    pub(super) streams: Vec<StreamId>,
    pub(super) facts: Vec<Fact>,
}

/// A decision without what it came to, which deciding it again comes to as well.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    actor: Actor,
    command: StatedCommand,
    #[serde(default)]
    customer: Option<CustomerId>,
    #[serde(default)]
    effective_at: Option<Timestamp>,
    #[serde(default, rename = "events")]
    _events: IgnoredAny,
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(default)]
    expected_version: Option<u64>,
    policy: PolicyRef,
    #[serde(rename = "read")]
    _read: IgnoredAny,
    #[serde(default)]
    refusal: Option<IgnoredAny>,
}

impl<'p> Recorded<'p> {
    /// Reads an entry for one pass of a replay.
    pub(super) fn read(
        position: u64,
        bytes: &[u8],
        parting: Parting,
        pass: u64,
        policies: &'p Policies,
    ) -> Result<Self, ReplayError> {
        let envelope = EnvelopeRef::parse_canonical(bytes).map_err(DecodeError::from)?;
        let streams: Vec<StreamId> = envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect();
        let Share { pass: its_pass, lane } = parting.share_of(&streams);
        let lane = (its_pass == pass).then_some(lane);
        let shared = streams.iter().any(is_partner);
        if lane.is_none() && !shared {
            return Ok(Self { lane, whole: None, happened: None });
        }
        let redacted = envelope.redacted.is_some();
        let happened = if shared || redacted {
            Some(Arc::new(Happened::of(decode_borrowed(&envelope)?, streams.clone())))
        } else {
            None
        };
        if lane.is_none() || redacted {
            return Ok(Self { lane, whole: None, happened });
        }
        match Question::read(&envelope, policies) {
            Ok(question) => {
                let whole = Whole { position, streams, question, decision: envelope.decision.into() };
                Ok(Self { lane, whole: Some(Box::new(whole)), happened })
            }
            // Where the entry cannot be understood at all, that is what is wrong with it.
            Err(error) => Err(decode_borrowed(&envelope).map_or_else(ReplayError::from, |_| error)),
        }
    }
}

impl<'p> Question<'p> {
    fn read(envelope: &EnvelopeRef<'_>, policies: &'p Policies) -> Result<Self, ReplayError> {
        let position = envelope.position;
        let not_readable = |problem: String| ReplayError::Command { position, problem };
        let recorded_at = envelope
            .recorded_at
            .parse()
            .map_err(|_| not_readable("when it was recorded is not readable".to_owned()))?;
        let asked: Asked = serde_json::from_str(envelope.decision).map_err(|error| not_readable(error.to_string()))?;
        let policy = policies.get(&asked.policy).ok_or(ReplayError::Policy { position, policy: asked.policy })?;
        let command = ParsedCommand::from_stated(&asked.command).map_err(|error| not_readable(error.to_string()))?;
        let request = Request {
            command_id: CommandId::new(envelope.command_id),
            actor: asked.actor,
            customer: asked.customer,
            effective_at: asked.effective_at,
            expected_version: asked.expected_version,
            evidence: asked.evidence,
            command,
        };
        Ok(Self { recorded_at, request, request_hash: envelope.request_hash, policy, refused: asked.refusal.is_some() })
    }
}

impl Happened {
    fn of(entry: Entry, streams: Vec<StreamId>) -> Self {
        let (position, effective_at) = (entry.position, entry.effective_at());
        let events = entry.decision.events.unwrap_or_default().into_iter().map(Arc::new);
        Self { position, streams, facts: Fact::of_events(position, effective_at, events).collect() }
    }

    /// The streams of it that other lanes read too.
    pub(super) fn partners(&self) -> Vec<StreamId> {
        self.streams.iter().copied().filter(is_partner).collect()
    }
}

pub(super) fn is_partner(stream: &StreamId) -> bool {
    matches!(stream, StreamId::Partner(_))
}
