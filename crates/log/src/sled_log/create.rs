//! Creating a ledger's folder, so that an interruption leaves nothing that looks like a ledger.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::OpenOptions;
use super::open::{OpenError, take_lock};
use crate::directory::{Directory, Identity, LEDGER_FORMAT};
use crate::disk;
use crate::event_log::Head;
use crate::fault::{FaultHook, WritePoint};
use crate::lock::FolderLock;
use crate::merkle::empty_root;
use crate::store::BlockStore;
use crate::witness::Witness;

/// Why a ledger was not created.
#[derive(Debug, Error)]
pub enum CreateError {
    /// The folder holds something already.
    #[error("create a ledger in {}: it holds {}", path.display(), found.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// Something in it.
        found: PathBuf,
    },
    /// The origin cannot stand in a checkpoint.
    #[error(
        "create a ledger with origin {origin:?}: 1 to 255 printable ASCII characters without \
         space and + are possible"
    )]
    Origin {
        /// The origin.
        origin: String,
    },
    /// The identity has a format that this version does not write.
    #[error("create a ledger of format {format}: this version writes {LEDGER_FORMAT}")]
    Format {
        /// The format.
        format: u64,
    },
    /// A file or folder could not be written.
    #[error("create {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The store could not be created.
    #[error("create the store {}: {cause}", path.display())]
    Store {
        /// The folder of the store.
        path: PathBuf,
        /// What the engine said.
        cause: String,
    },
    /// The new ledger could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

pub(super) fn create(folder: &Path, identity: &Identity, options: &OpenOptions) -> Result<(), CreateError> {
    if !identity.has_usable_origin() {
        return Err(CreateError::Origin { origin: identity.origin.clone() });
    }
    if identity.format != LEDGER_FORMAT {
        return Err(CreateError::Format { format: identity.format });
    }
    let founding = Founding::begin(folder, options)?;
    let store = founding.store(identity, options)?;
    founding.finish(store, identity, Head { size: 0, root: empty_root() }, &options.fault)
}

/// A folder that is becoming a ledger: locked, marked, and without an identity not yet a ledger.
pub(crate) struct Founding {
    directory: Directory,
    _lock: FolderLock,
}

impl Founding {
    /// Begins in a folder that does not exist, is empty, or holds what an interruption left.
    pub(crate) fn begin(folder: &Path, options: &OpenOptions) -> Result<Self, CreateError> {
        let directory = Directory::new(folder);
        fs::create_dir_all(folder).map_err(io_error(folder))?;
        refuse_occupied(&directory)?;
        let lock = take_lock(&directory)?;
        // Once more under the lock: another process may have been at work here, and may have finished.
        refuse_occupied(&directory)?;
        clear_interrupted(&directory)?;
        let creating = directory.creating();
        fs::write(&creating, b"").map_err(io_error(&creating))?;
        disk::sync_folder(folder).map_err(io_error(folder))?;
        for folder in [directory.segments(), directory.views()] {
            fs::create_dir(&folder).map_err(io_error(&folder))?;
        }
        let ballast = directory.ballast();
        disk::hold_ballast(&ballast, options.ballast_bytes).map_err(io_error(&ballast))?;
        Ok(Self { directory, _lock: lock })
    }

    /// Where things are.
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The store, with its copy of the identity.
    pub(crate) fn store(&self, identity: &Identity, options: &OpenOptions) -> Result<BlockStore, CreateError> {
        let path = self.directory.log();
        let refused = |cause: String| CreateError::Store { path: path.clone(), cause };
        let store = BlockStore::open(&path, options.cache_bytes).map_err(refused)?;
        let copy = identity.to_bytes().map_err(io_error(&path))?;
        store.set_identity(&copy, &options.fault).map_err(refused)?;
        Ok(store)
    }

    /// Closes the store, which must be flushed and hold the entries of `head`. The identity is written last: with it,
    /// the ledger exists.
    pub(crate) fn finish(
        self,
        store: BlockStore,
        identity: &Identity,
        head: Head,
        fault: &FaultHook,
    ) -> Result<(), CreateError> {
        let directory = &self.directory;
        let (root, log) = (directory.root(), directory.log());
        drop(store);
        sync_store_files(&log).map_err(io_error(&log))?;
        let failed = |path: PathBuf| move |cause: String| io_error(&path)(io::Error::other(cause));
        let witness = directory.head();
        let written = fault.around(WritePoint::WitnessWrite, || Witness::create(&witness, head));
        drop(written.map_err(failed(witness))?);
        disk::sync_folder(root).map_err(io_error(root))?;
        fault
            .around(WritePoint::IdentityWrite, || directory.write_identity(identity))
            .map_err(failed(directory.identity()))?;
        let creating = directory.creating();
        fs::remove_file(&creating).map_err(io_error(&creating))?;
        // The ledger's own name in the folder above must survive a power cut as well.
        disk::sync_parent(root).map_err(io_error(root))
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> CreateError {
    let path = path.to_owned();
    move |error| CreateError::Io { path, error }
}

/// Refuses a folder that holds anything but what an interrupted creation left.
fn refuse_occupied(directory: &Directory) -> Result<(), CreateError> {
    let root = directory.root();
    if directory.creating().exists() && !directory.identity().exists() {
        return Ok(());
    }
    for entry in fs::read_dir(root).map_err(io_error(root))? {
        let found = entry.map_err(io_error(root))?.path();
        // Whoever was interrupted before anything else had left the lock file alone.
        if found != directory.lock() {
            return Err(CreateError::NotEmpty { path: root.to_owned(), found });
        }
    }
    Ok(())
}

/// Removes what an interrupted creation left; nothing can have been acknowledged there.
fn clear_interrupted(directory: &Directory) -> Result<(), CreateError> {
    for path in [directory.log(), directory.segments(), directory.views()] {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(&path)(error)),
            Ok(()) | Err(_) => {}
        }
    }
    for path in [directory.head(), directory.ballast()] {
        disk::remove_if_there(&path).map_err(io_error(&path))?;
    }
    Ok(())
}

/// The engine syncs neither its configuration file nor its folder.
pub(crate) fn sync_store_files(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::File::open(entry.path())?.sync_all()?;
        }
    }
    disk::sync_folder(path)
}
