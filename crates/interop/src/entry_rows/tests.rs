//! Entries as rows.

use super::entry_rows;
use crate::catalogue::ENTRIES;
use crate::stored::tests::{
    CUSTOMER, LEAF, PARTNER, REFUSAL, Sample, accepted, events, nothing, on_a_partner, refused,
};
use crate::table::{Cell, Row};

fn rows(sample: &Sample) -> Vec<Row> {
    let stored = sample.stored();
    entry_rows(&stored).collect()
}

#[track_caller]
fn check(row: &Row, expected: &[(&str, Cell)]) {
    for (name, cell) in expected {
        let found = row.iter().find(|(column, _)| column == name).map(|(_, cell)| cell);
        assert_eq!(found, Some(cell), "{name}");
    }
}

#[test]
fn every_row_fits_the_table_of_entries() {
    for sample in [accepted(), refused(), nothing(), on_a_partner("partner_user")] {
        for row in rows(&sample) {
            assert_eq!(ENTRIES.check(&row), Ok(()));
        }
    }
}

#[test]
fn each_event_is_a_row_that_names_whom_it_speaks_of() {
    let rows = rows(&accepted());
    let [_, second] = events();
    assert_eq!(rows.len(), 2);
    check(
        &rows[1],
        &[
            ("position", Cell::Number(41)),
            ("event_index", Cell::Number(1)),
            ("outcome", Cell::text("accepted")),
            ("customer", Cell::text(CUSTOMER)),
            ("partner", Cell::text(PARTNER)),
            ("subscription", Cell::Absent),
            ("streams", Cell::texts([format!("customer/{CUSTOMER}")])),
            ("event", Cell::text("DapGranted")),
            ("family", Cell::text("access")),
            ("event_version", Cell::Number(1)),
            ("sources", Cell::texts(["partner_center_audit"])),
            ("record_ids", Cell::texts(["a\"b"])),
            ("completeness", Cell::texts(["full"])),
            ("leaf_hash", Cell::text(LEAF)),
            ("outcome_json", Cell::text(second)),
        ],
    );
}

#[test]
fn an_entry_without_events_is_one_row() {
    let refused = rows(&refused());
    assert_eq!(refused.len(), 1);
    check(
        &refused[0],
        &[
            ("event_index", Cell::Absent),
            ("outcome", Cell::text("refused")),
            ("event", Cell::Absent),
            ("refusal_code", Cell::text("not_a_reseller")),
            ("refusal_rule", Cell::text("S-3")),
            ("outcome_json", Cell::text(REFUSAL)),
        ],
    );
    let nothing = rows(&nothing());
    assert_eq!(nothing.len(), 1);
    check(&nothing[0], &[("outcome", Cell::text("accepted")), ("outcome_json", Cell::Absent)]);
}
