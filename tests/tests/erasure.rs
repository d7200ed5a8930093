//! Personal fields as an operator meets them: sealed when recorded, read with the keys, and erased with every proof intact.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ofrecord_acceptance::signed::{TODAY, ran, said};
use ofrecord_acceptance::stage::{Ran, Stage};
use serde_json::Value;

const CONTOSO: &str = "cccccccc-0000-4000-8000-000000000001";

/// Every personal field that stands under the story's customer, and in entries that name none.
fn rows(stage: &Stage, whose: &[&str]) -> Vec<Value> {
    serde_json::from_str(&said(stage, &[&["subjects", "--format", "json"], whose].concat())).unwrap()
}

/// The only contact of the story's customer.
fn subject(stage: &Stage) -> Value {
    let is_contact = |row: &Value| row["fields"].to_string().contains("primary_contact");
    let contacts: Vec<Value> = rows(stage, &[CONTOSO]).into_iter().filter(is_contact).collect();
    let [row] = contacts.try_into().unwrap();
    row
}

fn id(row: &Value) -> String {
    row["subject"].as_str().unwrap().to_owned()
}

fn erase(stage: &Stage, subject: &str) -> Ran {
    ran(stage, &["erase", subject, "--customer", CONTOSO, "--reason", "Article 17", "--by", "kim"])
}

