//! Rows as CSV: one header, a line per row, lists joined by `;`.

use serde_json::Value;

use super::cell::{self, Joined};
use super::{Column, Layout, Shown};
use crate::failure::Failure;
use crate::inquiry::Names;
use crate::output::Output;

/// Prints rows, the header also without any.
pub(super) fn print(output: &mut Output, layout: &Layout, rows: &[Value], names: &Names) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(output);
    let failed = |error: csv::Error| Failure::Output(error.into());
    writer.write_record(layout.columns.iter().map(Column::header)).map_err(failed)?;
    for row in rows {
        writer.write_record(layout.columns.iter().map(|column| text(column, row, names))).map_err(failed)?;
    }
    writer.flush().map_err(Failure::Output)
}

/// Prints lines of texts.
pub(super) fn lines(output: &mut Output, lines: &[Vec<String>]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(output);
    for line in lines {
        writer.write_record(line).map_err(|error| Failure::Output(error.into()))?;
    }
    writer.flush().map_err(Failure::Output)
}

fn text(column: &Column, row: &Value, names: &Names) -> String {
    let text = cell::text(cell::at(row, column.path), Joined::ForMachines);
    match column.shown {
        Shown::Name => names.of(&text).unwrap_or_default().to_owned(),
        Shown::Value | Shown::ValueInCsv => text,
    }
}
