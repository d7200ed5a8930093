//! A process that is killed while it appends loses nothing that it had acknowledged.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::{EventLog as _, Hash, Identity, LogReader as _, NewEntry, OpenOptions, SledLog, WriteState};

const FOLDER: &str = "OFRECORD_LOG_KILLED_FOLDER";
const SEED: u64 = 3;
const ROUNDS: u64 = 12;

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

/// The same commits in each run: how many entries each has follows from where it begins.
fn next_commit(sample: &mut SampleEntries) -> Vec<NewEntry> {
    let draw = Hash::of(&sample.position().to_be_bytes()).0;
    let [low, high, ..] = draw;
    let count = if low < 8 { 2000 } else { 1 + usize::from(high) % 40 };
    sample.many(count)
}

/// The child: appends for ever, and prints the size after each acknowledgement.
#[test]
#[ignore = "started by the test below, which kills it"]
fn appends_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut log = SledLog::open(Path::new(&folder), &options()).unwrap();
    let mut sample = SampleEntries::new();
    while sample.position() < log.tree_size() {
        next_commit(&mut sample);
    }
    assert_eq!(sample.position(), log.tree_size(), "the log ends within a commit");
    loop {
        let commit = next_commit(&mut sample);
        let appended = log.append(log.tree_size(), &commit).unwrap();
        println!("acknowledged {}", appended.tree_size);
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_acknowledged() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    drop(SledLog::create(&folder, &identity, &options()).unwrap());
    for round in 0..ROUNDS {
        let [draw, ..] = Hash::of(&(SEED + round).to_be_bytes()).0;
        let acknowledged = killed_after(&folder, 1 + u64::from(draw) % 40);
        let log = SledLog::open(&folder, &options()).unwrap();
        let size = log.tree_size();
        assert!(size >= acknowledged, "seed {SEED} round {round}: {size} of {acknowledged} are left");
        assert_eq!(log.health().write_state, WriteState::Writable, "seed {SEED} round {round}");
        let mut sample = SampleEntries::new();
        let mut expected = Vec::new();
        while sample.position() < size {
            expected.extend(next_commit(&mut sample));
        }
        check_holds(&log, &expected);
    }
    let log = SledLog::open(&folder, &options()).unwrap();
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    println!("seed {SEED}: killed {ROUNDS} times, {} entries", log.tree_size());
}

/// Starts the child, kills it after some acknowledgements, and returns the last size it printed.
fn killed_after(folder: &Path, acknowledgements: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "appends_until_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut seen, mut acknowledged) = (0, 0);
    let mut take = |line: String| {
        if let Some((_, size)) = line.rsplit_once("acknowledged ") {
            acknowledged = size.parse().unwrap();
            seen += 1;
        }
        seen
    };
    for line in lines.by_ref() {
        if take(line.unwrap()) >= acknowledgements {
            break;
        }
    }
    child.kill().unwrap();
    for line in lines.map_while(Result::ok) {
        take(line);
    }
    child.wait().unwrap();
    acknowledged
}
