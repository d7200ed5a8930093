//! A folder that is there whole or not at all: written beside its place, made durable, and only then given its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ofrecord_interop::catalogue::TABLES;

use super::manifest::Manifest;
use crate::failure::Failure;

/// The file that lists all others; written last.
const MANIFEST: &str = "_manifest.json";

/// A folder that is being filled.
pub(super) struct Unfinished {
    target: PathBuf,
    path: PathBuf,
}

impl Unfinished {
    /// Begins a folder for a target that is empty or not there. What an export left behind that was ended halfway
    /// is removed; anything else in its place is not.
    pub(super) fn begin(target: &Path, path: PathBuf) -> Result<Self, Failure> {
        if !names_in(target)?.is_empty() {
            return Err(Failure::NotEmpty { path: target.to_owned() });
        }
        let left = names_in(&path)?;
        if left.iter().any(|name| name != MANIFEST && !TABLES.iter().any(|table| table.name == name)) {
            return Err(Failure::NotEmpty { path });
        }
        let failed = failed("create", &path);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(&failed)?;
        }
        fs::create_dir(&path).map_err(&failed)?;
        Ok(Self { target: target.to_owned(), path })
    }

    /// Creates the folder of a table.
    pub(super) fn table(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        fs::create_dir(&path).map_err(failed("create", &path))?;
        Ok(path)
    }

    /// Writes the manifest, makes everything durable, and gives the folder its name.
    pub(super) fn finish(self, manifest: &Manifest) -> Result<(), Failure> {
        let path = self.path.join(MANIFEST);
        fs::write(&path, manifest.to_bytes()).map_err(failed("write", &path))?;
        sync(&path)?;
        for table in &manifest.tables {
            sync(&self.path.join(table.name))?;
        }
        sync(&self.path)?;
        fs::rename(&self.path, &self.target).map_err(failed("write", &self.target))?;
        sync(self.target.parent().unwrap_or(Path::new(".")))
    }

    /// Removes what was written.
    pub(super) fn abandon(self) -> Result<(), Failure> {
        fs::remove_dir_all(&self.path).map_err(failed("remove", &self.path))
    }
}

/// Makes a file, or the names in a folder, durable.
fn sync(path: &Path) -> Result<(), Failure> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("write", path))
}

/// The names in a folder; none when it is not there.
fn names_in(path: &Path) -> Result<Vec<String>, Failure> {
    let failed = failed("read", path);
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    entries.map(|entry| Ok(entry.map_err(&failed)?.file_name().to_string_lossy().into_owned())).collect()
}

fn failed(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Failure::File { doing, path: path.clone(), error }
}

#[cfg(test)]
mod tests;
