//! Checking a backup where it lies: every file, every entry's hash, and the root.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Files;
use super::copy::{Measure, measure};
use super::error::{BackupFinding, BackupProblem, BackupUnreadable};
use super::manifest::{BackupFile, Manifest, manifest_path};
use super::part::{Part, read_bundle};
use crate::block::Framed;
use crate::directory::{Directory, Identity, LEDGER_FORMAT};
use crate::entry::stored_leaf_hash;
use crate::merkle::Frontier;
use crate::sealed;
use crate::segment::{BUNDLES, Segment};
use crate::sled_log::{OnProgress, Progress, Stage};

/// What a check of a backup found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupCheck {
    /// The manifest; `None` when it is damaged.
    pub manifest: Option<Manifest>,
    /// How many entries were read and hashed.
    pub entries: u64,
    /// The files that were read.
    pub files: Files,
    /// What is wrong, in the order found.
    pub problems: Vec<BackupProblem>,
}

impl BackupCheck {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Reads every file of a backup, compares it with the manifest, hashes every entry and compares the root.
///
/// # Errors
/// [`BackupUnreadable`] when there is no backup, or one of a newer version; a damaged manifest is a problem.
pub fn check_backup(folder: &Path, progress: &mut OnProgress<'_>) -> Result<BackupCheck, BackupUnreadable> {
    let manifest = match Manifest::read(folder) {
        Ok(manifest) => manifest,
        Err(BackupUnreadable::Manifest { path, finding }) => {
            let problem = BackupProblem { path, finding: BackupFinding::Manifest { cause: finding } };
            return Ok(BackupCheck { manifest: None, entries: 0, files: Files::default(), problems: vec![problem] });
        }
        Err(error) => return Err(error),
    };
    let mut check = BackupCheck { manifest: None, entries: 0, files: Files::default(), problems: Vec::new() };
    check.problems.extend(check_identity(folder, &manifest.identity).err());
    let mut chain = Chain::new(&manifest.origin);
    for (part, file) in manifest.parts().zip(&manifest.files) {
        let path = folder.join(&file.path);
        let found = compare(file, measure(&path)).and_then(|measure| {
            check.files.add(measure.bytes);
            // Beyond a damaged file there is nothing that the next could continue.
            if chain.end() == part.first() { chain.read(part, &path, &mut |_| Ok(())) } else { Ok(()) }
        });
        check.problems.extend(found.err().map(|finding| BackupProblem { path, finding }));
        progress(Progress { stage: Stage::Verifying, done: part.end(), total: manifest.size });
    }
    check.entries = chain.end();
    check.problems.extend(
        chain.check_root(&manifest).err().map(|finding| BackupProblem { path: manifest_path(folder), finding }),
    );
    Ok(BackupCheck { manifest: Some(manifest), ..check })
}

/// The identity file says what the manifest says, or is raised already for a backup that was interrupted.
pub(crate) fn check_identity(folder: &Path, identity: &Identity) -> Result<(), BackupProblem> {
    let path = Directory::new(folder).identity();
    let finding = match fs::read(&path) {
        Ok(bytes) => {
            let same = |identity: &Identity| identity.to_bytes().is_ok_and(|right| right == bytes);
            if same(identity) || same(&identity.raised_to(LEDGER_FORMAT)) {
                return Ok(());
            }
            BackupFinding::Identity
        }
        Err(error) => unreadable(&error),
    };
    Err(BackupProblem { path, finding })
}

/// Compares what was measured of a file with the manifest.
pub(crate) fn compare(file: &BackupFile, found: io::Result<Measure>) -> Result<Measure, BackupFinding> {
    let found = found.map_err(|error| unreadable(&error))?;
    if found.bytes != file.bytes {
        return Err(BackupFinding::Length { found: found.bytes, stated: file.bytes });
    }
    if found.sha256 != file.sha256 {
        return Err(BackupFinding::Digest { found: found.sha256, stated: file.sha256 });
    }
    Ok(found)
}

/// Compares the length of a file with the manifest, without reading it.
pub(crate) fn compare_length(file: &BackupFile, path: &Path) -> Result<(), BackupFinding> {
    let found = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if found == file.bytes { Ok(()) } else { Err(BackupFinding::Length { found, stated: file.bytes }) }
}

fn unreadable(error: &io::Error) -> BackupFinding {
    if error.kind() == io::ErrorKind::NotFound {
        return BackupFinding::Missing;
    }
    BackupFinding::Unreadable { cause: error.to_string() }
}

/// The parts of a backup as one unbroken row of entries, each hashed into the tree.
pub(crate) struct Chain {
    origin: String,
    row: Vec<Arc<Segment>>,
    frontier: Frontier,
}

impl Chain {
    pub(crate) fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), row: Vec::new(), frontier: Frontier::new() }
    }

    /// How many entries were read.
    pub(crate) fn end(&self) -> u64 {
        self.frontier.size()
    }

    /// Reads the next part from a file, and gives `each` the entries of every bundle. On an error the row ends before it.
    pub(crate) fn read<E: From<BackupFinding>>(
        &mut self,
        part: Part,
        path: &Path,
        each: &mut dyn FnMut(&Framed) -> Result<(), E>,
    ) -> Result<(), E> {
        match part {
            Part::Segment { first } => self.read_segment(first, path, each),
            Part::Bundle { count, .. } => {
                let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
                let entries = read_bundle(&bytes, count)?;
                for entry in entries.iter() {
                    self.frontier.push(stored_leaf_hash(entry));
                }
                each(&entries)
            }
        }
    }

    /// A segment is believed once each of its bundles has the root in its footer, and the footer continues the tree.
    fn read_segment<E: From<BackupFinding>>(
        &mut self,
        first: u64,
        path: &Path,
        each: &mut dyn FnMut(&Framed) -> Result<(), E>,
    ) -> Result<(), E> {
        let content = |cause: String| BackupFinding::Content { cause };
        let segment = Segment::open(path).map_err(|error| content(error.to_string()))?;
        sealed::follows(&self.row, &segment, first, &self.origin).map_err(content)?;
        for bundle in 0..BUNDLES as u64 {
            each(&segment.verify_bundle(bundle).map_err(|error| content(error.to_string()))?.entries)?;
        }
        self.frontier = segment.frontier().clone();
        self.row.push(Arc::new(segment));
        Ok(())
    }

    /// The whole must have the root that the manifest states. Where the row ended early, that is a problem already.
    pub(crate) fn check_root(&self, manifest: &Manifest) -> Result<(), BackupFinding> {
        let (size, found) = (self.frontier.size(), self.frontier.root());
        if size == manifest.size && found != manifest.root {
            return Err(BackupFinding::Root { size, found, stated: manifest.root });
        }
        Ok(())
    }
}
