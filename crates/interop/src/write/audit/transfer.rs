//! The value after an operation on a transfer, as its events tell it, and whom and what it concerns.

use ofrecord_core::event::transfer::{SubscriptionTransferCompleted, SubscriptionTransferRequested};
use ofrecord_core::vocabulary::TransferOutcome;
use ofrecord_core::{Entry, Event, PartnerTenantId, SubscriptionId};

use crate::write::parts::{attributes, instant};
use crate::write::shape::{Properties, Shape};

/// The transfer after the operation; none where the entry speaks of no transfer.
pub(super) fn value(entry: &Entry) -> Option<Properties> {
    let events = entry.decision.events();
    let transfer = events.iter().find_map(Event::transfer)?;
    let told = events.iter().fold(Properties::new(), |told, event| {
        if let Event::SubscriptionTransferRequested(event) = event {
            told.and(requested(entry, event))
        } else if let Event::SubscriptionTransferCompleted(event) = event {
            told.and(completed(events, event))
        } else {
            told.put_if("status", status(event))
        }
    });
    let customer = entry.decision.customer.map(Shape::text);
    let begun = Properties::new().put("id", transfer.as_str()).put_if("customerTenantId", customer);
    Some(begun.and(told).put("attributes", attributes("TransferEntity")))
}

/// The partners that an event speaks of, before the others the one who acted.
pub(super) fn partners(event: &Event) -> Vec<PartnerTenantId> {
    if let Event::SubscriptionTransferRequested(event) = event {
        vec![event.initiated_by, event.source, event.target]
    } else if let Event::SubscriptionTransferCompleted(event) = event {
        vec![event.source, event.target]
    } else if let Event::ResellerRelationshipExtended(event) = event {
        vec![event.from_partner, event.provider]
    } else {
        event.partner().into_iter().collect()
    }
}

/// The subscriptions that an event speaks of.
pub(super) fn subscriptions(event: &Event) -> Vec<SubscriptionId> {
    if let Event::SubscriptionTransferRequested(event) = event {
        event.lines.iter().map(|line| line.subscription).collect()
    } else if let Event::SubscriptionTransferAccepted(event) = event {
        event.items.iter().map(|item| item.subscription).collect()
    } else if let Event::SubscriptionTransferCompleted(event) = event {
        event.items.iter().map(|item| item.source_subscription).collect()
    } else {
        event.subscription().into_iter().collect()
    }
}

fn requested(entry: &Entry, event: &SubscriptionTransferRequested) -> Properties {
    let lines = event.lines.iter().map(|line| {
        Properties::new()
            .put("subscriptionId", Shape::text(line.subscription))
            .put_if("quantity", line.quantity)
            .put_if("partnerIdOnRecord", line.partner_id_on_record.as_ref().map(Shape::text))
            .into()
    });
    let status = if event.family.is_new_commerce() { "Pending" } else { "Active" };
    Properties::new()
        .put("status", status)
        .put("createdTime", instant(entry.effective_at()))
        .and(sides(event.source, event.target))
        .put("lineItems", lines.collect::<Vec<Shape>>())
}

/// What moved, and what did not, which events of the same entry tell.
fn completed(events: &[Event], event: &SubscriptionTransferCompleted) -> Properties {
    let moved = event.items.iter().map(|item| {
        line(item.new_subscription.unwrap_or(item.source_subscription), "Complete")
            .put("sourceSubscriptionId", Shape::text(item.source_subscription))
            .put_if("orderId", item.order.as_ref().map(Shape::text))
            .put_if("partnerIdOnRecord", item.partner_id_on_record.as_ref().map(Shape::text))
            .into()
    });
    let stayed = events.iter().filter_map(|event| {
        let Event::SubscriptionTransferLineFailed(failed) = event else { return None };
        Some(line(failed.subscription, "Failed").put("transferError", failed.error.as_str()).into())
    });
    let status = match &event.outcome {
        TransferOutcome::Complete => "Complete",
        TransferOutcome::PartiallyComplete => "PartiallyComplete",
        TransferOutcome::Failed => "Failed",
        TransferOutcome::Unrecognised(word) => word,
    };
    Properties::new()
        .put("status", status)
        .and(sides(event.source, event.target))
        .put("lineItems", moved.chain(stayed).collect::<Vec<Shape>>())
}

fn line(subscription: SubscriptionId, status: &str) -> Properties {
    Properties::new().put("subscriptionId", Shape::text(subscription)).put("status", status)
}

fn sides(source: PartnerTenantId, target: PartnerTenantId) -> Properties {
    Properties::new()
        .put("sourcePartnerTenantId", Shape::text(source))
        .put("targetPartnerTenantId", Shape::text(target))
}

/// The word for how far the transfer is after an event that says no more.
fn status(event: &Event) -> Option<&'static str> {
    if let Event::SubscriptionTransferAccepted(_) = event {
        Some("InProgress")
    } else if let Event::SubscriptionTransferRejected(_) = event {
        Some("Reject")
    } else if let Event::SubscriptionTransferWithdrawn(_) = event {
        Some("Withdrawn")
    } else if let Event::SubscriptionTransferExpired(_) = event {
        Some("Expired")
    } else {
        None
    }
}
