//! Evidence packs: what is in them is what the ledger answers, every byte counts, and other programs say the same.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;

use ofrecord_acceptance::signed::ended;
use ofrecord_acceptance::stage::Stage;
use ofrecord_core::command::custody::{AddCheckpointKey, RetireCheckpointKey};
use ofrecord_core::{Actor, ActorKind, Command, CustomerId, PartnerTenantId, Request, Timestamp};
use ofrecord_ledger::commitment::{CommittedState, Recorded, commitment_at, first_covering};
use ofrecord_ledger::evidence::{
    About, Believed, Files, Gathering, Judgement, from_zip, manifest_certificate, to_zip, verify, vouched,
};
use ofrecord_ledger::signing::Signed;
use ofrecord_ledger::{KnownAt, ReceiptOutcome, Snapshot};
use ofrecord_log::MemoryLog;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::SigningKey;
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Running, name};
use serde_json::Value;

#[path = "evidence/foreign.rs"]
mod foreign;
#[path = "evidence/partner.rs"]
mod partner;
#[path = "evidence/vouching.rs"]
mod vouching;

const ORIGIN: &str = "ofrecord.test/evidence";

/// A ledger with a history, a key that it names, and a commitment to all of it.
struct Told {
    running: Running,
    key: SigningKey,
    customers: Vec<CustomerId>,
    asked: std::cell::Cell<u64>,
}

impl Told {
    fn of(seed: u64, commands: usize) -> Self {
        println!("seed {seed}");
        let running = Running::over(Box::new(MemoryLog::new(ORIGIN)), cloud_of(seed)).unwrap();
        for draft in drafts(seed, Range::Everything, commands) {
            drop(running.hear_draft(&draft));
        }
        let key = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[7; 32]);
        let mut customers = Vec::new();
        let mut note = |customer| {
            customers.push(customer);
            Ok(())
        };
        running.reader().customers(&mut note).unwrap();
        let told = Self { running, key, customers, asked: 0.into() };
        let named = AddCheckpointKey {
            key: told.key.verifier().to_string().parse().unwrap(),
            replaces: None,
            reason: "the first".parse().unwrap(),
        };
        told.ask(Command::AddCheckpointKey(named));
        told
    }

    fn ask(&self, command: Command) {
        self.asked.set(self.asked.get() + 1);
        let request = Request {
            command_id: name::command(0xe0, self.asked.get()),
            actor: Actor::new(ActorKind::Operator),
            customer: None,
            effective_at: None,
            expected_version: None,
            evidence: Vec::new(),
            command: command.into(),
        };
        let receipt = self.running.hear_at(request, self.running.now()).unwrap();
        assert!(matches!(receipt.outcome, ReceiptOutcome::Accepted { .. }), "{receipt:?}");
    }

    fn commit(&self) -> Recorded {
        let (reader, size) = (self.running.reader(), self.running.reader().log().tree_size());
        let commitment = commitment_at(reader.log().as_ref(), size, &()).unwrap();
        self.ask(Command::CommitState(commitment.command().unwrap()));
        first_covering(&reader.custody(&reader.snapshot(KnownAt::Now).unwrap()).unwrap(), size).unwrap()
    }

    fn sign(&self) -> Signed {
        let head = self.running.reader().log().head();
        let text = Checkpoint::new(ORIGIN, head.size, head.root).unwrap().to_string();
        Signed { size: head.size, note: self.key.sign(&text).unwrap() }
    }

    fn known(&self, size: u64) -> Snapshot {
        self.running.reader().snapshot(KnownAt::TreeSize(size)).unwrap()
    }

    fn believed(&self) -> Believed {
        Believed::Keys(vec![self.key.verifier()])
    }

    fn pack(&self, asked: &Asked<'_>) -> Files {
        self.pack_of(About::Customer(asked.customer), asked)
    }

    fn pack_of(&self, about: About, asked: &Asked<'_>) -> Files {
        let Asked { as_of, snapshot, recorded, signed, .. } = *asked;
        let reader = self.running.reader();
        let state = CommittedState::again(reader.log().as_ref(), recorded, &()).unwrap();
        let gathering = Gathering {
            reader: &reader,
            about,
            as_of,
            snapshot,
            recorded,
            state: &state,
            signed,
            since: None,
            never: &BTreeSet::from([name::partner("nobody")]),
            sealer: None,
            chain: &[],
            stamps: &[],
            receipt_key: None,
            custody: false,
        };
        vouched_by(&self.key, gathering.files().unwrap())
    }

    /// Packs of every customer at some instants and some states of knowledge, under one commitment.
    fn each_pack(&self, each: &mut dyn FnMut(&Asked<'_>, &Files)) {
        let recorded = self.commit();
        let (signed, end) = (self.sign(), recorded.commitment.tree_size);
        for size in [end / 3, end, end + 1] {
            let snapshot = self.known(size);
            for customer in self.customers.iter().copied() {
                let Ok((record, _)) = self.running.record(customer, KnownAt::TreeSize(size)) else { continue };
                let instants: BTreeSet<Timestamp> = record.entries().iter().map(|row| row.effective_at).collect();
                let every = (instants.len() / 4).max(1);
                for as_of in instants.into_iter().step_by(every).chain([Timestamp::MAX]) {
                    let asked = Asked { customer, as_of, snapshot: &snapshot, recorded: &recorded, signed: &signed };
                    each(&asked, &self.pack(&asked));
                }
            }
        }
    }
}

