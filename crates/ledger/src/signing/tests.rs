//! What the signer signs, and what it refuses to sign.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use ofrecord_log::entry::{EntryFormat, EntryParts, StreamLink, compose};
use ofrecord_log::{EventLog, LogReader, MemoryLog, NewEntry};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::VerifierKey;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::clock::{Clock, SetClock};
use crate::entropy::Entropy;

const ORIGIN: &str = "ofrecord.local/test";

struct Bench {
    scratch: TempDir,
    log: MemoryLog,
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// Entries of one stream; `word` tells histories apart.
fn grow(log: &mut MemoryLog, count: u64, word: &str) {
    for _ in 0..count {
        let position = log.tree_size();
        let previous = position.checked_sub(1).map(|last| log.leaf_hash(last).unwrap());
        let bytes = compose(&EntryParts {
            format: EntryFormat::One,
            position,
            recorded_at: "2026-01-01T00:00:00.0000000Z",
            command_id: Uuid::from_u128(u128::from(position) + 1),
            request_hash: Hash::of(b""),
            streams: &[StreamLink { stream: "a".to_owned(), version: position, previous }],
            decision: format!("{{\"word\":\"{word}\"}}").as_bytes(),
        })
        .unwrap();
        log.append(position, &[NewEntry { bytes }]).unwrap();
    }
}

fn log_of(count: u64, word: &str) -> MemoryLog {
    let mut log = MemoryLog::new(ORIGIN);
    grow(&mut log, count, word);
    log
}

impl Bench {
    fn new(entries: u64) -> Self {
        let bench = Self { scratch: TempDir::new().unwrap(), log: log_of(entries, "x") };
        bench.folder().create(ORIGIN, &Entropy::System).unwrap();
        bench
    }

    fn folder(&self) -> KeyFolder {
        KeyFolder::new(&self.scratch.path().join("l.keys"))
    }

    fn signer(&self) -> Signer {
        Signer::open(self.folder()).unwrap()
    }

    fn sign(&self) -> Result<Checkpoint, SignError> {
        sign(&mut self.signer(), &self.log)
    }
}

/// Signs with every key, and opens what was signed with the public halves.
fn sign(signer: &mut Signer, log: &dyn LogReader) -> Result<Checkpoint, SignError> {
    let allowed = signer.keys();
    let note = signer.sign(log, &allowed, now())?;
    let verifiers: Vec<VerifierKey> = allowed.iter().map(|key| key.as_str().parse().unwrap()).collect();
    let opened = Checkpoint::open(&note, &verifiers).unwrap();
    assert_eq!(opened.verified.len(), verifiers.len(), "every key signed");
    Ok(opened.checkpoint)
}

#[test]
fn a_checkpoint_states_the_head_of_the_log_and_the_next_one_extends_it() {
    let mut bench = Bench::new(0);
    for size in [0, 1, 2, 3, 255, 256, 257, 600] {
        let more = size - bench.log.tree_size();
        grow(&mut bench.log, more, "x");
        let checkpoint = bench.sign().unwrap();
        assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, size));
        assert_eq!(*checkpoint.root(), bench.log.root());
        assert_eq!(bench.signer().signed(), bench.log.head(), "what was signed is remembered by the next process");
    }
}

#[test]
fn the_same_head_may_be_signed_again() {
    let bench = Bench::new(5);
    assert_eq!(bench.sign().unwrap(), bench.sign().unwrap());
}

#[test]
fn a_log_that_lost_its_tail_is_not_signed() {
    let mut bench = Bench::new(9);
    let signed = bench.log.head();
    bench.sign().unwrap();
    bench.log = log_of(7, "x");
    let error = bench.sign().unwrap_err();
    assert_eq!(error, SignError::Behind { size: 7, signed });
    assert_eq!(error.lost(), Some(signed));
    assert_eq!(bench.signer().check(&bench.log), Err(error));
}

#[test]
fn another_history_of_the_same_or_a_larger_size_is_not_signed() {
    for size in [9, 10, 64] {
        let mut bench = Bench::new(9);
        let signed = bench.log.head();
        bench.sign().unwrap();
        bench.log = log_of(size, "y");
        let found = bench.log.root_at(9).unwrap();
        assert_eq!(bench.sign(), Err(SignError::Forked { signed, found }), "size {size}");
    }
}

