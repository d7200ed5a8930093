//! Audit records: one for each imported audit record, as far as the ledger kept it, and one for each entry that was
//! decided by a command, marked as the ledger's own.

mod imported;
mod operation;
mod own;
mod transfer;
mod values;

use std::collections::BTreeSet;

use ofrecord_core::event::ledger::SourceRecordKept;
use ofrecord_core::{CustomerId, Entry, Event, PartnerTenantId, SourceSystem, Timestamp};

use super::shape::Shape;

/// An audit record, and what it can be looked for by.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRecord {
    /// The source's id of an imported record, by which the entries of one record are told; none for the ledger's own.
    pub source_record: Option<String>,
    /// When it was done (`operationDate`).
    pub at: Timestamp,
    /// The customer concerned.
    pub customer: Option<CustomerId>,
    /// The partners whose audit log shows it.
    pub partners: BTreeSet<PartnerTenantId>,
    /// The record.
    pub shape: Shape,
}

/// The audit records of an entry.
///
/// An imported audit record may have become several entries: each gives the same record. An entry that was imported
/// from another source is no audit record and gives none. `origin` names the ledger in the records of its own.
#[must_use]
pub fn audit_records(entry: &Entry, origin: &str) -> Vec<AuditRecord> {
    let evidence = entry.decision.evidence.iter();
    let imported: Vec<AuditRecord> = evidence
        .filter(|evidence| evidence.source == SourceSystem::PartnerCenterAudit)
        .map(|evidence| imported::record(entry, evidence))
        .collect();
    if is_observation(entry) { imported } else { vec![own::record(entry, origin)] }
}

/// Whether the entry records what a source says, rather than what somebody asked of this ledger.
fn is_observation(entry: &Entry) -> bool {
    entry.decision.command.name() == "RecordObservation"
}

/// The source record that the entry keeps whole, if it does.
fn kept_whole(entry: &Entry) -> Option<&str> {
    entry.decision.events().iter().find_map(|event| {
        let Event::SourceRecordKept(SourceRecordKept { raw, .. }) = event else { return None };
        raw.as_deref()
    })
}
