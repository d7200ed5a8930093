//! Transfers of subscriptions to another partner, and the answer to accepting one.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{Event, StreamId};

use super::customer_or_bad;
use crate::document::Page;
use crate::node::Node;
use crate::reading::Severity;
use crate::resource::order::order;
use crate::resource::transfer::transfer;
use crate::scribe::Scribe;

/// A transfer, at the instants that the record gives: what was asked for when it was made, how it has been since its
/// last change, and what moved where its lines say so.
pub(super) fn read(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(shown) = transfer(node, scribe) else { return };
    let Some(customer) = shown.customer.or_else(|| customer_or_bad(node, page, scribe)) else { return };
    let stream = StreamId::Customer(customer);
    if let Some(made) = shown.seen.created_at.filter(|made| shown.modified_at.is_none_or(|changed| *made < changed)) {
        scribe.state(stream, made, vec![Event::SubscriptionTransferObserved(shown.made())]);
    }
    let whole = Event::SubscriptionTransferObserved(shown.seen.clone());
    let carried_out = shown.seen.completed_at.or(shown.modified_at);
    match shown.modified_at {
        Some(at) => scribe.state(stream, at, vec![whole]),
        None => scribe.state_seen(stream, vec![whole]),
    }
    if let Some((at, completed)) = carried_out.and_then(|at| Some((at, shown.completed(at, scribe)?))) {
        scribe.state(stream, at, vec![completed]);
    }
}

/// The answer to accepting a transfer: the orders that it made at the target. It does not name the transfer, so what
/// failed cannot be told of it; the transfer itself, read again, says that.
pub(super) fn read_result(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let mut customer = None;
    for placed in node.objects("orders") {
        let Some(order) = order(&placed, scribe) else { continue };
        customer = customer.or(order.customer);
        let Some(partner) = scribe.partner_or_bad("the order") else { return };
        let Some((at, customer)) = order.created_at.zip(order.customer.or(scribe.context().customer)) else {
            scribe.bad(&placed.path("creationDate"), "the order lacks its instant or its customer, so it was not read");
            continue;
        };
        // What is transferred is not bought again, though its line says `New`.
        let events = order.events(partner, scribe).into_iter();
        let placed = events.filter(|event| matches!(event, Event::OrderPlaced(_))).collect();
        scribe.state(StreamId::Customer(customer), at, placed);
    }
    let failed = node.objects("transferErrors").len();
    let Some(customer) = customer.or_else(|| customer_or_bad(node, page, scribe)) else { return };
    scribe.whole(
        Severity::Note,
        "the answer does not name the transfer, so what failed is kept and not read; import the transfer itself",
    );
    let summary = format!("accepting a transfer that is not named: {failed} groups of lines failed");
    let kept = scribe.kept("TransferSubmitResult", KeptBecause::ContentMissing, Some(summary));
    scribe.state_seen(StreamId::Customer(customer), vec![kept]);
}
