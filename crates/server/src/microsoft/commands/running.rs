//! What is asked of a relationship, and its access assignments.

use axum::http::HeaderName;
use ofrecord_core::command::gdap::{
    ApproveGdap, CreateAccessAssignment, DeleteAccessAssignment, LockGdapForApproval, RejectGdap, TerminateGdap,
    UpdateAccessAssignment,
};
use ofrecord_core::state::granular::AccessAssignment;
use ofrecord_core::vocabulary::GdapRequestAction;
use ofrecord_core::{AccessAssignmentId, Command};

use super::{Desk, Planned, Then, body};
use crate::microsoft::granular::Found;
use crate::microsoft::graph;
use crate::problem::Problem;

/// The header without which Graph does not take the words that came later.
const PREFER: HeaderName = HeaderName::from_static("prefer");
/// What it has to say.
const NEWER_WORDS: &str = "include-unknown-enum-members";

/// Asks something of a relationship.
pub(in crate::microsoft) fn ask(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let asking: body::Asking = body::read(&desk.sent.body)?;
    let found = desk.relationship()?;
    let (partner, relationship) = (found.partner(), found.id());
    let then = Then::Requested(relationship.clone());
    let command = match asking.action {
        GdapRequestAction::LockForApproval => {
            Command::LockGdapForApproval(LockGdapForApproval { partner, relationship })
        }
        GdapRequestAction::Approve => Command::ApproveGdap(ApproveGdap { partner, relationship }),
        GdapRequestAction::Terminate => Command::TerminateGdap(TerminateGdap { partner, relationship }),
        GdapRequestAction::Reject if prefers_newer_words(desk) => {
            Command::RejectGdap(RejectGdap { partner, relationship })
        }
        GdapRequestAction::Reject => {
            return Err(Problem::malformed("action", &format_args!("`reject` takes the header Prefer: {NEWER_WORDS}")));
        }
        GdapRequestAction::Unrecognised(word) => {
            return Err(Problem::malformed("action", &format_args!("`{word}` is nothing that can be asked")));
        }
    };
    // A customer approves for itself, also where the relationship was made for nobody.
    let customer = found.customer().or(desk.standpoint.only);
    Ok(Planned { command: Some(command), customer, then })
}

/// Gives a security group roles of a relationship.
pub(in crate::microsoft) fn assign(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let made: body::Assignment = body::read(&desk.sent.body)?;
    let found = desk.relationship()?;
    let assignment = AccessAssignmentId::new(desk.derived("assignment"));
    let command = CreateAccessAssignment {
        partner: found.partner(),
        relationship: found.id(),
        assignment,
        group: made.access_container.access_container_id,
        container_type: made.access_container.access_container_type,
        roles: made.access_details.roles(),
    };
    let then = Then::Assigned(found.id(), assignment);
    Ok(Planned { command: Some(Command::CreateAccessAssignment(command)), customer: found.customer(), then })
}

/// Replaces the roles of an access assignment, all of them.
pub(in crate::microsoft) fn change_assignment(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let change: body::AssignmentChange = body::read(&desk.sent.body)?;
    let found = desk.relationship()?;
    let (assignment, known) = assignment(desk, &found)?;
    let command = UpdateAccessAssignment {
        partner: found.partner(),
        relationship: found.id(),
        assignment,
        version: desk.version(&graph::tag_of_assignment(&found, assignment, &desk.standpoint), known.version)?,
        roles: change.access_details.roles(),
        group: change.access_container.map(|container| container.access_container_id),
    };
    let then = Then::Operated(found.id(), Some(assignment));
    Ok(Planned { command: Some(Command::UpdateAccessAssignment(command)), customer: found.customer(), then })
}

/// Deletes an access assignment.
pub(in crate::microsoft) fn delete_assignment(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let found = desk.relationship()?;
    let (assignment, known) = assignment(desk, &found)?;
    let command = DeleteAccessAssignment {
        partner: found.partner(),
        relationship: found.id(),
        assignment,
        version: desk.version(&graph::tag_of_assignment(&found, assignment, &desk.standpoint), known.version)?,
    };
    let command = Some(Command::DeleteAccessAssignment(command));
    Ok(Planned { command, customer: found.customer(), then: Then::Gone })
}

/// The assignment that the path names.
fn assignment<'a>(desk: &Desk<'_>, found: &'a Found) -> Result<(AccessAssignmentId, &'a AccessAssignment), Problem> {
    let id: AccessAssignmentId = desk.sent.asked.needed("assignment")?;
    let known = found.known.assignments.get(&id);
    known.map(|known| (id, known)).ok_or_else(|| Problem::not_found(&format!("there is no access assignment {id}")))
}

fn prefers_newer_words(desk: &Desk<'_>) -> bool {
    let given = desk.sent.headers.get_all(PREFER);
    given
        .iter()
        .filter_map(|header| header.to_str().ok())
        .any(|header| header.split([',', ';']).any(|preference| preference.trim().eq_ignore_ascii_case(NEWER_WORDS)))
}