fn vouched_by(key: &SigningKey, files: Files) -> Files {
    let note = key.sign(&manifest_certificate(&files).unwrap().to_string()).unwrap();
    vouched(files, &note)
}

/// What a pack is asked about.
#[derive(Clone, Copy)]
struct Asked<'a> {
    customer: CustomerId,
    as_of: Timestamp,
    snapshot: &'a Snapshot,
    recorded: &'a Recorded,
    signed: &'a Signed,
}

fn rows(files: &Files, name: &str) -> Value {
    let answer: Value = serde_json::from_slice(files.get(name).unwrap()).unwrap();
    answer.get("rows").unwrap().clone()
}

#[test]
fn a_pack_answers_what_the_whole_ledger_answers_and_holds() {
    for seed in seeds(61, 3) {
        let told = Told::of(seed, 160);
        told.each_pack(&mut |asked, files| {
            let reader = told.running.reader();
            let viewpoint = reader.viewpoint(asked.snapshot, asked.as_of);
            let record = reader.customer(asked.customer, asked.snapshot).unwrap();
            let partners = reader.partners_of(&record, asked.snapshot, &viewpoint).unwrap();
            let json = |rows: &dyn Fn() -> serde_json::Result<Value>| rows().unwrap();
            for (name, expected) in [
                ("resellers", json(&|| serde_json::to_value(ofrecord_views::resellers(&record, &viewpoint)))),
                ("access", json(&|| serde_json::to_value(ofrecord_views::access(&record, &viewpoint)))),
                ("subscriptions", json(&|| serde_json::to_value(ofrecord_views::subscriptions(&record, &viewpoint)))),
                (
                    "partners_of_record",
                    json(&|| serde_json::to_value(ofrecord_views::partners_of_record(&record, &partners, &viewpoint))),
                ),
            ] {
                assert_eq!(rows(files, &format!("answers/{name}.json")), expected, "{name} of {}", asked.customer);
            }
            let judgement = verify(files, &told.believed());
            assert_eq!(judgement.wrong, Vec::<String>::new());
            assert!(judgement.proven.iter().any(|one| one.contains("these are all of them")), "{judgement:?}");
            assert!(judgement.proven.iter().any(|one| one.contains("are not among the")), "{judgement:?}");
            assert_eq!(from_zip(&to_zip(files).unwrap()).as_ref(), Ok(files));
            assert_eq!(told.pack(asked), *files, "the same question has the same bytes");
        });
    }
}

#[test]
fn no_entry_of_another_customer_is_in_a_pack() {
    let told = Told::of(71, 200);
    told.each_pack(&mut |asked, files| {
        for line in String::from_utf8(files.get("entries.jsonl").unwrap().clone()).unwrap().lines() {
            let entry: Value = serde_json::from_str(line).unwrap();
            let customer = entry.pointer("/decision/customer").and_then(Value::as_str).map(str::to_owned);
            assert!(customer.is_none_or(|customer| customer == asked.customer.to_string()), "{line}");
        }
    });
}

