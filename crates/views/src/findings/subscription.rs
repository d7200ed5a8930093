//! Findings on subscriptions: attribution, agreement, renewal, partner admin link, and unseen beginnings.

use std::collections::BTreeSet;

use ofrecord_core::state::{StatusAt, Subscription};
use ofrecord_core::vocabulary::{AutoRenew, PartnerType, SubscriptionStatus};
use ofrecord_core::{Event, PartnerTenantId, SubscriptionId};

use super::{Scene, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let begun = begun(scene);
    let mut found = Vec::new();
    for (id, subscription) in &scene.state.subscriptions.by_id {
        let status = crate::subscriptions::status(subscription, scene.viewpoint);
        found.extend(without_agreement(scene, *id, subscription));
        if status.status == SubscriptionStatus::Deleted {
            continue;
        }
        found.extend(without_reseller_of_record(scene, *id, subscription));
        found.extend(renewal_not_seen(scene, *id, subscription, &status));
        found.extend(pal_without_access(scene, *id, subscription));
        if !begun.contains(id) {
            found.push(beginning_not_seen(*id, subscription));
        }
    }
    found
}

/// The subscriptions whose beginning is in the ledger: bought, converted into, or given another id by a transfer.
fn begun(scene: &Scene<'_>) -> BTreeSet<SubscriptionId> {
    scene
        .facts
        .iter()
        .flat_map(|fact| {
            if let Event::SubscriptionPurchased(bought) = &*fact.event {
                vec![bought.subscription]
            } else if let Event::SubscriptionConverted(converted) = &*fact.event {
                converted.to_subscription.into_iter().collect()
            } else if let Event::SubscriptionTransferCompleted(completed) = &*fact.event {
                completed.items.iter().filter_map(|item| item.renamed()).collect()
            } else {
                Vec::new()
            }
        })
        .collect()
}

/// Rule I-5, question 23.
fn without_reseller_of_record(scene: &Scene<'_>, id: SubscriptionId, subscription: &Subscription) -> Option<Finding> {
    let owner = subscription.owner.as_ref()?;
    let kind = scene.partners.get(&owner.value)?.partner_type.as_ref()?;
    let named = subscription.partners_of_record.reseller_of_record.as_ref();
    if kind.value != PartnerType::IndirectProvider || named.is_some_and(|cell| cell.value.is_some()) {
        return None;
    }
    let since = named.map_or(owner.set, |cell| cell.set);
    let sentence =
        format!("subscription {id} was sold by indirect provider {} without a reseller of record", owner.value);
    let positions = owner.set.positions().chain(since.positions());
    let subject = FindingSubject { partner: Some(owner.value), ..FindingSubject::subscription(id) };
    Some(Finding {
        rule: Some("I-5"),
        ..finding(FindingCode::ResellerOfRecordMissing, subject, since.effective_at, sentence, positions)
    })
}

/// Question 25. An agreement counts from the first instant of the day it was agreed on.
fn without_agreement(scene: &Scene<'_>, id: SubscriptionId, subscription: &Subscription) -> Option<Finding> {
    let bought = subscription.terms.bought_at.as_ref()?;
    let agreed = |day: ofrecord_core::Timestamp| day.start_of_day() <= bought.value;
    let on_record = scene.state.agreements.iter().any(|agreement| agreed(agreement.date_agreed));
    if on_record || subscription.terms.agreement.is_some() {
        return None;
    }
    let first = scene.state.agreements.iter().min_by_key(|agreement| agreement.date_agreed);
    let later = first
        .map(|agreement| format!("; the first one is of {}", agreement.date_agreed.date_text()))
        .unwrap_or_default();
    let sentence = format!("subscription {id} was bought at {} without an agreement on record{later}", bought.value);
    let positions = bought.set.positions().chain(first.into_iter().flat_map(|agreement| agreement.set.positions()));
    Some(Finding {
        rule: Some("B-1"),
        ..finding(
            FindingCode::PurchaseWithoutAgreement,
            FindingSubject::subscription(id),
            bought.value,
            sentence,
            positions,
        )
    })
}

/// Renewal runs on the day after the term and may take 24 hours (rule U-18).
fn renewal_not_seen(
    scene: &Scene<'_>,
    id: SubscriptionId,
    subscription: &Subscription,
    status: &StatusAt,
) -> Option<Finding> {
    let terms = &subscription.terms;
    let end = terms.commitment_end.as_ref()?;
    let renew = terms.auto_renew.as_ref().filter(|renew| renew.value == AutoRenew::On)?;
    let recorded = terms.status.as_ref()?;
    let over = terms.term_over()?;
    let due = over.plus_days(1);
    let seen_since = recorded.set.effective_at >= over;
    if status.status != SubscriptionStatus::Active || scene.viewpoint.as_of < due || seen_since {
        return None;
    }
    let sentence =
        format!("the term of subscription {id} ended on {} and no renewal is in the ledger", end.value.date_text());
    let positions = end.set.positions().chain(renew.set.positions()).chain(recorded.set.positions());
    Some(Finding {
        rule: Some("U-18"),
        ..finding(FindingCode::RenewalNotSeen, FindingSubject::subscription(id), due, sentence, positions)
    })
}

/// Rule I-12. Where the partner ID belongs to no partner given, any partner's Azure role is enough.
fn pal_without_access(scene: &Scene<'_>, id: SubscriptionId, subscription: &Subscription) -> Option<Finding> {
    let pal = subscription.partners_of_record.pal.as_ref()?;
    let linked = pal.value.as_ref()?;
    let holder: Option<PartnerTenantId> = scene
        .partners
        .iter()
        .find(|(_, account)| account.partner_id.as_ref().is_some_and(|known| known.value == *linked))
        .map(|(partner, _)| *partner);
    let has_role = scene
        .state
        .access
        .partners
        .iter()
        .filter(|(partner, _)| holder.is_none_or(|holder| **partner == holder))
        .any(|(_, access)| !access.azure_roles.is_empty());
    if has_role {
        return None;
    }
    let sentence = format!("subscription {id} has a partner admin link of partner ID {linked} without an Azure role");
    let subject = FindingSubject { partner: holder, ..FindingSubject::subscription(id) };
    let positions = pal.set.positions();
    Some(Finding {
        rule: Some("I-12"),
        ..finding(FindingCode::PalWithoutAccess, subject, pal.set.effective_at, sentence, positions)
    })
}

fn beginning_not_seen(id: SubscriptionId, subscription: &Subscription) -> Finding {
    let seen = subscription.first_seen;
    let sentence = format!("subscription {id} is known since {}; its purchase is not in the ledger", seen.effective_at);
    let subject = FindingSubject::subscription(id);
    finding(FindingCode::SourceSaysActiveButNoCreationSeen, subject, seen.effective_at, sentence, seen.positions())
}
