//! Before a new fold is deployed: what it would change is shown from outside, on a ledger that an older build wrote and on a new one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_acceptance::stage::{Ran, Stage};
use ofrecord_acceptance::workspace;
use ofrecord_views::FOLD_VERSION;
use serde_json::{Value, json};

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const QUAY: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";

/// Copies a folder; a store is mostly empty space and so kept compressed.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.extension().is_some_and(|extension| extension == "zst") {
            fs::write(target.with_extension(""), zstd::decode_all(fs::File::open(path).unwrap()).unwrap()).unwrap();
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A folder with the ledger that the build before events had versions wrote, its stored views of fold 3 included.
fn with_old_ledger() -> Stage {
    let stage = Stage::empty();
    let ledger = stage.folder().join("ledger");
    copy(&workspace::root().join("crates/ledger/tests/fixtures/ledger-1"), &ledger);
    fs::create_dir_all(ledger.join("segments")).unwrap();
    stage
}

/// What lies in the ledger, but for what any opening does: the lock, and the ballast that was left out.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name != "lock" && name != "ballast") {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn json_of(ran: Ran, code: i32) -> Value {
    let value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.shown()));
    ran.must_exit(code);
    value
}

fn impact(stage: &Stage, more: &[&str], code: i32) -> Value {
    json_of(stage.ran(&[&["impact", "--format", "json"], more].concat(), b""), code)
}

/// The rows of the report, but for digests.
fn view_rows(report: &Value) -> Vec<&Value> {
    report["rows"].as_array().unwrap().iter().filter(|row| row["kind"] != "entries").collect()
}

#[test]
fn an_old_ledger_shows_what_this_build_would_fold_otherwise_and_is_left_as_it_is() {
    let stage = with_old_ledger();
    let ledger = stage.folder().join("ledger");
    // The first opening completes what the fixture leaves out.
    stage.ran(&["stats", "--quiet"], b"").must_exit(0);
    let before = files(&ledger);
    let report = impact(&stage, &[], 4);
    assert_eq!(files(&ledger), before, "nothing was written");
    assert_eq!((&report["fold"], &report["against"]), (&json!(FOLD_VERSION), &json!({"fold": "3", "generation": 2})));
    assert_eq!((&report["through"], &report["tree_size"]), (&json!(27), &json!(27)));
    let contact = json!({"field": "support_contact", "before": QUAY, "after": {"partner": QUAY}, "positions": [26]});
    let office = |row: &&&Value| row["kind"] == "subscriptions" && row["row"] == OFFICE && row["customer"] == CUSTOMER;
    let rows = view_rows(&report);
    let changed = rows.iter().find(office).unwrap();
    assert!(changed["fields"].as_array().unwrap().contains(&contact), "{report}");
    let digests: Vec<&str> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["kind"] == "entries")
        .filter_map(|row| row["row"].as_str())
        .collect();
    for position in ["14", "16", "17", "19", "20", "21", "25", "26"] {
        assert!(digests.contains(&position), "the contact in entry {position} is stored otherwise: {digests:?}");
    }
}

#[test]
fn no_other_command_touches_the_rows_that_another_fold_wrote() {
    let stage = with_old_ledger();
    let first = impact(&stage, &[], 4);
    let question = ["subscriptions", CUSTOMER, "--as-of", "2018-04-15", "--clock", "2018-06-01", "--quiet"];
    let answer = stage.ran(&question, b"");
    assert!(answer.stdout.contains(OFFICE), "answered from the log: {}", answer.shown());
    answer.must_exit(0);
    let command = json!({"command_id": "d0000000-0000-4000-8000-000000000201",
        "actor": {"kind": "partner_user", "tenant_id": QUAY, "user": "ana@quay.example", "role": "admin_agent"},
        "customer": CUSTOMER, "command": {"type": "SetSupportContact", "subscription": OFFICE, "partner": QUAY,
            "partner_id": "4847383", "name": "Quay support"}});
    stage.ran(&["submit", "--clock", "2018-06-01"], format!("{command}\n").as_bytes()).must_exit(0);
    let later = impact(&stage, &[], 4);
    assert_eq!((&later["rows"], &later["against"]), (&first["rows"], &first["against"]));
    assert_eq!((&later["through"], &later["tree_size"]), (&json!(27), &json!(28)));
    // Deployed: the new rows are in place, and nothing would change any more.
    stage.ran(&["rebuild"], b"").must_exit(0);
    let deployed = impact(&stage, &[], 0);
    assert_eq!((&deployed["differing"], &deployed["against"]["fold"]), (&json!(0), &json!(FOLD_VERSION)));
    stage.ran(&["replay"], b"").must_exit(0);
    stage.ran(&["verify"], b"").must_exit(0);
}

/// The number of the fold is not what these texts are about.
fn without_fold(ran: Ran) -> Ran {
    let stdout = ran
        .stdout
        .replace(&format!("fold {FOLD_VERSION}"), "fold <this>")
        .replace(&format!("\"fold\":\"{FOLD_VERSION}\""), "\"fold\":\"<this>\"");
    Ran { stdout, ..ran }
}

#[test]
fn rows_of_two_builds_are_compared_through_a_file() {
    let stage = Stage::with_story();
    let mut told = String::new();
    let mut show = |arguments: &[&str], code: i32| {
        let ran = without_fold(stage.ran(arguments, b""));
        told.push_str(&ran.shown());
        ran.must_exit(code);
    };
    show(&["impact"], 2);
    show(&["rebuild", "--quiet"], 0);
    show(&["impact"], 0);
    show(&["impact", "--save", "one"], 0);
    show(&["impact", "--save", "two", "--quiet"], 0);
    let path = stage.folder().join("one/rows.jsonl");
    let rows = fs::read_to_string(&path).unwrap();
    assert_eq!(rows, fs::read_to_string(stage.folder().join("two/rows.jsonl")).unwrap(), "the same bytes each time");
    show(&["impact", "--against", "one"], 0);
    let edited = rows.replacen(r#""index":1,"position":8},"value":25}"#, r#""index":1,"position":8},"value":26}"#, 1);
    assert_ne!(edited, rows);
    fs::write(&path, &edited).unwrap();
    show(&["impact", "--against", "one"], 4);
    for format in ["json", "csv"] {
        show(&["impact", "--against", "one", "--format", format, "--limit", "5"], 4);
    }
    show(&["impact", "--against", "one", "--limit", "0"], 4);
    show(&["impact", "--against", "one", "--customer", CUSTOMER], 4);
    show(&["impact", "--against", "one", "--customer", "cccccccc-0000-4000-8000-000000000099"], 2);
    show(&["impact", "--against", "nowhere"], 1);
    fs::write(&path, edited.replace("example.cn/ledger", "example.cn/other")).unwrap();
    show(&["impact", "--against", "one"], 2);
    fs::write(&path, "nonsense\n").unwrap();
    show(&["impact", "--against", "one"], 2);
    show(&["impact", "--against", "one", "--save", "two"], 2);
    ofrecord_acceptance::snapshot::check("impact/saved", &told);
}

#[test]
fn what_is_folded_aside_is_removed_again() {
    let stage = Stage::with_story();
    stage.ran(&["rebuild", "--quiet"], b"").must_exit(0);
    let scratch = stage.folder().join("scratch");
    stage.ran(&["impact", "--scratch", "scratch"], b"").must_exit(0);
    stage.ran(&["impact", "--scratch", "scratch", "--against", "nowhere"], b"").must_exit(1);
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 0);
}