/// A pack of few entries, with everything that one can hold but contacts.
fn small() -> (Told, Files) {
    let told = Told::of(81, 24);
    let recorded = told.commit();
    let (signed, snapshot) = (told.sign(), told.known(recorded.commitment.tree_size));
    let of = |customer: &CustomerId| told.running.record(*customer, KnownAt::Now).unwrap().0.entries().len();
    let customer = told.customers.iter().copied().max_by_key(of).unwrap();
    let asked =
        Asked { customer, as_of: told.running.now(), snapshot: &snapshot, recorded: &recorded, signed: &signed };
    let files = told.pack(&asked);
    (told, files)
}

#[test]
fn every_byte_of_every_file_counts() {
    let (told, files) = small();
    let right = verify(&files, &told.believed());
    assert_eq!(right.wrong, Vec::<String>::new());
    for (name, content) in &files {
        // Every byte of what is short, and some of what is long, from another place each time.
        let step = content.len() / 150 + 1;
        for (at, mask) in (0..content.len()).step_by(step).zip([1_u8, 0x20, 0x80].into_iter().cycle()) {
            let mut changed = files.clone();
            *changed.get_mut(name).unwrap().get_mut(at).unwrap() ^= mask;
            let judgement = verify(&changed, &told.believed());
            assert!(!judgement.wrong.is_empty(), "{name}, byte {at} with mask {mask:02x}");
        }
    }
}

#[test]
fn a_file_that_is_missing_added_renamed_or_cut_is_noticed() {
    let (told, files) = small();
    let wrong = |change: &dyn Fn(&mut Files)| {
        let mut changed = files.clone();
        change(&mut changed);
        verify(&changed, &told.believed()).wrong
    };
    for (name, content) in &files {
        assert!(!wrong(&|files| drop(files.remove(name))).is_empty(), "without {name}");
        let renamed = wrong(&|files| {
            let content = files.remove(name).unwrap();
            files.insert(format!("{name}x"), content);
        });
        assert!(!renamed.is_empty(), "{name} is renamed");
        if !content.is_empty() {
            let cut = wrong(&|files| files.get_mut(name).unwrap().truncate(content.len() - 1));
            assert!(!cut.is_empty(), "{name} is cut");
        }
        assert!(!wrong(&|files| files.get_mut(name).unwrap().push(b'\n')).is_empty(), "{name} is longer");
    }
    for name in
        ["more.txt", "proofs/999999.tlog-proof", "checkpoints/1", "consistency/1-2", "absence/x", "unseal/0.json"]
    {
        assert!(!wrong(&|files| drop(files.insert(name.to_owned(), b"[]\n".to_vec()))).is_empty(), "{name} is added");
    }
}

#[test]
fn an_entry_that_is_left_out_or_foreign_is_noticed_even_with_its_proof() {
    let (told, files) = small();
    let lines: Vec<String> =
        String::from_utf8(files.get("entries.jsonl").unwrap().clone()).unwrap().lines().map(str::to_owned).collect();
    for left_out in 0..lines.len() {
        let mut changed = files.clone();
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != left_out);
        let kept: String = kept.map(|(_, line)| format!("{line}\n")).collect();
        changed.insert("entries.jsonl".to_owned(), kept.into_bytes());
        let position = serde_json::from_str::<Value>(lines.get(left_out).unwrap()).unwrap()["position"].clone();
        changed.remove(&format!("proofs/{position}.tlog-proof"));
        let judgement = verify(&changed, &told.believed());
        // What says who a partner is can be left out where no answer names its partner ID.
        let on_account = lines.get(left_out).unwrap().contains("\"Partner");
        assert!(on_account || !judgement.wrong.is_empty(), "without position {position}");
    }
    let foreign = told.customers.iter().find(|customer| {
        !String::from_utf8_lossy(files.get("completeness.json").unwrap()).contains(&customer.to_string())
    });
    let recorded = told.commit();
    let (signed, snapshot) = (told.sign(), told.known(recorded.commitment.tree_size));
    let asked = Asked {
        customer: *foreign.unwrap(),
        as_of: told.running.now(),
        snapshot: &snapshot,
        recorded: &recorded,
        signed: &signed,
    };
    let other = told.pack(&asked);
    for name in ["completeness.json", "answers/resellers.json", "entries.jsonl", "checkpoint"] {
        let mut changed = files.clone();
        changed.insert(name.to_owned(), other.get(name).unwrap().clone());
        assert!(!verify(&changed, &told.believed()).wrong.is_empty(), "with another pack's {name}");
    }
}

