//! How a transfer splits the bill (rule T-15).

use ofrecord_core::Event;
use ofrecord_core::event::subscription::{SubscriptionObserved, SubscriptionPurchased};
use ofrecord_core::event::transfer::SubscriptionTransferCompleted;
use ofrecord_core::vocabulary::{AutoRenew, ProductFamily};
use ofrecord_core::{PartnerTenantId, SubscriptionId};

use crate::billing::billing;
use crate::story::transfer::{completed, completion, transfer, transferred};
use crate::story::{Story, at, bought, p, product, purchase, q, seen_at, subscription, suspended, worldwide};
use crate::viewpoint::Period;

/// Per row: partner, subscription, first day, first day no longer, days.
#[track_caller]
fn check(story: &Story, expected: &[(PartnerTenantId, u32, &str, &str, u64)]) {
    let policy = worldwide();
    let rows = billing(&story.record(), Period::ALWAYS, &seen_at("2025-12-31", &policy));
    let told: Vec<_> =
        rows.iter().map(|row| (row.partner.unwrap(), row.subscription, row.from, row.to, row.days)).collect();
    let expected: Vec<(_, SubscriptionId, _, _, _)> = expected
        .iter()
        .map(|(partner, number, from, to, days)| (*partner, subscription(*number), at(from), at(to), *days))
        .collect();
    assert_eq!(told, expected);
    for row in &rows {
        assert_eq!(row.days, u64::try_from(row.to.days_since(row.from)).unwrap());
    }
}

/// A year from 12 July 2024, at Q.
fn sold(family: ProductFamily) -> Story {
    let sale = SubscriptionPurchased {
        product: product(family),
        commitment_end: Some(at("2025-07-11T23:59:59Z")),
        auto_renew: Some(AutoRenew::Off),
        ..purchase(1, q())
    };
    Story::new().on("2024-07-12", [bought(sale)])
}

fn split(day: &str, new: Option<u32>) -> Event {
    completed(SubscriptionTransferCompleted { billing_split_date: at(day), ..completion(1, new) })
}

fn modern() -> Story {
    sold(ProductFamily::NewCommerceLicense)
}

#[test]
fn w6_the_source_is_billed_through_the_day_of_the_transfer_and_the_target_from_the_next_on() {
    let expected = [(q(), 1, "2024-07-12", "2024-10-21", 101), (p(), 1, "2024-10-21", "2025-07-12", 264)];
    check(&modern().on("2024-10-20T10:00:00Z", [split("2024-10-20", None)]), &expected);
    // The first and the last instant of the day are no different.
    check(&modern().on("2024-10-20", [split("2024-10-20", None)]), &expected);
    check(&modern().on("2024-10-20T23:59:59Z", [split("2024-10-20", None)]), &expected);
    // Whatever the hour that the split itself carries.
    check(&modern().on("2024-10-20T10:00:00Z", [split("2024-10-20T10:00:00Z", None)]), &expected);
}

#[test]
fn a_split_before_or_after_the_completion_is_the_one_that_counts() {
    let before = modern().on("2024-10-20T10:00:00Z", [split("2024-10-15", None)]);
    check(&before, &[(q(), 1, "2024-07-12", "2024-10-16", 96), (p(), 1, "2024-10-16", "2025-07-12", 269)]);
    let after = modern().on("2024-10-20T10:00:00Z", [split("2024-10-31", None)]);
    check(&after, &[(q(), 1, "2024-07-12", "2024-11-01", 112), (p(), 1, "2024-11-01", "2025-07-12", 253)]);
}

#[test]
fn a_subscription_that_got_another_id_is_billed_under_one_of_them_on_any_day() {
    for family in [ProductFamily::LegacyLicense, ProductFamily::LegacyAzure, ProductFamily::NewCommerceLicense] {
        let to_the_new_id = |day: &str, split_on: &str| sold(family.clone()).on(day, [split(split_on, Some(2))]);
        let policy = worldwide();
        for (day, split_on, last) in [
            ("2024-10-20T10:00:00Z", "2024-10-20", "2024-10-21"),
            ("2024-10-20", "2024-10-20", "2024-10-21"),
            ("2024-10-20T10:00:00Z", "2024-10-15", "2024-10-16"),
            ("2024-10-20T10:00:00Z", "2024-10-31", "2024-11-01"),
        ] {
            let record = to_the_new_id(day, split_on).record();
            let rows = billing(&record, Period::ALWAYS, &seen_at("2024-12-31", &policy));
            let told: Vec<_> = rows.iter().map(|row| (row.partner, row.subscription, row.from, row.to)).collect();
            assert_eq!(
                told,
                [
                    (Some(q()), subscription(1), at("2024-07-12"), at(last)),
                    (Some(p()), subscription(2), at(last), at("2025-01-01")),
                ],
                "{family} on {day}, split on {split_on}"
            );
        }
    }
}

#[test]
fn the_target_is_billed_by_its_own_status() {
    let story = sold(ProductFamily::LegacyLicense)
        .on("2024-10-20T10:00:00Z", [split("2024-10-20", Some(2))])
        .on("2024-11-10T10:00:00Z", [suspended(2)]);
    check(&story, &[(q(), 1, "2024-07-12", "2024-10-21", 101), (p(), 2, "2024-10-21", "2024-11-11", 21)]);
}

