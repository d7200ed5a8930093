//! Folding subscriptions: purchases and observations set owner, terms and partner of record; everything else terms alone.

use std::collections::BTreeSet;

use crate::command::subscription::{Product, RefundableBatch};
use crate::event::Event;
use crate::event::subscription::{
    Listing, ObservedPartnerId, SubscriptionConverted, SubscriptionObserved, SubscriptionPurchased,
    SubscriptionRenewed, SubscriptionSeatsChanged, SubscriptionTermChanged, TrialConverted,
};
use crate::fold::{Cell, Stamp};
use crate::state::subscription::{PartnersOfRecord, TermsColumn};
use crate::state::{Subscriptions, Terms};
use crate::time::Timestamp;
use crate::vocabulary::{AutoRenew, ProductFamily, SubscriptionStatus, SuspensionReason, Trial};

/// A purchase brings a subscription into being; what it does not say stays absent.
pub(super) fn purchased(subscriptions: &mut Subscriptions, event: &SubscriptionPurchased, set: Stamp) {
    let subscription = subscriptions.entry(event.subscription, set);
    put(&mut subscription.owner, event.owner, set);
    let record = &mut subscription.partners_of_record;
    put(&mut record.reseller_of_record, event.partner_id_on_record.clone(), set);
    put(&mut record.additional_sellers, event.additional_partner_ids_on_record.clone(), set);
    let terms = &mut subscription.terms;
    put(&mut terms.order, event.order.clone(), set);
    let product = product_shown(terms.product.as_ref(), &event.product);
    put(&mut terms.product, product, set);
    put(&mut terms.quantity, event.quantity, set);
    put(&mut terms.status, SubscriptionStatus::Active, set);
    put(&mut terms.bought_at, set.effective_at, set);
    put(&mut terms.term_start, set.effective_at, set);
    put_some(&mut terms.term, event.term.clone(), set);
    put_some(&mut terms.billing_cycle, event.billing_cycle.clone(), set);
    put_some(&mut terms.auto_renew, event.auto_renew.clone(), set);
    put_some(&mut terms.trial, event.trial.clone(), set);
    terms.commitment_end = event.commitment_end.map(|end| Cell::new(end, set));
    put_some(&mut terms.parent, event.parent, set);
    put_some(&mut terms.entitlement, event.entitlement, set);
    put_some(&mut terms.agreement, event.agreement.clone(), set);
    put_some(&mut terms.price_terms, event.price_terms.clone(), set);
    open_window(terms, event.quantity, event.cancellation_allowed_until, set);
}

/// An observation sets what the source shows. A value that is shown again
/// unchanged keeps the event that set it, so that "since" stays true.
pub(super) fn observed(subscriptions: &mut Subscriptions, event: &SubscriptionObserved, set: Stamp) {
    let subscription = subscriptions.entry(event.subscription, set);
    show(&mut subscription.owner, event.owner.as_ref(), set);
    observed_partner_of_record(&mut subscription.partners_of_record, event, set);
    let terms = &mut subscription.terms;
    observed_status(terms, event, set);
    show(&mut terms.order, event.order.as_ref(), set);
    let product = event.product.as_ref().map(|shown| product_shown(terms.product.as_ref(), shown));
    show(&mut terms.product, product.as_ref(), set);
    show(&mut terms.friendly_name, event.friendly_name.as_ref(), set);
    show(&mut terms.quantity, event.quantity.as_ref(), set);
    show(&mut terms.bought_at, event.created_at.as_ref(), set);
    show(&mut terms.term_start, event.effective_start.as_ref(), set);
    show(&mut terms.commitment_end, event.commitment_end.as_ref(), set);
    show(&mut terms.cancellation_allowed_until, event.cancellation_allowed_until.as_ref(), set);
    show(&mut terms.term, event.term.as_ref(), set);
    show(&mut terms.billing_cycle, event.billing_cycle.as_ref(), set);
    show(&mut terms.auto_renew, event.auto_renew.as_ref(), set);
    show(&mut terms.trial, event.trial.as_ref(), set);
    show(&mut terms.parent, event.parent.as_ref(), set);
    show(&mut terms.entitlement, event.entitlement.as_ref(), set);
    show(&mut terms.renewal_term, event.renewal_term.as_ref(), set);
    show(&mut terms.next_term, event.next_term.as_ref(), set);
    if !event.refundable.is_empty() {
        terms.refundable.clone_from(&event.refundable);
    }
    // A source that shows until when it may be cancelled shows the options with it, where it has any.
    if event.cancellation_allowed_until.is_some() || !event.refund_options.is_empty() {
        terms.refund_options.clone_from(&event.refund_options);
    }
    let listing = event.listing.as_ref().map(|shown| match &terms.listing {
        Some(known) => shown.over(&known.value),
        None => Listing::clone(shown),
    });
    show(&mut terms.listing, listing.as_ref(), set);
}

