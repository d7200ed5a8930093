//! The races as whoever runs them sees them: one table, or one line of JSON and nothing beside it.

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
