//! Folding granular relationships, for a customer's access (column `D`) and for a partner's account alike.

use std::collections::BTreeSet;

use crate::entra_role::GLOBAL_ADMINISTRATOR;
use crate::event::Event;
use crate::event::gdap::{
    GdapAccessAssignmentObserved, GdapRelationshipActivated, GdapRelationshipObserved, GdapTerms,
};
use crate::fold::{Cell, Stamp};
use crate::id::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, RoleId};
use crate::state::GdapRelationship;
use crate::state::granular::{AccessAssignment, Approval, Consent, GlobalAdministratorSpell, GranularRelationships};
use crate::vocabulary::{AccessContainerType, AssignmentStatus, GdapStatus};

/// Takes in an event of the granular family; an event of another family changes nothing. An id is one partner's:
/// what another partner's event says under it changes nothing of that relationship.
pub(super) fn apply(granular: &mut GranularRelationships, event: &Event, set: Stamp) {
    let known = event.granular_relationship().and_then(|id| granular.by_id.get(id));
    if known.is_some_and(|known| event.partner() != Some(known.partner)) {
        return;
    }
    if !assignment(granular, event, set) {
        apply_to_relationship(granular, event, set);
    }
}

/// Takes in an event on a relationship; assignments are the customer's alone.
pub(super) fn apply_to_relationship(granular: &mut GranularRelationships, event: &Event, set: Stamp) {
    let Some(id) = event.granular_relationship() else { return };
    let before = granular.by_id.get(id).and_then(|known| known.display_name.as_ref()).map(|name| name.value.clone());
    if !preparation(granular, event, set) && !running(granular, event, set) {
        shown(granular, event, set);
    }
    granular.note_name(id, before.as_deref());
}

/// The relationship that an event changes: what time brought about until then is settled first.
fn changed<'a>(
    granular: &'a mut GranularRelationships,
    partner: PartnerTenantId,
    id: &GdapRelationshipId,
    set: Stamp,
) -> &'a mut GdapRelationship {
    let known = granular.entry(partner, id, set);
    settle(known, set);
    if known.version == 0 || known.changed.at.position != set.at.position {
        known.version = known.version.saturating_add(1);
    }
    known.changed = set;
    known
}

/// Extensions that were due before this event keep their effect, whatever the event switches (rule G-18).
fn settle(known: &mut GdapRelationship, set: Stamp) {
    if known.status.as_ref().is_none_or(|status| status.value != GdapStatus::Active) {
        return;
    }
    if let Some((end, more @ 1..)) = known.end_by(set.effective_at)
        && let Some(cell) = &mut known.ends_at
    {
        cell.value = end;
        let extended = known.extended.as_ref().map_or(0, |extended| extended.value).saturating_add(more);
        known.extended = Some(Cell::new(extended, cell.set));
    }
}

fn put<T>(cell: &mut Option<Cell<T>>, value: T, set: Stamp) {
    *cell = Some(Cell::new(value, set));
}

/// A value that is shown again unchanged keeps the event that set it.
fn show<T: Clone + PartialEq>(cell: &mut Option<Cell<T>>, shown: Option<&T>, set: Stamp) {
    if let Some(shown) = shown
        && cell.as_ref().is_none_or(|known| known.value != *shown)
    {
        put(cell, shown.clone(), set);
    }
}

fn terms_shown(known: &mut GdapRelationship, terms: &GdapTerms, set: Stamp) {
    show(&mut known.display_name, Some(&terms.display_name), set);
    show(&mut known.duration, Some(&terms.duration), set);
    show(&mut known.auto_extend, Some(&terms.auto_extend), set);
    roles_shown(known, Some(&terms.roles), set);
}

fn roles_shown(known: &mut GdapRelationship, roles: Option<&BTreeSet<RoleId>>, set: Stamp) {
    show(&mut known.roles, roles, set);
    let Some(roles) = roles else { return };
    let holds = roles.contains(&GLOBAL_ADMINISTRATOR);
    match &mut known.global_administrator {
        None if holds => known.global_administrator = Some(GlobalAdministratorSpell { since: set, removed: None }),
        Some(spell) if holds && spell.removed.is_some() => {
            *spell = GlobalAdministratorSpell { since: set, removed: None }
        }
        Some(spell) if !holds => spell.removed = spell.removed.or(Some(set)),
        Some(_) | None => {}
    }
}

