//! Whole entries as an operator redacts them: the bytes are gone, every hash and proof holds, and nothing is hidden.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::signed::{TODAY, copy, ran, said};
use ofrecord_acceptance::stage::{Ran, Stage};
use serde_json::{Value, json};

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";
/// What was pasted by mistake, at the position after the story.
const PASTED: &str = "4111-1111-1111-1111";
const SEED: u64 = 20_260_401;

fn submitted(stage: &Stage, request: &Value) -> Value {
    let ran = stage.ran(&["submit", "--clock", TODAY], format!("{request}\n").as_bytes());
    serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap()
}

/// A change of the customer's name, which nothing else rests on.
fn paste(id: u32) -> Value {
    json!({"command_id": format!("00000000-0000-4000-8000-{id:012}"), "actor": {"kind": "operator", "user": "clerk"},
        "customer": CONTOSO, "command": {"type": "UpdateCustomer", "name": PASTED}})
}

/// The story with the paste, and where that stands.
fn pasted() -> (Stage, String) {
    let stage = Stage::with_story();
    let position = submitted(&stage, &paste(1)).get("position").unwrap().to_string();
    assert!(said(&stage, &["export"]).contains(PASTED));
    (stage, position)
}

fn redact(stage: &Stage, position: &str, more: &[&str]) -> Ran {
    let usual = ["redact", position, "--reason", "a wrong paste", "--authority", "Article 17", "--ticket", "T-9"];
    ran(stage, &[&usual[..], more].concat())
}

const TWO: [&str; 4] = ["--by", "kim", "--approved-by", "robin"];

fn refused(ran: Ran, code: &str, rule: &str) {
    assert!(ran.stderr.contains(&format!("({code}, rule {rule})")), "{}", ran.shown());
    ran.must_exit(3);
}

#[test]
fn who_and_what_may_not_be_redacted_is_refused() {
    let (stage, position) = pasted();
    said(&stage, &["checkpoint"]);
    let own = (position.parse::<u64>().unwrap() + 2).to_string();
    for alone in ["kim", "KIM", " kim"] {
        refused(
            redact(&stage, &position, &["--by", "kim", "--approved-by", alone]),
            "redaction_needs_second_approver",
            "L-19",
        );
    }
    refused(redact(&stage, "4711", &TWO), "entry_not_in_log", "L-19");
    refused(redact(&stage, "0", &TWO), "first_entry_stays", "L-19");
    refused(redact(&stage, &own, &TWO), "custody_entry_stays", "L-19");
    let exported = said(&stage, &["export"]);
    let lines = || exported.lines().enumerate();
    let (with_contact, line) = lines().find(|(_, line)| line.contains("\"sealed\":")).unwrap();
    let contact = line.split_once("\"kid\":\"").unwrap().1.split('"').next().unwrap();
    // A text that is sealed where it stands: `sealed:A256GCM:`, the field, the subject; beyond the entries that go below.
    let (with_user, line) = lines().skip(4).find(|(_, line)| line.contains("sealed:A256GCM:")).unwrap();
    let user = line.split_once("sealed:A256GCM:").unwrap().1.split(':').nth(1).unwrap();
    let (with_contact, with_user) = (with_contact.to_string(), with_user.to_string());
    for (name, scope, held, free) in [
        ("all", vec!["--everything"], vec![&position, &with_contact], vec![]),
        ("customer", vec!["--customer", CONTOSO], vec![&position, &with_contact], vec!["2"]),
        ("contact", vec!["--subject", contact], vec![&with_contact], vec!["3"]),
        ("user", vec!["--subject", user], vec![&with_user], vec![]),
    ] {
        said(&stage, &[&["hold", "place", name, "--reason", "a lawsuit"][..], &scope].concat());
        for position in held {
            refused(redact(&stage, position, &TWO), "entry_under_hold", "L-18");
        }
        for position in free {
            redact(&stage, position, &TWO).must_exit(0);
        }
        said(&stage, &["hold", "release", name, "--reason", "settled"]);
    }
    redact(&stage, &position, &TWO).must_exit(0);
    refused(redact(&stage, &position, &TWO), "entry_already_redacted", "L-19");
    for arguments in [
        vec!["redact", "1", "--reason", "x", "--authority", "y"],
        vec!["redact", "1", "--reason", "x", "--approved-by", "y"],
        vec!["redact", "1", "--authority", "x", "--approved-by", "y"],
        vec!["redact", "1", "--reason", "", "--authority", "x", "--approved-by", "y"],
        vec!["redact", "-1", "--reason", "x", "--authority", "x", "--approved-by", "y"],
    ] {
        ran(&stage, &arguments).must_exit(2);
    }
}

