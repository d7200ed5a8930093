//! Opening a sled database in the one configuration that is used here, apart from its cache.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::contain::contain_result;

/// Large segments keep values of up to 64 KiB out of the blob files, which are never synced.
const SEGMENT_BYTES: usize = 8 * 1024 * 1024;

/// How long a database that was just dropped in this process may take to let go of its file.
const RELEASE_LIMIT: Duration = Duration::from_secs(10);

/// Opens, or creates, the database at `path`.
pub(crate) fn open(path: &Path, cache_bytes: u64) -> Result<sled::Db, String> {
    wait_for_release(&path.join("db"));
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(cache_bytes)
        .segment_size(SEGMENT_BYTES)
        .use_compression(false)
        // Only when asked: nothing is ever overwritten whose space could be reclaimed.
        .flush_every_ms(None)
        .print_profile_on_drop(false);
    contain_result(|| config.open())
}

/// Waits until nobody holds the lock of a database's file.
///
/// A dropped database keeps it until its background threads have ended, so that closing and opening
/// again at once would fail. Whoever else holds it, the engine then says so.
pub(crate) fn wait_for_release(file: &Path) {
    let Ok(file) = File::open(file) else {
        return;
    };
    let begun = Instant::now();
    while matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        if begun.elapsed() > RELEASE_LIMIT {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
