//! Arguments and folders that will not do: each error says what could not be done, and the hint what to do.

use std::fs;

use ofrecord_acceptance::stage::Stage;

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";

#[test]
fn there_must_be_a_ledger() {
    let mut stage = Stage::empty();
    for command in ["submit", "stats", "verify", "replay", "rebuild", "impact", "repair", "export", "findings"] {
        stage.run(&[command]).must_exit(1);
    }
    stage.run(&["resellers", CONTOSO, "--ledger", "elsewhere/deep"]).must_exit(1);
    stage.write("file", "not a folder");
    stage.run(&["stats", "--ledger", "file"]).must_exit(1);
    fs::create_dir(stage.folder().join("foreign")).unwrap();
    stage.write("foreign/letter.txt", "dear auditor");
    stage.run(&["stats", "--ledger", "foreign"]).must_exit(1);
    stage.check("cli_bad_input/no_ledger");
}

#[test]
fn a_ledger_is_created_only_where_nothing_is() {
    let mut stage = Stage::empty();
    stage.run(&["init", "--origin", "example.cn/one", "--clock", "2018-01-01"]).must_exit(0);
    stage.run(&["init", "--origin", "example.cn/two"]).must_exit(1);
    stage.run(&["init", "two", "--origin", "with space"]).must_exit(2);
    stage.run(&["init", "two", "--cloud", "germany"]).must_exit(2);
    stage
        .run(&["init", "two", "--origin", "a/b", "--cloud", "worldwide", "--clock", "2018-01-01", "--format", "json"])
        .must_exit(0);
    stage.run(&["init", "new/deep", "--origin", "a/b", "--clock", "2018-01-01", "--format", "csv"]).must_exit(0);
    stage.check("cli_bad_input/init");
}

#[test]
fn a_drawn_origin_is_another_each_time() {
    let stage = Stage::empty();
    let one = stage.ran(&["init", "one"], b"");
    let two = stage.ran(&["init", "two"], b"");
    let origin = |stdout: &str| stdout.lines().nth(1).unwrap().to_owned();
    assert!(origin(&one.stdout).contains("ofrecord.local/"));
    assert_ne!(origin(&one.stdout), origin(&two.stdout));
    one.must_exit(0);
    two.must_exit(0);
}

#[test]
fn arguments_must_be_what_they_say() {
    let mut stage = Stage::with_story();
    for arguments in [
        "",
        "resell",
        "--version",
        "resellers",
        "resellers contoso",
        "resellers CONTOSO --as-of yesterday",
        "resellers CONTOSO --as-of 2018-02-30",
        "resellers CONTOSO --known-at @many",
        "resellers CONTOSO --known-at never",
        "resellers CONTOSO --format xml",
        "resellers CONTOSO --history --gaps",
        "subscriptions CONTOSO --history terms",
        "timeline",
        "findings --code suspicious",
        "coverage --facts",
        "explain weather CONTOSO",
        "explain resellers CONTOSO --partner x",
        "export --from minus",
        "completions tcl",
        "import",
        "repair --dry-run --give-up-lost-tail",
    ] {
        let named = arguments.replace("CONTOSO", CONTOSO);
        let split: Vec<&str> = named.split_whitespace().collect();
        stage.run(&split).must_exit(if arguments == "--version" { 0 } else { 2 });
    }
    stage.check("cli_bad_input/arguments");
}

#[test]
fn a_question_must_be_about_something_in_the_ledger() {
    let mut stage = Stage::with_story();
    for command in
        ["resellers", "subscriptions", "access", "timeline", "findings", "interference", "coverage", "billing", "diff"]
    {
        stage.run(&[command, "cccccccc-0000-4000-8000-00000000ffff", "--clock", "2018-09-01"]).must_exit(2);
    }
    for more in [["--known-at", "@22"], ["--known-at", "21"], ["--known-at", "@4"], ["--known-at", "2017-01-01"]] {
        stage.run(&[&["resellers", CONTOSO, "--clock", "2018-09-01"], &more[..]].concat()).must_exit(2);
    }
    for command in ["timeline", "coverage", "billing"] {
        stage.run(&[command, CONTOSO, "--from", "2018-06-01", "--to", "2018-05-01"]).must_exit(2);
    }
    for range in [["--from", "22"], ["--to", "22"]] {
        stage.run(&[&["export"], &range[..]].concat()).must_exit(2);
        stage.run(&[&["replay"], &range[..]].concat()).must_exit(2);
    }
    stage.run(&["export", "--from", "5", "--to", "4"]).must_exit(2);
    stage.run(&["export", "-o", "no/such/folder.jsonl"]).must_exit(1);
    stage.check("cli_bad_input/questions");
}

#[test]
fn a_set_clock_is_for_ledgers_created_with_one() {
    let mut stage = Stage::empty();
    stage.ran(&["init", "--origin", "example.cn/real"], b"").must_exit(0);
    stage.run(&["submit", "--clock", "2999-01-01"]).must_exit(2);
    stage.run(&["submit"]).must_exit(0);
    stage.check("cli_bad_input/clock");
}

#[test]
fn a_completion_script_names_every_command() {
    let stage = Stage::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = stage.ran(&["completions", shell], b"");
        for command in ["init", "submit", "resellers", "verify", "completions"] {
            assert!(ran.stdout.contains(command), "{shell}: {command}");
        }
        ran.must_exit(0);
    }
}

#[test]
fn colours_are_for_terminals_only() {
    let stage = Stage::with_story();
    let ran = stage.ran(&["resellers", CONTOSO, "--clock", "2018-09-01"], b"");
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'));
    ran.must_exit(0);
}
