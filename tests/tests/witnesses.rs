//! Witnesses as an operator meets them: over HTTP and in a folder, and what they say of a ledger that lost entries.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::signed::{TODAY, copy, grow, keys, said};
use ofrecord_acceptance::stage::Stage;

/// A ledger of five entries with a checkpoint, and its key.
fn signed() -> (Stage, String) {
    let stage = Stage::with_ledger();
    said(&stage, &["checkpoint"]);
    grow(&stage, 0..4);
    said(&stage, &["checkpoint"]);
    let [key] = keys(&stage).try_into().unwrap();
    (stage, key)
}

/// Makes a witness of the ledger in a folder, and gives its key.
fn witness(stage: &Stage, folder: &str, log: &str) -> String {
    let name = format!("witness.example/{folder}");
    said(stage, &["witness", "init", folder, "--name", &name, "--log", log]).trim().to_owned()
}

fn refused(stage: &Stage, arguments: &[&str], code: i32, said: &str) {
    let ran = stage.ran(&[arguments, &["--clock", TODAY]].concat(), b"");
    assert!(ran.stderr.contains(said), "{}", ran.shown());
    ran.must_exit(code);
}

#[test]
fn a_witness_over_http_answers_with_the_statuses_of_the_specification() {
    let (stage, key) = signed();
    witness(&stage, "w", &key);
    let serving = Serving::start(&stage, "w");
    let request = said(&stage, &["prove", "--since", "0"]);
    let later = said(&stage, &["prove", "--since", "1"]);
    let long = "x".repeat(9_000);
    for (answer, status) in [
        (serving.answer(b"GET /add-checkpoint HTTP/1.1\r\n\r\n"), "405"),
        (serving.answer(b"POST /other HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), "404"),
        (serving.answer(b"POST /add-checkpoint HTTP/1.1\r\n\r\n"), "411"),
        (serving.answer(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"), "411"),
        (serving.answer(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n"), "413"),
        (serving.answer(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: x\r\n\r\n"), "400"),
        (serving.answer(format!("POST /add-checkpoint HTTP/1.1\r\nx: {long}\r\n\r\n").as_bytes()), "431"),
        (serving.posted("old 0\n"), "400"),
        (serving.posted(&request.replace("example.cn/ledger\n", "example.cn/other\n")), "404"),
        (serving.posted(&request.replace("\n5\n", "\n6\n")), "403"),
        (serving.posted(&later), "409"),
        (serving.posted(&request), "200"),
        (serving.posted(&request), "409"),
    ] {
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "expected {status}: {answer}");
    }
    let conflict = serving.posted(&later);
    assert!(conflict.contains("Content-Type: text/x.tlog.size") && conflict.ends_with("\r\n\r\n5\n"), "{conflict}");
}

#[test]
fn cosignatures_are_kept_with_the_checkpoint_and_reach_the_quorum_of_a_policy() {
    let (stage, key) = signed();
    let (one, two) = (witness(&stage, "w1", &key), witness(&stage, "w2", &key));
    stage.write("policy", format!("log {key}\nwitness a {one}\nwitness b {two}\ngroup both all a b\nquorum both\n"));
    stage.write("entry", said(&stage, &["export", "--from", "2", "--to", "3"]));
    said(&stage, &["checkpoint"]);
    let proof = |name: &str| {
        said(&stage, &["prove", "2", "-o", name]);
        stage.ran(&["check", name, "--entry", "entry", "--policy", "policy"], b"")
    };
    let serving = Serving::start(&stage, "w1");
    proof("none").must_exit(4);
    assert!(said(&stage, &["cosign", "--witness", &serving.url, "--key", &one]).starts_with("— witness.example/w1 "));
    let ran = proof("half");
    assert!(ran.stdout.contains("are not the quorum both"), "{}", ran.shown());
    ran.must_exit(4);
    said(&stage, &["cosign", "--witness", "w2"]);
    let ran = proof("both");
    for told in ["cosigned by witness.example/w1", "cosigned by witness.example/w2", "everybody whom the policy asks"] {
        assert!(ran.stdout.contains(told), "{}", ran.shown());
    }
    ran.must_exit(0);
    assert_eq!(said(&stage, &["checkpoint"]).lines().count(), 7, "signing the same again keeps what others added");
    grow(&stage, 4..9);
    assert_eq!(said(&stage, &["checkpoint"]).lines().count(), 5);
    said(&stage, &["cosign", "--witness", &serving.url, "--key", &one]);
    assert_eq!(said(&stage, &["checkpoint", "--newest"]).lines().count(), 6);
    refused(&stage, &["cosign", "--witness", &serving.url, "--key", &two], 1, "no known key has signed");
    refused(&stage, &["cosign", "--witness", "http://127.0.0.1:1"], 1, "ask http://127.0.0.1:1");
    refused(&stage, &["cosign", "--witness", "nowhere"], 1, "nowhere");
}

#[test]
fn a_witness_knows_of_entries_that_a_ledger_without_its_memory_has_lost() {
    let (stage, key) = signed();
    witness(&stage, "w", &key);
    let (ledger, old) = (stage.folder().join("ledger"), stage.folder().join("old"));
    copy(&ledger, &old);
    copy(&stage.folder().join("ledger.keys"), &stage.folder().join("old.keys"));
    grow(&stage, 4..8);
    said(&stage, &["checkpoint"]);
    said(&stage, &["cosign", "--witness", "w"]);
    // Even the memory of what was signed was put back.
    let of_old = |arguments: &[&'static str]| [arguments, &["--ledger", "old"]].concat();
    refused(&stage, &of_old(&["cosign", "--witness", "w"]), 4, "the witness has seen size 9");
    for number in 20..24 {
        let line = ofrecord_acceptance::signed::register(number);
        let ran = stage.ran(&of_old(&["submit", "--quiet", "--clock", TODAY]), line.as_bytes());
        ran.must_exit(0);
    }
    said(&stage, &of_old(&["checkpoint"]));
    refused(&stage, &of_old(&["cosign", "--witness", "w"]), 4, "another history");
    let request = said(&stage, &of_old(&["prove", "--since", "5"]));
    let ran = stage.ran(&["witness", "add", "w", "--clock", TODAY], request.as_bytes());
    assert_eq!(ran.stdout, "9\n");
    ran.must_exit(4);
    fs::remove_file(stage.folder().join("w/cosigned.json")).unwrap();
    refused(&stage, &["witness", "add", "w"], 1, "cosigned.json");
}
