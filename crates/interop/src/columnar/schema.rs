//! How the columns of a table stand in a Parquet file.

use std::fmt::Write as _;

use crate::table::{Column, Kind, Presence, Table};

/// What follows the name of the text that keeps an instant exactly.
const EXACT: &str = "_exact";

/// A column of the file; an instant has two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// Its type in the words of Parquet.
    pub parquet: &'static str,
    /// Whether it may be absent.
    pub presence: Presence,
}

/// The columns of the file for a column of the table.
#[must_use]
pub fn leaves(column: &Column) -> Vec<Leaf> {
    let leaf = |name: String, parquet: &'static str| Leaf { name, parquet, presence: column.presence };
    let name = column.name.to_owned();
    match column.kind {
        Kind::Number => vec![leaf(name, "UINT64")],
        Kind::Text => vec![leaf(name, "STRING")],
        Kind::Time => {
            let exact = format!("{name}{EXACT}");
            vec![leaf(name, "TIMESTAMP(MICROS, UTC)"), leaf(exact, "STRING")]
        }
        Kind::Numbers => vec![leaf(name, "LIST of UINT64")],
        Kind::Texts => vec![leaf(name, "LIST of STRING")],
    }
}

/// The schema of a table's files, in the text form of Parquet.
pub(super) fn message(table: &Table) -> String {
    let mut text = format!("message {} {{\n", table.name);
    for column in table.columns {
        let (name, word) = (column.name, repetition(column.presence));
        // Writing to a string cannot fail.
        match column.kind {
            Kind::Number => writeln!(text, "{word} int64 {name} (INTEGER(64, false));"),
            Kind::Text => writeln!(text, "{word} binary {name} (STRING);"),
            Kind::Time => {
                writeln!(text, "{word} int64 {name} (TIMESTAMP(MICROS, true));\n{word} binary {name}{EXACT} (STRING);")
            }
            Kind::Numbers => writeln!(text, "{}", list(name, "int64 element (INTEGER(64, false))")),
            Kind::Texts => writeln!(text, "{}", list(name, "binary element (STRING)")),
        }
        .unwrap_or_default();
    }
    text + "}"
}

fn repetition(presence: Presence) -> &'static str {
    match presence {
        Presence::Always => "required",
        Presence::Optional => "optional",
    }
}

fn list(name: &str, element: &str) -> String {
    format!("required group {name} (LIST) {{ repeated group list {{ required {element}; }} }}")
}
