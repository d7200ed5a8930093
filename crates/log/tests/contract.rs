//! Every engine keeps the contract of the event log.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::{
    AppendError, EventLog, FaultyLog, Identity, LogReader, MemoryLog, NotWritten, OpenOptions, Planned, SledLog,
};

const ORIGIN: &str = "example.org/ledger";

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

fn created(folder: &Path) -> SledLog {
    let identity = Identity::new(ORIGIN, "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    SledLog::create(folder, &identity, &options()).unwrap()
}

#[test]
fn the_memory_log_keeps_the_contract() {
    ofrecord_log::contract::run(&mut || Box::new(MemoryLog::new(ORIGIN)));
}

#[test]
fn the_faulty_log_without_a_fault_keeps_the_contract() {
    ofrecord_log::contract::run(&mut || Box::new(FaultyLog::new(Box::new(MemoryLog::new(ORIGIN)))));
}

#[test]
fn the_sled_log_keeps_the_contract() {
    let folders = tempfile::tempdir().unwrap();
    let mut count = 0;
    ofrecord_log::contract::run(&mut || {
        count += 1;
        Box::new(created(&folders.path().join(count.to_string())))
    });
}

#[test]
fn a_fault_before_the_write_leaves_the_log_as_it_was() {
    for planned in [Planned::FailBefore, Planned::DiskFull] {
        let mut log = FaultyLog::new(Box::new(MemoryLog::new(ORIGIN)));
        let mut sample = SampleEntries::new();
        let entries = sample.many(3);
        log.script().push(planned);
        assert!(matches!(log.append(0, &entries), Err(AppendError::NotWritten(_))));
        assert_eq!(log.tree_size(), 0);
        log.append(0, &entries).unwrap();
        check_holds(&log, &entries);
    }
}

#[test]
fn after_an_unknown_outcome_the_log_refuses_until_opened_again() {
    for (planned, size_after) in [(Planned::UnknownNotWritten, 2), (Planned::UnknownWritten, 5)] {
        let mut log = FaultyLog::new(Box::new(MemoryLog::new(ORIGIN)));
        let mut sample = SampleEntries::new();
        log.append(0, &sample.many(2)).unwrap();
        let entries = sample.many(3);
        log.script().push(planned);
        assert!(matches!(log.append(2, &entries), Err(AppendError::Unknown { first_position: 2, count: 3, .. })));
        assert_eq!(log.tree_size(), 2);
        assert_eq!(log.find_command(SampleEntries::command_id(2)), Ok(None));
        assert!(matches!(log.append(2, &entries), Err(AppendError::NotWritten(NotWritten::Poisoned { .. }))));
        let log = log.reopen();
        assert_eq!(log.tree_size(), size_after);
    }
}

#[test]
fn a_sled_log_holds_everything_when_it_is_opened_again() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let mut sample = SampleEntries::new();
    let mut all = Vec::new();
    drop(created(&folder));
    for count in [1, 40, 700, 1] {
        let mut log = SledLog::open(&folder, &options()).unwrap();
        check_holds(&log, &all);
        let entries = sample.many(count);
        log.append(log.tree_size(), &entries).unwrap();
        all.extend(entries);
    }
    let log = SledLog::open(&folder, &options()).unwrap();
    check_holds(&log, &all);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!(report.entries, 742);
}
