//! Verification in the background, and how far a log counts as verified across processes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::{
    AppendError, BATCH_ENTRIES_MAX, Degraded, EventLog as _, Finding, Identity, LogReader as _, LostTail, NotWritten,
    OpenOptions, RepairOptions, SledLog, WriteState, repair,
};

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

fn opened(folder: &Path) -> SledLog {
    SledLog::open(folder, &options()).unwrap()
}

/// A ledger in a folder of its own, with the sample that goes on where it ends.
struct Ledger {
    _folders: tempfile::TempDir,
    folder: PathBuf,
    sample: SampleEntries,
}

fn written(entries: usize) -> Ledger {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    let mut log = SledLog::create(&folder, &identity, &options()).unwrap();
    let mut sample = SampleEntries::new();
    let mut left = entries;
    while left > 0 {
        let count = left.min(BATCH_ENTRIES_MAX);
        log.append(log.tree_size(), &sample.many(count)).unwrap();
        left -= count;
    }
    log.wait_for_background();
    drop(log);
    Ledger { _folders: folders, folder, sample }
}

/// A copy of a ledger with one segment and a tail of 700 entries.
fn sealed() -> Ledger {
    static SOUND: OnceLock<Ledger> = OnceLock::new();
    let sound = SOUND.get_or_init(|| written(65_536 + 700));
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    copy(&sound.folder, &folder);
    Ledger { _folders: folders, folder, sample: sound.sample.clone() }
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

/// Flips a bit in place, as a bad sector would, under an open log.
fn flip(path: &Path, at: u64) {
    let file = fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
}

fn verified_through(folder: &Path) -> u64 {
    opened(folder).health().verified_through
}

#[test]
fn a_log_that_grows_is_verified_beside_its_writer_without_a_false_alarm() {
    let Ledger { _folders, folder, mut sample } = written(45_000);
    let mut log = opened(&folder);
    for round in 0..4 {
        let size = log.tree_size();
        log.verify_in_background().unwrap();
        for _ in 0..60 {
            log.append(log.tree_size(), &sample.many(150)).unwrap();
        }
        let report = log.wait_for_verification().unwrap();
        assert!(report.is_sound(), "round {round}: {:?}", report.problems);
        assert_eq!((report.head.size, report.entries), (size, size), "round {round}");
        let health = log.health();
        assert_eq!((health.verified_through, health.notes), (size, Vec::new()), "round {round}");
    }
    assert_eq!(log.wait_for_verification(), None, "none is under way");
    log.wait_for_background();
    assert_eq!((log.tree_size(), log.health().sealed_through), (81_000, 65_536));
}

#[test]
fn a_log_that_is_dropped_stops_its_verification_and_can_be_opened_at_once() {
    let Ledger { _folders, folder, mut sample } = sealed();
    for _ in 0..3 {
        let mut log = opened(&folder);
        log.verify_in_background().unwrap();
        log.append(log.tree_size(), &sample.many(1)).unwrap();
    }
    let log = opened(&folder);
    assert_eq!((log.tree_size(), log.health().write_state), (66_239, WriteState::Writable));
    assert!(log.verify(&mut |_| {}).is_sound());
}

#[test]
fn a_verification_that_is_told_to_stop_has_no_report_and_leaves_no_mark() {
    let Ledger { _folders, folder, .. } = written(9_000);
    let log = opened(&folder);
    assert_eq!(log.checker().verify_until(&AtomicBool::new(true), &mut |_| {}), None);
    assert_eq!(log.health().verified_through, 0);
    let stop = AtomicBool::new(false);
    let mut seen = Vec::new();
    let report = log.checker().verify_until(&stop, &mut |progress| {
        seen.push((progress.done, log.health().verified_through));
        stop.store(true, Ordering::Release);
    });
    assert_eq!((report, seen), (None, vec![(4096, 4096)]));
    drop(log);
    assert_eq!(verified_through(&folder), 0);
    let log = opened(&folder);
    assert!(log.checker().verify_until(&AtomicBool::new(false), &mut |_| {}).unwrap().is_sound());
}

#[test]
fn a_verification_of_the_bytes_alone_leaves_no_mark_and_takes_one_back_where_they_are_wrong() {
    let Ledger { _folders, folder, .. } = sealed();
    let (mark, size) = (folder.join("views/verified"), 66_236);
    let log = opened(&folder);
    let mut seen = Vec::new();
    let report = log.checker().verify_bytes(&mut |progress| seen.push((progress.done, progress.total)));
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.head.size, report.entries, report.segments), (size, size, 1));
    assert_eq!((seen.len(), seen.last()), (17, Some(&(size, size))));
    assert!(!mark.exists() && log.health().verified_through == 0);
    assert_eq!(log.checker().verify_bytes_until(&AtomicBool::new(true), &mut |_| {}), None);
    assert!(log.verify(&mut |_| {}).is_sound() && log.checker().verify_bytes(&mut |_| {}).is_sound());
    assert!(mark.exists() && log.health().verified_through == size, "a whole verification stays what it was");
    flip(&folder.join("segments/0000000000.seg"), 5000);
    assert!(!log.checker().verify_bytes_until(&AtomicBool::new(false), &mut |_| {}).unwrap().is_sound());
    assert!(!mark.exists() && log.health().verified_through == 0);
}

