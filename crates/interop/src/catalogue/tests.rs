//! The definitions of the tables among themselves.

use std::collections::BTreeSet;

use super::{ENDED_BY, KNOWN_FROM, KNOWN_TO, POSITIONS, TABLES, VALID_FROM, VALID_TO};
use crate::columnar::leaves;
use crate::table::{Kind, Presence};

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
}

#[test]
fn every_name_is_one_that_sql_takes_without_quotes() {
    let names: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
    assert_eq!(names.len(), TABLES.len());
    for table in TABLES {
        let leaves: Vec<String> = table.columns.iter().flat_map(leaves).map(|leaf| leaf.name).collect();
        let unique: BTreeSet<&String> = leaves.iter().collect();
        assert_eq!(unique.len(), leaves.len(), "{}", table.name);
        assert!(is_name(table.name) && leaves.iter().all(|name| is_name(name)), "{}: {leaves:?}", table.name);
    }
}

#[test]
fn a_list_is_never_absent() {
    for column in TABLES.iter().flat_map(|table| table.columns) {
        let is_list = matches!(column.kind, Kind::Numbers | Kind::Texts);
        assert!(!(is_list && column.presence == Presence::Optional), "{}", column.name);
    }
}

#[test]
fn a_table_with_a_history_ends_with_the_same_columns() {
    let bounds = [VALID_FROM, VALID_TO, KNOWN_FROM, KNOWN_TO, POSITIONS, ENDED_BY];
    let histories: Vec<&str> = TABLES
        .iter()
        .filter(|table| table.columns.contains(&VALID_FROM))
        .inspect(|table| assert!(table.columns.ends_with(&bounds), "{}", table.name))
        .map(|table| table.name)
        .collect();
    assert_eq!(
        histories,
        ["resellers", "access", "granular_statuses", "subscriptions", "owners", "partners_of_record"]
    );
}

#[test]
fn every_table_and_column_says_what_it_holds() {
    for table in TABLES {
        let docs = table.columns.iter().map(|column| column.doc).chain([table.doc]);
        docs.for_each(|doc| assert!(doc.ends_with('.') && !doc.contains('|'), "{}: {doc}", table.name));
    }
}
