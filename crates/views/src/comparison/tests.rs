//! Rows that differ are named with field, before, after and entries; rows that do not are counted.

use serde_json::json;

use super::*;
use crate::present::present_row;
use crate::story::{Story, accepted, agreement, bought, p, purchase, q, subscription, supported, suspended};

fn rows(view: Value) -> StoredRows {
    let mut rows = StoredRows::default();
    rows.take_view(view);
    rows
}

fn view() -> Value {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), agreement("2023-12-31")])
        .on("2024-01-02", [bought(purchase(1, q())), supported(1, p())])
        .on("2024-01-03", [suspended(1)]);
    present_row(&story.record())
}

/// Positions of the story's entries.
const ACCEPTED: u64 = 10;
const BOUGHT: u64 = 13;
const SUSPENDED: u64 = 16;

/// Changes the view at a place and says what is found.
fn check(place: &str, now: &Value, expected: &[Value]) {
    let before = view();
    let mut after = before.clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match after.pointer_mut(parent).unwrap() {
        Value::Object(fields) if now.is_null() => drop(fields.remove(name)),
        Value::Object(fields) => drop(fields.insert(name.to_owned(), now.clone())),
        Value::Array(items) => items.push(now.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => panic!("{parent} has no members"),
    }
    let (found, _) = compare(&rows(before), &rows(after));
    let found: Vec<Value> = found.iter().map(|row| serde_json::to_value(row).unwrap()).collect();
    assert_eq!(found, expected, "{place}");
}

#[test]
fn a_field_that_differs_is_named_with_the_entries_behind_it() {
    let (one, q) = (subscription(1).to_string(), q().to_string());
    let changed =
        |kind: &str, row: &str, field: Value| json!({"kind": kind, "row": row, "change": "changed", "fields": [field]});
    let terms = format!("/subscriptions/{one}/terms");
    check(
        &format!("{terms}/quantity/value"),
        &json!(26),
        &[changed(
            "subscriptions",
            &one,
            json!({"field": "terms.quantity", "before": 25, "after": 26, "positions": [BOUGHT]}),
        )],
    );
    check(
        &format!("{terms}/quantity"),
        &json!(null),
        &[changed("subscriptions", &one, json!({"field": "terms.quantity", "before": 25, "positions": [BOUGHT]}))],
    );
    // No stamp of its own: the nearest beside it is of the newest update.
    check(
        &format!("{terms}/updates"),
        &json!(3),
        &[changed(
            "subscriptions",
            &one,
            json!({"field": "terms.updates", "before": 1, "after": 3, "positions": [SUSPENDED]}),
        )],
    );
    check(
        &format!("/subscriptions/{one}/support_contact/value/name"),
        &json!("Other"),
        &[changed(
            "subscriptions",
            &one,
            json!({"field": "support_contact",
                "before": {"name": "Trey Research", "partner": p(), "partner_id": "4391507"},
                "after": {"name": "Other", "partner": p(), "partner_id": "4391507"}, "positions": [BOUGHT]}),
        )],
    );
    check(
        &format!("/resellers/{q}/generation"),
        &json!(7),
        &[changed("resellers", &q, json!({"field": "generation", "before": 1, "after": 7, "positions": [ACCEPTED]}))],
    );
    check(
        "/agreements/0/method",
        &json!("attested"),
        &[changed(
            "agreements",
            "0",
            json!({"field": "method", "before": "direct", "after": "attested",
                "positions": [ACCEPTED]}),
        )],
    );
}

#[test]
fn a_value_set_by_another_entry_differs_though_it_is_the_same() {
    let one = subscription(1).to_string();
    let place = format!("/subscriptions/{one}/terms/quantity/set");
    let before = view().pointer(&place).unwrap().clone();
    let mut after = before.clone();
    after["position"] = json!(99);
    let field = json!({"field": "terms.quantity.set", "before": before, "after": after,
        "positions": [BOUGHT, 99]});
    check(&place, &after, &[json!({"kind": "subscriptions", "row": one, "change": "changed", "fields": [field]})]);
}

#[test]
fn a_row_on_one_side_only_is_shown_whole() {
    let (one, p) = (subscription(1).to_string(), p().to_string());
    let whole = view().pointer(&format!("/subscriptions/{one}")).unwrap().clone();
    let gone = json!({"field": "", "before": whole, "positions": [BOUGHT, SUSPENDED]});
    check(
        &format!("/subscriptions/{one}"),
        &json!(null),
        &[json!({"kind": "subscriptions", "row": one, "change": "removed", "fields": [gone]})],
    );
    let come = json!({"field": "", "after": {"kind": 1}, "positions": []});
    check(
        &format!("/resellers/{p}"),
        &json!({"kind": 1}),
        &[json!({"kind": "resellers", "row": p, "change": "added", "fields": [come]})],
    );
}

#[test]
fn kinds_that_this_build_does_not_know_are_compared_all_the_same() {
    let rows = |granular: Value, mood: &str| {
        let mut rows = rows(json!({"customer": "c", "granular": granular, "mood": {"now": mood}, "seen": [1, 2]}));
        rows.take_digest(json!({"position": 12, "command": "X"}));
        rows
    };
    let one = rows(json!({"r-1": {"state": "active"}}), "good");
    assert_eq!(one.count().collect::<Vec<_>>(), [("entries", 1), ("granular", 1), ("mood", 1), ("seen", 2)]);
    let (found, tallies) = compare(&one, &rows(json!({"r-1": {"state": "active"}, "r-2": {}}), "bad"));
    let named: Vec<(&str, &str)> = found.iter().map(|row| (row.kind.as_str(), row.row.as_str())).collect();
    assert_eq!(named, [("granular", "r-2"), ("mood", "now")]);
    let unchanged = |unchanged| Tally { unchanged, ..Tally::default() };
    assert_eq!(
        tallies.into_iter().collect::<Vec<_>>(),
        [
            ("entries".to_owned(), unchanged(1)),
            ("granular".to_owned(), Tally { added: 1, ..unchanged(1) }),
            ("mood".to_owned(), Tally { changed: 1, ..unchanged(0) }),
            ("seen".to_owned(), unchanged(2)),
        ]
    );
}

#[test]
fn a_digest_that_differs_names_its_own_entry() {
    let digest = |contact: Value| {
        let mut rows = StoredRows::default();
        rows.take_digest(json!({"position": 31, "events": [{"type": "X", "subscription": 1}, contact]}));
        rows
    };
    let (found, _) = compare(&digest(json!({"partner": 1})), &digest(json!({"version": 2, "contact": {"partner": 1}})));
    let [row] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((row.kind.as_str(), row.row.as_str()), ("entries", "31"));
    let fields: Vec<&str> = row.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["events.1.contact", "events.1.partner", "events.1.version"]);
    assert!(row.fields.iter().all(|field| field.positions == BTreeSet::from([31])));
}

#[test]
fn equal_rows_are_only_counted() {
    let (found, tallies) = compare(&rows(view()), &rows(view()));
    assert_eq!(found, []);
    assert!(tallies.values().all(Tally::is_unchanged));
    assert_eq!(tallies.get("subscriptions").map(|tally| tally.unchanged), Some(1));
}
