//! Whether a backup or a restore has room on its device, told before anything is written.

use std::ops::ControlFlow;
use std::path::Path;

use super::error::{BackupError, BackupUnreadable};
use super::part::{Part, bundle_file};
use crate::block::frame_entry;
use crate::event_log::LogReader;
use crate::fault::FaultHook;

/// Bytes that a file costs beside its content: the rest of its last block, its name, and its line in the manifest.
pub(crate) const FILE_BYTES: u64 = 4_096;
/// Bundles that are compressed to tell how long the others will be.
const SAMPLES: usize = 4;

/// How many bytes are needed, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom {
    pub(crate) needed_bytes: u64,
    pub(crate) free_bytes: u64,
}

/// Refuses where fewer bytes are free than are needed; `path` need not exist yet.
pub(crate) fn refuse_without_room(
    path: &Path,
    needed_bytes: u64,
    given_back: u64,
    fault: &FaultHook,
) -> std::io::Result<Result<(), NoRoom>> {
    let standing = path.ancestors().find(|above| above.exists()).unwrap_or(Path::new("."));
    let free_bytes = fault.free_bytes(standing)?.saturating_add(given_back);
    Ok(if free_bytes < needed_bytes { Err(NoRoom { needed_bytes, free_bytes }) } else { Ok(()) })
}

/// About how many bytes the files of some bundles will have, told from a few of them.
pub(super) fn bundle_bytes(log: &dyn LogReader, missing: &[Part]) -> Result<u64, BackupError> {
    let step = missing.len().div_ceil(SAMPLES).max(1);
    let (mut bytes, mut entries) = (0_u64, 0_u64);
    for part in missing.iter().step_by(step) {
        let mut raw = Vec::new();
        log.scan(part.first(), part.end(), &mut |_, entry| {
            frame_entry(entry, &mut raw);
            ControlFlow::Continue(())
        })?;
        bytes += bundle_file(&raw).map_err(BackupUnreadable::io(Path::new(&part.path())))?.len() as u64;
        entries += part.end() - part.first();
    }
    let all: u64 = missing.iter().map(|part| part.end() - part.first()).sum();
    Ok(bytes.saturating_mul(all).checked_div(entries).unwrap_or(0))
}
