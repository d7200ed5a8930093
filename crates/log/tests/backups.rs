//! A backup holds exactly what was acknowledged when it began, and an interrupted one leaves the earlier as it was.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "backups/room.rs"]
mod room;
#[path = "backups/stage.rs"]
mod stage;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ofrecord_log::contract::SampleEntries;
use ofrecord_log::fault::{FaultHook, Moment, WritePoint};
use ofrecord_log::{
    BackupError, BackupOptions, BackupUnreadable, Degraded, EventLog as _, Head, LogReader as _, Manifest, NewEntry,
    SledLog, check_backup,
};

use room::free;
use stage::{Draw, Ledger, TAKEN_AT, files, identity, options, strike};

const SEED: u64 = 20_260_201;

/// Checks a backup, and gives what it holds.
fn sound(folder: &Path, case: &str) -> Head {
    let check = check_backup(folder, &mut |_| {}).unwrap_or_else(|error| panic!("{case}: could not {error}"));
    assert!(check.is_sound(), "{case}: {:?}", check.problems);
    let manifest = check.manifest.unwrap();
    assert_eq!(check.entries, manifest.size, "{case}");
    manifest.head()
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn refused(ledger: &Ledger, folder: &Path) -> BackupError {
    let before = files(folder);
    let error = ledger.back_up(folder).unwrap_err();
    assert_eq!(files(folder), before, "a refused backup wrote something: {error}");
    error
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_alone() {
    let ledger = Ledger::of(3);
    let folder = ledger.beside("backup");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("letters"), b"dear").unwrap();
    let error = refused(&ledger, &folder);
    assert!(matches!(&error, BackupError::NotABackup { found, .. } if found.ends_with("letters")), "{error}");
    let error = refused(&ledger, &ledger.beside("ledger"));
    assert!(matches!(error, BackupError::NotABackup { .. }), "{error}");
}

#[test]
fn a_backup_of_another_ledger_a_longer_log_or_another_history_is_refused_and_left_alone() {
    let mut ledger = Ledger::of(300);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();

    let mut other = SledLog::create(&ledger.beside("other"), &identity("example.org/other"), &options()).unwrap();
    other.append(0, &SampleEntries::new().many(400)).unwrap();
    let mut shorter = Ledger::of(299);
    let mut fork = SampleEntries::new();
    let mut forked: Vec<NewEntry> = fork.many(299);
    forked.push(fork.entry(&["customer/0001"], "{\"note\":\"another\"}"));
    forked.extend(fork.many(50));
    let diverged = SledLog::create(&ledger.beside("fork"), &identity("example.org/ledger"), &options());
    let mut diverged = diverged.unwrap();
    diverged.append(0, &forked).unwrap();

    std::mem::swap(&mut ledger.log, &mut other);
    let error = refused(&ledger, &folder);
    assert!(matches!(&error, BackupError::OtherLedger { ledger, .. } if ledger == "example.org/other"), "{error}");
    let error = refused(&shorter, &folder);
    assert!(matches!(error, BackupError::Longer { backup_size: 300, ledger_size: 299, .. }), "{error}");
    std::mem::swap(&mut shorter.log, &mut diverged);
    let error = refused(&shorter, &folder);
    assert!(matches!(error, BackupError::AnotherHistory { size: 300, .. }), "{error}");
    assert_eq!(sound(&folder, "after refusals").size, 300);
}

#[test]
fn two_backups_into_one_folder_at_a_time_are_refused() {
    let ledger = Ledger::of(3);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let other = fs::File::open(&folder).unwrap();
    other.lock().unwrap();
    let error = refused(&ledger, &folder);
    assert!(matches!(error, BackupError::Busy { .. }), "{error}");
    drop(other);
    ledger.back_up(&folder).unwrap();
}

#[test]
fn a_damaged_ledger_is_not_backed_up() {
    let mut ledger = Ledger::of(20);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let place = ledger.beside("ledger");
    drop(std::mem::replace(&mut ledger.log, Ledger::of(0).log));
    fs::remove_file(place.join("head")).unwrap();
    ledger.log = SledLog::open(&place, &options()).unwrap();
    let error = refused(&ledger, &folder);
    assert!(matches!(error, BackupError::Degraded(Degraded::WitnessUnreadable { .. })), "{error}");
}

#[test]
fn a_folder_with_a_damaged_or_a_newer_manifest_is_refused_and_left_alone() {
    let ledger = Ledger::of(5);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let manifest = folder.join("backup.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"size\": 5", "\"size\": 4")).unwrap();
    let error = refused(&ledger, &folder);
    assert!(matches!(error, BackupError::Unreadable(BackupUnreadable::Manifest { .. })), "{error}");
    fs::write(&manifest, text.replace("\"backup_format\": 1", "\"backup_format\": 2")).unwrap();
    let error = refused(&ledger, &folder);
    assert!(matches!(error, BackupError::Unreadable(BackupUnreadable::NewerFormat { format: 2, .. })), "{error}");
    let error = check_backup(&ledger.beside("nowhere"), &mut |_| {}).unwrap_err();
    assert!(matches!(error, BackupUnreadable::Missing { .. }), "{error}");
}

