//! Who can cheat how, and what shows it: one test for each attack that checkpoints, proofs and witnesses answer.
//!
//! The attacker is the operator: whoever can write the ledger's folder, and where it is said, has its keys as well.
//! That an entry changed in the store itself is found, is shown where the store is tested.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use ofrecord_acceptance::signed::{TODAY, copy, grow, keys, register, said};
use ofrecord_acceptance::stage::Stage;
use ofrecord_proof::tiles::{Tile, TileKind};

/// A ledger of nine entries, and what the customer of the fifth was given: the receipt's proof and the key.
struct Given {
    stage: Stage,
    key: String,
}

impl Given {
    fn new() -> Self {
        let stage = Stage::with_ledger();
        said(&stage, &["checkpoint"]);
        grow(&stage, 0..8);
        said(&stage, &["prove", "4", "--with-entry", "-o", "receipt"]);
        // That the receipt was given is the tenth entry.
        stage.write("held", said(&stage, &["checkpoint", "--newest"]));
        let [key] = keys(&stage).try_into().unwrap();
        Self { stage, key }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.stage.folder().join(name)
    }

    /// Checks files as the auditor does, and wants the exit code and a word of what was said.
    fn checked(&self, arguments: &[&str], code: i32, told: &str) {
        let ran = self.stage.ran(&[&["check", "--key", &self.key], arguments].concat(), b"");
        assert!(ran.stdout.contains(told), "{}", ran.shown());
        ran.must_exit(code);
    }

    fn refused(&self, arguments: &[&str], code: i32, told: &str) {
        let ran = self.stage.ran(&[arguments, &["--clock", TODAY]].concat(), b"");
        assert!(ran.stderr.contains(told), "{}", ran.shown());
        ran.must_exit(code);
    }

    /// Another history under the same name and with the same keys, whose signer remembers nothing of the first.
    fn rewritten(&self) -> &'static [&'static str] {
        let keys = self.path("rewritten.keys");
        self.stage
            .ran(&["init", "rewritten", "--origin", "example.cn/ledger", "--clock", "2018-01-01"], b"")
            .must_exit(0);
        fs::remove_dir_all(&keys).unwrap();
        copy(&self.path("ledger.keys"), &keys);
        let state = fs::read_to_string(self.path("fresh.json")).unwrap();
        fs::write(keys.join("signed.json"), state).unwrap();
        let lines: String = (0..9).map(|number| register(100 + number)).collect();
        let arguments = ["submit", "--quiet", "--clock", TODAY, "--ledger", "rewritten"];
        self.stage.ran(&arguments, lines.as_bytes()).must_exit(0);
        &["--ledger", "rewritten"]
    }

    /// Keeps what a signer remembers that never signed.
    fn with_fresh_memory(self) -> Self {
        self.stage.ran(&["init", "fresh", "--origin", "example.cn/ledger", "--clock", "2018-01-01"], b"").must_exit(0);
        fs::copy(self.path("fresh.keys/signed.json"), self.path("fresh.json")).unwrap();
        self
    }
}

#[test]
fn an_entry_that_was_edited_deleted_or_moved_has_another_leaf_and_another_root() {
    let given = Given::new();
    said(&given.stage, &["export", "--tiles", "tiles"]);
    let path = given.path("tiles").join(Tile::new(TileKind::Entries, 0, 10).unwrap().to_string());
    let tile = Tile::new(TileKind::Entries, 0, 10).unwrap();
    let bytes = fs::read(&path).unwrap();
    let entries = tile.entries(&bytes).unwrap();
    let sound = |position: usize| entries[position].to_vec();
    let edited = String::from_utf8(sound(4)).unwrap().replace("Customer 3", "Customer X").into_bytes();
    given.stage.write("entry", sound(4));
    given.checked(&["receipt", "--entry", "entry"], 0, "stands at position 4");
    for entry in [edited, sound(5), sound(3), Vec::new()] {
        given.stage.write("entry", entry);
        given.checked(&["receipt", "--entry", "entry"], 4, "carries another entry");
    }
    let moved = fs::read_to_string(given.path("receipt")).unwrap().replace("index 4", "index 5");
    given.stage.write("moved", moved);
    given.checked(&["moved"], 4, "DOES NOT HOLD");
}

#[test]
fn what_was_changed_without_the_key_has_no_signature() {
    let given = Given::new();
    let held = fs::read_to_string(given.path("held")).unwrap();
    let mut lines: Vec<&str> = held.lines().collect();
    let root = lines[2].to_owned();
    let other = root.replace(&root[..1], if root.starts_with('A') { "B" } else { "A" });
    lines[2] = &other;
    given.stage.write("forged", lines.join("\n") + "\n");
    given.checked(&["forged"], 4, "signature of key example.cn/ledger");
    let unsigned: String = held.lines().take(4).map(|line| format!("{line}\n")).collect();
    given.stage.write("forged", unsigned);
    given.checked(&["forged"], 2, "cannot be read");
}

