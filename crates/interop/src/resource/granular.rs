//! Granular relationships and access assignments, wherever they stand: the property names are those of Graph.

use std::collections::BTreeSet;

use ofrecord_core::event::gdap::{GdapAccessAssignmentObserved, GdapRelationshipActivated, GdapRelationshipObserved};
use ofrecord_core::vocabulary::{GdapDuration, GdapStatus};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, Event, GdapRelationshipId, PartnerTenantId, RoleId, StreamId, Timestamp,
};

use crate::node::Node;
use crate::scribe::Scribe;

/// A whole relationship as shown. The customer is absent while nobody has approved it.
pub(crate) fn relationship(
    node: &Node<'_>,
    partner: PartnerTenantId,
    id: GdapRelationshipId,
    scribe: &mut Scribe<'_>,
) -> GdapRelationshipObserved {
    GdapRelationshipObserved {
        customer: node.object("customer").and_then(|customer| customer.id("tenantId", scribe)),
        display_name: node.text("displayName").map(str::to_owned),
        duration: duration(node, scribe),
        auto_extend: node.word("autoExtendDuration", scribe),
        roles: roles(node, scribe),
        status: node.word("status", scribe),
        created_at: node.instant("createdDateTime", scribe),
        modified_at: node.instant("lastModifiedDateTime", scribe),
        activated_at: node.instant("activatedDateTime", scribe),
        ends_at: node.instant("endDateTime", scribe),
        provider: node.id("indirectProviderTenantId", scribe),
        partner_consent_pending: node.flag("isPartnerConsentPending", scribe),
        etag: node.text("@odata.etag").map(str::to_owned),
        ..GdapRelationshipObserved::of(partner, id)
    }
}

/// A whole access assignment as shown.
pub(crate) fn assignment(
    node: &Node<'_>,
    partner: PartnerTenantId,
    relationship: GdapRelationshipId,
    id: AccessAssignmentId,
    scribe: &mut Scribe<'_>,
) -> GdapAccessAssignmentObserved {
    let container = node.object("accessContainer");
    GdapAccessAssignmentObserved {
        group: container.as_ref().and_then(|container| container.id("accessContainerId", scribe)),
        container_type: container.as_ref().and_then(|container| container.word("accessContainerType", scribe)),
        roles: roles(node, scribe),
        status: node.word("status", scribe),
        created_at: node.instant("createdDateTime", scribe),
        modified_at: node.instant("lastModifiedDateTime", scribe),
        etag: node.text("@odata.etag").map(str::to_owned),
        ..GdapAccessAssignmentObserved::of(partner, relationship, id)
    }
}

/// The roles listed under `accessDetails`; absent where the source lists none, or where one of them cannot be read:
/// a list that lacks a role would say that it is not held.
pub(crate) fn roles(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<BTreeSet<RoleId>> {
    let details = node.object("accessDetails")?;
    if !details.has("unifiedRoles") {
        return None;
    }
    let listed = details.objects("unifiedRoles");
    listed.iter().map(|role| role.required_id("roleDefinitionId", scribe)).collect()
}

/// How long a relationship runs; a bare number stands for days, as Microsoft's bulk tool takes it.
fn duration(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<GdapDuration> {
    let text = node.text("duration")?.trim();
    if let Ok(days) = text.parse() {
        return Some(GdapDuration::of_days(days));
    }
    let duration = GdapDuration::from_wire(text);
    if duration.days().is_none() {
        scribe.unrecognised(&node.path("duration"), text);
    }
    Some(duration)
}

/// States a whole relationship at the instants that the record itself gives: that there was one when it was made,
/// that it came into force, and how it has been since it was last changed. What may have changed in between is left
/// out of the earlier ones. Without an instant of its own it was so when it was read.
pub(crate) fn state_relationship(shown: &GdapRelationshipObserved, scribe: &mut Scribe<'_>) {
    let stream = shown.customer.map_or(StreamId::Partner(shown.partner), StreamId::Customer);
    let since = so_since(shown);
    let nothing_else = GdapRelationshipObserved {
        customer: shown.customer,
        ..GdapRelationshipObserved::of(shown.partner, shown.relationship.clone())
    };
    if let Some(made) = shown.created_at.filter(|made| since.is_none_or(|since| *made < since)) {
        let seen = GdapRelationshipObserved { created_at: Some(made), ..nothing_else.clone() };
        scribe.state(stream, made, vec![Event::GdapRelationshipObserved(Box::new(seen))]);
    }
    if let Some(activated) = shown.activated_at {
        // Fixed since it was locked, but for a role that may have been taken out (rules G-8, G-17, G-19).
        let seen = GdapRelationshipObserved {
            display_name: shown.display_name.clone(),
            duration: shown.duration.clone(),
            roles: shown.roles.clone(),
            ..nothing_else
        };
        scribe.state(stream, activated, vec![in_force(shown), Event::GdapRelationshipObserved(Box::new(seen))]);
    }
    let whole = vec![Event::GdapRelationshipObserved(Box::new(shown.clone()))];
    match since {
        Some(at) => scribe.state(stream, at, whole),
        None => scribe.state_seen(stream, whole),
    }
}

/// Since when a relationship is as it is shown: since its end where it has ended, since its last change otherwise.
fn so_since(shown: &GdapRelationshipObserved) -> Option<Timestamp> {
    let changed = shown.modified_at;
    match shown.status {
        Some(GdapStatus::Terminated | GdapStatus::Expired) => {
            shown.ends_at.filter(|end| changed.is_none_or(|changed| *end <= changed)).or(changed)
        }
        Some(
            GdapStatus::Created
            | GdapStatus::ApprovalPending
            | GdapStatus::Approved
            | GdapStatus::Activating
            | GdapStatus::Active
            | GdapStatus::Expiring
            | GdapStatus::TerminationRequested
            | GdapStatus::Terminating
            | GdapStatus::Rejected
            | GdapStatus::RequestExpired
            | GdapStatus::Deleted
            | GdapStatus::Unrecognised(_),
        )
        | None => changed,
    }
}

fn in_force(shown: &GdapRelationshipObserved) -> Event {
    Event::GdapRelationshipActivated(GdapRelationshipActivated {
        partner: shown.partner,
        relationship: shown.relationship.clone(),
        customer: shown.customer,
        ends_at: shown.ends_at,
        basis: None,
        terms: None,
    })
}

/// States a whole access assignment: that there was one for the group, which never changes (rule A-7), when it was
/// made, and how it has been since it was last changed.
pub(crate) fn state_assignment(shown: &GdapAccessAssignmentObserved, customer: CustomerId, scribe: &mut Scribe<'_>) {
    let stream = StreamId::Customer(customer);
    let since = shown.modified_at;
    if let Some(made) = shown.created_at.filter(|made| since.is_none_or(|since| *made < since)) {
        let seen = GdapAccessAssignmentObserved {
            group: shown.group,
            container_type: shown.container_type.clone(),
            created_at: Some(made),
            ..GdapAccessAssignmentObserved::of(shown.partner, shown.relationship.clone(), shown.assignment)
        };
        scribe.state(stream, made, vec![Event::GdapAccessAssignmentObserved(Box::new(seen))]);
    }
    let whole = vec![Event::GdapAccessAssignmentObserved(Box::new(shown.clone()))];
    match since {
        Some(at) => scribe.state(stream, at, whole),
        None => scribe.state_seen(stream, whole),
    }
}
