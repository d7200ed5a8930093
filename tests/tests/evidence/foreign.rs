//! Programs that are not ours check packs: the commands of the README as they stand, and `sqlite3` the answers of many.
//!
//! Where they are not installed a test is skipped and says so, except in CI, where it fails.

use std::fs;
use std::process::Command;

use ofrecord_acceptance::programs::{left_out, told};
use ofrecord_acceptance::signed::{TODAY, ended};
use ofrecord_acceptance::stage::Stage;
use ofrecord_ledger::evidence::{Files, from_zip};
use ofrecord_testkit::random::seeds;
use serde_json::json;
use tempfile::TempDir;

use super::{CUSTOMER, RESELLER, STRANGER, Told, small};

/// Whether a program runs; a test that is skipped must not look like one that passed.
fn is_there(test: &str, shell: &str) -> bool {
    let runs = Command::new("bash").args(["-c", shell]).output().is_ok_and(|output| output.status.success());
    if !runs {
        left_out(test, &format!("`{shell}` does not run"));
    }
    runs
}

fn unpack(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// The answers that `sqlite3` makes too.
const ANSWERS: [&str; 5] = ["resellers", "relationships", "delegated", "owners", "partners_of_record"];

/// Asserts that `sqlite3` makes the same answers of a pack out of its entries.
#[track_caller]
fn sqlite_agrees(files: &Files, about: &dyn std::fmt::Debug) {
    let folder = unpack(files);
    let questions: String = ANSWERS.iter().map(|name| format!("SELECT line FROM {name}_csv;")).collect();
    let output = Command::new("sqlite3")
        .args(["-init", "fold.sql", "-batch", ":memory:", &questions])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let ours: Vec<u8> =
        ANSWERS.iter().flat_map(|name| files.get(&format!("answers/{name}.csv")).unwrap().clone()).collect();
    assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&output.stdout), "{about:?}");
}

#[test]
fn sqlite_makes_the_same_resellers_and_owners_of_generated_histories() {
    if !is_there("sqlite_makes_the_same_resellers_and_owners_of_generated_histories", "sqlite3 --version") {
        return;
    }
    let (mut resellers, mut relationships, mut delegated) = (0, 0, 0);
    let (mut owners, mut records, mut corrections) = (0, 0, 0);
    for seed in seeds(101, 2) {
        Told::of(seed, 500).each_pack(&mut |asked, files| {
            sqlite_agrees(files, &(seed, asked.customer, asked.as_of, asked.snapshot.basis.tree_size));
            let rows = |name: &str| files.get(name).unwrap().iter().filter(|byte| **byte == b'\n').count() - 1;
            corrections += rows_with(files, "EventCorrected");
            resellers += rows("answers/resellers.csv");
            delegated += rows("answers/delegated.csv");
            records += rows("answers/partners_of_record.csv");
            relationships += rows("answers/relationships.csv");
            owners += rows("answers/owners.csv");
        });
    }
    assert!(resellers > 50 && owners > 20 && corrections > 10, "{resellers} {owners} {corrections}");
    assert!(records > 20 && delegated > 20, "{records} {delegated}");
    assert!(relationships > resellers + 20, "{relationships}, of which {resellers} stand");
}

/// How many entries of a pack have a word in them.
fn rows_with(files: &Files, word: &str) -> usize {
    String::from_utf8_lossy(files.get("entries.jsonl").unwrap()).lines().filter(|line| line.contains(word)).count()
}

/// Takes packs of the customers of a ledger as of an instant, by one state of knowledge.
fn of_customers(stage: &Stage, clock: &[&str], as_of: &str, most: usize) {
    let said = |arguments: &[&str]| {
        let ran = stage.ran(&[arguments, clock].concat(), b"");
        let said = ran.stdout.clone();
        ran.must_exit(0);
        said
    };
    let entries = said(&["export"]);
    let mut customers: Vec<&str> = entries
        .match_indices("\"stream\":\"customer/")
        .filter_map(|(at, found)| entries.get(at + found.len()..at + found.len() + 36))
        .collect();
    customers.sort_unstable();
    customers.dedup();
    assert!(!customers.is_empty());
    let known = format!("@{}", entries.lines().count());
    for customer in customers.into_iter().take(most) {
        said(&["evidence", customer, "-o", "pack.zip", "--quiet", "--as-of", as_of, "--known-at", &known]);
        let files = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
        sqlite_agrees(&files, &(customer, as_of));
    }
}