#[test]
fn a_new_epoch_goes_on_under_another_origin_and_remembers_only_what_it_signed() {
    let mut bench = Bench::new(9);
    bench.sign().unwrap();
    bench.log = log_of(7, "y");
    bench.sign().unwrap_err();
    let epoch = format!("{ORIGIN}/e2");
    bench.folder().add_key(&epoch, &Entropy::System).unwrap();
    bench.signer().start_epoch(&epoch).unwrap();
    let mut signer = bench.signer();
    let allowed = signer.keys().into_iter().filter(|key| key.as_str().starts_with(&epoch)).collect();
    let note = signer.sign(&bench.log, &allowed, now()).unwrap();
    assert!(note.text().starts_with(&format!("{epoch}\n7\n")), "{}", note.text());
    assert_eq!(bench.signer().signed(), bench.log.head());
}

/// A log that gives other bytes, or another tree, than it has.
struct Lying<'a> {
    log: &'a MemoryLog,
    bytes_at: Option<u64>,
    node_at: Option<(u8, u64)>,
}

impl LogReader for Lying<'_> {
    fn origin(&self) -> &str {
        self.log.origin()
    }
    fn head(&self) -> Head {
        self.log.head()
    }
    fn health(&self) -> ofrecord_log::Health {
        self.log.health()
    }
    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        self.log.read(position)
    }
    fn scan(&self, from: u64, to: u64, each: &mut ofrecord_log::Each<'_>) -> Result<(), ReadError> {
        self.log.scan(from, to, &mut |position, bytes| {
            if self.bytes_at == Some(position) { each(position, b"{}") } else { each(position, bytes) }
        })
    }
    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        if self.node_at == Some((level, index)) {
            return Ok(Hash::of(b"another"));
        }
        self.log.subtree_root(level, index)
    }
    fn stream_head(&self, stream: &str) -> Result<Option<ofrecord_log::StreamHead>, ReadError> {
        self.log.stream_head(stream)
    }
    fn stream_positions(&self, stream: &str, from: u64) -> Result<Vec<u64>, ReadError> {
        self.log.stream_positions(stream, from)
    }
    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        self.log.streams(prefix, after, limit)
    }
    fn find_command(&self, id: Uuid) -> Result<Option<ofrecord_log::RecordedCommand>, ReadError> {
        self.log.find_command(id)
    }
}

#[test]
fn entries_that_do_not_give_the_root_of_the_tree_are_not_signed() {
    let bench = Bench::new(6);
    let spoiled = [
        Lying { log: &bench.log, bytes_at: Some(4), node_at: None },
        Lying { log: &bench.log, bytes_at: None, node_at: Some((2, 0)) },
    ];
    for log in spoiled {
        let error = sign(&mut bench.signer(), &log).unwrap_err();
        assert!(matches!(error, SignError::Damaged { size: 6, .. }), "{error:?}");
        assert_eq!(bench.signer().signed().size, 0, "nothing is remembered as signed");
    }
    bench.sign().unwrap();
}

#[test]
fn only_keys_that_the_log_names_sign() {
    let bench = Bench::new(3);
    let mut signer = bench.signer();
    let error = signer.sign(&bench.log, &BTreeSet::new(), now()).unwrap_err();
    assert!(matches!(error, SignError::NoKey { .. }), "{error:?}");
    bench.folder().add_key(ORIGIN, &Entropy::System).unwrap();
    assert_eq!(bench.signer().keys().len(), 2);
    bench.sign().unwrap();
    let first = bench.signer().keys().first().unwrap().to_string();
    bench.folder().remove_key(&first).unwrap();
    bench.folder().remove_key(&first).unwrap();
    assert_eq!(bench.signer().keys().len(), 1);
}

#[test]
fn keys_are_private_and_a_key_that_others_may_read_is_not_used() {
    let bench = Bench::new(1);
    let folder = bench.folder();
    let key = folder.key_file_for_tests();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
    let error = Signer::open(folder).unwrap_err().to_string();
    assert!(error.contains("others may read it"), "{error}");
}

