//! Partner accounts as known, at any instant.

use ofrecord_core::Event;
use ofrecord_core::event::partner::{PartnerAccountSuspended, PartnerRegistered};
use ofrecord_core::vocabulary::{AccountSuspensionReason, PartnerType};

use super::account;
use crate::record::PartnerRecord;
use crate::story::{Story, china, q, seen_at};

#[test]
fn what_is_known_of_an_account_names_its_entries() {
    let registered = Event::PartnerRegistered(PartnerRegistered {
        partner: q(),
        name: "Quay".to_owned(),
        partner_type: PartnerType::DirectBill,
        partner_id: None,
        indirect_reseller_enrolment: None,
        markets: ["CN".parse().unwrap()].into(),
    });
    let suspended = Event::PartnerAccountSuspended(PartnerAccountSuspended {
        partner: q(),
        reason: AccountSuspensionReason::Abuse,
    });
    let story = Story::new().on("2024-01-01", [registered]).on("2024-02-01", [suspended]);
    let mut record = PartnerRecord::new(q());
    story.entries.iter().for_each(|entry| record.take(entry));
    let policy = china();
    let row = account(&record, &seen_at("2024-03-01", &policy));
    assert_eq!((row.name.as_deref(), row.partner_id), (Some("Quay"), None));
    assert_eq!(row.suspended, Some(AccountSuspensionReason::Abuse));
    assert_eq!(row.cells.of("suspended").collect::<Vec<_>>(), [story.last()]);
    assert_eq!(account(&record, &seen_at("2024-01-02", &policy)).suspended, None);
    assert_eq!(account(&PartnerRecord::new(q()), &seen_at("2024-03-01", &policy)).name, None);
}
