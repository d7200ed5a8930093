//! Certificates: what they say against the views, that they come out the same again, and whose word they are.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints its seed")]

use std::fs;

use ofrecord_acceptance::signed::{copy, ended};
use ofrecord_acceptance::stage::Stage;
use ofrecord_core::CustomerId;
use ofrecord_ledger::certificate::{AllFourLines, Body, FourLinesBody, check, to_bytes};
use ofrecord_ledger::{KnownAt, Reader};
use ofrecord_log::{Hash, MemoryLog};
use ofrecord_proof::certificate::Certificate;
use ofrecord_proof::note::{SigningKey, VerifierKey};
use ofrecord_testkit::Running;
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_views::{canonical_bytes, interference};
use serde_json::{Value, json};

const ORIGIN: &str = "ofrecord.test/certify";

fn told(seed: u64, commands: usize) -> Running {
    println!("seed {seed}");
    let running = Running::over(Box::new(MemoryLog::new(ORIGIN)), cloud_of(seed)).unwrap();
    drafts(seed, Range::Everything, commands).iter().for_each(|draft| drop(running.hear_draft(draft)));
    running
}

fn customers(reader: &Reader) -> Vec<CustomerId> {
    let mut found = Vec::new();
    reader
        .customers(&mut |customer| {
            found.push(customer);
            Ok(())
        })
        .unwrap();
    found
}

fn body(reader: &Reader, customer: CustomerId, size: u64) -> FourLinesBody {
    let snapshot = reader.snapshot(KnownAt::TreeSize(size)).unwrap();
    let record = reader.customer(customer, &snapshot).unwrap();
    FourLinesBody::of(&record, &snapshot.basis, reader.log().as_ref()).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[7; 32])
}

/// A certificate of a body, signed whatever the body says.
fn signed(body: &Value) -> Vec<u8> {
    let text = |pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap();
    let size = body.pointer("/basis/tree_size").unwrap().as_u64().unwrap();
    let root = text("/basis/root").parse().unwrap();
    let certificate = Certificate::new(text("/kind"), ORIGIN, (size, root), Hash::of(&canonical_bytes(body))).unwrap();
    let note = key().sign(&certificate.to_string()).unwrap().to_string();
    to_bytes(&json!({"body": body, "note": note}))
}

fn checked(body: &Value) -> Result<Vec<String>, String> {
    check(&signed(body), &[key().verifier()]).map(|checked| checked.found).map_err(|error| error.to_string())
}

