//! `ofrecord submit` from outside: receipts in order, what is refused, what is not a command, and Ctrl-C.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Command;

use ofrecord_acceptance::stage::{Stage, fixture};

const REGISTER: &str = r#"{"command_id":"d0000000-0000-4000-8000-000000000001","actor":{"kind":"operator"},"command":{"type":"RegisterPartner","partner":"aaaaaaaa-0000-4000-8000-000000000009","name":"Jetty","partner_type":"direct_bill","markets":["CN"]}}"#;

fn submit(stage: &mut Stage, lines: &str, code: i32) {
    stage.run_with(&["submit", "--clock", "2018-02-01"], lines.as_bytes()).must_exit(code);
}

#[test]
fn every_line_is_answered_in_its_place() {
    let mut stage = Stage::with_ledger();
    let first = fs::read_to_string(fixture("story/2018-01-05.jsonl")).unwrap();
    let second = fs::read_to_string(fixture("story/2018-06-01.jsonl")).unwrap();
    stage.run_with(&["submit", "--clock", "2018-01-05"], first.as_bytes()).must_exit(0);
    stage.run_with(&["submit", "--clock", "2018-06-01"], second.as_bytes()).must_exit(3);
    stage.run_with(&["submit", "--clock", "2018-06-02"], first.as_bytes()).must_exit(0);
    stage.run_with(&["submit", "--clock", "2018-06-02", "--quiet"], second.as_bytes()).must_exit(0);
    stage.check("cli_submit/receipts");
}

#[test]
fn a_line_that_is_no_command_does_not_stop_the_rest() {
    let mut stage = Stage::with_ledger();
    let id = "\"command_id\":\"d0000000-0000-4000-8000-000000000002\",\"actor\":{\"kind\":\"operator\"}";
    let customer = "\"customer\":\"cccccccc-0000-4000-8000-000000000001\"";
    let lines = [
        "not json".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
        format!("{{{id},\"command\":{{\"type\":\"RegisterPartners\"}}}}"),
        format!("{{{id},\"command\":{{}}}}"),
        format!("{{{id},\"command\":{{\"type\":\"RegisterPartner\",\"partner\":\"no guid\"}}}}"),
        format!("{{{id},\"effective_at\":\"yesterday\",\"command\":{{\"type\":\"RegisterCustomer\",\"name\":\"X\"}}}}"),
        format!("{{{id},{customer},\"surprise\":1,\"command\":{{\"type\":\"RegisterCustomer\",\"name\":\"X\"}}}}"),
        format!("{{{id},\"command\":{{\"type\":\"RegisterCustomer\",\"name\":\"X\"}}}}"),
        REGISTER.to_owned(),
    ];
    submit(&mut stage, &lines.join("\n"), 2);
    stage.check("cli_submit/invalid");
}

#[test]
fn bytes_that_are_no_text_are_answered_too() {
    let mut stage = Stage::with_ledger();
    let mut input = b"\xff\xfe\n\x00\n".to_vec();
    input.extend(format!("\u{feff}{REGISTER}\r\n").as_bytes());
    input.extend("x".repeat(1024 * 1024 + 1).as_bytes());
    input.push(b'\n');
    input.extend(REGISTER.as_bytes());
    stage.run_with(&["submit", "-", "--clock", "2018-02-01"], &input).must_exit(2);
    stage.check("cli_submit/no_text");
}

#[test]
fn a_conflict_appends_nothing() {
    let mut stage = Stage::with_ledger();
    submit(&mut stage, REGISTER, 0);
    submit(&mut stage, &REGISTER.replace("Jetty", "Another"), 3);
    let expects = REGISTER.replace("\"command\":", "\"expected_version\":7,\"command\":");
    submit(&mut stage, &expects.replace("000000000001\",\"actor", "000000000003\",\"actor"), 3);
    stage.run(&["export"]).must_exit(0);
    stage.check("cli_submit/conflict");
}

#[test]
fn an_input_may_be_empty_or_a_file() {
    let mut stage = Stage::with_ledger();
    submit(&mut stage, "", 0);
    submit(&mut stage, "\n \n", 0);
    stage.write("commands.jsonl", format!("{REGISTER}\n"));
    stage.run(&["submit", "commands.jsonl", "--clock", "2018-02-01"]).must_exit(0);
    stage.run(&["submit", "missing.jsonl"]).must_exit(1);
    stage.check("cli_submit/input");
}

/// Reads one receipt, so that the command is known to be durable, and leaves the input open.
fn first_receipt(child: &mut std::process::Child) -> String {
    let stdin = child.stdin.as_mut().unwrap();
    writeln!(stdin, "{REGISTER}").unwrap();
    stdin.flush().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_reading_and_keeps_what_was_acknowledged() {
    let arguments = ["submit", "--clock", "2018-02-01"];
    let mut stage = Stage::with_ledger();
    let mut child = stage.start(&arguments);
    let receipt = first_receipt(&mut child);
    assert!(receipt.contains("\"outcome\":\"accepted\""), "{receipt}");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    // The input stays open until the process has ended by itself.
    let input = child.stdin.take();
    let ran = stage.end(&arguments, child);
    drop(input);
    assert_eq!(ran.stderr, "1 command: 1 accepted\n");
    ran.must_exit(130);
    submit(&mut stage, REGISTER, 0);
    stage.check("cli_submit/interrupted");
}

#[test]
fn a_ledger_is_open_in_one_process_at_a_time() {
    let stage = Stage::with_ledger();
    let mut child = stage.start(&["submit"]);
    let receipt = first_receipt(&mut child);
    assert!(!receipt.is_empty());
    let holder = format!("held by process {}", child.id());
    let ran = stage.ran(&["stats"], b"");
    assert!(ran.stderr.contains(&holder) && ran.stderr.contains("hint: "), "{}", ran.stderr);
    ran.must_exit(1);
    stage.end(&["submit"], child).must_exit(0);
    stage.ran(&["stats"], b"").must_exit(0);
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_told_nothing() {
    let stage = Stage::with_story();
    let mut child = stage.start(&["export"]);
    drop(child.stdout.take());
    let ran = stage.end(&["export"], child);
    assert_eq!(ran.stderr, "");
    ran.must_exit(0);
}

#[test]
#[cfg(unix)]
fn receipts_that_cannot_be_printed_are_an_error() {
    let mut stage = Stage::with_ledger();
    let mut child = stage.start(&["submit", "--clock", "2018-02-01"]);
    drop(child.stdout.take());
    writeln!(child.stdin.take().unwrap(), "{REGISTER}").unwrap();
    let ran = stage.end(&["submit"], child);
    assert!(ran.stderr.contains("error: could not print the receipts"), "{}", ran.stderr);
    ran.must_exit(1);
    submit(&mut stage, REGISTER, 0);
    stage.check("cli_submit/receipts_lost");
}
