//! Signed checkpoints as an operator and an auditor meet them: keys, rotation, and a ledger that lost what was signed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::signed::{TODAY, copy, grow, keys, register, said};
use ofrecord_acceptance::stage::{ORIGIN, Stage};

/// The origin, the size and the number of signatures of a checkpoint.
fn parts(note: &str) -> (String, u64, usize) {
    let (text, signatures) = note.split_once("\n\n").unwrap();
    let mut lines = text.lines();
    let (origin, size) = (lines.next().unwrap(), lines.next().unwrap());
    (origin.to_owned(), size.parse().unwrap(), signatures.lines().count())
}

#[test]
fn a_checkpoint_is_signed_by_keys_that_the_log_names_and_printed_again() {
    let stage = Stage::with_ledger();
    let [first] = keys(&stage).try_into().unwrap();
    grow(&stage, 0..3);
    let note = said(&stage, &["checkpoint"]);
    assert_eq!(parts(&note), (ORIGIN.to_owned(), 4, 1), "the entry that names the key is covered too");
    assert_eq!(said(&stage, &["checkpoint", "--newest"]), note);
    assert_eq!(said(&stage, &["checkpoint"]), note, "nothing new, the same note");

    said(&stage, &["key", "rotate", "--reason", "two years old"]);
    let both = keys(&stage);
    assert_eq!((both.len(), both.contains(&first)), (2, true));
    assert_eq!(parts(&said(&stage, &["checkpoint"])), (ORIGIN.to_owned(), 5, 2), "both sign while they overlap");
    said(&stage, &["key", "retire", &first, "--reason", "replaced"]);
    assert_eq!(parts(&said(&stage, &["checkpoint"])), (ORIGIN.to_owned(), 6, 1));
    let [second] = keys(&stage).try_into().unwrap();
    assert_ne!(second, first);
    stage.ran(&["key", "retire", &second, "--reason", "x", "--clock", TODAY], b"").must_exit(3);
}

#[test]
fn without_keys_nothing_is_signed_and_keys_are_made_once() {
    let stage = Stage::with_ledger();
    fs::remove_dir_all(stage.folder().join("ledger.keys")).unwrap();
    let ran = stage.ran(&["checkpoint", "--clock", TODAY], b"");
    assert!(ran.stderr.contains("no folder of keys") && ran.stderr.contains("ofrecord key create"), "{}", ran.shown());
    ran.must_exit(2);
    stage.ran(&["checkpoint", "--newest"], b"").must_exit(2);
    said(&stage, &["key", "create"]);
    assert_eq!(parts(&said(&stage, &["checkpoint"])).1, 1);
    stage.ran(&["key", "create", "--clock", TODAY], b"").must_exit(1);
    let elsewhere = ["init", "--origin", "example.cn/other", "other", "--keys", "ledger.keys"];
    let ran = stage.ran(&elsewhere, b"");
    assert!(ran.stderr.contains("holds the keys of"), "{}", ran.shown());
    ran.must_exit(2);
}

/// A ledger of six customers whose copy from when it had three was put back. What was signed knows better.
fn put_back(stage: &Stage) {
    let (ledger, old) = (stage.folder().join("ledger"), stage.folder().join("old"));
    grow(stage, 0..3);
    copy(&ledger, &old);
    grow(stage, 3..6);
    said(stage, &["checkpoint"]);
    fs::remove_dir_all(&ledger).unwrap();
    fs::rename(&old, &ledger).unwrap();
}

#[test]
fn an_old_copy_that_is_put_back_takes_no_entries_and_goes_on_in_a_new_epoch_only() {
    let stage = Stage::with_ledger();
    put_back(&stage);
    for arguments in [&["submit"][..], &["checkpoint"], &["key", "rotate", "--reason", "x"]] {
        let ran = stage.ran(&[arguments, &["--clock", TODAY]].concat(), register(9).as_bytes());
        assert!(ran.stderr.contains("old copy was put back"), "{}", ran.shown());
        assert!(ran.stderr.contains("ofrecord epoch"), "{}", ran.shown());
        ran.must_exit(1);
    }
    let ran = stage.ran(&["stats"], b"");
    assert!(ran.stderr.contains("has lost entries: 7 were signed"), "reading goes on: {}", ran.shown());
    ran.must_exit(0);

    let told = said(&stage, &["epoch", "--reason", "the disk failed", "--by", "kim"]);
    assert!(told.contains(&format!("{ORIGIN}/e2")) && told.contains("size 7"), "{told}");
    grow(&stage, 6..8);
    let note = said(&stage, &["checkpoint"]);
    // Three customers, the epoch, its key, two more customers. The first key is not known to this log.
    assert_eq!(parts(&note), (format!("{ORIGIN}/e2"), 7, 1));
    assert_eq!(keys(&stage).len(), 1);
    let entries = said(&stage, &["export"]);
    assert!(entries.contains("\"EpochStarted\"") && entries.contains("\"user\":\"kim\""), "{entries}");
    stage.ran(&["epoch", "--reason", "again", "--clock", TODAY], b"").must_exit(2);
    for check in ["verify", "replay"] {
        stage.ran(&[check], b"").must_exit(0);
    }
}

#[test]
fn another_history_of_the_same_length_is_told_apart_from_what_was_signed() {
    let stage = Stage::with_ledger();
    put_back(&stage);
    // Grown again to the size that was signed, with other customers.
    fs::rename(stage.folder().join("ledger.keys"), stage.folder().join("hidden")).unwrap();
    grow(&stage, 10..20);
    fs::rename(stage.folder().join("hidden"), stage.folder().join("ledger.keys")).unwrap();
    let ran = stage.ran(&["checkpoint", "--clock", TODAY], b"");
    assert!(ran.stderr.contains("another history"), "{}", ran.shown());
    ran.must_exit(1);
}

#[test]
fn a_memory_of_what_was_signed_that_is_gone_or_spoiled_is_no_empty_one() {
    let stage = Stage::with_ledger();
    grow(&stage, 0..3);
    said(&stage, &["checkpoint"]);
    let memory = stage.folder().join("ledger.keys/signed.json");
    let sound = fs::read_to_string(&memory).unwrap();
    fs::write(&memory, sound.replace("\"tree_size\": 4", "\"tree_size\": 3")).unwrap();
    for arguments in [&["checkpoint"][..], &["submit"]] {
        stage.ran(&[arguments, &["--clock", TODAY]].concat(), b"").must_exit(1);
    }
    fs::write(&memory, sound).unwrap();
    said(&stage, &["checkpoint"]);
}
