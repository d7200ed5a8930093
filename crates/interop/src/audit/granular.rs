//! Audit operations on granular relationships and on their access assignments.
//!
//! No record of these operations is published. Where the ids stand is inferred: from `customizedData`, from the
//! resource before and after, and from the resource part of the audit id. The id of a relationship is two GUIDs, so
//! it is known wherever it stands.

use ofrecord_core::event::gdap::{
    GdapAccessAssignmentCreated, GdapAccessAssignmentObserved, GdapAccessAssignmentUpdated, GdapRelationshipActivated,
    GdapRelationshipObserved,
};
use ofrecord_core::{AccessAssignmentId, Event, GdapRelationshipId, StreamId};

use super::operation::bare;
use super::{AuditRecord, Gap, Telling, Told};
use crate::node::Node;
use crate::resource::granular::{assignment, relationship, roles};
use crate::resource::granular_step::{AssignmentStep, Step};
use crate::scribe::Scribe;
use crate::uri;

/// A step of a relationship. What the record shows of the relationship beside it is observed with it.
pub(super) fn relationship_step(step: Step, record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let id = relationship_id(record).ok_or(Gap::Content("customizedData.RelationshipId"))?;
    let shown = record.new_value().map(|node| relationship(&node, partner, id.clone(), scribe));
    let own = record.customer.or(shown.as_ref().and_then(|shown| shown.customer));
    let customer = scribe.customer_of(&id, own);
    let ends_at = shown.as_ref().and_then(|shown| shown.ends_at);
    let seen = shown.map(|shown| GdapRelationshipObserved { customer, ..shown });
    let nothing = GdapRelationshipObserved { customer, ..GdapRelationshipObserved::of(partner, id.clone()) };
    let seen = seen.filter(|seen| *seen != nothing).map(Box::new).map(Event::GdapRelationshipObserved);
    let gap = step.retention_gap(&id);
    let mut event = step.event(partner, id, customer);
    if let Event::GdapRelationshipActivated(activated) = event {
        event = Event::GdapRelationshipActivated(GdapRelationshipActivated { ends_at, ..activated });
    }
    let stream = customer.map_or(StreamId::Partner(partner), StreamId::Customer);
    Ok(vec![Told { stream, at: record.at, events: seen.into_iter().chain([event]).chain(gap).collect() }])
}

/// A step of an access assignment, with group and roles where the record shows them.
pub(super) fn assignment_step(step: AssignmentStep, record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let relationship = relationship_id(record).ok_or(Gap::Content("customizedData.RelationshipId"))?;
    let id = assignment_id(record).ok_or(Gap::Content("resourceNewValue.Id"))?;
    let customer = scribe.customer_of(&relationship, record.customer).ok_or(Gap::Customer)?;
    let shown = record.new_value().map(|node| assignment(&node, partner, relationship.clone(), id, scribe));
    let before = record.old_value().and_then(|node| roles(&node, scribe));
    let mut event = step.event(partner, relationship, id, record.at);
    if let Event::GdapAccessAssignmentUpdated(updated) = event {
        let roles = shown.and_then(|shown| shown.roles);
        event =
            Event::GdapAccessAssignmentUpdated(GdapAccessAssignmentUpdated { roles, roles_before: before, ..updated });
    } else if step == AssignmentStep::Created
        && let Some(shown) = shown
    {
        event = created(shown, record);
    }
    Ok(vec![Told { stream: StreamId::Customer(customer), at: record.at, events: vec![event] }])
}

/// Created with group and roles; only seen where the record does not show both.
fn created(shown: GdapAccessAssignmentObserved, record: &AuditRecord<'_>) -> Event {
    match (shown.group, shown.roles.clone()) {
        (Some(group), Some(roles)) => Event::GdapAccessAssignmentCreated(GdapAccessAssignmentCreated {
            partner: shown.partner,
            relationship: shown.relationship,
            assignment: shown.assignment,
            group,
            roles,
        }),
        _ => {
            let created_at = shown.created_at.or(Some(record.at));
            Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved { created_at, ..shown }))
        }
    }
}

fn relationship_id(record: &AuditRecord<'_>) -> Option<GdapRelationshipId> {
    let customized = record.customized.values().find_map(|value| uri::granular_relationship(value));
    let names = ["relationshipId", "granularAdminRelationshipId", "delegatedAdminRelationshipId", "id"];
    let of_value = |node: Node<'_>| names.iter().find_map(|name| uri::granular_relationship(node.text(name)?));
    customized
        .or_else(|| record.new_value().and_then(of_value))
        .or_else(|| record.old_value().and_then(of_value))
        .or_else(|| record.node.text("id").and_then(uri::granular_relationship))
}

fn assignment_id(record: &AuditRecord<'_>) -> Option<AccessAssignmentId> {
    let keyed = record.customized.iter().filter(|(key, _)| bare(key).contains("assignment"));
    let customized = keyed.filter_map(|(_, value)| value.parse().ok()).next();
    let names = ["accessAssignmentId", "assignmentId", "id"];
    let of_value = |node: Node<'_>| names.iter().find_map(|name| node.text(name)?.parse().ok());
    customized
        .or_else(|| record.new_value().and_then(of_value))
        .or_else(|| record.old_value().and_then(of_value))
        .or_else(|| record.resource.iter().find_map(|part| part.parse().ok()))
}
