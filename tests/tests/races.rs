//! The races and measurements as whoever runs them sees them: a table, or one line of JSON and nothing beside it.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::process::{Command, Output};

use ofrecord_acceptance::product;
use serde_json::Value;

/// Runs the program of the races in a scratch folder of its own.
fn ran(arguments: &[&str]) -> Output {
    let scratch = tempfile::tempdir().expect("a folder");
    let output = Command::new(product::bench().expect("build the races"))
        .args(arguments)
        .arg("--scratch")
        .arg(scratch.path().join("race"))
        .output()
        .expect("run the races");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let left: Vec<_> = scratch.path().read_dir().expect("the folder").collect();
    assert!(left.is_empty(), "scratch files are removed: {left:?}");
    output
}

/// What it printed, which must be one line of JSON.
fn said(arguments: &[&str]) -> Value {
    let output = ran(&[arguments, &["--format", "json"]].concat());
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_race_in_json_is_one_line_whatever_its_engines_print() {
    let race = said(&["append", "--submitters", "2", "--rounds", "1", "--seconds", "1"]);
    let engines: Vec<&str> =
        race["lines"].as_array().expect("lines").iter().filter_map(|line| line["engine"].as_str()).collect();
    for engine in ["ofrecord", "raw file", "SQLite", "redb", "fjall", "umadb"] {
        assert!(engines.contains(&engine), "{engine} is missing: {engines:?}");
    }
}

#[test]
fn what_is_there_already_is_not_removed_to_make_room() {
    let scratch = tempfile::tempdir().expect("a folder");
    let output = Command::new(product::bench().expect("build the races"))
        .args(["import", "--records", "1", "--scratch"])
        .arg(scratch.path())
        .output()
        .expect("run the races");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("name another --scratch"));
    assert!(scratch.path().is_dir());
}

#[test]
fn ledgers_that_the_device_has_no_room_for_are_not_begun() {
    let scratch = tempfile::tempdir().expect("a folder");
    let output = Command::new(product::bench().expect("build the races"))
        .args(["sizes", "--sizes", "1000000000000", "--scratch"])
        .arg(scratch.path().join("race"))
        .output()
        .expect("run the races");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("are needed") && error.contains("are free"), "{error}");
    assert!(!scratch.path().join("race").exists());
}

/// Names of what stands beside the figures of a measurement, each figure being above nothing.
fn beside(arguments: &[&str]) -> Vec<String> {
    let figures = said(arguments);
    let figures = figures["figures"].as_array().expect("figures");
    assert!(figures.iter().all(|figure| figure["value"].as_f64() > Some(0.0)), "{figures:?}");
    figures.iter().filter_map(|figure| figure["beside"]["name"].as_str()).map(str::to_owned).collect()
}

#[test]
fn backups_are_put_beside_what_there_would_be_without() {
    let limits = beside(&["backup", "--entries", "600", "--rounds", "1", "--seconds", "1"]);
    assert_eq!(limits, ["the same files copied and synced one by one", "the full one", "without", "without"]);
}

#[test]
fn live_commands_beside_a_rebuild_and_a_replay_are_put_beside_those_alone() {
    let limits = beside(&["beside", "--entries", "600", "--rounds", "1", "--seconds", "1"]);
    assert_eq!(limits, ["beside nothing"; 6]);
}

#[test]
fn commands_dated_back_are_put_beside_those_that_are_not() {
    let limits = beside(&["dated", "--sizes", "40,80", "--rounds", "1", "--seconds", "1"]);
    assert_eq!(limits, ["not dated back"; 4]);
}

#[test]
fn proven_receipts_are_put_beside_durable_ones() {
    let limits = beside(&["proofs", "--entries", "600", "--rounds", "1", "--seconds", "1"]);
    assert!(limits.iter().filter(|limit| *limit == "durable ones").count() == 3, "{limits:?}");
}

#[test]
fn an_import_says_how_many_records_it_took_in_a_second() {
    assert!(beside(&["import", "--records", "100", "--rounds", "1"]).is_empty());
}

#[test]
fn every_size_is_filled_asked_checked_and_opened_after_a_kill() {
    let found = said(&["sizes", "--sizes", "300,1000", "--busy", "400", "--rounds", "1"]);
    let sizes = found["sizes"].as_array().expect("sizes");
    let entries: Vec<u64> = sizes.iter().filter_map(|size| size["entries"].as_u64()).collect();
    assert_eq!(entries, [300, 1_000]);
    for size in sizes {
        for figure in [
            &size["fill"]["per_second"],
            &size["disk"]["store"],
            &size["rebuild"]["peak_mib"],
            &size["replay"]["seconds"],
            &size["verify"]["mb_per_second"],
            &size["ask"]["subscriptions"]["p99_ms"],
            &size["open"]["first_answer_ms"],
            &size["open"]["first_command_ms"],
        ] {
            assert!(figure.as_f64() > Some(0.0), "{size}");
        }
    }
    // The largest customer is there where the ledger has at least twice as many entries.
    let busy: Vec<Option<u64>> = sizes.iter().map(|size| size["ask"]["busy"]["entries"].as_u64()).collect();
    assert_eq!(busy, [None, Some(400)]);
}

#[test]
fn every_receipt_of_a_served_ledger_stands_after_a_kill_and_what_it_costs_is_told() {
    let program = product::binary().expect("build the program");
    let program = program.to_str().expect("a path");
    let told = said(&["serving", "--program", program, "--rounds", "1", "--seconds", "1", "--followers", "3"]);
    let figures = told["figures"].as_array().expect("figures");
    let named = |name: &str| figures.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("{name}"));
    let stand = named("receipts that stand after SIGKILL under load");
    assert!(stand["value"].as_f64().is_some_and(|count| count >= 1_000.0), "{stand}");
    assert_eq!(stand["value"], stand["beside"]["value"], "{stand}");
    assert_eq!(named("streams of events that were open at once")["value"], 3.0);
    assert!(named("receipts, 64 connections that are kept")["value"].as_f64().is_some_and(|rate| rate > 0.0), "{told}");
}
