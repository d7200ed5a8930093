//! What is read as a point of knowledge.

use ofrecord_core::Timestamp;

use super::{KnownArgument, known_at};

fn check(text: &str, expected: &KnownArgument) {
    assert_eq!(known_at(text).as_ref(), Ok(expected), "{text}");
}

#[test]
fn knowledge_is_an_instant_a_position_or_a_tree_size() {
    let march = Timestamp::from_date(2024, 3, 1).unwrap();
    check("@0", &KnownArgument::TreeSize(0));
    check("@120", &KnownArgument::TreeSize(120));
    check("119", &KnownArgument::Position(119));
    check("2024-03-01", &KnownArgument::Instant(march));
    check("2024-03-01T08:00:00+08:00", &KnownArgument::Instant(march));
    check(" 2024-03-01T00:00:00Z ", &KnownArgument::Instant(march));
}

#[test]
fn anything_else_is_refused_with_what_would_do() {
    for text in ["", "@", "@-1", "@1x", "-1", "yesterday", "2024-13-01", "2024-03-01T25:00:00Z"] {
        let error = known_at(text).unwrap_err().to_string();
        assert!(error.contains('@'), "{text}: {error}");
    }
}

#[test]
fn a_position_includes_its_entry() {
    assert_eq!(KnownArgument::Position(119).known_at(), KnownArgument::TreeSize(120).known_at());
    assert_eq!(KnownArgument::Position(u64::MAX).known_at(), KnownArgument::TreeSize(u64::MAX).known_at());
}
