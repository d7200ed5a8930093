//! The files that an import reads: the named ones, and those in named folders by name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// A file, and what it is called where something is said of it.
pub(super) struct Named {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name.
    pub(super) name: String,
}

/// The files, in order, by their paths. Hidden files in folders are left out.
pub(super) fn of(paths: &[PathBuf]) -> Result<Vec<Named>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        add(path, &mut files)?;
    }
    Ok(files.into_iter().map(|path| Named { name: path.display().to_string(), path }).collect())
}

fn add(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error| Failure::File { doing: "read", path: path.to_owned(), error };
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inside = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            inside.push(entry.path());
        }
    }
    inside.sort();
    inside.iter().try_for_each(|path| add(path, files))
}

/// The content of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::File { doing: "read", path: path.to_owned(), error };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > FILE_BYTES_MAX {
        return Err(Failure::FileTooLarge { path: path.to_owned(), bytes: size, bytes_max: FILE_BYTES_MAX });
    }
    fs::read(path).map_err(failed)
}
