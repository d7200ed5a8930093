//! A table in several files.

use std::fs;

use ofrecord_interop::catalogue::OWNERS;
use ofrecord_interop::table::{Cell, Row};

use super::super::folder::Unfinished;
use super::Parts;

fn row() -> Row {
    vec![
        ("customer", Cell::text("c")),
        ("subscription", Cell::text("s")),
        ("owner", Cell::text("o")),
        ("valid_from", Cell::Time("2024-03-01".parse().unwrap())),
        ("valid_to", Cell::Absent),
        ("known_from", Cell::Number(1)),
        ("known_to", Cell::Absent),
        ("positions", Cell::Numbers(vec![0])),
        ("ended_by", Cell::Numbers(Vec::new())),
    ]
}

#[track_caller]
fn check(rows: usize, expected: &[u64]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.unfinished");
    let unfinished = Unfinished::begin(&folder.path().join("set"), path.clone()).unwrap();
    let mut parts = Parts::begin(&OWNERS, &unfinished, &[], 2).unwrap();
    for _ in 0..rows {
        parts.row(&row()).unwrap();
    }
    let written = parts.finish().unwrap();
    assert_eq!(written.files.iter().map(|file| file.rows).collect::<Vec<_>>(), expected);
    assert_eq!(written.rows, expected.iter().sum::<u64>());
    for (number, file) in written.files.iter().enumerate() {
        assert_eq!(file.path, format!("owners/part-{number:05}.parquet"));
        assert_eq!(fs::metadata(path.join(&file.path)).unwrap().len(), file.bytes);
    }
    assert_eq!(fs::read_dir(path.join("owners")).unwrap().count(), expected.len());
}

#[test]
fn a_file_has_so_many_rows_and_no_more() {
    check(1, &[1]);
    check(2, &[2]);
    check(5, &[2, 2, 1]);
}

#[test]
fn a_table_without_rows_has_one_file() {
    check(0, &[0]);
}