fn files_below(folder: &Path, each: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, each);
        } else {
            each(&path, &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn a_contact_stands_nowhere_in_the_clear_and_is_read_with_the_keys() {
    let stage = Stage::with_story();
    let row = subject(&stage);
    assert_eq!((row["email"].as_str(), row["standing"].as_str()), (Some("lin@contoso.example"), Some("sealed")));
    let entries = said(&stage, &["export"]);
    assert!(entries.contains("\"sealed\":{\"alg\":\"A256GCM\"") && !entries.contains("Zhou"), "{entries}");
    // Blocks are compressed; what was indexed and stored for views is looked through as it lies there.
    files_below(stage.folder(), &mut |path, bytes| {
        let clear = bytes.windows(4).any(|window| window == b"Zhou");
        assert!(!clear, "{}", path.display());
    });
    let handed = said(&stage, &["subjects", CONTOSO, "--field-keys", "--format", "json"]);
    assert!(handed.contains("\"field_key\":\""), "{handed}");
    fs::rename(stage.folder().join("ledger.keys"), stage.folder().join("elsewhere")).unwrap();
    let row = subject(&stage);
    assert_eq!((row["email"].as_str(), row["standing"].as_str()), (None, Some("sealed, key not here")));
}

#[test]
fn an_erased_person_is_unreadable_and_every_hash_and_decision_holds() {
    let stage = Stage::with_story();
    let subject_id = id(&subject(&stage));
    let before = said(&stage, &["export"]);
    let note = said(&stage, &["checkpoint"]);
    erase(&stage, &subject_id).must_exit(0);
    let row = subject(&stage);
    assert_eq!(row["email"], Value::Null);
    // The entries on the export and on the key that signed stand before it.
    let said_so = before.lines().count() + 2;
    assert_eq!(row["standing"].as_str().unwrap(), format!("erased {TODAY}, entry {said_so}"));
    let after = said(&stage, &["export"]);
    assert!(after.starts_with(&before), "no entry changed");
    assert!(after.contains("\"SubjectErased\"") && after.contains("\"user\":\"kim\""));
    for check in ["verify", "replay", "rebuild"] {
        said(&stage, &[check]);
    }
    let size = note.lines().nth(1).unwrap();
    let again = said(&stage, &["stats", "--format", "json"]);
    assert!(serde_json::from_str::<Value>(&again).unwrap()["tree_size"].as_u64().unwrap() > size.parse().unwrap());
    said(&stage, &["checkpoint"]);
    let twice = erase(&stage, &subject_id);
    assert!(twice.stderr.contains("subject_already_erased"), "{}", twice.shown());
    twice.must_exit(3);
}

/// Everything that is written of a ledger for people and for other programs, by what was asked.
fn written(stage: &Stage, round: &str) -> Vec<(String, String)> {
    let mut written = Vec::new();
    for asked in [
        &["export"][..],
        &["export", "--as", "cloudevents"],
        &["export", "--as", "csv"],
        &["timeline", CONTOSO],
        &["timeline", CONTOSO, "--format", "json"],
        &["resellers", CONTOSO, "--format", "json"],
        &["resellers", CONTOSO, "--history", "--format", "csv"],
        &["explain", "resellers", CONTOSO],
        &["report", CONTOSO],
        &["report", CONTOSO, "--html"],
        &["microsoft", "audit-records"],
    ] {
        written.push((asked.join(" "), said(stage, asked)));
    }
    let tables = format!("tables-{round}");
    said(stage, &["export", "--parquet", &tables]);
    files_below(&stage.folder().join(&tables), &mut |path, bytes| {
        written.push((path.display().to_string(), String::from_utf8_lossy(bytes).into_owned()));
    });
    written
}

#[test]
fn an_erased_user_is_unreadable_everywhere_and_answers_say_erased() {
    let stage = Stage::with_story();
    let raw = r#"{\"userPrincipalName\":\"lin@contoso.example\",\"note\":\"Zhou Lin called\"}"#;
    let kept = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-000000000098","actor":{{"kind":"importer"}},"customer":"{CONTOSO}","command":{{"type":"RecordObservation","events":[{{"type":"SourceRecordKept","operation":"x","because":"unrecognised","raw":"{raw}"}}]}}}}"#
    );
    stage.ran(&["submit", "--clock", TODAY], format!("{kept}\n").as_bytes()).must_exit(0);
    let subject_id = id(&subject(&stage));
    let is_theirs = |row: &Value| row["subject"].as_str() == Some(&subject_id);
    let theirs: Vec<Value> = rows(&stage, &[CONTOSO]).into_iter().filter(is_theirs).collect();
    for field in ["actor.user", "events[0].accepted_by", "events[0].primary_contact", "events[0].raw"] {
        assert!(theirs.iter().any(|row| row["fields"].to_string().contains(field)), "{field}: {theirs:?}");
    }
    assert!(theirs.iter().all(|row| row["standing"] == "sealed"));
    let before = written(&stage, "before");
    for (asked, text) in &before {
        let bare = asked == "export" || asked.contains("cloudevents");
        assert!(!bare || !text.contains("lin@contoso.example"), "{asked} holds a name");
    }
    let named = |written: &[(String, String)]| {
        let names = |(_, text): &&(String, String)| text.contains("lin@contoso.example") || text.contains("Zhou");
        written.iter().filter(names).map(|(asked, _)| asked.clone()).collect::<Vec<_>>()
    };
    assert!(named(&before).len() >= 8, "{:?}", named(&before));
    let (entries, answered) = (said(&stage, &["export"]), said(&stage, &["rebuild", "--format", "json"]));
    let size = said(&stage, &["checkpoint"]).lines().nth(1).unwrap().to_owned();
    let proofs = |stage: &Stage| {
        let proof = |position: &&str| said(stage, &["prove", position, "--size", &size]);
        ["6", "7", "20", "28"].iter().map(proof).collect::<Vec<_>>()
    };
    let proven = proofs(&stage);
    fs::remove_dir_all(stage.folder().join("tables-before")).unwrap();

    erase(&stage, &subject_id).must_exit(0);
    let after = written(&stage, "after");
    assert_eq!(named(&after), Vec::<String>::new());
    for asked in ["timeline", "resellers", "explain", "report", "microsoft", "csv"] {
        let marked = format!("erased ({subject_id})");
        let said = |(what, text): &(String, String)| what.contains(asked) && text.contains(&marked);
        assert!(after.iter().any(said), "{asked} does not say that the user is erased");
    }
    assert!(said(&stage, &["export"]).starts_with(&entries), "no entry changed");
    assert_eq!(proofs(&stage), proven);
    for check in ["verify", "replay"] {
        said(&stage, &[check]);
    }
    let rebuilt = said(&stage, &["rebuild", "--format", "json"]);
    let drifted = |text: &str| serde_json::from_str::<Value>(text).unwrap()["drifted"].clone();
    assert_eq!((drifted(&answered), drifted(&rebuilt)), (0.into(), 0.into()));
    // Blocks are compressed; the entries were looked through above, and the rest is looked through as it lies there.
    files_below(stage.folder(), &mut |path, bytes| {
        for word in [&b"lin@contoso"[..], b"Zhou"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{}", path.display());
        }
    });
    assert!(rows(&stage, &[CONTOSO]).iter().filter(|row| is_theirs(row)).all(|row| {
        row["standing"].as_str().unwrap().starts_with("erased") && row["name"].is_null() && row["record"].is_null()
    }));
}

#[test]
fn who_acts_for_a_partners_account_is_listed_and_erased_without_a_customer() {
    let stage = Stage::with_story();
    let sealed = |row: &&Value| row["standing"] == "sealed";
    let listed = rows(&stage, &[]);
    let row = listed.iter().find(sealed).unwrap();
    let name = row["name"].as_str().unwrap().to_owned();
    assert!(name.contains('@'), "{row}");
    let places = |stage: &Stage| rows(stage, &["--person", &name.to_uppercase()]);
    let here = |place: &Value| place["customer"].is_null() && place["subject"] == row["subject"];
    assert!(places(&stage).iter().any(|place| here(place) && place["standing"] == "sealed"));
    let erase = ["erase", row["subject"].as_str().unwrap(), "--reason", "Article 17", "--by", "kim"];
    said(&stage, &["hold", "place", "person", "--reason", "a lawsuit", "--subject", row["subject"].as_str().unwrap()]);
    ran(&stage, &erase).must_exit(3);
    said(&stage, &["hold", "release", "person", "--reason", "settled"]);
    said(&stage, &erase);
    let left = rows(&stage, &[]);
    assert_eq!(left.iter().filter(|left| left["name"].as_str() == Some(&name)).count(), 0);
    assert!(left.iter().any(|left| left["subject"] == row["subject"]));
    assert!(places(&stage).iter().any(|place| here(place) && place["standing"] == "erased"));
}

#[test]
fn answers_without_the_keys_name_the_subject() {
    let stage = Stage::with_story();
    let subject_id = id(&subject(&stage));
    fs::rename(stage.folder().join("ledger.keys"), stage.folder().join("elsewhere")).unwrap();
    let shown = said(&stage, &["resellers", CONTOSO, "--format", "json"]);
    assert!(shown.contains(&format!("sealed ({subject_id})")) && !shown.contains("lin@contoso"), "{shown}");
}

#[test]
fn what_is_held_is_not_erased() {
    let stage = Stage::with_story();
    let subject = id(&subject(&stage));
    for (name, scope) in [
        ("all", vec!["--everything"]),
        ("customer", vec!["--customer", CONTOSO]),
        ("person", vec!["--subject", subject.as_str()]),
    ] {
        said(&stage, &[&["hold", "place", name, "--reason", "a lawsuit"][..], &scope].concat());
        let refused = erase(&stage, &subject);
        assert!(refused.stderr.contains("subject_under_hold"), "{}", refused.shown());
        refused.must_exit(3);
        said(&stage, &["hold", "release", name, "--reason", "settled"]);
    }
    said(&stage, &["hold", "place", "books", "--everything", "--until", "2036-01-01", "--reason", "commercial law"]);
    erase(&stage, &subject).must_exit(3);
    let late = ["erase", &subject, "--customer", CONTOSO, "--reason", "over", "--clock", "2036-01-01"];
    stage.ran(&late, b"").must_exit(0);
    let holds = stage.ran(&["hold", "--clock", "2036-01-01"], b"");
    for word in ["released", "over", "a lawsuit"] {
        assert_eq!(holds.stdout.contains(word), word != "a lawsuit", "{}", holds.shown());
    }
    holds.must_exit(0);
}

#[test]
fn an_erasure_that_was_stopped_halfway_is_finished_at_the_next_start() {
    let stage = Stage::with_story();
    let subject_id = id(&subject(&stage));
    let keys = stage.folder().join("ledger.keys/subjects");
    let with_key = fs::read(&keys).unwrap();
    erase(&stage, &subject_id).must_exit(0);
    let without_key = fs::read(&keys).unwrap();
    assert_ne!(with_key, without_key);
    // As if the process had died after the entry was durable and before the key was overwritten.
    fs::write(&keys, &with_key).unwrap();
    stage.ran(&["submit", "--clock", TODAY], b"").must_exit(0);
    assert_eq!(fs::read(&keys).unwrap(), without_key);
}

#[test]
fn who_is_nobody_and_what_is_not_a_reason_is_refused() {
    let stage = Stage::with_story();
    let nobody = erase(&stage, "0d000000-0000-4000-8000-000000000001");
    assert!(nobody.stderr.contains("no personal field"), "{}", nobody.shown());
    nobody.must_exit(2);
    let subject = id(&subject(&stage));
    for arguments in [
        vec!["erase", subject.as_str(), "--customer", "cccccccc-0000-4000-8000-000000000002", "--reason", "x"],
        vec!["erase", subject.as_str(), "--customer", CONTOSO, "--reason", ""],
        vec!["erase", subject.as_str(), "--customer", CONTOSO],
        vec!["hold", "place", "x", "--reason", "y"],
        vec!["hold", "place", "x", "--everything", "--customer", CONTOSO, "--reason", "y"],
        vec!["subjects", "no-guid"],
    ] {
        ran(&stage, &arguments).must_exit(2);
    }
    ran(&stage, &["hold", "release", "x", "--reason", "y"]).must_exit(3);
}

#[test]
fn a_submitter_cannot_send_what_only_the_ledger_seals() {
    let stage = Stage::with_story();
    let entry = said(&stage, &["export"]).lines().find(|line| line.contains("\"sealed\"")).unwrap().to_owned();
    let decision = serde_json::from_str::<Value>(&entry).unwrap()["decision"].clone();
    let command = serde_json::json!({
        "command_id": "00000000-0000-4000-8000-000000000099", "actor": decision["actor"],
        "customer": decision["customer"], "command": decision["command"],
    });
    let ran = stage.ran(&["submit", "--clock", TODAY], format!("{command}\n").as_bytes());
    assert!(ran.stdout.contains("only this ledger seals"), "{}", ran.shown());
    assert_ne!(ran.code, Some(0));
}
