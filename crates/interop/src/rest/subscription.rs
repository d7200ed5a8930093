//! Subscriptions, orders, support contacts and transitions as Partner Center shows them.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::event::partner::PartnerObserved;
use ofrecord_core::event::partner_of_record::{SupportContact, SupportContactChanged};
use ofrecord_core::event::subscription::{SubscriptionConverted, SubscriptionOperationPending};
use ofrecord_core::{CustomerId, Event, PartnerId, PartnerTenantId, ProductId, StreamId, SubscriptionId, Timestamp};

use super::customer_or_bad;
use crate::document::Page;
use crate::node::Node;
use crate::resource::order::order;
use crate::resource::product::product_by_id;
use crate::resource::subscription::observed;
use crate::scribe::Scribe;
use crate::uri;

/// A subscription. Its owner is the partner whose list it stands in.
pub(super) fn read(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let owner = scribe.context().partner;
    if owner.is_none() {
        scribe.note(
            &node.path("id"),
            "the record does not name the partner, so its owner is not recorded; pass --partner",
        );
    }
    let Some(seen) = observed(node, owner, scribe) else { return };
    scribe.state_seen(StreamId::Customer(customer), vec![Event::SubscriptionObserved(Box::new(seen))]);
}

/// An order became true when it was created, whenever it was read.
pub(super) fn read_order(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(order) = order(node, scribe) else { return };
    let customer = match order.customer {
        Some(customer) => Some(customer),
        None => customer_or_bad(node, page, scribe),
    };
    let Some(customer) = customer else { return };
    let Some(partner) = scribe.partner_or_bad("the order") else { return };
    let Some(at) = order.created_at else {
        return scribe.bad(&node.path("creationDate"), "the order says not when it was placed, so it was not read");
    };
    let events = order.events(partner, scribe);
    scribe.state(StreamId::Customer(customer), at, events);
}

/// Who supports a subscription, as shown.
pub(super) fn read_support_contact(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let named = node.links().into_iter().chain(page.self_uri.as_deref());
    let subscription = named.into_iter().find_map(|link| uri::id_after::<SubscriptionId>(link, "subscriptions"));
    let Some(subscription) = subscription else {
        return scribe.bad("links.self.uri", "the record names no subscription, so it was not read");
    };
    let Some(partner) = node.required_id::<PartnerTenantId>("supportTenantId", scribe) else { return };
    let partner_id = node.id::<PartnerId>("supportMpnId", scribe);
    let name = node.text("name").map(str::to_owned);
    let contact = Some(SupportContact { partner, partner_id: partner_id.clone(), name: name.clone() });
    let event = Event::SupportContactChanged(SupportContactChanged { subscription, contact });
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
    let account =
        PartnerObserved { partner, name, partner_id, agreement_signed: None, indirect_reseller_enrolment: None };
    if account.name.is_some() || account.partner_id.is_some() {
        scribe.state_seen(StreamId::Partner(partner), vec![Event::PartnerObserved(account)]);
    }
}

/// A transition to another product: what its events say, at their instants.
pub(super) fn read_transition(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(customer) = customer_or_bad(node, page, scribe) else { return };
    let subscription = node.id::<SubscriptionId>("fromSubscriptionId", scribe);
    let products = (node.id("fromCatalogItemId", scribe), node.id("toCatalogItemId", scribe));
    let (Some(subscription), (Some(from), Some(to))) = (subscription, products) else {
        let summary = Some("the transition does not name its subscription".to_owned());
        scribe.note(
            &node.path("fromSubscriptionId"),
            "the transition does not name its subscription; it is kept and not read",
        );
        let event = scribe.kept("Transition", KeptBecause::ContentMissing, summary);
        return scribe.state_seen(StreamId::Customer(customer), vec![event]);
    };
    let converted = SubscriptionConverted {
        subscription,
        from_product: from,
        to_product: product_by_id(to, None),
        to_subscription: node.id::<SubscriptionId>("toSubscriptionId", scribe).filter(|id| *id != subscription),
        transition_type: node.word("transitionType", scribe),
    };
    let steps: Vec<Step> = node.objects("events").iter().filter_map(|event| step(event, scribe)).collect();
    if steps.is_empty() {
        return keep_without_step(customer, &converted, scribe);
    }
    for step in steps {
        let event = if step.completed {
            Event::SubscriptionConverted(Box::new(converted.clone()))
        } else {
            Event::SubscriptionOperationPending(SubscriptionOperationPending { subscription, operation: step.name })
        };
        scribe.state(StreamId::Customer(customer), step.at, vec![event]);
    }
}

struct Step {
    name: String,
    completed: bool,
    at: Timestamp,
}

/// One event of a transition. Published samples carry a trailing blank in `status`; a failed step changed nothing.
fn step(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<Step> {
    let name = node.text("name").unwrap_or("Transition").trim().to_owned();
    let status = node.text("status").unwrap_or_default().trim().to_ascii_lowercase();
    let at = node.instant("timestamp", scribe)?;
    let conversion = name.eq_ignore_ascii_case("conversion");
    match status.as_str() {
        "completed" if conversion => Some(Step { name, completed: true, at }),
        "started" => Some(Step { name, completed: false, at }),
        "completed" | "failed" => None,
        other => {
            scribe.unrecognised(&node.path("status"), other);
            None
        }
    }
}

fn keep_without_step(customer: CustomerId, converted: &SubscriptionConverted, scribe: &mut Scribe<'_>) {
    let to: &ProductId = &converted.to_product.id;
    let summary = format!("a transition of {} to {to} without a step that is read", converted.subscription);
    let event = scribe.kept("Transition", KeptBecause::ContentMissing, Some(summary));
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}
