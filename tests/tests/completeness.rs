//! Commitments to the state of all streams, and what is proven by them: against a naive model, and byte by byte.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use ofrecord_acceptance::signed::ended;
use ofrecord_acceptance::stage::Stage;
use ofrecord_core::{Actor, ActorKind, Command, CustomerId, PartnerTenantId, Request, StreamId};
use ofrecord_ledger::absence::AbsenceProof;
use ofrecord_ledger::certificate::{ProveError, check, to_bytes};
use ofrecord_ledger::codec::decode;
use ofrecord_ledger::commitment::{CommittedState, Recorded, commitment_at, newest_recorded};
use ofrecord_ledger::completeness::CompletenessProof;
use ofrecord_ledger::signing::Signed;
use ofrecord_ledger::{KnownAt, ReadFailure, ReceiptOutcome, StreamRecord};
use ofrecord_log::entry::Envelope;
use ofrecord_log::merkle::{empty_root, leaf_hash, node_hash};
use ofrecord_log::{Hash, MemoryLog};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{SigningKey, VerifierKey};
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Running, name};
use ofrecord_views::EntryRow;
use serde_json::json;

#[path = "completeness/kept.rs"]
mod kept;

const ORIGIN: &str = "ofrecord.test/complete";
const COMMANDS: usize = 160;

struct Told {
    running: Running,
    key: SigningKey,
}

impl Told {
    fn of(seed: u64, commands: usize) -> Self {
        println!("seed {seed}");
        let running = Running::over(Box::new(MemoryLog::new(ORIGIN)), cloud_of(seed)).unwrap();
        for draft in drafts(seed, Range::Everything, commands) {
            drop(running.hear_draft(&draft));
        }
        Self { running, key: SigningKey::from_seed(ORIGIN.parse().unwrap(), &[7; 32]) }
    }

    fn size(&self) -> u64 {
        self.running.reader().log().tree_size()
    }

    fn commit(&self) -> Recorded {
        let log = self.running.reader();
        let commitment = commitment_at(log.log().as_ref(), self.size(), &()).unwrap();
        let request = Request {
            command_id: name::command(0xc0, self.size()),
            actor: Actor::new(ActorKind::Operator),
            customer: None,
            effective_at: None,
            expected_version: None,
            evidence: Vec::new(),
            command: Command::CommitState(commitment.command().unwrap()).into(),
        };
        let receipt = self.running.hear_at(request, self.running.now()).unwrap();
        let ReceiptOutcome::Accepted { recorded, .. } = receipt.outcome else { panic!("{receipt:?}") };
        Recorded { position: recorded.position, commitment }
    }

    fn sign(&self) -> Signed {
        let head = self.running.reader().log().head();
        let text = Checkpoint::new(ORIGIN, head.size, head.root).unwrap().to_string();
        Signed { size: head.size, note: self.key.sign(&text).unwrap() }
    }

    fn keys(&self) -> [VerifierKey; 1] {
        [self.key.verifier()]
    }

    fn state(&self, recorded: &Recorded) -> CommittedState {
        CommittedState::again(self.running.reader().log().as_ref(), recorded, &()).unwrap()
    }

    fn complete(&self, stream: StreamId, recorded: &Recorded) -> Result<CompletenessProof, ProveError> {
        let reader = self.running.reader();
        CompletenessProof::of(reader.log().as_ref(), stream, recorded, &self.state(recorded), &self.sign())
    }

    fn never(&self, pair: (CustomerId, PartnerTenantId), recorded: &Recorded) -> Option<AbsenceProof> {
        let reader = self.running.reader();
        AbsenceProof::of(reader.log().as_ref(), pair, recorded, &self.state(recorded), &self.sign()).unwrap()
    }
}

/// Everything held in maps and told again from nothing but the entries.
struct Naive {
    entries: BTreeMap<String, Vec<Vec<u8>>>,
    lines: Vec<String>,
    pairs: BTreeSet<(CustomerId, PartnerTenantId)>,
}

