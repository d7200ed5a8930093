//! The overview: the checkpoint over the log, and what was recorded lately.

use ofrecord_ledger::submission;
use ofrecord_log::Hash;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::SigningKey;
use ofrecord_server::{AccessRole, KeptCheckpoint, Scope};
use ofrecord_testkit::{Story, name, story};

use super::{check_frame, section, stage};
use crate::stage::{FOUNDED, Stage};

const ORIGIN: &str = "ofrecord.local/test";

fn overview(stage: &Stage) -> String {
    let answer = stage.get("/console");
    check_frame("/console", &answer);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[seed; 32])
}

/// Keeps a checkpoint of a size with a root, signed by a key.
fn keep(stage: &Stage, size: u64, root: Hash, by: &SigningKey) {
    let checkpoint = Checkpoint::new(ORIGIN, size, root).unwrap();
    let note = by.sign(&checkpoint.to_string()).unwrap().to_string();
    let signed_at = Some(story::instant("2024-05-31"));
    *stage.shelf.checkpoint.lock().unwrap() = Some(KeptCheckpoint { note, signed_at });
}

/// Has the log name a key.
fn name_key(stage: &Stage, key: &SigningKey) {
    let line = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-00000000000a","actor":{{"kind":"operator"}},
            "command":{{"type":"AddCheckpointKey","key":"{}","reason":"a test"}}}}"#,
        key.verifier()
    );
    stage.accepted([submission::read(&line).unwrap()]);
}

#[test]
fn a_checkpoint_that_is_not_there_or_cannot_be_read_is_told() {
    let stage = stage();
    let checkpoint = |stage: &Stage| section(&overview(stage), "checkpoint").to_owned();
    assert!(checkpoint(&stage).contains("No checkpoint was signed yet"), "{}", checkpoint(&stage));
    *stage.shelf.checkpoint.lock().unwrap() = Some(KeptCheckpoint { note: "nothing\n".to_owned(), signed_at: None });
    let said = checkpoint(&stage);
    assert!(said.contains("href=\"/checkpoint\"") && !said.contains("entries under it"), "{said}");
}

#[test]
fn the_newest_checkpoint_is_compared_with_the_log_and_its_signatures_with_the_keys() {
    let stage = stage();
    let log = std::sync::Arc::clone(stage.ledger.reader().log());
    let (root, size) = (log.root_at(FOUNDED).unwrap(), log.tree_size());
    keep(&stage, FOUNDED, root, &key(1));
    let said = section(&overview(&stage), "checkpoint").to_owned();
    for words in [
        ORIGIN,
        &root.to_string(),
        "It is the root of this log",
        "2024-05-31 00:00 UTC",
        &format!("{} entries, from <a class=\"position\" href=\"/console/entries/{FOUNDED}\"", size - FOUNDED),
        "a key that the log does not name",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    name_key(&stage, &key(1));
    let said = section(&overview(&stage), "checkpoint").to_owned();
    assert!(said.contains("the signature holds") && !said.contains("does not name"), "{said}");
    // Another history, a size that the log has not reached, and a key that signs for another.
    for (size, root) in [(FOUNDED, log.root_at(FOUNDED - 1).unwrap()), (1_000, root)] {
        keep(&stage, size, root, &key(1));
        let said = section(&overview(&stage), "checkpoint").to_owned();
        assert!(said.contains("It is not the root of this log"), "{size}: {said}");
    }
    keep(&stage, log.tree_size(), log.root(), &key(1));
    let text = overview(&stage);
    assert!(section(&text, "checkpoint").contains("every entry is under it"), "{text}");
}

#[test]
fn what_was_recorded_is_counted_by_the_time_of_recording_and_not_since_the_start() {
    let stage = stage();
    let size = stage.ledger.reader().log().tree_size();
    let pace = |stage: &Stage| section(&overview(stage), "pace").to_owned();
    let said = pace(&stage);
    assert!(said.contains(&format!("{size} recorded in the last hour, at most {size} in one minute.")), "{said}");
    assert!(said.contains(&format!("{size} recorded in the last 24 hours")), "{said}");
    stage.clock.set(story::instant("2024-06-01").plus_seconds(3_660));
    stage.accepted([Story::new(8).at("2024-03-01").ledger().registers_customer("D")]);
    let said = pace(&stage);
    assert!(said.contains("1 recorded in the last hour, at most 1 in one minute."), "{said}");
    assert!(
        said.contains(&format!("{} recorded in the last 24 hours, at most {size} in one hour.", size + 1)),
        "{said}"
    );
    assert!(said.contains("2024-06-01 01:01 UTC: 1</title>"), "the bar of the minute that goes on: {said}");
    stage.clock.set(story::instant("2024-06-03"));
    let said = pace(&stage);
    assert_eq!(said.matches("Nothing was recorded").count(), 4, "each plot and its name say so: {said}");
    assert!(said.contains("There are no stored rows"), "{said}");
}

#[test]
fn how_much_is_recorded_is_shown_to_nobody_who_sees_a_share() {
    let stage = Stage::asking(ofrecord_server::Limits::default());
    for (role, scope, is_shown) in [
        (AccessRole::PartnerUser, Scope::Partner(name::partner("P")), false),
        (AccessRole::CustomerAdmin, Scope::Customer(name::customer("C")), false),
        (AccessRole::Operator, Scope::OfRole, true),
        (AccessRole::Auditor, Scope::OfRole, true),
    ] {
        let page = stage.get_with("/console", &stage.token(role.word(), role, scope)).text();
        for part in ["id=\"pace\"", "id=\"checkpoint\"", "class=\"figures\""] {
            assert_eq!(page.contains(part), is_shown, "{role:?} {part}: {page}");
        }
    }
}