#[test]
fn how_far_a_log_was_verified_is_remembered_until_something_is_wrong() {
    let Ledger { _folders, folder, mut sample } = sealed();
    let mark = folder.join("views/verified");
    assert_eq!(verified_through(&folder), 0);
    let mut log = opened(&folder);
    log.verify_in_background().unwrap();
    assert!(log.wait_for_verification().unwrap().is_sound());
    log.append(log.tree_size(), &sample.many(5)).unwrap();
    assert_eq!(log.health().verified_through, 66_236);
    drop(log);
    let log = opened(&folder);
    assert_eq!((log.tree_size(), log.health().verified_through), (66_241, 66_236));
    assert_eq!(log.health().notes, Vec::new());
    assert!(log.verify(&mut |_| {}).is_sound());
    drop(log);
    assert_eq!(verified_through(&folder), 66_241);

    let kept = fs::read(&mark).unwrap();
    flip(&mark, 12);
    let log = opened(&folder);
    assert_eq!((log.health().verified_through, log.health().notes.len()), (0, 1), "{:?}", log.health().notes);
    drop(log);
    fs::write(&mark, &kept).unwrap();
    assert_eq!(verified_through(&folder), 66_241);
    fs::remove_file(&mark).unwrap();
    assert_eq!(verified_through(&folder), 0);

    fs::write(&mark, &kept).unwrap();
    flip(&folder.join("segments/0000000000.seg"), 5000);
    let log = opened(&folder);
    assert_eq!(log.health().verified_through, 66_241, "opening does not read the middle of a segment");
    assert!(!log.verify(&mut |_| {}).is_sound());
    assert_eq!(log.health().verified_through, 0);
    drop(log);
    assert!(!mark.exists());

    fs::write(&mark, &kept).unwrap();
    let mending = RepairOptions { open: options(), lost_tail: LostTail::StayReadOnly };
    assert_eq!(repair(&folder, &mending, &mut |_| {}).unwrap().actions.len(), 1);
    assert_eq!(verified_through(&folder), 0, "what was mended is not what was verified");
}

#[test]
fn the_mark_of_another_log_is_not_believed() {
    let (one, other) = (written(10), sealed());
    assert!(opened(&other.folder).verify(&mut |_| {}).is_sound());
    fs::copy(other.folder.join("views/verified"), one.folder.join("views/verified")).unwrap();
    let log = opened(&one.folder);
    let health = log.health();
    assert_eq!((health.verified_through, health.write_state), (0, WriteState::Writable));
    assert_eq!(health.notes[0].path, one.folder.join("views/verified"));
    assert!(log.verify(&mut |_| {}).is_sound());
    drop(log);
    assert_eq!(verified_through(&one.folder), 10);
}

#[test]
fn a_mark_that_cannot_be_written_is_noted_and_costs_nothing_else() {
    let Ledger { _folders, folder, mut sample } = written(10);
    fs::create_dir_all(folder.join("views/verified.new")).unwrap();
    let mut log = opened(&folder);
    log.verify_in_background().unwrap();
    assert!(log.wait_for_verification().unwrap().is_sound());
    let health = log.health();
    assert_eq!((health.verified_through, health.notes.len()), (10, 1));
    assert_eq!(health.notes[0].path, folder.join("views/verified"));
    log.append(10, &sample.many(1)).unwrap();
}

#[test]
fn damage_to_a_segment_found_in_the_background_is_noted_and_ends_all_appends() {
    let Ledger { _folders, folder, mut sample } = sealed();
    let mut log = opened(&folder);
    log.append(log.tree_size(), &sample.many(3)).unwrap();
    let segment = folder.join("segments/0000000000.seg");
    flip(&segment, 5000);
    log.verify_in_background().unwrap();
    let report = log.wait_for_verification().unwrap();
    assert!(!report.is_sound());
    let health = log.health();
    let WriteState::ReadOnly(Degraded::Segment { path, first_position: 0, .. }) = &health.write_state else {
        panic!("{:?}", health.write_state);
    };
    assert_eq!(path, &segment);
    assert!(health.notes.iter().all(|note| note.path == segment), "{:?}", health.notes);
    assert!(health.notes.iter().any(|note| note.finding.starts_with("positions 0 to ")), "{:?}", health.notes);
    assert_eq!(health.verified_through, 0);
    let refused = log.append(log.tree_size(), &sample.many(1));
    assert!(matches!(refused, Err(AppendError::NotWritten(NotWritten::ReadOnly(Degraded::Segment { .. })))));
    assert!(!log.read(66_238).unwrap().is_empty(), "reading goes on");
    drop(log);
    let mending = RepairOptions { open: options(), lost_tail: LostTail::StayReadOnly };
    repair(&folder, &mending, &mut |_| {}).unwrap();
    let mut log = opened(&folder);
    log.verify_in_background().unwrap();
    assert!(log.wait_for_verification().unwrap().is_sound());
    assert_eq!(log.health().write_state, WriteState::Writable);
}

#[test]
fn a_lost_witness_ends_all_appends_and_one_lost_slot_is_only_noted() {
    let Ledger { _folders, folder, mut sample } = written(10);
    let mut log = opened(&folder);
    flip(&folder.join("head"), 20);
    log.verify_in_background().unwrap();
    let report = log.wait_for_verification().unwrap();
    assert_eq!(report.problems[0].finding, Finding::WitnessSlots { sound: 1 });
    let health = log.health();
    assert_eq!((health.write_state, health.notes.len()), (WriteState::Writable, 1));
    assert_eq!(health.notes[0].path, folder.join("head"));
    log.append(10, &sample.many(2)).unwrap();
    fs::remove_file(folder.join("head")).unwrap();
    log.verify_in_background().unwrap();
    log.wait_for_verification().unwrap();
    let lost = Degraded::WitnessUnreadable { path: folder.join("head") };
    assert_eq!(log.health().write_state, WriteState::ReadOnly(lost));
    assert!(log.append(12, &sample.many(1)).is_err());
    check_holds(&log, &SampleEntries::new().many(12));
}
