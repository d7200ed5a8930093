//! Customers of granular administration, and what this ledger keeps without reading.

use ofrecord_core::event::customer::CustomerObserved;
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{CustomerId, Event, StreamId};

use crate::document::Page;
use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;
use crate::uri;

/// A customer with whom the partner has at least one granular relationship: its name. Which relationship, and
/// whether the partner resells to it, the record does not say.
pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let name = if node.text("tenantId").is_some() { "tenantId" } else { "id" };
    let Some(customer) = node.required_id::<CustomerId>(name, scribe) else { return };
    let seen = CustomerObserved {
        partner: scribe.context().partner,
        name: node.text("displayName").map(str::to_owned),
        domain: None,
        market: None,
        relationship: None,
        associated_partner_id: None,
        associated_tenant: None,
    };
    scribe.state_seen(StreamId::Customer(customer), vec![Event::CustomerObserved(seen)]);
}

/// Keeps a record: addresses of administration portals, and types that this ledger does not answer for.
pub(super) fn keep(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let word = node.text("@odata.type").or_else(|| node.text("@odata.context")).or(page.odata_context.as_deref());
    let operation = word.unwrap_or_default().rsplit(['.', '#']).next().unwrap_or_default();
    let customer = node.object("customer").and_then(|customer| customer.id("tenantId", scribe));
    let customer = customer.or_else(|| node.text("tenantId").and_then(|id| id.parse().ok()));
    let customer = customer.or_else(|| {
        let collection = page.odata_context.as_deref()?.split_once('#')?.1;
        uri::id_after(collection, "delegatedAdminCustomers")
    });
    let customer = customer.or(scribe.context().customer);
    let Some(stream) = scribe.stream_of(customer, None) else {
        return scribe.whole(
            Severity::Note,
            format!("{operation} names no customer, so it is left out; pass --customer or --partner to keep it"),
        );
    };
    let event = scribe.kept(operation, KeptBecause::OutOfScope, None);
    scribe.state_seen(stream, vec![event]);
}