/// A product as shown; a source that does not say its family leaves the one that is known.
fn product_shown(known: Option<&Cell<Product>>, shown: &Product) -> Product {
    let family = known
        .filter(|known| known.value.id == shown.id && shown.family == ProductFamily::NotStated)
        .map_or(&shown.family, |known| &known.value.family);
    Product { family: family.clone(), ..shown.clone() }
}

fn observed_partner_of_record(record: &mut PartnersOfRecord, event: &SubscriptionObserved, set: Stamp) {
    let shown = event.reseller_of_record.as_ref().map(|shown| match shown {
        ObservedPartnerId::Nobody => None,
        ObservedPartnerId::Partner(id) => Some(id.clone()),
    });
    show(&mut record.reseller_of_record, shown.as_ref(), set);
}

fn observed_status(terms: &mut Terms, event: &SubscriptionObserved, set: Stamp) {
    let Some(status) = &event.status else { return };
    if *status == SubscriptionStatus::Suspended {
        // Days are counted from when the suspension was first known, so a second sighting must not begin it anew.
        show(&mut terms.status, Some(status), set);
        let reason = (!event.suspension_reasons.is_empty())
            .then(|| SuspensionReason::from_wire(&event.suspension_reasons.join(", ")));
        show(&mut terms.suspension_reason, reason.as_ref(), set);
        return;
    }
    // A sighting after the end of the term is what shows that the term was renewed, so it counts anew.
    put(&mut terms.status, status.clone(), set);
    terms.suspension_reason = None;
}

/// Folds an event of the subscription family; an event of another family changes nothing.
pub(super) fn apply(column: &mut TermsColumn<'_>, event: &Event, set: Stamp) {
    if let Event::OrderPlaced(event) = event {
        for id in &event.subscriptions {
            put(&mut column.of(*id, set).order, event.order.clone(), set);
        }
        return;
    }
    if let Event::SubscriptionUpdateNotified(event) = event {
        // What changed is not said; only that the subscription exists.
        column.of(event.subscription, set);
        return;
    }
    if let Event::SubscriptionOperationPending(event) = event {
        put(&mut column.of(event.subscription, set).pending, event.operation.clone(), set);
        return;
    }
    let Some(id) = event.subscription() else { return };
    let terms = column.of(id, set);
    count_update(terms, set);
    if !lifecycle(terms, event, set) {
        content(terms, event, set);
    }
}

/// Events that change the status or begin a term; says whether the event was one of them.
fn lifecycle(terms: &mut Terms, event: &Event, set: Stamp) -> bool {
    if let Event::SubscriptionSuspended(event) = event {
        put(&mut terms.status, SubscriptionStatus::Suspended, set);
        put_some(&mut terms.suspension_reason, event.reason.clone(), set);
        put(&mut terms.auto_renew, AutoRenew::Off, set);
        terms.next_term = None;
    } else if let Event::SubscriptionReactivated(_) = event {
        put(&mut terms.status, SubscriptionStatus::Active, set);
        terms.suspension_reason = None;
    } else if let Event::SubscriptionCancelled(event) = event {
        put(&mut terms.status, SubscriptionStatus::Deleted, set);
        put(&mut terms.data_kept_until, event.data_kept_until, set);
    } else if let Event::SubscriptionDeleted(_) = event {
        put(&mut terms.status, SubscriptionStatus::Deleted, set);
    } else if let Event::SubscriptionRenewed(event) = event {
        renewed(terms, event, set);
    } else if let Event::SubscriptionConverted(event) = event {
        converted(terms, event, set);
    } else if let Event::TrialConverted(event) = event {
        trial_converted(terms, event, set);
    } else {
        return false;
    }
    true
}

/// Events that change content or a single term.
fn content(terms: &mut Terms, event: &Event, set: Stamp) {
    if let Event::SubscriptionSeatsChanged(event) = event {
        seats_changed(terms, event, set);
    } else if let Event::SubscriptionTermChanged(event) = event {
        term_changed(terms, event, set);
    } else if let Event::SubscriptionBillingCycleChanged(event) = event {
        put(&mut terms.billing_cycle, event.after.clone(), set);
    } else if let Event::SubscriptionAutoRenewChanged(event) = event {
        put(&mut terms.auto_renew, event.auto_renew.clone(), set);
    } else if let Event::SubscriptionNextTermScheduled(event) = event {
        terms.next_term = event.next_term.clone().map(|next| Cell::new(next, set));
    } else if let Event::SubscriptionRenamed(event) = event {
        put(&mut terms.friendly_name, event.friendly_name.clone(), set);
    }
}

