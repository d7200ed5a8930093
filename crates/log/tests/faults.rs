//! Each write point fails twice: before it happened, and after it did. Nothing acknowledged is lost.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::fault::{Fault, FaultHook, Moment, WritePoint};
use ofrecord_log::{
    AppendError, BATCH_ENTRIES_MAX, EventLog as _, Identity, LogReader as _, NewEntry, NotWritten, OpenOptions,
    SledLog, WriteState,
};

/// Strikes at one point and moment, at the n-th time that the log comes by.
struct Strike {
    point: WritePoint,
    moment: Moment,
    countdown: AtomicU64,
}

impl Fault for Strike {
    fn strikes(&self, point: WritePoint, moment: Moment) -> bool {
        point == self.point && moment == self.moment && self.countdown.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

fn options(fault: FaultHook) -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, fault, ..OpenOptions::default() }
}

fn created(folder: &Path) -> SledLog {
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    SledLog::create(folder, &identity, &options(FaultHook::default())).unwrap()
}

fn strike(point: WritePoint, moment: Moment, nth: u64) -> FaultHook {
    FaultHook::new(Arc::new(Strike { point, moment, countdown: AtomicU64::new(nth) }))
}

/// Opens without faults: writable, sound, and holding all of `acknowledged`, perhaps also `unknown`.
fn check_reopened(folder: &Path, acknowledged: &[NewEntry], unknown: &[NewEntry], case: &str) -> usize {
    let log = SledLog::open(folder, &options(FaultHook::default())).unwrap();
    let state = log.health().write_state;
    assert_eq!(state, WriteState::Writable, "{case}");
    log.wait_for_background();
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{case}: {:?}", report.problems);
    let mut all = acknowledged.to_vec();
    if log.tree_size() > acknowledged.len() as u64 {
        all.extend_from_slice(unknown);
    }
    check_holds(&log, &all);
    all.len()
}

#[test]
fn an_append_that_fails_is_unknown_and_the_log_refuses_until_opened_again() {
    let points = [
        WritePoint::StoreInsert,
        WritePoint::StoreFlush,
        WritePoint::StoreSync,
        WritePoint::WitnessWrite,
        WritePoint::WitnessSync,
    ];
    for point in points {
        for moment in [Moment::Before, Moment::After] {
            let case = format!("{moment:?} {point:?}");
            let folders = tempfile::tempdir().unwrap();
            let folder = folders.path().join("ledger");
            let mut sample = SampleEntries::new();
            let mut acknowledged = sample.many(5);
            created(&folder).append(0, &acknowledged).unwrap();
            let mut log = SledLog::open(&folder, &options(strike(point, moment, 2))).unwrap();
            let more = sample.many(4);
            log.append(5, &more).unwrap();
            acknowledged.extend(more);
            let unknown = sample.many(3);
            let failed = log.append(9, &unknown);
            assert!(
                matches!(failed, Err(AppendError::Unknown { first_position: 9, count: 3, .. })),
                "{case}: {failed:?}"
            );
            assert_eq!(log.tree_size(), 9, "{case}");
            check_holds(&log, &acknowledged);
            let refused = log.append(9, &unknown);
            assert!(
                matches!(refused, Err(AppendError::NotWritten(NotWritten::Poisoned { .. }))),
                "{case}: {refused:?}"
            );
            drop(log);
            let held = check_reopened(&folder, &acknowledged, &unknown, &case);
            if (point, moment) != (WritePoint::StoreInsert, Moment::Before) {
                // The engine had the bytes, and an orderly exit let it finish.
                assert_eq!(held, 12, "{case}");
            }
        }
    }
}

#[test]
fn a_commit_of_many_blocks_is_there_whole_or_not_at_all() {
    for nth in 1..=4 {
        let folders = tempfile::tempdir().unwrap();
        let folder = folders.path().join("ledger");
        let mut sample = SampleEntries::new();
        let acknowledged = sample.many(3);
        created(&folder).append(0, &acknowledged).unwrap();
        let hook = strike(WritePoint::StoreInsert, Moment::After, nth);
        let mut log = SledLog::open(&folder, &options(hook)).unwrap();
        let unknown = sample.many(BATCH_ENTRIES_MAX);
        assert!(matches!(log.append(3, &unknown), Err(AppendError::Unknown { .. })));
        drop(log);
        let held = check_reopened(&folder, &acknowledged, &unknown, &format!("block {nth}"));
        assert_eq!(held, 3, "block {nth} was not the last");
        let mut log = SledLog::open(&folder, &options(FaultHook::default())).unwrap();
        log.append(3, &unknown).unwrap();
        drop(log);
        let mut all = acknowledged;
        all.extend(unknown);
        check_reopened(&folder, &all, &[], "appended again");
    }
}

#[test]
fn background_work_that_fails_costs_nothing_and_is_done_at_the_next_open() {
    let points = [
        WritePoint::IndexBatch,
        WritePoint::IndexFlush,
        WritePoint::SegmentWrite,
        WritePoint::SegmentSync,
        WritePoint::SegmentRename,
        WritePoint::SegmentFolderSync,
    ];
    let template = tempfile::tempdir().unwrap();
    let mut sample = SampleEntries::new();
    let mut before = Vec::new();
    {
        let mut log = created(&template.path().join("ledger"));
        for _ in 0..15 {
            let batch = sample.many(BATCH_ENTRIES_MAX);
            log.append(log.tree_size(), &batch).unwrap();
            before.extend(batch);
        }
        log.wait_for_background();
    }
    let last = sample.many(BATCH_ENTRIES_MAX);
    let after = sample.many(2);
    for point in points {
        for moment in [Moment::Before, Moment::After] {
            let case = format!("{moment:?} {point:?}");
            let folders = tempfile::tempdir().unwrap();
            let folder = folders.path().join("ledger");
            copy(&template.path().join("ledger"), &folder);
            let mut log = SledLog::open(&folder, &options(strike(point, moment, 1))).unwrap();
            log.append(log.tree_size(), &last).unwrap();
            log.wait_for_background();
            assert!(!log.health().notes.is_empty(), "{case} left no note");
            log.append(log.tree_size(), &after).unwrap();
            let all = [before.clone(), last.clone(), after.clone()].concat();
            check_holds(&log, &all);
            drop(log);
            check_reopened(&folder, &all, &[], &case);
            let log = SledLog::open(&folder, &options(FaultHook::default())).unwrap();
            log.wait_for_background();
            let health = log.health();
            assert_eq!((health.sealed_through, health.indexed_through), (65_536, 65_536), "{case}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
