//! The append log: entry bytes and their envelope, the Merkle tree over them, and the engines that
//! keep them. This crate never knows what a reseller is.
//!
//! - [`canonical`] and [`entry`]: the bytes.
//! - [`merkle`]: the tree and its proofs.
//! - [`EventLog`] and [`LogReader`]: the contract, with [`MemoryLog`] as one engine.

mod admission;
pub mod canonical;
pub mod entry;
mod event_log;
mod hash;
mod memory;
pub mod merkle;

pub use event_log::{
    AppendError, Appended, BATCH_ENTRIES_MAX, Degraded, Each, EventLog, Head, Health, LogReader,
    NewEntry, NotWritten, Note, ReadError, RecordedCommand, StreamHead, WriteState,
};
pub use hash::{Hash, HashTextError};
pub use memory::MemoryLog;
