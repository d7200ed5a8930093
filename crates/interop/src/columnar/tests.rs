//! Parquet files, written and read back.

use std::fs::File;
use std::io::{self, Write};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use super::{ColumnarError, GROUP_ROWS_MAX, TableWriter, Written};
use crate::catalogue::TABLES;
use crate::table::{Cell, Column, Row, Table};

const TABLE: Table = Table {
    name: "t",
    doc: "Rows of a test.",
    columns: &[
        Column::number("n", "A number."),
        Column::text("a", "A text.").optional(),
        Column::time("i", "An instant.").optional(),
        Column::numbers("ns", "Numbers."),
        Column::texts("ts", "Texts."),
    ],
};

fn row(n: u64, a: Option<&str>, i: Option<&str>, ns: &[u64], ts: &[&str]) -> Row {
    let instant = i.map(|text| text.parse::<ofrecord_core::Timestamp>().unwrap());
    vec![
        ("n", n.into()),
        ("a", Cell::text_of(a)),
        ("i", instant.into()),
        ("ns", Cell::Numbers(ns.to_vec())),
        ("ts", Cell::texts(ts)),
    ]
}

fn write<W: Write + Send>(rows: &[Row], to: W) -> Result<(W, Written), ColumnarError> {
    let mut writer = TableWriter::new(&TABLE, &[("origin", "example.org/ledger".to_owned())], to)?;
    for row in rows {
        writer.row(row)?;
    }
    writer.finish()
}

fn bytes(rows: &[Row]) -> Vec<u8> {
    write(rows, Vec::new()).unwrap().0
}

fn reader(rows: &[Row]) -> SerializedFileReader<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes(rows)).unwrap();
    SerializedFileReader::new(file).unwrap()
}

/// The rows of a file as texts, one for each column of the file.
fn read(rows: &[Row]) -> Vec<Vec<String>> {
    let rows = reader(rows).get_row_iter(None).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    let text = |field: &Field| {
        if let Field::TimestampMicros(micros) = field { micros.to_string() } else { field.to_string() }
    };
    rows.iter().map(|row| row.get_column_iter().map(|(_, field)| text(field)).collect()).collect()
}

/// Says no after some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_row_of_another_table_is_refused() {
    assert!(matches!(write(&[vec![("n", Cell::Absent)]], Vec::new()), Err(ColumnarError::Row(_))));
}

#[test]
fn a_full_disk_is_an_error_wherever_it_comes() {
    let rows = [row(1, Some("a"), None, &[], &[])];
    let needed = bytes(&rows).len();
    for room in [0, 3, 4, needed / 2, needed - 1] {
        assert!(write(&rows, Full(room)).is_err(), "{room}");
    }
    assert!(write(&rows, Full(needed)).is_ok());
}

#[test]
fn what_is_written_is_read_back() {
    let rows = [
        row(u64::MAX, Some("é"), Some("2024-03-01T00:00:00.1234567Z"), &[1, u64::MAX], &["x", ""]),
        row(0, None, None, &[], &[]),
        row(7, Some(""), Some("1970-01-01"), &[3], &["only"]),
    ];
    let expected = [
        [
            "18446744073709551615",
            "\"é\"",
            "1709251200123456",
            "\"2024-03-01T00:00:00.1234567Z\"",
            "[1, 18446744073709551615]",
            "[\"x\", \"\"]",
        ],
        ["0", "null", "null", "null", "[]", "[]"],
        ["7", "\"\"", "0", "\"1970-01-01T00:00:00.0000000Z\"", "[3]", "[\"only\"]"],
    ];
    assert_eq!(read(&rows), expected);
}

#[test]
fn the_first_and_the_last_instant_have_a_place() {
    for (instant, micros) in [
        ("0001-01-01T00:00:00Z", "-62135596800000000"),
        ("1969-12-31T23:59:59.9999999Z", "-1"),
        ("1970-01-01T00:00:00.0000009Z", "0"),
        ("2262-04-12T00:00:00Z", "9223372800000000"),
        ("9999-12-31T23:59:59.9999999Z", "253402300799999999"),
    ] {
        assert_eq!(read(&[row(0, None, Some(instant), &[], &[])])[0][2], micros, "{instant}");
    }
}

#[test]
fn the_same_rows_give_the_same_bytes_and_their_hash() {
    let rows: Vec<Row> = (0..1_000).map(|n| row(n, Some(&format!("{}", n % 7)), None, &[n], &[])).collect();
    let (first, told) = write(&rows, Vec::new()).unwrap();
    assert_eq!(first, bytes(&rows));
    assert_eq!(told, Written { rows: 1_000, bytes: first.len() as u64, sha256: sha256_of(&first) });
}

fn sha256_of(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[test]
fn a_file_says_what_made_it_and_what_it_rests_on() {
    let reader = reader(&[]);
    let footer = reader.metadata().file_metadata();
    assert_eq!(footer.num_rows(), 0);
    assert_eq!(footer.created_by(), Some(concat!("ofrecord version ", env!("CARGO_PKG_VERSION"))));
    let words = footer.key_value_metadata().unwrap();
    assert_eq!((words[0].key.as_str(), words[0].value.as_deref()), ("origin", Some("example.org/ledger")));
}

#[test]
fn a_row_group_holds_so_many_rows_or_bytes_and_no_more() {
    let groups =
        |rows: &[Row]| reader(rows).metadata().row_groups().iter().map(|group| group.num_rows()).collect::<Vec<_>>();
    let small = vec![row(1, None, None, &[], &[]); GROUP_ROWS_MAX + 1];
    assert_eq!(groups(&small), [GROUP_ROWS_MAX as i64, 1]);
    let large = "x".repeat(9 << 20);
    let large = vec![row(1, Some(&large), None, &[], &[]); 3];
    assert_eq!(groups(&large), [2, 1]);
}

#[test]
fn every_table_of_the_data_set_has_a_schema() {
    for table in TABLES {
        let written = TableWriter::new(table, &[], Vec::new()).and_then(TableWriter::finish);
        assert!(written.is_ok(), "{}: {:?}", table.name, written.err());
    }
}
