//! A restored ledger is the one that was backed up, and an interrupted or refused restore is no ledger.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "backups/room.rs"]
mod room;
#[path = "backups/stage.rs"]
mod stage;

use std::fs;
use std::path::Path;

use ofrecord_log::contract::check_holds;
use ofrecord_log::fault::{FaultHook, Moment, WritePoint};
use ofrecord_log::{
    BackupFinding, BackupOptions, BackupUnreadable, CreateError, EventLog as _, Hash, LogReader as _, Manifest,
    NewEntry, OpenError, OpenOptions, RestoreError, SledLog, WriteState, check_backup, restore,
};

use room::free;
use stage::{Draw, Ledger, files, options, strike};

const SEED: u64 = 20_260_202;

fn restored(backup: &Path, folder: &Path, fault: FaultHook) -> Result<(), RestoreError> {
    let options = OpenOptions { fault, ..options() };
    let report = restore(backup, folder, &options, &mut |_| {})?;
    assert_eq!(report.problem, None);
    Ok(())
}

/// Opens a restored ledger: writable, sound and holding these entries.
fn check(folder: &Path, entries: &[NewEntry], case: &str) -> SledLog {
    let log = SledLog::open(folder, &options()).unwrap_or_else(|error| panic!("{case}: could not {error}"));
    assert_eq!(log.health().write_state, WriteState::Writable, "{case}");
    check_holds(&log, entries);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{case}: {:?}", report.problems);
    log
}

fn is_no_ledger(folder: &Path, case: &str) {
    let opened = SledLog::open(folder, &options());
    assert!(
        matches!(
            opened,
            Err(OpenError::Missing { .. } | OpenError::NotALedger { .. } | OpenError::CreationInterrupted { .. })
        ),
        "{case}: {opened:?}"
    );
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let ledger = Ledger::of(3);
    let (backup, folder) = (ledger.beside("backup"), ledger.beside("new"));
    ledger.back_up(&backup).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("letters"), b"dear").unwrap();
    for occupied in [&folder, &ledger.beside("ledger"), &backup] {
        let before = files(occupied);
        let refused = restored(&backup, occupied, FaultHook::default());
        assert!(matches!(refused, Err(RestoreError::Create(CreateError::NotEmpty { .. }))), "{refused:?}");
        assert!(files(occupied) == before, "{}", occupied.display());
    }
    let refused = restored(&ledger.beside("nowhere"), &ledger.beside("newer"), FaultHook::default());
    assert!(matches!(refused, Err(RestoreError::Unreadable(_))), "{refused:?}");
    assert!(!ledger.beside("newer").exists());
}

#[test]
fn a_restore_without_room_is_refused_before_anything_is_written() {
    let ledger = Ledger::of(65_536 + 700);
    let (backup, folder) = (ledger.beside("backup"), ledger.beside("new"));
    let copied = ledger.back_up(&backup).unwrap().copied.bytes;
    let error = restored(&backup, &folder, free(1)).unwrap_err();
    let RestoreError::NoRoom { path, needed_bytes, free_bytes: 1 } = error else { panic!("{error}") };
    assert!(path == folder && !folder.exists(), "something was written");
    assert!(needed_bytes > 3 * copied, "{needed_bytes} for {copied}");
    let refused = restored(&backup, &folder, free(needed_bytes - 1));
    assert!(matches!(refused, Err(RestoreError::NoRoom { .. })), "{refused:?}");
    assert!(restored(&backup, &folder, strike(WritePoint::StoreSync, Moment::Before, 2)).is_err());
    let error = restored(&backup, &folder, free(0)).unwrap_err();
    let RestoreError::NoRoom { free_bytes, .. } = error else { panic!("{error}") };
    assert!(free_bytes > 0, "what an interrupted one left gives way");
    restored(&backup, &folder, free(needed_bytes - free_bytes)).unwrap();
    let used: usize = files(&folder).values().map(Vec::len).sum();
    println!("{used} bytes used, {needed_bytes} asked for, {copied} in the backup");
    check(&folder, &ledger.entries, "with just enough room");
}