#[test]
fn a_redacted_entry_is_gone_and_shown_as_redacted_and_everything_else_holds() {
    let (stage, position) = pasted();
    let note = said(&stage, &["checkpoint"]);
    let proof = said(&stage, &["prove", &position]);
    let before = said(&stage, &["export"]);
    redact(&stage, &position, &TWO).must_exit(0);
    let after = said(&stage, &["export"]);
    assert!(!after.contains(PASTED));
    for (at, (one, other)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(one == other, at.to_string() != position, "position {at}");
    }
    let left: Value = serde_json::from_str(after.lines().nth(position.parse().unwrap()).unwrap()).unwrap();
    assert_eq!(left["decision"].as_object().unwrap().keys().collect::<Vec<_>>(), ["redacted"]);
    let last: Value = serde_json::from_str(after.lines().last().unwrap()).unwrap();
    // The export before this one is recorded too; what redacted stands before it.
    let says = after.lines().find(|line| line.contains("\"EntryRedacted\"")).unwrap();
    for word in ["Article 17", "T-9", "robin", "kim", "a wrong paste"] {
        assert!(says.contains(word), "{word} is not in {says}");
    }
    assert!(last["position"].as_u64() > left["position"].as_u64());
    assert_eq!(said(&stage, &["prove", &position, "--size", note.lines().nth(1).unwrap()]), proof);
    let carried = ran(&stage, &["prove", &position, "--with-entry"]);
    assert!(carried.stderr.contains("was redacted, and only its hash is left"), "{}", carried.shown());
    carried.must_exit(2);
    said(&stage, &["checkpoint"]);
    for check in [&["verify"][..], &["verify", "--bytes-only"], &["rebuild"]] {
        said(&stage, check);
    }
    let replayed = said(&stage, &["replay"]);
    assert!(replayed.contains("1 more were redacted; 0 decisions came out differently"), "{replayed}");
    let line = |text: &str| text.lines().find(|line| line.trim_start().starts_with(&position)).unwrap().to_owned();
    assert!(line(&said(&stage, &["timeline", CONTOSO])).contains("redacted: only its hash is left"));
    let events = said(&stage, &["export", "--as", "cloudevents"]);
    assert!(events.contains("\"type\":\"org.ofrecord.entry.redacted\""), "{events}");
    assert!(line(&said(&stage, &["export", "--as", "csv"])).contains("redacted"));
    let explained = ran(&stage, &["explain", "resellers", CONTOSO]);
    assert!(explained.stderr.contains(&format!("redacted: {position}")), "{}", explained.shown());
    let again = submitted(&stage, &paste(1));
    assert_eq!(again["refusal"]["code"], "command_redacted", "{again}");
}

#[test]
fn what_a_submitter_says_of_the_entry_counts_for_nothing_and_the_next_opening_finishes() {
    let (stage, position) = pasted();
    said(&stage, &["hold", "place", "case", "--customer", CONTOSO, "--reason", "a lawsuit"]);
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let position: u64 = position.parse().unwrap();
    let asked = |id: u32| {
        json!({"command_id": format!("00000000-0000-4000-8000-{id:012}"),
            "actor": {"kind": "operator", "role": "compliance_officer", "user": "kim"},
            "command": {"type": "RedactEntry", "position": position, "reason": "a wrong paste",
                "authority": "Article 17", "approved_by": "robin",
                "entry": {"leaf_hash": nothing, "remainder": nothing, "streams": []}}})
    };
    let held = submitted(&stage, &asked(2));
    assert_eq!(held["refusal"]["code"], "entry_under_hold", "{held}");
    said(&stage, &["hold", "release", "case", "--reason", "settled"]);
    assert_eq!(submitted(&stage, &asked(3))["outcome"], "accepted");
    // The decision is durable, and nobody has taken the bytes away yet.
    let verified = ran(&stage, &["verify"]);
    assert!(verified.stdout.contains("and the bytes are not yet taken away"), "{}", verified.shown());
    verified.must_exit(4);
    said(&stage, &["verify", "--bytes-only"]);
    let repeated = submitted(&stage, &asked(3));
    assert_eq!(repeated["outcome"], "repeated", "{repeated}");
    said(&stage, &["verify"]);
    assert!(!said(&stage, &["export"]).contains(PASTED));
    assert_eq!(submitted(&stage, &asked(3))["outcome"], "repeated", "the same request after the bytes are gone");
    said(&stage, &["replay"]);
}

