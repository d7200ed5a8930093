//! One process per ledger: a locked file that names its holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// The lock of a ledger's folder, held until dropped. The kernel lets go when the process ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub(crate) enum LockProblem {
    /// Another process, or this one, holds it. The id is what the holder wrote.
    Held(Option<u32>),
    /// The lock file cannot be created or written.
    Io(io::Error),
}

impl FolderLock {
    pub(crate) fn take(path: &Path) -> Result<Self, LockProblem> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockProblem::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockProblem::Held(holder(&mut file))),
            Err(TryLockError::Error(error)) => return Err(LockProblem::Io(error)),
        }
        write_holder(&mut file).map_err(LockProblem::Io)?;
        Ok(Self { file })
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing is not enough: a child process between its fork and its program still has the file open.
        // Where even this fails, the kernel lets go when the last of them closes it.
        drop(self.file.unlock());
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_holder(file: &mut File) -> io::Result<()> {
    let text = format!("{:010}\n", std::process::id());
    file.rewind()?;
    // A full disk must not keep the ledger from opening: the lock holds without the name too.
    match file.write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(()),
        written => written,
    }
}
