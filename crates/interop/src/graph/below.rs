//! What stands below a granular relationship: access assignments, requests, operations. The records do not name the
//! relationship; the address of their collection does, or the file's name, or the operator.

use ofrecord_core::event::gdap::{GdapOperationObserved, GdapRequestObserved};
use ofrecord_core::{Event, GdapRelationshipId, PartnerTenantId, StreamId, Timestamp};

use crate::document::Page;
use crate::node::Node;
use crate::resource::granular::{assignment, state_assignment};
use crate::scribe::Scribe;

/// Whose relationship the record stands below; without both it cannot be read.
struct Place {
    partner: PartnerTenantId,
    relationship: GdapRelationshipId,
}

fn place(what: &str, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) -> Option<Place> {
    let partner = scribe.partner_or_bad(what)?;
    let own = ["@odata.context", "@odata.id"].into_iter().filter_map(|name| node.text(name));
    let around = [page.odata_context.as_deref(), page.next_link.as_deref()].into_iter().flatten();
    let relationship = scribe.relationship_or_bad(what, own.chain(around))?;
    Some(Place { partner, relationship })
}

/// An access assignment. It belongs to the customer alone, so without the customer it cannot be read.
pub(super) fn read_assignment(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(id) = node.required_id("id", scribe) else { return };
    let Some(place) = place("the access assignment", node, page, scribe) else { return };
    let Some(customer) = scribe.customer_of(&place.relationship, None) else {
        return scribe.bad(
            &node.path("id"),
            format!(
                "nothing read says which customer the relationship {} is with, so the assignment was not read; \
                 import the relationship with it, or pass --customer",
                place.relationship
            ),
        );
    };
    let shown = assignment(node, place.partner, place.relationship, id, scribe);
    state_assignment(&shown, customer, scribe);
}

/// A request to lock, approve, terminate or reject a relationship, and how far it is. Who asked is not said.
pub(super) fn read_request(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(request) = node.required_id::<uuid::Uuid>("id", scribe) else { return };
    let Some(place) = place("the request", node, page, scribe) else { return };
    let (Some(action), Some(status)) = (node.word("action", scribe), node.word("status", scribe)) else {
        return scribe.bad(&node.path("action"), "action and status are not both there, so the record was not read");
    };
    let seen = GdapRequestObserved {
        partner: place.partner,
        relationship: place.relationship,
        request: request.to_string(),
        action,
        status,
        created_at: node.instant("createdDateTime", scribe),
        modified_at: node.instant("lastModifiedDateTime", scribe),
        etag: node.text("@odata.etag").map(str::to_owned),
    };
    let at = seen.modified_at.or(seen.created_at);
    let (partner, relationship) = (seen.partner, seen.relationship.clone());
    state(partner, &relationship, at, Event::GdapRequestObserved(seen), scribe);
}

/// A long-running operation. Its payload is kept as the source's text: whether it shows the assignment before or
/// after the operation is not published.
pub(super) fn read_operation(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(operation) = node.required_id::<uuid::Uuid>("id", scribe) else { return };
    let Some(place) = place("the operation", node, page, scribe) else { return };
    let (Some(operation_type), Some(status)) = (node.word("operationType", scribe), node.word("status", scribe)) else {
        return scribe.bad(
            &node.path("operationType"),
            "type and status of the operation are not both there, so the record was not read",
        );
    };
    let seen = GdapOperationObserved {
        partner: place.partner,
        relationship: place.relationship,
        operation: operation.to_string(),
        operation_type,
        status,
        data: node.text("data").map(str::to_owned),
        created_at: node.instant("createdDateTime", scribe),
        modified_at: node.instant("lastModifiedDateTime", scribe),
        etag: node.text("@odata.etag").map(str::to_owned),
    };
    let at = seen.modified_at.or(seen.created_at);
    let (partner, relationship) = (seen.partner, seen.relationship.clone());
    state(partner, &relationship, at, Event::GdapOperationObserved(seen), scribe);
}

fn state(
    partner: PartnerTenantId,
    relationship: &GdapRelationshipId,
    at: Option<Timestamp>,
    event: Event,
    scribe: &mut Scribe<'_>,
) {
    let customer = scribe.customer_of(relationship, None);
    let stream = customer.map_or(StreamId::Partner(partner), StreamId::Customer);
    match at {
        Some(at) => scribe.state(stream, at, vec![event]),
        None => scribe.state_seen(stream, vec![event]),
    }
}
