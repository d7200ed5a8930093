//! Granular delegated administration as Microsoft Graph shows it: relationships, and what stands below them.

mod decided;

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::event::gdap::{GdapOperationObserved, GdapRequestObserved};
use ofrecord_core::fold::Cell;
use ofrecord_core::state::GdapRelationship;
use ofrecord_core::state::granular::{AccessAssignment, Consent};
use ofrecord_core::vocabulary::{AssignmentStatus, GdapStatus};
use ofrecord_core::{AccessAssignmentId, CustomerId, EventRef, GdapRelationshipId, Policy, RoleId, Stamp, Timestamp};

pub use self::decided::{Decided, gdap_operation_decided, gdap_request_decided};
use super::etag::versioned_graph_etag;
use super::parts::instant;
use super::shape::{Properties, Shape};

/// In which answer a relationship stands. Graph writes what is not known yet in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GdapAnswer {
    /// In a list, or alone: an instant that is not there is null.
    Shown,
    /// In the answer to its creation: `activatedDateTime` is a blank, and `endDateTime` is told from its duration.
    Created,
}

/// A granular relationship at an instant, with what is known of its customer.
#[derive(Debug, Clone, Copy)]
pub struct GdapSeen<'a> {
    /// The relationship.
    pub id: &'a GdapRelationshipId,
    /// Its state at the instant.
    pub known: &'a GdapRelationship,
    /// The customer's name, where known.
    pub customer_name: Option<&'a str>,
    /// The instant, at which what only time brings about is told (rule G-18).
    pub as_of: Timestamp,
    /// The policy whose days count.
    pub policy: &'a Policy,
}

impl GdapSeen<'_> {
    /// Whether Graph has a word for its status: one that was deleted or refused, or that nobody answered, is gone there.
    #[must_use]
    pub fn is_written(&self) -> bool {
        let status = self.known.status_at(self.as_of, self.policy).status;
        !matches!(status, Some(GdapStatus::Deleted | GdapStatus::Rejected | GdapStatus::RequestExpired))
    }

    /// Whether Graph would show it at the instant: it forgets what has ended after a year (rule G-24).
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.is_written() && self.known.is_visible_at(self.as_of, self.policy)
    }
}

/// A granular relationship.
#[must_use]
pub fn gdap_relationship(seen: &GdapSeen<'_>, answer: GdapAnswer) -> Shape {
    let known = seen.known;
    let holds = known.status_at(seen.as_of, seen.policy);
    let name =
        if known.provider.is_some() { "resellerDelegatedAdminRelationship" } else { "delegatedAdminRelationship" };
    let changed = Changed::relationship(known);
    let consent = known.partner_consent.as_ref().map(|consent| Shape::Flag(consent.value == Consent::Pending));
    let activated = known.activated_at.as_ref().map(|at| at.value);
    begun(name, &changed)
        .put("id", seen.id.as_str())
        .put_if("displayName", said(&known.display_name).map(String::as_str))
        .put_if("duration", said(&known.duration).map(|duration| duration.as_str()))
        .put_if("customer", said(&known.customer).map(|customer| tenant(*customer, seen.customer_name)))
        .put_if("accessDetails", said(&known.roles).map(access_details))
        .put_if("status", holds.status.as_ref().map(GdapStatus::as_str))
        .put_if("autoExtendDuration", said(&known.auto_extend).map(|extend| extend.as_str()))
        .put_if("createdDateTime", said(&known.created_at).copied().map(instant))
        .put("lastModifiedDateTime", instant(changed.at()))
        .put("activatedDateTime", activated.map_or_else(|| not_yet(answer), instant))
        .put("endDateTime", end(known, holds.ends_at, answer).map_or(Shape::Null, instant))
        .put_if("isPartnerConsentPending", consent)
        .put_if("indirectProviderTenantId", said(&known.provider).map(Shape::text))
        .into()
}

