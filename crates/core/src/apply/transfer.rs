//! Folding transfers: what was asked for and answered, and what a completion moves (columns `O`, `T` and `P`).

use std::collections::BTreeMap;

use crate::event::Event;
use crate::event::transfer::{
    ObservedTransferLine, SubscriptionTransferAccepted, SubscriptionTransferCompleted, SubscriptionTransferLineFailed,
    SubscriptionTransferObserved, SubscriptionTransferRequested, TransferLine, TransferredItem,
};
use crate::fold::{Cell, Stamp};
use crate::id::{SubscriptionId, TransferId};
use crate::state::transfer::{KnownLine, LineError};
use crate::state::{Subscriptions, Terms, Transfer, Transfers};
use crate::vocabulary::{
    AutoRenew, LineStatus, ProductFamily, SubscriptionStatus, SuspensionReason, TransferFamily, TransferStatus,
};

/// Folds an event that says how far a transfer is; any other changes nothing.
pub(super) fn apply(transfers: &mut Transfers, event: &Event, set: Stamp) {
    if let Event::SubscriptionTransferRequested(event) = event {
        requested(known(transfers, &event.transfer, set), event, set);
    } else if let Event::SubscriptionTransferAccepted(event) = event {
        accepted(known(transfers, &event.transfer, set), event, set);
    } else if let Event::SubscriptionTransferRejected(event) = event {
        end(known(transfers, &event.transfer, set), TransferStatus::Rejected, set);
    } else if let Event::SubscriptionTransferWithdrawn(event) = event {
        end(known(transfers, &event.transfer, set), TransferStatus::Withdrawn, set);
    } else if let Event::SubscriptionTransferExpired(event) = event {
        end(known(transfers, &event.transfer, set), TransferStatus::Expired, set);
    } else if let Event::SubscriptionTransferLineFailed(event) = event {
        line_failed(known(transfers, &event.transfer, set), event, set);
    } else if let Event::SubscriptionTransferObserved(event) = event {
        observed(known(transfers, &event.transfer, set), event, set);
    }
}

fn known<'a>(transfers: &'a mut Transfers, id: &TransferId, seen: Stamp) -> &'a mut Transfer {
    transfers.get_or_insert_with(id.clone(), || Transfer::unknown(seen))
}

fn requested(transfer: &mut Transfer, event: &SubscriptionTransferRequested, set: Stamp) {
    put(&mut transfer.family, event.family.clone(), set);
    put(&mut transfer.source, event.source, set);
    put(&mut transfer.target, event.target, set);
    put(&mut transfer.initiated_by, event.initiated_by, set);
    put_some(&mut transfer.partner_id_on_record, event.partner_id_on_record.clone(), set);
    put(&mut transfer.requested_at, set.effective_at, set);
    if !event.signatures.is_empty() {
        put(&mut transfer.signatures, event.signatures.clone(), set);
    }
    status(transfer, TransferStatus::Pending, set);
    for line in &event.lines {
        asked(transfer, line, set);
    }
}

fn asked(transfer: &mut Transfer, asked: &TransferLine, set: Stamp) {
    let line = transfer.lines.entry(asked.subscription).or_insert_with(|| KnownLine::open(set));
    put_some(&mut line.entitlement, asked.entitlement, set);
    put_some(&mut line.quantity, asked.quantity, set);
    put_some(&mut line.with_base, asked.with_base, set);
    put_some(&mut line.partner_id_on_record, asked.partner_id_on_record.clone().map(Some), set);
}

/// What the source did not select is left out. An acceptance that does not say what was selected leaves the lines as asked for.
fn accepted(transfer: &mut Transfer, event: &SubscriptionTransferAccepted, set: Stamp) {
    put(&mut transfer.accepted_at, set.effective_at, set);
    status(transfer, TransferStatus::InProgress, set);
    if event.items.is_empty() {
        return;
    }
    for item in &event.items {
        asked(transfer, item, set);
    }
    let selected = |id: &SubscriptionId| event.items.iter().any(|item| item.subscription == *id);
    for (id, line) in transfer.lines.iter_mut().filter(|(_, line)| line.status.value == LineStatus::Open) {
        if !selected(id) {
            line.status = Cell::new(LineStatus::LeftOut, set);
        }
    }
}

