//! Hashes out: where an entry stands, what proves it, and tiles; never the bytes of an entry.

use ofrecord_core::Event;
use ofrecord_log::{Hash, merkle};
use ofrecord_proof::tiles::{Tile, TileKind, tiles_of};
use ofrecord_testkit::Generator;
use serde_json::{Value, json};

use crate::stage::{FOUNDED, Stage, told};

#[track_caller]
fn check(stage: &Stage, path: &str, status: u16, code: &str) {
    let answer = stage.get(path);
    assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{path}: {}", answer.text());
}

#[test]
fn what_the_log_does_not_have_is_not_given() {
    let stage = Stage::new();
    check(&stage, "/v1/entries/x", 400, "malformed");
    check(&stage, "/v1/entries/0?tree_size=6", 400, "malformed");
    check(&stage, "/v1/entries/5", 404, "not_found");
    check(&stage, "/v1/entries/3?tree_size=3", 404, "not_found");
    for tile in [
        "0/000",
        "0/000.p/6",
        "1/000.p/1",
        "9/000",
        "0/001",
        "0/0",
        "0/../0/000.p/1",
        "entries/000",
        "entries/000.p/6",
        "entries/x",
        "x/000",
    ] {
        check(&stage, &format!("/tile/{tile}"), 404, "not_found");
    }
}

#[test]
fn the_place_of_a_receipt_proves_its_entry_in_the_tree_that_is_asked_for() {
    let stage = Stage::new();
    stage.record(told());
    let log = stage.ledger.reader().log().clone();
    for position in 0..FOUNDED + 4 {
        for size in position + 1..=FOUNDED + 4 {
            let said = stage.get(&format!("/v1/entries/{position}?tree_size={size}")).json();
            let hash = |value: &Value| value.as_str().unwrap().parse::<Hash>().unwrap();
            let inclusion: Vec<Hash> = said["inclusion"].as_array().unwrap().iter().map(hash).collect();
            let (leaf, root) = (hash(&said["leaf_hash"]), log.root_at(size).unwrap());
            assert_eq!(hash(&said["root"]), root, "{position} of {size}");
            assert_eq!(merkle::leaf_hash(&log.read(position).unwrap()), leaf, "{position} of {size}");
            let proven = merkle::verify_inclusion(&leaf, position, size, &inclusion, &root);
            assert!(proven.is_ok(), "{position} of {size}: {proven:?}");
        }
    }
}

#[test]
fn the_tiles_are_those_of_the_log() {
    let stage = Stage::new();
    let log = stage.ledger.reader().log().clone();
    let tiles: Vec<_> = tiles_of(FOUNDED).filter(|tile| tile.kind() != TileKind::Entries).collect();
    assert!(!tiles.is_empty());
    for tile in tiles {
        let answer = stage.get(&format!("/{tile}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/octet-stream")), "{tile}");
        let leaves: Vec<Hash> = (0..FOUNDED).map(|position| log.leaf_hash(position).unwrap()).collect();
        assert_eq!(tile.hashes(&answer.body).unwrap(), leaves, "{tile}");
        assert_eq!(
            answer.header("cache-control"),
            Some("private, no-cache"),
            "a partial tile gives way to a wider one"
        );
    }
}

#[test]
fn a_full_tile_of_hashes_may_be_kept_and_no_tile_of_entries_may() {
    let stage = Stage::new();
    let mut generator = Generator::new(21);
    stage.record((0..300).map(|_| generator.draft().request));
    let log = stage.ledger.reader().log().clone();
    let hashes = stage.get("/tile/0/000");
    assert_eq!(hashes.header("cache-control"), Some("private, max-age=31536000, immutable"));
    let entries = stage.get("/tile/entries/000");
    assert_eq!((entries.status, entries.header("cache-control")), (200, Some("no-store")));
    let tile: Tile = "tile/entries/000".parse().unwrap();
    let stored: Vec<Vec<u8>> = (0..256).map(|position| log.read(position).unwrap()).collect();
    assert_eq!(tile.entries(&entries.body).unwrap(), stored);
    let recorded = stage.ledger.reader().entry(log.tree_size() - 1).unwrap();
    assert!(matches!(recorded.decision.events(), [Event::DisclosureRecorded(_)]), "that they left is an entry");
    let before = log.tree_size();
    assert_eq!(stage.get("/tile/entries/000").status, 200);
    assert_eq!(log.tree_size(), before, "once for each who takes them");
}
