//! Agreements as confirmed, at any instant.

use super::agreements;
use crate::story::{Story, agreement, at, china, seen_at};

#[test]
fn an_agreement_counts_from_its_confirmation_and_keeps_the_day_agreed() {
    let story = Story::new().on("2024-02-01", [agreement("2024-01-15")]);
    let policy = china();
    assert_eq!(agreements(&story.record(), &seen_at("2024-01-20", &policy)), []);
    let row = agreements(&story.record(), &seen_at("2024-02-01", &policy)).remove(0);
    assert_eq!((row.date_agreed, row.confirmed_at), (at("2024-01-15"), at("2024-02-01")));
    assert_eq!(row.positions, [story.last()]);
}
