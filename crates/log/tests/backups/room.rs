//! Devices with as much room as a test wants.

use std::sync::Arc;

use ofrecord_log::fault::{Fault, FaultHook, Moment, WritePoint};

/// A device with so many bytes free.
struct Free(u64);

impl Fault for Free {
    fn strikes(&self, _point: WritePoint, _moment: Moment) -> bool {
        false
    }

    fn free_bytes(&self) -> Option<u64> {
        Some(self.0)
    }
}

pub(crate) fn free(bytes: u64) -> FaultHook {
    FaultHook::new(Arc::new(Free(bytes)))
}
