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
    let directory = Directory::new(folder);
    fs::create_dir_all(folder).map_err(io_error(folder))?;
    clear_interrupted(&directory)?;
    let lock = take_lock(&directory)?;
    build(&directory, identity, options)?;
    drop(lock);
    Ok(())
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> CreateError {
    let path = path.to_owned();
    move |error| CreateError::Io { path, error }
}

/// Removes what an interrupted creation left; nothing can have been acknowledged there.
fn clear_interrupted(directory: &Directory) -> Result<(), CreateError> {
    let root = directory.root();
    let interrupted = directory.creating().exists() && !directory.identity().exists();
    for entry in fs::read_dir(root).map_err(io_error(root))? {
        let path = entry.map_err(io_error(root))?.path();
        if !interrupted {
            return Err(CreateError::NotEmpty { path: root.to_owned(), found: path });
        }
        if path == directory.log() || path == directory.segments() || path == directory.views() {
            fs::remove_dir_all(&path).map_err(io_error(&path))?;
        } else if path == directory.head() || path == directory.ballast() {
            fs::remove_file(&path).map_err(io_error(&path))?;
        }
    }
    Ok(())
}

/// The identity is written last: with it, the ledger exists.
fn build(directory: &Directory, identity: &Identity, options: &OpenOptions) -> Result<(), CreateError> {
    let creating = directory.creating();
    fs::write(&creating, b"").map_err(io_error(&creating))?;
    let root = directory.root();
    disk::sync_folder(root).map_err(io_error(root))?;
    for folder in [directory.segments(), directory.views()] {
        fs::create_dir(&folder).map_err(io_error(&folder))?;
    }
    let ballast = directory.ballast();
    disk::hold_ballast(&ballast, options.ballast_bytes).map_err(io_error(&ballast))?;
    build_store(directory, identity, options)?;
    let head = Head { size: 0, root: empty_root() };
    Witness::create(&directory.head(), head).map_err(io_error(&directory.head()))?;
    disk::sync_folder(root).map_err(io_error(root))?;
    directory.write_identity(identity).map_err(io_error(&directory.identity()))?;
    fs::remove_file(&creating).map_err(io_error(&creating))?;
    // The ledger's own name in the folder above must survive a power cut as well.
    disk::sync_parent(root).map_err(io_error(root))
}

fn build_store(directory: &Directory, identity: &Identity, options: &OpenOptions) -> Result<(), CreateError> {
    let path = directory.log();
    let refused = |cause: String| CreateError::Store { path: path.clone(), cause };
    let store = BlockStore::open(&path, options.cache_bytes).map_err(refused)?;
    let copy = identity.to_bytes().map_err(io_error(&path))?;
    store.set_identity(&copy, &options.fault).map_err(refused)?;
    drop(store);
    sync_store_files(&path).map_err(io_error(&path))
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
