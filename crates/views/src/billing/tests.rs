//! Who is billed for which days.

use ofrecord_core::event::subscription::{
    SubscriptionDeleted, SubscriptionObserved, SubscriptionPurchased, SubscriptionReactivated,
};
use ofrecord_core::vocabulary::{ProductFamily, SubscriptionStatus, Trial};
use ofrecord_core::{Event, Timestamp};

use super::{Billed, BillingRow, billing};
use crate::laws::nothing_shown;
use crate::story::{Story, at, bought, china, p, product, purchase, q, seen_at, subscription, suspended};
use crate::viewpoint::{Period, Viewpoint};

mod transfer;

fn rows(story: &Story, as_of: &str) -> Vec<BillingRow> {
    let policy = china();
    let period = Period { from: at("2024-01-01"), to: at("2024-04-01") };
    billing(&story.record(), period, &seen_at(as_of, &policy))
}

#[track_caller]
fn check(story: &Story, expected: &[(&str, &str, u64)]) {
    let days: Vec<_> = rows(story, "2024-12-01").into_iter().map(|row| (row.from, row.to, row.days)).collect();
    let expected: Vec<_> = expected.iter().map(|(from, to, days)| (at(from), at(to), *days)).collect();
    assert_eq!(days, expected);
}

fn sold(family: ProductFamily) -> Story {
    let sale = SubscriptionPurchased { product: product(family), ..purchase(1, q()) };
    Story::new().on("2024-01-10T10:00:00Z", [bought(sale)])
}

fn resumed() -> Event {
    Event::SubscriptionReactivated(SubscriptionReactivated { subscription: subscription(1) })
}

#[test]
fn days_are_billed_from_the_day_of_the_purchase_to_the_end_of_the_period() {
    check(&sold(ProductFamily::LegacyLicense), &[("2024-01-10", "2024-04-01", 82)]);
}

#[test]
fn a_suspended_legacy_subscription_is_not_billed() {
    let paused =
        |family| sold(family).on("2024-02-01T12:00:00Z", [suspended(1)]).on("2024-02-10T12:00:00Z", [resumed()]);
    let legacy = paused(ProductFamily::LegacyLicense);
    check(&legacy, &[("2024-01-10", "2024-02-02", 23), ("2024-02-11", "2024-04-01", 50)]);
    check(&paused(ProductFamily::NewCommerceLicense), &[("2024-01-10", "2024-04-01", 82)]);
}

#[test]
fn whether_days_are_billed_is_not_guessed() {
    let sale = |sale: SubscriptionPurchased| Story::new().on("2024-01-10", [bought(sale)]);
    let told = |story: &Story| rows(story, "2024-03-01").iter().map(|row| row.billed).collect::<Vec<_>>();
    let known = || purchase(1, q());
    assert_eq!(told(&sale(known())), [Billed::Billed]);
    assert_eq!(told(&sale(SubscriptionPurchased { trial: None, ..known() })), [Billed::NotSaid]);
    let unknown = Some(Trial::from_wire("maybe"));
    assert_eq!(told(&sale(SubscriptionPurchased { trial: unknown, ..known() })), [Billed::NotSaid]);
    let family = SubscriptionPurchased { product: product(ProductFamily::NotStated), ..known() };
    let story = sale(family).on("2024-02-01", [suspended(1)]);
    assert_eq!(told(&story), [Billed::Billed, Billed::NotSaid]);
}

#[test]
fn nothing_is_billed_before_the_purchase_after_the_deletion_or_for_a_trial() {
    let gone = Event::SubscriptionDeleted(SubscriptionDeleted { subscription: subscription(1) });
    let story = sold(ProductFamily::LegacyLicense).on("2024-01-20", [gone]);
    check(&story, &[("2024-01-10", "2024-01-20", 10)]);
    let trial = SubscriptionPurchased { trial: Some(Trial::Trial), ..purchase(1, q()) };
    check(&Story::new().on("2024-01-10", [bought(trial)]), &[]);
}

#[test]
fn a_term_that_ends_ends_the_billing() {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        commitment_end: Some(at("2024-02-09T23:59:59Z")),
        auto_renew: Some(ofrecord_core::vocabulary::AutoRenew::Off),
        ..purchase(1, q())
    };
    check(&Story::new().on("2024-01-10", [bought(sale)]), &[("2024-01-10", "2024-02-10", 31)]);
}

#[test]
fn the_day_on_which_the_owner_changes_stays_with_the_former_one() {
    let other = Event::SubscriptionObserved(Box::new(SubscriptionObserved { owner: Some(p()), ..nothing_shown(1) }));
    let rows = rows(&sold(ProductFamily::LegacyLicense).on("2024-02-01T15:00:00Z", [other]), "2024-12-01");
    let owners: Vec<_> = rows.iter().map(|row| (row.partner, row.to)).collect();
    assert_eq!(owners, [(Some(q()), at("2024-02-02")), (Some(p()), at("2024-04-01"))]);
}

#[test]
fn days_after_the_instant_asked_about_are_not_told() {
    let days: u64 = rows(&sold(ProductFamily::LegacyLicense), "2024-01-12T08:00:00Z").iter().map(|row| row.days).sum();
    assert_eq!(days, 3);
}

#[test]
fn a_status_that_no_source_gives_is_not_taken_for_billed() {
    let seen = |status: Option<SubscriptionStatus>| {
        let shown = SubscriptionObserved { status, owner: Some(q()), trial: Some(Trial::Paid), ..nothing_shown(1) };
        rows(&Story::new().on("2024-01-10", [Event::SubscriptionObserved(Box::new(shown))]), "2024-12-01")
    };
    for status in [None, Some(SubscriptionStatus::from_wire("frozen"))] {
        assert!(seen(status).iter().all(|row| row.billed == Billed::NotSaid));
    }
    assert!(seen(Some(SubscriptionStatus::Active)).iter().all(|row| row.billed == Billed::Billed));
}

#[test]
fn a_period_without_end_is_answered_as_fast_as_a_short_one() {
    let policy = china();
    let viewpoint = Viewpoint { as_of: Timestamp::MAX, known_below: u64::MAX, policy: &policy };
    let rows = billing(&sold(ProductFamily::LegacyLicense).record(), Period::ALWAYS, &viewpoint);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].from, at("2024-01-10"));
}
