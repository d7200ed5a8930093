//! One history drawn out as rectangles of both times.

use crate::histories::reseller_history;
use crate::story::{Story, accepted, at, q, removed, withdrawn};

#[test]
fn a_late_removal_and_its_withdrawal_each_leave_their_own_rectangle() {
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let first = story.last();
    let story = story.learned("2024-06-01", "2024-03-01", &[], [removed(q())]);
    let second = story.last();
    let story = story.on("2024-07-01", [withdrawn(second, 0)]);
    let third = story.last();
    let drawn: Vec<_> = reseller_history(&story.record(), u64::MAX)
        .into_iter()
        .map(|one| (one.valid_from, one.valid_to, one.known_from, one.known_to, one.ended_by))
        .collect();
    let (from, to) = (at("2024-01-01"), at("2024-03-01"));
    assert_eq!(
        drawn,
        [
            (from, None, first + 1, Some(second + 1), vec![]),
            (from, Some(to), second + 1, Some(third + 1), vec![second]),
            (from, None, third + 1, None, vec![]),
        ]
    );
}

#[test]
fn what_held_for_no_instant_is_no_interval() {
    let story = Story::new().on("2024-01-01", [accepted(q()), removed(q())]);
    assert_eq!(reseller_history(&story.record(), u64::MAX), []);
}
