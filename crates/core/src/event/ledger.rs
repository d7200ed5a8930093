//! Events of the record about itself: verbatim records, coverage, second evidence, corrections.

use serde::{Deserialize, Serialize};

use super::Event;
use crate::evidence::SourceSystem;
use crate::time::Timestamp;

/// A source record that no rule reads, kept verbatim (rule L-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRecordKept {
    /// The source's word for what happened, such as an audit `operationType`.
    pub operation: String,
    /// Why it is kept rather than read.
    pub because: KeptBecause,
    /// Words of the source that are not published, with the field that held each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unrecognised: Vec<UnrecognisedWord>,
    /// A short text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The record as text, when it is small enough to be kept whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

/// Why a source record is kept rather than read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptBecause {
    /// It concerns nothing this ledger answers for.
    OutOfScope,
    /// Its operation is not in the published list.
    Unrecognised,
    /// It says that something was tried and did not happen.
    NotSucceeded,
    /// It is readable but lacks the content that a fact would need.
    ContentMissing,
}

/// A word that is not in a published list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnrecognisedWord {
    /// The field, as a path in the record.
    pub field: String,
    /// The word, verbatim.
    pub word: String,
}

/// A source was read for a period (rule L-11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceCoverageRecorded {
    /// Which source.
    pub source: SourceSystem,
    /// First instant covered.
    pub from: Timestamp,
    /// First instant no longer covered.
    pub to: Timestamp,
}

/// From here the source can no longer be read again (rule L-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRetentionGap {
    /// Which source.
    pub source: SourceSystem,
    /// What is gone there, in the source's words.
    pub subject: String,
}

/// A second source states a fact that is already in the ledger (rule L-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceAdded {
    /// The position of the entry that holds the fact.
    pub position: u64,
    /// Which event of that entry, from 0.
    pub event_index: u32,
}

/// An earlier event was replaced or withdrawn (rule L-1). The earlier one stays in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventCorrected {
    /// The position of the entry that holds the corrected event.
    pub position: u64,
    /// Which event of that entry, from 0.
    pub event_index: u32,
    /// What holds instead; none when the event is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<Event>>,
    /// When the replacement became true; the corrected event's own instant when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}
