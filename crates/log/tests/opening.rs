//! What opening says about folders that are not, or not yet, or no longer a ledger.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_log::contract::{SampleEntries, check_holds};
use ofrecord_log::{
    AppendError, BATCH_ENTRIES_MAX, CreateError, Degraded, EventLog as _, Identity, LogReader as _, LostTail,
    NotWritten, OpenError, OpenOptions, RepairOptions, SledLog, WriteState, repair,
};

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

fn identity() -> Identity {
    let labels = BTreeMap::from([("cloud".to_owned(), "worldwide".to_owned())]);
    Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", labels)
}

fn created(folder: &Path) -> SledLog {
    SledLog::create(folder, &identity(), &options()).unwrap()
}

fn refusal(folder: &Path) -> OpenError {
    SledLog::open(folder, &options()).map(|_| ()).unwrap_err()
}

#[test]
fn a_folder_that_is_no_ledger_is_named_and_not_touched() {
    let folders = tempfile::tempdir().unwrap();
    let missing = folders.path().join("missing");
    assert!(matches!(refusal(&missing), OpenError::Missing { .. }));
    let file = folders.path().join("file");
    fs::write(&file, b"x").unwrap();
    assert!(matches!(refusal(&file), OpenError::NotAFolder { .. }));
    let foreign = folders.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    assert!(matches!(refusal(&foreign), OpenError::NotALedger { .. }));
    fs::write(foreign.join("letter.txt"), b"x").unwrap();
    assert!(matches!(refusal(&foreign), OpenError::NotALedger { .. }));
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);
}

#[test]
fn a_folder_with_something_in_it_is_not_made_a_ledger() {
    let folders = tempfile::tempdir().unwrap();
    fs::write(folders.path().join("letter.txt"), b"x").unwrap();
    let refused = SledLog::create(folders.path(), &identity(), &options());
    assert!(matches!(refused, Err(CreateError::NotEmpty { .. })));
    let folder = folders.path().join("ledger");
    drop(created(&folder));
    let refused = SledLog::create(&folder, &identity(), &options());
    assert!(matches!(refused, Err(CreateError::NotEmpty { .. })));
    for origin in ["", "a b", "a+b", "a\nb"] {
        let refused = SledLog::create(
            &folders.path().join("other"),
            &Identity { origin: origin.to_owned(), ..identity() },
            &options(),
        );
        assert!(matches!(refused, Err(CreateError::Origin { .. })), "{origin:?}");
    }
}

#[test]
fn an_interrupted_creation_is_named_and_can_be_repeated() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    drop(created(&folder));
    fs::remove_file(folder.join("ledger.json")).unwrap();
    fs::write(folder.join("creating"), b"").unwrap();
    assert!(matches!(refusal(&folder), OpenError::CreationInterrupted { .. }));
    assert_eq!(created(&folder).tree_size(), 0);
}

#[test]
fn the_identity_is_kept_and_a_newer_format_is_refused() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    assert_eq!(created(&folder).identity(), &identity());
    let path = folder.join("ledger.json");
    let newer = fs::read_to_string(&path).unwrap().replace("\"format\": 2", "\"format\": 3");
    fs::write(&path, newer).unwrap();
    assert!(matches!(refusal(&folder), OpenError::NewerFormat { format: 3, newest: 2, .. }));
}

#[test]
fn a_second_opening_names_the_process_that_holds_the_ledger() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let log = created(&folder);
    let own = std::process::id();
    let refused = refusal(&folder);
    assert!(matches!(refused, OpenError::Held { holder: Some(holder), .. } if holder == own), "{refused}");
    assert!(refused.to_string().ends_with(&format!("held by process {own}")), "{refused}");
    let reader = log.reader();
    drop(log);
    assert!(matches!(refusal(&folder), OpenError::Held { .. }), "a reader still reads");
    drop(reader);
    SledLog::open(&folder, &options()).unwrap();
}

