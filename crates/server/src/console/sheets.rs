//! The tables of the pages as files for a spreadsheet (CSV, RFC 4180): the same rows, at the same viewpoint, as far as
//! whoever asks sees them. That one leaves is recorded.

use axum::http::header::CONTENT_DISPOSITION;
use maud::{Markup, html};
use ofrecord_interop::field::{self, Joined};
use ofrecord_interop::separated::{self, escaped};
use ofrecord_ledger::Snapshot;
use serde::Serialize;
use serde_json::Value;

use super::said::Called;
use super::words::sheets as words;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

mod customer;
mod everyone;
mod partner;

pub(super) use self::customer::{CUSTOMER_TABLES, of_comparison, of_customer};
pub(super) use self::everyone::{EVERYBODY_TABLES, of_everybody};
pub(super) use self::partner::{PARTNER_TABLES, of_partner};

/// The media type of a table.
pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";

/// A table of a page, whose rows rest on something.
struct Sheet<Ground> {
    /// The word for it in addresses and names of files.
    word: &'static str,
    /// Its columns, in order.
    columns: &'static [Column],
    /// Its rows, as JSON.
    rows: fn(&Ground) -> Result<Vec<Value>, Problem>,
}

/// A column, by the path of its field in the JSON of a row.
enum Column {
    /// What stands there.
    Of(&'static str),
    /// What the customer or partner is called whose id stands there, where that is known.
    NameOf(&'static str),
}

impl Column {
    fn header(&self) -> String {
        match self {
            Self::Of(path) => path.replace('.', "_"),
            Self::NameOf(path) => format!("{}_name", path.replace('.', "_")),
        }
    }

    fn text(&self, row: &Value, called: &Called<'_>) -> String {
        match self {
            Self::Of(path) => {
                let value = field::at(row, path);
                let text = field::text(value, Joined::ForMachines);
                // The sign of a number begins no formula.
                if value.is_number() { text } else { escaped(&text).into_owned() }
            }
            Self::NameOf(path) => {
                let id = field::text(field::at(row, path), Joined::ForMachines);
                escaped(called.name_of(&id).unwrap_or_default()).into_owned()
            }
        }
    }
}

impl<Ground> Sheet<Ground> {
    /// The sheet among several that is asked for.
    fn named<'a>(sheets: &'a [Self], asked: &Asked) -> Result<&'a Self, Problem> {
        let words: Vec<(&str, &Self)> = sheets.iter().map(|sheet| (sheet.word, sheet)).collect();
        asked.word("table", &words)?.ok_or_else(|| Problem::malformed("table", &"this route needs it"))
    }

    /// The file: a header, then the rows. Its name says of what it is, and by how many entries.
    fn reply(&self, ground: &Ground, called: &Called<'_>, (of, snapshot): (&str, &Snapshot)) -> Result<Reply, Problem> {
        let rows = (self.rows)(ground)?;
        let header: Vec<String> = self.columns.iter().map(Column::header).collect();
        let line = |row: &Value| self.columns.iter().map(|column| column.text(row, called)).collect();
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        let bytes = separated::records(&header, &lines).map_err(|error| failed(&error))?;
        let name = format!("{}-{of}-at-{}.csv", self.word, snapshot.basis.tree_size);
        Ok(Reply::bytes(CSV, bytes)
            .with_header(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
            .not_kept())
    }
}

/// Rows as JSON.
fn values<Row: Serialize>(rows: &[Row]) -> Result<Vec<Value>, Problem> {
    rows.iter().map(|row| serde_json::to_value(row).map_err(|error| failed(&error))).collect()
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    Problem::internal("write the table", error)
}

/// What is said of a finding.
const FINDING: &[Column] = &[
    Column::Of("customer"),
    Column::NameOf("customer"),
    Column::Of("code"),
    Column::Of("rule"),
    Column::Of("since"),
    Column::Of("until"),
    Column::Of("subject.partner"),
    Column::NameOf("subject.partner"),
    Column::Of("subject.other_partner"),
    Column::Of("subject.subscription"),
    Column::Of("subject.service"),
    Column::Of("subject.relationship"),
    Column::Of("subject.source"),
    Column::Of("subject.field"),
    Column::Of("sentence"),
    Column::Of("positions"),
];

/// The way to a table as a file.
pub(super) fn way(href: &str, what: &str) -> Markup {
    html! {
        a class="csv" href=(href) download { (words::CSV) span class="unseen" { ": " (what) } }
    }
}

/// The same, named in sight.
pub(super) fn named_way(href: &str, what: &str) -> Markup {
    html! { a class="csv" href=(href) download { (what) ": " (words::CSV) } }
}

#[cfg(test)]
mod tests;
