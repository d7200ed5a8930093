//! Rows in columns for people: nothing is cut, since ids are copied from here.

use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use serde_json::Value;

use super::{Column, Layout, Shown};
use crate::failure::Failure;
use crate::inquiry::Names;
use crate::output::Output;
use crate::session::Colour;
use ofrecord_interop::field::{self, Joined};

/// Shown where nothing is known.
const NOTHING: &str = "-";
/// Columns stand this far apart.
const APART: u16 = 2;

/// Prints rows. A column without any value is left out.
pub(super) fn print(output: &mut Output, layout: &Layout, rows: &[Value], names: &Names) -> Result<(), Failure> {
    if rows.is_empty() {
        return output.line(layout.empty);
    }
    let shown = layout.columns.iter().filter(|column| column.shown != Shown::ValueInCsv);
    let columns: Vec<(&str, Vec<String>)> = shown
        .map(|column| (column.title, rows.iter().map(|row| text(column, row, names)).collect::<Vec<_>>()))
        .filter(|(_, texts)| texts.iter().any(|text| !text.is_empty()))
        .collect();
    let titles = columns.iter().map(|(title, _)| *title);
    let lines =
        (0..rows.len()).map(|row| columns.iter().map(move |(_, texts)| texts.get(row).map_or("", String::as_str)));
    output.line(&aligned(titles, lines, output.colour()))
}

/// Titles and lines, aligned.
pub(super) fn aligned<'a, Line: Iterator<Item = &'a str>>(
    titles: impl Iterator<Item = &'a str>,
    lines: impl Iterator<Item = Line>,
    colour: Colour,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    match colour {
        Colour::On => table.enforce_styling(),
        Colour::Off => table.force_no_tty(),
    };
    table.set_header(titles.map(|title| Cell::new(title.to_uppercase()).add_attribute(Attribute::Bold)));
    for line in lines {
        table.add_row(line.map(|text| if text.is_empty() { NOTHING } else { text }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, APART));
    }
    table.trim_fmt()
}

fn text(column: &Column, row: &Value, names: &Names) -> String {
    let text = field::text(field::at(row, column.path), Joined::ForPeople);
    match column.shown {
        Shown::Name => names.of(&text).unwrap_or_default().to_owned(),
        Shown::Value | Shown::ValueInCsv => text,
    }
}
