//! Sources that were sent to be imported, in a folder of their own that nobody else on the machine reads.
//!
//! Each is a file until its job has ended, however it did. What a server that was killed left there is removed when the
//! next one begins: its jobs are forgotten, and whoever sent a source sends it again.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use ofrecord_log::Hash;
use ring::digest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::spawn_blocking;

use crate::body::Incoming;
use crate::limits::Limits;
use crate::problem::Problem;
use crate::shared::Shared;

/// How the names of the files end.
const ENDING: &str = "upload";
/// Pieces that were received and are not written yet, at most.
const PIECES_WAITING: usize = 8;
/// What is done when a file cannot be used.
const KEEPING: &str = "keep what was sent";

/// Where sources are kept, and how many may be.
#[derive(Debug)]
pub(crate) struct Uploads {
    /// None where none are taken.
    folder: Option<PathBuf>,
    places: Arc<Semaphore>,
}

/// A source on the device, until it is removed or dropped.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    /// Its place among those that may be kept.
    place: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Uploads {
    /// Those of a folder, which are none yet.
    pub(crate) fn new(folder: Option<PathBuf>, limits: &Limits) -> Self {
        Self { folder, places: Arc::new(Semaphore::new(limits.uploads)) }
    }

    /// Removes what an earlier server left, which nobody will import any more.
    pub(crate) fn clear(&self) {
        let left = self.folder.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let left = left.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        for path in left.filter(|path| path.extension().is_some_and(|end| end == ENDING)) {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(path = %path.display(), %error, "could not remove what was sent to be imported");
            }
        }
    }

    /// Writes a body to the device as it comes; gives it with its length and its SHA-256.
    pub(super) async fn receive(&self, mut body: Incoming, shared: &Shared) -> Result<(Upload, u64, Hash), Problem> {
        let none = || Problem::not_here("no_uploads", "this server takes no uploads");
        let folder = self.folder.clone().ok_or_else(none)?;
        let full = |_| Problem::unavailable("too_many_uploads", "as many uploads wait already as may", None);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let path = folder.join(format!("{}.{ENDING}", shared.next_request_id()));
        let (of, failed) = (path.clone(), |error: &dyn std::fmt::Display| Problem::internal(KEEPING, error));
        let opened = spawn_blocking(move || create(&folder, &of)).await.map_err(|error| failed(&error))?;
        let file = opened.map_err(|error| failed(&error))?;
        let upload = Upload { path, place: Mutex::new(Some(place)) };
        let (to, pieces) = mpsc::channel(PIECES_WAITING);
        let written = spawn_blocking(move || write(file, pieces));
        while let Some(piece) = body.next(shared.limits.stall).await? {
            // Whoever writes has ended only because it could not, and says so below.
            if to.send(piece).await.is_err() {
                break;
            }
        }
        drop(to);
        let (bytes, sha256) = written
            .await
            .map_err(|error| failed(&error))?
            .map_err(|error| no_room(&error).unwrap_or(failed(&error)))?;
        Ok((upload, bytes, sha256))
    }
}

impl Upload {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, where that has not happened yet, and gives its place to another.
    pub(super) fn remove(&self) {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner).take();
        if place.is_some()
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "could not remove what was sent to be imported");
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.remove();
    }
}

impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for Upload {}

fn create(folder: &Path, path: &Path) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Writes pieces until there are no more. It need not outlive the machine: its job does not either.
fn write(mut file: File, mut pieces: mpsc::Receiver<Bytes>) -> io::Result<(u64, Hash)> {
    let (mut bytes, mut digest) = (0, digest::Context::new(&digest::SHA256));
    while let Some(piece) = pieces.blocking_recv() {
        file.write_all(&piece)?;
        digest.update(&piece);
        bytes += piece.len() as u64;
    }
    let sha256 = digest.finish();
    let sha256 = sha256.as_ref().try_into().map_err(io::Error::other)?;
    Ok((bytes, Hash(sha256)))
}

/// What is said where the device is full.
fn no_room(error: &io::Error) -> Option<Problem> {
    let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    is_full.then(|| Problem::unavailable("no_room", "there is no room for what is sent", Some(error)))
}
