//! Programs that are not ours check what the built binary gives out: Go's packages for notes and logs, `openssl`,
//! `scitt-cose` and `pymerkle`. Each takes what is sound and refuses what was spoiled.
//!
//! What is not installed is left out and said so, except in CI, where it fails.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ofrecord_acceptance::programs::{go_program, left_out, python, run};
use ofrecord_acceptance::signed::{grow, keys, said};
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use ofrecord_proof::note::{SignedNote, VerifierKey};

/// Entries before the older checkpoint, and in all.
const OLDER: u64 = 201;
const ENTRIES: u64 = 301;
const POSITION: u64 = 257;

/// A ledger, and everything of it that outsiders are given.
struct GivenOut {
    stage: Stage,
    key: String,
}

impl GivenOut {
    fn new() -> Self {
        let stage = Stage::with_ledger();
        said(&stage, &["checkpoint"]);
        grow(&stage, 0..200);
        stage.write("older", said(&stage, &["checkpoint"]));
        grow(&stage, 200..300);
        stage.write("checkpoint", said(&stage, &["checkpoint"]));
        // Before anything else is taken out, which is an entry each time.
        said(&stage, &["export", "--tiles", "tiles"]);
        let (position, next) = (POSITION.to_string(), (POSITION + 1).to_string());
        said(&stage, &["prove", &position, "-o", "bare.tlog-proof"]);
        said(&stage, &["prove", &position, "--with-entry", "-o", "entry.tlog-proof"]);
        said(&stage, &["prove", &position, "--cose", "-o", "entry.cose"]);
        said(&stage, &["prove", "--since", &OLDER.to_string(), "-o", "since.txt"]);
        stage.write("entry.json", said(&stage, &["export", "--from", &position, "--to", &next]).trim_end());
        stage.write("another.json", said(&stage, &["export", "--from", "0", "--to", "1"]).trim_end());
        stage.write("receipts.pem", said(&stage, &["key", "--receipts"]));
        said(&stage, &["export", "--to", &ENTRIES.to_string(), "-o", "entries.jsonl"]);
        let [key] = keys(&stage).try_into().unwrap();
        Self { stage, key }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.stage.folder().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs with a file spoiled by one bit, and puts it back.
    fn spoiled(&self, name: &str, run: &mut dyn FnMut() -> Result<String, String>) {
        let sound = fs::read(self.path(name)).unwrap();
        // The last of base64 has bits that some readers pass over.
        for at in [sound.len() / 3, sound.len() / 2, sound.len() - 9] {
            let mut bytes = sound.clone();
            *bytes.get_mut(at).unwrap() ^= 1;
            fs::write(self.path(name), bytes).unwrap();
            let outcome = run();
            assert!(outcome.is_err(), "{name}, byte {at} of {}: {outcome:?}", sound.len());
        }
        fs::write(self.path(name), sound).unwrap();
        run().unwrap();
    }
}

#[test]
fn the_packages_of_go_take_checkpoints_proofs_and_tiles() {
    let given = GivenOut::new();
    let source = workspace::root().join("tests/foreign/auditor/main.go");
    let folder = tempfile::tempdir().unwrap();
    let program = match go_program(&source, folder.path()) {
        Ok(program) => program,
        Err(reason) => {
            left_out("the_packages_of_go_take_checkpoints_proofs_and_tiles", &reason);
            return;
        }
    };
    let check = |kind: &str, files: &[&str]| {
        let paths = files.iter().map(|name| given.path(name));
        run(Command::new(&program).arg(kind).arg(&given.key).args(paths))
    };
    let cases: [(&str, &[&str]); 5] = [
        ("checkpoint", &["checkpoint"]),
        ("inclusion", &["bare.tlog-proof", "entry.json"]),
        ("inclusion", &["entry.tlog-proof", "entry.json"]),
        ("consistency", &["older", "since.txt"]),
        ("tiles", &["tiles"]),
    ];
    for (kind, files) in cases {
        assert_eq!(check(kind, files), Ok("good\n".to_owned()));
        let of_files = files.iter().filter(|name| given.path(name).is_file());
        of_files.for_each(|name| given.spoiled(name, &mut || check(kind, files)));
    }
    for tile in ["tiles/checkpoint", "tiles/tile/entries/000", "tiles/tile/0/000", "tiles/tile/0/001.p/45"] {
        given.spoiled(tile, &mut || check("tiles", &["tiles"]));
    }
    check("inclusion", &["bare.tlog-proof", "another.json"]).unwrap_err();
    check("consistency", &["checkpoint", "since.txt"]).unwrap_err();
}

#[test]
fn openssl_takes_the_signature_of_the_log() {
    let given = GivenOut::new();
    if let Err(reason) = run(Command::new("openssl").arg("version")) {
        left_out("openssl_takes_the_signature_of_the_log", &reason);
        return;
    }
    let key: VerifierKey = given.key.parse().unwrap();
    let note: SignedNote = given.text("checkpoint").parse().unwrap();
    given.stage.write("log.pem", key.to_pem().unwrap());
    given.stage.write("text", note.text());
    given.stage.write("signature", note.signatures().first().unwrap().signature());
    let mut check = || {
        let mut openssl = Command::new("openssl");
        openssl.args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"]).arg(given.path("log.pem"));
        run(openssl.arg("-in").arg(given.path("text")).arg("-sigfile").arg(given.path("signature")))
    };
    check().unwrap();
    for name in ["text", "signature"] {
        given.spoiled(name, &mut check);
    }
}

#[test]
fn scitt_cose_takes_a_receipt_for_its_entry_alone() {
    let given = GivenOut::new();
    if let Err(reason) = run(Command::new(python()).args(["-c", "import scitt_cose"])) {
        left_out("scitt_cose_takes_a_receipt_for_its_entry_alone", &reason);
        return;
    }
    let check = |entry: &str| {
        let hexadecimal: String = given.text(entry).bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut program = Command::new(python());
        program.args(["-m", "scitt_cose.cli", "--receipt"]).arg(given.path("entry.cose"));
        program.arg("--receipt-log-pubkey").arg(given.path("receipts.pem"));
        run(program.args(["--leaf-entry-hex", &hexadecimal]))
    };
    assert!(check("entry.json").unwrap().contains("ok             : True"));
    check("another.json").unwrap_err();
    given.spoiled("entry.json", &mut || check("entry.json"));
    given.spoiled("entry.cose", &mut || check("entry.json"));
}

#[test]
fn pymerkle_builds_the_same_tree_and_the_same_proof() {
    let given = GivenOut::new();
    if let Err(reason) = run(Command::new(python()).args(["-c", "import pymerkle"])) {
        left_out("pymerkle_builds_the_same_tree_and_the_same_proof", &reason);
        return;
    }
    let script = workspace::root().join("tests/foreign/tree.py");
    let check = |proof: &str| {
        let mut program = Command::new(python());
        run(program.arg("-B").arg(&script).arg(given.path("entries.jsonl")).arg(given.path(proof)))
    };
    for proof in ["bare.tlog-proof", "entry.tlog-proof"] {
        assert_eq!(check(proof), Ok("good\n".to_owned()));
    }
    given.spoiled("entries.jsonl", &mut || check("bare.tlog-proof"));
    let sound = given.text("bare.tlog-proof");
    for (from, to) in [(POSITION.to_string(), "256".to_owned()), (format!("\n{ENTRIES}\n"), "\n300\n".to_owned())] {
        given.stage.write("spoiled", sound.replacen(&from, &to, 1));
        check("spoiled").unwrap_err();
    }
}
