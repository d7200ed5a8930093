//! Exports of the built program: their forms, what bounds them, and a data set that is there whole or not at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ofrecord_acceptance::stage::Stage;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Events and refusals of the story: what has one CloudEvent each.
fn parts_of(entries: &str) -> usize {
    let entries = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let parts = entries.map(|entry| entry.pointer("/decision/events").and_then(Value::as_array).map_or(1, Vec::len));
    parts.sum()
}

fn printed(stage: &Stage, arguments: &[&str]) -> String {
    let ran = stage.ran(arguments, b"");
    let stdout = ran.stdout.clone();
    ran.must_exit(0);
    stdout
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn arguments_that_do_not_go_together_are_refused() {
    let mut stage = Stage::with_story();
    stage.run(&["export", "--batch"]).must_exit(2);
    stage.run(&["export", "--as", "csv", "--batch"]).must_exit(2);
    stage.run(&["export", "--as", "xml"]).must_exit(2);
    for more in [["--from", "1"], ["--as", "csv"], ["-o", "file"]] {
        stage.run(&[&["export", "--parquet", "tables"][..], &more].concat()).must_exit(2);
    }
    stage.run(&["export", "--known-at", "@5", "--to", "6"]).must_exit(2);
    stage.run(&["export", "--parquet", "tables", "--known-at", "@22"]).must_exit(2);
    stage.run(&["export", "--parquet", "ledger"]).must_exit(2);
    // The ledger and the folder of its keys.
    assert_eq!(fs::read_dir(stage.folder()).unwrap().count(), 2, "nothing was written");
    stage.check("exports/refused");
}

#[test]
fn each_form_of_an_entry_is_as_kept() {
    let mut stage = Stage::with_story();
    for form in ["cloudevents", "csv"] {
        stage.run(&["export", "--as", form, "--from", "6", "--to", "8"]).must_exit(0);
    }
    stage.run(&["export", "--as", "cloudevents", "--batch", "--from", "6", "--to", "7"]).must_exit(0);
    stage.run(&["export", "--as", "cloudevents", "--batch", "--from", "6", "--to", "6"]).must_exit(0);
    stage.run(&["export", "--as", "csv", "--from", "6", "--to", "6"]).must_exit(0);
    stage.check("exports/forms");
}

#[test]
fn every_event_and_every_refusal_is_one_cloud_event_and_one_line_of_csv() {
    let stage = Stage::with_story();
    let expected = parts_of(&printed(&stage, &["export"]));
    let lines = printed(&stage, &["export", "--as", "cloudevents", "--to", "21"]);
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), expected);
    assert!(events.iter().any(|event| event["type"].as_str().unwrap().ends_with(".refused")));
    let batch: Vec<Value> =
        serde_json::from_str(&printed(&stage, &["export", "--as", "cloudevents", "--batch", "--to", "21"])).unwrap();
    assert_eq!(batch, events);
    // No text of the story holds a line break.
    let csv = printed(&stage, &["export", "--as", "csv", "--to", "21"]);
    assert_eq!(csv.split("\r\n").count(), expected + 2, "the header, and what stands after the last line's end");
    let ids: Vec<(&Value, &Value)> = events.iter().map(|event| (&event["source"], &event["id"])).collect();
    let unique: std::collections::BTreeSet<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn what_is_known_at_an_instant_bounds_every_form() {
    let stage = Stage::with_story();
    let all = printed(&stage, &["export"]);
    let known: Vec<&str> = all.lines().filter(|line| line.contains("\"recorded_at\":\"2018-01-05")).collect();
    let bounded = printed(&stage, &["export", "--known-at", "2018-01-05"]);
    assert!(!known.is_empty() && bounded.lines().count() < all.lines().count());
    assert_eq!(bounded.lines().last(), known.last().copied());
    assert_eq!(printed(&stage, &["export", "--known-at", "@7"]).lines().count(), 7);
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_told_nothing_in_any_form() {
    let stage = Stage::empty();
    stage.ran(&["demo", "--customers", "20", "--dir", "ledger"], b"").must_exit(0);
    for form in ["entries", "cloudevents", "csv"] {
        let arguments = ["export", "--as", form];
        let mut child = stage.start(&arguments);
        drop(child.stdout.take());
        let ran = stage.end(&arguments, child);
        assert_eq!(ran.stderr, "", "{form}");
        ran.must_exit(0);
    }
}

#[test]
fn the_same_basis_gives_the_same_files() {
    let mut stage = Stage::with_story();
    let asked = ["--as-of", "2018-07-15", "--known-at", "@20"];
    fs::create_dir(stage.folder().join("second")).unwrap();
    stage.run(&[&["export", "--parquet", "first"][..], &asked].concat()).must_exit(0);
    stage.ran(&[&["export", "--parquet", "second", "--format", "json"][..], &asked].concat(), b"").must_exit(0);
    let first = files(&stage.folder().join("first"));
    assert_eq!(first, files(&stage.folder().join("second")));
    stage.run(&[&["export", "--parquet", "first"][..], &asked].concat()).must_exit(2);
    assert_eq!(first, files(&stage.folder().join("first")), "a data set is not written over");
    let later = ["export", "--parquet", "third", "--as-of", "2018-08-15", "--known-at", "@21"];
    stage.ran(&later, b"").must_exit(0);
    assert_ne!(first, files(&stage.folder().join("third")));
    stage.check("exports/tables");
}

#[test]
fn the_manifest_lists_every_file_with_its_hash() {
    let stage = Stage::with_story();
    let stats: Value = serde_json::from_str(&printed(&stage, &["stats", "--format", "json"])).unwrap();
    stage.ran(&["export", "--parquet", "tables", "--as-of", "2018-08-15"], b"").must_exit(0);
    let mut files = files(&stage.folder().join("tables"));
    let manifest: Value = serde_json::from_slice(&files.remove(Path::new("_manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["basis"]["tree_size"], stats["tree_size"]);
    assert_eq!(manifest["basis"]["root"], stats["root"]);
    assert_eq!(manifest["as_of"], "2018-08-15T00:00:00.0000000Z");
    let mut listed = 0;
    for file in manifest["tables"].as_array().unwrap().iter().flat_map(|table| table["files"].as_array().unwrap()) {
        let bytes = &files[Path::new(file["path"].as_str().unwrap())];
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&file["sha256"], &file["bytes"]), (&hash.into(), &bytes.len().into()), "{file}");
        listed += 1;
    }
    assert_eq!(listed, files.len());
}

#[test]
#[cfg(unix)]
fn a_data_set_that_was_stopped_is_not_there() {
    let stage = Stage::empty();
    stage.ran(&["demo", "--customers", "100", "--dir", "ledger"], b"").must_exit(0);
    let arguments = ["export", "--parquet", "tables", "--as-of", "2024-03-01"];
    let (target, unfinished) = (stage.folder().join("tables"), stage.folder().join("tables.unfinished"));
    let mut child = stage.start(&arguments);
    while !unfinished.exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = stage.end(&arguments, child);
    // On a machine that is faster than the signal it is whole.
    assert_eq!(target.exists(), ran.code == Some(0), "{}", ran.shown());
    assert!(matches!(ran.code, Some(0 | 130)), "{}", ran.shown());
    assert!(!unfinished.exists());
    if ran.code == Some(130) {
        stage.ran(&arguments, b"").must_exit(0);
    }
    assert!(target.join("_manifest.json").exists());
}
