//! Everything ever written is read for ever: one fixture of each kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::entry::{EntryError, EntryParts, Envelope, compose};
use ofrecord_log::{
    EventLog as _, Hash, LogReader as _, OpenOptions, SledLog, WriteState, check_backup, merkle::leaf_hash, restore,
};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures")
}

/// Parses a stored entry, composes it again from its parts, and compares bytes and leaf hash.
fn check(name: &str, streams: usize, leaf: &str) {
    let bytes = fixture(name);
    let envelope = Envelope::parse(&bytes).unwrap();
    assert_eq!(envelope.streams.len(), streams, "{name}");
    let again = compose(&EntryParts {
        format: envelope.format,
        position: envelope.position,
        recorded_at: &envelope.recorded_at,
        command_id: envelope.command_id,
        request_hash: envelope.request_hash,
        streams: &envelope.streams,
        decision: envelope.decision.get().as_bytes(),
    })
    .unwrap();
    assert_eq!(again, bytes, "{name}");
    assert_eq!(leaf_hash(&bytes), leaf.parse::<Hash>().unwrap(), "{name}");
}

#[test]
fn stored_entries_of_every_kind_are_still_read() {
    check("entry-1-first.json", 1, LEAF_FIRST);
    check("entry-1-four-streams.json", 4, LEAF_FOUR_STREAMS);
    check("entry-1-escapes.json", 1, LEAF_ESCAPES);
    check("entry-2-first.json", 1, LEAF_FIRST_OF_FORMAT_2);
}

#[test]
fn an_entry_of_a_newer_format_is_named_as_such() {
    assert_eq!(
        Envelope::parse(&fixture("entry-3-from-the-future.json")).unwrap_err(),
        EntryError::NewerFormat { format: 3, newest: 2 }
    );
}

/// Lays out a stored ledger as it was closed: its store is mostly empty space, and so kept compressed.
fn laid_out(name: &str, folder: &Path) {
    let from = self::folder().join(name);
    for inner in ["log", "segments", "views"] {
        fs::create_dir_all(folder.join(inner)).unwrap();
    }
    for file in ["ledger.json", "head", "log/conf", "log/snap.0000000000000189", "views/verified"] {
        fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    let store = zstd::decode_all(fs::File::open(from.join("log/db.zst")).unwrap()).unwrap();
    fs::write(folder.join("log/db"), store).unwrap();
}

#[test]
fn a_stored_ledger_is_still_opened_verified_and_written_to() {
    let folders = tempfile::tempdir().unwrap();
    laid_out("ledger-1", folders.path());
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
    let mut log = SledLog::open(folders.path(), &options).unwrap();
    let identity = log.identity();
    assert_eq!((identity.format, identity.origin.as_str()), (1, "example.org/ledger"));
    assert_eq!((log.tree_size(), log.root()), (17, ROOT_OF_LEDGER.parse().unwrap()));
    let health = log.health();
    assert_eq!((health.write_state, health.verified_through), (WriteState::Writable, 17));
    assert_eq!(health.notes, Vec::new());
    assert!(log.verify(&mut |_| {}).is_sound());
    let mut sample = SampleEntries::new();
    let mut entries = sample.many(17);
    check_holds(&log, &entries);
    entries.extend(sample.many(3));
    log.append(17, &entries[17..]).unwrap();
    drop(log);
    let log = SledLog::open(folders.path(), &options).unwrap();
    assert!(log.verify(&mut |_| {}).is_sound());
    check_holds(&log, &entries);
}

const ROOT_OF_LEDGER: &str = "e495d4afcdd49b6ac992b09f12dd428943a0d7ed3a409d450da041c9c2bc40ec";
const LEAF_FIRST: &str = "8b0bbbf47268bc681abac409a69c2d53895b29df494fa70d80b07b4f711ab694";
const LEAF_FOUR_STREAMS: &str = "c46dd4fb74c6fca8d73557f7908a133cb09711d16e4df1bfa3b71300be14acc4";
const LEAF_FIRST_OF_FORMAT_2: &str = "de64b7a117ad80908bc942d5c3486de9e6672a946a75c4787323a761d8760d16";
const LEAF_ESCAPES: &str = "b1efdb6a5832371cb62e2d64cf49eafa1710fd0dd62c1906892227e3e2fc6235";

#[test]
fn a_stored_backup_is_still_read_and_restored() {
    let backup = folder().join("backup-1");
    let check = check_backup(&backup, &mut |_| {}).unwrap();
    assert!(check.is_sound(), "{:?}", check.problems);
    let folders = tempfile::tempdir().unwrap();
    let ledger = folders.path().join("ledger");
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
    let report = restore(&backup, &ledger, &options, &mut |_| {}).unwrap();
    assert_eq!((report.manifest.size, report.problem), (300, None));
    let log = SledLog::open(&ledger, &options).unwrap();
    check_holds(&log, &SampleEntries::new().many(300));
    assert!(log.verify(&mut |_| {}).is_sound());
}