#[test]
fn a_memory_that_is_missing_or_damaged_is_no_empty_memory() {
    let bench = Bench::new(4);
    bench.sign().unwrap();
    let path = bench.folder().state();
    let sound = fs::read(&path).unwrap();
    for at in 0..sound.len() {
        let mut spoiled = sound.clone();
        spoiled[at] ^= 1;
        fs::write(&path, &spoiled).unwrap();
        if let Ok(signer) = Signer::open(bench.folder()) {
            // What is left are the words that stand for themselves: the origin and the instant.
            assert_eq!(signer.signed(), bench.log.head(), "byte {at}");
        }
    }
    fs::remove_file(&path).unwrap();
    assert!(Signer::open(bench.folder()).is_err());
    assert!(
        bench.folder().create(ORIGIN, &Entropy::System).is_ok(),
        "only whoever makes a new one begins from nothing"
    );
}

#[test]
fn whoever_waits_for_a_proof_gets_one_that_verifies() {
    let mut bench = Bench::new(3);
    let signer = bench.signer();
    let allowed = signer.keys();
    let verifiers: Vec<VerifierKey> = allowed.iter().map(|key| key.as_str().parse().unwrap()).collect();
    let kept = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = {
        let kept = Arc::clone(&kept);
        move |signed: &Signed| {
            kept.lock().unwrap().push(signed.size);
            Ok(())
        }
    };
    let clock = Clock::Set(SetClock::at(now()));
    let checkpointer = Checkpointer::start(signer, bench.log.reader(), allowed, clock, keep).unwrap();
    for position in 0..3 {
        let proof = checkpointer.prove(position).unwrap();
        let entry = bench.log.read(position).unwrap();
        assert_eq!(proof.verify(&entry, &verifiers).unwrap().checkpoint.size(), 3);
    }
    grow(&mut bench.log, 5, "x");
    let proof = checkpointer.prove(7).unwrap();
    let entry = bench.log.read(7).unwrap();
    assert_eq!(proof.verify(&entry, &verifiers).unwrap().checkpoint.size(), 8);
    assert!(proof.verify(&bench.log.read(6).unwrap(), &verifiers).is_err());
    grow(&mut bench.log, 1, "x");
    drop(checkpointer);
    assert_eq!(kept.lock().unwrap().last(), Some(&9), "what is left is signed at the end");
    assert_eq!(bench.signer().signed().size, 9);
}

#[test]
fn nothing_is_proven_by_a_log_that_lost_what_was_signed() {
    let mut bench = Bench::new(9);
    bench.sign().unwrap();
    bench.log = log_of(4, "x");
    let signer = bench.signer();
    let allowed = signer.keys();
    let clock = Clock::Set(SetClock::at(now()));
    let checkpointer = Checkpointer::start(signer, bench.log.reader(), allowed, clock, |_| Ok(())).unwrap();
    assert!(matches!(checkpointer.prove(0), Err(SignError::Behind { .. })));
}

#[test]
fn a_key_of_receipts_is_made_once_and_signs_no_checkpoints() {
    let bench = Bench::new(3);
    let made = bench.folder().receipt_key(&Entropy::System).unwrap().verifier();
    assert_eq!(bench.folder().receipt_key(&Entropy::System).unwrap().verifier(), made);
    assert_eq!(bench.signer().keys().len(), 1);
    let mut files: Vec<_> = fs::read_dir(bench.folder().path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("receipts-"));
    let [file] = files.try_into().unwrap();
    fs::copy(&file, file.with_file_name("receipts-copy.key")).unwrap();
    assert!(
        matches!(bench.folder().receipt_key(&Entropy::System), Err(SignError::File { .. })),
        "nobody chooses between two"
    );
    fs::remove_file(file.with_file_name("receipts-copy.key")).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(bench.folder().receipt_key(&Entropy::System), Err(SignError::File { .. })), "others may read it");
}

#[test]
fn a_checkpoint_of_another_history_or_of_entries_that_are_lost_proves_nothing_here() {
    let bench = Bench::new(9);
    let allowed = bench.signer().keys();
    let note = bench.signer().sign(&bench.log, &allowed, now()).unwrap();
    let signed = Signed { size: 9, note };
    assert_eq!(of_this_log(&bench.log, &signed).unwrap().size(), 9);
    assert_eq!(of_this_log(&log_of(12, "x"), &signed).unwrap().size(), 9, "a longer log has its checkpoints still");
    assert!(matches!(of_this_log(&log_of(8, "x"), &signed), Err(SignError::Behind { size: 8, .. })));
    assert!(matches!(of_this_log(&log_of(9, "y"), &signed), Err(SignError::Forked { .. })));
}
