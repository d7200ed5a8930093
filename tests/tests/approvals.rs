//! What takes two persons, by the program: asked for by one, kept over a kill of the server, and approved by another.

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::{Ran, Stage};
use serde_json::{Value, json};

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0", "--ledger", "ledger", "--clock", "2026-03-01"];
const ID: &str = "00000000-0000-4000-8000-000000000077";

/// A ledger with two compliance officers, each with a token in a file of their name.
fn stage() -> Stage {
    let stage = Stage::empty();
    for arguments in [
        &["init", "--cloud", "worldwide"][..],
        &["hold", "place", "case", "--everything", "--reason", "a lawsuit", "--by", "kim"],
    ] {
        ran(&stage, &[arguments, &["--ledger", "ledger"]].concat()).must_exit(0);
    }
    for name in ["kim", "robin"] {
        let made = ran(
            &stage,
            &["token", "create", name, "--role", "compliance_officer", "--expires", "2027-01-01", "--ledger", "ledger"],
        );
        assert_eq!(made.code, Some(0), "{}", made.shown());
        stage.write(name, made.stdout.trim());
    }
    stage
}

fn ran(stage: &Stage, arguments: &[&str]) -> Ran {
    stage.ran(&[arguments, &["--clock", "2026-03-01"]].concat(), b"")
}

/// What the program prints that speaks for somebody.
fn spoken(stage: &Stage, server: &Serving, by: &str, arguments: &[&str]) -> Ran {
    let shown = ["--server", &server.url, "--token-file", by];
    stage.ran(&[&["approval"], arguments, &shown].concat(), b"")
}

#[test]
fn nothing_is_asked_for_where_no_server_is_named_or_by_somebody_alone() {
    let stage = stage();
    let ran = stage.ran(&["approval", "list"], b"");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.stderr.contains("could not ask a server: none is named"), "{}", ran.stderr);
    let server = Serving::listening(&stage, SERVE);
    stage.write("release.json", json!({"command_id": ID, "command": release()}).to_string());
    assert_eq!(spoken(&stage, &server, "kim", &["ask", "release.json"]).code, Some(0));
    let alone = spoken(&stage, &server, "kim", &["approve", ID]);
    assert_eq!(alone.code, Some(2), "{}", alone.shown());
    assert!(alone.stderr.contains("whoever asked does not answer (forbidden, status 403)"), "{}", alone.stderr);
}

fn release() -> Value {
    json!({"type": "ReleaseHold", "hold": "case", "reason": "settled"})
}

#[test]
fn what_one_person_asked_for_is_approved_by_another_after_the_server_was_killed() {
    let stage = stage();
    stage.write("release.json", json!({"command_id": ID, "command": release()}).to_string());
    let mut server = Serving::listening(&stage, SERVE);
    let asked = spoken(&stage, &server, "kim", &["ask", "release.json"]);
    assert_eq!(asked.stdout, format!("{ID} waits until 2026-03-08T00:00:00.0000000Z\n"), "{}", asked.shown());
    server.kill();
    let server = Serving::listening(&stage, SERVE);
    let listed = spoken(&stage, &server, "robin", &["list", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(listed["approvals"][0]["state"], json!("waiting"), "{listed}");
    let approved = spoken(&stage, &server, "robin", &["approve", ID]);
    assert!(approved.stdout.starts_with("approved: entry "), "{}", approved.shown());
    let listed = spoken(&stage, &server, "robin", &["list"]);
    assert!(listed.stdout.contains("decided") && listed.stdout.contains("ReleaseHold"), "{}", listed.shown());
    stage.write("again.json", json!({"command": release()}).to_string());
    let again = spoken(&stage, &server, "kim", &["ask", "again.json", "--format", "json"]);
    let again: Value = serde_json::from_str(&again.stdout).unwrap();
    let refused = spoken(&stage, &server, "robin", &["approve", again["id"].as_str().unwrap()]);
    assert_eq!(refused.code, Some(3), "{}", refused.shown());
    assert!(refused.stdout.contains("(hold_not_standing)"), "{}", refused.stdout);
    drop(server);
    let holds = ran(&stage, &["hold", "--ledger", "ledger", "--format", "json"]);
    assert!(holds.stdout.contains("\"standing\":\"released\""), "{}", holds.shown());
    let verified = ran(&stage, &["verify", "--ledger", "ledger"]);
    assert_eq!(verified.code, Some(0), "{}", verified.shown());
}

#[test]
fn whoever_asked_withdraws_and_another_refuses() {
    let stage = stage();
    let server = Serving::listening(&stage, SERVE);
    for (word, by, said) in [("withdraw", "kim", "withdrew"), ("refuse", "robin", "refused")] {
        stage.write("release.json", json!({"command": release()}).to_string());
        let asked = spoken(&stage, &server, "kim", &["ask", "release.json", "--format", "json"]);
        let asked: Value = serde_json::from_str(&asked.stdout).unwrap();
        let id = asked["id"].as_str().unwrap();
        let answered = spoken(&stage, &server, by, &[word, id, "--reason", "not yet"]);
        assert_eq!(answered.stdout, format!("{said} {id}\n"), "{}", answered.shown());
        let late = spoken(&stage, &server, "robin", &["approve", id]);
        assert_eq!(late.code, Some(2), "{}", late.shown());
    }
}
