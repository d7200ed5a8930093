//! Entries as rows of the table of entries: one for every event, so that CSV and the data set say the same.

use ofrecord_core::{Decision, Event, Evidence};

use crate::stored::{Part, StoredEntry};
use crate::table::{Cell, Row};

/// The rows of an entry in [`ENTRIES`](crate::catalogue::ENTRIES).
pub fn entry_rows<'a>(stored: &'a StoredEntry<'_>) -> impl Iterator<Item = Row> + 'a {
    stored.parts().map(|part| row(stored, part))
}

fn row(stored: &StoredEntry<'_>, part: Part<'_>) -> Row {
    let entry = stored.entry;
    let decision = &entry.decision;
    let (event, kept) = match part {
        Part::Event { event, stored, .. } => (Some(event), Some(stored)),
        Part::Refusal { .. } | Part::Nothing | Part::Redacted { .. } => (None, None),
    };
    let (event_index, refusal, json) = match part {
        Part::Event { index, stored, .. } => (Some(index), None, Some(stored.json)),
        Part::Refusal { refusal, json } => (None, Some(refusal), Some(json)),
        Part::Redacted { json } => (None, None, Some(json)),
        Part::Nothing => (None, None, None),
    };
    let actor = &decision.actor;
    vec![
        ("position", entry.position.into()),
        ("event_index", event_index.into()),
        ("recorded_at", entry.recorded_at.into()),
        ("effective_at", entry.effective_at().into()),
        ("outcome", Cell::text(outcome(decision))),
        ("customer", Cell::text_of(decision.customer)),
        ("partner", Cell::text_of(event.and_then(Event::partner))),
        ("subscription", Cell::text_of(event.and_then(Event::subscription))),
        ("streams", Cell::texts(stored.streams)),
        ("event", Cell::text_of(kept.map(|kept| kept.name))),
        ("family", Cell::text_of(event.map(|event| event.family().as_str()))),
        ("event_version", kept.map(|kept| kept.version).into()),
        ("actor_kind", Cell::text(&actor.kind)),
        ("actor_tenant", Cell::text_of(actor.tenant_id)),
        ("actor_user", Cell::text_of(actor.user.as_ref())),
        ("actor_role", Cell::text_of(actor.role.as_ref())),
        ("command", Cell::text(stored.command())),
        ("command_id", Cell::text(entry.command_id)),
        ("policy_cloud", Cell::text(decision.policy.cloud.as_str())),
        ("policy_version", decision.policy.version.into()),
        ("sources", of_each(&decision.evidence, |evidence| evidence.source.as_str())),
        ("record_ids", of_each(&decision.evidence, |evidence| &evidence.record_id)),
        ("raw_hashes", of_each(&decision.evidence, |evidence| &evidence.raw_hash)),
        ("completeness", of_each(&decision.evidence, |evidence| evidence.completeness.as_str())),
        ("refusal_code", Cell::text_of(refusal.map(|refusal| &refusal.code))),
        ("refusal_rule", Cell::text_of(refusal.map(|refusal| &refusal.rule))),
        ("leaf_hash", Cell::text(stored.leaf_hash)),
        ("outcome_json", Cell::text_of(json)),
    ]
}

fn outcome(decision: &Decision) -> &'static str {
    if decision.is_redacted() {
        "redacted"
    } else if decision.refusal.is_some() {
        "refused"
    } else {
        "accepted"
    }
}

fn of_each(evidence: &[Evidence], read: impl Fn(&Evidence) -> &str) -> Cell {
    Cell::texts(evidence.iter().map(read))
}

#[cfg(test)]
mod tests;
