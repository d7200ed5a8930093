//! States that time alone brings about: rules U-17, U-18, U-9 and L-7.

use ofrecord_core::Cloud;
use ofrecord_core::vocabulary::SubscriptionStatus;
use serde_json::{Value, json};

use crate::shop::{BOUGHT, LATER, S1, SOON, at, id, legacy, nce, on, purchase, shop, sold};
use crate::story::Story;

/// The status of the subscription at each instant, with the rule that brought it about.
#[track_caller]
fn check(story: &Story, rows: &[(&str, &str, Option<&str>)]) {
    let customer = story.customer();
    let subscription = customer.subscriptions.by_id.get(&id(S1)).unwrap();
    for (instant, status, rule) in rows {
        let found = subscription.status_at(at(instant), &story.policy);
        assert_eq!((found.status.as_str(), found.rule), (*status, *rule), "at {instant}");
    }
}

fn suspend() -> Value {
    on("SubscriptionSuspended", S1, json!({"reason": "non_payment"}))
}

fn observed(fields: Value) -> Value {
    crate::shop::with(json!({"type": "SubscriptionObserved", "subscription": S1}), fields)
}

const BY_TIME: Option<&str> = Some("U-17");

#[test]
fn what_is_not_renewed_expires_then_is_disabled_then_deleted() {
    check(
        &sold("new_commerce_license", json!({"auto_renew": "off"})),
        &[
            (SOON, "active", None),
            ("2025-02-28T23:59:59.9999999Z", "active", None),
            ("2025-03-01T00:00:00Z", "expired", BY_TIME),
            ("2025-03-30T23:59:59Z", "expired", BY_TIME),
            ("2025-03-31T00:00:00Z", "disabled", BY_TIME),
            ("2025-06-28T23:59:59Z", "disabled", BY_TIME),
            ("2025-06-29T00:00:00Z", "deleted", BY_TIME),
        ],
    );
}

#[test]
fn what_renews_by_itself_stays_active_even_where_the_renewal_was_not_seen() {
    check(&nce(), &[("2025-02-28T00:00:00Z", "active", None), ("2030-01-01T00:00:00Z", "active", Some("U-18"))]);
}

#[test]
fn a_new_commerce_suspension_ends_in_disabled_at_the_end_of_the_term() {
    check(
        &nce().told(LATER, suspend()),
        &[
            ("2025-02-28T23:59:59Z", "suspended", None),
            ("2025-03-01T00:00:00Z", "disabled", BY_TIME),
            ("2025-06-28T23:59:59Z", "disabled", BY_TIME),
            ("2025-06-29T00:00:00Z", "deleted", BY_TIME),
        ],
    );
}

#[test]
fn a_legacy_suspension_ends_in_deletion_after_the_days_of_the_cloud() {
    let suspended = |cloud| shop(cloud).told(BOUGHT, purchase(S1, "legacy_license")).told(LATER, suspend());
    check(
        &suspended(Cloud::China21Vianet),
        &[("2024-07-30T23:59:59Z", "suspended", None), ("2024-07-31T00:00:00Z", "deleted", BY_TIME)],
    );
    check(
        &suspended(Cloud::Worldwide),
        &[("2024-08-29T23:59:59Z", "suspended", None), ("2024-08-30T00:00:00Z", "deleted", BY_TIME)],
    );
    check(&legacy(), &[("2030-01-01T00:00:00Z", "active", None)]);
}

#[test]
fn a_second_sighting_does_not_begin_a_suspension_anew() {
    let story = legacy().told(LATER, suspend()).told("2024-07-15T00:00:00Z", observed(json!({"status": "suspended"})));
    check(&story, &[("2024-07-31T00:00:00Z", "deleted", BY_TIME)]);
}

#[test]
fn a_source_that_sees_it_after_the_term_knows_better() {
    let off = || sold("new_commerce_license", json!({"auto_renew": "off"}));
    let active = off().told("2025-03-05T00:00:00Z", observed(json!({"status": "active"})));
    check(&active, &[("2025-03-06T00:00:00Z", "active", None), ("2030-01-01T00:00:00Z", "active", None)]);
    let at_once = off().told("2025-03-01T00:00:00Z", observed(json!({"status": "active"})));
    check(&at_once, &[("2025-03-01T00:00:00Z", "active", None), ("2030-01-01T00:00:00Z", "active", None)]);
    let expired = off().told("2025-03-05T00:00:00Z", observed(json!({"status": "expired"})));
    check(
        &expired,
        &[
            ("2025-03-06T00:00:00Z", "expired", None),
            ("2025-03-31T00:00:00Z", "disabled", BY_TIME),
            ("2025-06-29T00:00:00Z", "deleted", BY_TIME),
        ],
    );
    let disabled = off().told("2025-04-05T00:00:00Z", observed(json!({"status": "disabled"})));
    check(&disabled, &[("2025-06-28T23:59:59Z", "disabled", None), ("2025-06-29T00:00:00Z", "deleted", BY_TIME)]);
}

#[test]
fn a_state_seen_without_the_term_counts_from_its_sighting() {
    let no_term = json!({"commitment_end": null, "auto_renew": "off"});
    let expired = sold("new_commerce_license", no_term).told(LATER, observed(json!({"status": "expired"})));
    check(
        &expired,
        &[
            (LATER, "expired", None),
            ("2024-07-01T00:00:00Z", "disabled", BY_TIME),
            ("2024-09-29T00:00:00Z", "deleted", BY_TIME),
        ],
    );
}

#[test]
fn a_trial_ends_after_thirty_days_unless_it_renews() {
    let trial = |renew: &str| {
        let fields = json!({"trial": "trial", "commitment_end": null, "auto_renew": renew});
        sold("new_commerce_license", fields)
    };
    check(&trial("off"), &[("2024-03-30T23:59:59Z", "active", None), ("2024-03-31T00:00:00Z", "expired", BY_TIME)]);
    check(&trial("on"), &[("2024-03-31T00:00:00Z", "active", Some("U-18"))]);
}

#[test]
fn nothing_is_computed_for_a_family_nobody_knows() {
    let unknown = sold("hardware", json!({"auto_renew": "off"})).told(LATER, suspend());
    check(&unknown, &[("2030-01-01T00:00:00Z", "suspended", None)]);
}

#[test]
fn without_any_status_none_is_answered() {
    let story = shop(Cloud::Worldwide).told(SOON, json!({"type": "SubscriptionUpdateNotified", "subscription": S1}));
    let subscription = story.customer().subscriptions.by_id[&id(S1)].clone();
    let found = subscription.status_at(at(LATER), &story.policy);
    assert_eq!((found.status, found.since, found.set), (SubscriptionStatus::None, at(SOON), subscription.first_seen));
}

#[test]
fn a_pending_operation_is_over_after_its_hours_or_with_the_next_update() {
    let pending = on("SubscriptionOperationPending", S1, json!({"operation": "conversion"}));
    let story = nce().told(SOON, pending);
    let pending_at = |story: &Story, instant: &str| {
        let customer = story.customer();
        customer.subscriptions.by_id[&id(S1)].pending_at(at(instant), &story.policy).is_some()
    };
    assert!(pending_at(&story, SOON));
    assert!(pending_at(&story, "2024-03-05T23:59:59Z"));
    assert!(!pending_at(&story, "2024-03-06T00:00:00Z"));
    let done = story.told(SOON, on("SubscriptionSeatsChanged", S1, json!({"before": 10, "after": 11})));
    assert!(!pending_at(&done, SOON));
}
