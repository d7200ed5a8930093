//! How one decision came out, beside the one that is recorded.

use std::collections::BTreeMap;

use serde_json::Value;

use ofrecord_core::event::upcast;
use ofrecord_core::{Decision, PolicyRef, StreamId};
use ofrecord_log::canonical::to_canonical;

use super::Difference;
use super::recorded::Whole;
use crate::redaction::Logged;

/// How one decision came out.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) policy: PolicyRef,
    pub(super) refused: bool,
    pub(super) upcast: bool,
    pub(super) rests_on_redacted: bool,
    pub(super) difference: Option<Box<Difference>>,
}

impl Judged {
    /// One that came out byte by byte as it is recorded.
    pub(super) fn same(whole: &Whole<'_>) -> Self {
        let (policy, refused) = (whole.question.policy.reference, whole.question.refused);
        Self { policy, refused, upcast: false, rests_on_redacted: false, difference: None }
    }

    /// One that came out in other bytes than those recorded, which hold this decision.
    pub(super) fn other(whole: &Whole<'_>, recorded: &Decision, again: &[u8], gone: &BTreeMap<u64, Logged>) -> Self {
        let stated: &str = &whole.decision;
        let upcast = upcast_bytes(stated).is_some_and(|upcast| upcast == again);
        let rests_on_redacted = !upcast && rests_on(gone, whole.position, recorded);
        let difference = (!upcast && !rests_on_redacted).then(|| Difference {
            position: whole.position,
            command_id: whole.question.request.command_id,
            recorded: stated.to_owned(),
            decided: String::from_utf8_lossy(again).into_owned(),
        });
        Self { upcast, rests_on_redacted, difference: difference.map(Box::new), ..Self::same(whole) }
    }
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
