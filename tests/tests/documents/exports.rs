//! Rendering the tables of the data set and the attributes of CloudEvents as the generated parts of their pages.

use std::fmt::Write as _;

use ofrecord_interop::catalogue::TABLES;
use ofrecord_interop::cloud_events::ATTRIBUTES;
use ofrecord_interop::columnar::{Leaf, leaves};
use ofrecord_interop::table::Presence;

pub(crate) fn tables() -> String {
    let mut out = String::new();
    for table in TABLES {
        write!(out, "### {}\n\n{}\n\n| column | type | |\n|---|---|---|\n", table.name, table.doc).unwrap();
        for column in table.columns {
            let mut says = column.doc.to_owned();
            for Leaf { name, parquet, presence } in leaves(column) {
                let absent = if presence == Presence::Optional { "; may be absent" } else { "" };
                writeln!(out, "| `{name}` | {parquet}{absent} | {says} |").unwrap();
                "The same instant with all its digits.".clone_into(&mut says);
            }
        }
        out.push('\n');
    }
    out
}

pub(crate) fn attributes() -> String {
    let mut out = "| attribute | says |\n|---|---|\n".to_owned();
    for attribute in ATTRIBUTES {
        writeln!(out, "| `{}` | {} |", attribute.name, attribute.doc).unwrap();
    }
    out
}
