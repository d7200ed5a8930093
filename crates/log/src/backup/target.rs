//! The folder that a backup is taken into, and the backup that it holds already.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::error::{BackupError, BackupUnreadable};
use super::manifest::{BackupFile, Manifest, manifest_path};
use super::part::{SEGMENTS, TAIL};
use crate::directory::Directory;
use crate::disk;
use crate::fault::{FaultHook, WritePoint};

/// The folder, locked against other backups until dropped.
pub(super) struct Target {
    folder: PathBuf,
    earlier: Option<Manifest>,
    named: BTreeMap<String, BackupFile>,
    _lock: File,
}

impl Target {
    /// Makes or takes the folder. Nothing that is in it is touched.
    pub(super) fn take(folder: &Path) -> Result<Self, BackupError> {
        fs::create_dir_all(folder).map_err(BackupUnreadable::io(folder))?;
        let lock = File::open(folder).map_err(BackupUnreadable::io(folder))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy { path: folder.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(BackupUnreadable::io(folder)(error).into()),
        }
        let earlier = match Manifest::read(folder) {
            Ok(manifest) => Some(manifest),
            Err(BackupUnreadable::Missing { .. }) => {
                refuse_foreign(folder)?;
                None
            }
            Err(error) => return Err(error.into()),
        };
        let files = earlier.iter().flat_map(|manifest| &manifest.files);
        let named = files.map(|file| (file.path.clone(), file.clone())).collect();
        Ok(Self { folder: folder.to_owned(), earlier, named, _lock: lock })
    }

    /// The backup that the folder holds already.
    pub(super) fn earlier(&self) -> Option<&Manifest> {
        self.earlier.as_ref()
    }

    /// What the earlier backup calls by a path.
    pub(super) fn named(&self, path: &str) -> Option<&BackupFile> {
        self.named.get(path)
    }

    /// What the earlier backup calls by a path, if it is there in its full length.
    pub(super) fn held(&self, path: &str) -> Option<&BackupFile> {
        let file = self.named(path)?;
        let found = fs::metadata(self.folder.join(path)).ok()?;
        (found.is_file() && found.len() == file.bytes).then_some(file)
    }

    /// Bytes of what an interrupted backup left, which gives way to what is written.
    pub(super) fn leftover_bytes(&self) -> std::io::Result<u64> {
        let mut bytes = 0;
        for folder in [SEGMENTS, TAIL] {
            let path = self.path(folder);
            if !path.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if is_ours(&entry.path()) && !self.named.contains_key(&name) {
                    bytes += entry.metadata()?.len();
                }
            }
        }
        Ok(bytes)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn path(&self, within: &str) -> PathBuf {
        self.folder.join(within)
    }

    /// The identity file.
    pub(super) fn identity(&self) -> PathBuf {
        Directory::new(&self.folder).identity()
    }

    /// Makes the folders, and the mark of a first backup.
    pub(super) fn begin(&self) -> Result<(), BackupError> {
        if self.earlier.is_none() {
            let mark = mark(&self.folder);
            fs::write(&mark, b"").map_err(BackupUnreadable::io(&mark))?;
        }
        for path in [self.path(SEGMENTS), self.path(TAIL)] {
            fs::create_dir_all(&path).map_err(BackupUnreadable::io(&path))?;
        }
        Ok(())
    }

    /// Lets the manifest stand, and removes what it does not name.
    pub(super) fn finish(&self, manifest: &Manifest, fault: &FaultHook) -> Result<(), BackupError> {
        let path = manifest_path(&self.folder);
        let bytes = manifest.to_bytes().map_err(BackupUnreadable::io(&path))?;
        fault
            .around(WritePoint::ManifestWrite, || disk::write_whole(&path, &bytes))
            .map_err(BackupError::write(&path))?;
        fault
            .around(WritePoint::LeftoverRemove, || self.remove_leftovers(manifest))
            .map_err(BackupError::write(&self.folder))
    }

    fn remove_leftovers(&self, manifest: &Manifest) -> std::io::Result<()> {
        let named: BTreeSet<PathBuf> = manifest.files.iter().map(|file| self.path(&file.path)).collect();
        for folder in [self.path(SEGMENTS), self.path(TAIL)] {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if is_ours(&path) && !named.contains(&path) {
                    fs::remove_file(&path)?;
                }
            }
        }
        disk::remove_if_there(&mark(&self.folder))
    }
}

/// Whether a backup writes files that are called so.
fn is_ours(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "seg" || end == "bundle" || end == "new")
}

/// Stands while the first backup into a folder is taken, so that an unfinished one can be repeated.
fn mark(folder: &Path) -> PathBuf {
    folder.join("unfinished")
}

/// Without a manifest, the folder must be empty or hold what an interrupted first backup left.
fn refuse_foreign(folder: &Path) -> Result<(), BackupError> {
    if mark(folder).exists() {
        return Ok(());
    }
    match fs::read_dir(folder).map_err(BackupUnreadable::io(folder))?.next() {
        None => Ok(()),
        Some(Ok(found)) => Err(BackupError::NotABackup { path: folder.to_owned(), found: found.path() }),
        Some(Err(error)) => Err(BackupUnreadable::io(folder)(error).into()),
    }
}
