//! Proofs as an operator makes them and an auditor checks them: what holds, what does not, and what is never said.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;

use ofrecord_acceptance::signed::{self, TODAY, copy, grow, keys, said};
use ofrecord_acceptance::stage::Stage;
use serde_json::Value;

/// A ledger of seven entries, its key and six customers, with checkpoints of size 1 and 7.
fn signed() -> Stage {
    let stage = Stage::with_ledger();
    said(&stage, &["checkpoint"]);
    grow(&stage, 0..6);
    said(&stage, &["checkpoint"]);
    stage
}

/// Makes a file of the folder by a command, and gives its name back.
fn made<'a>(stage: &Stage, name: &'a str, arguments: &[&str]) -> &'a str {
    said(stage, &[arguments, &["-o", name]].concat());
    name
}

/// Checks files with the keys of the ledger, and gives what was said of each.
fn checked(stage: &Stage, arguments: &[&str], code: i32) -> Vec<Value> {
    let keys = keys(stage);
    let mut all = vec!["check", "--format", "json", "--ledger", "nowhere"];
    keys.iter().for_each(|key| all.extend(["--key", key]));
    all.extend(arguments);
    let ran = stage.ran(&all, b"");
    assert_eq!(ran.code, Some(code), "{}", ran.shown());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Checks one file, and gives the sentence that says what is proven, or what is wrong with it.
fn sentence(stage: &Stage, arguments: &[&str], code: i32) -> String {
    let checked = checked(stage, arguments, code);
    match checked[0].get("problem") {
        Some(problem) => problem.as_str().unwrap().to_owned(),
        None => checked[0]["proven"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned(),
    }
}

fn refused(stage: &Stage, arguments: &[&str], code: i32, said: &str) {
    let ran = stage.ran(&[arguments, &["--clock", TODAY]].concat(), b"");
    assert!(ran.stderr.contains(said), "{}", ran.shown());
    ran.must_exit(code);
}

#[test]
fn what_is_not_covered_or_not_kept_is_not_proven() {
    let stage = signed();
    refused(&stage, &["prove", "7"], 2, "position 7 is beyond the 7 entries");
    refused(&stage, &["prove", "--since", "8"], 2, "size 8 is beyond the 7 entries");
    refused(&stage, &["prove", "1", "--size", "1"], 2, "position 1 is beyond the 1 entries");
    refused(&stage, &["prove", "1", "--size", "3"], 2, "none of that size is kept");
    refused(&stage, &["prove"], 2, "required");
    refused(&stage, &["checkpoint", "--size", "3"], 2, "none of that size is kept");
    fs::remove_dir_all(stage.folder().join("ledger.keys")).unwrap();
    assert!(said(&stage, &["prove", "6"]).contains("index 6"), "the checkpoint that is kept will do");
    refused(&stage, &["prove", "6", "--cose"], 2, "no folder of keys");
    grow(&stage, 6..7);
    refused(&stage, &["prove", "7"], 2, "no folder of keys");
}

#[test]
fn an_entry_is_shown_to_be_in_the_log_with_the_proof_alone() {
    let stage = signed();
    for position in 0..7 {
        let place = position.to_string();
        let proof = made(&stage, "proof", &["prove", &place, "--with-entry"]);
        let shown = format!("stands at position {position} of these 7");
        assert!(sentence(&stage, &[proof], 0).contains(&shown));
        let proof = made(&stage, "proof", &["prove", &place]);
        assert!(sentence(&stage, &[proof], 2).contains("give that with --entry"));
        let next = (position + 1).to_string();
        let entry = made(&stage, "entry", &["export", "--from", &place, "--to", &next]);
        assert!(sentence(&stage, &[proof, "--entry", entry], 0).contains(&shown));
    }
    assert_eq!(said(&stage, &["prove", "3"]), said(&stage, &["prove", "3", "--size", "7"]));
    // Seven entries, as many proofs that carry one, as many exports, and two customers.
    grow(&stage, 6..8);
    assert!(said(&stage, &["prove", "6"]).contains("\n7\n"), "the newest that is kept");
    assert!(said(&stage, &["prove", "7"]).contains("\n23\n"), "a new one where none covers it");
    assert!(said(&stage, &["prove", "0", "--size", "1"]).contains("\n1\n"), "the one that is kept of that size");
    let open = &checked(&stage, &["proof", "--entry", "entry"], 0)[0]["not_proven"];
    for said in ["no witness", "when it was signed", "who holds the keys", "the ledger's own word", "no other entry"] {
        assert!(open.to_string().contains(said), "{open}");
    }
}

#[test]
fn a_log_is_shown_to_begin_with_what_was_known_before() {
    let stage = signed();
    let proof = made(&stage, "since", &["prove", "--since", "0"]);
    assert!(sentence(&stage, &[proof], 0).contains("the log of 7 entries begins with the 0 entries"));
    let proof = made(&stage, "since", &["prove", "--since", "5"]);
    assert!(sentence(&stage, &[proof], 2).contains("give the checkpoint of that size with --old"));
    grow(&stage, 6..20);
    stage.write("old", said(&stage, &["checkpoint", "--size", "7"]));
    said(&stage, &["checkpoint"]);
    let proof = made(&stage, "since", &["prove", "--since", "7"]);
    let shown = "the log of 21 entries begins with the 7 entries";
    assert!(sentence(&stage, &[proof, "--old", "old"], 0).contains(shown));
    assert!(sentence(&stage, &[proof, "old"], 0).contains(shown), "any of the files may be the older one");
    let other = made(&stage, "other", &["prove", "--since", "5"]);
    assert!(sentence(&stage, &[other, "--old", "old"], 4).contains("begins at size 5, not at 7"));
}

#[test]
fn a_receipt_holds_with_the_checkpoint_of_its_size_and_its_own_key() {
    let stage = signed();
    let receipt = made(&stage, "receipt", &["prove", "3", "--cose"]);
    let entry = made(&stage, "entry", &["export", "--from", "3", "--to", "4"]);
    stage.write("head", said(&stage, &["checkpoint", "--size", "7"]));
    stage.write("receipts.pem", said(&stage, &["key", "--receipts"]));
    let key = ["--receipt-key", "receipts.pem"];
    let all = [&[receipt, "head", "--entry", entry], &key[..]].concat();
    assert!(sentence(&stage, &all, 0).contains("stands at position 3 of these 7"));
    assert!(sentence(&stage, &[receipt, "head", "--entry", entry], 2).contains("--receipt-key"));
    assert!(sentence(&stage, &[&[receipt, "--entry", entry], &key[..]].concat(), 2).contains("checkpoint of size 7"));
    assert!(sentence(&stage, &[&[receipt, "head"], &key[..]].concat(), 2).contains("--entry"));
    let another = made(&stage, "another", &["export", "--from", "4", "--to", "5"]);
    sentence(&stage, &[&[receipt, "head", "--entry", another], &key[..]].concat(), 4);
    let since = made(&stage, "since", &["prove", "--since", "1", "--cose"]);
    stage.write("old", said(&stage, &["checkpoint", "--size", "1"]));
    let all = [&[since, "head", "--old", "old"], &key[..]].concat();
    assert!(sentence(&stage, &all, 0).contains("begins with the 1 entries"));

    let told: Value = serde_json::from_str(&said(&stage, &["key", "--receipts", "--format", "json"])).unwrap();
    assert_eq!(told["pem"].as_str().unwrap(), said(&stage, &["key", "--receipts"]), "the key is made once");
    assert_eq!(told["jwk"]["crv"], "Ed25519");
    let named = format!("receipts-{}.key", &told["id"].as_str().unwrap()[..8]);
    assert!(stage.folder().join("ledger.keys").join(named).is_file());
    assert_eq!(keys(&stage).len(), 1, "a key of receipts signs no checkpoints");
}

#[test]
fn a_file_that_was_spoiled_or_signed_by_another_does_not_hold() {
    let stage = signed();
    let proof = made(&stage, "proof", &["prove", "3", "--with-entry"]);
    let sound = fs::read_to_string(stage.folder().join(proof)).unwrap();
    let another = "example.cn/ledger+0e20988b+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    for (spoiled, code) in [
        (sound.replace("index 3", "index 2"), 4),
        (sound.replace("\n7\n", "\n6\n"), 4),
        (sound.replace("extra e", "extra f"), 4),
        (sound.replace("index 3", "index 03"), 2),
        (sound.replace("tlog-proof@v1", "tlog-proof@v2"), 2),
        (sound.lines().take(3).collect(), 2),
        (String::new(), 2),
    ] {
        assert_ne!(spoiled, sound);
        stage.write("spoiled", spoiled);
        checked(&stage, &["spoiled"], code);
    }
    let ran = stage.ran(&["check", proof, "--key", another], b"");
    assert!(ran.stderr.contains("--key"), "a key whose id is not its own is none: {}", ran.shown());
    ran.must_exit(2);
    let unknown = Stage::empty();
    unknown.ran(&["init", "--origin", "example.cn/unknown", "--clock", "2018-01-01"], b"").must_exit(0);
    said(&unknown, &["checkpoint"]);
    unknown.write("proof", sound);
    let problem = sentence(&unknown, &["proof"], 4);
    assert!(problem.contains("no known key has signed"), "{problem}");
}

#[test]
fn two_histories_of_one_size_are_told_apart_by_whoever_has_both() {
    let stage = signed();
    let (ledger, other) = (stage.folder().join("ledger"), stage.folder().join("other"));
    copy(&ledger, &other);
    copy(&stage.folder().join("ledger.keys"), &stage.folder().join("other.keys"));
    grow(&stage, 6..8);
    stage.write("one", said(&stage, &["checkpoint"]));
    let lines = [signed::register(8), signed::register(9)].concat();
    stage.ran(&["submit", "--quiet", "--clock", TODAY, "--ledger", "other"], lines.as_bytes()).must_exit(0);
    stage.write("two", said(&stage, &["checkpoint", "--ledger", "other"]));
    for alone in ["one", "two"] {
        checked(&stage, &[alone], 0);
    }
    let told = checked(&stage, &["one", "two"], 4);
    for one in &told {
        assert!(one["problem"].as_str().unwrap().contains("two histories"), "{one}");
        assert_eq!(one["proven"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn what_was_signed_before_a_loss_is_not_what_is_proven_under() {
    let stage = signed();
    let (ledger, old) = (stage.folder().join("ledger"), stage.folder().join("old"));
    copy(&ledger, &old);
    grow(&stage, 6..9);
    said(&stage, &["checkpoint"]);
    // The entries are those of the copy, the checkpoints those of what was lost.
    fs::remove_dir_all(old.join("checkpoints")).unwrap();
    fs::rename(ledger.join("checkpoints"), old.join("checkpoints")).unwrap();
    fs::remove_dir_all(&ledger).unwrap();
    fs::rename(&old, &ledger).unwrap();
    refused(&stage, &["prove", "6", "--size", "10"], 1, "old copy was put back");
    said(&stage, &["epoch", "--reason", "the disk failed"]);
    let proof = made(&stage, "proof", &["prove", "6", "--with-entry"]);
    let text = fs::read_to_string(stage.folder().join(proof)).unwrap();
    assert!(text.contains("/e2\n10\n"), "{text}");
    checked(&stage, &[proof], 0);
}

#[test]
fn proven_receipts_carry_proofs_that_hold_and_durable_ones_none() {
    let stage = Stage::with_ledger();
    let submit = |extra: &[&str], lines: &str, code: i32| -> Vec<Value> {
        let ran = stage.ran(&[&["submit", "--quiet", "--clock", TODAY], extra].concat(), lines.as_bytes());
        assert_eq!(ran.code, Some(code), "{}", ran.shown());
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let lines: String = (0..9).map(signed::register).collect();
    let durable = submit(&[], &lines, 0);
    assert!(durable.iter().all(|receipt| receipt.get("proof").is_none()));
    let reused = signed::register(1).replace("Customer 1", "Another");
    let lines: String = (5..40).map(signed::register).chain([reused, "{}\n".to_owned()]).collect();
    let proven = submit(&["--receipts", "proven"], &lines, 2);
    assert_eq!(proven.len(), 37);
    for receipt in proven[..35].iter().step_by(7) {
        let (position, proof) = (receipt["position"].as_u64().unwrap(), receipt["proof"].as_str().unwrap());
        stage.write("proof", proof);
        let (from, to) = (position.to_string(), (position + 1).to_string());
        let entry = made(&stage, "entry", &["export", "--from", &from, "--to", &to]);
        checked(&stage, &["proof", "--entry", entry], 0);
    }
    assert!(proven[..35].iter().all(|receipt| receipt.get("proof").is_some()));
    assert_eq!(proven[0]["outcome"], "repeated");
    for (receipt, outcome) in proven[35..].iter().zip(["conflict", "invalid"]) {
        assert_eq!((&receipt["outcome"], receipt.get("proof")), (&Value::from(outcome), None));
    }
    // Nine, the key, and thirty-one that were new: the last checkpoint is kept.
    assert!(said(&stage, &["checkpoint", "--newest"]).contains("\n41\n"));
    fs::remove_dir_all(stage.folder().join("ledger.keys")).unwrap();
    refused(&stage, &["submit", "--receipts", "proven"], 2, "no folder of keys");
}