#[test]
fn a_history_rewritten_with_the_key_does_not_extend_a_head_that_was_held() {
    let given = Given::new().with_fresh_memory();
    let of_it = given.rewritten();
    given.stage.write("new", said(&given.stage, &[&["checkpoint"], of_it].concat()));
    given.checked(&["new"], 0, "signed by example.cn/ledger");
    said(&given.stage, &[&["prove", "--since", "9", "-o", "since"], of_it].concat());
    given.checked(&["since", "--old", "held"], 4, "DOES NOT HOLD");
    given.checked(&["receipt"], 0, "stands at position 4 of these 9");
    said(&given.stage, &[&["prove", "4", "--size", "10", "-o", "again"], of_it].concat());
    let entry = fs::read_to_string(given.path("receipt")).unwrap();
    let extra = entry.lines().nth(1).unwrap();
    let again = fs::read_to_string(given.path("again")).unwrap().replacen("index", &format!("{extra}\nindex"), 1);
    given.stage.write("again", again);
    given.checked(&["again"], 4, "DOES NOT HOLD");
}

#[test]
fn a_tail_that_was_cut_is_missed_by_the_signer_and_by_whoever_has_a_receipt() {
    let given = Given::new();
    copy(&given.path("ledger"), &given.path("old"));
    grow(&given.stage, 8..12);
    said(&given.stage, &["prove", "11", "--with-entry", "-o", "late"]);
    fs::remove_dir_all(given.path("ledger")).unwrap();
    fs::rename(given.path("old"), given.path("ledger")).unwrap();
    given.refused(&["checkpoint"], 1, "old copy was put back");
    given.refused(&["submit"], 1, "old copy was put back");
    given.checked(&["late"], 0, "stands at position 11 of these 14");
    given.refused(&["prove", "11"], 1, "old copy was put back");
}

#[test]
fn two_views_of_one_log_are_seen_when_witnesses_or_their_customers_meet() {
    let given = Given::new().with_fresh_memory();
    let of_it = given.rewritten();
    let mut witnesses = Vec::new();
    for name in ["w1", "w2"] {
        let named = format!("witness.example/{name}");
        witnesses.push(
            said(&given.stage, &["witness", "init", name, "--name", &named, "--log", &given.key]).trim().to_owned(),
        );
    }
    // Each is shown its own history at first, and cosigns it.
    said(&given.stage, &["prove", "--since", "0", "--size", "9"]);
    said(&given.stage, &["cosign", "--witness", "w1"]);
    said(&given.stage, &[&["checkpoint"], of_it].concat());
    said(&given.stage, &[&["cosign", "--witness", "w2"], of_it].concat());
    // Neither follows to the other one's.
    given.refused(&[&["cosign", "--witness", "w1"], of_it].concat(), 4, "another history");
    grow(&given.stage, 8..10);
    said(&given.stage, &["checkpoint"]);
    given.refused(&["cosign", "--witness", "w2"], 4, "another history");
    // A policy that asks for both is reached by neither.
    let policy = format!(
        "log {}\nwitness a {}\nwitness b {}\ngroup both all a b\nquorum both\n",
        given.key, witnesses[0], witnesses[1]
    );
    given.stage.write("policy", policy);
    for (name, arguments) in [("one", &[][..]), ("two", of_it)] {
        given.stage.write(name, said(&given.stage, &[&["checkpoint", "--newest"], arguments].concat()));
        given.stage.ran(&["check", name, "--policy", "policy"], b"").must_exit(4);
    }
}

#[test]
fn a_key_that_was_swapped_is_not_the_one_that_the_auditor_has() {
    let given = Given::new();
    said(&given.stage, &["key", "rotate", "--reason", "a key of the attacker"]);
    said(&given.stage, &["key", "retire", &given.key, "--reason", "out of the way"]);
    given.stage.write("new", said(&given.stage, &["checkpoint"]));
    given.checked(&["new"], 4, "no known key has signed");
    let entries = said(&given.stage, &["export"]);
    assert!(entries.contains("CheckpointKeyAdded") && entries.contains("CheckpointKeyRetired"), "and the log says so");
    // A key that the log does not name signs nothing.
    let folder = given.path("ledger.keys");
    let named: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in named.iter().filter(|path| path.extension().is_some_and(|suffix| suffix == "key")) {
        fs::remove_file(path).unwrap();
    }
    given.stage.ran(&["init", "other", "--origin", "example.cn/attacker", "--clock", "2018-01-01"], b"").must_exit(0);
    for path in fs::read_dir(given.path("other.keys")).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_some_and(|suffix| suffix == "key") {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    given.refused(&["checkpoint"], 1, "none of the keys that the log lets sign");
}

#[test]
fn a_clock_that_was_set_back_dates_neither_an_entry_nor_a_cosignature_back() {
    let given = Given::new();
    said(&given.stage, &["witness", "init", "w", "--name", "witness.example/w", "--log", &given.key]);
    let first = said(&given.stage, &["cosign", "--witness", "w"]);
    let lines = register(50);
    given.stage.ran(&["submit", "--quiet", "--clock", "2020-05-05"], lines.as_bytes()).must_exit(0);
    let entry = said(&given.stage, &["export", "--from", "9"]);
    assert!(entry.contains("\"recorded_at\":\"2026-01-01T00:00:00.0000000Z\""), "{entry}");
    let request = said(&given.stage, &["prove", "--since", "9", "--size", "9"]);
    let again = given.stage.ran(&["witness", "add", "w", "--clock", "2020-05-05"], request.as_bytes());
    assert_eq!(again.stdout, first, "the same checkpoint at the same time is the same line");
    again.must_exit(0);
}
