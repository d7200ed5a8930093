//! Seats: rules S-3, M-10, R-1, U-2, U-3, U-4, U-9, U-10, B-9 and B-10.

use ofrecord_core::{ActorKind, Event};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, P, Q, S1, S2, SOON, admin, agent, app, at, events_of, happens, id, legacy, nce, of_kind, on,
    purchase, refused, sold, with,
};
use crate::story::Story;

fn add(seats: u64) -> Value {
    on("AddSeats", S1, json!({"seats": seats}))
}

fn remove(seats: u64) -> Value {
    on("RemoveSeats", S1, json!({"seats": seats}))
}

fn without_relationship() -> Story {
    nce().told(
        BOUGHT,
        json!({"type": "ResellerRelationshipRemovedByPartner", "partner": Q, "subscriptions_considered": [],
            "generation": 1}),
    )
}

fn suspended() -> Story {
    nce().told(SOON, on("SubscriptionSuspended", S1, json!({"reason": "non_payment"})))
}

fn deleted() -> Story {
    nce().told(SOON, on("SubscriptionDeleted", S1, json!({})))
}

fn cancelled() -> Story {
    nce().told(SOON, on("SubscriptionCancelled", S1, json!({"data_kept_until": LATER})))
}

const CHANGED: &[&str] = &["SubscriptionSeatsChanged"];

/// Every command that only the owner may ask for.
pub(crate) fn owners_commands() -> Vec<Value> {
    let product = crate::shop::product("product-2", "legacy_license");
    let commands = [
        ("AddSeats", json!({"seats": 1})),
        ("RemoveSeats", json!({"seats": 1})),
        ("SuspendSubscription", json!({"reason": "customer_request"})),
        ("ReactivateSubscription", json!({})),
        ("CancelSubscription", json!({})),
        ("RenewSubscription", json!({})),
        ("ConvertSubscription", json!({"to_product": product, "transition_type": "transition_only"})),
        ("ConvertTrial", json!({"to_product": product, "quantity": 1, "term": "P1Y", "billing_cycle": "monthly"})),
        ("ChangeTerm", json!({"term": "P3Y"})),
        ("ChangeBillingCycle", json!({"billing_cycle": "annual", "through": "order_update"})),
        ("SetAutoRenew", json!({"auto_renew": "off"})),
        ("ScheduleNextTerm", json!({"next_term": null})),
        ("ReplaceSubscription", json!({"friendly_name": "Mine"})),
        ("RecordPendingOperation", json!({"operation": "upgrade"})),
        ("ChangeResellerOfRecord", json!({"partner_id": null})),
        ("SetSupportContact", json!({"partner": P})),
    ];
    commands.into_iter().map(|(name, fields)| on(name, S1, fields)).collect()
}

#[test]
fn only_the_owner_changes_a_subscription() {
    for asked in owners_commands() {
        refused(legacy(), LATER, agent(P), asked.clone(), ("S-3", "partner_does_not_own_subscription"));
        refused(legacy(), LATER, app(P), asked.clone(), ("S-3", "partner_does_not_own_subscription"));
        refused(legacy(), LATER, admin(C), asked.clone(), ("S-3", "actor_not_party"));
        refused(legacy(), LATER, of_kind(ActorKind::PartnerUser), asked, ("S-3", "actor_not_party"));
    }
}

#[test]
fn a_subscription_must_be_on_record_with_its_owner() {
    for asked in owners_commands() {
        let elsewhere = with(asked.clone(), json!({"subscription": S2}));
        refused(legacy(), LATER, agent(Q), elsewhere.clone(), ("S-3", "subscription_not_found"));
        let ownerless = legacy().told(SOON, json!({"type": "SubscriptionUpdateNotified", "subscription": S2}));
        refused(ownerless, LATER, agent(Q), elsewhere, ("S-3", "subscription_owner_unknown"));
    }
}

#[test]
fn a_partner_without_relationship_sells_nothing_more() {
    refused(without_relationship(), SOON, agent(Q), add(1), ("M-10", "no_reseller_relationship"));
    happens(without_relationship(), SOON, agent(Q), remove(1), CHANGED);
}

#[test]
fn a_suspended_partner_changes_no_quantity_but_manages_what_exists() {
    for asked in [add(1), remove(1), on("ReplaceSubscription", S1, json!({"quantity": 11}))] {
        refused(nce().suspended(Q), SOON, agent(Q), asked, ("R-1", "partner_account_suspended"));
    }
    let suspend = on("SuspendSubscription", S1, json!({"reason": "customer_request"}));
    happens(nce().suspended(Q), SOON, agent(Q), suspend, &["SubscriptionSuspended"]);
}

#[test]
fn what_is_deleted_is_not_changed() {
    for asked in owners_commands() {
        refused(deleted(), LATER, agent(Q), asked, ("U-4", "subscription_deleted"));
    }
    refused(cancelled(), LATER, agent(Q), add(1), ("U-4", "subscription_deleted"));
}

#[test]
fn what_has_ended_is_not_changed() {
    let ended = || sold("new_commerce_license", json!({"auto_renew": "off"}));
    refused(ended(), "2025-03-01T00:00:00Z", agent(Q), add(1), ("U-17", "subscription_ended"));
    happens(ended(), "2025-02-28T23:59:59Z", agent(Q), add(1), CHANGED);
}

#[test]
fn seats_stay_while_suspended() {
    for asked in [add(1), remove(1)] {
        refused(suspended(), LATER, agent(Q), asked, ("U-3", "seats_while_suspended"));
    }
}

