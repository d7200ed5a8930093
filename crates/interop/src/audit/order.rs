//! Audit operations on an order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use ofrecord_core::event::partner_of_record::ResellerOfRecordChanged;
use ofrecord_core::event::subscription::{
    ObservedPartnerId, SubscriptionBillingCycleChanged, SubscriptionObserved, SubscriptionSeatsChanged,
};
use ofrecord_core::vocabulary::BillingCycle;
use ofrecord_core::{Event, SubscriptionId};

use super::{AuditRecord, Gap, Telling};
use crate::json::INTEGER_MAX;
use crate::resource::order::{Line, Order, order};
use crate::resource::product::product_by_id;
use crate::scribe::Scribe;
use crate::word::Word;

/// Most lines that are looked for among the numbered keys.
const LINES_MAX: u32 = 1000;

pub(super) fn created(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let order = match record.new_value() {
        Some(node) => order(&node, scribe).ok_or(Gap::Content("resourceNewValue.Id"))?,
        None => customized_order(record, scribe).ok_or(Gap::Content("resourceNewValue"))?,
    };
    record.of_customer(order.events(partner, scribe))
}

/// The order as the numbered keys of `customizedData` have it.
fn customized_order(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Option<Order> {
    let id = customized(record, "OrderId", scribe)?;
    let mut lines = Vec::new();
    for number in 0..LINES_MAX {
        let Some(product) = customized(record, &format!("OfferId-{number}"), scribe) else { break };
        lines.push(Line {
            path: format!("customizedData.SubscriptionId-{number}"),
            subscription: customized(record, &format!("SubscriptionId-{number}"), scribe),
            product: Some(product_by_id(product, record.customized(&format!("SubscriptionName-{number}")))),
            quantity: customized(record, &format!("Quantity-{number}"), scribe).filter(|count| *count <= INTEGER_MAX),
            term: None,
            parent: None,
            partner_id_on_record: customized(record, &format!("PartnerOnRecord-{number}"), scribe),
            additional: BTreeSet::new(),
            transaction: None,
        });
    }
    let billing_cycle = record.customized("BillingCycle").map(|word| {
        let cycle = BillingCycle::read(word);
        if !cycle.is_published() {
            scribe.unrecognised("customizedData.BillingCycle", word);
        }
        cycle
    });
    Some(Order { id, customer: record.customer, created_at: None, cancelled: false, billing_cycle, lines })
}

/// A value of `customizedData`, read as what it should be.
fn customized<T>(record: &AuditRecord<'_>, key: &str, scribe: &mut Scribe<'_>) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    let text = record.customized(key)?;
    let field = format!("customizedData.{key}");
    text.parse().map_err(|error: T::Err| scribe.bad(&field, format!("`{text:.40}`: {error}"))).ok()
}

/// What the lines show after the update: as changes where they can be compared with the lines before, else as seen.
pub(super) fn updated(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let owner = record.partner()?;
    let after = record.new_value().and_then(|node| order(&node, scribe)).ok_or(Gap::Content("resourceNewValue"))?;
    let before = record.old_value().and_then(|node| order(&node, scribe));
    let before_lines: BTreeMap<SubscriptionId, &Line> = before
        .iter()
        .flat_map(|order| &order.lines)
        .filter_map(|line| line.subscription.map(|subscription| (subscription, line)))
        .collect();
    let mut events = Vec::new();
    for line in &after.lines {
        let Some(subscription) = line.subscription else { continue };
        match (&before, before_lines.get(&subscription)) {
            (Some(before), Some(line_before)) => {
                events.extend(changes(subscription, (before, line_before), (&after, line)));
            }
            _ => events.push(Event::SubscriptionObserved(Box::new(SubscriptionObserved {
                owner: Some(owner),
                order: Some(after.id.clone()),
                product: line.product.clone(),
                quantity: line.quantity,
                term: line.term.clone(),
                billing_cycle: after.billing_cycle.clone(),
                parent: line.parent,
                reseller_of_record: line.partner_id_on_record.clone().map(ObservedPartnerId::Partner),
                ..SubscriptionObserved::of(subscription)
            }))),
        }
    }
    if events.is_empty() {
        return Err(Gap::Content("resourceNewValue.LineItems"));
    }
    record.of_customer(events)
}

fn changes(subscription: SubscriptionId, before: (&Order, &Line), after: (&Order, &Line)) -> Vec<Event> {
    let seats = match (before.1.quantity, after.1.quantity) {
        (Some(before), Some(after)) if before != after => {
            let refundable_until = None;
            let changed = SubscriptionSeatsChanged { subscription, before, after, refundable_until };
            Some(Event::SubscriptionSeatsChanged(changed))
        }
        _ => None,
    };
    let billing = match (&before.0.billing_cycle, &after.0.billing_cycle) {
        (Some(before), Some(after)) if before != after => {
            let changed =
                SubscriptionBillingCycleChanged { subscription, before: before.clone(), after: after.clone() };
            Some(Event::SubscriptionBillingCycleChanged(changed))
        }
        _ => None,
    };
    let of_record = (before.1.partner_id_on_record != after.1.partner_id_on_record).then(|| {
        Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
            subscription,
            before: before.1.partner_id_on_record.clone(),
            after: after.1.partner_id_on_record.clone(),
        })
    });
    [seats, billing, of_record].into_iter().flatten().collect()
}
