//! The folder of a ledger: what lies where, and the file that says whose it is.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::disk;
use crate::entry::EntryFormat;

/// The format of a ledger that this version creates, and the newest that it reads.
pub const LEDGER_FORMAT: u64 = EntryFormat::NEWEST.number();

/// What a ledger is called and where it came from. A second copy is in the store.
///
/// Both are written at creation, and once more when a ledger of an older format gets its first entry
/// of a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// When it was created, as the caller's clock said.
    pub created_at: String,
    /// The highest format that an entry of this ledger may have. Whoever does not know it must not open the ledger.
    pub format: u64,
    /// Words about the ledger that other parts understand, such as its cloud.
    pub labels: BTreeMap<String, String>,
    /// The name of the log, as its checkpoints carry it.
    pub origin: String,
}

impl Identity {
    /// The identity of a new ledger.
    #[must_use]
    pub fn new(origin: &str, created_at: &str, labels: BTreeMap<String, String>) -> Self {
        Self { created_at: created_at.to_owned(), format: LEDGER_FORMAT, labels, origin: origin.to_owned() }
    }

    /// The same ledger, allowed entries of a format.
    pub(crate) fn raised_to(&self, format: u64) -> Self {
        Self { format: self.format.max(format), ..self.clone() }
    }

    /// Whether the other is the same ledger, allowed the same formats or fewer: the file is raised before its copy.
    pub(crate) fn is_or_raises(&self, other: &Self) -> bool {
        *self == other.raised_to(self.format)
    }

    /// Origins stand on a line of their own in checkpoints, and in the header of each segment.
    pub(crate) fn has_usable_origin(&self) -> bool {
        !self.origin.is_empty()
            && self.origin.len() <= 255
            && self.origin.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+')
    }

    pub(crate) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// The paths inside a ledger's folder.
#[derive(Debug, Clone)]
pub struct Directory {
    root: PathBuf,
}

/// What the identity file says.
#[derive(Debug)]
pub(crate) enum FoundIdentity {
    Sound(Identity),
    NewerFormat(u64),
    Missing,
    Damaged(String),
}

/// The only field that every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u64,
}

impl Directory {
    /// Names the paths; nothing is touched.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The identity file.
    #[must_use]
    pub fn identity(&self) -> PathBuf {
        self.root.join("ledger.json")
    }

    /// The store of the log: append-only, precious.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The head witness.
    #[must_use]
    pub fn head(&self) -> PathBuf {
        self.root.join("head")
    }

    /// The sealed segments: the second copy.
    #[must_use]
    pub fn segments(&self) -> PathBuf {
        self.root.join("segments")
    }

    /// The checkpoints that were signed, one file each, named by size.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    /// Everything derived; may be deleted while the ledger is closed.
    #[must_use]
    pub fn views(&self) -> PathBuf {
        self.root.join("views")
    }

    /// The stream and command index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.root.join("views").join("index")
    }

    /// The mark of the last sound verification.
    #[must_use]
    pub fn verified(&self) -> PathBuf {
        self.root.join("views").join("verified")
    }

    /// The mark of the last comparison of the stored views with the log.
    #[must_use]
    pub fn compared(&self) -> PathBuf {
        self.root.join("views").join("compared")
    }

    /// What commitments to the state of all streams were made of.
    #[must_use]
    pub fn commitments(&self) -> PathBuf {
        self.root.join("views").join("commitments")
    }

    /// The lock file, with the process id of its holder.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// The ballast file, given back when the disk is full.
    #[must_use]
    pub fn ballast(&self) -> PathBuf {
        self.root.join("ballast")
    }

    /// Stands while the folder is being created, so that an unfinished creation can be repeated.
    pub(crate) fn creating(&self) -> PathBuf {
        self.root.join("creating")
    }

    pub(crate) fn read_identity(&self) -> io::Result<FoundIdentity> {
        let bytes = match fs::read(self.identity()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(FoundIdentity::Missing);
            }
            Err(error) => return Err(error),
        };
        Ok(parse_identity(&bytes))
    }

    /// Whole or as it was before; on the device when this returns.
    pub(crate) fn write_identity(&self, identity: &Identity) -> io::Result<()> {
        disk::write_whole(&self.identity(), &identity.to_bytes()?)
    }
}

pub(crate) fn parse_identity(bytes: &[u8]) -> FoundIdentity {
    match serde_json::from_slice::<AnyFormat>(bytes) {
        Ok(any) if any.format > LEDGER_FORMAT => return FoundIdentity::NewerFormat(any.format),
        Ok(_) => {}
        Err(error) => return FoundIdentity::Damaged(error.to_string()),
    }
    match serde_json::from_slice::<Identity>(bytes) {
        Ok(identity) if (1..=LEDGER_FORMAT).contains(&identity.format) && identity.has_usable_origin() => {
            FoundIdentity::Sound(identity)
        }
        Ok(_) => FoundIdentity::Damaged("its format or origin is not possible".to_owned()),
        Err(error) => FoundIdentity::Damaged(error.to_string()),
    }
}
