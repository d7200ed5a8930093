//! Receipts with proofs: many submitters at once, one signer, and what becomes of a receipt that cannot be proven.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ofrecord_core::{CheckpointKey, Cloud, Request, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::signing::{Checkpointer, KeyFolder, SignError, Signed, Signer};
use ofrecord_ledger::{Clock, Entropy, Ledger, LedgerOptions, Receipt, ReceiptOutcome, Ticket, submission};
use ofrecord_log::{LogReader, MemoryLog};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::note::VerifierKey;
use tempfile::TempDir;

const ORIGIN: &str = "ofrecord.local/proven";
const SUBMITTERS: u64 = 64;
const COMMANDS: u64 = 12;

struct Bench {
    ledger: Ledger,
    log: Arc<dyn LogReader>,
    clock: Clock,
    keys: TempDir,
}

fn bench() -> Bench {
    let log = MemoryLog::new(ORIGIN);
    let reader = ofrecord_log::EventLog::reader(&log);
    let clock = Clock::Set(SetClock::at(Timestamp::from_date(2026, 1, 1).unwrap()));
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock: clock.clone(), views: None, sealer: None };
    let keys = TempDir::new().unwrap();
    KeyFolder::new(keys.path()).create(ORIGIN, &Entropy::System).unwrap();
    Bench { ledger: Ledger::start(Box::new(log), options).unwrap(), log: reader, clock, keys }
}

impl Bench {
    fn checkpointer(&self, keep: impl FnMut(&Signed) -> Result<(), SignError> + Send + 'static) -> Checkpointer {
        let signer = Signer::open(KeyFolder::new(self.keys.path())).unwrap();
        let allowed = signer.keys();
        Checkpointer::start(signer, Arc::clone(&self.log), allowed, self.clock.clone(), keep).unwrap()
    }

    fn verifiers(&self) -> Vec<VerifierKey> {
        let signer = Signer::open(KeyFolder::new(self.keys.path())).unwrap();
        signer.keys().iter().map(|key: &CheckpointKey| key.as_str().parse().unwrap()).collect()
    }

    fn submit(&self, request: Request) -> Receipt {
        self.ledger.submit(request).and_then(Ticket::wait).unwrap()
    }
}

/// Makes a customer known; the same number twice is the same command.
fn register(number: u64) -> Request {
    let line = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-{number:012}","actor":{{"kind":"operator"}},"customer":"cccccccc-0000-4000-8000-{number:012}","command":{{"type":"RegisterCustomer","name":"Customer"}}}}"#
    );
    submission::read(&line).unwrap()
}

#[test]
fn a_receipt_that_cannot_be_proven_is_given_back_durable() {
    let bench = bench();
    let full = || SignError::File { path: "checkpoints".into(), problem: "no space".to_owned() };
    let checkpointer = bench.checkpointer(move |_| Err(full()));
    let receipt = bench.submit(register(1));
    let unproven = checkpointer.proven(receipt.clone()).unwrap_err();
    assert_eq!((unproven.receipt, &unproven.error), (receipt, &full()));
    let later = checkpointer.proven(bench.submit(register(2))).unwrap_err();
    assert_eq!(later.error, full(), "after a failure nothing is signed any more");
}

#[test]
fn what_was_not_recorded_has_no_proof_and_a_repeat_has_that_of_the_first() {
    let bench = bench();
    let checkpointer = bench.checkpointer(|_| Ok(()));
    let first = checkpointer.proven(bench.submit(register(1))).unwrap();
    let repeated = checkpointer.proven(bench.submit(register(1))).unwrap();
    assert!(matches!(repeated.receipt.outcome, ReceiptOutcome::Repeated { .. }));
    assert_eq!(repeated.proof, first.proof);
    let mut other = register(1);
    other.customer = Some("cccccccc-0000-4000-8000-000000000002".parse().unwrap());
    let conflict = checkpointer.proven(bench.submit(other)).unwrap();
    assert!(matches!(conflict.receipt.outcome, ReceiptOutcome::Conflict { .. }));
    assert_eq!(conflict.proof, None);
    let shown = serde_json::to_value(&first).unwrap();
    assert_eq!(shown.get("proof").unwrap().as_str().unwrap(), first.proof.unwrap().to_string());
    assert_eq!(serde_json::to_value(&conflict).unwrap().get("proof"), None);
}

#[test]
fn sixty_four_submitters_at_once_get_proofs_that_hold_and_share_checkpoints() {
    let bench = bench();
    let signed: Arc<Mutex<Vec<Signed>>> = Arc::default();
    let keep = {
        let signed = Arc::clone(&signed);
        move |one: &Signed| {
            signed.lock().unwrap().push(one.clone());
            Ok(())
        }
    };
    let checkpointer = bench.checkpointer(keep);
    let (keys, proven) = (bench.verifiers(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for submitter in 0..SUBMITTERS {
            let (bench, checkpointer, keys, proven) = (&bench, &checkpointer, &keys, &proven);
            scope.spawn(move || {
                for number in 0..COMMANDS {
                    let receipt = bench.submit(register(submitter * COMMANDS + number));
                    let position = receipt.recorded().unwrap().position;
                    let proof = checkpointer.proven(receipt).unwrap().proof.unwrap();
                    assert_eq!(proof.index(), position);
                    let entry = bench.log.read(position).unwrap();
                    let opened = proof.verify(&entry, keys).unwrap();
                    assert!(opened.checkpoint.size() > position);
                    proof.verify(b"another", keys).unwrap_err();
                    proven.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    drop(checkpointer);
    assert_eq!(proven.load(Ordering::Relaxed), SUBMITTERS * COMMANDS);
    let signed = signed.lock().unwrap();
    assert_eq!(signed.last().unwrap().size, SUBMITTERS * COMMANDS, "at the end everything is signed");
    assert!(signed.len() < usize::try_from(SUBMITTERS * COMMANDS).unwrap(), "{} checkpoints", signed.len());
    for pair in signed.windows(2) {
        let [old, new] = pair else { continue };
        let path = bench.log.consistency_proof(old.size, new.size).unwrap();
        let proof = ConsistencyProof::new(old.size, path, new.note.clone()).unwrap();
        proof.verify(&old.note.text().parse().unwrap(), &keys).unwrap();
    }
}
