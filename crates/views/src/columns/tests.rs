//! Which columns two histories differ in.

use ofrecord_core::Event;
use ofrecord_core::effect::Column;
use ofrecord_core::event::partner_of_record::ResellerOfRecordChanged;
use ofrecord_core::event::subscription::SubscriptionUpdateNotified;
use ofrecord_core::vocabulary::Services;

use super::changed;
use crate::story::transfer::{transfer_requested, transferred};
use crate::story::{Story, accepted, bought, dap, extended, purchase, q, subscription, suspended};

#[test]
fn every_column_is_told_apart() {
    let base = || Story::new().on("2024-01-01", [accepted(q())]);
    let of_record = Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
        subscription: subscription(1),
        before: None,
        after: Some("517285".parse().unwrap()),
    });
    let notified = Event::SubscriptionUpdateNotified(SubscriptionUpdateNotified { subscription: subscription(1) });
    let rows: [(Event, &[Column]); 9] = [
        (accepted(crate::story::p()), &[Column::Resellers]),
        (dap(q(), Services::All), &[Column::Access]),
        (suspended(1), &[Column::Terms]),
        (of_record, &[Column::PartnersOfRecord]),
        (bought(purchase(1, q())), &[Column::Owner, Column::Terms, Column::PartnersOfRecord]),
        (extended(), &[Column::Resellers]),
        (transfer_requested(1), &[]),
        (transferred(1, Some(2)), &[Column::Owner, Column::Terms, Column::PartnersOfRecord]),
        // Naming a subscription brings a row into being, and changes no column.
        (notified, &[]),
    ];
    for (event, columns) in rows {
        let (before, after) = (base().record(), base().on("2024-02-01", [event.clone()]).record());
        let differ: Vec<Column> = changed(before.latest(), after.latest()).into_iter().collect();
        assert_eq!(differ, columns, "{}", event.name());
    }
}
