//! Answers whose JSON says more than the rows of a view: one form each, whoever prints or sends it.

use ofrecord_core::decision::REDACTED;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_log::{Hash, LogReader, WriteState};
use ofrecord_views::{
    AboutWhat, CoverageRow, CustomerRecord, ExplainedEntry, Explanation, Finding, Interference, Period, Question,
};
use serde::Serialize;
use serde_json::Value;

pub use self::differences::{Difference, Side, Sides, differences};
use crate::drift::Verified;
use crate::reader::Answer;

mod differences;

/// An answer, and what its JSON says beside the rows.
#[derive(Debug, Serialize)]
pub struct Document<'a, Row, Extra> {
    /// The answer.
    #[serde(flatten)]
    pub answer: &'a Answer<Row>,
    /// What is said beside.
    #[serde(flatten)]
    pub extra: &'a Extra,
}

/// A finding with the customer it is about.
#[derive(Debug, Serialize)]
pub struct CustomerFinding {
    /// The customer.
    pub customer: CustomerId,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

/// Coverage with the customer it is about.
#[derive(Debug, Serialize)]
pub struct CustomerCoverage {
    /// The customer.
    pub customer: CustomerId,
    /// What is covered.
    #[serde(flatten)]
    pub coverage: CoverageRow,
}

/// What the JSON says beside the relationship events of a customer.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// Whether the four lines hold.
    pub holds: bool,
    replay_unchanged: bool,
}

impl Kept {
    /// Of what was found of relationship events.
    #[must_use]
    pub fn of(interference: &Interference) -> Self {
        Self { holds: interference.holds(), replay_unchanged: interference.replay_unchanged }
    }
}

/// The period asked about: from the customer's first entry to the instant asked about, where nothing else is said.
#[must_use]
pub fn period(from: Option<Timestamp>, to: Option<Timestamp>, record: &CustomerRecord, as_of: Timestamp) -> Period {
    let first = record.entries().iter().map(|entry| entry.effective_at).min();
    let to = to.unwrap_or(as_of);
    // A customer whose first entry lies later was not there in the period: it is empty then.
    Period { from: from.or(first.map(|first| first.min(to))).unwrap_or(Timestamp::MIN), to }
}

/// What the JSON of an explanation says beside the entries.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// What was asked.
    pub question: Question,
    /// About which part.
    pub about: Option<AboutWhat>,
    /// The rows of the answer that is explained.
    pub answer: Vec<Value>,
    /// The positions of the entries behind it.
    pub positions: Vec<u64>,
    /// Entries of the customer of which only the hash is left, so that what they said counts for nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redacted: Vec<u64>,
}

impl Explained {
    /// An explanation by what is known below a position, apart from its entries, which are the rows.
    #[must_use]
    pub fn of(explanation: Explanation, record: &CustomerRecord, known_below: u64) -> (Self, Vec<ExplainedEntry>) {
        let Explanation { question, about, answer, entries, positions } = explanation;
        let known = record.entries().iter().filter(|row| row.position < known_below && row.command == REDACTED);
        let redacted = known.map(|row| row.position).collect();
        (Self { question, about, answer, positions, redacted }, entries)
    }
}

/// How a ledger is, as far as it is known without reading an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The log's name.
    pub origin: String,
    /// Whether it takes entries, and why not.
    pub health: String,
    /// How many entries there are.
    pub tree_size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// Entries below this position are also in sealed segments.
    pub sealed_through: u64,
    /// Entries below this position are in the stored index.
    pub indexed_through: u64,
    /// Entries below this position were compared and hashed in every copy, and nothing was wrong.
    pub verified_through: u64,
    /// Entries below this position were folded afresh, and the stored views said the same.
    pub views_verified_through: u64,
    /// When the stored views were last compared to the end.
    pub views_compared_at: Option<Timestamp>,
    /// How many stored rows were then not what the entries say.
    pub views_drifted: Option<u64>,
    /// Below this position, every byte and every row was found right.
    pub all_verified_through: u64,
    /// Free bytes on the device, where the engine has one.
    pub free_bytes: Option<u64>,
}

impl Status {
    /// How a log and its stored views are.
    #[must_use]
    pub fn of(log: &dyn LogReader, verified: &Verified) -> Self {
        let (health, head) = (log.health(), log.head());
        Self {
            origin: log.origin().to_owned(),
            health: health_sentence(&health.write_state),
            tree_size: head.size,
            root: head.root,
            sealed_through: health.sealed_through,
            indexed_through: health.indexed_through,
            verified_through: verified.log,
            views_verified_through: verified.views,
            views_compared_at: verified.mark.as_ref().map(|mark| mark.ended_at),
            views_drifted: verified.mark.as_ref().map(|mark| mark.drifted),
            all_verified_through: verified.through(),
            free_bytes: health.free_bytes,
        }
    }
}

/// Whether a log takes entries, in words.
#[must_use]
pub fn health_sentence(state: &WriteState) -> String {
    match state {
        WriteState::Writable => "writable".to_owned(),
        WriteState::ReadOnly(reason) => format!("read-only: {reason}"),
        WriteState::Poisoned { cause, .. } => format!("poisoned: {cause}"),
    }
}
