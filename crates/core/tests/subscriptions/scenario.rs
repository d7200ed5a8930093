//! Worked scenarios W-7 and W-8, and a sale from order to end.

use ofrecord_core::Cloud;
use ofrecord_core::vocabulary::SubscriptionStatus;
use serde_json::json;

use crate::shop::{BOUGHT, C, P, Q, S1, agent, at, happens, id, nce, on, product, purchase, refused, shop};

#[test]
fn scenario_w7_a_cancellation_a_second_too_late() {
    let cancel = || on("CancelSubscription", S1, json!({}));
    let late = "2024-03-08T00:00:01Z";
    let refusal = nce().at(late, &agent(Q), Some(C), cancel());
    let ofrecord_core::Outcome::Refused(refusal) = refusal else { panic!("{refusal:?}") };
    assert_eq!((refusal.upstream_status, refusal.upstream_code), (Some(400), Some(900_117)));
    let in_time = "2024-03-07T23:59:00Z";
    let story = happens(nce(), in_time, agent(Q), cancel(), &["SubscriptionCancelled"]);
    let subscription = story.customer().subscriptions.by_id[&id(S1)].clone();
    assert_eq!(subscription.status_at(at(in_time), &story.policy).status, SubscriptionStatus::Deleted);
    assert_eq!(subscription.terms.data_kept_until.unwrap().value, at("2024-03-14T23:59:00Z"));
}

#[test]
fn scenario_w8_a_suspension_and_the_days_of_the_cloud() {
    let suspended = |cloud| {
        let bought = ofrecord_core::StreamId::Customer(C.parse().unwrap());
        let story = shop(cloud).on("2023-06-01T00:00:00Z", bought, purchase(S1, "legacy_license"));
        let asked = on("SuspendSubscription", S1, json!({"reason": "non_payment"}));
        happens(story, "2024-01-01T00:00:00Z", agent(Q), asked, &["SubscriptionSuspended"])
    };
    let status = |cloud, instant: &str| {
        let story = suspended(cloud);
        story.customer().subscriptions.by_id[&id(S1)].status_at(at(instant), &story.policy).status
    };
    assert_eq!(status(Cloud::Worldwide, "2024-02-28T00:00:00Z"), SubscriptionStatus::Suspended);
    assert_eq!(status(Cloud::China21Vianet, "2024-02-28T00:00:00Z"), SubscriptionStatus::Suspended);
    assert_eq!(status(Cloud::Worldwide, "2024-04-01T00:00:00Z"), SubscriptionStatus::Deleted);
    assert_eq!(status(Cloud::China21Vianet, "2024-03-02T00:00:00Z"), SubscriptionStatus::Deleted);
}

#[test]
fn a_sale_from_the_order_to_its_end() {
    let line = json!({"subscription": S1, "product": product("product-1", "new_commerce_license"), "quantity": 10,
        "term": "P1Y", "billing_cycle": "monthly"});
    let order = json!({"type": "PlaceOrder", "order": "order-1", "lines": [line]});
    let story = happens(shop(Cloud::Worldwide), BOUGHT, agent(Q), order, &["OrderPlaced", "SubscriptionPurchased"]);
    refused(
        story.clone(),
        BOUGHT,
        agent(P),
        on("AddSeats", S1, json!({"seats": 1})),
        ("S-3", "partner_does_not_own_subscription"),
    );
    let add = on("AddSeats", S1, json!({"seats": 5}));
    let story = happens(story, "2024-06-01T00:00:00Z", agent(Q), add, &["SubscriptionSeatsChanged"]);
    let off = on("SetAutoRenew", S1, json!({"auto_renew": "off"}));
    let story = happens(story, "2024-07-01T00:00:00Z", agent(Q), off, &["SubscriptionAutoRenewChanged"]);
    let subscription = story.customer().subscriptions.by_id[&id(S1)].clone();
    assert_eq!(subscription.terms.updates, 2);
    assert_eq!(subscription.owner.as_ref().unwrap().value.to_string(), Q);
    let after = subscription.status_at(at("2025-03-01T00:00:00Z"), &story.policy);
    assert_eq!((after.status, after.since), (SubscriptionStatus::Expired, at("2025-03-01T00:00:00Z")));
}
