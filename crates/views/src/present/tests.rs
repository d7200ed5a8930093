//! The present row holds every column, and nothing that only time brings about.

use ofrecord_core::vocabulary::Services;
use ofrecord_core::{Event, event::partner::PartnerRegistered, vocabulary::PartnerType};
use serde_json::json;

use super::{canonical_bytes, present_partner_row, present_row};
use crate::record::PartnerRecord;
use crate::story::{
    Story, accepted, agreement, azure_role, bought, dap, dap_removed, p, purchase, q, removed, subscription, suspended,
};

#[test]
fn every_column_has_its_place() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q()))]);
    let row = present_row(&story.record());
    let at = |path: &str| row.pointer(path).cloned().unwrap_or_default();
    assert_eq!(at(&format!("/resellers/{}/established/how", q())), json!("accepted_by_customer"));
    assert_eq!(at(&format!("/access/{}/dap/0/granted/index", q())), json!(1));
    assert_eq!(at("/agreements/0/date_agreed"), json!("2023-12-31T00:00:00.0000000Z"));
    let subscription = format!("/subscriptions/{}", subscription(1));
    assert_eq!(at(&format!("{subscription}/owner/value")), json!(q().to_string()));
    assert_eq!(at(&format!("{subscription}/terms/quantity/value")), json!(25));
    assert_eq!(at(&format!("{subscription}/partners_of_record/reseller_of_record/value")), json!(null));
}

#[test]
fn the_row_shows_the_status_as_recorded() {
    let story = Story::new().on("2020-01-01", [bought(purchase(1, q()))]).on("2020-02-01", [suspended(1)]);
    let row = present_row(&story.record());
    let path = format!("/subscriptions/{}/terms/status/value", subscription(1));
    assert_eq!(row.pointer(&path), Some(&json!("suspended")));
}

/// A field that the state gets and the row does not would make two different
/// states look equal, so the state's fields, as printed, are looked up in the
/// source of the row.
#[test]
fn no_field_of_the_state_is_left_out() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q()))])
        .on("2024-01-03", [removed(q()), dap_removed(q(), Services::All)]);
    // Fields whose content the row holds under another name.
    let renamed = ["relationships", "partners", "by_id", "at", "value", "by"];
    let source = include_str!("../present.rs");
    let printed = format!("{:#?}", story.record().history().latest());
    let fields = printed.lines().filter_map(|line| line.trim_start().split_once(": ").map(|(name, _)| name));
    for name in fields.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
        let held = source.contains(&format!("\"{name}\"")) || renamed.contains(&name) || of_a_whole(name);
        assert!(held, "the row leaves out {name}");
    }
}

/// Fields of a product, which the row holds as one value.
fn of_a_whole(name: &str) -> bool {
    ["id", "family", "service", "quantity_min", "quantity_max", "markets"].contains(&name)
}

/// Stored rows of one fold version must all be built the same way. When this
/// fails because the fold or the row changed, raise `FOLD_VERSION` and replace the file.
#[test]
fn the_row_of_this_fold_version_is_as_kept() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), dap(q(), Services::All), azure_role(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q()))])
        .on("2024-01-03", [suspended(1)])
        .on("2024-01-04", [removed(q()), dap_removed(q(), Services::All)]);
    let kept: serde_json::Value = serde_json::from_str(include_str!("tests/fold_3.json")).unwrap();
    let row = present_row(&story.record());
    assert_eq!(super::FOLD_VERSION, "3");
    assert_eq!(row, kept, "\n{}", serde_json::to_string_pretty(&row).unwrap());
}

#[test]
fn a_partners_row_holds_its_account() {
    let mut record = PartnerRecord::new(p());
    let registered = Event::PartnerRegistered(PartnerRegistered {
        partner: p(),
        name: "Fabrikam".to_owned(),
        partner_type: PartnerType::DirectBill,
        partner_id: None,
        markets: ["CN".parse().unwrap()].into(),
    });
    Story::new().on("2024-01-01", [registered]).entries.iter().for_each(|entry| record.take(entry));
    let row = present_partner_row(&record);
    assert_eq!(row.pointer("/account/markets/value"), Some(&json!(["CN"])));
    assert_eq!(canonical_bytes(&json!({"b": 1, "a": {"d": [], "c": null}})), br#"{"a":{"c":null,"d":[]},"b":1}"#);
}
