//! Findings on reseller relationships: dormant ones, ones outside the market, and ones whose beginning was not seen.

use std::collections::BTreeSet;

use ofrecord_core::state::{Establishment, Relationship, Subscription};
use ofrecord_core::vocabulary::{RelationshipKind, SubscriptionStatus};
use ofrecord_core::{Event, PartnerTenantId, Timestamp};

use super::{Scene, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (partner, relationship) in scene.state.resellers.resellers() {
        found.extend(dormant(scene, partner, relationship));
        found.extend(outside_market(scene, partner, relationship));
        found.extend(beginning_not_seen(partner, relationship));
    }
    found.extend(seen_only_in_customer_lists(scene));
    found
}

/// Question 4. An indirect reseller's sales are its provider's subscriptions
/// that name it as reseller of record.
fn dormant(scene: &Scene<'_>, partner: PartnerTenantId, relationship: &Relationship) -> Option<Finding> {
    let partner_id = scene.partners.get(&partner).and_then(|account| account.partner_id.as_ref());
    let of_partner = |subscription: &&Subscription| {
        let owned = subscription.owner.as_ref().is_some_and(|owner| owner.value == partner);
        let of_record = subscription.partners_of_record.reseller_of_record.as_ref();
        let named =
            of_record.is_some_and(|cell| cell.value.is_some() && cell.value.as_ref() == partner_id.map(|id| &id.value));
        owned || named
    };
    let mut since = relationship.established.set.effective_at;
    let mut positions: BTreeSet<u64> = relationship.established.set.positions().collect();
    for subscription in scene.state.subscriptions.by_id.values().filter(of_partner) {
        let status = crate::subscriptions::status(subscription, scene.viewpoint);
        if status.status != SubscriptionStatus::Deleted {
            return None;
        }
        since = since.max(status.since);
        positions.extend(status.set.positions());
    }
    let sentence = format!("partner {partner} is reseller and has no subscription with the customer");
    Some(finding(FindingCode::RelationshipDormant, FindingSubject::partner(partner), since, sentence, positions))
}

/// Question 7; the joint link of a provider is the exception of rule R-7.
fn outside_market(scene: &Scene<'_>, partner: PartnerTenantId, relationship: &Relationship) -> Option<Finding> {
    let market = scene.state.profile.market.as_ref()?;
    let markets = scene.partners.get(&partner)?.markets.as_ref()?;
    let joint = match relationship.established.value {
        Establishment::JointLink { .. } | Establishment::ObservedThrough { .. } => true,
        Establishment::AcceptedByCustomer
        | Establishment::AccountCreated
        | Establishment::Extension { .. }
        | Establishment::Observed => false,
    };
    let inside = markets.value.iter().any(|known| known.as_str().eq_ignore_ascii_case(market.value.as_str()));
    if joint || inside {
        return None;
    }
    let since = relationship.established.set.effective_at.max(market.set.effective_at);
    let sentence = format!("partner {partner} is reseller, and market {} is not among its own", market.value);
    let positions = relationship.established.set.positions().chain(market.set.positions());
    let subject = FindingSubject::partner(partner);
    Some(Finding {
        rule: Some("R-7"),
        ..finding(FindingCode::MarketMismatchRecorded, subject, since, sentence, positions)
    })
}

fn beginning_not_seen(partner: PartnerTenantId, relationship: &Relationship) -> Option<Finding> {
    let only_seen = match relationship.established.value {
        Establishment::Observed | Establishment::ObservedThrough { .. } => true,
        Establishment::AcceptedByCustomer
        | Establishment::JointLink { .. }
        | Establishment::AccountCreated
        | Establishment::Extension { .. } => false,
    };
    only_seen.then(|| {
        let sentence =
            format!("a source shows partner {partner} as reseller; how that came about is not in the ledger");
        finding(
            FindingCode::SourceSaysActiveButNoCreationSeen,
            FindingSubject::partner(partner),
            relationship.established.set.effective_at,
            sentence,
            relationship.established.set.positions(),
        )
    })
}

/// A customer list that says `reseller` does not establish anything; where no
/// relationship of the partner was ever seen, it is the only trace of one.
fn seen_only_in_customer_lists(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen: BTreeSet<PartnerTenantId> = BTreeSet::new();
    for fact in &scene.facts {
        let Event::CustomerObserved(shown) = &*fact.event else { continue };
        let Some(partner) = shown.partner.filter(|_| shown.relationship == Some(RelationshipKind::Reseller)) else {
            continue;
        };
        if scene.state.resellers.relationships.contains_key(&partner) || !seen.insert(partner) {
            continue;
        }
        let since: Timestamp = fact.effective_at;
        let sentence = format!("a customer list shows partner {partner} as reseller; the ledger has no relationship");
        found.push(finding(
            FindingCode::SourceSaysActiveButNoCreationSeen,
            FindingSubject::partner(partner),
            since,
            sentence,
            fact.stamp().positions(),
        ));
    }
    found
}
