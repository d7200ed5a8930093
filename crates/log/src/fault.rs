//! Places where a test can make a write fail, before it happened or after it did.
//!
//! In production no fault is planned and each place costs one look at an empty option.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::disk;

/// Each step that writes something which a later open relies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WritePoint {
    /// The identity file is written with a higher format, and reaches the device.
    IdentityWrite,
    /// The copy of the identity in the store gets the higher format.
    IdentityCopy,
    /// A block goes into the store.
    StoreInsert,
    /// The store writes its buffers to its file.
    StoreFlush,
    /// The file of the store reaches the device.
    StoreSync,
    /// A slot of the head witness is written.
    WitnessWrite,
    /// The head witness reaches the device.
    WitnessSync,
    /// A segment is written aside.
    SegmentWrite,
    /// The segment written aside reaches the device.
    SegmentSync,
    /// The segment gets its name.
    SegmentRename,
    /// The folder of the segments reaches the device.
    SegmentFolderSync,
    /// A batch goes into the index together with its checkpoint.
    IndexBatch,
    /// The index reaches the device.
    IndexFlush,
    /// A file of a backup, or of a ledger that is being restored, is written aside.
    CopyWrite,
    /// The file written aside reaches the device.
    CopySync,
    /// The file gets its name.
    CopyRename,
    /// The folders with the new names reach the device.
    CopyFolderSync,
    /// The manifest of a backup is written, and reaches the device.
    ManifestWrite,
    /// What no manifest names any more is removed from a backup.
    LeftoverRemove,
    /// What was made of a store that redacted entries leave is removed.
    DerivedRemove,
    /// The store that redacted entries left takes the place of the old one.
    StoreExchange,
}

impl WritePoint {
    /// Every point of a log that is written to, in the order in which a growing log comes by them.
    pub const ALL: [Self; 13] = [
        Self::IdentityWrite,
        Self::IdentityCopy,
        Self::StoreInsert,
        Self::StoreFlush,
        Self::StoreSync,
        Self::WitnessWrite,
        Self::WitnessSync,
        Self::IndexBatch,
        Self::IndexFlush,
        Self::SegmentWrite,
        Self::SegmentSync,
        Self::SegmentRename,
        Self::SegmentFolderSync,
    ];

    /// Every point of a backup that is taken, in the order in which it comes by them.
    pub const BACKUP: [Self; 6] = [
        Self::CopyWrite,
        Self::CopySync,
        Self::CopyRename,
        Self::CopyFolderSync,
        Self::ManifestWrite,
        Self::LeftoverRemove,
    ];

    /// Every point at which the bytes of redacted entries are taken away, in their order.
    pub const REDACTION: [Self; 5] =
        [Self::StoreInsert, Self::StoreFlush, Self::StoreSync, Self::DerivedRemove, Self::StoreExchange];

    /// Every point of a restore, in the order in which it comes by them.
    pub const RESTORE: [Self; 10] = [
        Self::IdentityCopy,
        Self::CopyWrite,
        Self::CopySync,
        Self::CopyRename,
        Self::CopyFolderSync,
        Self::StoreInsert,
        Self::StoreFlush,
        Self::StoreSync,
        Self::WitnessWrite,
        Self::IdentityWrite,
    ];
}

/// Whether a step fails before it was done or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// The step is not done.
    Before,
    /// The step is done and reports a failure all the same.
    After,
}

/// A plan of failures.
pub trait Fault: Send + Sync {
    /// Whether this step fails at this moment.
    fn strikes(&self, point: WritePoint, moment: Moment) -> bool;

    /// How many bytes a device is to have free; none where it is asked itself.
    fn free_bytes(&self) -> Option<u64> {
        None
    }
}

/// The plan of failures that a log was opened with; by default there is none.
#[derive(Clone, Default)]
pub struct FaultHook(Option<Arc<dyn Fault>>);

impl FaultHook {
    /// A hook that follows `plan`.
    #[must_use]
    pub fn new(plan: Arc<dyn Fault>) -> Self {
        Self(Some(plan))
    }

    /// Does `step`, unless the plan says that it fails.
    pub(crate) fn around<T, E: fmt::Display>(
        &self,
        point: WritePoint,
        step: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, String> {
        self.strike(point, Moment::Before)?;
        let done = step().map_err(|error| error.to_string())?;
        self.strike(point, Moment::After)?;
        Ok(done)
    }

    /// The free bytes of the device of `path`, unless the plan has another number.
    pub(crate) fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        match self.0.as_ref().and_then(|plan| plan.free_bytes()) {
            Some(planned) => Ok(planned),
            None => disk::free_bytes(path),
        }
    }

    fn strike(&self, point: WritePoint, moment: Moment) -> Result<(), String> {
        match &self.0 {
            Some(plan) if plan.strikes(point, moment) => Err(format!("planned fault {moment:?} {point:?}")),
            Some(_) | None => Ok(()),
        }
    }
}

impl fmt::Debug for FaultHook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "FaultHook(planned)" } else { "FaultHook(none)" })
    }
}
