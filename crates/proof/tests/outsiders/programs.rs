//! Programs that are not ours check what is written here: `openssl`, and the COSE receipts of `scitt-cose`.
//!
//! Where they are not installed a test is skipped and says so, except in CI, where it fails.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::timestamp::{TimestampReply, TimestampRequest};
use tempfile::TempDir;

use crate::sample::{SEEN_AT, Sample, cosigning_key, log_key, receipt_key};

/// Says which Python has `scitt-cose`; `.ci/run` sets it.
const PYTHON: &str = "OFRECORD_PYTHON";
/// An instant at which the certificates of the fixtures hold.
const FIXTURES_HOLD_AT: &str = "1795662600";

fn python() -> OsString {
    std::env::var_os(PYTHON).unwrap_or_else(|| {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/foreign/bin/python");
        if own.exists() { own.into_os_string() } else { "python3".into() }
    })
}

/// Whether a program runs with these arguments; a test that is skipped must not look like one that passed.
fn is_there(test: &str, program: &OsStr, arguments: &[&str]) -> bool {
    let runs = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !runs {
        let reason = format!("{} {} does not run", program.display(), arguments.join(" "));
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{reason}");
        // Printed past the test's capture.
        let mut printed = std::io::stderr();
        writeln!(printed, "SKIPPED {test}: {reason}").unwrap();
    }
    runs
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Files for a program to read.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn openssl(arguments: &[&OsStr]) -> Output {
    Command::new("openssl").args(arguments).output().unwrap()
}

/// Asserts that `openssl` takes a signature over a text, and not over another.
fn check_signature(key: &str, text: &str, signature: &[u8]) {
    let files = Files::new();
    let (key, signature) = (files.write("key.pem", key), files.write("signature", signature));
    for (text, verified) in [(text.to_owned(), true), (text.replace('0', "1"), false)] {
        let text = files.write("text", text);
        let arguments = ["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"].map(OsStr::new);
        let files = [key.as_os_str(), "-in".as_ref(), text.as_os_str(), "-sigfile".as_ref(), signature.as_os_str()];
        let output = openssl(&[&arguments[..], &files].concat());
        assert_eq!(output.status.success(), verified, "{}", told(&output));
    }
}

#[test]
fn openssl_verifies_what_the_log_and_its_cosigner_signed() {
    if !is_there("openssl_verifies_what_the_log_and_its_cosigner_signed", "openssl".as_ref(), &["version"]) {
        return;
    }
    let sample = Sample::new(1, 200);
    let (checkpoint, note) = (sample.checkpoint(200), sample.note(200));
    assert_eq!(checkpoint.to_string(), note.text());
    let [log, cosigner] = note.signatures() else { panic!("two signatures") };
    check_signature(&log_key().verifier().to_pem().unwrap(), note.text(), log.signature());
    let (time, signature) = cosigner.signature().split_at(8);
    assert_eq!(time, SEEN_AT.to_be_bytes());
    let cosigned = format!("cosignature/v1\ntime {SEEN_AT}\n{}", note.text());
    check_signature(&cosigning_key().verifier().to_pem().unwrap(), &cosigned, signature);
}

#[test]
fn openssl_derives_the_public_key_of_receipts_from_the_private_one() {
    if !is_there("openssl_derives_the_public_key_of_receipts", "openssl".as_ref(), &["version"]) {
        return;
    }
    let files = Files::new();
    let private = files.write("key.pem", receipt_key().to_private_pem().as_bytes());
    let output = openssl(&["pkey".as_ref(), "-in".as_ref(), private.as_os_str(), "-pubout".as_ref()]);
    assert_eq!(told(&output), receipt_key().verifier().to_string());
}

#[test]
fn openssl_verifies_the_token_of_a_time_stamp_as_it_is_taken_out() {
    if !is_there("openssl_verifies_the_token_of_a_time_stamp", "openssl".as_ref(), &["version"]) {
        return;
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = fs::read_to_string(fixtures.join("checkpoint.txt")).unwrap();
    let checkpoint: Checkpoint = text.parse().unwrap();
    let request = TimestampRequest::from_der(&fs::read(fixtures.join("checkpoint.tsq")).unwrap()).unwrap();
    let reply = TimestampReply::from_der(&fs::read(fixtures.join("checkpoint.tsr")).unwrap()).unwrap();
    let files = Files::new();
    let token = files.write("token", &reply.stamp_for(&request).unwrap().token);
    for (text, verified) in [(checkpoint.to_string(), true), (checkpoint.to_string().replace('0', "1"), false)] {
        let text = files.write("text", text);
        let authority = fixtures.join("authority.crt");
        let arguments = ["ts", "-verify", "-attime", FIXTURES_HOLD_AT, "-token_in", "-in"].map(OsStr::new);
        let named = [token.as_os_str(), "-data".as_ref(), text.as_os_str(), "-CAfile".as_ref(), authority.as_os_str()];
        let output = openssl(&[&arguments[..], &named].concat());
        assert_eq!(output.status.success(), verified, "{}", told(&output));
    }
}

#[test]
fn scitt_cose_takes_a_receipt_for_its_entry_and_for_no_other() {
    let test = "scitt_cose_takes_a_receipt_for_its_entry_and_for_no_other";
    if !is_there(test, &python(), &["-c", "import scitt_cose"]) {
        return;
    }
    let files = Files::new();
    let key = files.write("key.pem", receipt_key().verifier().to_string());
    for (size, index) in [(1, 0), (2, 1), (7, 6), (300, 7)] {
        let sample = Sample::new(size, size);
        let path = sample.inclusion_path(index, size);
        let receipt = receipt_key().inclusion(&sample.checkpoint(size), "entries", index, path).unwrap();
        let receipt = files.write("receipt.cose", receipt.as_bytes());
        for (entry, taken) in [(sample.entry(index), true), (&b"another"[..], false)] {
            let output = Command::new(python())
                .args(["-m", "scitt_cose.cli", "--receipt"])
                .arg(&receipt)
                .arg("--receipt-log-pubkey")
                .arg(&key)
                .arg("--leaf-entry-hex")
                .arg(entry.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
                .output()
                .unwrap();
            assert_eq!(output.status.success(), taken, "{index} of {size}: {}", told(&output));
            let root = sample.root(size).to_string();
            assert_eq!(told(&output).contains("ok             : True"), taken, "{}", told(&output));
            assert!(!taken || told(&output).contains(&root), "{}", told(&output));
        }
    }
}