#[test]
fn a_pending_operation_blocks_for_a_day() {
    let pending = || {
        nce().told(SOON, json!({"type": "SubscriptionOperationPending", "subscription": S1, "operation": "conversion"}))
    };
    for asked in [add(1), on("RecordPendingOperation", S1, json!({"operation": "again"}))] {
        refused(pending(), "2024-03-05T23:59:59Z", agent(Q), asked, ("U-9", "operation_pending"));
    }
    happens(pending(), "2024-03-06T00:00:00Z", agent(Q), add(1), CHANGED);
    let provisioning =
        nce().told(SOON, json!({"type": "SubscriptionObserved", "subscription": S1, "status": "pending"}));
    refused(provisioning, LATER, agent(Q), add(1), ("U-9", "operation_pending"));
}

#[test]
fn a_subscription_receives_a_limited_number_of_updates() {
    let mut story = legacy();
    story.policy.updates_max = 2;
    story = happens(story, LATER, agent(Q), add(1), CHANGED);
    story = happens(story, LATER, agent(Q), add(1), CHANGED);
    refused(story, LATER, agent(Q), add(1), ("U-10", "too_many_updates"));
}

#[test]
fn neither_quantity_nor_status_of_a_trial_changes() {
    let trial = || sold("new_commerce_license", json!({"trial": "trial"}));
    let suspend = on("SuspendSubscription", S1, json!({"reason": "fraud"}));
    let replace = on("ReplaceSubscription", S1, json!({"quantity": 11, "auto_renew": "on"}));
    for asked in [add(1), remove(1), suspend, on("CancelSubscription", S1, json!({})), replace] {
        refused(trial(), SOON, agent(Q), asked, ("B-10", "trial_not_changeable"));
    }
    let term = on("ChangeTerm", S1, json!({"term": "P3Y"}));
    refused(trial(), SOON, agent(Q), term, ("B-10", "trial_term_not_changeable"));
}

#[test]
fn seats_added_and_taken_stay_within_what_is_sold() {
    let limits = json!({"id": "product-1", "name": "Product", "family": "legacy_license", "quantity_min": 5,
        "quantity_max": 12});
    let given = || sold("legacy_license", json!({"product": limits}));
    for asked in [add(0), add(3), add(u64::MAX), remove(0), remove(6), remove(11)] {
        refused(given(), SOON, agent(Q), asked, ("B-9", "quantity_out_of_range"));
    }
    for asked in [add(u64::MAX), add(1 << 53)] {
        refused(nce(), SOON, agent(Q), asked, ("B-9", "quantity_out_of_range"));
    }
    happens(given(), SOON, agent(Q), add(2), CHANGED);
    happens(given(), SOON, agent(Q), remove(5), CHANGED);
}

#[test]
fn an_unknown_quantity_is_not_guessed() {
    let observed = || {
        legacy().told(SOON, json!({"type": "SubscriptionObserved", "subscription": S2, "owner": Q, "status": "active"}))
    };
    let more = on("AddSeats", S2, json!({"seats": 1}));
    refused(observed(), LATER, agent(Q), more, ("L-11", "terms_not_known"));
}

#[test]
fn new_commerce_seats_are_taken_away_only_in_their_window() {
    happens(nce(), "2024-03-08T00:00:00Z", agent(Q), remove(9), CHANGED);
    refused(nce(), "2024-03-08T00:00:01Z", agent(Q), remove(1), ("U-2", "seat_window_passed"));
    let (story, events) = events_of(nce(), LATER, agent(Q), add(5));
    let Event::SubscriptionSeatsChanged(changed) = &events[0] else { panic!("{events:?}") };
    assert_eq!((changed.before, changed.after), (10, 15));
    assert_eq!(changed.refundable_until, Some(at("2024-06-08T00:00:00Z")));
    refused(story.clone(), "2024-06-02T00:00:00Z", agent(Q), remove(6), ("U-2", "seat_window_passed"));
    let story = happens(story, "2024-06-02T00:00:00Z", agent(Q), remove(3), CHANGED);
    refused(story.clone(), "2024-06-02T00:00:00Z", agent(Q), remove(3), ("U-2", "seat_window_passed"));
    let story = happens(story, "2024-06-02T00:00:00Z", agent(Q), remove(2), CHANGED);
    let quantity = story.customer().subscriptions.by_id[&id(S1)].terms.quantity.as_ref().unwrap().value;
    assert_eq!(quantity, 10);
}

#[test]
fn a_purchase_recorded_without_its_window_has_the_published_one() {
    let without = || sold("new_commerce_license", json!({"cancellation_allowed_until": null}));
    happens(without(), "2024-03-08T00:00:00Z", agent(Q), remove(1), CHANGED);
    refused(without(), "2024-03-08T00:00:01Z", agent(Q), remove(1), ("U-2", "seat_window_passed"));
}

#[test]
fn seats_of_other_families_follow_their_own_rule() {
    happens(legacy(), LATER, agent(Q), remove(1), CHANGED);
    for family in ["software_subscription", "perpetual_software", "azure_plan", "azure_reservation"] {
        refused(sold(family, json!({})), SOON, agent(Q), remove(1), ("U-2", "seats_not_reducible"));
    }
    let two = nce().told(BOUGHT, purchase(S2, "new_commerce_license"));
    happens(two, SOON, agent(Q), on("AddSeats", S2, json!({"seats": 1})), CHANGED);
}
