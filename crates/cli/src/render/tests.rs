//! Cells, tables and CSV lines from rows.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::table::aligned;
use super::{Column, Layout, separated};
use crate::inquiry::Names;
use crate::session::Colour;
use ofrecord_interop::field::{Joined, at, short_instant, text};

fn check(value: &Value, people: &str, machines: &str) {
    assert_eq!(text(value, Joined::ForPeople), people, "{value}");
    assert_eq!(text(value, Joined::ForMachines), machines, "{value}");
}

#[test]
fn a_field_is_shown_by_its_content() {
    check(&Value::Null, "", "");
    check(&json!(true), "yes", "yes");
    check(&json!(12), "12", "12");
    check(&json!("not_said"), "not_said", "not_said");
    check(&json!([1, 2, 3]), "1, 2, 3", "1;2;3");
    check(&json!({ "services": ["Exchange", "Azure"] }), "Exchange, Azure", "Exchange;Azure");
    check(&json!([{ "role": "Owner", "through": null }]), "Owner", "Owner");
    check(
        &json!({ "role": "Global administrator", "through": "Admin agents" }),
        "Global administrator / Admin agents",
        "Global administrator / Admin agents",
    );
}

#[test]
fn a_whole_second_is_shown_short_to_people_and_whole_to_machines() {
    check(&json!("2024-03-01T00:00:00.0000000Z"), "2024-03-01T00:00:00Z", "2024-03-01T00:00:00.0000000Z");
    check(&json!("2024-03-01T00:00:00.0000001Z"), "2024-03-01T00:00:00.0000001Z", "2024-03-01T00:00:00.0000001Z");
    assert_eq!(short_instant("a.0000000Z"), "a.0000000Z");
}

#[test]
fn a_field_that_is_not_there_is_nothing() {
    let row = json!({ "a": { "b": 1 } });
    assert_eq!(at(&row, "a.b"), &json!(1));
    assert_eq!(at(&row, "a.c"), &Value::Null);
    assert_eq!(at(&row, "x.y.z"), &Value::Null);
}

#[test]
fn nothing_in_a_table_is_cut_and_no_line_ends_in_spaces() {
    let long = "x".repeat(300);
    let lines = vec![vec![long.as_str(), "1"], vec!["", "2"]];
    let printed = aligned(["id", "n"].into_iter(), lines.into_iter().map(Vec::into_iter), Colour::Off);
    assert!(printed.contains(&long));
    assert!(printed.lines().all(|line| line == line.trim_end()), "{printed}");
    assert_eq!(printed.lines().count(), 3);
}

const ONE: Layout = Layout { empty: "nothing", columns: &[Column::of("a", "a")] };

/// An output that says no to everything, for one reason.
struct Closed(io::ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_reader_who_went_away_is_known_as_one_wherever_csv_is_written() {
    let long = "x".repeat(64 * 1024);
    let rows = [json!({ "a": long.as_str() }), json!({ "a": "x" })];
    for (kind, gone) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
        for rows in [&rows[..], &[]] {
            let failure = separated::print(&mut Closed(kind), &ONE, rows, &Names::default()).unwrap_err();
            assert_eq!(failure.is_reader_gone(), gone, "{failure}");
        }
        for line in [long.as_str(), "x"] {
            let failure = separated::lines(&mut Closed(kind), &[vec![line.to_owned()]]).unwrap_err();
            assert_eq!(failure.is_reader_gone(), gone, "{failure}");
        }
    }
}

#[track_caller]
fn check_csv(value: &Value, cell: &str) {
    let mut printed = Vec::new();
    separated::print(&mut printed, &ONE, &[json!({ "a": value })], &Names::default()).unwrap();
    assert_eq!(String::from_utf8(printed).unwrap(), format!("a\n{cell}\n"), "{value}");
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_one_apostrophe_longer_in_csv() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted"] {
        check_csv(&json!(text), &format!("'{text}"));
        check_csv(&json!([text, "b"]), &format!("'{text};b"));
        let mut printed = Vec::new();
        separated::lines(&mut printed, &[vec![text.to_owned(), "b".to_owned()]]).unwrap();
        assert_eq!(String::from_utf8(printed).unwrap(), format!("'{text},b\n"));
    }
    check_csv(&json!("\rx"), "\"'\rx\"");
    check_csv(&json!("a=b"), "a=b");
    check_csv(&json!(-1), "-1");
}