impl Naive {
    fn of(told: &Told, size: u64) -> Self {
        let (mut entries, mut records) = (BTreeMap::<String, Vec<Vec<u8>>>::new(), BTreeMap::new());
        for position in 0..size {
            let bytes = told.running.reader().log().read(position).unwrap();
            for link in Envelope::parse(&bytes).unwrap().streams {
                let stream: StreamId = link.stream.parse().unwrap();
                let record = records.entry(link.stream.clone()).or_insert_with(|| StreamRecord::new(stream));
                record.take_row(EntryRow::of(&decode(&bytes).unwrap()));
                entries.entry(link.stream).or_default().push(bytes.clone());
            }
        }
        let line = |(stream, entries): (&String, &Vec<Vec<u8>>)| {
            let (head, view) = (leaf_hash(entries.last().unwrap()), records.get(stream).unwrap().present_bytes());
            let view = Hash::of(&view);
            format!(r#"{{"count":{},"head":"{head}","stream":"{stream}","view":"{view}"}}"#, entries.len())
        };
        let lines = entries.iter().map(line).collect();
        let mut pairs = BTreeSet::new();
        for record in records.values() {
            if let StreamRecord::Customer(record) = record {
                let related = record.latest().resellers.relationships.keys();
                pairs.extend(related.map(|partner| (record.id(), *partner)));
            }
        }
        Self { entries, lines, pairs }
    }

    fn pair_lines(&self) -> Vec<String> {
        let mut keys: Vec<String> =
            self.pairs.iter().map(|(customer, partner)| format!("customer/{customer}|partner/{partner}")).collect();
        keys.sort();
        keys.iter().map(|key| format!(r#"{{"key":"{key}"}}"#)).collect()
    }
}

/// RFC 6962 2.1 as it is written there.
fn root_of(lines: &[String]) -> Hash {
    match lines {
        [] => empty_root(),
        [line] => leaf_hash(line.as_bytes()),
        lines => {
            let (left, right) = lines.split_at(lines.len().next_power_of_two() / 2);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

#[test]
fn a_commitment_is_that_of_a_naive_model_at_every_size() {
    for seed in seeds(11, 3) {
        let told = Told::of(seed, COMMANDS);
        told.commit();
        let (log, end) = (told.running.reader(), told.size());
        for size in [0, 1, 2, end / 3, end / 2, end - 1, end] {
            let naive = Naive::of(&told, size);
            let made = commitment_at(log.log().as_ref(), size, &()).unwrap();
            assert_eq!((made.streams.count, made.streams.root), (naive.lines.len() as u64, root_of(&naive.lines)));
            let pairs = naive.pair_lines();
            assert_eq!((made.relationships.count, made.relationships.root), (pairs.len() as u64, root_of(&pairs)));
        }
    }
}

#[test]
fn every_stream_is_shown_to_be_complete_and_every_pair_without_a_relationship_to_have_none() {
    for seed in seeds(21, 2) {
        let told = Told::of(seed, COMMANDS);
        let recorded = told.commit();
        // What comes later changes neither the proofs nor what they are about.
        let later = drafts(seed + 1, Range::Everything, 40);
        later.iter().for_each(|draft| drop(told.running.hear_draft(draft)));
        let naive = Naive::of(&told, recorded.commitment.tree_size);
        for (stream, entries) in &naive.entries {
            let proof = told.complete(stream.parse().unwrap(), &recorded).unwrap();
            assert_eq!(proof.count(), entries.len());
            let checked = check(&to_bytes(&proof), &told.keys()).unwrap();
            assert!(checked.proven.iter().any(|one| one.contains("these are all of them")), "{checked:?}");
        }
        let unknown = name::customer("nobody");
        let absent = told.complete(StreamId::Customer(unknown), &recorded);
        assert!(matches!(absent, Err(ProveError::Read(ReadFailure::NotFound { .. }))), "{absent:?}");

        let mut partners: BTreeSet<_> = naive.pairs.iter().map(|(_, partner)| *partner).collect();
        partners.insert(name::partner("nobody"));
        let mut customers: BTreeSet<_> = naive.pairs.iter().map(|(customer, _)| *customer).collect();
        customers.insert(unknown);
        for pair in customers.iter().flat_map(|customer| partners.iter().map(|partner| (*customer, *partner))) {
            let proof = told.never(pair, &recorded);
            assert_eq!(proof.is_none(), naive.pairs.contains(&pair), "{pair:?}");
            assert!(proof.is_none_or(|proof| check(&to_bytes(&proof), &told.keys()).is_ok()), "{pair:?}");
        }
    }
}

/// Whatever byte is changed, the file does not hold, or shows something else than it did.
fn every_byte_counts(bytes: &[u8], keys: &[VerifierKey]) {
    let right = check(bytes, keys).unwrap();
    for at in 0..bytes.len() {
        for mask in [1, 0x20, 0x80] {
            let mut changed = bytes.to_vec();
            *changed.get_mut(at).unwrap() ^= mask;
            let checked = check(&changed, keys);
            assert!(checked.as_ref() != Ok(&right), "byte {at} with mask {mask:02x}");
        }
    }
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(check(bytes.get(..cut).unwrap(), keys).is_err(), "cut at {cut}");
    }
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[8; 32]);
    assert!(check(bytes, &[stranger.verifier()]).is_err() && check(bytes, &[]).is_err());
}

#[test]
fn every_byte_of_a_proof_counts() {
    let told = Told::of(31, 40);
    let recorded = told.commit();
    let naive = Naive::of(&told, recorded.commitment.tree_size);
    let (stream, _) =
        naive.entries.iter().min_by_key(|(_, entries)| entries.iter().map(Vec::len).sum::<usize>()).unwrap();
    every_byte_counts(&to_bytes(&told.complete(stream.parse().unwrap(), &recorded).unwrap()), &told.keys());
    let pair = (name::customer("nobody"), name::partner("nobody"));
    every_byte_counts(&to_bytes(&told.never(pair, &recorded).unwrap()), &told.keys());
}

#[test]
fn a_chain_with_an_entry_too_few_or_too_many_does_not_hold() {
    let told = Told::of(41, 60);
    let recorded = told.commit();
    let naive = Naive::of(&told, recorded.commitment.tree_size);
    let (stream, _) = naive.entries.iter().find(|(_, entries)| entries.len() > 3).unwrap();
    let right = serde_json::to_value(told.complete(stream.parse().unwrap(), &recorded).unwrap()).unwrap();
    let count = right.pointer("/entries").unwrap().as_array().unwrap().len();
    let holds = |change: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut changed = right.clone();
        change(changed.pointer_mut("/entries").unwrap().as_array_mut().unwrap());
        check(&to_bytes(&changed), &told.keys()).is_ok()
    };
    assert!(holds(&|_| {}));
    for at in 0..count {
        assert!(!holds(&|entries| drop(entries.remove(at))), "without entry {at}");
        assert!(!holds(&|entries| entries.insert(at, entries.get(at).unwrap().clone())), "with entry {at} twice");
    }
    assert!(!holds(&|entries| entries.reverse()) && !holds(&|entries| entries.clear()));
    let fewer = {
        let mut changed = right.clone();
        *changed.pointer_mut("/line/line/count").unwrap() = json!(count - 1);
        changed.pointer_mut("/entries").unwrap().as_array_mut().unwrap().pop();
        changed
    };
    assert!(check(&to_bytes(&fewer), &told.keys()).is_err(), "the count is committed to");
}

#[test]
fn the_newest_commitment_by_what_is_known_is_found() {
    let told = Told::of(51, 30);
    let first = told.commit();
    drafts(52, Range::Everything, 10).iter().for_each(|draft| drop(told.running.hear_draft(draft)));
    let second = told.commit();
    let reader = told.running.reader();
    let custody = reader.custody(&reader.snapshot(KnownAt::Now).unwrap()).unwrap();
    for (size, found) in [
        (0, None),
        (first.commitment.tree_size, Some(&first)),
        (second.commitment.tree_size - 1, Some(&first)),
        (u64::MAX, Some(&second)),
    ] {
        assert_eq!(newest_recorded(&custody, size).as_ref(), found, "{size}");
    }
}

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const RESELLER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const STRANGER: &str = "aaaaaaaa-0000-4000-8000-00000000dead";

#[test]
fn an_auditor_checks_completeness_and_absence_with_the_file_and_the_key_alone() {
    let stage = Stage::with_story();
    let complete = ["complete", CUSTOMER, "-o", "all.json"];
    let never = ["never", CUSTOMER, STRANGER, "-o", "never.json"];
    for arguments in [&complete[..], &never, &["commit", "--check"]] {
        assert!(ended(&stage, arguments, 2).contains("`ofrecord commit` makes one"));
    }
    let told = ended(&stage, &["commit", "--by", "kim"], 0);
    assert!(told.contains("streams root") && told.contains("relationships"), "{told}");
    assert!(ended(&stage, &["commit"], 0).contains("nothing was appended"), "one commitment is enough");
    assert!(ended(&stage, &["commit", "--check"], 0).contains("the entries give the same commitment"));

    ended(&stage, &complete, 0);
    ended(&stage, &never, 0);
    // What the commitment was made of saves a sweep and is worth nothing else.
    let of_the_file = fs::read(stage.folder().join("all.json")).unwrap();
    fs::remove_dir_all(stage.folder().join("ledger/views/commitments")).unwrap();
    ended(&stage, &complete, 0);
    assert_eq!(fs::read(stage.folder().join("all.json")).unwrap(), of_the_file);
    assert_eq!(fs::read_dir(stage.folder().join("ledger/views/commitments")).unwrap().count(), 1);
    assert!(
        ended(&stage, &["never", CUSTOMER, RESELLER, "-o", "none.json"], 4).contains("had a reseller relationship")
    );
    assert!(!stage.folder().join("none.json").exists());
    let key = ended(&stage, &["key", "--quiet"], 0);
    fs::rename(stage.folder().join("ledger"), stage.folder().join("elsewhere")).unwrap();
    let checked = ended(&stage, &["check", "all.json", "--key", key.trim()], 0);
    assert!(checked.contains("these are all of them") && checked.contains("not proven"), "{checked}");
    let checked = ended(&stage, &["check", "never.json", "--key", key.trim()], 0);
    assert!(checked.contains("are not among the") && checked.contains("sorted and whole"), "{checked}");

    let text = fs::read_to_string(stage.folder().join("all.json")).unwrap();
    stage.write("forged.json", text.replace("Contoso", "Fabrikam"));
    assert!(ended(&stage, &["check-certificate", "forged.json", "--key", key.trim()], 4).contains("DOES NOT HOLD"));
    stage.write("policy", format!("log {}\nquorum none\n", key.trim()));
    let checked = ended(&stage, &["check", "all.json", "never.json", "--policy", "policy"], 0);
    assert!(checked.contains("all.json: completeness v1 holds") && checked.contains("absence v1 holds"), "{checked}");
    ended(&stage, &["check", "all.json", "forged.json", "--policy", "policy"], 4);
}
