//! Spells of status: what events set, what time alone brings about, and what lies ahead.

use ofrecord_core::event::subscription::{SubscriptionPurchased, SubscriptionReactivated, SubscriptionRenewed};
use ofrecord_core::vocabulary::{AutoRenew, BillingCycle, ProductFamily, TermDuration};
use ofrecord_core::{Event, Policy};

use super::status_history;
use crate::story::{Story, at, bought, china, product, purchase, q, seen_at, subscription, suspended, worldwide};

/// A spell as a test writes it: status, rule, first day, first day no longer in it (or `-`).
type Drawn<'a> = (&'a str, &'a str, &'a str, &'a str);

fn check(story: &Story, policy: &Policy, as_of: &str, expected: &[Drawn<'_>]) {
    let drawn: Vec<_> = status_history(&story.record(), &seen_at(as_of, policy))
        .into_iter()
        .map(|spell| {
            let to = spell.to.map_or_else(|| "-".to_owned(), |to| to.to_string());
            (spell.status.to_string(), spell.rule.unwrap_or("-").to_owned(), spell.from.to_string(), to)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(status, rule, from, to)| {
            let to = if *to == "-" { "-".to_owned() } else { at(to).to_string() };
            ((*status).to_owned(), (*rule).to_owned(), at(from).to_string(), to)
        })
        .collect();
    assert_eq!(drawn, expected);
}

fn new_commerce(auto_renew: AutoRenew) -> Story {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        commitment_end: Some(at("2024-12-31T23:59:59Z")),
        auto_renew: Some(auto_renew),
        ..purchase(1, q())
    };
    Story::new().on("2024-01-01", [bought(sale)])
}

#[test]
fn a_legacy_subscription_that_stays_suspended_is_gone_after_the_clouds_days() {
    let story = Story::new().on("2023-06-01", [bought(purchase(1, q()))]).on("2024-01-01", [suspended(1)]);
    let spells = |gone| {
        [
            ("active", "-", "2023-06-01", "2024-01-01"),
            ("suspended", "-", "2024-01-01", gone),
            ("deleted", "U-17", gone, "-"),
        ]
    };
    check(&story, &china(), "2024-06-01", &spells("2024-03-01"));
    check(&story, &worldwide(), "2024-06-01", &spells("2024-03-31"));
}

#[test]
fn what_time_alone_will_bring_lies_beyond_the_instant_asked_about() {
    let ending = [
        ("active", "-", "2024-01-01", "2025-01-01"),
        ("expired", "U-17", "2025-01-01", "2025-01-31"),
        ("disabled", "U-17", "2025-01-31", "2025-05-01"),
        ("deleted", "U-17", "2025-05-01", "-"),
    ];
    for as_of in ["2024-01-01", "2024-06-01", "2025-02-15", "2030-01-01"] {
        check(&new_commerce(AutoRenew::Off), &worldwide(), as_of, &ending);
    }
}

#[test]
fn an_event_that_comes_in_time_takes_the_place_of_what_time_would_have_brought() {
    let back = Event::SubscriptionReactivated(SubscriptionReactivated { subscription: subscription(1) });
    let story = Story::new()
        .on("2023-06-01", [bought(purchase(1, q()))])
        .on("2024-01-01", [suspended(1)])
        .on("2024-02-01", [back]);
    let expected = [
        ("active", "-", "2023-06-01", "2024-01-01"),
        ("suspended", "-", "2024-01-01", "2024-02-01"),
        ("active", "-", "2024-02-01", "-"),
    ];
    check(&story, &china(), "2024-06-01", &expected);
    check(&story, &china(), "2023-12-31", &[("active", "-", "2023-06-01", "-")]);
    check(&story, &china(), "2023-05-31", &[]);
}

#[test]
fn a_renewal_that_was_not_seen_is_a_spell_of_its_own() {
    let renewed = |day: &str| {
        Event::SubscriptionRenewed(SubscriptionRenewed {
            subscription: subscription(1),
            product: product(ProductFamily::NewCommerceLicense).id,
            quantity: 25,
            term: TermDuration::P1Y,
            billing_cycle: BillingCycle::Annual,
            commitment_end: Some(at(day)),
            cancellation_allowed_until: None,
        })
    };
    let unseen = [("active", "-", "2024-01-01", "2025-01-01"), ("active", "U-18", "2025-01-01", "-")];
    check(&new_commerce(AutoRenew::On), &worldwide(), "2025-06-01", &unseen);
    let in_time = new_commerce(AutoRenew::On).on("2024-12-31", [renewed("2025-12-31T23:59:59Z")]);
    let seen = [("active", "-", "2024-01-01", "2026-01-01"), ("active", "U-18", "2026-01-01", "-")];
    check(&in_time, &worldwide(), "2025-06-01", &seen);
}

#[test]
fn a_spell_names_the_entries_it_follows_from_and_those_that_end_it() {
    let story = Story::new().on("2023-06-01", [bought(purchase(1, q()))]);
    let sale = story.last();
    let story = story.on("2024-01-01", [suspended(1)]);
    let policy = china();
    let spells = status_history(&story.record(), &seen_at("2024-06-01", &policy));
    let cited: Vec<_> = spells.into_iter().map(|spell| (spell.positions, spell.ended_by)).collect();
    let both = vec![sale, story.last()];
    assert_eq!(cited, [(vec![sale], vec![story.last()]), (both.clone(), vec![]), (both, vec![])]);
}
