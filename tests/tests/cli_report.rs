//! The dossier of a story in every form, whole, and what keeps it from being written.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::snapshot;
use ofrecord_acceptance::stage::{Stage, fixture};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";

/// The story, after it a reading of a source, and in August what was learned late and corrected.
fn stage() -> Stage {
    let stage = Stage::with_story();
    let records = fixture("records/audit").display().to_string();
    let import = ["import", &records, "--partner", "aaaaaaaa-0000-4000-8000-000000000001"];
    let covers = ["--covers-from", "2018-04-01", "--covers-to", "2018-05-01", "--clock", "2018-08-15", "--quiet"];
    stage.ran(&[import.as_slice(), covers.as_slice()].concat(), b"").must_exit(0);
    let late = fs::read(fixture("late/2018-08-20.jsonl")).expect("a fixture that can be read");
    stage.ran(&["submit", "--clock", "2018-08-20", "--quiet"], &late).must_exit(0);
    stage
}

/// Writes the report to a file and gives back its content.
fn written(stage: &Stage, name: &str, more: &[&str]) -> String {
    let arguments = [&["report", CONTOSO, "--as-of", "2018-09-01"], more].concat();
    stage.ran(&arguments, b"").must_exit(0);
    fs::read_to_string(stage.folder().join(name)).expect("the file that was asked for")
}

#[test]
fn a_dossier_is_written_as_markdown_html_and_a_picture() {
    let mut stage = stage();
    stage.run(&["report", CONTOSO, "--as-of", "2018-09-01"]).must_exit(0);
    let html = written(&stage, "dossier.html", &["-o", "dossier.html", "--known-at", "@28"]);
    let svg = written(&stage, "lanes.svg", &["--svg", "lanes.svg", "--known-at", "@28"]);
    snapshot::check_file("cli_report/dossier.html", &html);
    snapshot::check_file("cli_report/lanes.svg", &svg);
    stage.check("cli_report/markdown");
}

#[test]
fn the_form_follows_from_what_is_said_and_else_from_the_name() {
    let stage = stage();
    let begins = |name: &str, more: &[&str]| written(&stage, name, more).chars().take(15).collect::<String>();
    for (name, more, expected) in [
        ("a.md", &["-o", "a.md"][..], "# Dossier of Co"),
        ("a.MARKDOWN", &["-o", "a.MARKDOWN"], "# Dossier of Co"),
        ("a.html", &["-o", "a.html"], "<!DOCTYPE html>"),
        ("a.htm", &["-o", "a.htm"], "<!DOCTYPE html>"),
        ("a.json", &["-o", "a.json"], "{\"basis\":{\"orig"),
        ("b", &["-o", "b", "--html"], "<!DOCTYPE html>"),
        ("b.html", &["-o", "b.html", "--markdown"], "# Dossier of Co"),
        ("c", &["-o", "c", "--format", "json"], "{\"basis\":{\"orig"),
    ] {
        assert_eq!(begins(name, more), expected, "{name}");
    }
    let left: Vec<_> = fs::read_dir(stage.folder()).expect("the folder").filter_map(Result::ok).collect();
    assert!(left.iter().all(|file| !file.file_name().to_string_lossy().contains("unfinished")), "{left:?}");
}

#[test]
fn the_same_basis_and_instants_give_the_same_bytes_later_too() {
    let stage = stage();
    let asked = ["--known-at", "@21", "-o", "first.html"];
    let first = written(&stage, "first.html", &asked);
    let more = r#"{"command_id":"c0000000-0000-4000-8000-000000000099","actor":{"kind":"operator"},"customer":"cccccccc-0000-4000-8000-000000000001","command":{"type":"UpdateCustomer","name":"Contoso renamed"}}"#;
    stage.ran(&["submit", "--clock", "2018-10-01", "--quiet"], more.as_bytes()).must_exit(0);
    assert!(written(&stage, "first.html", &asked) == first);
    assert!(!first.contains("Contoso renamed"));
}

#[test]
fn a_picture_alone_leaves_the_standard_output_empty() {
    let mut stage = stage();
    stage.run(&["report", CONTOSO, "--as-of", "2018-09-01", "--svg", "lanes.svg"]).must_exit(0);
    let both = ["--svg", "lanes.svg", "-o", "a.md", "--from", "2018-05-01", "--to", "2018-07-01"];
    let markdown = written(&stage, "a.md", &both);
    assert!(markdown.contains("From 2018-05-01 00:00 UTC up to 2018-07-01 00:00 UTC."));
    stage.check("cli_report/picture_alone");
}

#[test]
fn what_keeps_a_dossier_from_being_written_is_said_before_anything_is() {
    let mut stage = stage();
    for (more, code) in [
        (&["report", "99999999-0000-4000-8000-000000000009"][..], 2),
        (&["report", "not-a-customer"], 2),
        (&["report", CONTOSO, "-o", "dossier.pdf"], 2),
        (&["report", CONTOSO, "-o", "dossier"], 2),
        (&["report", CONTOSO, "--format", "csv"], 2),
        (&["report", CONTOSO, "--format", "json", "--html"], 2),
        (&["report", CONTOSO, "--markdown", "--html"], 2),
        (&["report", CONTOSO, "--from", "2018-02-01", "--to", "2018-01-01"], 2),
        (&["report", CONTOSO, "--entries", "some"], 2),
        (&["report", CONTOSO, "-o", "no/such/folder/dossier.html"], 1),
        (&["report", CONTOSO, "--known-at", "@2"], 2),
    ] {
        stage.run(&[more, &["--clock", "2018-09-01"]].concat()).must_exit(code);
    }
    stage.check("cli_report/refused");
}