fn end(transfer: &mut Transfer, with: TransferStatus, set: Stamp) {
    status(transfer, with, set);
    put(&mut transfer.ended_at, set.effective_at, set);
}

fn status(transfer: &mut Transfer, status: TransferStatus, set: Stamp) {
    put(&mut transfer.status, status, set);
    transfer.status_word = None;
}

fn line_failed(transfer: &mut Transfer, event: &SubscriptionTransferLineFailed, set: Stamp) {
    let line = transfer.lines.entry(event.subscription).or_insert_with(|| KnownLine::open(set));
    line.status = Cell::new(LineStatus::Failed, set);
    put(&mut line.error, LineError { code: event.code, text: event.error.clone() }, set);
}

/// A reading sets what it shows. What is shown again unchanged keeps the event that set it.
fn observed(transfer: &mut Transfer, event: &SubscriptionTransferObserved, set: Stamp) {
    show(&mut transfer.family, event.family.clone(), set);
    show(&mut transfer.source, event.source, set);
    show(&mut transfer.target, event.target, set);
    show(&mut transfer.requested_at, event.created_at, set);
    if let Some(word) = &event.status {
        show(&mut transfer.status, Some(TransferStatus::of_source(word)), set);
        show(&mut transfer.status_word, Some(word.clone()), set);
    }
    show(&mut transfer.ended_at, event.completed_at, set);
    for line in &event.lines {
        line_observed(transfer, line, set);
    }
}

fn line_observed(transfer: &mut Transfer, shown: &ObservedTransferLine, set: Stamp) {
    let line = transfer.lines.entry(shown.subscription).or_insert_with(|| KnownLine::open(set));
    show(&mut line.new_subscription, shown.new_subscription, set);
    show(&mut line.entitlement, shown.entitlement, set);
    show(&mut line.quantity, shown.quantity, set);
    show(&mut line.partner_id_on_record, shown.partner_id_on_record.clone().map(Some), set);
    show(&mut line.order, shown.order.clone(), set);
    show(&mut line.with_base, shown.with_base, set);
    show(&mut line.listed, shown.listed.clone(), set);
    if let Some(status) = shown.status.as_deref().map(LineStatus::of_source)
        && line.status.value != status
    {
        line.status = Cell::new(status, set);
    }
    if let Some(text) =
        shown.error.as_ref().filter(|text| line.error.as_ref().is_none_or(|had| had.value.text != **text))
    {
        put(&mut line.error, LineError { code: None, text: text.clone() }, set);
    }
}

/// Folds a completion: what it names moves to the target, and nothing else does (rules T-13, T-14).
pub(super) fn completed(
    transfers: &mut Transfers,
    subscriptions: &mut Subscriptions,
    event: &SubscriptionTransferCompleted,
    set: Stamp,
) {
    let transfer = known(transfers, &event.transfer, set);
    show(&mut transfer.family, event.family.clone(), set);
    show(&mut transfer.source, Some(event.source), set);
    show(&mut transfer.target, Some(event.target), set);
    put(&mut transfer.billing_split_date, event.billing_split_date, set);
    end(transfer, event.outcome.status(), set);
    let family = transfer.family.as_ref().map(|family| family.value.clone());
    let renamed: BTreeMap<SubscriptionId, SubscriptionId> =
        event.items.iter().filter_map(|item| Some((item.source_subscription, item.renamed()?))).collect();
    for item in &event.items {
        line_completed(transfer, item, set);
        match item.renamed() {
            Some(new) => move_under(subscriptions, event, (item, new), family.as_ref(), &renamed, set),
            None => move_as_it_is(subscriptions, event, item, set),
        }
    }
}

fn line_completed(transfer: &mut Transfer, item: &TransferredItem, set: Stamp) {
    let line = transfer.lines.entry(item.source_subscription).or_insert_with(|| KnownLine::open(set));
    line.status = Cell::new(LineStatus::Complete, set);
    line.error = None;
    put_some(&mut line.new_subscription, item.renamed(), set);
    put_some(&mut line.entitlement, item.entitlement, set);
    put_some(&mut line.order, item.order.clone(), set);
    put(&mut line.partner_id_on_record, item.partner_id_on_record.clone(), set);
}

