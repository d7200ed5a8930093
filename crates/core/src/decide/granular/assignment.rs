//! Deciding on access assignments, in the customer's stream alone (rules ).

use std::collections::BTreeSet;

use crate::command::gdap::{
    ActivateAccessAssignment, CreateAccessAssignment, DeleteAccessAssignment, RecordAccessAssignmentFailure,
    UpdateAccessAssignment,
};
use crate::decide::{Case, Ruling};
use crate::event::Event;
use crate::event::gdap::{
    GdapAccessAssignmentActivated, GdapAccessAssignmentCreated, GdapAccessAssignmentDeleted,
    GdapAccessAssignmentFailed, GdapAccessAssignmentUpdated,
};
use crate::ground::granular as ground;
use crate::id::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, RoleId};
use crate::refusal::{Ground, Refusal};
use crate::state::{AccessAssignment, GdapRelationship};
use crate::vocabulary::{AccessContainerType, AssignmentStatus, GdapStatus};

/// An assignment of a relationship with the customer of the request.
struct Assigned<'a> {
    relationship: &'a GdapRelationship,
    id: AccessAssignmentId,
    known: &'a AccessAssignment,
}

impl Assigned<'_> {
    fn refused(&self, ground: &Ground) -> Refusal {
        let status = self.known.status.as_ref().map(|status| &status.value);
        Refusal::because(ground).with("assignment", self.id).with_all("status", status)
    }

    /// Rule A-6.
    fn require_version(&self, version: Option<u64>) -> Result<(), Refusal> {
        match version {
            Some(version) if version == self.known.version => Ok(()),
            Some(version) => Err(self
                .refused(&ground::ASSIGNMENT_PRECONDITION_FAILED)
                .with("version", version)
                .with("present_version", self.known.version)),
            None => {
                Err(self.refused(&ground::ASSIGNMENT_PRECONDITION_REQUIRED).with("present_version", self.known.version))
            }
        }
    }

    fn require_live(&self) -> Result<(), Refusal> {
        if self.known.is_live() { Ok(()) } else { Err(self.refused(&ground::ASSIGNMENT_NOT_LIVE)) }
    }
}

impl<'a> Case<'a> {
    fn relationship_with_customer(
        &self,
        partner: PartnerTenantId,
        id: &GdapRelationshipId,
    ) -> Result<&'a GdapRelationship, Refusal> {
        let known = self.customer.access.granular.by_id.get(id).filter(|known| known.partner == partner);
        known.ok_or_else(|| {
            Refusal::because(&ground::GDAP_RELATIONSHIP_NOT_FOUND).with("partner", partner).with("relationship", id)
        })
    }

    fn assigned(
        &self,
        partner: PartnerTenantId,
        relationship: &GdapRelationshipId,
        id: AccessAssignmentId,
    ) -> Result<Assigned<'a>, Refusal> {
        let relationship = self.relationship_with_customer(partner, relationship)?;
        let known = relationship
            .assignments
            .get(&id)
            .ok_or_else(|| Refusal::because(&ground::ASSIGNMENT_NOT_FOUND).with("assignment", id))?;
        Ok(Assigned { relationship, id, known })
    }

    /// Rule A-1.
    fn require_in_force(&self, id: &GdapRelationshipId, known: &GdapRelationship) -> Result<(), Refusal> {
        let holds = known.status_at(self.when.effective_at, self.policy);
        if matches!(holds.status, Some(GdapStatus::Active | GdapStatus::Activating)) {
            return Ok(());
        }
        Err(Refusal::because(&ground::RELATIONSHIP_NOT_ACTIVE)
            .with("relationship", id)
            .with_all("status", holds.status))
    }
}

/// Rule A-2, as far as the roles of the relationship are known.
fn require_assignable(known: &GdapRelationship, roles: &BTreeSet<RoleId>) -> Result<(), Refusal> {
    let beyond: Vec<&RoleId> =
        known.roles.as_ref().map(|held| roles.difference(&held.value).collect()).unwrap_or_default();
    if roles.is_empty() || !beyond.is_empty() {
        return Err(Refusal::because(&ground::ROLE_NOT_IN_ASSIGNABLE).with_all("role", beyond));
    }
    Ok(())
}