#[test]
fn sqlite_makes_the_same_resellers_and_owners_of_the_stories() {
    if !is_there("sqlite_makes_the_same_resellers_and_owners_of_the_stories", "sqlite3 --version") {
        return;
    }
    for stage in [Stage::with_story(), Stage::with_worldwide_story(), Stage::with_transfers()] {
        for as_of in ["2019-01-01", "2024-06-01", "2026-01-01"] {
            of_customers(&stage, &["--clock", TODAY], as_of, usize::MAX);
        }
    }
}

#[test]
fn sqlite_makes_the_same_partners_of_record_of_every_kind() {
    if !is_there("sqlite_makes_the_same_partners_of_record_of_every_kind", "sqlite3 --version") {
        return;
    }
    let stage = Stage::with_transfers();
    let (customer, subscription) = ("cccccccc-0000-4000-8000-000000000021", "5ab5c81b-0000-4000-8000-000000000031");
    let says = |number: u32, event: serde_json::Value| {
        let hash = format!("{number:064x}");
        let evidence = json!([{"source": "manual", "record_id": hash, "raw_hash": hash, "completeness": "full"}]);
        let line = json!({
            "command_id": format!("c0000000-0000-4000-8000-0000000009{number:02}"), "actor": {"kind": "importer"},
            "customer": customer, "evidence": evidence,
            "command": {"type": "RecordObservation", "events": [event]},
        });
        stage.ran(&["submit", "--clock", TODAY, "--quiet"], format!("{line}\n").as_bytes()).must_exit(0);
    };
    for (number, (kind, partner_id)) in (1..).zip([
        ("DigitalPartnerOfRecordSet", "4847383"),
        ("PartnerAdminLinked", "5100200"),
        ("ResellerOfRecordChanged", "5100200"),
    ]) {
        says(number, json!({"type": kind, "subscription": subscription, "after": partner_id}));
    }
    for (number, (kind, workload, partner_id)) in (11..).zip([
        ("CporClaimApproved", "a \"quoted\", word", "5100200"),
        ("CporClaimApproved", "a", "5100200"),
        ("CporClaimRejected", "a", "4847383"),
        ("CporClaimRejected", "Teams", "5100200"),
        ("CporClaimRejected", "never approved", "5100200"),
    ]) {
        let claim = json!({"subscription": subscription, "workload": workload, "partner_id": partner_id, "type": kind});
        says(number, claim);
    }
    ended(&stage, &["evidence", customer, "-o", "pack.zip"], 0);
    let files = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
    sqlite_agrees(&files, &customer);
    let rows = String::from_utf8(files.get("answers/partners_of_record.csv").unwrap().clone()).unwrap();
    for row in [
        "reseller_of_record,\"\",\"5100200\",",
        "dpor,\"\",\"4847383\",",
        "pal,\"\",\"5100200\",",
        "cpor,\"a \"\"quoted\"\", word\",\"5100200\",",
        "cpor,\"a\",\"5100200\",",
        "cpor,\"Teams\",\"\",",
    ] {
        assert!(rows.contains(&format!("{subscription},{row}")), "{row} in {rows}");
    }
    assert!(!rows.contains("never approved"), "{rows}");
}

#[test]
fn sqlite_makes_the_same_resellers_and_owners_of_the_market_of_the_demo() {
    if !is_there("sqlite_makes_the_same_resellers_and_owners_of_the_market_of_the_demo", "sqlite3 --version") {
        return;
    }
    let stage = Stage::empty();
    stage.ran(&["demo", "--customers", "20", "--dir", "ledger", "--quiet"], b"").must_exit(0);
    stage.ran(&["key", "create"], b"").must_exit(0);
    for as_of in ["2021-06-01", "2025-06-01"] {
        of_customers(&stage, &[], as_of, 20);
    }
}

