//! Lines of all kinds of endings, and those that are no text.

use super::{Line, Lines, NotText};

const MAX: usize = 8;

fn check(input: &[u8], expected: &[Result<&str, NotText>]) {
    let read: Vec<Line> = Lines::new(input, MAX).map(Result::unwrap).collect();
    let numbered: Vec<Line> =
        (1..).zip(expected).map(|(number, text)| Line { number, text: text.map(str::to_owned) }).collect();
    assert_eq!(read, numbered, "{}", String::from_utf8_lossy(input));
}

#[test]
fn lines_end_in_any_usual_way() {
    check(b"", &[]);
    check(b"a", &[Ok("a")]);
    check(b"a\nb\r\nc\n", &[Ok("a"), Ok("b"), Ok("c")]);
    check(b"\n\n", &[Ok(""), Ok("")]);
    check("\u{feff}a\n\u{feff}b".as_bytes(), &[Ok("a"), Ok("\u{feff}b")]);
}

#[test]
fn a_line_too_long_does_not_stop_the_next() {
    let too_long = Err(NotText::TooLong { bytes_max: MAX });
    check(b"12345678\n123456789\nc", &[Ok("12345678"), too_long, Ok("c")]);
    check(b"12345678\r\nc", &[Ok("12345678"), Ok("c")]);
    check(b"1234567890\n1234567890123456789012345\nc", &[too_long, too_long, Ok("c")]);
    check(b"123456789", &[too_long]);
    check(b"1234567890123456789012345", &[too_long]);
}

#[test]
fn a_line_that_is_not_utf8_does_not_stop_the_next() {
    check(b"\xff\xfe\nb", &[Err(NotText::NotUtf8), Ok("b")]);
}
