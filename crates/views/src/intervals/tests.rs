//! One history drawn out as rectangles of both times.

use super::taken_back;
use crate::histories::reseller_history;
use crate::story::{Story, accepted, at, china, q, removed, seen_at, withdrawn};

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

#[test]
fn what_ended_after_an_instant_still_holds_as_it_is_seen_then() {
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let first = story.last();
    let story = story.on("2024-03-01", [removed(q())]);
    let seen = |as_of: &str| {
        let policy = china();
        let spells = reseller_history(&story.record(), &seen_at(as_of, &policy)).into_iter();
        spells.map(|one| (one.valid_to, one.known_from, one.known_to, one.ended_by)).collect::<Vec<_>>()
    };
    assert_eq!(seen("2023-12-31"), []);
    assert_eq!(seen("2024-02-01"), [(None, first + 1, None, vec![])]);
    let removal = story.last();
    let both =
        [(None, first + 1, Some(removal + 1), vec![]), (Some(at("2024-03-01")), removal + 1, None, vec![removal])];
    assert_eq!(seen("2024-03-01"), both);
}

#[test]
fn an_answer_is_taken_back_only_by_what_was_learned_later_than_it_happened() {
    let taken_back = |story: &Story| {
        let record = story.record();
        let history = reseller_history(&record, u64::MAX);
        let told = taken_back(&history, |position| record.entry(position).map(|entry| entry.recorded_at));
        told.into_iter().map(|one| (one.valid_from, one.valid_to)).collect::<Vec<_>>()
    };
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    assert_eq!(taken_back(&story), []);
    assert_eq!(taken_back(&story.clone().on("2024-03-01", [removed(q())])), []);
    let late = story.learned("2024-06-01", "2024-03-01", &[], [removed(q())]);
    let (from, to) = (at("2024-01-01"), at("2024-03-01"));
    assert_eq!(taken_back(&late), [(from, None)]);
    let withdrawal = late.last();
    assert_eq!(taken_back(&late.on("2024-07-01", [withdrawn(withdrawal, 0)])), [(from, Some(to))]);
}
