//! Commands on the record itself: observations from other systems, and corrections (rules L-1, L-6, L-12).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::id::PartnerTenantId;
use crate::time::Timestamp;

/// Record what an imported source record says. It is never refused for what
/// it says (rule L-12); where the fact is known already, its evidence is added
/// to the entry that has it (rule L-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordObservation {
    /// The facts that the record states.
    pub events: Vec<Event>,
}

/// Correct an event: the old one stays, the new one says what holds instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectEvent {
    /// The partner accounts whose streams hold the event, all of them; none for an event in a customer's stream.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub partners: BTreeSet<PartnerTenantId>,
    /// The position of the entry that holds the event.
    pub position: u64,
    /// Which event of that entry, from 0.
    #[serde(default)]
    pub event_index: u32,
    /// What holds instead; none to withdraw the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<Event>>,
    /// When the replacement became true; the corrected event's own instant when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement_effective_at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}
