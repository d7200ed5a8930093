//! What a submitter gets back, in the fixed JSON shape of the command line and the API.

use serde::Serialize;
use thiserror::Error;

use ofrecord_core::{CommandId, Outcome, Refusal};
use ofrecord_log::Hash;

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptOutcome {
    /// Decided and durable, with its events.
    Accepted {
        /// Where it stands.
        recorded: Recorded,
        /// The names of its events.
        events: Vec<&'static str>,
    },
    /// Decided and durable: the rules said no.
    Refused {
        /// Where it stands.
        recorded: Recorded,
        /// Why.
        refusal: Refusal,
    },
    /// The same command was decided before; this is its first receipt again.
    Repeated {
        /// Where it stands.
        recorded: Recorded,
        /// The names of its events.
        events: Vec<&'static str>,
        /// Why it was refused, if it was.
        refusal: Option<Refusal>,
    },
    /// Not decided, nothing appended: the stream has moved on, or the id belongs to another command.
    Conflict {
        /// Why, in the form of a refusal.
        refusal: Refusal,
    },
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Its position.
    pub position: u64,
    /// The smallest tree that holds it: its position and one.
    pub tree_size: u64,
    /// Its leaf hash.
    pub leaf_hash: Hash,
}

/// What became of a command, with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The command.
    pub command_id: CommandId,
    /// What became of it.
    pub outcome: ReceiptOutcome,
}

/// Why there is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubmitError {
    /// The request's subject and customer do not fit together.
    #[error("decide `{command}`: {problem}")]
    Misaddressed {
        /// The command.
        command: &'static str,
        /// What is wrong and what to do.
        problem: &'static str,
    },
    /// The entry would be longer than an entry may be, or holds what an entry cannot.
    #[error("write the command as an entry: {problem}")]
    NotAnEntry {
        /// What is wrong.
        problem: String,
    },
    /// Nothing was written; the same command may be sent again.
    #[error("append: nothing was written: {cause}")]
    NotWritten {
        /// Why.
        cause: String,
    },
    /// It may or may not be in the ledger; open the ledger again and send the same command id to find out.
    #[error("tell whether the command was written: {cause}; open the ledger again and send the same command id")]
    Unknown {
        /// Why.
        cause: String,
    },
    /// What deciding needed could not be read.
    #[error("read what the decision needs: {cause}")]
    Unreadable {
        /// Why.
        cause: String,
    },
    /// The writer has stopped.
    #[error("reach the writer: it has stopped")]
    Stopped,
}

/// The fixed JSON shape of the line of a command that has no receipt.
#[derive(Debug, Serialize)]
pub struct NoReceipt<'a> {
    /// The command, where that much could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_id: Option<CommandId>,
    /// The word for what became of it: `invalid`, `failed` or `unknown`.
    pub outcome: &'a str,
    /// Its line in what was submitted, from 1.
    pub line: u64,
    /// Why.
    pub error: &'a str,
}

impl SubmitError {
    /// The word of the fixed shape: `invalid` where the command is none, `failed` where nothing was written, `unknown`
    /// where it may have been.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Misaddressed { .. } | Self::NotAnEntry { .. } => "invalid",
            Self::NotWritten { .. } | Self::Unreadable { .. } => "failed",
            Self::Unknown { .. } | Self::Stopped => "unknown",
        }
    }
}

impl ReceiptOutcome {
    /// The outcome of a decision that is durable.
    pub(crate) fn decided(recorded: Recorded, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Accepted(events) => {
                Self::Accepted { recorded, events: events.iter().map(ofrecord_core::Event::name).collect() }
            }
            Outcome::Refused(refusal) => Self::Refused { recorded, refusal: refusal.clone() },
        }
    }

    /// The word of the fixed shape.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Repeated { .. } => "repeated",
            Self::Conflict { .. } => "conflict",
        }
    }
}

/// The fixed JSON shape of a receipt line.
#[derive(Debug, Serialize)]
struct Line<'a> {
    command_id: CommandId,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf_hash: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<&'a [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

impl Receipt {
    /// Where the entry stands; none when nothing was recorded.
    #[must_use]
    pub fn recorded(&self) -> Option<&Recorded> {
        match &self.outcome {
            ReceiptOutcome::Accepted { recorded, .. }
            | ReceiptOutcome::Refused { recorded, .. }
            | ReceiptOutcome::Repeated { recorded, .. } => Some(recorded),
            ReceiptOutcome::Conflict { .. } => None,
        }
    }

    /// The fixed shape, with a proof as the file that it is, where there is one.
    pub(crate) fn serialize_with<S: serde::Serializer>(
        &self,
        proof: Option<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let (events, refusal) = match &self.outcome {
            ReceiptOutcome::Accepted { events, .. } => (Some(events.as_slice()), None),
            ReceiptOutcome::Refused { refusal, .. } | ReceiptOutcome::Conflict { refusal } => (None, Some(refusal)),
            ReceiptOutcome::Repeated { events, refusal, .. } => {
                (refusal.is_none().then_some(events.as_slice()), refusal.as_ref())
            }
        };
        let recorded = self.recorded();
        Line {
            command_id: self.command_id,
            outcome: self.outcome.word(),
            position: recorded.map(|place| place.position),
            tree_size: recorded.map(|place| place.tree_size),
            leaf_hash: recorded.map(|place| place.leaf_hash),
            events,
            refusal,
            proof,
        }
        .serialize(serializer)
    }
}

impl Serialize for Receipt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_with(None, serializer)
    }
}
