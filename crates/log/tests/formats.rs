//! Formats of entries and of ledgers: what an older version must not misread it refuses, before a newer one writes it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::entry::EntryFormat;
use ofrecord_log::fault::{Fault, FaultHook, Moment, WritePoint};
use ofrecord_log::{
    AppendError, BackupOptions, Degraded, EventLog as _, Finding, Identity, LEDGER_FORMAT, LogReader as _, LostTail,
    NewEntry, OpenError, OpenOptions, RepairAction, RepairError, RepairOptions, SledLog, WriteState, check_backup,
    repair, restore,
};

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

fn repaired(folder: &Path) -> Result<Vec<RepairAction>, RepairError> {
    let options = RepairOptions { open: options(), lost_tail: LostTail::StayReadOnly };
    repair(folder, &options, &mut |_| {}).map(|report| report.actions)
}

/// A ledger that a version wrote which knew format 1 alone, with its 17 entries.
struct Old {
    folders: tempfile::TempDir,
    entries: Vec<NewEntry>,
    sample: SampleEntries,
}

impl Old {
    fn laid_out() -> Self {
        let folders = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger-1");
        for inner in ["log", "segments", "views"] {
            fs::create_dir_all(folders.path().join(inner)).unwrap();
        }
        for file in ["ledger.json", "head", "log/conf", "log/snap.0000000000000189", "views/verified"] {
            fs::copy(from.join(file), folders.path().join(file)).unwrap();
        }
        let store = zstd::decode_all(fs::File::open(from.join("log/db.zst")).unwrap()).unwrap();
        fs::write(folders.path().join("log/db"), store).unwrap();
        let mut sample = SampleEntries::new();
        Self { folders, entries: sample.many(17), sample }
    }

    fn folder(&self) -> &Path {
        self.folders.path()
    }

    fn identity_file(&self) -> PathBuf {
        self.folder().join("ledger.json")
    }

    /// The format that the identity file states.
    fn format(&self) -> u64 {
        let identity: Identity = serde_json::from_slice(&fs::read(self.identity_file()).unwrap()).unwrap();
        identity.format
    }

    fn state_format(&self, format: u64) {
        let text = fs::read_to_string(self.identity_file()).unwrap();
        let stated = text.replace(&format!("\"format\": {}", self.format()), &format!("\"format\": {format}"));
        fs::write(self.identity_file(), stated).unwrap();
    }

    fn open(&self) -> SledLog {
        SledLog::open(self.folder(), &options()).unwrap()
    }

    fn entry(&mut self, format: EntryFormat) -> NewEntry {
        self.sample.entry_of(format, &["customer/0001"], "{\"note\":\"x\"}")
    }

    /// Appends entries of these formats in one batch.
    fn append(&mut self, log: &mut SledLog, formats: &[EntryFormat]) -> Result<(), AppendError> {
        let batch: Vec<NewEntry> = formats.iter().map(|format| self.entry(*format)).collect();
        let appended = log.append(log.tree_size(), &batch);
        self.entries.extend(batch);
        appended.map(|_| ())
    }

    /// It opens for writing, is sound, holds everything, and its file and its copy both state `format`.
    fn must_be_sound(&self, format: u64, case: &str) {
        let log = self.open();
        assert_eq!(log.health().write_state, WriteState::Writable, "{case}");
        assert_eq!(log.identity().format, format, "{case}");
        let report = log.verify(&mut |_| {});
        assert!(report.is_sound(), "{case}: {:?}", report.problems);
        check_holds(&log, &self.entries);
        drop(log);
        assert_eq!(self.format(), format, "{case}");
        fs::remove_file(self.identity_file()).unwrap();
        repaired(self.folder()).unwrap();
        assert_eq!(self.format(), format, "{case}: what the copy states");
    }
}

