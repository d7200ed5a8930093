//! A decided command as an entry holds it: who asked, what, on which evidence, what was read, and the outcome.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Request;
use crate::actor::{Actor, ActorKind};
use crate::command::{CommandError, ParsedCommand, StatedCommand};
use crate::event::Event;
use crate::evidence::Evidence;
use crate::id::{CommandId, CustomerId};
use crate::policy::{Cloud, PolicyRef};
use crate::refusal::Refusal;
use crate::stream::StreamVersion;
use crate::time::Timestamp;

/// What the rules made of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted: what happened, in order; at least one event, or none when nothing differs (rule A-5's kind of case).
    Accepted(Vec<Event>),
    /// Refused; nothing happened.
    Refused(Refusal),
}

impl Outcome {
    /// What happened; nothing, where it was refused.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        match self {
            Self::Accepted(events) => events,
            Self::Refused(_) => &[],
        }
    }

    /// The same, for whoever keeps it.
    #[must_use]
    pub fn into_events(self) -> Vec<Event> {
        match self {
            Self::Accepted(events) => events,
            Self::Refused(_) => Vec::new(),
        }
    }
}

/// The opaque part of an entry: the request as decided, and the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Who asked.
    pub actor: Actor,
    /// What was asked, as read.
    pub command: StatedCommand,
    /// The customer concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When it became true, where the request said so; otherwise the entry's recorded instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// What happened; absent for a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The stream version that the asker had seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u64>,
    /// The policy it was decided under.
    pub policy: PolicyRef,
    /// The streams that were read, and how far.
    pub read: Vec<StreamVersion>,
    /// Why it was refused; absent for an acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// What stands for the command of an entry whose bytes were taken away (rule L-19); no command has this name.
pub const REDACTED: &str = "Redacted";

impl Decision {
    /// What is left of a decision whose bytes were taken away: nobody asked for anything, and nothing happened.
    ///
    /// The policy has version 0, which no policy has: under which one it was decided is gone with the rest.
    #[must_use]
    pub fn redacted() -> Self {
        Self {
            actor: Actor::new(ActorKind::System),
            command: json!({ "type": REDACTED }).into(),
            customer: None,
            effective_at: None,
            events: None,
            evidence: Vec::new(),
            expected_version: None,
            policy: PolicyRef { cloud: Cloud::Worldwide, version: 0 },
            read: Vec::new(),
            refusal: None,
        }
    }

    /// Whether its bytes were taken away.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        self.command.name() == REDACTED
    }

    /// The request that was decided, to decide it again (compliance replay).
    ///
    /// # Errors
    /// [`CommandError`] when this build does not know the command.
    pub fn request(&self, command_id: CommandId) -> Result<Request, CommandError> {
        Ok(Request {
            command_id,
            actor: self.actor.clone(),
            customer: self.customer,
            effective_at: self.effective_at,
            expected_version: self.expected_version,
            evidence: self.evidence.clone(),
            command: ParsedCommand::from_stated(&self.command)?,
        })
    }

    /// What happened; nothing for a refusal.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        self.events.as_deref().unwrap_or_default()
    }
}

/// An entry as the folds read it: a decision with its place and its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Place in the log, from 0.
    pub position: u64,
    /// When the ledger learned it.
    pub recorded_at: Timestamp,
    /// The command's id.
    pub command_id: CommandId,
    /// The decision.
    pub decision: Decision,
}

impl Entry {
    /// When it became true in the world.
    #[must_use]
    pub fn effective_at(&self) -> Timestamp {
        self.decision.effective_at.unwrap_or(self.recorded_at)
    }
}
