//! Audit operations on a subscription: what changed between the value before and the value after.

use ofrecord_core::event::partner_of_record::ResellerOfRecordChanged;
use ofrecord_core::event::subscription::{
    ObservedPartnerId, ResetCause, SubscriptionAutoRenewChanged, SubscriptionBillingCycleChanged,
    SubscriptionConverted, SubscriptionDeleted, SubscriptionNextTermScheduled, SubscriptionObserved,
    SubscriptionReactivated, SubscriptionRenamed, SubscriptionSeatsChanged, SubscriptionSuspended,
    SubscriptionTermChanged, SubscriptionUpdateNotified, TrialConverted,
};
use ofrecord_core::vocabulary::{SubscriptionStatus, SuspensionReason, TransitionType};
use ofrecord_core::{Event, PartnerId, ProductId, SubscriptionId};

use super::{AuditRecord, Gap, Telling};
use crate::node::Node;
use crate::resource::product::product_by_id;
use crate::resource::subscription::{observed, term};
use crate::scribe::Scribe;
use crate::word::Word;

/// Changes where both values are there; the value after as seen where it stands
/// alone; otherwise only that something changed.
pub(super) fn updated(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let owner = record.partner()?;
    let after = record.new_value().and_then(|node| observed(&node, Some(owner), scribe));
    let before = record.old_value().and_then(|node| observed(&node, Some(owner), scribe));
    let events = match (before, after) {
        (Some(before), Some(after)) if before.subscription == after.subscription => {
            let changes = changes(&before, &after);
            if changes.is_empty() { notified(after.subscription) } else { changes }
        }
        (_, Some(after)) => vec![Event::SubscriptionObserved(Box::new(after))],
        (Some(before), None) => notified(before.subscription),
        (None, None) => notified(record.customized_subscription().ok_or(Gap::Content("resourceNewValue"))?),
    };
    record.of_customer(events)
}

fn notified(subscription: SubscriptionId) -> Vec<Event> {
    vec![Event::SubscriptionUpdateNotified(SubscriptionUpdateNotified { subscription })]
}

/// Every property that both values show and that differs.
fn changes(before: &SubscriptionObserved, after: &SubscriptionObserved) -> Vec<Event> {
    let mut events = Vec::new();
    content_changes(before, after, &mut events);
    term_changes(before, after, &mut events);
    let rest = seen_anew(before, after);
    if rest != SubscriptionObserved::of(after.subscription) {
        events.push(Event::SubscriptionObserved(Box::new(rest)));
    }
    events
}

fn differing<'a, T: PartialEq>(before: &'a Option<T>, after: &'a Option<T>) -> Option<(&'a T, &'a T)> {
    before.as_ref().zip(after.as_ref()).filter(|(before, after)| before != after)
}

fn content_changes(before: &SubscriptionObserved, after: &SubscriptionObserved, events: &mut Vec<Event>) {
    let subscription = after.subscription;
    if let Some((old, new)) = differing(&before.quantity, &after.quantity) {
        let changed = SubscriptionSeatsChanged { subscription, before: *old, after: *new, refundable_until: None };
        events.push(Event::SubscriptionSeatsChanged(changed));
    }
    if let Some((_, status)) = differing(&before.status, &after.status) {
        events.extend(status_change(subscription, status, after));
    }
    if let Some((_, name)) = differing(&before.friendly_name, &after.friendly_name) {
        let renamed = SubscriptionRenamed { subscription, friendly_name: name.clone() };
        events.push(Event::SubscriptionRenamed(renamed));
    }
    if let Some((old, new)) = differing(&before.product, &after.product).filter(|(old, new)| old.id != new.id) {
        events.push(Event::SubscriptionConverted(Box::new(SubscriptionConverted {
            subscription,
            from_product: old.id.clone(),
            to_product: new.clone(),
            to_subscription: None,
            transition_type: None,
        })));
    }
    let (old, new) = (partner_shown(before), partner_shown(after));
    if old != new {
        let changed = ResellerOfRecordChanged { subscription, before: old, after: new };
        events.push(Event::ResellerOfRecordChanged(changed));
    }
}

/// The partner ID shown; both an absent and an empty one are nobody, as the two values of one record are compared.
fn partner_shown(shown: &SubscriptionObserved) -> Option<PartnerId> {
    match &shown.reseller_of_record {
        Some(ObservedPartnerId::Partner(partner)) => Some(partner.clone()),
        Some(ObservedPartnerId::Nobody) | None => None,
    }
}

/// The step a status change stands for. The others have no event of their own and are stated as seen.
fn status_change(
    subscription: SubscriptionId,
    status: &SubscriptionStatus,
    after: &SubscriptionObserved,
) -> Option<Event> {
    match status {
        SubscriptionStatus::Suspended => {
            let reason = after.suspension_reasons.first().map(|reason| SuspensionReason::read(reason));
            Some(Event::SubscriptionSuspended(SubscriptionSuspended { subscription, reason }))
        }
        SubscriptionStatus::Active => Some(Event::SubscriptionReactivated(SubscriptionReactivated { subscription })),
        SubscriptionStatus::Deleted => Some(Event::SubscriptionDeleted(SubscriptionDeleted { subscription })),
        SubscriptionStatus::None
        | SubscriptionStatus::Expired
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Disabled
        | SubscriptionStatus::Unrecognised(_) => None,
    }
}

