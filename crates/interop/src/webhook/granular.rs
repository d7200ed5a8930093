//! Webhook bodies on granular relationships and on their access assignments.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, StreamId};

use super::{Notice, keep};
use crate::audit::AuditId;
use crate::resource::granular_step::{AssignmentStep, Step};
use crate::scribe::Scribe;
use crate::uri;

/// The access assignment that the address of the resource names, else the audit record behind the webhook. The form
/// of that address is not published.
pub(super) fn assignment_id(resource: &str, audit: Option<&AuditId<'_>>) -> Option<AccessAssignmentId> {
    let segments = ["accessAssignments", "granularAdminAccessAssignments", "granularAdminAccessAssignment"];
    let of_resource = segments.into_iter().find_map(|segment| uri::id_after(resource, segment));
    of_resource.or_else(|| audit?.resource.iter().find_map(|part| part.parse().ok()))
}

/// A step of a granular relationship, in its customer's stream where anything says whose it is.
pub(super) fn relationship_step(notice: &Notice<'_>, step: Step, scribe: &mut Scribe<'_>) {
    let Some((partner, relationship)) = granular(notice, scribe) else { return };
    let customer = scribe.customer_of(relationship, notice.customer);
    let stream = customer.map_or(StreamId::Partner(partner), StreamId::Customer);
    let gap = step.retention_gap(relationship);
    let event = step.event(partner, relationship.clone(), customer);
    scribe.state(stream, notice.at, [event].into_iter().chain(gap).collect());
}

pub(super) fn assignment_step(notice: &Notice<'_>, step: AssignmentStep, scribe: &mut Scribe<'_>) {
    let Some((partner, relationship)) = granular(notice, scribe) else { return };
    let Some(assignment) = notice.assignment else {
        scribe.note("resourceUri", "the webhook names no access assignment; it is kept and not read");
        return keep(notice, KeptBecause::ContentMissing, scribe);
    };
    let Some(customer) = scribe.customer_of(relationship, notice.customer) else {
        return scribe.bad("resourceUri", "the webhook names no customer, so it was not read; pass --customer");
    };
    let event = step.event(partner, relationship.clone(), assignment, notice.at);
    scribe.state(StreamId::Customer(customer), notice.at, vec![event]);
}

/// Whose granular relationship it is about, and which; without the second the webhook is kept.
fn granular<'a>(notice: &'a Notice<'_>, scribe: &mut Scribe<'_>) -> Option<(PartnerTenantId, &'a GdapRelationshipId)> {
    let Some(partner) = notice.partner else {
        scribe.bad("auditUri", "the webhook names no partner, so it was not read; pass --partner");
        return None;
    };
    if notice.relationship.is_none() {
        scribe.note("resourceUri", "the webhook names no granular relationship; it is kept and not read");
        keep(notice, KeptBecause::ContentMissing, scribe);
    }
    Some((partner, notice.relationship.as_ref()?))
}
