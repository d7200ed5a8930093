//! Rows of a table as CSV (RFC 4180), safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::Terminator;
use thiserror::Error;

use crate::table::{Cell, Row, RowError, Table};

/// What makes a spreadsheet take a cell for a formula, or a reader take the escape for one.
const ESCAPED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', ESCAPE];
/// Stands before a cell that begins with one of these.
const ESCAPE: char = '\'';

/// Why a row was not written.
#[derive(Debug, Error)]
pub enum SeparatedError {
    /// The row does not fit its table.
    #[error(transparent)]
    Row(#[from] RowError),
    /// What is written to says no.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Writes rows of one table as CSV, row by row: a header, lines that end with CRLF, quotes where they are needed.
///
/// An instant has seven digits, a list is a JSON array, and what is absent is
/// an empty cell. A cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage
/// return or an apostrophe gets one apostrophe in front: a spreadsheet would
/// run it as a formula otherwise. Whoever reads it takes one apostrophe away.
#[derive(Debug)]
pub struct Separated<W: Write> {
    table: &'static Table,
    to: csv::Writer<W>,
}

impl<W: Write> Separated<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// [`SeparatedError::Write`].
    pub fn new(table: &'static Table, to: W) -> Result<Self, SeparatedError> {
        let mut to = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to);
        to.write_record(table.columns.iter().map(|column| column.name)).map_err(io_error)?;
        Ok(Self { table, to })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`SeparatedError`].
    pub fn row(&mut self, row: &Row) -> Result<(), SeparatedError> {
        self.table.check(row)?;
        for (_, cell) in row {
            let text = text(cell);
            self.to.write_field(escaped(&text).as_bytes()).map_err(io_error)?;
        }
        self.to.write_record(None::<&[u8]>).map_err(io_error)?;
        Ok(())
    }

    /// Hands on what is still held.
    ///
    /// # Errors
    /// [`SeparatedError::Write`].
    pub fn finish(mut self) -> Result<(), SeparatedError> {
        Ok(self.to.flush()?)
    }
}

/// The error of what is written to, with its kind: that a reader went away must not look like anything else.
#[must_use]
pub fn io_error(error: csv::Error) -> io::Error {
    let text = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() { error } else { io::Error::other(text) }
}

/// A header and the lines below it as CSV, whose cells are escaped where they have to be.
///
/// # Errors
/// A line that is longer or shorter than the header.
pub fn records(header: &[String], lines: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut to = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for line in std::iter::once(header).chain(lines.iter().map(Vec::as_slice)) {
        to.write_record(line).map_err(io_error)?;
    }
    to.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Absent => Cow::Borrowed(""),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Time(instant) => Cow::Owned(instant.to_string()),
        Cell::Numbers(numbers) => Cow::Owned(serde_json::json!(numbers).to_string()),
        Cell::Texts(texts) => Cow::Owned(serde_json::json!(texts).to_string()),
    }
}

/// The text of a cell, with the apostrophe in front that a spreadsheet needs to take it for a text.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.starts_with(ESCAPED) { Cow::Owned(format!("{ESCAPE}{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests;
