//! The append log: entry bytes and their envelope, the Merkle tree over them, and the engines that
//! keep them. This crate never knows what a reseller is.
//!
//! - [`canonical`] and [`entry`]: the bytes.
//! - [`merkle`]: the tree and its proofs.
//! - [`EventLog`] and [`LogReader`]: the contract; [`SledLog`] and [`MemoryLog`] keep it.
//! - [`LogBackup`] copies a log that is in use into a folder, [`check_backup`] reads such a folder, and
//!   [`restore`] makes a ledger of it.
//! - [`LogChecker`] verifies a ledger's log, [`repair`] mends it from the copy that is sound.
//! - [`take_away`] takes the bytes of redacted entries away and leaves their hashes.
//! - [`RowStores`]: derived rows for folds, which may be deleted at any time.

mod admission;
mod backup;
mod block;
mod contain;
#[cfg(feature = "contract")]
pub mod contract;
mod copies;
mod directory;
mod disk;
mod engine;
pub mod entry;
mod event_log;
pub mod fault;
#[cfg(feature = "faulty")]
mod faulty;
mod hash;
mod index;
mod lock;
mod memory;
pub mod merkle;
mod redaction;
mod repair;
mod restore;
mod rows;
mod runs;
mod sealed;
mod segment;
mod sled_log;
mod stats;
mod store;
mod verify;
mod witness;

pub use ofrecord_canonical as canonical;

pub use backup::{
    BACKUP_FORMAT, BackupCheck, BackupError, BackupFile, BackupFinding, BackupOptions, BackupProblem, BackupReport,
    BackupUnreadable, Files, LogBackup, Manifest, check_backup,
};
pub use directory::{Directory, Identity, LEDGER_FORMAT};
pub use disk::{checksum, parse_summed, remove_if_there, sync_folder, write_summed, write_whole};
pub use event_log::{
    AppendError, Appended, BATCH_ENTRIES_MAX, Degraded, Each, EventLog, Head, Health, LogReader, NewEntry, NotWritten,
    Note, ReadError, RecordedCommand, StreamHead, WriteState,
};
#[cfg(feature = "faulty")]
pub use faulty::{FaultScript, FaultyLog, Planned};
pub use hash::{Hash, HashTextError};
pub use memory::MemoryLog;
pub use redaction::{RedactError, Redacted, Redactions, TakenAway, take_away};
pub use repair::{LostTail, RepairAction, RepairError, RepairOptions, RepairReport, repair};
pub use restore::{RestoreError, RestoreReport, restore};
pub use rows::{
    ByOwner, EachRow, OWNER_BYTES, OwnerRange, OwnerRows, RowError, RowMoment, RowPart, RowStore, RowStores, RowWriter,
    owner_of,
};
pub use sled_log::{CreateError, OnProgress, OpenError, OpenOptions, Progress, SledLog, Stage};
pub use stats::Stats;
pub use verify::{Along, Finding, LogChecker, Problem, ReadAlong, TakeAlong, Verification, VerifyReport};