#[test]
fn a_pack_is_judged_by_the_keys_that_are_believed() {
    let (told, files) = small();
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[8; 32]).verifier();
    let policy = |key: &dyn std::fmt::Display| Believed::Policy(format!("log {key}\nquorum none\n").parse().unwrap());
    for (believed, holds) in [
        (Believed::Keys(Vec::new()), false),
        (Believed::Keys(vec![stranger.clone()]), false),
        (policy(&stranger), false),
        (policy(&told.key.verifier()), true),
        (Believed::Keys(vec![stranger, told.key.verifier()]), true),
        (Believed::ThePack, true),
    ] {
        let Judgement { wrong, not_proven, .. } = verify(&files, &believed);
        assert_eq!(wrong.is_empty(), holds, "{believed:?}");
        let anonymous = not_proven.iter().any(|one| one.contains("who made it"));
        assert_eq!(anonymous, believed == Believed::ThePack, "{believed:?}");
    }
    assert!(!verify(&Files::new(), &Believed::ThePack).wrong.is_empty());
}

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const RESELLER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const STRANGER: &str = "aaaaaaaa-0000-4000-8000-00000000dead";

#[test]
fn an_auditor_checks_a_pack_with_the_file_and_the_key_alone() {
    let stage = Stage::with_story();
    let signed = ended(&stage, &["checkpoint", "--quiet"], 0).lines().nth(1).unwrap().to_owned();
    let ask = |more: &[&str], code| {
        ended(&stage, &[&["evidence", CUSTOMER, "--as-of", "2025-01-01", "--by", "kim"][..], more].concat(), code)
    };
    let told = ask(&["-o", "pack.zip", "--since", &signed, "--never", STRANGER, "--purpose", "audit"], 0);
    assert!(told.contains("no commitment covers what is known; one is made now"), "{told}");
    let entries = ended(&stage, &["export"], 0);
    let disclosure: Value = serde_json::from_str(entries.lines().last().unwrap()).unwrap();
    let event = disclosure.pointer("/decision/events/0").unwrap();
    assert_eq!((event["type"].as_str(), event["kind"].as_str()), (Some("DisclosureRecorded"), Some("evidence_pack")));
    assert!(told.contains(event["digest"].as_str().unwrap()) && event["purpose"] == "audit", "{event}");

    // The same knowledge gives the same bytes, commits and signs nothing more, and says again that it was taken.
    let known = format!("@{signed}");
    ask(&["-o", "again.zip", "--since", &signed, "--never", STRANGER, "--known-at", &known, "--quiet"], 0);
    let size = |text: &str| text.lines().count();
    assert_eq!(size(&ended(&stage, &["export"], 0)), size(&entries) + 2, "the first export, and the second pack");
    let [pack, again] = ["pack.zip", "again.zip"].map(|name| fs::read(stage.folder().join(name)).unwrap());
    assert_eq!(pack, again);
    assert!(!pack.windows(4).any(|window| window == b"Zhou"), "contacts stay sealed");

    ask(&["-o", "open.zip", "--reveal", "--known-at", &known], 0);
    let open = from_zip(&fs::read(stage.folder().join("open.zip")).unwrap()).unwrap();
    assert_eq!(open.keys().filter(|name| name.starts_with("unseal/")).count(), 1);
    let later = ended(&stage, &["checkpoint", "--quiet"], 0).lines().nth(1).unwrap().to_owned();
    for (more, code, why) in [
        (&["-o", "x.zip", "--never", RESELLER][..], 2, "they had one"),
        (&["-o", "x.zip", "--since", "7"], 2, "none of that size is kept"),
        (&["-o", "x.zip", "--since", &later, "--known-at", &known], 2, "none of this log before"),
        (&["-o", "x.zip", "--known-at", "@1"], 2, "no entry by tree size 1"),
        (&[], 2, "--output"),
    ] {
        let told = ask(more, code);
        assert!(told.contains(why), "{why}: {told}");
    }
    assert!(!stage.folder().join("x.zip").exists());

    let key = ended(&stage, &["key", "--quiet"], 0);
    fs::rename(stage.folder().join("ledger"), stage.folder().join("elsewhere")).unwrap();
    for (pack, more) in [("pack.zip", "nothing was rewritten since"), ("open.zip", "1 contacts open")] {
        let told = ended(&stage, &["evidence", "verify", pack, "--key", key.trim()], 0);
        assert!(told.starts_with("it holds") && told.contains(more) && told.contains("not proven"), "{told}");
    }
    let told = ended(&stage, &["check", "pack.zip", "--key", key.trim()], 2);
    assert!(told.contains("`ofrecord evidence verify` checks evidence packs"), "{told}");
    let told = ended(&stage, &["evidence", "verify", "pack.zip"], 0);
    assert!(told.contains("it was judged by the key that came with it"), "{told}");

    let mut files = from_zip(&pack).unwrap();
    let answer = files.get_mut("answers/resellers.csv").unwrap();
    *answer = String::from_utf8(answer.clone()).unwrap().replace("2018", "2017").into_bytes();
    stage.write("forged.zip", to_zip(&files).unwrap());
    let told = ended(&stage, &["evidence", "verify", "forged.zip", "--key", key.trim()], 4);
    assert!(told.contains("answers/resellers.csv: it does not follow"), "{told}");
    stage.write("cut.zip", pack.get(..pack.len() - 1).unwrap());
    assert!(ended(&stage, &["evidence", "verify", "cut.zip"], 4).contains("it is no zip file as a pack is written"));
}

