//! The compliance replay: decide every command of a range again, under the policy of its time, and compare byte by byte.
//!
//! A decision is written with the newest versions of its events. One that was recorded with older ones is
//! compared after these were taken up to the newest by the upcasters, every other byte being the recorded one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use ofrecord_core::event::upcast;
use ofrecord_core::{CommandId, Decision, Entry, Fact, Policy, PolicyRef, Request, StreamId};
use ofrecord_log::canonical::to_canonical;
use ofrecord_log::entry::{Envelope, stored_leaf_hash};
use ofrecord_log::{Hash, LogReader, ReadError};

use crate::codec::{DecodeError, decode_envelope, encode_decision, request_hash};
use crate::giving_way::giving_way;
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::redaction::{self, Logged};
use crate::rounds::in_rounds;
use crate::streams::{Decided, LoadError, StreamCache};

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// First position replayed.
    pub from: u64,
    /// First position not replayed.
    pub to: u64,
    /// Commands decided again.
    pub commands: u64,
    /// Of these, accepted.
    pub accepted: u64,
    /// Of these, refused.
    pub refused: u64,
    /// Of all, those recorded with an event of an older version, and equal once it was taken up to the newest.
    pub upcast: u64,
    /// Commands that were not decided again, because the bytes of their entries were taken away.
    pub redacted: u64,
    /// Of all, those that came out differently and rest on a stream from which an entry was redacted.
    pub rests_on_redacted: u64,
    /// The policies of the time, under which they were decided.
    #[serde(skip)]
    pub policies: BTreeSet<PolicyRef>,
    /// The first entry whose decision came out differently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// A decision that came out differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The entry's position.
    pub position: u64,
    /// The command.
    pub command_id: CommandId,
    /// What the entry holds, as canonical JSON.
    pub recorded: String,
    /// What the rules say now, as canonical JSON.
    pub decided: String,
}

/// Why a replay could not be finished.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The log could not give an entry.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An entry could not be understood.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// What the log says of redactions could not be read.
    #[error(transparent)]
    Redactions(#[from] ReadFailure),
    /// An entry holds a command that this build does not know.
    #[error("read the command at position {position}: {problem}")]
    Command {
        /// The entry's position.
        position: u64,
        /// What is wrong.
        problem: String,
    },
    /// An entry was decided under a policy that this build does not have.
    #[error("decide position {position} again: no policy {} version {}", .policy.cloud.as_str(), .policy.version)]
    Policy {
        /// The entry's position.
        position: u64,
        /// The policy named.
        policy: PolicyRef,
    },
    /// It was stopped.
    #[error("finish the replay: it was stopped at position {position}")]
    Stopped {
        /// The first position not replayed.
        position: u64,
    },
}

impl From<LoadError> for ReplayError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Read(error) => Self::Read(error),
            LoadError::Decode(error) => Self::Decode(error),
        }
    }
}

/// Decides every command in `from..to` again and compares outcome, events and read set with what is recorded.
/// Stops at the first difference. Memory is bounded: streams come and go. It works on every core and gives way to
/// commands.
///
/// # Errors
/// [`ReplayError`] naming the position.
pub fn replay(
    log: &Arc<dyn LogReader>,
    from: u64,
    to: u64,
    progress: &dyn Progress,
) -> Result<ReplayReport, ReplayError> {
    giving_way(|| replayed(log, from, to, progress))
}

