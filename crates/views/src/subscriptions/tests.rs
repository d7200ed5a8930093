//! Rows of subscriptions: cells, partners of record, and what time does next.

use ofrecord_core::Event;
use ofrecord_core::event::partner_of_record::{DigitalPartnerOfRecordSet, SupportContactChanged};
use ofrecord_core::event::subscription::{SubscriptionPurchased, SubscriptionSeatsChanged};
use ofrecord_core::vocabulary::{AutoRenew, ProductFamily, SubscriptionStatus};

use super::{NextChange, OfRecord, SubscriptionRow, TimedChange, subscriptions};
use crate::story::{
    Story, at, bought, p, product, purchase, q, seen_at, subscription, supported, suspended, worldwide,
};

fn new_commerce(auto_renew: AutoRenew) -> Story {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NewCommerceLicense),
        commitment_end: Some(at("2024-12-31T23:59:59Z")),
        auto_renew: Some(auto_renew),
        ..purchase(1, q())
    };
    Story::new().on("2024-01-01", [bought(sale)])
}

fn only(story: &Story, as_of: &str) -> SubscriptionRow {
    let policy = worldwide();
    subscriptions(&story.record(), &seen_at(as_of, &policy)).remove(0)
}

#[test]
fn every_field_names_the_entry_that_set_it() {
    let seats = Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
        subscription: subscription(1),
        before: 25,
        after: 30,
        refundable_until: None,
    });
    let dpor = Event::DigitalPartnerOfRecordSet(DigitalPartnerOfRecordSet {
        subscription: subscription(1),
        before: None,
        after: Some("517285".parse().unwrap()),
    });
    let story = new_commerce(AutoRenew::On);
    let sale = story.last();
    let story = story.on("2024-02-01", [seats]);
    let change = story.last();
    let story = story.on("2024-03-01", [dpor]);
    let row = only(&story, "2024-04-01");
    let by = |field: &str| row.cells.of(field).collect::<Vec<_>>();
    assert_eq!((by("owner"), by("quantity"), by("dpor")), (vec![sale], vec![change], vec![story.last()]));
    assert_eq!(row.positions, [sale, change, story.last()]);
    assert_eq!(row.partner_of_record.dpor, OfRecord::Partner("517285".parse().unwrap()));
    assert_eq!(row.partner_of_record.reseller_of_record, OfRecord::Nobody);
    assert_eq!(row.partner_of_record.pal, OfRecord::NotSaid);
    assert_eq!((row.quantity, only(&story, "2024-01-15").quantity), (Some(30), Some(25)));
}

#[test]
fn a_support_contact_shows_what_is_stated_of_it_and_its_entry() {
    let story = new_commerce(AutoRenew::On).on("2024-02-01", [supported(1, p())]);
    let (stated, entry) = (only(&story, "2024-02-15"), story.last());
    assert_eq!(stated.support_contact, Some(p()));
    assert_eq!(stated.support_contact_partner_id, Some("4391507".parse().unwrap()));
    assert_eq!(stated.support_contact_name.as_deref(), Some("Trey Research"));
    assert_eq!(stated.cells.of("support_contact").collect::<Vec<_>>(), [entry]);
    let cleared = SupportContactChanged { subscription: subscription(1), contact: None };
    let story = story.on("2024-03-01", [Event::SupportContactChanged(cleared)]);
    let row = only(&story, "2024-03-15");
    assert_eq!((row.support_contact, row.support_contact_partner_id, row.support_contact_name), (None, None, None));
    assert_eq!(row.cells.of("support_contact").collect::<Vec<_>>(), [story.last()]);
}

#[test]
fn what_a_source_leaves_out_of_a_purchase_is_absent() {
    let sale = SubscriptionPurchased {
        product: product(ProductFamily::NotStated),
        term: None,
        billing_cycle: None,
        auto_renew: None,
        trial: None,
        ..purchase(1, q())
    };
    let row = only(&Story::new().on("2024-01-01", [bought(sale)]), "2024-02-01");
    assert_eq!((row.family, row.term, row.billing_cycle), (None, None, None));
    assert_eq!((row.auto_renew, row.trial, row.next_change), (None, None, None));
}

#[test]
fn what_time_does_next_follows_the_lifecycle() {
    let next = |story: &Story, as_of: &str| only(story, as_of).next_change;
    let becomes =
        |day: &str, status: SubscriptionStatus| Some(NextChange { at: at(day), change: TimedChange::Becomes(status) });
    let renewing = new_commerce(AutoRenew::On);
    let renewal = NextChange { at: at("2025-01-01"), change: TimedChange::Renews };
    assert_eq!(next(&renewing, "2024-06-01"), Some(renewal));
    assert_eq!(next(&renewing, "2025-01-01"), None);
    let ending = new_commerce(AutoRenew::Off);
    assert_eq!(next(&ending, "2024-06-01"), becomes("2025-01-01", SubscriptionStatus::Expired));
    assert_eq!(next(&ending, "2025-01-01"), becomes("2025-01-31", SubscriptionStatus::Disabled));
    assert_eq!(next(&ending, "2025-01-31"), becomes("2025-05-01", SubscriptionStatus::Deleted));
    assert_eq!(next(&ending, "2025-05-01"), None);
    let paused = renewing.on("2024-07-01", [suspended(1)]);
    assert_eq!(next(&paused, "2024-07-02"), becomes("2025-01-01", SubscriptionStatus::Disabled));
}

#[test]
fn the_status_says_by_which_rule_time_brought_it_about() {
    let row = only(&new_commerce(AutoRenew::Off), "2025-02-15");
    assert_eq!((row.status, row.status_rule), (SubscriptionStatus::Disabled, Some("U-17")));
    assert_eq!(row.status_since, at("2025-01-31"));
}
