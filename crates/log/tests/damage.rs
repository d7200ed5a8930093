//! No damage to any file of a ledger goes unnoticed, and what a copy covers comes back.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints its seed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::{
    BATCH_ENTRIES_MAX, Degraded, Directory, EventLog as _, Finding, Hash, Identity, LogReader as _, LostTail, NewEntry,
    OpenOptions, Problem, RepairOptions, SledLog, WriteState, repair,
};

const SEED: u64 = 20_260_101;

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

/// Numbers that are the same in each run with the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 += 1;
        let hash = Hash::of(&self.0.to_be_bytes());
        let (low, _) = hash.0.split_first_chunk::<8>().unwrap();
        usize::try_from(u64::from_be_bytes(*low) % bound as u64).unwrap()
    }
}

/// A closed ledger on disk, and what it holds.
struct Sound {
    _folders: tempfile::TempDir,
    folder: PathBuf,
    entries: Vec<NewEntry>,
}

fn written(counts: &[usize]) -> Sound {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    let mut log = SledLog::create(&folder, &identity, &options()).unwrap();
    let mut sample = SampleEntries::new();
    let mut entries = Vec::new();
    for count in counts {
        let batch = sample.many(*count);
        log.append(log.tree_size(), &batch).unwrap();
        entries.extend(batch);
    }
    log.wait_for_background();
    drop(log);
    Sound { _folders: folders, folder, entries }
}

/// One segment and a tail of 700 entries in commits of several sizes.
fn sealed_once() -> &'static Sound {
    static SOUND: OnceLock<Sound> = OnceLock::new();
    SOUND.get_or_init(|| {
        let mut counts = vec![BATCH_ENTRIES_MAX; 16];
        counts.extend([1, 99, 300, 2, 298]);
        written(&counts)
    })
}

fn small() -> &'static Sound {
    static SOUND: OnceLock<Sound> = OnceLock::new();
    SOUND.get_or_init(|| written(&[1, 5, 20, 1, 300, 2, 40]))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn damage(path: &Path, draw: &mut Draw) -> String {
    let mut bytes = fs::read(path).unwrap();
    if bytes.is_empty() {
        bytes.push(1);
        fs::write(path, bytes).unwrap();
        return "a byte added".to_owned();
    }
    let length = bytes.len();
    // A store's file is mostly empty space; damage shall mostly hit what is written.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(length, |last| last + 1);
    let what = match draw.below(5) {
        0 | 1 => {
            let at = draw.below(used);
            bytes[at] ^= 1 << draw.below(8);
            format!("bit flipped in byte {at} of {length}")
        }
        2 => {
            let kept = draw.below(used);
            bytes.truncate(kept);
            format!("cut to {kept} of {length}")
        }
        3 => {
            let zeroed = 1 + draw.below(used.min(512));
            bytes[used - zeroed..used].fill(0);
            format!("{zeroed} bytes before {used} zeroed")
        }
        _ => {
            let at = draw.below(used);
            let end = used.min(at + 1 + draw.below(5000));
            bytes[at..end].fill(0xa5);
            format!("bytes {at} to {end} overwritten")
        }
    };
    fs::write(path, bytes).unwrap();
    what
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Harmless,
    Noticed,
}

/// Opens a damaged ledger. All entries must be there, or the loss must have been said.
fn judge(folder: &Path, entries: &[NewEntry], case: &str) -> Outcome {
    let log = match SledLog::open(folder, &options()) {
        Ok(log) => log,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return Outcome::Noticed;
        }
    };
    let report = log.verify(&mut |_| {});
    let bytes = log.checker().verify_bytes(&mut |_| {});
    assert_eq!(bytes.problems, of_bytes(folder, report.problems.clone()), "{case}: the bytes alone");
    let state = log.health().write_state;
    if state == WriteState::Writable {
        assert_eq!(log.tree_size(), entries.len() as u64, "{case}: entries vanished in silence");
    }
    let size = log.tree_size();
    let mut wrong = 0;
    let scanned = log.scan(0, size, &mut |position, bytes| {
        if entries[usize::try_from(position).unwrap()].bytes != bytes {
            wrong += 1;
        }
        ControlFlow::Continue(())
    });
    assert_eq!(wrong, 0, "{case}: wrong bytes were returned");
    if report.is_sound() {
        assert_eq!(state, WriteState::Writable, "{case}");
        assert_eq!(scanned, Ok(()), "{case}: verification missed it");
        check_holds(&log, entries);
        Outcome::Harmless
    } else {
        Outcome::Noticed
    }
}

/// What is a matter of bytes among what a whole verification found.
fn of_bytes(folder: &Path, mut problems: Vec<Problem>) -> Vec<Problem> {
    let index = Directory::new(folder).index();
    problems.retain(|problem| match &problem.finding {
        Finding::Unreadable { .. } => problem.path != index,
        Finding::Degraded(_)
        | Finding::Missing
        | Finding::CopiesDiffer
        | Finding::Root { .. }
        | Finding::WitnessSlots { .. }
        | Finding::Identity => true,
        Finding::NotAnEntry { .. }
        | Finding::Position { .. }
        | Finding::Format { .. }
        | Finding::TimeRunsBack { .. }
        | Finding::StreamChain { .. }
        | Finding::Index { .. } => false,
    });
    problems
}

