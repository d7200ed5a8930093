//! Requests and long-running operations that this ledger decided, as Microsoft Graph shows its own.

use std::sync::Arc;

use ofrecord_core::state::GdapRelationship;
use ofrecord_core::vocabulary::{
    GdapOperationStatus, GdapOperationType, GdapRequestAction, GdapRequestStatus, GdapStatus,
};
use ofrecord_core::{CommandId, Event, Refusal, Timestamp};

use super::{access_details, instants, observed, said};
use crate::write::shape::{Properties, Shape};

/// A command on a granular relationship, and what became of it.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The command's id, by which the request or operation is known.
    pub id: CommandId,
    /// The command's name.
    pub command: &'a str,
    /// What happened.
    pub events: &'a [Arc<Event>],
    /// Why nothing happened, where the rules said no.
    pub refusal: Option<&'a Refusal>,
    /// When it became true.
    pub at: Timestamp,
}

/// The request that a command is; none where it is one of no kind that Graph has.
///
/// The end of a relationship is carried out by somebody else, and pending until that is on record.
#[must_use]
pub fn gdap_request_decided(decided: &Decided<'_>, known: &GdapRelationship) -> Option<Shape> {
    let action = match decided.command {
        "LockGdapForApproval" => GdapRequestAction::LockForApproval,
        "ApproveGdap" => GdapRequestAction::Approve,
        "TerminateGdap" => GdapRequestAction::Terminate,
        "RejectGdap" => GdapRequestAction::Reject,
        _ => return None,
    };
    let is_underway = matches!(said(&known.status), Some(GdapStatus::TerminationRequested | GdapStatus::Terminating));
    let status = match decided.refusal {
        Some(_) => GdapRequestStatus::Failed,
        None if action == GdapRequestAction::Terminate && is_underway => GdapRequestStatus::Pending,
        None => GdapRequestStatus::Succeeded,
    };
    let request = observed("delegatedAdminRelationshipRequest", None)
        .put("id", Shape::text(decided.id))
        .put("action", action.as_str())
        .put("status", status.as_str())
        .and(instants(Some(decided.at), Some(decided.at)));
    Some(request.into())
}

/// The long-running operation that a command began; none where it began none. What was decided is done.
#[must_use]
pub fn gdap_operation_decided(decided: &Decided<'_>) -> Option<Shape> {
    if !["UpdateAccessAssignment", "RemoveGlobalAdministratorRole"].contains(&decided.command) {
        return None;
    }
    let (kind, target) = decided.events.iter().find_map(|event| {
        if let Event::GdapAccessAssignmentUpdated(updated) = event.as_ref() {
            let target = Properties::new()
                .put("id", Shape::text(updated.assignment))
                .put_if("accessDetails", updated.roles.as_ref().map(access_details));
            Some((GdapOperationType::AccessAssignmentUpdate, target))
        } else if let Event::GdapGlobalAdministratorRemoved(removed) = event.as_ref() {
            let target = Properties::new().put("id", removed.relationship.as_str());
            Some((GdapOperationType::RelationshipUpdate, target))
        } else {
            None
        }
    })?;
    let operation = observed("delegatedAdminRelationshipOperation", None)
        .put("id", Shape::text(decided.id))
        .put("operationType", kind.as_str())
        .put("data", Shape::from(target).to_line())
        .put("status", GdapOperationStatus::Succeeded.as_str())
        .and(instants(Some(decided.at), Some(decided.at)));
    Some(operation.into())
}