/// The subscription keeps its id: owner and reseller of record change, the terms stay.
fn move_as_it_is(
    subscriptions: &mut Subscriptions,
    event: &SubscriptionTransferCompleted,
    item: &TransferredItem,
    set: Stamp,
) {
    let subscription = subscriptions.entry(item.source_subscription, set);
    put(&mut subscription.owner, event.target, set);
    put(&mut subscription.partners_of_record.reseller_of_record, item.partner_id_on_record.clone(), set);
    put_some(&mut subscription.terms.order, item.order.clone(), set);
    show(&mut subscription.terms.entitlement, item.entitlement, set);
}

/// The subscription gets another id: the new one has the terms of the old one, every value with the event
/// that set it; the old one stays with the source and ends there. What the new one is known to be already
/// (the target's list may have been read first) stays.
fn move_under(
    subscriptions: &mut Subscriptions,
    event: &SubscriptionTransferCompleted,
    (item, new): (&TransferredItem, SubscriptionId),
    family: Option<&TransferFamily>,
    renamed: &BTreeMap<SubscriptionId, SubscriptionId>,
    set: Stamp,
) {
    let old = subscriptions.entry(item.source_subscription, set);
    let mut terms = old.terms.clone();
    if old.owner.is_none() {
        put(&mut old.owner, event.source, set);
    }
    leave_behind(&mut old.terms, new, family, set);
    terms.order = item.order.clone().map(|order| Cell::new(order, set));
    terms.status = Some(Cell::new(SubscriptionStatus::Active, set));
    terms.suspension_reason = None;
    terms.parent = terms.parent.map(|parent| match renamed.get(&parent.value) {
        Some(moved) => Cell::new(*moved, set),
        None => parent,
    });
    show(&mut terms.entitlement, item.entitlement, set);
    terms.transferred_from = Some(Cell::new(item.source_subscription, set));
    let subscription = subscriptions.entry(new, set);
    subscription.terms.inherit(terms);
    put(&mut subscription.owner, event.target, set);
    put(&mut subscription.partners_of_record.reseller_of_record, item.partner_id_on_record.clone(), set);
}

/// A licence is suspended at the source; Azure disappears there, and so does what new commerce gave another id.
fn leave_behind(terms: &mut Terms, new: SubscriptionId, family: Option<&TransferFamily>, set: Stamp) {
    let licence = match terms.product.as_ref().map(|product| &product.value.family) {
        Some(ProductFamily::LegacyLicense) => true,
        Some(ProductFamily::NotStated | ProductFamily::Unrecognised(_)) | None => {
            family == Some(&TransferFamily::LegacyLicense)
        }
        Some(
            ProductFamily::LegacyAzure
            | ProductFamily::NewCommerceLicense
            | ProductFamily::AzurePlan
            | ProductFamily::AzureReservation
            | ProductFamily::PerpetualSoftware
            | ProductFamily::SoftwareSubscription
            | ProductFamily::MarketplaceSaas,
        ) => false,
    };
    if licence {
        put(&mut terms.status, SubscriptionStatus::Suspended, set);
        put(&mut terms.suspension_reason, SuspensionReason::Transferred, set);
        put(&mut terms.auto_renew, AutoRenew::Off, set);
        terms.next_term = None;
    } else {
        put(&mut terms.status, SubscriptionStatus::Deleted, set);
    }
    put(&mut terms.transferred_to, new, set);
    super::subscription::count_update(terms, set);
}

fn put<T>(cell: &mut Option<Cell<T>>, value: T, set: Stamp) {
    *cell = Some(Cell::new(value, set));
}

fn put_some<T>(cell: &mut Option<Cell<T>>, value: Option<T>, set: Stamp) {
    if let Some(value) = value {
        put(cell, value, set);
    }
}

fn show<T: PartialEq>(cell: &mut Option<Cell<T>>, shown: Option<T>, set: Stamp) {
    if let Some(shown) = shown.filter(|shown| cell.as_ref().is_none_or(|known| known.value != *shown)) {
        put(cell, shown, set);
    }
}