fn seats_changed(terms: &mut Terms, event: &SubscriptionSeatsChanged, set: Stamp) {
    put(&mut terms.quantity, event.after, set);
    if let Some(until) = event.refundable_until {
        let quantity = event.after.saturating_sub(event.before);
        terms.refundable.push(RefundableBatch { quantity, until });
    }
    let mut taken = event.before.saturating_sub(event.after);
    terms.refundable.sort_by_key(|batch| batch.until);
    for batch in terms.refundable.iter_mut().filter(|batch| batch.until >= set.effective_at) {
        let from_batch = taken.min(batch.quantity);
        batch.quantity -= from_batch;
        taken -= from_batch;
    }
    terms.refundable.retain(|batch| batch.quantity > 0);
}

fn renewed(terms: &mut Terms, event: &SubscriptionRenewed, set: Stamp) {
    if terms.product.as_ref().is_none_or(|known| known.value.id != event.product) {
        let product = product_named_only(terms.product.as_ref(), event);
        put(&mut terms.product, product, set);
        terms.listing = None;
    }
    put(&mut terms.quantity, event.quantity, set);
    put(&mut terms.status, SubscriptionStatus::Active, set);
    terms.suspension_reason = None;
    put(&mut terms.term, event.term.clone(), set);
    put(&mut terms.billing_cycle, event.billing_cycle.clone(), set);
    terms.next_term = None;
    begin_term(terms, event.commitment_end, set);
    open_window(terms, event.quantity, event.cancellation_allowed_until, set);
}

/// A renewal into another product names only its id; family and service are those of the product before.
fn product_named_only(before: Option<&Cell<Product>>, event: &SubscriptionRenewed) -> Product {
    let before = before.map(|cell| &cell.value);
    Product {
        id: event.product.clone(),
        name: event.product.to_string(),
        family: before.map_or(ProductFamily::NotStated, |product| product.family.clone()),
        service: before.and_then(|product| product.service.clone()),
        quantity_min: None,
        quantity_max: None,
        markets: BTreeSet::new(),
    }
}

fn converted(terms: &mut Terms, event: &SubscriptionConverted, set: Stamp) {
    match event.to_subscription.filter(|into| *into != event.subscription) {
        Some(into) => {
            put(&mut terms.status, SubscriptionStatus::Deleted, set);
            put(&mut terms.converted_into, into, set);
        }
        None => {
            put(&mut terms.product, event.to_product.clone(), set);
            terms.listing = None;
        }
    }
}

/// A new term begins, so what is not said of it is not what the trial's was.
fn trial_converted(terms: &mut Terms, event: &TrialConverted, set: Stamp) {
    put(&mut terms.product, event.to_product.clone(), set);
    terms.listing = None;
    put(&mut terms.quantity, event.quantity, set);
    put(&mut terms.status, SubscriptionStatus::Active, set);
    terms.term = event.term.clone().map(|term| Cell::new(term, set));
    terms.billing_cycle = event.billing_cycle.clone().map(|cycle| Cell::new(cycle, set));
    put(&mut terms.trial, Trial::Paid, set);
    begin_term(terms, event.commitment_end, set);
    open_window(terms, event.quantity, event.cancellation_allowed_until, set);
}

fn term_changed(terms: &mut Terms, event: &SubscriptionTermChanged, set: Stamp) {
    put(&mut terms.term, event.after.clone(), set);
    if let Some(end) = event.commitment_end {
        begin_term(terms, Some(end), set);
    }
}

fn begin_term(terms: &mut Terms, commitment_end: Option<Timestamp>, set: Stamp) {
    put(&mut terms.term_start, set.effective_at, set);
    terms.renewal_term = None;
    terms.commitment_end = commitment_end.map(|end| Cell::new(end, set));
}

/// A purchase or a renewal opens a window in which it may be cancelled, and
/// all its seats taken away where seats may be (rules U-1, U-2, U-18).
fn open_window(terms: &mut Terms, quantity: u64, until: Option<Timestamp>, set: Stamp) {
    terms.cancellation_allowed_until = until.map(|until| Cell::new(until, set));
    terms.refund_options.clear();
    let by_seat = terms.product.as_ref().is_some_and(|product| product.value.family.sells_reducible_seats());
    terms.refundable = until.filter(|_| by_seat).map(|until| RefundableBatch { quantity, until }).into_iter().collect();
}

/// Several events of one entry are one update.
pub(super) fn count_update(terms: &mut Terms, set: Stamp) {
    if terms.updated.is_none_or(|last| last.at.position != set.at.position) {
        terms.updates = terms.updates.saturating_add(1);
    }
    terms.updated = Some(set);
    terms.pending = None;
}

fn put<T>(cell: &mut Option<Cell<T>>, value: T, set: Stamp) {
    *cell = Some(Cell::new(value, set));
}

fn put_some<T>(cell: &mut Option<Cell<T>>, value: Option<T>, set: Stamp) {
    if let Some(value) = value {
        put(cell, value, set);
    }
}

fn show<T: Clone + PartialEq>(cell: &mut Option<Cell<T>>, shown: Option<&T>, set: Stamp) {
    if let Some(shown) = shown
        && cell.as_ref().is_none_or(|known| known.value != *shown)
    {
        put(cell, shown.clone(), set);
    }
}
