//! Operations: generations and what differs between them, backups and drills, holds and redactions with who and why.

use ofrecord_ledger::submission;
use ofrecord_log::{BackupFile, Hash, Identity, Manifest};
use ofrecord_server::{AccessRole, BackupStanding, Drill, Generation, GenerationStanding, Limits, Scope};
use ofrecord_testkit::{name, story};
use serde_json::{Value, json};

use super::{check_frame, section, stage};
use crate::rehearsal::Step;
use crate::stage::{FOUNDED, Stage, customer, told};

fn operations(stage: &Stage, token: &str) -> String {
    let answer = stage.get_with("/console/operations", token);
    check_frame("/console/operations", &answer);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

fn manifest(size: u64, root: Hash) -> Manifest {
    Manifest {
        backup_format: 1,
        origin: "ofrecord.local/test".to_owned(),
        identity: Identity::new("ofrecord.local/test", "2024-01-01T00:00:00.0000000Z", [].into()),
        size,
        root,
        created_at: "2024-05-30T10:00:00.0000000Z".to_owned(),
        files: vec![BackupFile { path: "bundles/0".to_owned(), bytes: 12_345, sha256: root }],
    }
}

#[test]
fn what_a_server_was_not_told_of_is_said() {
    let stage = stage();
    let text = operations(&stage, "");
    for (anchor, words) in [
        ("generations", "There is none: answers are taken from the log"),
        ("generations", "None came to its end since the server was started"),
        ("backup", "This server was given no folder of backups"),
        ("holds", "No hold was ever placed"),
        ("erasures", "Nothing was erased or redacted"),
    ] {
        assert!(section(&text, anchor).contains(words), "{anchor}: {text}");
    }
    let folder = "/backups/market".to_owned();
    *stage.shelf.backup.lock().unwrap() = Some(BackupStanding { folder, manifest: None, drills: Vec::new() });
    let text = operations(&stage, "");
    let backup = section(&text, "backup");
    assert!(backup.contains("/backups/market") && backup.contains("There is no backup in the folder yet"), "{backup}");
}

#[test]
fn a_backup_is_compared_with_the_log_and_its_drills_are_told() {
    let stage = stage();
    let log = std::sync::Arc::clone(stage.ledger.reader().log());
    let problems = vec!["bundles/0: its hash is another".to_owned()];
    let drills = vec![
        Drill { at: story::instant("2024-05-31"), is_sound: true, size: Some(FOUNDED), problems: Vec::new() },
        Drill { at: story::instant("2024-05-30"), is_sound: false, size: None, problems },
    ];
    for (root, said) in [
        (log.root_at(FOUNDED).unwrap(), "It is the root of this log"),
        (log.root_at(FOUNDED - 1).unwrap(), "<strong>It is not the root of this log"),
    ] {
        let (folder, manifest) = ("/backups/market".to_owned(), Some(manifest(FOUNDED, root)));
        *stage.shelf.backup.lock().unwrap() = Some(BackupStanding { folder, manifest, drills: drills.clone() });
        let text = operations(&stage, "");
        let backup = section(&text, "backup");
        let since = format!("{} entries", log.tree_size() - FOUNDED);
        for words in [
            said,
            "2024-05-30 10:00 UTC",
            "12,345 bytes",
            &since,
            "something was wrong",
            "its hash is another",
            "sound",
        ] {
            assert!(backup.contains(words), "{words}: {backup}");
        }
    }
}

#[test]
fn generations_are_listed_and_what_a_rebuild_found_is_shown_to_whoever_sees_whose_it_is() {
    let stage = Stage::asking(Limits::default());
    stage.record(told());
    let generation = |number, standing, through| Generation {
        number,
        standing,
        fold_version: (standing == GenerationStanding::Answers).then(|| "7".to_owned()),
        through,
    };
    *stage.shelf.generations.lock().unwrap() = vec![
        generation(1, GenerationStanding::Answers, Some(4_096)),
        generation(2, GenerationStanding::AnswersNext, None),
        generation(3, GenerationStanding::Beside, None),
    ];
    let operator = stage.token("op", AccessRole::Operator, Scope::OfRole);
    let auditor = stage.auditor();
    stage.steps.send(Step::Found).unwrap();
    let order = json!({"kind": "rebuild"}).to_string();
    let ordered = stage.post("/v1/jobs", "application/json", &operator, &order);
    assert_eq!(ordered.status, 202, "{}", ordered.text());
    let id = ordered.json()["id"].as_str().unwrap().to_owned();
    let told = || stage.get_with(&format!("/v1/jobs/{id}"), &operator).json();
    let ended = (0..2_000).map(|_| told()).find(|job| job["ended_at"].is_string());
    assert_eq!(ended.map(|job| job["state"].clone()), Some(json!("done")), "{}", told());
    for (token, is_named) in [(&operator, false), (&auditor, true)] {
        let text = operations(&stage, token);
        let generations = section(&text, "generations");
        for words in [
            "answers come from it</td>",
            "4,096",
            "from the next start on",
            "kept beside",
            "12 rows",
            "of generation 1",
        ] {
            assert!(generations.contains(words), "{words}: {generations}");
        }
        assert_eq!(generations.contains(&customer()), is_named, "{generations}");
    }
}

fn by_officer(id: u32, command: &Value) -> ofrecord_core::Request {
    let line = json!({"command_id": format!("00000000-0000-4000-8000-{id:012}"),
        "actor": {"kind": "operator", "role": "compliance_officer", "user": "kim"}, "command": command});
    submission::read(&line.to_string()).unwrap()
}

#[test]
fn holds_and_redactions_say_who_asked_who_approved_and_why() {
    let stage = stage();
    stage.accepted([
        by_officer(
            900,
            &json!({"type": "PlaceHold", "hold": "case-1", "scope": {"customer": name::customer("C")},
            "reason": "a lawsuit"}),
        ),
        by_officer(
            901,
            &json!({"type": "PlaceHold", "hold": "over", "scope": "everything",
            "until": "2024-02-01T00:00:00Z", "reason": "commercial law"}),
        ),
        by_officer(
            902,
            &json!({"type": "RedactEntry", "position": 2, "reason": "a wrong paste",
            "authority": "Article 17", "ticket": "T-1", "approved_by": "robin"}),
        ),
    ]);
    let text = operations(&stage, "");
    let holds = section(&text, "holds");
    for words in ["case-1", "<strong>stands</strong>", "kim</bdi>, operator", "a lawsuit", "over", "commercial law"] {
        assert!(holds.contains(words), "{words}: {holds}");
    }
    assert!(holds.find("case-1") < holds.find("commercial law"), "what stands comes first: {holds}");
    let erasures = section(&text, "erasures");
    for words in ["kim</bdi>, operator", "robin", "a wrong paste; Article 17, T-1", "href=\"/console/entries/2\""] {
        assert!(erasures.contains(words), "{words}: {erasures}");
    }
}
