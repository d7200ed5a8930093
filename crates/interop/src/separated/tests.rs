//! CSV as RFC 4180 has it, and what a spreadsheet would run.

use std::io::{self, Write};

use super::{ESCAPE, ESCAPED, Separated, SeparatedError};
use crate::table::{Cell, Column, Row, Table};

const TABLE: Table = Table {
    name: "t",
    doc: "Rows of a test.",
    columns: &[
        Column::text("a", "A text.").optional(),
        Column::time("i", "An instant.").optional(),
        Column::numbers("n", "Numbers."),
        Column::texts("l", "Texts."),
    ],
};

fn row(text: &str) -> Row {
    vec![
        ("a", Cell::text(text)),
        ("i", Cell::Time("2024-03-01".parse().unwrap())),
        ("n", Cell::Numbers(vec![1, 2])),
        ("l", Cell::texts(["x;y", "\""])),
    ]
}

fn written(rows: &[Row]) -> Result<String, SeparatedError> {
    let mut bytes = Vec::new();
    let mut separated = Separated::new(&TABLE, &mut bytes)?;
    for row in rows {
        separated.row(row)?;
    }
    separated.finish()?;
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn a_row_of_another_table_is_refused() {
    assert!(matches!(written(&[vec![("b", Cell::Absent)]]), Err(SeparatedError::Row(_))));
}

/// Nobody reads any more.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_went_away_can_be_told_from_a_full_disk() {
    let separated = Separated::new(&TABLE, Gone).unwrap();
    let ended = separated.finish();
    assert!(matches!(&ended, Err(SeparatedError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe));
    let mut separated = Separated::new(&TABLE, Gone).unwrap();
    let large = row(&"x".repeat(100_000));
    let ended = separated.row(&large);
    assert!(matches!(&ended, Err(SeparatedError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe));
}

#[test]
fn lines_end_as_the_rfc_says_and_quotes_are_doubled() {
    let text = written(&[row("a,\"b\"\r\nc")]).unwrap();
    assert_eq!(
        text,
        "a,i,n,l\r\n\"a,\"\"b\"\"\r\nc\",2024-03-01T00:00:00.0000000Z,\"[1,2]\",\"[\"\"x;y\"\",\"\"\\\"\"\"\"]\"\r\n"
    );
    assert_eq!(written(&[]).unwrap(), "a,i,n,l\r\n");
    let nothing =
        vec![("a", Cell::Absent), ("i", Cell::Absent), ("n", Cell::Numbers(vec![])), ("l", Cell::texts([""; 0]))];
    assert_eq!(written(&[nothing]).unwrap(), "a,i,n,l\r\n,,[],[]\r\n");
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_escaped_and_can_be_read_back() {
    let texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''", "plain", "a=b", "", "é'"];
    let text = written(&texts.map(row)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    for (cell, text) in cells.iter().zip(texts) {
        assert!(!cell.starts_with(ESCAPED) || cell.starts_with(ESCAPE), "{cell:?}");
        assert_eq!(cell.strip_prefix(ESCAPE).unwrap_or(cell), text);
    }
    assert_eq!(cells.len(), texts.len());
}

#[test]
fn records_end_with_crlf_and_are_as_long_as_their_header() {
    let line = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    assert!(super::records(&line(&["a", "b"]), &[line(&["1"])]).is_err());
    let written = super::records(&line(&["a", "b"]), &[line(&["1", "x,\"y\"\nz"]), line(&["", "é"])]).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), "a,b\r\n1,\"x,\"\"y\"\"\nz\"\r\n,é\r\n");
}
