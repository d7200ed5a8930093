//! The rows of the interference check.

use ofrecord_core::vocabulary::Services;

use super::{Interference, InterferenceRow, interference};
use crate::story::{Story, accepted, at, bought, dap, p, purchase, q, removed, suspended};

#[test]
fn every_relationship_event_has_a_row_and_no_other_has() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), bought(purchase(1, q()))])
        .on("2024-02-01", [accepted(p()), dap(p(), Services::All)])
        .on("2024-03-01", [suspended(1)])
        .on("2024-04-01", [removed(q())]);
    let checked = interference(&story.record(), u64::MAX);
    let rows: Vec<_> = checked.events.iter().map(|row| (row.event, row.index, row.unchanged)).collect();
    assert_eq!(
        rows,
        [
            ("ResellerRelationshipAcceptedByCustomer", 0, true),
            ("ResellerRelationshipAcceptedByCustomer", 0, true),
            ("DapGranted", 1, true),
            ("ResellerRelationshipRemovedByPartner", 0, true),
        ]
    );
    assert!(checked.holds());
    assert_eq!(interference(&story.record(), story.entries[1].position).events.len(), 1);
}

#[test]
fn one_changed_row_or_a_different_replay_is_enough_to_fail() {
    let row = |unchanged: bool| InterferenceRow {
        position: 1,
        index: 0,
        event: "DapGranted",
        effective_at: at("2024-01-01"),
        unchanged,
        changed: Vec::new(),
    };
    let check = |unchanged: bool, replay_unchanged: bool| {
        Interference { events: vec![row(true), row(unchanged)], replay_unchanged }.holds()
    };
    assert_eq!([check(true, true), check(false, true), check(true, false)], [true, false, false]);
}
