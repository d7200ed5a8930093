//! The requests and the operations of a granular relationship, as Microsoft Graph shows them: those that a source showed,
//! and those that were decided here.

use ofrecord_core::state::GdapRelationship;
use ofrecord_interop::write::{self, Decided, Shape};
use ofrecord_views::EntryRow;

/// The requests of a relationship, of which `rows` are the entries.
#[must_use]
pub fn granular_requests(known: &GdapRelationship, rows: &[EntryRow]) -> Vec<Shape> {
    let shown = write::gdap_requests(&known.requests);
    shown.chain(rows.iter().filter_map(|row| write::gdap_request_decided(&decided(row), known))).collect()
}

/// The long-running operations of a relationship, of which `rows` are the entries.
#[must_use]
pub fn granular_operations(known: &GdapRelationship, rows: &[EntryRow]) -> Vec<Shape> {
    let shown = write::gdap_operations(&known.operations);
    shown.chain(rows.iter().filter_map(|row| write::gdap_operation_decided(&decided(row)))).collect()
}

fn decided(row: &EntryRow) -> Decided<'_> {
    Decided {
        id: row.command_id,
        command: &row.command,
        events: &row.events,
        refusal: row.refusal.as_ref(),
        at: row.effective_at,
    }
}
