//! Who a statement is: the command id by which importing the same record again is recognised.

use std::fmt::Write as _;

use ofrecord_core::command::ledger::RecordObservation;
use ofrecord_core::{Actor, Command, CommandId, Request};
use uuid::Uuid;

use crate::reading::Statement;

/// The namespace of the command ids of imported records. It must never change:
/// every record imported before would be taken for a new one.
const IMPORTED_RECORD: Uuid = Uuid::from_u128(0x6f66_7265_636f_5264_a1d0_7265_6164_696e);

/// How record ids begin that stand for a content rather than for the source's own id.
pub(crate) const CONTENT_ID: &str = "sha256:";

/// The request that records a statement.
///
/// The actor is the importer, with the user that the source names, if any, in
/// place of the importer's own: who acted is not part of the fact, so that two
/// sources of which only one says it still state the same (rule L-6), and who
/// runs the import is not part of the record, so that a colleague's import of
/// the same file is the same request.
///
/// The command id is derived (UUID version 5), so that the same record imported
/// again is the same request, answered by the first receipt (rule L-3):
///
/// - A record with an id of its own (an audit record, a webhook naming one) is
///   `source, record id, stream, part`. Content that differs under the same
///   source id is then the same command with another body, which the ledger
///   reports as a conflict.
/// - A record without an id of its own is named by its content. What makes it a
///   fact is also when it was true and whose list it stands in, so the instant
///   and the events are part of its id: the same list fetched a month later is a
///   second observation, the same file read twice is not.
///
/// When a record was fetched stands in its evidence. For a snapshot that is its
/// instant too; for a dated record it is the only thing in which two imports may
/// differ, and the ledger leaves it out of the comparison.
#[must_use]
pub fn request_of(statement: &Statement, importer: &Actor) -> Request {
    Request {
        command_id: command_id_of(statement),
        actor: Actor { user: statement.actor.clone(), ..importer.clone() },
        customer: statement.stream.customer(),
        effective_at: statement.effective_at,
        expected_version: None,
        evidence: vec![statement.evidence.clone()],
        command: Command::RecordObservation(RecordObservation { events: statement.events.clone() }).into(),
    }
}

fn command_id_of(statement: &Statement) -> CommandId {
    let evidence = &statement.evidence;
    let mut name = format!("{}\n{}\n{}\n{}", evidence.source, evidence.record_id, statement.stream, statement.part);
    if evidence.record_id.starts_with(CONTENT_ID) {
        if let Some(at) = statement.effective_at {
            // Writing to a string cannot fail.
            write!(name, "\n{at}").unwrap_or_default();
        }
        for event in &statement.events {
            name.push('\n');
            name.push_str(&serde_json::to_string(event).unwrap_or_default());
        }
    }
    CommandId::new(Uuid::new_v5(&IMPORTED_RECORD, name.as_bytes()))
}
