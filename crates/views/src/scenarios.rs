//! Worked scenarios, as their views answer them.

use ofrecord_core::ground;
use ofrecord_core::vocabulary::{ProductFamily, Services, SubscriptionStatus};
use ofrecord_core::{Event, PartnerTenantId, Timestamp};

use crate::record::CustomerRecord;
use crate::story::{
    Story, accepted, at, azure_role, bought, china, customer, dap, dap_removed, names, p, product, purchase, q,
    removed, seen_at, subscription, suspended, worldwide,
};
use crate::*;

mod granular;

fn partners_of(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<PartnerTenantId> {
    resellers(record, viewpoint).into_iter().map(|row| row.partner).collect()
}

/// W-1: Q sells an annual E3 from 2018-01-05; P joins for Azure on 2018-06-01.
fn w1() -> Story {
    let e3 = ofrecord_core::event::subscription::SubscriptionPurchased {
        commitment_end: Some(at("2019-01-04T23:59:59Z")),
        partner_id_on_record: Some("4847383".parse().unwrap()),
        ..purchase(1, q())
    };
    Story::new()
        .on("2018-01-04", [accepted(q()), dap(q(), Services::All)])
        .on("2018-01-05", [bought(e3)])
        .on("2018-06-01", [accepted(p())])
}

#[test]
fn a_second_reseller_leaves_the_first_ones_subscription_as_it_was() {
    let policy = china();
    let record = w1().record();
    let before = seen_at("2018-05-31", &policy);
    let after = seen_at("2018-06-02", &policy);
    assert_eq!(partners_of(&record, &before), [q()]);
    assert_eq!(partners_of(&record, &after), [q(), p()]);
    assert_eq!(subscriptions(&record, &before), subscriptions(&record, &after));
    let row = subscriptions(&record, &after).remove(0);
    assert_eq!((row.owner, row.quantity), (Some(q()), Some(25)));
    assert_eq!(row.commitment_end, Some(at("2019-01-04T23:59:59Z")));
    assert_eq!(row.partner_of_record.reseller_of_record, OfRecord::Partner("4847383".parse().unwrap()));
    assert_eq!(row.status, SubscriptionStatus::Active);
    assert!(interference(&record, u64::MAX).holds());
}

#[test]
fn a_refused_command_of_the_newcomer_shows_in_the_timeline_alone() {
    let policy = china();
    let after = seen_at("2018-06-05", &policy);
    let before = w1().record();
    let refused = w1().refused("2018-06-03", &ground::relationship::NOT_A_RESELLER, &suspended(1)).record();
    assert_eq!(subscriptions(&before, &after), subscriptions(&refused, &after));
    assert_eq!(present_row(&before), present_row(&refused));
    let query = TimelineQuery {
        subscription: Some(subscription(1)),
        shown: Shown::RefusalsOnly,
        ..TimelineQuery::all(u64::MAX)
    };
    let rows = timeline(&refused, &query);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].refusal.as_ref().unwrap().code, "not_a_reseller");
}

#[test]
fn removing_dap_leaves_the_reseller_and_what_it_sold() {
    let policy = china();
    let story = w1().on("2018-06-02", [azure_role(q())]).on("2018-07-01", [dap_removed(q(), Services::All)]);
    let record = story.record();
    let (before, after) = (seen_at("2018-06-30", &policy), seen_at("2018-07-01", &policy));
    assert_eq!(partners_of(&record, &after), [q(), p()]);
    assert_eq!(subscriptions(&record, &before), subscriptions(&record, &after));
    let left: Vec<_> = access(&record, &after).into_iter().map(|row| (row.partner, row.mechanism)).collect();
    assert_eq!(left, [(q(), Mechanism::AzureRole)]);
    let period = Period { from: at("2018-07-01"), to: at("2018-08-01") };
    let billed = billing(&record, period, &seen_at("2018-09-01", &policy));
    assert_eq!((billed.len(), billed[0].partner, billed[0].days), (1, Some(q()), 31));
}

#[test]
fn a_service_can_be_administered_by_one_reseller_after_the_other() {
    let policy = china();
    let exchange = names(&["Exchange"]);
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), exchange.clone()), accepted(p())])
        .refused("2024-02-01", &ground::relationship::ONE_CSP_PARTNER_WITH_DAP_PER_SERVICE, &dap(p(), exchange.clone()))
        .on("2024-03-01", [dap_removed(q(), exchange.clone())])
        .on("2024-03-02", [dap(p(), exchange)]);
    let record = story.record();
    let holders =
        |day: &str| -> Vec<_> { access(&record, &seen_at(day, &policy)).into_iter().map(|row| row.partner).collect() };
    assert_eq!(holders("2024-02-15"), [q()]);
    assert_eq!(holders("2024-03-01T12:00:00Z"), []);
    assert_eq!(holders("2024-03-02"), [p()]);
    let found = findings(&record, &Default::default(), &seen_at("2024-04-01", &policy));
    assert!(found.iter().all(|finding| finding.code != FindingCode::TwoResellersWithDapOnService));
}

