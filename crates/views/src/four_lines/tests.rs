//! What the views around a relationship event hold, and which events have them.

use ofrecord_core::vocabulary::Services;

use super::four_lines;
use crate::story::{Story, accepted, bought, dap, p, purchase, q, removed, suspended};

#[test]
fn each_relationship_event_stands_between_two_views_that_are_equal() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), bought(purchase(1, q()))])
        .on("2024-02-01", [accepted(p()), dap(p(), Services::All)])
        .on("2024-03-01", [suspended(1)])
        .on("2024-04-01", [removed(q())]);
    let lines = four_lines(&story.record(), u64::MAX);
    let rows: Vec<_> = lines.events.iter().map(|event| (event.name, event.before, event.after)).collect();
    assert_eq!(
        rows,
        [
            ("ResellerRelationshipAcceptedByCustomer", 0, 0),
            ("ResellerRelationshipAcceptedByCustomer", 1, 1),
            ("DapGranted", 1, 1),
            ("ResellerRelationshipRemovedByPartner", 2, 2),
        ]
    );
    assert_eq!((lines.views.len(), lines.with, lines.without), (3, 2, 2));
    let status = |view: usize| lines.views[view].pointer("/subscriptions").unwrap().to_string();
    assert_eq!(status(0), "{}");
    assert!(status(1).contains(&q().to_string()) && !status(1).contains("suspended"));
    assert!(status(2).contains("suspended"), "{}", status(2));
}

#[test]
fn what_is_not_known_yet_is_not_in_it() {
    let story = Story::new().on("2024-01-01", [accepted(q())]).on("2024-02-01", [accepted(p())]);
    assert_eq!(four_lines(&story.record(), story.entries[1].position).events.len(), 1);
    assert_eq!(four_lines(&Story::new().record(), u64::MAX).views.len(), 1, "the view of nothing");
}