#[test]
fn a_new_ledger_may_hold_every_format() {
    let folders = tempfile::tempdir().unwrap();
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", [].into());
    assert_eq!((identity.format, LEDGER_FORMAT), (2, EntryFormat::NEWEST.number()));
    let folder = folders.path().join("ledger");
    let mut log = SledLog::create(&folder, &identity, &options()).unwrap();
    let mut sample = SampleEntries::new();
    let batch: Vec<NewEntry> =
        EntryFormat::ALL.into_iter().map(|format| sample.entry_of(format, &["customer/0001"], "{}")).collect();
    log.append(0, &batch).unwrap();
    assert_eq!(log.identity(), &identity);
    check_holds(&log, &batch);
}

#[test]
fn an_old_ledger_is_raised_by_its_first_entry_of_a_newer_format_and_by_nothing_else() {
    let mut old = Old::laid_out();
    let mut log = old.open();
    old.append(&mut log, &[EntryFormat::One, EntryFormat::One]).unwrap();
    assert_eq!((old.format(), log.identity().format), (1, 1));
    drop(log);
    old.must_be_sound(1, "entries of format 1");
    let mut log = old.open();
    old.append(&mut log, &[EntryFormat::One, EntryFormat::Two, EntryFormat::One]).unwrap();
    assert_eq!((old.format(), log.identity().format), (2, 2));
    assert!(log.verify(&mut |_| {}).is_sound());
    old.append(&mut log, &[EntryFormat::Two]).unwrap();
    drop(log);
    old.must_be_sound(2, "entries of format 2");
}

/// Fails one step of a raise, once.
struct Strike {
    point: WritePoint,
    moment: Moment,
    struck: AtomicBool,
}

impl Fault for Strike {
    fn strikes(&self, point: WritePoint, moment: Moment) -> bool {
        point == self.point && moment == self.moment && !self.struck.swap(true, Ordering::SeqCst)
    }
}

#[test]
fn a_raise_that_fails_at_any_step_leaves_a_ledger_whose_format_covers_its_entries() {
    for point in [WritePoint::IdentityWrite, WritePoint::IdentityCopy, WritePoint::StoreInsert] {
        for moment in [Moment::Before, Moment::After] {
            let case = format!("{moment:?} {point:?}");
            let mut old = Old::laid_out();
            let fault = FaultHook::new(Arc::new(Strike { point, moment, struck: AtomicBool::new(false) }));
            let mut log = SledLog::open(old.folder(), &OpenOptions { fault, ..options() }).unwrap();
            let refused = old.append(&mut log, &[EntryFormat::Two]).unwrap_err();
            let unknown = matches!(refused, AppendError::Unknown { .. });
            // The file is written before anything is done to the store, which therefore is as before.
            assert_eq!(unknown, point != WritePoint::IdentityWrite, "{case}: {refused}");
            drop(log);
            if old.open().tree_size() == 17 {
                old.entries.truncate(17);
            }
            let raised = (point, moment) != (WritePoint::IdentityWrite, Moment::Before);
            old.must_be_sound(if raised { 2 } else { 1 }, &case);
        }
    }
}

#[test]
fn a_raise_that_was_interrupted_is_completed_at_the_next_opening() {
    let old = Old::laid_out();
    old.state_format(2);
    old.must_be_sound(2, "the file is raised, its copy is not");
    let old = Old::laid_out();
    old.state_format(2);
    let actions = repaired(old.folder()).unwrap();
    assert_eq!(actions, [RepairAction::IdentityRestored { path: old.folder().join("log"), kept_aside: None }]);
    old.must_be_sound(2, "mended by a repair");
}

#[test]
fn an_older_identity_file_than_its_copy_makes_the_ledger_read_only_and_is_mended() {
    let mut old = Old::laid_out();
    let mut log = old.open();
    old.append(&mut log, &[EntryFormat::Two]).unwrap();
    drop(log);
    old.state_format(1);
    let log = old.open();
    let state = log.health().write_state;
    assert!(matches!(state, WriteState::ReadOnly(Degraded::Identity { .. })), "{state:?}");
    drop(log);
    assert!(matches!(repaired(old.folder()).unwrap().as_slice(), [RepairAction::IdentityRestored { .. }]));
    old.must_be_sound(2, "repaired");
}

