//! A folder is there whole or not at all, and nothing of anyone else is removed.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Unfinished;
use crate::failure::Failure;

fn paths(folder: &TempDir) -> (PathBuf, PathBuf) {
    (folder.path().join("set"), folder.path().join("set.unfinished"))
}

fn begin(target: &Path, path: &Path) -> Result<Unfinished, Failure> {
    Unfinished::begin(target, path.to_owned())
}

fn not_empty(begun: Result<Unfinished, Failure>, expected: &Path) {
    assert!(matches!(begun, Err(Failure::NotEmpty { path }) if path == expected));
}

#[test]
fn a_target_that_holds_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (target, path) = paths(&folder);
    fs::create_dir(&target).unwrap();
    fs::write(target.join("theirs"), "x").unwrap();
    not_empty(begin(&target, &path), &target);
    assert!(!path.exists());
}

#[test]
fn a_target_that_is_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (target, path) = paths(&folder);
    fs::write(&target, "x").unwrap();
    assert!(matches!(begin(&target, &path), Err(Failure::File { .. })));
    assert_eq!(fs::read_to_string(&target).unwrap(), "x");
}

#[test]
fn what_somebody_else_left_beside_the_target_is_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (target, path) = paths(&folder);
    fs::create_dir_all(path.join("entries")).unwrap();
    fs::write(path.join("theirs"), "x").unwrap();
    not_empty(begin(&target, &path), &path);
    assert!(path.join("theirs").exists());
}

#[test]
fn what_an_export_left_behind_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let (target, path) = paths(&folder);
    let first = begin(&target, &path).unwrap();
    let table = first.table("entries").unwrap();
    fs::write(table.join("part-00000.parquet"), "half").unwrap();
    drop(first);
    let second = begin(&target, &path).unwrap();
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    second.abandon().unwrap();
    assert!(!path.exists() && !target.exists());
}
