//! Customers and their company profiles, as a partner's list shows them.

use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::vocabulary::{RelationshipKind, RemovedBy};
use ofrecord_core::{CustomerId, Event, PartnerTenantId, StreamId};

use super::customer_or_bad;
use crate::document::Page;
use crate::node::Node;
use crate::resource::customer::{Profile, billing_profile, company_profile, profile};
use crate::scribe::Scribe;

/// A customer, and with it the relationship of the partner whose list it stands in.
pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    if node.is_null("id") {
        return read_removal(node, scribe);
    }
    let Some(customer) = node.required_id::<CustomerId>("id", scribe) else { return };
    let shown = profile(node, scribe);
    let mut events = vec![shown.observed(scribe.context().partner)];
    match scribe.context().partner {
        Some(partner) => {
            events.extend(shown.relationship.as_ref().map(|kind| relationship(partner, kind, None)));
            events.extend(shown.dap_observed(partner));
        }
        None => scribe.note(
            &node.path("relationshipToPartner"),
            "the record does not name the partner, so its relationship is not recorded; pass --partner",
        ),
    }
    scribe.state_seen(StreamId::Customer(customer), events);
}

fn relationship(partner: PartnerTenantId, kind: &RelationshipKind, ended_by: Option<RemovedBy>) -> Event {
    let relationship = kind.clone();
    Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
        partner,
        relationship,
        ended_by,
        via_provider: None,
    })
}

/// The answer to a removal names neither the customer nor the partner; it says only that there is no relationship now.
fn read_removal(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(kind) = node.word::<RelationshipKind>("relationshipToPartner", scribe) else {
        return scribe.bad(&node.path("id"), "is missing, so the record was not read");
    };
    let Some(partner) = scribe.partner_or_bad("the answer to a removal") else { return };
    let Some(customer) = scribe.context().customer else {
        return scribe.bad(&node.path("id"), "the answer to a removal names no customer; pass --customer");
    };
    let ended_by = (kind == RelationshipKind::None).then_some(RemovedBy::Partner);
    scribe.state_seen(StreamId::Customer(customer), vec![relationship(partner, &kind, ended_by)]);
}

/// A company profile alone.
pub(super) fn read_company_profile(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let shown = company_profile(node, scribe);
    let customer = if node.text("tenantId").is_some() {
        node.id::<CustomerId>("tenantId", scribe)
    } else {
        customer_or_bad(node, page, scribe)
    };
    let Some(customer) = customer else { return };
    let event = shown.observed(scribe.context().partner);
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}

/// A billing profile alone: the company's name and market. Contacts are left where they are.
pub(super) fn read_billing_profile(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let shown = billing_profile(node, scribe);
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let event = shown.observed(scribe.context().partner);
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}

/// The organization of a customer's tenant: its name and market.
pub(super) fn read_organization(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let market = node.id("countryLetterCode", scribe);
    let shown = Profile { name: node.text("displayName").map(str::to_owned), market, ..Profile::default() };
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let event = shown.observed(scribe.context().partner);
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}
