//! Damage to any file of a ledger: opening and verifying report it or everything is there; never a panic, never a silent loss.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use ofrecord_acceptance::product;
use ofrecord_log::{EventLog, Identity, LogReader, OpenOptions, SledLog, WriteState};
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::mutation::Damage;
use ofrecord_testkit::outside::Binary;
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Random, Running, line};

const IN_PROCESS: u64 = 200;
const THROUGH_BINARY: u64 = 24;
const COMMANDS: usize = 160;

fn quiet() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

/// What a sound ledger holds: every entry's bytes, and the root.
struct Held {
    entries: Vec<Vec<u8>>,
    root: String,
}

impl Held {
    fn of(log: &dyn LogReader) -> Self {
        let entries = (0..log.tree_size()).map(|position| log.read(position).expect("a sound ledger"));
        Self { entries: entries.collect(), root: log.root().to_string() }
    }
}

/// The files of a ledger that damage is done to; the ballast holds nothing and the lock is nobody's.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() {
                folders.push(entry);
            } else if name != "ballast" && name != "lock" {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().expect("a name");
        if entry.is_dir() {
            copy(&entry, &to.join(name));
        } else if name != "ballast" {
            fs::copy(&entry, to.join(name)).expect("a copy");
        }
    }
}

/// Damages one file of a copy; says what was done.
fn damage(random: &mut Random, ledger: &Path) -> String {
    let all = files(ledger);
    let file = random.one_of(&all).clone();
    let mut bytes = fs::read(&file).expect("a file");
    // Most of a store's file is room that nothing was written to yet: damage that says something.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(bytes.len(), |last| last + 1);
    let done = Damage::draw(random, used.max(1));
    done.apply(&mut bytes);
    fs::write(&file, &bytes).expect("write the damage");
    format!("{}: {done}", file.strip_prefix(ledger).unwrap_or(&file).display())
}

/// What opening a damaged ledger came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// It says that it cannot be opened.
    Refused,
    /// It opens for reading only and says why.
    ReadOnly,
    /// It opens and verify lists what is wrong.
    Listed,
    /// Everything is there.
    Intact,
}

fn opened(ledger: &Path, held: &Held, place: &str) -> Came {
    let log = match SledLog::open(ledger, &quiet()) {
        Ok(log) => log,
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() > 10 && !said.contains("panicked"), "{place}: `{said}` says too little");
            return Came::Refused;
        }
    };
    log.wait_for_background();
    for (position, expected) in (0..).zip(&held.entries) {
        // What can be read is what was written; what cannot be read says so.
        if let Ok(bytes) = log.read(position) {
            assert_eq!(bytes, *expected, "{place}: position {position} has other bytes");
        }
    }
    if let WriteState::ReadOnly(degraded) = log.health().write_state {
        assert!(degraded.to_string().len() > 10, "{place}: {degraded:?} says too little");
        return Came::ReadOnly;
    }
    let report = log.verify(&mut |_| {});
    if !report.is_sound() {
        assert!(!report.problems.is_empty(), "{place}: unsound without a problem");
        return Came::Listed;
    }
    assert_eq!(log.tree_size(), u64::try_from(held.entries.len()).expect("few"), "{place}: a silent loss");
    assert_eq!(log.root().to_string(), held.root, "{place}");
    for (position, expected) in (0..).zip(&held.entries) {
        assert_eq!(log.read(position).ok().as_ref(), Some(expected), "{place}: sound, but {position} is not there");
    }
    Came::Intact
}

#[test]
fn damage_to_any_file_is_reported_or_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    let identity = Identity::new("ofrecord.test/mutation", "2022-01-01", BTreeMap::new());
    let log = SledLog::create(&whole, &identity, &quiet()).expect("a ledger");
    let reader = log.reader();
    let running = Running::over(Box::new(log), cloud_of(4)).expect("a writer");
    for draft in drafts(4, Range::Everything, COMMANDS) {
        drop(running.hear_draft(&draft));
    }
    running.close();
    let held = Held::of(reader.as_ref());
    drop(reader);
    let seed = seeds(2_000, 1).first().copied().unwrap_or(2_000);
    println!("seed {seed}, {} files, {} entries", files(&whole).len(), held.entries.len());
    let mut random = Random::new(seed);
    let mut came: BTreeMap<Came, u64> = BTreeMap::new();
    for number in 0..IN_PROCESS {
        let ledger = folder.path().join("copy");
        copy(&whole, &ledger);
        let done = damage(&mut random, &ledger);
        let place = format!("seed {seed}, damage {number}, {done}");
        let outcome = catch_unwind(AssertUnwindSafe(|| opened(&ledger, &held, &place)));
        match outcome {
            Ok(outcome) => *came.entry(outcome).or_default() += 1,
            Err(cause) => {
                let said = cause.downcast_ref::<String>().map_or("a panic", String::as_str).to_owned();
                panic!("{place}: {said}");
            }
        }
        fs::remove_dir_all(&ledger).expect("remove the copy");
    }
    println!("{came:?}");
    assert!(came.keys().any(|outcome| *outcome != Came::Intact), "the damage touched nothing: {came:?}");
}

#[test]
fn the_binary_reports_damage_and_never_panics() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    let binary = Binary::at(product::binary().expect("build the binary"));
    binary.init(&whole);
    let lines: Vec<String> =
        drafts(5, Range::Everything, COMMANDS).iter().map(|draft| line::of(&draft.request)).collect();
    let acknowledged = binary.submit(&whole, &lines);
    // That something was exported is an entry: it stands in a copy, and in each damaged one after what is compared.
    let reference = folder.path().join("reference");
    copy(&whole, &reference);
    let exported = binary.run(&reference, &["export"]).stdout;
    assert_eq!(exported.iter().filter(|byte| **byte == b'\n').count(), acknowledged.len());
    let seed = seeds(3_000, 1).first().copied().unwrap_or(3_000);
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let mut codes: BTreeMap<Option<i32>, u64> = BTreeMap::new();
    for number in 0..THROUGH_BINARY {
        let ledger = folder.path().join("copy");
        copy(&whole, &ledger);
        let done = damage(&mut random, &ledger);
        let place = format!("seed {seed}, damage {number}, {done}");
        let verified = binary.run(&ledger, &["verify"]);
        let error = String::from_utf8_lossy(&verified.stderr).into_owned();
        let said = format!("{}{error}", String::from_utf8_lossy(&verified.stdout));
        assert!(!said.contains("panicked"), "{place}: {said}");
        match verified.status.code() {
            // Said to be sound: then all of it comes out, byte for byte.
            Some(0) => assert_eq!(binary.run(&ledger, &["export"]).stdout, exported, "{place}: a silent loss"),
            Some(1 | 4) => assert!(said.len() > 20, "{place}: says too little: {said}"),
            code => panic!("{place}: exit code {code:?}: {said}"),
        }
        *codes.entry(verified.status.code()).or_default() += 1;
        fs::remove_dir_all(&ledger).expect("remove the copy");
    }
    println!("exit codes {codes:?}");
}
