//! What leaves the ledger is recorded in it before it leaves, and what is asked on the screen is not (rule L-17).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::signed::{TODAY, said};
use ofrecord_acceptance::stage::Stage;
use ofrecord_log::Hash;
use serde_json::Value;

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const STRANGER: &str = "aaaaaaaa-0000-4000-8000-00000000dead";

/// The entries, by a way that is recorded itself: the last one is not in what it gives.
fn entries(stage: &Stage) -> Vec<Value> {
    said(stage, &["export", "--quiet"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the entry on the newest disclosure says, and who made it.
fn newest(stage: &Stage) -> (Value, Value) {
    let entry = entries(stage).pop().unwrap();
    let disclosure = entry.pointer("/decision/events/0/disclosure_recorded").or(entry.pointer("/decision/events/0"));
    (disclosure.unwrap().clone(), entry.pointer("/decision/actor").unwrap().clone())
}

#[test]
fn what_leaves_the_ledger_is_recorded() {
    let stage = Stage::with_story();
    said(&stage, &["commit"]);
    let about = |entry: &Value| entry.pointer("/decision/customer").and_then(Value::as_str) == Some(CUSTOMER);
    let position = entries(&stage).iter().position(about).unwrap().to_string();
    for (arguments, kind, customer, file) in [
        (&["export", "-o", "entries"][..], "export", None, None),
        (&["export", "--as", "csv"], "export", None, None),
        (&["export", "--as", "cloudevents"], "export", None, None),
        (&["export", "--parquet", "tables"], "data_set", None, None),
        (&["report", CUSTOMER, "-o", "dossier.md"], "report", Some(CUSTOMER), Some("dossier.md")),
        (&["report", CUSTOMER, "--svg", "lanes.svg"], "report", Some(CUSTOMER), Some("lanes.svg")),
        (&["report", CUSTOMER], "report", Some(CUSTOMER), None),
        (&["microsoft", "customers", "-o", "customers.json"], "export", None, None),
        (&["microsoft", "customer", CUSTOMER, "-o", "customer.json"], "export", Some(CUSTOMER), None),
        (&["complete", CUSTOMER, "-o", "all.json"], "certificate", Some(CUSTOMER), Some("all.json")),
        (&["never", CUSTOMER, STRANGER, "-o", "never.json"], "certificate", Some(CUSTOMER), Some("never.json")),
        (&["certify", CUSTOMER, "-o", "lines.json"], "certificate", Some(CUSTOMER), Some("lines.json")),
        (&["certify", "--all", "-o", "every.json"], "certificate", None, Some("every.json")),
        (&["evidence", CUSTOMER, "-o", "pack.zip"], "evidence_pack", Some(CUSTOMER), Some("pack.zip")),
        (&["prove", &position, "--with-entry", "-o", "of.proof"], "export", Some(CUSTOMER), Some("of.proof")),
        (&["prove", &position, "--with-entry"], "export", Some(CUSTOMER), None),
        (&["export", "--tiles", "tiles"], "export", None, None),
        (&["backup", "copy"], "backup", None, None),
    ] {
        let before = entries(&stage).len() as u64 + 1;
        said(&stage, &[arguments, &["--by", "kim", "--purpose", "for the auditor"]].concat());
        let (told, actor) = newest(&stage);
        let text = |field: &str| told.get(field).and_then(Value::as_str).map(str::to_owned);
        assert_eq!(text("kind").as_deref(), Some(kind), "{arguments:?}: {told}");
        assert_eq!(text("customer").as_deref(), customer, "{arguments:?}");
        assert_eq!(text("purpose").as_deref(), Some("for the auditor"), "{arguments:?}");
        assert_eq!(actor.get("user").and_then(Value::as_str), Some("kim"), "{arguments:?}");
        let size = told.get("tree_size").and_then(Value::as_u64).unwrap();
        assert!(size <= before, "{arguments:?} rests on what stood before: {told}");
        if let Some(file) = file {
            let bytes = fs::read(stage.folder().join(file)).unwrap();
            assert_eq!(text("digest"), Some(Hash::of(&bytes).to_string()), "{arguments:?}");
        }
    }
    said(&stage, &["verify"]);
    said(&stage, &["replay"]);
}

#[test]
fn what_could_not_be_written_was_recorded_before_it_was_tried() {
    let stage = Stage::with_story();
    stage.write("file", "no folder");
    said(&stage, &["checkpoint"]);
    for arguments in [
        &["prove", "1", "--with-entry", "-o", "file/of.proof"][..],
        &["export", "--tiles", "file/tiles"],
        &["complete", CUSTOMER, "-o", "file/all.json"],
    ] {
        said(&stage, &["commit"]);
        let before = entries(&stage).len() as u64 + 1;
        let ran = stage.ran(&[arguments, &["--clock", TODAY, "--purpose", "to be seen"]].concat(), b"");
        assert!(ran.stderr.contains("could not"), "{}", ran.shown());
        ran.must_exit(1);
        let (told, _) = newest(&stage);
        assert_eq!(told.get("purpose").and_then(Value::as_str), Some("to be seen"), "{arguments:?}");
        assert!(told.get("tree_size").and_then(Value::as_u64).unwrap() <= before, "{arguments:?}");
    }
}

#[test]
fn a_proof_that_carries_no_entry_is_no_disclosure() {
    let stage = Stage::with_story();
    said(&stage, &["checkpoint"]);
    let before = entries(&stage).len();
    for proof in [&["prove", "1"][..], &["prove", "1", "--cose", "-o", "cose"], &["prove", "--since", "2"]] {
        said(&stage, proof);
    }
    assert_eq!(entries(&stage).len(), before + 1);
}

#[test]
fn an_export_holds_what_stood_before_it_was_recorded() {
    let stage = Stage::with_story();
    let first = entries(&stage);
    let second = entries(&stage);
    assert_eq!(second.len(), first.len() + 1, "the first is in the second, and neither is in itself");
    assert_eq!(second.get(..first.len()), Some(first.as_slice()));
    let size = format!("@{}", first.len());
    let told = said(&stage, &["export", "--known-at", &size]);
    assert_eq!(told.lines().count(), first.len(), "the same basis gives the same bytes");
}

#[test]
fn a_question_on_the_screen_is_no_disclosure() {
    let stage = Stage::with_story();
    let before = entries(&stage).len();
    for question in [&["resellers", CUSTOMER][..], &["timeline", CUSTOMER], &["microsoft", "customers"], &["stats"]] {
        said(&stage, question);
    }
    assert_eq!(entries(&stage).len(), before + 1);
}

#[test]
fn what_is_left_of_a_damaged_ledger_can_be_taken_out_unrecorded_and_that_is_said() {
    let stage = Stage::with_story();
    let sound = entries(&stage).len();
    let head = stage.folder().join("ledger/head");
    fs::write(&head, b"this is no head witness").unwrap();
    let ran = stage.ran(&["export", "-o", "left.jsonl", "--clock", TODAY], b"");
    assert!(ran.stderr.contains("is not recorded in the ledger"), "{}", ran.shown());
    ran.must_exit(0);
    let left = fs::read_to_string(stage.folder().join("left.jsonl")).unwrap();
    assert_eq!(left.lines().count(), sound + 1);
}
