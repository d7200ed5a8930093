//! Migrations of legacy subscriptions to new commerce.
//!
//! There is no event for a migration: what a completed one shows of the new subscription is observed, and the record
//! that names both is kept beside it.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::event::subscription::SubscriptionObserved;
use ofrecord_core::{Event, ProductId, StreamId, SubscriptionId};

use super::customer_or_bad;
use crate::document::Page;
use crate::node::Node;
use crate::resource::product::product_by_id;
use crate::resource::subscription::term;
use crate::scribe::Scribe;

/// A migration. Only one that is completed has made anything.
pub(super) fn read(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let completed = node.text("status").is_some_and(|status| status.eq_ignore_ascii_case("completed"));
    let Some(at) = node.instant("completedTime", scribe).filter(|_| completed) else {
        return super::keep_out_of_scope("NewCommerceMigration", node, page, scribe);
    };
    let own = node.id("customerTenantId", scribe);
    let Some(customer) = own.or_else(|| customer_or_bad(node, page, scribe)) else { return };
    let addons = node.objects("addOnMigrations");
    let mut events: Vec<Event> = Vec::new();
    let base = made(node, None, scribe);
    let base_id = base.as_ref().map(|seen| seen.subscription);
    events.extend(base.map(Box::new).map(Event::SubscriptionObserved));
    events.extend(
        addons.iter().filter_map(|addon| made(addon, base_id, scribe)).map(Box::new).map(Event::SubscriptionObserved),
    );
    let stream = StreamId::Customer(customer);
    if !events.is_empty() {
        scribe.state(stream, at, events);
    }
    let summary = "the new subscriptions are observed; which legacy subscription each comes from is kept".to_owned();
    let kept = scribe.kept("NewCommerceMigration", KeptBecause::ContentMissing, Some(summary));
    scribe.state(stream, at, vec![kept]);
}

/// The subscription that a migration made. Whether `subscriptionEndDate` is the last day of its term or the first one
/// after is not published, so the term's end is left to the subscription itself.
fn made(node: &Node<'_>, parent: Option<SubscriptionId>, scribe: &mut Scribe<'_>) -> Option<SubscriptionObserved> {
    let subscription = node.id("newCommerceSubscriptionId", scribe)?;
    let product: Option<ProductId> = node.id("catalogItemId", scribe);
    Some(SubscriptionObserved {
        owner: scribe.context().partner,
        order: node.id("newCommerceOrderId", scribe),
        product: product.map(|id| product_by_id(id, None)),
        quantity: node.count("quantity", scribe),
        term: term(node, "termDuration", scribe),
        billing_cycle: node.word("billingCycle", scribe),
        parent,
        ..SubscriptionObserved::of(subscription)
    })
}
