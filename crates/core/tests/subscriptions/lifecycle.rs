//! Suspension, reactivation and cancellation: rules U-1, U-3, U-11, U-15, U-16, U-21 and M-10.

use ofrecord_core::{ActorKind, Event, SubscriptionId};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, Q, S1, S2, S3, SOON, admin, agent, at, events_of, happens, id, legacy, nce, of_kind, on,
    purchase, refused, sold, with,
};
use crate::story::Story;

fn suspend() -> Value {
    on("SuspendSubscription", S1, json!({"reason": "customer_request"}))
}

fn reactivate(subscription: &str) -> Value {
    on("ReactivateSubscription", subscription, json!({}))
}

fn cancel() -> Value {
    on("CancelSubscription", S1, json!({}))
}

fn with_add_on(story: Story) -> Story {
    story.told(BOUGHT, with(purchase(S2, "legacy_license"), json!({"parent": S1})))
}

const SUSPENDED: &[&str] = &["SubscriptionSuspended"];
const REACTIVATED: &[&str] = &["SubscriptionReactivated"];
const CANCELLED: &[&str] = &["SubscriptionCancelled"];

#[test]
fn suspending_switches_renewal_off_and_forgets_the_next_term() {
    let next = json!({"product": "product-1", "quantity": 5, "term": "P1Y", "billing_cycle": "monthly"});
    let scheduled = on("ScheduleNextTerm", S1, json!({"next_term": next}));
    let story = happens(nce(), LATER, agent(Q), scheduled, &["SubscriptionNextTermScheduled"]);
    let story = happens(story, LATER, agent(Q), suspend(), SUSPENDED);
    let terms = story.customer().subscriptions.by_id[&id(S1)].terms.clone();
    assert_eq!(terms.auto_renew.unwrap().value.as_str(), "off");
    assert_eq!(terms.next_term, None);
    assert_eq!(terms.suspension_reason.unwrap().value.as_str(), "customer_request");
    refused(story, LATER, agent(Q), suspend(), ("U-3", "subscription_suspended"));
}

#[test]
fn a_legacy_base_takes_its_add_ons_with_it() {
    let story = with_add_on(legacy()).told(BOUGHT, purchase(S3, "legacy_license"));
    let (story, events) = events_of(story, LATER, agent(Q), suspend());
    let suspended: Vec<SubscriptionId> = events.iter().filter_map(Event::subscription).collect();
    assert_eq!(suspended, [id(S1), id(S2)]);
    let reason = story.customer().subscriptions.by_id[&id(S2)].terms.suspension_reason.clone();
    assert_eq!(reason.unwrap().value.as_str(), "base_suspended");
    let nce = nce().told(BOUGHT, with(purchase(S2, "new_commerce_license"), json!({"parent": S1})));
    happens(nce, LATER, agent(Q), suspend(), SUSPENDED);
}

#[test]
fn an_add_on_is_not_reactivated_under_an_inactive_base() {
    let story = happens(with_add_on(legacy()), LATER, agent(Q), suspend(), &[SUSPENDED[0], SUSPENDED[0]]);
    refused(story.clone(), LATER, agent(Q), reactivate(S2), ("U-11", "parent_not_active"));
    let story = happens(story, LATER, agent(Q), reactivate(S1), REACTIVATED);
    happens(story, LATER, agent(Q), reactivate(S2), REACTIVATED);
}

#[test]
fn a_reason_for_suspending_is_a_published_one() {
    for reason in ["base_suspended", "transferred", "boredom"] {
        let asked = on("SuspendSubscription", S1, json!({"reason": reason}));
        refused(nce(), LATER, agent(Q), asked, ("L-8", "value_not_recognised"));
    }
}

#[test]
fn microsoft_suspends_and_cancels_without_owning() {
    let microsoft = || of_kind(ActorKind::Microsoft);
    happens(nce(), LATER, microsoft(), suspend(), SUSPENDED);
    happens(nce(), LATER, microsoft(), cancel(), CANCELLED);
    refused(nce(), LATER, of_kind(ActorKind::Operator), cancel(), ("S-3", "actor_not_party"));
}

#[test]
fn only_what_is_suspended_and_in_its_term_is_reactivated() {
    refused(nce(), LATER, agent(Q), reactivate(S1), ("U-16", "not_suspended"));
    let suspended = || happens(nce(), LATER, agent(Q), suspend(), SUSPENDED);
    refused(suspended(), "2025-03-01T00:00:00Z", agent(Q), reactivate(S1), ("U-16", "not_reactivatable"));
    happens(suspended(), "2025-02-28T23:59:59Z", agent(Q), reactivate(S1), REACTIVATED);
    refused(suspended(), "2026-03-01T00:00:00Z", agent(Q), reactivate(S1), ("U-4", "subscription_deleted"));
}

#[test]
fn after_the_relationship_nothing_is_reactivated() {
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": Q,
        "subscriptions_considered": [S1], "generation": 1});
    let story = happens(nce(), SOON, agent(Q), suspend(), SUSPENDED).told(SOON, removed);
    refused(story, LATER, agent(Q), reactivate(S1), ("M-10", "no_reseller_relationship"));
}

#[test]
fn a_new_commerce_subscription_is_cancelled_within_seven_days() {
    refused(nce(), SOON, admin(C), cancel(), ("S-3", "actor_not_party"));
    let (story, events) = events_of(nce(), "2024-03-08T00:00:00Z", agent(Q), cancel());
    let Event::SubscriptionCancelled(cancelled) = &events[0] else { panic!("{events:?}") };
    assert_eq!(cancelled.data_kept_until, at("2024-03-15T00:00:00Z"));
    refused(story, LATER, agent(Q), cancel(), ("U-4", "subscription_deleted"));
    refused(nce(), "2024-03-08T00:00:01Z", agent(Q), cancel(), ("U-1", "cancellation_window_passed"));
    happens(legacy(), LATER, agent(Q), cancel(), CANCELLED);
}

#[test]
fn a_suspended_subscription_is_cancelled_inside_its_window() {
    let story = happens(nce(), SOON, agent(Q), suspend(), SUSPENDED);
    happens(story.clone(), SOON, agent(Q), cancel(), CANCELLED);
    refused(story, LATER, agent(Q), cancel(), ("U-1", "cancellation_window_passed"));
}

#[test]
fn azure_plans_and_reservations_are_cancelled_by_support_only() {
    for family in ["azure_plan", "azure_reservation"] {
        refused(sold(family, json!({})), SOON, agent(Q), cancel(), ("U-21", "support_only"));
        happens(sold(family, json!({})), SOON, of_kind(ActorKind::Microsoft), cancel(), CANCELLED);
    }
}

#[test]
fn other_windows_are_those_of_the_family() {
    let cases = [
        ("perpetual_software", "2024-03-31T00:00:00Z", "2024-03-31T00:00:01Z"),
        ("software_subscription", "2024-03-08T00:00:00Z", "2024-03-08T00:00:01Z"),
        ("marketplace_saas", "2024-03-15T00:00:00Z", "2024-03-15T00:00:01Z"),
    ];
    for (family, last, late) in cases {
        happens(sold(family, json!({})), last, agent(Q), cancel(), CANCELLED);
        refused(sold(family, json!({})), late, agent(Q), cancel(), ("U-1", "cancellation_window_passed"));
    }
}