/// Precedence: actor, found, relationship in force, container, roles, another assignment.
pub(crate) fn create_assignment(case: &Case<'_>, command: &CreateAccessAssignment) -> Ruling {
    case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_GDAP)?;
    let known = case.relationship_with_customer(command.partner, &command.relationship)?;
    case.require_in_force(&command.relationship, known)?;
    if command.container_type != AccessContainerType::SecurityGroup {
        return Err(Refusal::because(&ground::ACCESS_CONTAINER_INVALID).with("container_type", &command.container_type));
    }
    require_assignable(known, &command.roles)?;
    let same_group = |assignment: &AccessAssignment| {
        assignment.is_live() && assignment.group.as_ref().is_some_and(|group| group.value == command.group)
    };
    let other = known.assignments.iter().find(|(id, assignment)| **id == command.assignment || same_group(assignment));
    let taken = other.map(|(id, _)| *id).or_else(|| assigned_later(case, command));
    if let Some(id) = taken {
        return Err(Refusal::because(&ground::ASSIGNMENT_EXISTS).with("group", command.group).with("assignment", id));
    }
    Ok(vec![Event::GdapAccessAssignmentCreated(GdapAccessAssignmentCreated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        assignment: command.assignment,
        group: command.group,
        roles: command.roles.clone(),
    })])
}

/// The assignment's id, when it is dated back and something later has it.
fn assigned_later(case: &Case<'_>, command: &CreateAccessAssignment) -> Option<AccessAssignmentId> {
    let ids = case.known_later().filter(|event| event.granular_relationship() == Some(&command.relationship));
    ids.filter_map(Event::access_assignment).find(|id| *id == command.assignment)
}

/// Precedence: actor, found, relationship in force, live. Nothing happens when it is active already.
pub(crate) fn activate_assignment(case: &Case<'_>, command: &ActivateAccessAssignment) -> Ruling {
    case.require_recorder()?;
    let assigned = case.assigned(command.partner, &command.relationship, command.assignment)?;
    case.require_in_force(&command.relationship, assigned.relationship)?;
    assigned.require_live()?;
    if assigned.known.is_active() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GdapAccessAssignmentActivated(GdapAccessAssignmentActivated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        assignment: command.assignment,
    })])
}

/// Precedence: actor, found, live. Nothing happens when the failure is on record already.
pub(crate) fn record_assignment_failure(case: &Case<'_>, command: &RecordAccessAssignmentFailure) -> Ruling {
    case.require_recorder()?;
    let assigned = case.assigned(command.partner, &command.relationship, command.assignment)?;
    if assigned.known.status.as_ref().is_some_and(|status| status.value == AssignmentStatus::Error) {
        return Ok(Vec::new());
    }
    assigned.require_live()?;
    Ok(vec![Event::GdapAccessAssignmentFailed(GdapAccessAssignmentFailed {
        partner: command.partner,
        relationship: command.relationship.clone(),
        assignment: command.assignment,
    })])
}

/// Precedence: actor, found, version, live, relationship in force, group, roles. The same roles are no event (rule A-5).
pub(crate) fn update_assignment(case: &Case<'_>, command: &UpdateAccessAssignment) -> Ruling {
    case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_GDAP)?;
    let assigned = case.assigned(command.partner, &command.relationship, command.assignment)?;
    assigned.require_version(command.version)?;
    assigned.require_live()?;
    case.require_in_force(&command.relationship, assigned.relationship)?;
    let group = assigned.known.group.as_ref().map(|group| group.value);
    if command.group.is_some() && command.group != group {
        return Err(assigned.refused(&ground::GROUP_IS_IMMUTABLE).with_all("group", group));
    }
    require_assignable(assigned.relationship, &command.roles)?;
    let before = assigned.known.roles.as_ref().map(|roles| roles.value.clone());
    if before.as_ref() == Some(&command.roles) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GdapAccessAssignmentUpdated(GdapAccessAssignmentUpdated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        assignment: command.assignment,
        roles: Some(command.roles.clone()),
        roles_before: before,
    })])
}

/// Precedence: actor, found, version, live. A relationship that has ended does not stand in the way.
pub(crate) fn delete_assignment(case: &Case<'_>, command: &DeleteAccessAssignment) -> Ruling {
    case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_GDAP)?;
    let assigned = case.assigned(command.partner, &command.relationship, command.assignment)?;
    assigned.require_version(command.version)?;
    assigned.require_live()?;
    Ok(vec![Event::GdapAccessAssignmentDeleted(GdapAccessAssignmentDeleted {
        partner: command.partner,
        relationship: command.relationship.clone(),
        assignment: command.assignment,
    })])
}