/// The access assignments of a relationship that are not gone, by their ids.
pub fn access_assignments<'a>(seen: &'a GdapSeen<'_>) -> impl Iterator<Item = Shape> + 'a {
    let there =
        seen.known.assignments.iter().filter(|(_, known)| said(&known.status) != Some(&AssignmentStatus::Deleted));
    there.map(|(id, known)| access_assignment(*id, known))
}

/// The requests that a source showed of a relationship, by their ids.
pub fn gdap_requests(requests: &BTreeMap<String, Cell<GdapRequestObserved>>) -> impl Iterator<Item = Shape> + '_ {
    requests.values().map(|request| {
        let shown = &request.value;
        observed("delegatedAdminRelationshipRequest", shown.etag.as_deref())
            .put("id", shown.request.as_str())
            .put("action", shown.action.as_str())
            .put("status", shown.status.as_str())
            .and(instants(shown.created_at, shown.modified_at))
            .into()
    })
}

/// The long-running operations that a source showed of a relationship, by their ids.
pub fn gdap_operations(operations: &BTreeMap<String, Cell<GdapOperationObserved>>) -> impl Iterator<Item = Shape> + '_ {
    operations.values().map(|operation| {
        let shown = &operation.value;
        observed("delegatedAdminRelationshipOperation", shown.etag.as_deref())
            .put("id", shown.operation.as_str())
            .put("operationType", shown.operation_type.as_str())
            .put_if("data", shown.data.as_deref())
            .put("status", shown.status.as_str())
            .and(instants(shown.created_at, shown.modified_at))
            .into()
    })
}

/// A customer with whom the partner has an active granular relationship.
#[must_use]
pub fn gdap_customer(customer: CustomerId, name: Option<&str>) -> Shape {
    observed("delegatedAdminCustomer", None)
        .put("id", Shape::text(customer))
        .put("tenantId", Shape::text(customer))
        .put_if("displayName", name)
        .into()
}

/// A relationship as its customer's stream and its partner's tell it. The one with the newer change holds; what only
/// the customer's tells, the assignments, and what either tells of requests and operations, goes with it.
#[must_use]
pub fn gdap_of_both(of_customer: &GdapRelationship, of_partner: &GdapRelationship) -> GdapRelationship {
    let newer = if place(of_customer.changed) < place(of_partner.changed) { of_partner } else { of_customer };
    let mut both = newer.clone();
    // The customer's stream begins when the customer is named, and a command names the version of the partner's.
    both.version = of_customer.version.max(of_partner.version);
    both.assignments.clone_from(&of_customer.assignments);
    for other in [of_customer, of_partner] {
        both.requests.extend(other.requests.iter().map(|(id, shown)| (id.clone(), shown.clone())));
        both.operations.extend(other.operations.iter().map(|(id, shown)| (id.clone(), shown.clone())));
    }
    both
}

fn access_assignment(id: AccessAssignmentId, known: &AccessAssignment) -> Shape {
    let changed = Changed::assignment(known);
    let container = said(&known.group).map(|group| {
        let kind = said(&known.container_type).map(|kind| kind.as_str());
        Properties::new().put("accessContainerId", Shape::text(group)).put_if("accessContainerType", kind)
    });
    begun("delegatedAdminAccessAssignment", &changed)
        .put("id", Shape::text(id))
        .put_if("status", said(&known.status).map(AssignmentStatus::as_str))
        .put_if("createdDateTime", said(&known.created_at).copied().map(instant))
        .put("lastModifiedDateTime", instant(changed.at()))
        .put_if("accessContainer", container)
        .put_if("accessDetails", said(&known.roles).map(access_details))
        .into()
}

/// When something was last changed, and the entity tag of what it is now.
struct Changed<'a> {
    etag: Option<&'a Cell<String>>,
    modified_at: Option<Timestamp>,
    /// The newest of the events that set what is shown; a sighting of the same again sets nothing.
    set: Stamp,
    version: u64,
}