#[test]
fn the_commands_of_the_readme_check_the_pack_as_they_stand() {
    let tools = "openssl version && sqlite3 --version && xxd -v && sha256sum --version && base64 --version \
                 && go version && test -d /usr/share/gocode/src/golang.org/x/mod/sumdb";
    if !is_there("the_commands_of_the_readme_check_the_pack_as_they_stand", tools) {
        return;
    }
    let stage = Stage::with_story();
    let signed = ended(&stage, &["checkpoint", "--quiet"], 0).lines().nth(1).unwrap().to_owned();
    let arguments = ["-o", "pack.zip", "--since", &signed, "--never", STRANGER, "--as-of", "2025-01-01"];
    ended(&stage, &[&["evidence", CUSTOMER][..], &arguments].concat(), 0);
    let story = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
    for files in [story, small().1] {
        let right = by_the_readme(&files);
        let [entries, keys] = ["entries.jsonl", "keys.jsonl"]
            .map(|name| files.get(name).unwrap().iter().filter(|byte| **byte == b'\n').count());
        assert!(right.contains("Signature Verified Successfully"), "{right}");
        assert_eq!(right.matches(" is in the log\n").count(), entries + keys, "{right}");
        assert!(
            right.contains(&format!("manifest: these are the {} files of the pack, and all", files.len())),
            "{right}"
        );
        assert!(right.contains(&format!("inclusion: {} entries are in it", entries + keys)), "{right}");
        assert!(right.contains("and these are all\nabsence: 1 partners"), "{right}");
        let mut without = files.clone();
        without.retain(|name, _| !name.starts_with("absence/"));
        let told = by_the_readme(&without);
        assert!(told.contains("does not hold: absence/"), "{told}");
        let never = files.keys().find(|name| name.starts_with("absence/")).unwrap().as_str();
        assert!(
            right.contains(
                "resellers: the same\nrelationships: the same\ndelegated: the same\nowners: the same\npartners_of_record: the same\n"
            ),
            "{right}"
        );
        for (name, from, to, said) in [
            ("checkpoint", "\n\n", "1\n\n", "ignature Verification Failure"),
            ("entries.jsonl", "\"kind\":\"", "\"kind\":\"x", "IS NOT IN THE LOG"),
            ("completeness.json", "\"count\":", "\"count\":1", "does not hold"),
            (never, "\"key\":\"", "\"key\":\"x", "does not hold"),
            ("answers/owners.csv", "subscription", "x", "differ"),
        ] {
            let mut changed = files.clone();
            let text = String::from_utf8(changed.get(name).unwrap().clone()).unwrap();
            // In a ledger without any relationship there is no neighbour to change; the story has some.
            if name == never && !text.contains(from) {
                continue;
            }
            changed.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
            let told = by_the_readme(&changed);
            assert!(told.contains(said), "{name}: {told}");
        }
    }
}

#[test]
fn the_commands_of_the_readme_check_the_pack_of_a_partner_too() {
    let tools = "openssl version && xxd -v && go version && test -d /usr/share/gocode/src/golang.org/x/mod/sumdb";
    if !is_there("the_commands_of_the_readme_check_the_pack_of_a_partner_too", tools) {
        return;
    }
    let stage = Stage::with_story();
    ended(&stage, &["evidence", "--partner", RESELLER, "-o", "pack.zip"], 0);
    let files = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
    let right = by_the_readme(&files);
    assert!(right.contains("Signature Verified Successfully") && right.contains("manifest: these are"), "{right}");
    assert!(right.contains(&format!("completeness: partner/{RESELLER} has")), "{right}");
    assert!(!right.contains("sqlite") && !right.contains("IS NOT"), "{right}");
}

/// What the indented lines of the README print, whatever becomes of each.
fn by_the_readme(files: &Files) -> String {
    let folder = unpack(files);
    let readme = String::from_utf8(files.get("README.txt").unwrap().clone()).unwrap();
    let commands: String =
        readme.lines().filter_map(|line| line.strip_prefix("    ")).flat_map(|line| [line, "\n"]).collect();
    let output = Command::new("bash").args(["-c", &commands]).current_dir(folder.path()).output().unwrap();
    told(&output)
}