#[test]
fn an_auditor_who_has_the_key_of_then_follows_to_the_key_of_now() {
    let stage = Stage::with_story();
    let older = ended(&stage, &["key", "--quiet"], 0);
    ended(&stage, &["checkpoint", "--quiet"], 0);
    ended(&stage, &["key", "rotate", "--reason", "a year has passed"], 0);
    ended(&stage, &["checkpoint", "--quiet"], 0);
    ended(&stage, &["key", "retire", older.trim(), "--reason", "a year has passed"], 0);
    let newer = ended(&stage, &["key", "--quiet"], 0);
    assert_ne!(older, newer);
    ended(&stage, &["evidence", CUSTOMER, "-o", "pack.zip", "--cose", "--custody", "--by", "kim"], 0);
    ended(&stage, &["evidence", CUSTOMER, "-o", "few.zip"], 0);
    let told = ended(&stage, &["evidence", "verify", "pack.zip", "--key", older.trim()], 0);
    assert!(told.contains("a believed key signed a head of the log whose entry"), "{told}");
    assert!(told.contains("each entry has a receipt") && told.contains("none was added"), "{told}");
    let told = ended(&stage, &["evidence", "verify", "few.zip", "--key", newer.trim()], 0);
    assert!(!told.contains("receipt") && !told.contains("a believed key"), "{told}");
    ended(&stage, &["evidence", "verify", "few.zip", "--key", "example.cn/x+530d903a+Aekye"], 2);
}

#[test]
fn each_contact_opens_only_with_its_own_key() {
    let stage = Stage::with_story();
    ended(&stage, &["evidence", CUSTOMER, "-o", "pack.zip", "--reveal"], 0);
    let files = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
    assert_eq!(verify(&files, &Believed::ThePack).wrong, Vec::<String>::new());
    let (name, content) = files.iter().find(|(name, _)| name.starts_with("unseal/")).unwrap();
    for at in 0..content.len() {
        let mut changed = files.clone();
        *changed.get_mut(name).unwrap().get_mut(at).unwrap() ^= 1;
        assert!(!verify(&changed, &Believed::ThePack).wrong.is_empty(), "{name}, byte {at}");
    }
}

/// A partner of whom nobody has heard, so that every pack shows an absence.
#[test]
fn the_stranger_of_these_tests_is_one() {
    let told = Told::of(91, 60);
    let mut partners: BTreeSet<PartnerTenantId> = BTreeSet::new();
    let mut note = |partner| {
        partners.insert(partner);
        Ok(())
    };
    told.running.reader().partners(&mut note).unwrap();
    assert!(!partners.contains(&name::partner("nobody")));
}