#[test]
fn below_the_floor_of_free_space_nothing_is_written() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    drop(created(&folder));
    let mut log = SledLog::open(&folder, &OpenOptions { free_bytes_floor: u64::MAX, ..options() }).unwrap();
    let entries = SampleEntries::new().many(1);
    assert!(matches!(
        log.append(0, &entries),
        Err(AppendError::NotWritten(NotWritten::DiskFloor { free_bytes_floor: u64::MAX, .. }))
    ));
    drop(log);
    let mut log = SledLog::open(&folder, &options()).unwrap();
    log.append(0, &entries).unwrap();
}

#[test]
fn the_ballast_occupies_its_size() {
    use std::os::unix::fs::MetadataExt as _;
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let ballast_bytes = 3 * 1024 * 1024;
    let with_ballast = OpenOptions { ballast_bytes, ..options() };
    drop(SledLog::create(&folder, &identity(), &with_ballast).unwrap());
    let metadata = fs::metadata(folder.join("ballast")).unwrap();
    assert_eq!(metadata.len(), ballast_bytes);
    assert!(metadata.blocks() * 512 >= ballast_bytes);
}

#[test]
fn deleting_everything_derived_only_costs_a_rebuild() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let mut log = created(&folder);
    let mut sample = SampleEntries::new();
    let mut entries = Vec::new();
    for _ in 0..5 {
        let batch = sample.many(BATCH_ENTRIES_MAX);
        log.append(log.tree_size(), &batch).unwrap();
        entries.extend(batch);
    }
    log.wait_for_background();
    let before: Vec<_> = log.streams("", None, 100).unwrap();
    let positions = log.stream_positions("partner/3", 5).unwrap();
    let head = log.stream_head("customer/0007").unwrap();
    assert_eq!(log.health().indexed_through, 16_384);
    drop(log);
    fs::remove_dir_all(folder.join("views")).unwrap();
    let mut reported = 0;
    let log = SledLog::open_with_progress(&folder, &options(), &mut |progress| reported = progress.done).unwrap();
    assert_eq!(reported, entries.len() as u64);
    log.wait_for_background();
    assert_eq!(log.health().indexed_through, 16_384);
    assert_eq!(log.streams("", None, 100).unwrap(), before);
    assert_eq!(log.stream_positions("partner/3", 5).unwrap(), positions);
    assert_eq!(log.stream_head("customer/0007").unwrap(), head);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    check_holds(&log, &entries);
}

#[test]
fn statistics_count_what_is_there() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let mut log = created(&folder);
    let mut sample = SampleEntries::new();
    for _ in 0..3 {
        log.append(log.tree_size(), &sample.many(10)).unwrap();
    }
    let stats = log.stats().unwrap();
    assert_eq!((stats.entries, stats.blocks, stats.segments), (30, 3, 0));
    assert!(stats.log_bytes > 0 && stats.views_bytes >= stats.index_bytes && stats.free_bytes > 0);
}

/// A small file system of its own; `None` where this process may not mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mounted(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    /// Makes it read-only. The engine's threads let go of their file a moment after the log is dropped,
    /// and until then the system refuses.
    fn made_read_only(&self) -> bool {
        (0..1000).any(|_| {
            let remounted = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(self.0.path()).output();
            remounted.is_ok_and(|output| output.status.success())
        })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg(self.0.path()).output());
    }
}

/// Fills what is left of a disk.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    for size in [1 << 20, 4096, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
}