#[test]
fn two_transfers_split_the_bill_twice() {
    let back = SubscriptionTransferCompleted {
        source: p(),
        target: q(),
        billing_split_date: at("2024-12-01"),
        ..completion(1, None)
    };
    let story =
        modern().on("2024-10-20T10:00:00Z", [split("2024-10-20", None)]).on("2024-12-01T10:00:00Z", [completed(back)]);
    check(
        &story,
        &[
            (q(), 1, "2024-07-12", "2024-10-21", 101),
            (p(), 1, "2024-10-21", "2024-12-02", 42),
            (q(), 1, "2024-12-02", "2025-07-12", 222),
        ],
    );
}

/// The partner to whom the second of two transfers goes.
fn r() -> PartnerTenantId {
    "dddddddd-0000-4000-8000-000000000004".parse().unwrap()
}

/// Q to P, completed on 20 October, then P to R, completed on 25 October, each with its split and under these ids.
fn twice(splits: [&str; 2], [first, second, third]: [u32; 3]) -> Story {
    let renamed = |from: u32, to: u32| (from != to).then_some(to);
    let on_again = SubscriptionTransferCompleted {
        transfer: transfer(9),
        source: p(),
        target: r(),
        billing_split_date: at(splits[1]),
        ..completion(second, renamed(second, third))
    };
    let sale = SubscriptionPurchased { commitment_end: Some(at("2025-07-11T23:59:59Z")), ..purchase(first, q()) };
    Story::new()
        .on("2024-07-12", [bought(SubscriptionPurchased { product: product(ProductFamily::LegacyLicense), ..sale })])
        .on("2024-10-20T10:00:00Z", [split(splits[0], renamed(first, second))])
        .on("2024-10-25T10:00:00Z", [completed(on_again)])
}

#[test]
fn a_second_transfer_moves_the_days_that_its_source_had_and_no_others() {
    // The two splits, the first day of P, and that of R; where they are one, P has no day at all.
    let rows = [
        (["2024-10-20", "2024-10-25"], "2024-10-21", "2024-10-26"),
        (["2024-10-15", "2024-10-22"], "2024-10-16", "2024-10-23"),
        (["2024-10-23", "2024-10-25"], "2024-10-24", "2024-10-26"),
        (["2024-10-20", "2024-10-20"], "2024-10-21", "2024-10-21"),
        (["2024-10-31", "2024-10-25"], "2024-11-01", "2024-11-01"),
        (["2024-10-31", "2024-11-05"], "2024-11-01", "2024-11-06"),
        (["2024-10-31", "2024-10-31"], "2024-11-01", "2024-11-01"),
        (["2024-10-15", "2024-10-10"], "2024-10-16", "2024-10-16"),
        (["2024-10-31", "2024-10-10"], "2024-11-01", "2024-11-01"),
        (["2024-10-10", "2024-11-05"], "2024-10-11", "2024-11-06"),
    ];
    let policy = worldwide();
    for (splits, of_p, of_r) in rows {
        for ids in [[1, 1, 1], [1, 2, 3], [1, 2, 2], [1, 1, 2]] {
            let rows = billing(&twice(splits, ids).record(), Period::ALWAYS, &seen_at("2024-12-31", &policy));
            let told: Vec<_> = rows.iter().map(|row| (row.subscription, row.partner, row.from, row.to)).collect();
            let [first, second, third] = ids.map(subscription);
            let mut expected = vec![
                (first, Some(q()), at("2024-07-12"), at(of_p)),
                (second, Some(p()), at(of_p), at(of_r)),
                (third, Some(r()), at(of_r), at("2025-01-01")),
            ];
            expected.retain(|(_, _, from, to)| from < to);
            assert_eq!(told, expected, "{splits:?} {ids:?}");
        }
    }
}

#[test]
fn what_came_back_without_a_transfer_is_not_handed_on_by_an_older_one() {
    let seen = Event::SubscriptionObserved(Box::new(SubscriptionObserved {
        owner: Some(q()),
        ..SubscriptionObserved::of(subscription(1))
    }));
    let story =
        modern().on("2024-10-20T10:00:00Z", [split("2024-10-31", None)]).on("2024-10-25T00:00:00Z", [seen.clone()]);
    check(&story, &[(q(), 1, "2024-07-12", "2025-07-12", 365)]);
    let later = modern().on("2024-10-20T10:00:00Z", [split("2024-10-20", None)]).on("2024-12-01", [seen]);
    let expected = [
        (q(), 1, "2024-07-12", "2024-10-21", 101),
        (p(), 1, "2024-10-21", "2024-12-01", 41),
        (q(), 1, "2024-12-01", "2025-07-12", 223),
    ];
    check(&later, &expected);
}

#[test]
fn a_transfer_of_another_subscription_leaves_the_bill_alone() {
    let other = modern().on("2024-07-12", [bought(purchase(3, q()))]).on("2024-10-20", [transferred(3, None)]);
    let policy = worldwide();
    let of_first = |story: &Story| -> Vec<_> {
        let rows = billing(&story.record(), Period::ALWAYS, &seen_at("2025-12-31", &policy));
        rows.into_iter().filter(|row| row.subscription == subscription(1)).collect()
    };
    assert_eq!(of_first(&other), of_first(&modern()));
}

#[test]
fn each_side_names_the_completion_that_moved_the_days_to_it() {
    let policy = worldwide();
    let story = modern().on("2024-10-20T10:00:00Z", [split("2024-10-31", None)]);
    let rows = billing(&story.record(), Period::ALWAYS, &seen_at("2025-12-31", &policy));
    assert_eq!(rows[0].positions, [story.entries[0].position, story.last()]);
    assert!(rows[1].positions.contains(&story.last()));
}
