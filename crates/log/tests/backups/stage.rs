//! Ledgers of any size and folders for their backups, for the tests of backup and restore.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ofrecord_log::contract::SampleEntries;
use ofrecord_log::fault::{Fault, FaultHook, Moment, WritePoint};
use ofrecord_log::{
    BATCH_ENTRIES_MAX, BackupError, BackupOptions, BackupReport, EventLog as _, Hash, Identity, LogReader as _,
    NewEntry, OpenOptions, SledLog,
};

pub(crate) const TAKEN_AT: &str = "2026-02-01T00:00:00.0000000Z";

pub(crate) fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

pub(crate) fn identity(origin: &str) -> Identity {
    Identity::new(origin, "2026-01-01T00:00:00.0000000Z", BTreeMap::new())
}

/// A ledger that can grow, and folders beside it.
pub(crate) struct Ledger {
    pub(crate) folders: tempfile::TempDir,
    pub(crate) log: SledLog,
    /// Goes on where the ledger ends.
    pub(crate) sample: SampleEntries,
    pub(crate) entries: Vec<NewEntry>,
}

impl Ledger {
    pub(crate) fn of(size: usize) -> Self {
        let folders = tempfile::tempdir().unwrap();
        let folder = folders.path().join("ledger");
        let log = SledLog::create(&folder, &identity("example.org/ledger"), &options()).unwrap();
        let mut ledger = Self { folders, log, sample: SampleEntries::new(), entries: Vec::new() };
        ledger.grow(size);
        ledger
    }

    /// Appends entries, and waits until what is full is sealed.
    pub(crate) fn grow(&mut self, mut count: usize) {
        while count > 0 {
            let batch = self.sample.many(count.min(BATCH_ENTRIES_MAX));
            count -= batch.len();
            self.log.append(self.log.tree_size(), &batch).unwrap();
            self.entries.extend(batch);
        }
        self.log.wait_for_background();
    }

    /// A path beside the ledger's folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folders.path().join(name)
    }

    pub(crate) fn back_up(&self, folder: &Path) -> Result<BackupReport, BackupError> {
        self.back_up_with(folder, FaultHook::default())
    }

    pub(crate) fn back_up_with(&self, folder: &Path, fault: FaultHook) -> Result<BackupReport, BackupError> {
        let options = BackupOptions { created_at: TAKEN_AT.to_owned(), fault };
        self.log.backup().take(folder, &options, &mut |_| {})
    }
}

/// Numbers that are the same in each run with the same seed.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 += 1;
        let hash = Hash::of(&self.0.to_be_bytes());
        let (low, _) = hash.0.split_first_chunk::<8>().unwrap();
        usize::try_from(u64::from_be_bytes(*low) % bound as u64).unwrap()
    }
}

/// Strikes at one point and moment, at the n-th time that it is come by.
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

pub(crate) fn strike(point: WritePoint, moment: Moment, nth: u64) -> FaultHook {
    FaultHook::new(Arc::new(Strike { point, moment, countdown: AtomicU64::new(nth) }))
}

/// Every file below a folder with its bytes, by its path within.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(within) = folders.pop() {
        for entry in fs::read_dir(&within).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}
