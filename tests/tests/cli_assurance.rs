//! Checking, mending and taking out what a ledger holds: verify, replay, rebuild, repair, stats, export, import.

use std::fs;

use ofrecord_acceptance::snapshot;
use ofrecord_acceptance::stage::{Ran, Stage, fixture};

#[test]
fn a_sound_ledger_passes_every_check() {
    let mut stage = Stage::with_story();
    for check in ["verify", "verify --bytes-only", "replay", "rebuild", "repair", "repair --dry-run"] {
        let arguments: Vec<&str> = check.split(' ').collect();
        stage.run(&arguments).must_exit(0);
        for format in ["json", "csv"] {
            stage.run(&[arguments.as_slice(), &["--format", format]].concat()).must_exit(0);
        }
    }
    stage.run(&["replay", "--from", "3", "--to", "5"]).must_exit(0);
    stage.run(&["rebuild", "--remove-old"]).must_exit(0);
    stage.check("cli_assurance/sound");
}

#[test]
fn an_empty_ledger_passes_every_check() {
    let mut stage = Stage::with_ledger();
    // The export is the last: that it was made is an entry.
    for check in ["verify", "replay", "rebuild", "findings --clock 2018-09-01", "coverage --clock 2018-09-01", "export"]
    {
        stage.run(&check.split(' ').collect::<Vec<_>>()).must_exit(0);
    }
    stage.check("cli_assurance/empty");
}

#[test]
fn a_verification_of_the_bytes_alone_counts_for_no_verification_and_is_not_certified() {
    let mut stage = Stage::with_story();
    // What is written to is verified as far as it gets meanwhile.
    let mark = stage.folder().join("ledger/views/verified");
    if mark.exists() {
        fs::remove_file(&mark).unwrap();
    }
    stage.run(&["verify", "--bytes-only", "--certify", "verified.json"]).must_exit(2);
    stage.run(&["verify", "--bytes-only"]).must_exit(0);
    assert!(!mark.exists());
    stage.run(&["verify"]).must_exit(0);
    assert!(mark.exists());
    stage.check("cli_assurance/bytes_only");
}

