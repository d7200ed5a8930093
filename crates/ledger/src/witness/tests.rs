//! What a witness remembers, and that it never cosigns two histories.

use std::os::unix::fs::PermissionsExt as _;

use ofrecord_log::merkle::{Frontier, leaf_hash};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::note::SigningKey;
use tempfile::TempDir;

use super::*;
use crate::clock::SetClock;

const ORIGIN: &str = "log.example/witnessed";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

/// The first checkpoint of a log of one entry, as a request.
fn first(entry: &str) -> String {
    let mut frontier = Frontier::new();
    frontier.push(leaf_hash(entry.as_bytes()));
    let checkpoint = Checkpoint::new(ORIGIN, 1, frontier.root()).unwrap();
    ConsistencyProof::new(0, Vec::new(), key().sign(&checkpoint.to_string()).unwrap()).unwrap().to_string()
}

fn clock(text: &str) -> Clock {
    Clock::Set(SetClock::at(text.parse().unwrap()))
}

fn witness(folder: &Path) -> Witness {
    Witness::create(folder, "witness.example/w".parse().unwrap(), &[key().verifier()], &Entropy::System).unwrap()
}

#[test]
fn a_log_has_one_history_whichever_process_asks() {
    let scratch = TempDir::new().unwrap();
    let folder = scratch.path().join("w");
    witness(&folder).add(first("a").as_bytes(), &clock("2026-01-01")).unwrap();
    let again = Witness::open(&folder).unwrap();
    let refused = again.add(first("b").as_bytes(), &clock("2026-01-02")).unwrap_err();
    assert_eq!(refused, WitnessError::NotCosigned(NotCosigned::Conflict { seen: 1 }));
    let same = first("a").replace("old 0", "old 1");
    again.add(same.as_bytes(), &clock("2026-01-02")).unwrap();
}

#[test]
fn a_clock_that_was_set_back_does_not_take_the_time_of_a_cosignature_back() {
    let scratch = TempDir::new().unwrap();
    let folder = scratch.path().join("w");
    let witness = witness(&folder);
    let before = witness.add(first("a").as_bytes(), &clock("2026-01-02")).unwrap();
    let same = first("a").replace("old 0", "old 1");
    let after = witness.add(same.as_bytes(), &clock("2026-01-01")).unwrap();
    assert_eq!(after, before, "the same time over the same checkpoint is the same line");
}

#[test]
fn a_memory_that_is_gone_or_spoiled_is_no_empty_one_and_a_key_is_private() {
    let scratch = TempDir::new().unwrap();
    let folder = scratch.path().join("w");
    let kept = witness(&folder);
    kept.add(first("a").as_bytes(), &clock("2026-01-01")).unwrap();
    assert!(
        Witness::create(&folder, "other.example/w".parse().unwrap(), &[], &Entropy::System).is_err(),
        "one key a folder"
    );
    let memory = fs::read_to_string(kept.memory_file()).unwrap();
    for spoiled in [String::new(), "{}".to_owned(), memory.replace("\"root\": \"", "\"root\": \"x")] {
        fs::write(kept.memory_file(), spoiled).unwrap();
        assert!(matches!(kept.add(first("b").as_bytes(), &clock("2026-01-02")), Err(WitnessError::File(_))));
        assert!(Witness::open(&folder).is_err());
    }
    fs::remove_file(kept.memory_file()).unwrap();
    assert!(kept.add(first("b").as_bytes(), &clock("2026-01-02")).is_err());
    fs::write(kept.memory_file(), memory).unwrap();
    fs::set_permissions(key_file(&folder), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(Witness::open(&folder).is_err(), "others may read the key");
}