/// Backs up and restores at each size, and goes on with the restored ledger as with the first.
fn round_trips(sizes: &[usize]) {
    let mut ledger = Ledger::of(0);
    let backup = ledger.beside("backup");
    for size in sizes {
        let case = format!("size {size}");
        ledger.grow(size - ledger.entries.len());
        ledger.back_up(&backup).unwrap();
        let folder = ledger.beside(&format!("restored-{size}"));
        restored(&backup, &folder, FaultHook::default()).unwrap_or_else(|error| panic!("{case}: could not {error}"));
        let mut log = check(&folder, &ledger.entries, &case);
        assert_eq!((log.head(), log.identity()), (ledger.log.head(), ledger.log.identity()), "{case}");
        let sealed = |folder: &Path| files(&folder.join("segments"));
        assert!(sealed(&folder) == sealed(&ledger.beside("ledger")), "{case}: the segments are not the same");
        let again = ledger.beside("again");
        let options = BackupOptions { created_at: stage::TAKEN_AT.to_owned(), fault: FaultHook::default() };
        log.backup().take(&again, &options, &mut |_| {}).unwrap();
        assert!(files(&again) == files(&backup), "{case}: the backup of what was restored is another");
        let next = ledger.sample.clone().many(2);
        log.append(log.tree_size(), &next).unwrap();
        drop(log);
        check(&folder, &[ledger.entries.clone(), next].concat(), &case);
        fs::remove_dir_all(&again).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn what_is_restored_is_what_was_backed_up_below_a_segment() {
    round_trips(&[0, 1, 255, 256, 257, 1_500]);
}

#[test]
fn what_is_restored_is_what_was_backed_up_where_a_segment_is_sealed() {
    let random = 66_000 + Draw(SEED).below(70_000);
    println!("seed {SEED}: {random} entries");
    round_trips(&[65_535, 65_536, 65_537, random]);
}

#[test]
fn a_restore_that_fails_at_any_point_is_no_ledger_or_a_whole_one_and_can_be_repeated() {
    let small = Ledger::of(2_000);
    let sealed = Ledger::of(65_536);
    for (ledger, nths) in [(&small, vec![1, 2]), (&sealed, vec![1])] {
        let backup = ledger.beside("backup");
        ledger.back_up(&backup).unwrap();
        let mut struck = 0;
        for point in WritePoint::RESTORE {
            for moment in [Moment::Before, Moment::After] {
                for nth in &nths {
                    let case = format!("{moment:?} {point:?} at time {nth}");
                    let folder = ledger.beside("new");
                    let failed = restored(&backup, &folder, strike(point, moment, *nth));
                    match &failed {
                        Ok(()) => drop(check(&folder, &ledger.entries, &case)),
                        Err(_) if (point, moment) == (WritePoint::IdentityWrite, Moment::After) => {
                            check(&folder, &ledger.entries, &case);
                        }
                        Err(_) => {
                            is_no_ledger(&folder, &case);
                            restored(&backup, &folder, FaultHook::default())
                                .unwrap_or_else(|error| panic!("{case}, repeated: could not {error}"));
                            check(&folder, &ledger.entries, &case);
                        }
                    }
                    struck += usize::from(failed.is_err());
                    fs::remove_dir_all(folder).unwrap();
                }
            }
        }
        println!("{struck} faults struck");
        assert!(struck >= 14, "only {struck} faults struck");
    }
}

#[test]
fn a_damaged_backup_becomes_no_ledger_and_its_damage_is_named() {
    let mut draw = Draw(SEED);
    let ledger = Ledger::of(65_536 + 300);
    let backup = ledger.beside("backup");
    ledger.back_up(&backup).unwrap();
    let folder = ledger.beside("new");
    for (name, bytes) in files(&backup) {
        let path = backup.join(&name);
        for round in 0..6 {
            let mut damaged = bytes.clone();
            let at = draw.below(bytes.len());
            damaged[at] ^= 1 << draw.below(8);
            if round == 5 {
                damaged.truncate(at);
            }
            fs::write(&path, damaged).unwrap();
            let case = format!("seed {SEED} round {round}: {} byte {at}", name.display());
            match restore(&backup, &folder, &options(), &mut |_| {}) {
                // Every entry is sound, and the manifest repeats the identity.
                Ok(report) => {
                    assert_eq!(report.problem.map(|problem| problem.path), Some(backup.join("ledger.json")), "{case}");
                    drop(check(&folder, &ledger.entries, &case));
                    fs::remove_dir_all(&folder).unwrap();
                }
                Err(error) => {
                    let named = error.problem().map(|problem| problem.path);
                    let newer = matches!(
                        &error,
                        RestoreError::Unreadable(
                            BackupUnreadable::NewerFormat { .. } | BackupUnreadable::NewerLedger { .. }
                        )
                    );
                    assert!(newer || named == Some(path.clone()), "{case}: {error}");
                    is_no_ledger(&folder, &case);
                }
            }
        }
        fs::write(&path, bytes).unwrap();
    }
    restored(&backup, &folder, FaultHook::default()).unwrap();
    check(&folder, &ledger.entries, "the sound backup");
}

/// A manifest as its file has it.
#[derive(serde::Serialize)]
struct Sealed {
    manifest: Manifest,
    sha256: Hash,
}

#[test]
fn a_manifest_that_was_forged_to_fit_other_entries_has_another_root() {
    let ledger = Ledger::of(300);
    let backup = ledger.beside("backup");
    ledger.back_up(&backup).unwrap();
    let mut manifest = Manifest::read(&backup).unwrap();
    let forged = manifest.files.last_mut().unwrap();
    let bytes = bundle(&ledger.entries[..44]);
    fs::write(backup.join(&forged.path), &bytes).unwrap();
    (forged.bytes, forged.sha256) = (bytes.len() as u64, Hash::of(&bytes));
    let sealed = Sealed { sha256: manifest.hash().unwrap(), manifest };
    let text = serde_json::to_string_pretty(&sealed).unwrap() + "\n";
    fs::write(backup.join("backup.json"), text).unwrap();
    let refused = restored(&backup, &ledger.beside("new"), FaultHook::default());
    let Err(RestoreError::Damaged(problem)) = &refused else { panic!("{refused:?}") };
    assert!(matches!(problem.finding, BackupFinding::Root { size: 300, .. }), "{problem}");
    is_no_ledger(&ledger.beside("new"), "forged");
    let check = check_backup(&backup, &mut |_| {}).unwrap();
    assert_eq!(check.problems.first().map(|problem| &problem.path), Some(&backup.join("backup.json")));
}

/// A bundle of these entries.
fn bundle(entries: &[NewEntry]) -> Vec<u8> {
    let mut raw = Vec::new();
    for entry in entries {
        raw.extend_from_slice(&u16::try_from(entry.bytes.len()).unwrap().to_be_bytes());
        raw.extend_from_slice(&entry.bytes);
    }
    zstd::bulk::compress(&raw, 3).unwrap()
}