/// Sizes on a device and the cut of blocks are not the same each time, and the index follows in the background.
fn without_sizes(ran: &Ran) -> String {
    let text = ran.shown();
    let lines = text.lines().map(|line| {
        let sized =
            ["blocks", "indexed through", "log bytes", "index bytes", "views bytes", "bytes per entry", "free bytes"];
        match sized.iter().find(|name| line.starts_with(*name)) {
            Some(name) => format!("{name} …"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn stats_tell_how_much_there_is() {
    let stage = Stage::with_story();
    // A ledger that is written to verifies itself as far as it comes meanwhile.
    stage.ran(&["verify"], b"").must_exit(0);
    let ran = stage.ran(&["stats"], b"");
    snapshot::check("cli_assurance/stats", &without_sizes(&ran));
    ran.must_exit(0);
    let json = stage.ran(&["stats", "--format", "json"], b"");
    let stats: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(stats["tree_size"], 21);
    assert_eq!(stats["accepted"].as_u64().unwrap() + stats["refused"].as_u64().unwrap(), 21);
    json.must_exit(0);
    let csv = stage.ran(&["stats", "--format", "csv"], b"");
    assert_eq!(csv.stdout.lines().count(), 2);
    csv.must_exit(0);
}

#[test]
fn an_export_is_the_exact_bytes() {
    let mut stage = Stage::with_story();
    stage.run(&["export", "--from", "6", "--to", "8"]).must_exit(0);
    stage.run(&["export", "-o", "all.jsonl", "--known-at", "@21"]).must_exit(0);
    stage.run(&["export", "--from", "21", "--known-at", "@21"]).must_exit(0);
    let whole = fs::read_to_string(stage.folder().join("all.jsonl")).unwrap();
    let printed = stage.ran(&["export", "--known-at", "@21"], b"");
    assert_eq!(printed.stdout, whole);
    assert_eq!(whole.lines().count(), 21);
    printed.must_exit(0);
    let left: Vec<_> = fs::read_dir(stage.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".unfinished")), "{left:?}");
    stage.check("cli_assurance/export");
}

#[test]
fn a_damaged_ledger_says_so_takes_nothing_and_is_mended() {
    let mut stage = Stage::with_story();
    fs::remove_file(stage.folder().join("ledger/head")).unwrap();
    stage.run(&["resellers", "cccccccc-0000-4000-8000-000000000001", "--clock", "2018-09-01"]).must_exit(0);
    stage.run(&["submit"]).must_exit(1);
    stage.run(&["verify"]).must_exit(4);
    stage.run(&["verify", "--format", "json"]).must_exit(4);
    stage.run(&["verify", "--bytes-only"]).must_exit(4);
    stage.run(&["repair", "--dry-run"]).must_exit(4);
    stage.run(&["repair"]).must_exit(0);
    stage.run(&["verify"]).must_exit(0);
    stage.run(&["submit"]).must_exit(0);
    stage.check("cli_assurance/damaged");
}

fn import(stage: &mut Stage, record: &str, more: &[&str], code: i32) {
    let path = fixture("records").join(record).display().to_string();
    stage.run(&[&["import", &path, "--clock", "2018-09-15"], more].concat()).must_exit(code);
}

#[test]
fn an_import_reports_what_came_of_every_record() {
    let mut stage = Stage::with_story();
    import(&mut stage, "audit", &["--dry-run"], 0);
    import(&mut stage, "audit", &[], 0);
    import(&mut stage, "audit/april.json", &["--report", "json"], 0);
    import(&mut stage, "audit", &["--format", "csv"], 0);
    import(&mut stage, "half-readable.json", &[], 2);
    import(&mut stage, "same-id-other-content.json", &[], 3);
    import(&mut stage, "truncated.json", &[], 2);
    import(&mut stage, "missing.json", &[], 1);
    stage
        .run(&["timeline", "cccccccc-0000-4000-8000-000000000002", "--format", "csv", "--clock", "2018-09-15"])
        .must_exit(0);
    stage.check("cli_assurance/import");
}

#[test]
fn a_late_import_changes_as_of_and_not_known_at() {
    let mut stage = Stage::with_story();
    import(&mut stage, "audit", &["--quiet"], 0);
    let customer = "cccccccc-0000-4000-8000-000000000002";
    let asked = ["resellers", customer, "--as-of", "2018-04-30"];
    stage.run(&asked).must_exit(0);
    stage.run(&[&asked[..], &["--known-at", "2018-08-31"]].concat()).must_exit(2);
    stage.check("cli_assurance/late_import");
}

#[test]
fn an_import_that_names_its_period_tells_no_event_from_no_record() {
    let mut stage = Stage::with_story();
    let partner = "aaaaaaaa-0000-4000-8000-000000000002";
    let period = ["--partner", partner, "--covers-from", "2018-04-01", "--covers-to", "2018-05-01", "--quiet"];
    import(&mut stage, "audit", &period, 0);
    import(&mut stage, "audit", &period, 0);
    let backwards = ["--partner", partner, "--covers-from", "2018-05-01", "--covers-to", "2018-04-01"];
    import(&mut stage, "audit", &backwards, 2);
    import(&mut stage, "audit", &["--covers-from", "2018-05-01"], 2);
    for format in ["table", "json", "csv"] {
        let asked = ["coverage", "--from", "2018-03-01", "--clock", "2018-09-15", "--format", format];
        stage.run(&asked).must_exit(0);
    }
    stage.run(&["coverage", "cccccccc-0000-4000-8000-000000000002", "--facts", "--clock", "2018-09-15"]).must_exit(0);
    stage.check("cli_assurance/coverage");
}

#[test]
fn a_demo_stands_in_the_folder_named_and_passes_every_check() {
    let stage = Stage::empty();
    stage.ran(&["demo", "--customers", "5", "--dir", "demo"], b"").must_exit(0);
    for check in ["verify", "replay", "rebuild", "findings", "coverage", "stats"] {
        stage.ran(&[check, "--ledger", "demo"], b"").must_exit(0);
    }
    stage.ran(&["demo", "--customers", "5", "--dir", "demo"], b"").must_exit(1);
}