impl<'a> Changed<'a> {
    fn relationship(known: &'a GdapRelationship) -> Self {
        let set = [
            set_by(&known.customer),
            set_by(&known.display_name),
            set_by(&known.duration),
            set_by(&known.auto_extend),
            set_by(&known.roles),
            set_by(&known.status),
            set_by(&known.partner_consent),
            set_by(&known.activated_at),
            set_by(&known.ends_at),
        ];
        let newest = newest(set.into_iter(), known.first_seen);
        let modified_at = said(&known.modified_at).copied();
        Self { etag: known.etag.as_ref(), modified_at, set: newest, version: known.version }
    }

    fn assignment(known: &'a AccessAssignment) -> Self {
        let set = [set_by(&known.group), set_by(&known.roles), set_by(&known.status)];
        let newest = newest(set.into_iter(), known.first_seen);
        let modified_at = said(&known.modified_at).copied();
        Self { etag: known.etag.as_ref(), modified_at, set: newest, version: known.version }
    }

    /// The source's instant, or the one of what was recorded since.
    fn at(&self) -> Timestamp {
        self.modified_at.map_or(self.set.effective_at, |at| at.max(self.set.effective_at))
    }

    /// The source's tag as long as nothing was changed since; otherwise the ledger's own, with the version that a
    /// command may name as what its sender has seen (rules G-11, A-6).
    fn etag(&self) -> String {
        let shown = self.etag.filter(|etag| place(etag.set) >= place(self.set));
        shown.map_or_else(|| versioned_graph_etag(self.version), |etag| etag.value.clone())
    }
}

fn set_by<T>(cell: &Option<Cell<T>>) -> Option<Stamp> {
    cell.as_ref().map(|cell| cell.set)
}

fn newest(set: impl Iterator<Item = Option<Stamp>>, first_seen: Stamp) -> Stamp {
    set.flatten().max_by_key(|set| place(*set)).unwrap_or(first_seen)
}

/// Where an event stands in the order of the world.
fn place(set: Stamp) -> (Timestamp, EventRef) {
    (set.effective_at, set.at)
}

fn begun(name: &str, changed: &Changed<'_>) -> Properties {
    observed(name, Some(&changed.etag()))
}

fn observed(name: &str, etag: Option<&str>) -> Properties {
    Properties::new().put("@odata.type", format!("#microsoft.graph.{name}")).put_if("@odata.etag", etag)
}

fn said<T>(cell: &Option<Cell<T>>) -> Option<&T> {
    cell.as_ref().map(|cell| &cell.value)
}

fn tenant(customer: CustomerId, name: Option<&str>) -> Properties {
    Properties::new().put("tenantId", Shape::text(customer)).put_if("displayName", name)
}

fn access_details(roles: &BTreeSet<RoleId>) -> Properties {
    let roles = roles.iter().map(|role| Shape::from(Properties::new().put("roleDefinitionId", Shape::text(role))));
    Properties::new().put("unifiedRoles", roles.collect::<Vec<_>>())
}

fn instants(created_at: Option<Timestamp>, modified_at: Option<Timestamp>) -> Properties {
    Properties::new()
        .put_if("createdDateTime", created_at.map(instant))
        .put_if("lastModifiedDateTime", modified_at.map(instant))
}

fn not_yet(answer: GdapAnswer) -> Shape {
    match answer {
        GdapAnswer::Shown => Shape::Null,
        GdapAnswer::Created => "".into(),
    }
}

fn end(known: &GdapRelationship, ends_at: Option<Timestamp>, answer: GdapAnswer) -> Option<Timestamp> {
    let foreseen = || said(&known.duration)?.end_from(*said(&known.created_at)?);
    match answer {
        GdapAnswer::Shown => ends_at,
        GdapAnswer::Created => ends_at.or_else(foreseen),
    }
}