/// Repairs, and compares: everything is back, or what is lost is named.
fn mend(folder: &Path, sound: &Sound, case: &str) -> usize {
    let report = repair(folder, &RepairOptions { open: options(), lost_tail: LostTail::StayReadOnly }, &mut |_| {})
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    let log = SledLog::open(folder, &options()).unwrap_or_else(|error| panic!("{case}: {error}"));
    let held = usize::try_from(log.tree_size()).unwrap();
    check_holds(&log, &sound.entries[..held]);
    match report.lost {
        None => {
            assert_eq!(held, sound.entries.len(), "{case}: {report:?}");
            let health = log.health();
            assert_eq!(health.write_state, WriteState::Writable, "{case}: {report:?}");
            let verified = log.verify(&mut |_| {});
            assert!(verified.is_sound(), "{case}: {:?}", verified.problems);
        }
        Some(lost) => {
            assert_eq!(lost, held as u64..sound.entries.len() as u64, "{case}");
            let expected = Degraded::BehindWitness { log_size: lost.start, witness_size: lost.end };
            assert_eq!(log.health().write_state, WriteState::ReadOnly(expected), "{case}");
        }
    }
    held
}

fn mutate_all(sound: &Sound, rounds: usize, least_held: usize) {
    let mut draw = Draw(SEED);
    let names: Vec<PathBuf> = files(&sound.folder)
        .into_iter()
        .map(|path| path.strip_prefix(&sound.folder).unwrap().to_owned())
        .filter(|name| name != Path::new("lock") && name != Path::new("ballast"))
        .collect();
    let (mut harmless, mut noticed, mut whole) = (0, 0, 0);
    for round in 0..rounds {
        for name in &names {
            let work = tempfile::tempdir().unwrap();
            let folder = work.path().join("ledger");
            copy(&sound.folder, &folder);
            let what = damage(&folder.join(name), &mut draw);
            let case = format!("seed {SEED} round {round}: {}: {what}", name.display());
            match judge(&folder, &sound.entries, &case) {
                Outcome::Harmless => harmless += 1,
                Outcome::Noticed => noticed += 1,
            }
            let held = mend(&folder, sound, &case);
            assert!(held >= least_held, "{case}: {held} of {} are left", sound.entries.len());
            whole += usize::from(held == sound.entries.len());
        }
    }
    println!(
        "seed {SEED}: {} mutations of {} files, {noticed} noticed, {harmless} harmless, {whole} whole after repair",
        rounds * names.len(),
        names.len()
    );
}

#[test]
fn damage_to_a_ledger_without_segments_is_noticed_or_harmless() {
    mutate_all(small(), 27, 0);
}

#[test]
fn damage_to_a_sealed_ledger_costs_at_most_the_tail() {
    mutate_all(sealed_once(), 2, 65_536);
}

#[test]
fn every_file_but_the_tail_of_the_store_can_be_lost_and_comes_back() {
    let sound = sealed_once();
    for name in ["ledger.json", "head", "segments", "views", "segments/0000000000.seg", "views/index/runs"] {
        let work = tempfile::tempdir().unwrap();
        let folder = work.path().join("ledger");
        copy(&sound.folder, &folder);
        let path = folder.join(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        judge(&folder, &sound.entries, name);
        assert_eq!(mend(&folder, sound, name), sound.entries.len(), "{name}");
    }
}

#[test]
fn a_lost_store_leaves_the_sealed_entries_and_the_loss_is_named() {
    let sound = sealed_once();
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("ledger");
    copy(&sound.folder, &folder);
    fs::remove_dir_all(folder.join("log")).unwrap();
    assert_eq!(judge(&folder, &sound.entries, "log removed"), Outcome::Noticed);
    assert_eq!(mend(&folder, sound, "log removed"), 65_536);
    let given_up = RepairOptions { open: options(), lost_tail: LostTail::GiveUp };
    repair(&folder, &given_up, &mut |_| {}).unwrap();
    let log = SledLog::open(&folder, &options()).unwrap();
    assert_eq!(log.health().write_state, WriteState::Writable);
    check_holds(&log, &sound.entries[..65_536]);
}

#[test]
fn an_old_witness_or_an_old_store_is_noticed() {
    let sound = written(&[3, 3]);
    let work = tempfile::tempdir().unwrap();
    let (old, new) = (work.path().join("old"), work.path().join("new"));
    copy(&sound.folder, &old);
    let mut log = SledLog::open(&sound.folder, &options()).unwrap();
    let mut sample = SampleEntries::new();
    drop(sample.many(6));
    for _ in 0..5 {
        log.append(log.tree_size(), &sample.many(1)).unwrap();
    }
    drop(log);
    copy(&sound.folder, &new);
    fs::copy(old.join("head"), new.join("head")).unwrap();
    let log = SledLog::open(&new, &options()).unwrap();
    assert_eq!(
        log.health().write_state,
        WriteState::ReadOnly(Degraded::AheadOfWitness { log_size: 11, witness_size: 6 })
    );
    drop(log);
    fs::copy(sound.folder.join("head"), old.join("head")).unwrap();
    let log = SledLog::open(&old, &options()).unwrap();
    assert_eq!(
        log.health().write_state,
        WriteState::ReadOnly(Degraded::BehindWitness { log_size: 6, witness_size: 11 })
    );
}
