//! Files that are written aside, hashed on the way, and named once they are on the device.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::disk::{sync_folder, sync_parent, with_suffix};
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;

/// How much is read at once.
const CHUNK_BYTES: usize = 1024 * 1024;

/// Files that wait for their names at once.
const WAITING_MAX: usize = 64;
/// Threads that sync them.
const SYNCERS: usize = 16;

/// How long something is, and the SHA-256 of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) bytes: u64,
    pub(crate) sha256: Hash,
}

/// A file that has its whole content but not yet its name.
#[derive(Debug)]
pub(crate) struct Aside {
    path: PathBuf,
    name: PathBuf,
    file: File,
    pub(crate) measure: Measure,
}

impl Aside {
    /// Copies a file.
    pub(crate) fn copy(from: &Path, path: &Path, fault: &FaultHook) -> Result<Self, String> {
        fault.around(WritePoint::CopyWrite, || {
            Self::begin(path, |file| measure_into(File::open(from)?, |chunk| file.write_all(chunk)))
        })
    }

    /// Writes these bytes.
    pub(crate) fn write(bytes: &[u8], path: &Path, fault: &FaultHook) -> Result<Self, String> {
        fault.around(WritePoint::CopyWrite, || {
            Self::begin(path, |file| {
                file.write_all(bytes)?;
                Ok(Measure { bytes: bytes.len() as u64, sha256: Hash::of(bytes) })
            })
        })
    }

    fn begin(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<Measure>) -> io::Result<Self> {
        let aside = with_suffix(path, "new");
        let mut file = File::create(&aside)?;
        let measure = fill(&mut file)?;
        Ok(Self { path: aside, name: path.to_owned(), file, measure })
    }

    /// Where it is as long as it has no name.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name. The name is on the device once [`sync_folders`] has returned `Ok`.
    pub(crate) fn name(self, fault: &FaultHook) -> Result<Measure, String> {
        self.sync(fault)?;
        self.rename(fault)?;
        Ok(self.measure)
    }

    fn sync(&self, fault: &FaultHook) -> Result<(), String> {
        fault.around(WritePoint::CopySync, || self.file.sync_all())
    }

    fn rename(&self, fault: &FaultHook) -> Result<(), String> {
        fault.around(WritePoint::CopyRename, || fs::rename(&self.path, &self.name))
    }
}

/// Files that wait for their names, so that they can go to the device together.
///
/// A file system writes its own books for each file that is synced alone. Those that are synced at the same time share
/// one writing of them.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Vec<Aside>);

impl Waiting {
    pub(crate) fn add(&mut self, aside: Aside) {
        self.0.push(aside);
    }

    /// Whether so many wait that it is time to name them: each keeps a file open.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= WAITING_MAX
    }

    /// Gives all of them their names, once all of them are on the device.
    ///
    /// What fails is named by the file that it concerns.
    pub(crate) fn name_all(&mut self, fault: &FaultHook) -> Result<(), (PathBuf, String)> {
        let asides = std::mem::take(&mut self.0);
        sync_together(&asides, fault)?;
        asides.iter().try_for_each(|aside| aside.rename(fault).map_err(|cause| (aside.name.clone(), cause)))
    }
}

fn sync_together(asides: &[Aside], fault: &FaultHook) -> Result<(), (PathBuf, String)> {
    let sync = |some: &[Aside]| {
        some.iter().try_for_each(|aside| aside.sync(fault).map_err(|cause| (aside.name.clone(), cause)))
    };
    let each = asides.len().div_ceil(SYNCERS).max(1);
    std::thread::scope(|scope| {
        let begun: Vec<_> = asides
            .chunks(each)
            .map(|some| (some, std::thread::Builder::new().spawn_scoped(scope, move || sync(some))))
            .collect();
        let outcomes = begun.into_iter().map(|(some, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(panicked(some))),
            // Without a thread they are synced one after the other, which only takes longer.
            Err(_) => sync(some),
        });
        // Every thread is waited for; the first failure is told.
        outcomes.fold(Ok(()), Result::and)
    })
}

fn panicked(some: &[Aside]) -> (PathBuf, String) {
    let name = some.first().map(|aside| aside.name.clone()).unwrap_or_default();
    (name, "its thread ended by a panic".to_owned())
}

/// Makes durable what was named in these folders and in the one that holds the first of them.
pub(crate) fn sync_folders(folders: &[&Path], fault: &FaultHook) -> Result<(), String> {
    fault.around(WritePoint::CopyFolderSync, || -> io::Result<()> {
        for folder in folders {
            sync_folder(folder)?;
        }
        folders.first().map_or(Ok(()), |first| sync_parent(first))
    })
}

/// The measure of a file.
pub(crate) fn measure(path: &Path) -> io::Result<Measure> {
    measure_into(File::open(path)?, |_| Ok(()))
}

fn measure_into(mut file: File, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Measure> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    loop {
        let length = match file.read(&mut chunk) {
            Ok(0) => return Ok(Measure { bytes, sha256: Hash(hasher.finalize().into()) }),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let read = chunk.get(..length).unwrap_or_default();
        hasher.update(read);
        take(read)?;
        bytes += length as u64;
    }
}
