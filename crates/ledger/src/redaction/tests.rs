//! What lies in a log, compared with what it says of redactions.

use std::collections::BTreeMap;

use ofrecord_core::event::custody::EntryRedacted;
use ofrecord_log::{Hash, Redacted, Redactions};
use serde_json::json;

use super::{Logged, RedactionFinding, compare, redacted_since, redactions};

fn left(text: &str) -> Redacted {
    Redacted { leaf_hash: Hash::of(text.as_bytes()), remainder: Hash::of(format!("left of {text}").as_bytes()) }
}

/// A log in which these positions were redacted, each by the entry beside it.
fn saying(said: &[(u64, u64)]) -> BTreeMap<u64, Logged> {
    let event = |position: u64| -> EntryRedacted {
        let Redacted { leaf_hash, remainder } = left(&position.to_string());
        serde_json::from_value(json!({
            "position": position, "leaf_hash": leaf_hash, "remainder": remainder, "streams": ["customer/c0000000-0000-0000-0000-000000000001"],
            "reason": "x", "authority": "y", "approved_by": "robin",
        }))
        .unwrap()
    };
    said.iter().map(|(position, by)| (*position, Logged { position: *by, event: event(*position) })).collect()
}

#[track_caller]
fn check(found: &[(u64, Redacted)], said: &[(u64, u64)], expected: &[RedactionFinding]) {
    let found: Redactions = found.iter().copied().collect();
    assert_eq!(compare(&found, &saying(said), 100), expected);
}

#[test]
fn exactly_what_the_log_says_may_be_gone() {
    let (position, by) = (7, 50);
    let other = Redacted { leaf_hash: Hash::of(b"other"), ..left("7") };
    let patched = Redacted { remainder: Hash::of(b"patched"), ..left("7") };
    check(&[(7, left("7"))], &[], &[RedactionFinding::NotLogged { position }]);
    check(&[(7, other)], &[(7, 50)], &[RedactionFinding::OtherRemainder { position, by }]);
    check(&[(7, patched)], &[(7, 50)], &[RedactionFinding::OtherRemainder { position, by }]);
    check(&[], &[(7, 50)], &[RedactionFinding::NotTakenAway { position, by }]);
    check(&[(7, left("7")), (9, left("9"))], &[(7, 50), (9, 51)], &[]);
    check(&[], &[], &[]);
    check(&[(100, left("100"))], &[(101, 102)], &[]);
}

#[test]
fn a_redaction_counts_against_what_was_folded_before_it() {
    let said = saying(&[(7, 50), (60, 61)]);
    for (size, expected) in [(7, None), (8, Some(7)), (50, Some(7)), (51, None), (60, None), (61, Some(60)), (62, None)]
    {
        assert_eq!(redacted_since(&said, size).map(|(position, _)| position), expected, "at size {size}");
    }
    assert_eq!(redactions(&said)[&7], left("7"));
}