#[test]
fn what_is_certified_is_what_the_check_of_interference_finds() {
    for seed in seeds(61, 3) {
        let running = told(seed, 200);
        let reader = running.reader();
        let size = reader.log().tree_size();
        let mut all = AllFourLines::default();
        let mut lines = Vec::new();
        for customer in customers(&reader) {
            for size in [size / 2, size] {
                let Ok((record, _)) = running.record(customer, KnownAt::TreeSize(size)) else { continue };
                let body = body(&reader, customer, size);
                let found = interference(&record, size);
                assert_eq!((body.events(), body.holds()), (found.events.len() as u64, found.holds()));
                let value = serde_json::to_value(&body).unwrap();
                let event = |index: usize, field: &str| value.pointer(&format!("/events/{index}/{field}")).cloned();
                for (index, row) in found.events.iter().enumerate() {
                    assert_eq!(event(index, "before") == event(index, "after"), row.unchanged);
                    assert_eq!(event(index, "position"), Some(json!(row.position)));
                    assert_eq!(event(index, "event"), Some(json!(row.event)));
                }
                assert_eq!(checked(&value), Ok(Vec::new()), "seed {seed}");
            }
            let body = body(&reader, customer, size);
            all.push(&body).unwrap();
            let hash = Hash::of(&canonical_bytes(&serde_json::to_value(&body).unwrap()));
            lines.push(format!(r#"{{"body":"{hash}","customer":"{customer}"}}"#));
        }
        let basis = reader.snapshot(KnownAt::Now).unwrap().basis;
        let all = all.body(&basis);
        assert_eq!((all.customers(), all.differing()), (lines.len() as u64, &[][..]));
        let mut frontier = ofrecord_log::merkle::Frontier::new();
        lines.iter().for_each(|line| frontier.push(ofrecord_log::merkle::leaf_hash(line.as_bytes())));
        let value = serde_json::to_value(&all).unwrap();
        assert_eq!(value.pointer("/bodies/root"), Some(&json!(frontier.root())));
        assert_eq!(checked(&value), Ok(Vec::new()));
        assert_eq!(all.basis().tree_size, size);
    }
}

fn one() -> Value {
    let running = told(71, 60);
    let reader = running.reader();
    let found = customers(&reader).into_iter().map(|customer| body(&reader, customer, reader.log().tree_size()));
    serde_json::to_value(found.filter(|body| body.events() > 1).min_by_key(FourLinesBody::events).unwrap()).unwrap()
}

/// A view that no event left, under its hash, and named by the change.
fn with_other_view(change: &dyn Fn(&mut Value, &str)) -> Value {
    let mut body = one();
    let view = json!({"account": {}, "subscriptions": {"another": {}}});
    let hash = Hash::of(&canonical_bytes(&view)).to_string();
    body.pointer_mut("/views").unwrap()[&hash] = view;
    change(&mut body, &hash);
    body
}

#[test]
fn a_certificate_says_where_the_four_lines_were_not_kept() {
    let event = with_other_view(&|body, hash| {
        *body.pointer_mut("/events/0/after").unwrap() = json!(hash);
        *body.pointer_mut("/holds").unwrap() = json!(false);
    });
    let found = checked(&event).unwrap();
    assert!(found.len() == 1 && found.concat().contains("changed what the four lines protect"), "{found:?}");
    let replay = with_other_view(&|body, hash| {
        *body.pointer_mut("/without").unwrap() = json!(hash);
        *body.pointer_mut("/holds").unwrap() = json!(false);
    });
    let found = checked(&replay).unwrap();
    assert!(found.len() == 1 && found.concat().contains("without the relationship events"), "{found:?}");
}

#[test]
fn a_body_that_contradicts_itself_does_not_hold_whoever_signed_it() {
    let contradicts = |body: Value| checked(&body).is_err_and(|error| error.contains("contradicts itself"));
    assert!(contradicts(with_other_view(&|_, _| {})), "a view that nothing names");
    assert!(contradicts(with_other_view(&|body, hash| *body.pointer_mut("/events/0/after").unwrap() = json!(hash))));
    let mut body = one();
    *body.pointer_mut("/holds").unwrap() = json!(false);
    assert!(contradicts(body));
    let mut body = one();
    let views = body.pointer_mut("/views").unwrap().as_object_mut().unwrap();
    *views.values_mut().next().unwrap() = json!({});
    assert!(contradicts(body), "a view under the hash of another");
    let mut body = one();
    body.pointer_mut("/views").unwrap().as_object_mut().unwrap().clear();
    assert!(contradicts(body));
    let mut body = one();
    *body.pointer_mut("/kind").unwrap() = json!("absence v1");
    assert!(checked(&body).is_err());
}

#[test]
fn every_byte_of_a_certificate_counts() {
    let bytes = signed(&one());
    let keys: [VerifierKey; 1] = [key().verifier()];
    assert!(check(&bytes, &keys).is_ok());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        *changed.get_mut(at).unwrap() ^= 1;
        assert!(check(&changed, &keys).is_err(), "byte {at}");
    }
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[8; 32]);
    assert!(check(&bytes, &[stranger.verifier()]).is_err() && check(&bytes, &[]).is_err());
}

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";

fn written(stage: &Stage, name: &str) -> String {
    fs::read_to_string(stage.folder().join(name)).unwrap()
}