/// Events before a relationship is in force; says whether the event was one of them.
fn preparation(granular: &mut GranularRelationships, event: &Event, set: Stamp) -> bool {
    if let Event::GdapRelationshipCreated(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        terms_shown(known, &event.terms, set);
        show(&mut known.customer, event.customer.as_ref(), set);
        put(&mut known.status, GdapStatus::Created, set);
        put(&mut known.created_at, set.effective_at, set);
        if let Some(provider) = event.provider {
            put(&mut known.provider, provider, set);
            put(&mut known.partner_consent, Consent::Pending, set);
        }
    } else if let Event::GdapRelationshipUpdated(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        terms_shown(known, &event.terms, set);
        show(&mut known.customer, event.customer.as_ref(), set);
    } else if let Event::GdapRelationshipDeleted(event) = event {
        put(&mut changed(granular, event.partner, &event.relationship, set).status, GdapStatus::Deleted, set);
    } else if let Event::GdapRelationshipSubmittedForApproval(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        put(&mut known.status, GdapStatus::ApprovalPending, set);
        known.submitted = Some(set);
    } else if let Event::GdapPartnerConsentGiven(event) = event {
        put(&mut changed(granular, event.partner, &event.relationship, set).partner_consent, Consent::Given, set);
    } else if let Event::GdapRelationshipApproved(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        if let Some(terms) = &event.terms {
            terms_shown(known, terms, set);
        }
        show(&mut known.customer, event.customer.as_ref(), set);
        put(&mut known.status, GdapStatus::Approved, set);
        let approval = Approval { basis: event.basis.clone(), by: event.approved_by.clone() };
        put(&mut known.approval, approval, set);
    } else if let Event::GdapRelationshipRejected(event) = event {
        put(&mut changed(granular, event.partner, &event.relationship, set).status, GdapStatus::Rejected, set);
    } else {
        return false;
    }
    true
}

/// Events on a relationship in force and on its end; says whether the event was one of them.
fn running(granular: &mut GranularRelationships, event: &Event, set: Stamp) -> bool {
    if let Event::GdapRelationshipActivated(event) = event {
        activated(changed(granular, event.partner, &event.relationship, set), event, set);
    } else if let Event::GdapRelationshipTerminationRequested(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        put(&mut known.status, GdapStatus::TerminationRequested, set);
        put(&mut known.termination, event.by.clone(), set);
    } else if let Event::GdapRelationshipTerminated(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        put(&mut known.status, GdapStatus::Terminated, set);
        show(&mut known.termination, event.by.as_ref(), set);
    } else if let Event::GdapRelationshipExpired(event) = event {
        put(&mut changed(granular, event.partner, &event.relationship, set).status, GdapStatus::Expired, set);
    } else if let Event::GdapRelationshipExtended(event) = event {
        let known = granular.entry(event.partner, &event.relationship, set);
        let before = known.extended.as_ref().map_or(0, |extended| extended.value);
        let known = changed(granular, event.partner, &event.relationship, set);
        // The event states what settling may have brought about already: one extension, not two.
        let settled = known.extended.as_ref().map_or(0, |extended| extended.value);
        put(&mut known.extended, settled.max(before.saturating_add(1)), set);
        put(&mut known.ends_at, event.ends_at, set);
    } else if let Event::GdapGlobalAdministratorRemoved(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        let left = known.roles.as_ref().map(|roles| {
            let left: BTreeSet<RoleId> = &roles.value - &BTreeSet::from([GLOBAL_ADMINISTRATOR]);
            left
        });
        roles_shown(known, left.as_ref(), set);
    } else if let Event::GdapAutoExtendSet(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        put(&mut known.auto_extend, event.auto_extend.clone(), set);
    } else if let Event::GdapRelationshipCleanedUp(event) = event {
        let known = changed(granular, event.partner, &event.relationship, set);
        known.cleaned_up = known.cleaned_up.or(Some(set));
    } else {
        return false;
    }
    true
}

/// The instant at which it came into force is set once, and its end follows from it (rule G-19).
fn activated(known: &mut GdapRelationship, event: &GdapRelationshipActivated, set: Stamp) {
    if let Some(terms) = &event.terms {
        terms_shown(known, terms, set);
    }
    show(&mut known.customer, event.customer.as_ref(), set);
    put(&mut known.status, GdapStatus::Active, set);
    let first = known.activated_at.is_none();
    if first {
        put(&mut known.activated_at, set.effective_at, set);
    }
    if let Some(basis) = &event.basis {
        put(&mut known.approval, Approval { basis: basis.clone(), by: None }, set);
    }
    let computed = || {
        let duration = &known.duration.as_ref()?.value;
        duration.end_from(known.activated_at.as_ref()?.value)
    };
    if first || known.ends_at.is_none() {
        show(&mut known.ends_at, event.ends_at.or_else(computed).as_ref(), set);
    }
}