#[test]
fn a_segment_that_was_damaged_in_the_ledger_is_not_copied() {
    let ledger = Ledger::of(65_600);
    let folder = ledger.beside("backup");
    let segment = ledger.beside("ledger/segments/0000000000.seg");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[5_000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let error = ledger.back_up(&folder).unwrap_err();
    assert!(matches!(&error, BackupError::Damaged { path, .. } if *path == segment), "{error}");
    assert!(matches!(check_backup(&folder, &mut |_| {}), Err(BackupUnreadable::Missing { .. })));
}

#[test]
fn no_file_gets_its_name_before_all_that_wait_with_it_are_on_the_device() {
    let ledger = Ledger::of(20 * 256);
    for nth in 1..=20 {
        for moment in [Moment::Before, Moment::After] {
            let folder = ledger.beside("backup");
            let error = ledger.back_up_with(&folder, strike(WritePoint::CopySync, moment, nth)).unwrap_err();
            assert!(matches!(error, BackupError::Write { .. }), "{error}");
            let left = files(&folder.join("tail"));
            assert_eq!(left.len(), 20, "sync {nth}");
            assert!(left.keys().all(|name| name.extension().is_some_and(|end| end == "new")), "sync {nth}: {left:?}");
            fs::remove_dir_all(folder).unwrap();
        }
    }
}

#[test]
fn a_backup_that_is_stopped_leaves_the_earlier_one_and_the_next_one_is_whole() {
    let mut ledger = Ledger::of(20 * 256);
    let folder = ledger.beside("backup");
    let earlier = ledger.back_up(&folder).unwrap().head;
    ledger.grow(20 * 256);
    let (stop, mut parts) = (AtomicBool::new(false), 0);
    let options = BackupOptions { created_at: TAKEN_AT.to_owned(), fault: FaultHook::default() };
    let stopped = ledger.log.backup().take_until(&stop, &folder, &options, &mut |_| {
        parts += 1;
        stop.store(parts == 25, Ordering::Release);
    });
    assert!(matches!(stopped, Err(BackupError::Stopped)) && parts == 25, "{stopped:?} after {parts}");
    assert_eq!(sound(&folder, "stopped"), earlier);
    assert_eq!(ledger.back_up(&folder).unwrap().head, ledger.log.head());
}

#[test]
fn a_backup_without_room_is_refused_and_says_what_it_needs() {
    let mut ledger = Ledger::of(65_536 + 700);
    let folder = ledger.beside("backup");
    for round in ["first", "incremental"] {
        fs::create_dir_all(&folder).unwrap();
        let earlier = files(&folder);
        let error = ledger.back_up_with(&folder, free(1)).unwrap_err();
        let BackupError::NoRoom { path, needed_bytes, free_bytes: 1 } = &error else { panic!("{round}: {error}") };
        assert!(*path == folder && files(&folder) == earlier, "{round}: something was written");
        let error = ledger.back_up_with(&folder, free(needed_bytes - 1)).unwrap_err();
        assert!(matches!(error, BackupError::NoRoom { .. }), "{round}: {error}");
        let report = ledger.back_up_with(&folder, free(*needed_bytes)).unwrap();
        let written = report.copied.bytes;
        assert!((written..written + 100_000).contains(needed_bytes), "{round}: {needed_bytes} for {written}");
        ledger.grow(800);
    }
    // What an interrupted one left gives way.
    let error = ledger.back_up_with(&folder, strike(WritePoint::ManifestWrite, Moment::Before, 1)).unwrap_err();
    assert!(matches!(error, BackupError::Write { .. }), "{error}");
    let error = ledger.back_up_with(&folder, free(0)).unwrap_err();
    let BackupError::NoRoom { needed_bytes, free_bytes, .. } = error else { panic!("{error}") };
    assert!(free_bytes > 0);
    ledger.back_up_with(&folder, free(needed_bytes - free_bytes)).unwrap();
    sound(&folder, "in the end");
}

/// Each step of a growing ledger is backed up into one folder and, whole, into another: they must not differ.
fn incremental_equals_full(sizes: &[usize]) {
    let mut ledger = Ledger::of(0);
    let folder = ledger.beside("incremental");
    for size in sizes {
        let case = format!("size {size}");
        ledger.grow(size - ledger.entries.len());
        let report = ledger.back_up(&folder).unwrap();
        assert_eq!(report.head, ledger.log.head(), "{case}");
        assert_eq!(sound(&folder, &case), report.head, "{case}");
        let full = ledger.beside(&format!("full-{size}"));
        let whole = ledger.back_up(&full).unwrap();
        assert_eq!(whole.kept.count, 0, "{case}");
        assert_eq!(
            (report.copied.count + report.kept.count, report.copied.bytes + report.kept.bytes),
            (whole.copied.count, whole.copied.bytes),
            "{case}"
        );
        assert!(files(&folder) == files(&full), "{case}: an incremental backup is not a full one");
        let again = ledger.back_up(&folder).unwrap();
        assert_eq!((again.copied.count, again.kept.count), (0, whole.copied.count), "{case}");
        assert!(files(&folder) == files(&full), "{case}: a repeated backup changed something");
        fs::remove_dir_all(full).unwrap();
    }
}

#[test]
fn an_incremental_backup_has_the_files_of_a_full_one_below_a_segment() {
    incremental_equals_full(&[0, 1, 255, 256, 257, 1_000]);
}

#[test]
fn an_incremental_backup_has_the_files_of_a_full_one_where_a_segment_is_sealed() {
    let random = 70_000 + Draw(SEED).below(5_000);
    println!("seed {SEED}: {random} entries");
    incremental_equals_full(&[65_535, 65_536, 65_537, random]);
}

#[test]
fn a_file_that_vanished_or_was_cut_off_is_copied_again() {
    let ledger = Ledger::of(65_536 + 600);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let right = files(&folder);
    for name in ["segments/0000000000.seg", "tail/000000065792-256.bundle", "tail/000000066048-088.bundle"] {
        fs::remove_file(folder.join(name)).unwrap();
        let report = ledger.back_up(&folder).unwrap();
        assert_eq!(report.copied.count, 1, "{name}");
        fs::write(folder.join(name), b"cut off").unwrap();
        let report = ledger.back_up(&folder).unwrap();
        assert_eq!(report.copied.count, 1, "{name}");
        assert!(files(&folder) == right, "{name}");
    }
}

#[test]
fn a_backup_that_fails_at_any_point_leaves_the_earlier_one_or_itself() {
    let mut ledger = Ledger::of(700);
    let earlier_folder = ledger.beside("earlier");
    let earlier = ledger.back_up(&earlier_folder).unwrap().head;
    ledger.grow(900);
    let mut struck = 0;
    for point in WritePoint::BACKUP {
        for moment in [Moment::Before, Moment::After] {
            for nth in [1, 2, 4] {
                let case = format!("{moment:?} {point:?} at time {nth}");
                for (name, begins) in [("incremental", Some(earlier)), ("first", None)] {
                    let folder = ledger.beside(name);
                    if begins.is_some() {
                        copy(&earlier_folder, &folder);
                    }
                    let failed = ledger.back_up_with(&folder, strike(point, moment, nth));
                    struck += usize::from(failed.is_err());
                    assert!(nth > 1 || failed.is_err(), "{case}: the fault never struck");
                    let may_be_new = failed.is_ok()
                        || point == WritePoint::LeftoverRemove
                        || (point, moment) == (WritePoint::ManifestWrite, Moment::After);
                    let expected = if may_be_new { Some(ledger.log.head()) } else { begins };
                    match expected {
                        Some(head) => assert_eq!(sound(&folder, &case), head, "{name}, {case}"),
                        None => assert!(
                            matches!(check_backup(&folder, &mut |_| {}), Err(BackupUnreadable::Missing { .. })),
                            "{case}: an unfinished first backup looks like one"
                        ),
                    }
                    ledger.back_up(&folder).unwrap_or_else(|error| panic!("{name}, {case}: could not {error}"));
                    assert_eq!(sound(&folder, &case), ledger.log.head(), "{case}");
                    let whole = ledger.beside("whole");
                    ledger.back_up(&whole).unwrap();
                    assert!(files(&folder) == files(&whole), "{name}, {case}: something was left behind");
                    fs::remove_dir_all(folder).unwrap();
                }
            }
        }
    }
    println!("{struck} faults");
}

#[test]
fn no_byte_of_a_backup_changes_unnoticed() {
    let mut draw = Draw(SEED);
    let ledger = Ledger::of(65_536 + 300);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let right = files(&folder);
    for (name, bytes) in &right {
        let path = folder.join(name);
        for round in 0..16 {
            let mut damaged = bytes.clone();
            let at = draw.below(bytes.len());
            damaged[at] ^= 1 << draw.below(8);
            fs::write(&path, damaged).unwrap();
            let case = format!("seed {SEED} round {round}: {} byte {at}", name.display());
            if let Ok(check) = check_backup(&folder, &mut |_| {}) {
                let named = check.problems.first().map(|problem| problem.path.clone());
                assert_eq!(named, Some(path.clone()), "{case}: {:?}", check.problems);
            }
        }
        fs::write(&path, bytes).unwrap();
        fs::remove_file(&path).unwrap();
        if let Ok(check) = check_backup(&folder, &mut |_| {}) {
            assert!(!check.is_sound(), "{} was removed and nobody noticed", name.display());
        }
        fs::write(&path, bytes).unwrap();
    }
    sound(&folder, "restored");
    println!("seed {SEED}: 16 flips in each of {} files", right.len());
}

#[test]
fn a_backup_taken_beside_a_writer_is_a_prefix_with_its_root() {
    let mut ledger = Ledger::of(60_000);
    let taking = ledger.log.backup();
    let folders: Vec<_> = (0..6).map(|number| ledger.beside(&format!("backup-{}", number % 2))).collect();
    let heads = std::thread::scope(|scope| {
        let takes = scope.spawn(move || {
            let options = BackupOptions { created_at: TAKEN_AT.to_owned(), fault: FaultHook::default() };
            let take = |folder: &std::path::PathBuf| {
                let head = taking.take(folder, &options, &mut |_| {}).unwrap().head;
                assert_eq!(sound(folder, "beside a writer"), head);
                head
            };
            folders.iter().map(take).collect::<Vec<Head>>()
        });
        while !takes.is_finished() {
            ledger.grow(150);
        }
        takes.join().unwrap()
    });
    for head in &heads {
        assert_eq!(ledger.log.root_at(head.size).unwrap(), head.root, "at {}", head.size);
    }
    let last = ledger.log.tree_size();
    println!("{} backups of {} to {} entries while it grew to {last}", heads.len(), heads[0].size, heads[5].size);
    assert!(heads[5].size > heads[0].size, "nothing was appended meanwhile");
}

#[test]
fn a_manifest_says_what_the_backup_holds() {
    let ledger = Ledger::of(65_536 + 257);
    let folder = ledger.beside("backup");
    ledger.back_up(&folder).unwrap();
    let manifest = Manifest::read(&folder).unwrap();
    assert_eq!((manifest.head(), manifest.created_at.as_str()), (ledger.log.head(), TAKEN_AT));
    assert_eq!(&manifest.identity, ledger.log.identity());
    let names: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["segments/0000000000.seg", "tail/000000065536-256.bundle", "tail/000000065792-001.bundle"]);
    let segment = fs::read(ledger.beside("ledger/segments/0000000000.seg")).unwrap();
    assert!(fs::read(folder.join("segments/0000000000.seg")).unwrap() == segment);
}