#[test]
fn the_same_basis_gives_the_same_certificate_and_each_is_recorded() {
    let stage = Stage::with_story();
    ended(&stage, &["checkpoint"], 0);
    let told =
        ended(&stage, &["certify", CUSTOMER, "-o", "first.json", "--purpose", "for the auditor", "--by", "kim"], 0);
    assert!(told.contains("changed what the four lines protect"), "{told}");
    let size: Value = serde_json::from_str(&written(&stage, "first.json")).unwrap();
    let size = format!("@{}", size.pointer("/body/basis/tree_size").unwrap());
    ended(&stage, &["certify", CUSTOMER, "-o", "again.json", "--known-at", &size], 0);
    assert_eq!(written(&stage, "first.json"), written(&stage, "again.json"));
    ended(&stage, &["certify", "--all", "-o", "all.json", "--known-at", &size], 0);
    ended(&stage, &["certify", CUSTOMER, "--all"], 2);
    ended(&stage, &["certify"], 2);

    let key = ended(&stage, &["key", "--quiet"], 0);
    for file in ["first.json", "all.json"] {
        let checked = ended(&stage, &["check", file, "--key", key.trim()], 0);
        assert!(checked.contains("four lines") && checked.contains("not proven"), "{checked}");
    }
    stage.write("forged.json", written(&stage, "first.json").replace("\"holds\":true", "\"holds\":false"));
    ended(&stage, &["check-certificate", "forged.json", "--key", key.trim()], 4);

    let entries = ended(&stage, &["export", "--quiet"], 0);
    let digest = Hash::of(written(&stage, "first.json").as_bytes()).to_string();
    let recorded: Vec<&str> = entries.lines().filter(|line| line.contains("\"DisclosureRecorded\"")).collect();
    assert!(recorded.len() >= 3, "{entries}");
    assert!(
        recorded
            .iter()
            .any(|line| ["certificate", "for the auditor", "kim", &digest].iter().all(|word| line.contains(word))),
        "{recorded:?}"
    );
}

#[test]
fn a_run_over_the_same_entries_gives_the_same_certificate() {
    let stage = Stage::with_story();
    ended(&stage, &["checkpoint"], 0);
    for run in [&["replay"][..], &["replay", "--from", "3", "--to", "15"], &["rebuild"], &["verify"]] {
        for folder in ["ledger", "ledger.keys"] {
            copy(&stage.folder().join(folder), &stage.folder().join(folder.replace("ledger", "twin")));
        }
        let twin = [run, &["--ledger", "twin", "--certify", "twin.json", "--purpose", "once more"]].concat();
        ended(&stage, &[run, &["--certify", "run.json", "--by", "kim"]].concat(), 0);
        ended(&stage, &twin, 0);
        assert_eq!(written(&stage, "run.json"), written(&stage, "twin.json"), "{run:?}");
        let key = ended(&stage, &["key", "--quiet"], 0);
        let checked = ended(&stage, &["check", "run.json", "--key", key.trim()], 0);
        assert!(checked.contains("found nothing wrong") && checked.contains("makes it again"), "{checked}");
        for folder in ["twin", "twin.keys"] {
            fs::remove_dir_all(stage.folder().join(folder)).unwrap();
        }
    }
    let part = ["replay", "--from", "3", "--to", "15", "--certify"];
    ended(&stage, &[&part[..], &["one.json"]].concat(), 0);
    ended(&stage, &[&part[..], &["two.json"]].concat(), 0);
    assert_eq!(written(&stage, "one.json"), written(&stage, "two.json"), "though the ledger has grown");
    let body: Value = serde_json::from_str(&written(&stage, "one.json")).unwrap();
    let at = |pointer: &str| body.pointer(pointer).unwrap().clone();
    assert_eq!((at("/body/basis/tree_size"), at("/body/figures/commands")), (json!(15), json!(12)));
    assert_eq!(at("/body/policies/0/cloud"), json!("china21vianet"));
    assert!(ended(&stage, &["export", "--quiet"], 0).contains("\"certificate\""));
}

#[test]
fn a_run_that_found_something_says_so_in_its_certificate() {
    let commitment = json!({"count": 0, "root": Hash([0; 32])});
    let body = |kind: &str, problems: Value| {
        json!({
            "kind": kind,
            "basis": {"origin": ORIGIN, "tree_size": 5, "root": Hash([1; 32])},
            "build": "ofrecord 0.1.0", "fold": "1", "policies": [], "figures": {"commands": 5}, "problems": problems,
            "state": {"streams": commitment, "relationships": commitment},
        })
    };
    for kind in ["replay v1", "rebuild v1", "verification v1"] {
        assert_eq!(checked(&body(kind, json!([]))), Ok(Vec::new()), "{kind}");
        assert_eq!(checked(&body(kind, json!(["position 3"]))), Ok(vec!["position 3".to_owned()]), "{kind}");
    }
    assert!(checked(&body("four lines v1", json!([]))).is_err());
}
