//! How much there is, and what it occupies.

use std::io;

use crate::disk;
use crate::event_log::LogReader as _;
use crate::sled_log::SledLog;

/// Counts and sizes of one ledger's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Entries in the log.
    pub entries: u64,
    /// Blocks in the store, one or more for each commit.
    pub blocks: u64,
    /// Sealed segments.
    pub segments: u64,
    /// Entries below this position are in sealed segments.
    pub sealed_through: u64,
    /// Entries below this position are in the stored index.
    pub indexed_through: u64,
    /// Bytes of the store.
    pub log_bytes: u64,
    /// Bytes of the sealed segments.
    pub segment_bytes: u64,
    /// Bytes of the stream and command index.
    pub index_bytes: u64,
    /// Bytes of everything derived, the index included.
    pub views_bytes: u64,
    /// Bytes of the ballast file.
    pub ballast_bytes: u64,
    /// Free bytes on the device.
    pub free_bytes: u64,
}

impl SledLog {
    /// Counts and measures. Counting blocks reads the whole store.
    ///
    /// # Errors
    /// What the system says about the files, or the engine about its blocks.
    pub fn stats(&self) -> io::Result<Stats> {
        let shared = self.shared();
        let directory = shared.directory();
        let blocks = match shared.store() {
            Some(store) => store.block_count().map_err(io::Error::other)?,
            None => 0,
        };
        let health = self.health();
        let sealed = shared.live().sealed.clone();
        Ok(Stats {
            entries: self.tree_size(),
            blocks: blocks as u64,
            segments: sealed.len() as u64,
            sealed_through: health.sealed_through,
            indexed_through: health.indexed_through,
            log_bytes: disk::bytes_below(&directory.log())?,
            segment_bytes: sealed.iter().map(|segment| segment.file_bytes()).sum(),
            index_bytes: disk::bytes_below(&directory.index())?,
            views_bytes: disk::bytes_below(&directory.views())?,
            ballast_bytes: disk::bytes_below(&directory.ballast())?,
            free_bytes: disk::free_bytes(directory.root())?,
        })
    }
}
