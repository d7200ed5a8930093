//! Files that nobody but their owner may read, and the seeds of the keys in them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use ofrecord_log::sync_folder;
use zeroize::Zeroizing;

use super::SignError;
use crate::entropy::Entropy;

/// Readable by nobody but the owner.
const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_FOLDER: u32 = 0o700;
/// What must not be set on a private file.
const OTHERS: u32 = 0o077;

/// Makes a folder, where there is none, that nobody else may look into.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), SignError> {
    if path.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(path);
    made.map_err(|error| SignError::file(path, &error))
}

/// Writes a new private file, durable when this returns.
pub(crate) fn create_private(path: &Path, parts: &[&[u8]]) -> Result<(), SignError> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(path)?;
        parts.iter().try_for_each(|part| file.write_all(part))?;
        file.sync_all()?;
        path.parent().map_or(Ok(()), sync_folder)
    };
    write().map_err(|error| SignError::file(path, &error))
}

/// Reads a file that nobody but its owner may read.
pub(crate) fn read_private(path: &Path) -> Result<Zeroizing<String>, SignError> {
    let mode = fs::metadata(path).map_err(|error| SignError::file(path, &error))?.mode();
    if mode & OTHERS != 0 {
        return Err(SignError::file(path, &format!("others may read it (mode {:o}); chmod 600 it", mode & 0o777)));
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(|error| SignError::file(path, &error))
}

/// The seed of a new key for a folder; what it is for must not be named twice.
pub(crate) fn seed(folder: &Path, entropy: &Entropy, purpose: &str) -> Result<Zeroizing<[u8; 32]>, SignError> {
    entropy.draw(purpose).map(Zeroizing::new).map_err(|error| SignError::file(folder, &error))
}
