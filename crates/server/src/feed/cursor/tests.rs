//! Cursors: what is none, and what comes after one.

use ofrecord_core::fold::EventRef;

use super::{Cursor, Passed};

#[test]
fn what_is_no_place_in_the_log_is_refused() {
    for text in [
        "",
        "x",
        "-",
        "-1",
        "17-",
        "17-x",
        "17-4294967295",
        "17-0-0",
        " 17",
        "18446744073709551616",
        ".",
        "40.",
        ".17-0",
        "40.17",
        "40.x-0",
        "40.17-4294967295",
        "40.40-0",
        "40.41-0",
        "40.17-0-0",
        "40.3.17-0",
    ] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

/// A place of an event of the entry itself.
fn own(position: u64, index: u32) -> Cursor {
    Cursor::within(position, Passed::Own(index))
}

/// A place of an event that the entry at a position shows.
fn earlier(shown_by: u64, position: u64, index: u32) -> Cursor {
    Cursor::within(shown_by, Passed::Earlier(EventRef { position, index }))
}

#[test]
fn a_cursor_is_the_text_that_it_was_read_from_and_lies_behind_what_that_names() {
    for (text, before, after) in [
        ("17", own(17, 9), own(18, 0)),
        ("17-0", own(17, 0), own(17, 1)),
        ("17-4", own(17, 4), own(17, 5)),
        ("0", own(0, 0), own(1, 0)),
        ("39", own(39, 9), earlier(40, 0, 0)),
        ("40.17-0", earlier(40, 17, 0), earlier(40, 17, 1)),
        ("40.17-3", earlier(40, 9, 8), earlier(40, 18, 0)),
        ("40.39-3", earlier(40, 39, 3), own(40, 0)),
        ("40-0", earlier(40, 39, 3), earlier(41, 0, 0)),
    ] {
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!(cursor.to_string(), text);
        assert!(cursor >= before && cursor < after, "{text}");
    }
    assert!(Cursor::START < own(0, 0));
    assert_eq!(Cursor::START.to_string(), "");
}