#[test]
fn what_a_removed_reseller_sold_stays_with_it() {
    let policy = china();
    let story = Story::new()
        .on("2024-01-01", [accepted(p()), bought(purchase(1, p()))])
        .refused("2024-01-10", &ground::relationship::ACTIVE_SUBSCRIPTIONS_EXIST, &removed(p()))
        .on("2024-01-11", [suspended(1)])
        .on("2024-01-12", [removed(p())]);
    let record = story.record();
    let after = seen_at("2024-01-12", &policy);
    assert_eq!(partners_of(&record, &seen_at("2024-01-11", &policy)), [p()]);
    assert_eq!(partners_of(&record, &after), []);
    let row = subscriptions(&record, &after).remove(0);
    assert_eq!((row.owner, row.status), (Some(p()), SubscriptionStatus::Suspended));
    assert!(interference(&record, u64::MAX).holds());
    let gaps = reseller_gaps(&record, &seen_at("2024-02-01", &policy));
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].from, gaps[0].to), (at("2024-01-12"), None));
    assert_eq!(gaps[0].positions, [record.entries()[0].position, record.entries()[3].position]);
}

#[test]
fn a_cancelled_subscription_is_deleted_with_its_data_kept() {
    let policy = worldwide();
    let until = at("2024-03-08");
    let nce = ofrecord_core::event::subscription::SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        cancellation_allowed_until: Some(until),
        ..purchase(1, q())
    };
    let cancelled = || {
        Event::SubscriptionCancelled(ofrecord_core::event::subscription::SubscriptionCancelled {
            subscription: subscription(1),
            data_kept_until: at("2024-03-14T23:59:00Z"),
        })
    };
    let story = Story::new().on("2024-03-01", [accepted(q()), bought(nce)]);
    let in_time = story.clone().on("2024-03-07T23:59:00Z", [cancelled()]).record();
    let row = subscriptions(&in_time, &seen_at("2024-03-09", &policy)).remove(0);
    assert_eq!((row.status, row.data_kept_until), (SubscriptionStatus::Deleted, Some(at("2024-03-14T23:59:00Z"))));
    let rules = |record: &CustomerRecord| -> Vec<_> {
        findings(record, &Default::default(), &seen_at("2024-03-09", &policy))
            .into_iter()
            .filter(|finding| finding.code == FindingCode::RuleViolatedInEvidence)
            .map(|finding| finding.rule)
            .collect()
    };
    assert_eq!(rules(&in_time), []);
    assert_eq!(rules(&story.on("2024-03-08T00:00:01Z", [cancelled()]).record()), [Some("U-1")]);
}

#[test]
fn a_suspended_legacy_subscription_is_deleted_by_time_alone() {
    let record = Story::new().on("2023-12-01", [bought(purchase(1, q()))]).on("2024-01-01", [suspended(1)]).record();
    let status = |day: &str, policy: &ofrecord_core::Policy| -> (SubscriptionStatus, Option<&'static str>) {
        let row = subscriptions(&record, &seen_at(day, policy)).remove(0);
        (row.status, row.status_rule)
    };
    let (ww, cn) = (worldwide(), china());
    assert_eq!(status("2024-02-28", &ww), (SubscriptionStatus::Suspended, None));
    assert_eq!(status("2024-02-28", &cn), (SubscriptionStatus::Suspended, None));
    assert_eq!(status("2024-03-02", &cn), (SubscriptionStatus::Deleted, Some("U-17")));
    assert_eq!(status("2024-04-01", &ww), (SubscriptionStatus::Deleted, Some("U-17")));
    let next = subscriptions(&record, &seen_at("2024-01-02", &cn)).remove(0).next_change.unwrap();
    assert_eq!(next.change, TimedChange::Becomes(SubscriptionStatus::Deleted));
    assert_eq!(next.at, at("2024-01-01").plus_days(60));
}

#[test]
fn folding_twice_and_from_stored_rows_gives_the_same_bytes() {
    let story = w1().on("2018-06-02", [azure_role(q())]).on("2018-07-01", [dap_removed(q(), Services::All)]);
    let record = story.record();
    let mut rebuilt = CustomerRecord::new(customer());
    for row in record.entries().iter().rev() {
        rebuilt.take_row(EntryRow::from_bytes(&row.to_bytes()).unwrap());
    }
    let bytes = |record: &CustomerRecord| present_bytes(record);
    assert_eq!(bytes(&record), bytes(&story.record()));
    assert_eq!(bytes(&record), bytes(&rebuilt));
    assert_eq!(record.entries(), rebuilt.entries());
}

#[test]
fn a_late_import_changes_what_april_was_and_not_what_was_known_in_may() {
    let policy = china();
    let story = Story::new().on("2024-03-01", [accepted(q())]);
    let known_in_may = story.last() + 1;
    let story = story.learned("2024-06-10", "2024-04-10", &[], [accepted(p())]);
    let record = story.record();
    let april: Timestamp = at("2024-04-15");
    let by = |known_below: u64| partners_of(&record, &Viewpoint { as_of: april, known_below, policy: &policy });
    assert_eq!(by(known_in_may), [q()]);
    assert_eq!(by(u64::MAX), [q(), p()]);
    let then = Viewpoint { as_of: april, known_below: known_in_may, policy: &policy };
    let now = Viewpoint { as_of: at("2024-06-15"), known_below: u64::MAX, policy: &policy };
    let diff = diff(&record, &then, &now);
    assert_eq!(diff.learned.resellers.len(), 1);
    assert_eq!(diff.learned.resellers[0].kind, ChangeKind::Added);
    assert!(diff.changed_in_the_world.is_empty());
}
