//! The mark of the last sound verification: how far the log was found sound, kept across processes.
//!
//! ```text
//! magic[8] size[8] root[32] crc32[4]                                                    big-endian
//! ```
//! It is derived: without it, or when it does not fit the log, nothing counts as verified.

use std::fs;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::directory::Directory;
use crate::disk;
use crate::event_log::{Head, LogReader as _};
use crate::hash::Hash;
use crate::sled_log::{Shared, SledReader};

#[cfg(test)]
mod tests;

const MAGIC: &[u8; 8] = b"OFRVRFY1";
const MARK_BYTES: usize = 52;

/// The size that the file states, 0 without one; guards the file against two verifications at once.
#[derive(Debug, Default)]
pub(crate) struct Mark(Mutex<u64>);

impl Mark {
    fn size(&self) -> MutexGuard<'_, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the mark of an open log, and believes it if the log has the same root at that size.
pub(crate) fn load(shared: &Arc<Shared>) {
    let path = shared.directory().verified();
    let believed = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => Err(error.to_string()),
        Ok(bytes) => parse(&bytes).ok_or_else(|| "it cannot be read".to_owned()).and_then(|mark| {
            let root = SledReader::new(Arc::clone(shared)).root_at(mark.size);
            let fits = root.is_ok_and(|root| root == mark.root);
            if fits { Ok(mark.size) } else { Err(format!("the log has another root at size {}", mark.size)) }
        }),
    };
    match believed {
        Ok(size) => {
            *shared.mark().size() = size;
            shared.live_mut().verified_through = size;
        }
        Err(finding) => shared.note(path, format!("the mark of the last verification is not believed: {finding}")),
    }
}

/// Keeps the mark of a sound verification, unless a later one is kept already.
pub(super) fn keep(shared: &Shared, head: Head) {
    let mut kept = shared.mark().size();
    {
        let mut live = shared.live_mut();
        live.verified_through = live.verified_through.max(head.size);
    }
    if *kept >= head.size {
        return;
    }
    let path = shared.directory().verified();
    match disk::write_whole(&path, &to_bytes(head)) {
        Ok(()) => *kept = head.size,
        Err(error) => shared.note(path, format!("the mark of a sound verification was not written: {error}")),
    }
}

/// Takes the mark back, because something is wrong.
pub(super) fn withdraw(shared: &Shared) {
    let mut kept = shared.mark().size();
    shared.live_mut().verified_through = 0;
    *kept = 0;
    if let Err(error) = forget(shared.directory()) {
        let path = shared.directory().verified();
        shared.note(path, format!("the mark of an earlier verification was not removed: {error}"));
    }
}

/// Removes the file of the mark, if there is one.
pub(crate) fn forget(directory: &Directory) -> io::Result<()> {
    disk::remove_if_there(&directory.verified())
}

fn to_bytes(head: Head) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MARK_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&head.size.to_be_bytes());
    bytes.extend_from_slice(&head.root.0);
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes
}

fn parse(bytes: &[u8]) -> Option<Head> {
    let (body, crc) = bytes.split_last_chunk::<4>()?;
    let (magic, rest) = body.split_first_chunk::<8>()?;
    let (size, root) = rest.split_first_chunk::<8>()?;
    let root = <[u8; 32]>::try_from(root).ok()?;
    let sound = magic == MAGIC && crc32fast::hash(body) == u32::from_be_bytes(*crc);
    sound.then(|| Head { size: u64::from_be_bytes(*size), root: Hash(root) })
}