#[test]
fn an_entry_that_is_gone_without_a_redaction_is_damage() {
    let (stage, position) = pasted();
    let ledger = stage.folder().join("ledger");
    let before = stage.folder().join("before");
    copy(&ledger, &before);
    redact(&stage, &position, &TWO).must_exit(0);
    // The store without the entry under a log that never said so: the same entries up to the redaction.
    let kept = stage.folder().join("backup");
    said(&stage, &["backup", kept.to_str().unwrap()]);
    said(&stage, &["backup", kept.to_str().unwrap(), "--verify"]);
    said(&stage, &["restore", kept.to_str().unwrap(), "--drill", "--certificate", "drill.json"]);
    let left = ofrecord_log::entry::redacted_leaf;
    let log = ofrecord_log::SledLog::open(&ledger, &ofrecord_log::OpenOptions::default()).unwrap();
    let bytes = ofrecord_log::LogReader::read(&log, position.parse().unwrap()).unwrap();
    let leaf_hash = left(&bytes).unwrap();
    drop(log);
    fs::remove_dir_all(&ledger).unwrap();
    copy(&before, &ledger);
    let redactions = [(position.parse().unwrap(), ofrecord_log::Redacted { leaf_hash, remainder: leaf_hash })].into();
    ofrecord_log::take_away(&ledger, &redactions, &ofrecord_log::OpenOptions::default()).unwrap();
    for check in [&["verify"][..], &["verify", "--bytes-only"]] {
        let verified = ran(&stage, check);
        assert!(verified.stdout.contains("no entry says that it was redacted"), "{}", verified.shown());
        verified.must_exit(4);
    }
}

#[test]
fn commitments_from_before_say_what_was_redacted_and_a_new_one_proves_again() {
    let (stage, position) = pasted();
    said(&stage, &["commit"]);
    said(&stage, &["checkpoint"]);
    said(&stage, &["complete", CONTOSO, "-o", "before.json"]);
    redact(&stage, &position, &TWO).must_exit(0);
    let refused = ran(&stage, &["complete", CONTOSO, "-o", "after.json"]);
    assert!(refused.stderr.contains(&format!("entry {position} was redacted since")), "{}", refused.shown());
    refused.must_exit(2);
    said(&stage, &["commit"]);
    said(&stage, &["checkpoint"]);
    said(&stage, &["complete", CONTOSO, "-o", "after.json"]);
    let key = said(&stage, &["key", "--format", "json"]);
    let key = serde_json::from_str::<Value>(&key).unwrap()[0]["key"].as_str().unwrap().to_owned();
    for (file, redacted) in [("before.json", false), ("after.json", true)] {
        let checked = said(&stage, &["check-certificate", file, "--key", &key]);
        assert_eq!(checked.contains("what the redacted entries said"), redacted, "{checked}");
    }
    let pack = ran(&stage, &["evidence", CONTOSO, "-o", "pack.zip"]);
    assert!(pack.stderr.contains(&format!("put entry {position} into the pack")), "{}", pack.shown());
    pack.must_exit(2);
}

#[test]
fn tiles_keep_the_hashes_and_withhold_the_entries() {
    let (stage, position) = pasted();
    said(&stage, &["export", "--tiles", "tiles"]);
    let entries = stage.folder().join("tiles/tile/entries");
    assert!(entries.exists());
    redact(&stage, &position, &TWO).must_exit(0);
    let written = said(&stage, &["export", "--tiles", "tiles"]);
    assert!(written.contains("withheld"), "{written}");
    let mut held = Vec::new();
    let mut folders = vec![stage.folder().join("tiles")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                held.push(fs::read(&path).unwrap());
            }
        }
    }
    assert!(held.len() > 1 && held.iter().all(|bytes| !bytes.windows(PASTED.len()).any(|at| at == PASTED.as_bytes())));
}

#[test]
fn any_entries_of_a_history_can_go() {
    println!("seed {SEED}");
    let stage = Stage::empty();
    let printed = |arguments: &[&str]| {
        let ran = stage.ran(arguments, b"");
        let said = ran.stdout.clone();
        ran.must_exit(0);
        said
    };
    for round in 0..2_u64 {
        let (dir, seed) = (format!("market-{round}"), (SEED + round).to_string());
        printed(&["demo", "--customers", "5", "--seed", &seed, "--dir", &dir]);
        printed(&["key", "create", "--ledger", &dir]);
        let size = |ledger: &str| {
            let stats = printed(&["stats", "--ledger", ledger, "--format", "json"]);
            serde_json::from_str::<Value>(&stats).unwrap()["tree_size"].as_u64().unwrap()
        };
        let entries = size(&dir);
        let note = printed(&["checkpoint", "--ledger", &dir]);
        let covered = note.lines().nth(1).unwrap().to_owned();
        let mut at = SEED * (round + 1);
        for _ in 0..3 {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let position = (1 + (at >> 33) % (entries - 1)).to_string();
            let proof = printed(&["prove", &position, "--size", &covered, "--ledger", &dir]);
            let arguments = ["redact", &position, "--reason", "x", "--authority", "y", "--ledger", &dir];
            let ran = stage.ran(&[&arguments[..], &TWO].concat(), b"");
            assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.shown());
            assert_eq!(
                printed(&["prove", &position, "--size", &covered, "--ledger", &dir]),
                proof,
                "{dir}: {position}"
            );
            for check in ["verify", "rebuild", "replay"] {
                printed(&[check, "--ledger", &dir]);
            }
        }
        printed(&["checkpoint", "--ledger", &dir]);
        printed(&["prove", "--since", &covered, "--ledger", &dir]);
    }
}