#[test]
fn a_ledger_of_a_newer_format_is_neither_opened_nor_repaired() {
    let old = Old::laid_out();
    old.state_format(3);
    let refused = SledLog::open(old.folder(), &options()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, OpenError::NewerFormat { format: 3, newest: 2, .. }), "{refused:?}");
    let refused = repaired(old.folder()).unwrap_err();
    let newer = matches!(refused, RepairError::Open(OpenError::NewerFormat { format: 3, newest: 2, .. }));
    assert!(newer, "{refused:?}");
    assert_eq!(old.format(), 3, "nothing was restored from the copy");
}

#[test]
fn an_entry_above_the_format_of_its_ledger_is_found() {
    let mut old = Old::laid_out();
    let mut log = old.open();
    old.append(&mut log, &[EntryFormat::One, EntryFormat::Two]).unwrap();
    drop(log);
    // Both copies of the identity are lost, and somebody puts an old file in their place.
    old.state_format(1);
    let store = old.folder().join("log/db");
    let mut bytes = fs::read(&store).unwrap();
    bytes.iter_mut().take(20).for_each(|byte| *byte = 0xa5);
    fs::write(&store, bytes).unwrap();
    let actions = repaired(old.folder()).unwrap();
    assert!(actions.iter().any(|action| matches!(action, RepairAction::StoreRebuilt { .. })), "{actions:?}");
    let log = old.open();
    assert!(log.checker().verify_bytes(&mut |_| {}).is_sound(), "what an entry states is no matter of bytes");
    let report = log.verify(&mut |_| {});
    let found: Vec<(u64, &Finding)> = report
        .problems
        .iter()
        .map(|problem| (problem.positions.as_ref().map_or(0, |positions| positions.start), &problem.finding))
        .collect();
    assert_eq!(found, [(18, &Finding::Format { format: 2, allowed: 1 })]);
}

/// Fails once the files of a backup are there and before its manifest is.
struct BeforeManifest;

impl Fault for BeforeManifest {
    fn strikes(&self, point: WritePoint, moment: Moment) -> bool {
        (point, moment) == (WritePoint::ManifestWrite, Moment::Before)
    }
}

#[test]
fn a_backup_of_an_old_ledger_has_its_format_and_outlives_a_raise_whose_backup_failed() {
    let mut old = Old::laid_out();
    let folders = tempfile::tempdir().unwrap();
    let backup = folders.path().join("backup");
    let mut log = old.open();
    let take = |log: &SledLog, fault: FaultHook| {
        let options = BackupOptions { created_at: "2026-02-01T00:00:00.0000000Z".to_owned(), fault };
        log.backup().take(&backup, &options, &mut |_| {})
    };
    let must_hold = |size: u64, format: u64| {
        let check = check_backup(&backup, &mut |_| {}).unwrap();
        assert!(check.is_sound(), "{:?}", check.problems);
        let folder = folders.path().join(format!("restored-{size}-{format}"));
        restore(&backup, &folder, &options(), &mut |_| {}).unwrap();
        let log = SledLog::open(&folder, &options()).unwrap();
        assert_eq!((log.tree_size(), log.identity().format), (size, format));
        assert!(log.verify(&mut |_| {}).is_sound());
        drop(log);
        fs::remove_dir_all(folder).unwrap();
    };
    take(&log, FaultHook::default()).unwrap();
    must_hold(17, 1);
    old.append(&mut log, &[EntryFormat::Two]).unwrap();
    take(&log, FaultHook::new(Arc::new(BeforeManifest))).unwrap_err();
    must_hold(17, 1);
    take(&log, FaultHook::default()).unwrap();
    must_hold(18, 2);
}