fn replayed(
    log: &Arc<dyn LogReader>,
    from: u64,
    to: u64,
    progress: &dyn Progress,
) -> Result<ReplayReport, ReplayError> {
    let policies = BTreeSet::new();
    let mut report = ReplayReport {
        from,
        to,
        commands: 0,
        accepted: 0,
        refused: 0,
        upcast: 0,
        redacted: 0,
        rests_on_redacted: 0,
        policies,
        difference: None,
    };
    let gone = redaction::logged(log.as_ref())?;
    let mut streams = StreamCache::new(Arc::clone(log), from);
    in_rounds(log.as_ref(), from..to, &Recorded::read, &mut |round| {
        let Some(position) = round.first().map(Recorded::position) else {
            return Ok(ControlFlow::Continue(()));
        };
        progress.advance("replay", position - from, to - from);
        if progress.cancelled() {
            return Err(ReplayError::Stopped { position });
        }
        streams.shrink();
        // Deciding goes in order, because what was decided before is read; comparing does not.
        let decided = round.iter().map(|recorded| again(&mut streams, recorded)).collect::<Vec<_>>();
        let pairs = round.into_par_iter().zip(decided);
        let compared: Vec<Result<Option<Judged>, ReplayError>> =
            pairs.map(|(recorded, decided)| compare(&recorded, decided?.as_ref(), &gone)).collect();
        for judged in compared {
            report.count(judged?);
            if report.difference.is_some() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    progress.advance("replay", to - from, to - from);
    Ok(report)
}

/// An entry as it is recorded, read.
enum Recorded {
    /// A decision.
    Whole(Box<Whole>),
    /// What is left of one whose bytes were taken away.
    Redacted { entry: Box<Entry>, leaf: Hash, streams: Vec<StreamId> },
}

/// A decision as it is recorded.
struct Whole {
    entry: Entry,
    leaf: Hash,
    request: Request,
    policy: Policy,
    /// The bytes of the decision.
    decision: Box<RawValue>,
}

impl Recorded {
    fn read(position: u64, bytes: &[u8]) -> Result<Self, ReplayError> {
        let envelope = Envelope::parse_canonical(bytes).map_err(DecodeError::from)?;
        let entry = decode_envelope(&envelope)?;
        let leaf = stored_leaf_hash(bytes);
        if entry.decision.is_redacted() {
            let streams = envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect();
            return Ok(Self::Redacted { entry: Box::new(entry), leaf, streams });
        }
        let reference = entry.decision.policy;
        let policy = Policy::of(reference).ok_or(ReplayError::Policy { position, policy: reference })?;
        let not_readable = |problem: String| ReplayError::Command { position, problem };
        let request = entry.decision.request(entry.command_id).map_err(|error| not_readable(error.to_string()))?;
        let hash = request_hash(&request).map_err(|error| not_readable(error.to_string()))?;
        if hash != envelope.request_hash {
            return Err(not_readable("its request hash is not the one recorded".to_owned()));
        }
        Ok(Self::Whole(Box::new(Whole { entry, leaf, request, policy, decision: envelope.decision })))
    }

    fn position(&self) -> u64 {
        match self {
            Self::Whole(whole) => whole.entry.position,
            Self::Redacted { entry, .. } => entry.position,
        }
    }
}

/// How one decision came out.
struct Judged {
    policy: PolicyRef,
    refused: bool,
    upcast: bool,
    rests_on_redacted: bool,
    difference: Option<Difference>,
}

impl ReplayReport {
    fn count(&mut self, judged: Option<Judged>) {
        let Some(judged) = judged else {
            self.redacted += 1;
            return;
        };
        self.commands += 1;
        self.policies.insert(judged.policy);
        *(if judged.refused { &mut self.refused } else { &mut self.accepted }) += 1;
        self.upcast += u64::from(judged.upcast);
        self.rests_on_redacted += u64::from(judged.rests_on_redacted);
        self.difference = judged.difference;
    }
}

/// Decides a command again, and takes in what was decided then; nothing is decided where its bytes were taken away.
fn again(streams: &mut StreamCache, recorded: &Recorded) -> Result<Option<Decided>, ReplayError> {
    let position = recorded.position();
    let decided = match recorded {
        Recorded::Redacted { entry, leaf, streams: names } => {
            streams.push(&Fact::of(entry), names, *leaf);
            None
        }
        Recorded::Whole(whole) => {
            let decided = streams
                .decide(&whole.request, &whole.policy, whole.entry.recorded_at)?
                .ok_or_else(|| ReplayError::Command { position, problem: "it names no stream".to_owned() })?;
            streams.push(&Fact::of(&whole.entry), &decided.streams, whole.leaf);
            Some(decided)
        }
    };
    streams.set_loaded_below(position + 1);
    Ok(decided)
}

/// None where nothing was decided again.
fn compare(
    recorded: &Recorded,
    decided: Option<&Decided>,
    gone: &BTreeMap<u64, Logged>,
) -> Result<Option<Judged>, ReplayError> {
    let (Recorded::Whole(whole), Some(decided)) = (recorded, decided) else { return Ok(None) };
    let Whole { entry, request, decision, .. } = whole.as_ref();
    let policy = entry.decision.policy;
    let again = encode_decision(request, &decided.outcome, policy, &decided.read)
        .map_err(|error| ReplayError::Command { position: entry.position, problem: error.to_string() })?;
    let stated = decision.get();
    let equal = again.bytes == stated.as_bytes();
    let upcast = !equal && upcast_bytes(stated).is_some_and(|upcast| upcast == again.bytes);
    let rests_on_redacted = !equal && !upcast && rests_on(gone, entry.position, &entry.decision);
    let difference = (!equal && !upcast && !rests_on_redacted).then(|| Difference {
        position: entry.position,
        command_id: entry.command_id,
        recorded: stated.to_owned(),
        decided: String::from_utf8_lossy(&again.bytes).into_owned(),
    });
    let refused = entry.decision.refusal.is_some();
    Ok(Some(Judged { policy, refused, upcast, rests_on_redacted, difference }))
}

/// Whether a decision read a stream from which an entry before it was redacted.
fn rests_on(gone: &BTreeMap<u64, Logged>, position: u64, decision: &Decision) -> bool {
    let read = |stream: &StreamId| decision.read.iter().any(|version| version.stream == *stream);
    gone.range(..position).any(|(_, logged)| logged.event.streams.iter().any(read))
}

/// A recorded decision as it would be written today: its events in their newest versions, the rest as it is.
/// None when no event of it has an older one.
fn upcast_bytes(recorded: &str) -> Option<Vec<u8>> {
    let mut decision: Value = serde_json::from_str(recorded).ok()?;
    let events = decision.get_mut("events").filter(|events| upcast::has_older(events))?;
    upcast::raise(events);
    to_canonical(&decision).ok()
}
