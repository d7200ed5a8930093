//! The manifest of a backup: what it is of, how far it goes, and every file that belongs to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::BackupUnreadable;
use super::part::{Part, SEGMENTS};
use crate::directory::{Identity, LEDGER_FORMAT};
use crate::event_log::Head;
use crate::hash::Hash;
use crate::segment::SEGMENT_ENTRIES;

/// The format of a backup that this version writes, and the newest that it reads.
pub const BACKUP_FORMAT: u64 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the backup.
    pub backup_format: u64,
    /// The name of the log, as in its identity.
    pub origin: String,
    /// Whose ledger it is, with the highest format that its entries may have.
    pub identity: Identity,
    /// How many entries there are.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// When the backup was taken, as the caller's clock said.
    pub created_at: String,
    /// Segments, then bundles, in the order of their positions.
    pub files: Vec<BackupFile>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupFile {
    /// Its path within the folder of the backup.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
}

/// The file: the manifest, and the SHA-256 of its JSON without any space.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    manifest: Manifest,
    sha256: Hash,
}

/// The only field that every format has.
#[derive(Deserialize)]
struct AnyManifest {
    manifest: AnyFormat,
}

#[derive(Deserialize)]
struct AnyFormat {
    backup_format: u64,
}

/// Where the manifest of a backup is.
pub(crate) fn manifest_path(folder: &Path) -> PathBuf {
    folder.join("backup.json")
}

impl Manifest {
    /// Size and root.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { size: self.size, root: self.root }
    }

    /// The manifest of the backup in a folder.
    ///
    /// # Errors
    /// [`BackupUnreadable`].
    pub fn read(folder: &Path) -> Result<Self, BackupUnreadable> {
        let path = manifest_path(folder);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(BackupUnreadable::Missing { path: folder.to_owned() });
            }
            Err(error) => return Err(BackupUnreadable::io(&path)(error)),
        };
        let damaged = |finding: String| BackupUnreadable::Manifest { path: path.clone(), finding };
        let format = serde_json::from_slice::<AnyManifest>(&bytes).map_err(|error| damaged(error.to_string()))?;
        let format = format.manifest.backup_format;
        if format > BACKUP_FORMAT {
            return Err(BackupUnreadable::NewerFormat { path: folder.to_owned(), format });
        }
        let manifest = Self::parse(&bytes).map_err(damaged)?;
        let format = manifest.identity.format;
        if format > LEDGER_FORMAT {
            return Err(BackupUnreadable::NewerLedger { path: folder.to_owned(), format, newest: LEDGER_FORMAT });
        }
        Ok(manifest)
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let sealed: Sealed = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let manifest = sealed.manifest;
        let found = manifest.hash().map_err(|error| error.to_string())?;
        if found != sealed.sha256 {
            return Err(format!("its SHA-256 is {found}, it states {}", sealed.sha256));
        }
        // There is one way to write a manifest, so that no byte of it can change unnoticed.
        if manifest.to_bytes().map_err(|error| error.to_string())? != bytes {
            return Err("it is not written as a manifest is".to_owned());
        }
        manifest.check_shape()?;
        Ok(manifest)
    }

    /// The files must be exactly the parts of a log of this size, under their own names.
    fn check_shape(&self) -> Result<(), String> {
        if self.origin != self.identity.origin || !self.identity.has_usable_origin() {
            return Err("its origin is not possible".to_owned());
        }
        if self.backup_format == 0 || self.identity.format == 0 {
            return Err("its format is not possible".to_owned());
        }
        let fits = self.parts().count() == self.files.len()
            && self.parts().zip(&self.files).all(|(part, file)| part.is_called(&file.path));
        if fits { Ok(()) } else { Err(format!("its files are not those of {} entries", self.size)) }
    }

    /// How many entries are in segments.
    fn sealed_through(&self) -> u64 {
        let segments = self.files.iter().take_while(|file| file.path.starts_with(SEGMENTS)).count();
        (segments as u64).saturating_mul(SEGMENT_ENTRIES)
    }

    /// What the files hold, one part each, in their order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part> {
        Part::all(self.sealed_through(), self.size)
    }

    /// The SHA-256 of the manifest, as its file states it.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn hash(&self) -> io::Result<Hash> {
        Ok(Hash::of(&serde_json::to_vec(self)?))
    }

    /// The bytes of its file.
    pub(crate) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(&Sealed { manifest: self.clone(), sha256: self.hash()? })?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