fn term_changes(before: &SubscriptionObserved, after: &SubscriptionObserved, events: &mut Vec<Event>) {
    let subscription = after.subscription;
    if let Some((old, new)) = differing(&before.term, &after.term) {
        events.push(Event::SubscriptionTermChanged(SubscriptionTermChanged {
            subscription,
            before: old.clone(),
            after: new.clone(),
            commitment_end: after.commitment_end,
        }));
    }
    if let Some((old, new)) = differing(&before.billing_cycle, &after.billing_cycle) {
        let changed = SubscriptionBillingCycleChanged { subscription, before: old.clone(), after: new.clone() };
        events.push(Event::SubscriptionBillingCycleChanged(changed));
    }
    if let Some((_, auto_renew)) = differing(&before.auto_renew, &after.auto_renew) {
        events.push(Event::SubscriptionAutoRenewChanged(SubscriptionAutoRenewChanged {
            subscription,
            auto_renew: auto_renew.clone(),
            cause: ResetCause::Requested,
        }));
    }
    if before.next_term != after.next_term {
        events.push(Event::SubscriptionNextTermScheduled(SubscriptionNextTermScheduled {
            subscription,
            next_term: after.next_term.clone(),
            cause: ResetCause::Requested,
        }));
    }
}

/// What differs and has no event of its own, as seen after the update.
fn seen_anew(before: &SubscriptionObserved, after: &SubscriptionObserved) -> SubscriptionObserved {
    let status = differing(&before.status, &after.status).map(|(_, status)| status);
    let term_said = differing(&before.term, &after.term).is_some();
    SubscriptionObserved {
        status: status.filter(|status| status_change(after.subscription, status, after).is_none()).cloned(),
        effective_start: differing(&before.effective_start, &after.effective_start).map(|(_, at)| *at),
        commitment_end: differing(&before.commitment_end, &after.commitment_end)
            .map(|(_, at)| *at)
            .filter(|_| !term_said),
        cancellation_allowed_until: differing(&before.cancellation_allowed_until, &after.cancellation_allowed_until)
            .map(|(_, at)| *at),
        trial: differing(&before.trial, &after.trial).map(|(_, trial)| trial.clone()),
        ..SubscriptionObserved::of(after.subscription)
    }
}

/// An upgrade to another product; the values name the products, the upgrade the subscriptions.
pub(super) fn upgraded(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let new = record.new_value().ok_or(Gap::Content("resourceNewValue"))?;
    let old = record.old_value();
    let from = ["sourceSubscriptionId", "id"].into_iter();
    let subscription: SubscriptionId = old
        .iter()
        .chain([&new])
        .find_map(|node| from.clone().find(|name| node.text(name).is_some()).and_then(|name| node.id(name, scribe)))
        .or_else(|| record.customized_subscription())
        .ok_or(Gap::Content("resourceNewValue.SourceSubscriptionId"))?;
    let from_product: ProductId = old
        .as_ref()
        .and_then(|node| node.id("offerId", scribe))
        .or_else(|| new.id("sourceOfferId", scribe))
        .ok_or(Gap::Content("resourceOldValue.OfferId"))?;
    let target = new.object("targetOffer");
    let (id, name) = match &target {
        Some(target) => (target.id("id", scribe), target.text("name")),
        None => {
            let field = if new.has("targetOfferId") { "targetOfferId" } else { "offerId" };
            (new.id(field, scribe), new.text("offerName"))
        }
    };
    let to: ProductId = id.ok_or(Gap::Content("resourceNewValue.TargetOffer.Id"))?;
    let to_subscription: Option<SubscriptionId> = new.id("targetSubscriptionId", scribe);
    let converted = SubscriptionConverted {
        subscription,
        from_product,
        to_product: product_by_id(to, name),
        to_subscription: to_subscription.filter(|target| *target != subscription),
        transition_type: transition_type(&new),
    };
    record.of_customer(vec![Event::SubscriptionConverted(Box::new(converted))])
}

/// `UpgradeOnly` and `UpgradeWithLicenseTransfer` are the older words for the two kinds of transition.
fn transition_type(node: &Node<'_>) -> Option<TransitionType> {
    let word = node.text("upgradeType").or_else(|| node.text("transitionType"))?;
    Some(match super::operation::bare(word).as_str() {
        "upgradeonly" => TransitionType::TransitionOnly,
        "upgradewithlicensetransfer" => TransitionType::TransitionWithLicenseTransfer,
        _ => TransitionType::read(word),
    })
}

/// A trial that became a paid subscription: what was bought must be said, the term may be.
pub(super) fn trial_converted(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let new = record.new_value().ok_or(Gap::Content("resourceNewValue"))?;
    let subscription = record.customized_subscription();
    let subscription: SubscriptionId = match subscription {
        Some(subscription) => subscription,
        None => new.id("subscriptionId", scribe).ok_or(Gap::Content("resourceNewValue.SubscriptionId"))?,
    };
    let target: ProductId = new.id("targetOfferId", scribe).ok_or(Gap::Content("resourceNewValue.TargetOfferId"))?;
    let quantity = new.count("quantity", scribe).ok_or(Gap::Content("resourceNewValue.Quantity"))?;
    let converted = TrialConverted {
        subscription,
        to_product: product_by_id(target, None),
        quantity,
        term: term(&new, "termDuration", scribe),
        billing_cycle: new.word("billingCycle", scribe),
        commitment_end: None,
        cancellation_allowed_until: None,
    };
    record.of_customer(vec![Event::TrialConverted(Box::new(converted))])
}
