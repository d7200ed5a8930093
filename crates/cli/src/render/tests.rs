//! Cells, tables and CSV lines from rows.

use serde_json::{Value, json};

use super::cell::{Joined, at, short_instant, text};
use super::table::aligned;
use crate::session::Colour;

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
