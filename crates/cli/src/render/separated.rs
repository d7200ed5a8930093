//! Rows as CSV: one header, a line per row, lists joined by `;`, texts escaped as an export escapes them.

use std::borrow::Cow;
use std::io::Write;

use ofrecord_interop::separated::{escaped, io_error};
use serde_json::Value;

use super::{Column, Layout, Shown};
use crate::failure::Failure;
use crate::inquiry::Names;
use ofrecord_interop::field::{self, Joined};

/// Prints rows, the header also without any.
pub(super) fn print(to: &mut impl Write, layout: &Layout, rows: &[Value], names: &Names) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(layout.columns.iter().map(Column::header)).map_err(failed)?;
    for row in rows {
        writer.write_record(layout.columns.iter().map(|column| text(column, row, names))).map_err(failed)?;
    }
    writer.flush().map_err(Failure::Output)
}

/// Prints lines of texts.
pub(super) fn lines(to: &mut impl Write, lines: &[Vec<String>]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(to);
    for line in lines {
        let cells: Vec<Cow<'_, str>> = line.iter().map(|text| escaped(text)).collect();
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(failed)?;
    }
    writer.flush().map_err(Failure::Output)
}

/// What the output says no with, so that a reader who went away is known as one.
fn failed(error: csv::Error) -> Failure {
    Failure::Output(io_error(error))
}

fn text(column: &Column, row: &Value, names: &Names) -> String {
    let value = field::at(row, column.path);
    let text = field::text(value, Joined::ForMachines);
    match column.shown {
        Shown::Name => escaped(names.of(&text).unwrap_or_default()).into_owned(),
        // The sign of a number begins no formula.
        Shown::Value | Shown::ValueInCsv if value.is_number() => text,
        Shown::Value | Shown::ValueInCsv => escaped(&text).into_owned(),
    }
}