/// What a source shows of a whole relationship, of a request or of an operation.
fn shown(granular: &mut GranularRelationships, event: &Event, set: Stamp) {
    if let Event::GdapRelationshipObserved(event) = event {
        observed(changed(granular, event.partner, &event.relationship, set), event, set);
    } else if let Event::GdapRequestObserved(event) = event {
        let known = granular.entry(event.partner, &event.relationship, set);
        known.requests.insert(event.request.clone(), Cell::new(event.clone(), set));
    } else if let Event::GdapOperationObserved(event) = event {
        let known = granular.entry(event.partner, &event.relationship, set);
        known.operations.insert(event.operation.clone(), Cell::new(event.clone(), set));
    }
}

fn observed(known: &mut GdapRelationship, event: &GdapRelationshipObserved, set: Stamp) {
    show(&mut known.customer, event.customer.as_ref(), set);
    show(&mut known.display_name, event.display_name.as_ref(), set);
    show(&mut known.duration, event.duration.as_ref(), set);
    show(&mut known.auto_extend, event.auto_extend.as_ref(), set);
    roles_shown(known, event.roles.as_ref(), set);
    show(&mut known.status, event.status.as_ref(), set);
    if event.status == Some(GdapStatus::ApprovalPending) && known.submitted.is_none() {
        known.submitted = Some(set);
    }
    show(&mut known.created_at, event.created_at.as_ref(), set);
    show(&mut known.modified_at, event.modified_at.as_ref(), set);
    show(&mut known.activated_at, event.activated_at.as_ref(), set);
    show(&mut known.ends_at, event.ends_at.as_ref(), set);
    show(&mut known.provider, event.provider.as_ref(), set);
    let consent = event.partner_consent_pending.map(|pending| if pending { Consent::Pending } else { Consent::Given });
    show(&mut known.partner_consent, consent.as_ref(), set);
    show(&mut known.etag, event.etag.as_ref(), set);
}

/// Events on access assignments; says whether the event was one of them.
fn assignment(granular: &mut GranularRelationships, event: &Event, set: Stamp) -> bool {
    if let Event::GdapAccessAssignmentCreated(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        put(&mut known.group, event.group, set);
        put(&mut known.container_type, AccessContainerType::SecurityGroup, set);
        put(&mut known.roles, event.roles.clone(), set);
        put(&mut known.status, AssignmentStatus::Pending, set);
        put(&mut known.created_at, set.effective_at, set);
    } else if let Event::GdapAccessAssignmentActivated(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        put(&mut known.status, AssignmentStatus::Active, set);
    } else if let Event::GdapAccessAssignmentUpdated(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        show(&mut known.roles, event.roles.as_ref(), set);
    } else if let Event::GdapAccessAssignmentDeleted(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        put(&mut known.status, AssignmentStatus::Deleted, set);
    } else if let Event::GdapAccessAssignmentFailed(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        put(&mut known.status, AssignmentStatus::Error, set);
    } else if let Event::GdapAccessAssignmentObserved(event) = event {
        let known = changed_assignment(granular, event.partner, &event.relationship, event.assignment, set);
        assignment_observed(known, event, set);
    } else {
        return false;
    }
    true
}

/// The assignment that an event changes. Its relationship is not changed by it, so the version of that stays.
fn changed_assignment<'a>(
    granular: &'a mut GranularRelationships,
    partner: PartnerTenantId,
    relationship: &GdapRelationshipId,
    id: AccessAssignmentId,
    set: Stamp,
) -> &'a mut AccessAssignment {
    let known = granular.entry(partner, relationship, set).assignment(id, set);
    if known.version == 0 || known.changed.at.position != set.at.position {
        known.version = known.version.saturating_add(1);
    }
    known.changed = set;
    known
}

fn assignment_observed(known: &mut AccessAssignment, event: &GdapAccessAssignmentObserved, set: Stamp) {
    show(&mut known.group, event.group.as_ref(), set);
    show(&mut known.container_type, event.container_type.as_ref(), set);
    show(&mut known.roles, event.roles.as_ref(), set);
    show(&mut known.status, event.status.as_ref(), set);
    show(&mut known.created_at, event.created_at.as_ref(), set);
    show(&mut known.modified_at, event.modified_at.as_ref(), set);
    show(&mut known.etag, event.etag.as_ref(), set);
}
