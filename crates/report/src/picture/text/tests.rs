//! Words and the room they have.

use super::{fitted, lines, width};

#[test]
fn a_text_that_fits_is_whole_and_one_that_does_not_ends_in_an_ellipsis() {
    let name = "Quay Distribution";
    assert_eq!(fitted(name, 11, width(name, 11)).as_deref(), Some(name));
    for room in 0..width(name, 11) {
        let Some(cut) = fitted(name, 11, room) else { continue };
        assert!(cut.ends_with('…') && width(&cut, 11) <= room, "{cut} in {room}");
    }
    assert_eq!(fitted(name, 11, 200), None);
}

#[test]
fn lines_hold_every_word_and_fit() {
    let sentence = "200 subscriptions are known, 40 of them are drawn, and 世纪互联 is among the others";
    for room in [900, 2_000, 10_000] {
        let lines = lines(sentence, 11, room);
        assert!(lines.iter().all(|line| width(line, 11) <= room), "{lines:?}");
        assert_eq!(lines.join(" "), sentence);
    }
}

#[test]
fn wide_scripts_take_more_room() {
    assert!(width("世纪互联", 11) > width("abcd", 11));
    assert_eq!(width("e\u{301}", 11), width("e", 11));
}
