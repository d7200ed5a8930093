//! Cursors: what is none, and what comes after one.

use super::Cursor;

#[test]
fn what_is_no_place_in_the_log_is_refused() {
    for text in ["", "x", "-", "-1", "17-", "17-x", "17-4294967295", "17-0-0", " 17", "18446744073709551616"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

#[test]
fn a_cursor_is_the_text_that_it_was_read_from_and_lies_behind_what_that_names() {
    for (text, before, after) in
        [("17", (17, 9), (18, 0)), ("17-0", (17, 0), (17, 1)), ("17-4", (17, 4), (17, 5)), ("0", (0, 0), (1, 0))]
    {
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!(cursor.to_string(), text);
        assert!(!cursor.is_before(before.0, before.1) && cursor.is_before(after.0, after.1), "{text}");
    }
    assert!(Cursor::START.is_before(0, 0));
    assert_eq!(Cursor::START.to_string(), "");
}
