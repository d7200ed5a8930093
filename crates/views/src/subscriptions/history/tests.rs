//! Intervals of subscriptions: what a fact ends, and what only time ends.

use ofrecord_core::Event;
use ofrecord_core::event::subscription::{SubscriptionPurchased, SubscriptionUpdateNotified};
use ofrecord_core::vocabulary::{AutoRenew, ProductFamily, SubscriptionStatus};

use super::subscription_history;
use crate::story::{Story, at, bought, product, purchase, q, subscription, suspended, worldwide};

fn sold(auto_renew: AutoRenew) -> Story {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        commitment_end: Some(at("2024-12-31T23:59:59Z")),
        auto_renew: Some(auto_renew),
        ..purchase(1, q())
    };
    Story::new().on("2024-01-01", [bought(sale)])
}

/// From, to, the status with the rule of time behind it, and how many entries ended it.
type Drawn = (&'static str, Option<&'static str>, SubscriptionStatus, Option<&'static str>, usize);

#[track_caller]
fn check(story: &Story, expected: &[Drawn]) {
    let drawn: Vec<_> = subscription_history(&story.record(), u64::MAX, &worldwide())
        .into_iter()
        .filter(|one| one.known_to.is_none())
        .map(|one| (one.valid_from, one.valid_to, one.value.status, one.value.status_rule, one.ended_by.len()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(from, to, status, rule, ended_by)| (at(from), to.map(at), status.clone(), *rule, *ended_by))
        .collect();
    assert_eq!(drawn, expected);
}

#[test]
fn time_alone_ends_an_interval_and_names_no_entry() {
    check(
        &sold(AutoRenew::Off),
        &[
            ("2024-01-01", Some("2025-01-01"), SubscriptionStatus::Active, None, 0),
            ("2025-01-01", Some("2025-01-31"), SubscriptionStatus::Expired, Some("U-17"), 0),
            ("2025-01-31", Some("2025-05-01"), SubscriptionStatus::Disabled, Some("U-17"), 0),
            ("2025-05-01", None, SubscriptionStatus::Deleted, Some("U-17"), 0),
        ],
    );
}

#[test]
fn the_same_status_for_another_reason_is_another_interval() {
    check(
        &sold(AutoRenew::On),
        &[
            ("2024-01-01", Some("2025-01-01"), SubscriptionStatus::Active, None, 0),
            ("2025-01-01", None, SubscriptionStatus::Active, Some("U-18"), 0),
        ],
    );
}

#[test]
fn a_fact_ends_an_interval_and_is_named() {
    let story = sold(AutoRenew::On).on("2024-03-01", [suspended(1)]);
    let drawn = subscription_history(&story.record(), u64::MAX, &worldwide());
    let now: Vec<_> = drawn.iter().filter(|one| one.known_to.is_none()).collect();
    assert_eq!(now[0].valid_to, Some(at("2024-03-01")));
    assert_eq!(now[0].ended_by, [story.last()]);
    assert_eq!(now[0].positions, now[0].value.positions);
    assert_eq!(now[1].value.status, SubscriptionStatus::Suspended);
}

#[test]
fn a_fact_that_no_row_shows_begins_no_interval() {
    let notified = Event::SubscriptionUpdateNotified(SubscriptionUpdateNotified { subscription: subscription(1) });
    let before = sold(AutoRenew::On);
    let after = before.clone().on("2024-03-01", [notified]);
    let drawn = |story: &Story| subscription_history(&story.record(), u64::MAX, &worldwide());
    assert_eq!(drawn(&before), drawn(&after));
}
