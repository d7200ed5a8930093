//! What happened and what was learned, told apart.

use ofrecord_core::Policy;
use ofrecord_core::vocabulary::Services;

use super::{ChangeKind, Changes, diff};
use crate::story::granular::{activated, assigned, global_reader, made, terms};
use crate::story::transfer::{transfer_rejected, transfer_requested};
use crate::story::{Story, accepted, at, bought, china, dap, p, purchase, q, removed, replaced, suspended};
use crate::viewpoint::Viewpoint;

fn viewpoint<'a>(as_of: &str, known_below: u64, policy: &'a Policy) -> Viewpoint<'a> {
    Viewpoint { as_of: at(as_of), known_below, policy }
}

fn kinds(changes: &Changes) -> Vec<(&'static str, ChangeKind, Vec<String>)> {
    let views = [
        ("resellers", &changes.resellers),
        ("subscriptions", &changes.subscriptions),
        ("access", &changes.access),
        ("gdap", &changes.granular),
        ("transfers", &changes.transfers),
    ];
    views
        .into_iter()
        .flat_map(|(view, rows)| rows.iter().map(move |row| (view, row.kind, row.fields.clone())))
        .collect()
}

#[test]
fn what_happened_later_is_change_in_the_world() {
    let policy = china();
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), bought(purchase(1, q()))])
        .on("2024-02-01", [accepted(p()), dap(p(), Services::All)])
        .on("2024-02-02", [suspended(1)]);
    let (from, to) = (viewpoint("2024-01-15", u64::MAX, &policy), viewpoint("2024-02-15", u64::MAX, &policy));
    let diff = diff(&story.record(), &from, &to);
    assert!(diff.learned.is_empty());
    let changed = ["auto_renew", "next_change", "status", "status_since", "suspension_reason"];
    assert_eq!(
        kinds(&diff.changed_in_the_world),
        [
            ("resellers", ChangeKind::Added, vec![]),
            ("subscriptions", ChangeKind::Changed, changed.map(str::to_owned).to_vec()),
            ("access", ChangeKind::Added, vec![]),
        ]
    );
}

#[test]
fn what_a_correction_told_is_learned() {
    let policy = china();
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let before = story.last() + 1;
    let story = story.clone().on("2024-06-01", [replaced(story.last(), 0, accepted(p()))]);
    let (from, to) = (viewpoint("2024-03-01", before, &policy), viewpoint("2024-03-01", u64::MAX, &policy));
    let diff = diff(&story.record(), &from, &to);
    assert!(diff.changed_in_the_world.is_empty());
    assert_eq!(
        kinds(&diff.learned),
        [("resellers", ChangeKind::Removed, vec![]), ("resellers", ChangeKind::Added, vec![])]
    );
}

#[test]
fn both_are_told_apart_when_both_moved() {
    let policy = china();
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let before = story.last() + 1;
    let story = story.learned("2024-05-01", "2024-02-01", &[], [accepted(p())]).on("2024-06-01", [removed(q())]);
    let (from, to) = (viewpoint("2024-03-01", before, &policy), viewpoint("2024-07-01", u64::MAX, &policy));
    let diff = diff(&story.record(), &from, &to);
    assert_eq!(kinds(&diff.learned), [("resellers", ChangeKind::Added, vec![])]);
    assert_eq!(kinds(&diff.changed_in_the_world), [("resellers", ChangeKind::Removed, vec![])]);
    assert_eq!(diff.learned.resellers[0].key, p().to_string());
}

#[test]
fn the_same_answer_from_other_entries_does_not_differ() {
    let policy = china();
    let story = Story::new().on("2024-01-01", [accepted(q())]);
    let before = story.last() + 1;
    let story = story.clone().on("2024-06-01", [replaced(story.last(), 0, accepted(q()))]);
    let (from, to) = (viewpoint("2024-03-01", before, &policy), viewpoint("2024-03-01", u64::MAX, &policy));
    assert!(diff(&story.record(), &from, &to).is_empty());
}

#[test]
fn what_time_alone_did_to_a_granular_relationship_is_change_in_the_world() {
    let policy = china();
    let story = Story::new()
        .on("2024-01-01", [made(p(), 1, terms(&[global_reader()])), activated(p(), 1)])
        .on("2024-01-02", assigned(p(), 1, 1, &[global_reader()]));
    let (from, to) = (viewpoint("2024-06-28", u64::MAX, &policy), viewpoint("2024-06-29", u64::MAX, &policy));
    let diff = diff(&story.record(), &from, &to);
    assert!(diff.learned.is_empty());
    let fields = ["assignments", "at_end", "groups", "rule", "status", "status_since"];
    assert_eq!(
        kinds(&diff.changed_in_the_world),
        [("access", ChangeKind::Removed, vec![]), ("gdap", ChangeKind::Changed, fields.map(str::to_owned).to_vec())]
    );
}

#[test]
fn what_became_of_a_transfer_is_a_change() {
    let policy = china();
    let story = Story::new().on("2024-01-10", [transfer_requested(1)]).on("2024-01-12", [transfer_rejected(1)]);
    let seen = |day: &'static str| viewpoint(day, u64::MAX, &policy);
    let (record, asked) = (story.record(), seen("2024-01-11"));
    let added = diff(&record, &seen("2024-01-09"), &asked);
    assert_eq!(kinds(&added.changed_in_the_world), [("transfers", ChangeKind::Added, vec![])]);
    let ended = diff(&record, &asked, &seen("2024-01-12"));
    let changed = ["ended", "status", "status_since"].map(str::to_owned).to_vec();
    assert_eq!(kinds(&ended.changed_in_the_world), [("transfers", ChangeKind::Changed, changed)]);
}