#[test]
fn a_full_disk_loses_nothing_and_the_ledger_opens_on_it() {
    let Some(disk) = SmallDisk::mounted("160m") else {
        println!("skipped: this process may not mount a file system");
        return;
    };
    let folder = disk.0.path().join("ledger");
    let ballast = OpenOptions { ballast_bytes: 64 << 20, ..options() };
    let mut log = SledLog::create(&folder, &identity(), &ballast).unwrap();
    let mut sample = SampleEntries::new();
    let mut acknowledged = sample.many(1000);
    log.append(0, &acknowledged).unwrap();
    fill(&disk.0.path().join("filler"));
    let mut unknown = Vec::new();
    for _ in 0..2000 {
        let batch = sample.many(100);
        match log.append(log.tree_size(), &batch) {
            Ok(_) => acknowledged.extend(batch),
            Err(AppendError::Unknown { .. }) => {
                unknown = batch;
                break;
            }
            Err(AppendError::NotWritten(refused)) => panic!("not written: {refused}"),
        }
    }
    assert!(!unknown.is_empty(), "the disk never filled");
    check_holds(&log, &acknowledged);
    drop(log);
    let log = SledLog::open(&folder, &ballast).unwrap();
    assert_eq!(log.health().write_state, WriteState::Writable);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    if log.tree_size() > acknowledged.len() as u64 {
        acknowledged.extend(unknown);
    }
    check_holds(&log, &acknowledged);
}

#[test]
fn a_ledger_on_a_read_only_disk_is_refused_with_the_file_and_the_reason() {
    let Some(disk) = SmallDisk::mounted("160m") else {
        println!("skipped: this process may not mount a file system");
        return;
    };
    let folder = disk.0.path().join("ledger");
    let mut log = created(&folder);
    let entries = SampleEntries::new().many(10);
    log.append(0, &entries).unwrap();
    drop(log);
    let copied = tempfile::tempdir().unwrap();
    assert!(disk.made_read_only(), "a closed ledger holds no file open");
    let reason = "Read-only file system (os error 30)";
    for _ in 0..2 {
        let refused = refusal(&folder);
        assert!(matches!(refused, OpenError::Io { .. }), "{refused:?}");
        assert_eq!(refused.to_string(), format!("open {}: {reason}", folder.join("lock").display()));
    }
    let refused = repair(&folder, &RepairOptions { open: options(), lost_tail: LostTail::StayReadOnly }, &mut |_| {});
    assert!(refused.is_err_and(|refused| refused.to_string().contains(reason)));
    let new = disk.0.path().join("new");
    let refused = SledLog::create(&new, &identity(), &options()).map(|_| ()).unwrap_err();
    assert_eq!(refused.to_string(), format!("create {}: {reason}", new.display()));
    let copy = copied.path().join("ledger");
    assert!(std::process::Command::new("cp").arg("-a").arg(&folder).arg(&copy).status().unwrap().success());
    check_holds(&SledLog::open(&copy, &options()).unwrap(), &entries);
}

/// A file that not even its owner may write to; `None` where there is no such thing.
struct Immutable(PathBuf);

impl Immutable {
    fn made(path: PathBuf) -> Option<Self> {
        let made = std::process::Command::new("chattr").arg("+i").arg(&path).output();
        made.is_ok_and(|output| output.status.success()).then_some(Self(path))
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        drop(std::process::Command::new("chattr").arg("-i").arg(&self.0).output());
    }
}

#[test]
fn a_single_file_that_cannot_be_written_is_named() {
    let folders = tempfile::tempdir().unwrap();
    let folder = folders.path().join("ledger");
    let mut log = created(&folder);
    let entries = SampleEntries::new().many(10);
    log.append(0, &entries).unwrap();
    drop(log);
    for name in ["lock", "head", "log/db"] {
        let path = folder.join(name);
        let Some(immutable) = Immutable::made(path.clone()) else {
            println!("skipped: this process may not make a file immutable");
            return;
        };
        match SledLog::open(&folder, &options()) {
            Ok(log) => {
                let state = log.health().write_state;
                assert!(matches!(state, WriteState::ReadOnly(Degraded::Store { .. })), "{name}: {state:?}");
            }
            Err(refused) => {
                let said = refused.to_string();
                assert!(said.starts_with(&format!("open {}: ", path.display())), "{name}: {said}");
            }
        }
        drop(immutable);
        let log = SledLog::open(&folder, &options()).unwrap();
        assert_eq!(log.health().write_state, WriteState::Writable, "{name}");
        check_holds(&log, &entries);
    }
}
