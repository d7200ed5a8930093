//! Taking a backup: what is there already is kept, the rest is copied, and the manifest comes last.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::copy::{Aside, Waiting, sync_folders};
use super::error::{BackupError, BackupUnreadable};
use super::manifest::{BACKUP_FORMAT, BackupFile, Manifest};
use super::part::{Part, SEGMENTS, TAIL, bundle_file};
use super::room::{FILE_BYTES, bundle_bytes, refuse_without_room};
use super::target::Target;
use super::{BackupOptions, BackupReport, Files};
use crate::block::frame_entry;
use crate::directory::Identity;
use crate::disk;
use crate::entry::stored_leaf_hash;
use crate::event_log::{Head, LogReader as _, WriteState};
use crate::fault::WritePoint;
use crate::merkle::Frontier;
use crate::segment::{BUNDLE_ENTRIES, BUNDLE_LEVEL, SEGMENT_ENTRIES, Segment};
use crate::sled_log::{OnProgress, Progress, Shared, SledReader, Stage};

pub(super) fn take(
    shared: &Arc<Shared>,
    (redacted, stop): (&BTreeSet<u64>, &AtomicBool),
    folder: &Path,
    options: &BackupOptions,
    progress: &mut OnProgress<'_>,
) -> Result<BackupReport, BackupError> {
    let log = Snapshot::of(shared)?;
    let target = Target::take(folder)?;
    if let Some(earlier) = target.earlier() {
        log.refuse_unless_it_continues(earlier, folder)?;
    }
    refuse_without_its_room(&log, &target, options)?;
    target.begin()?;
    let mut taking = Taking {
        log: &log,
        target: &target,
        redacted,
        options,
        frontier: Frontier::new(),
        files: Vec::new(),
        waiting: Waiting::default(),
        copied: Files::default(),
        kept: Files::default(),
    };
    for part in Part::all(log.sealed_through(), log.head.size) {
        taking.take(part)?;
        progress(Progress { stage: Stage::BackingUp, done: part.end(), total: log.head.size });
        if stop.load(Ordering::Acquire) {
            return Err(BackupError::Stopped);
        }
    }
    taking.finish()
}

/// Tells what is missing in the folder, and refuses where the device has no room for it.
fn refuse_without_its_room(log: &Snapshot, target: &Target, options: &BackupOptions) -> Result<(), BackupError> {
    let (mut bytes, mut files, mut bundles) = (0_u64, 1_u64, Vec::new());
    for part in Part::all(log.sealed_through(), log.head.size) {
        files += 1;
        match part {
            part if target.held(&part.path()).is_some() => {}
            // A segment that is missing is told of when its turn comes.
            Part::Segment { first } => bytes += log.segment(first).map_or(0, |segment| segment.file_bytes()),
            Part::Bundle { .. } => bundles.push(part),
        }
    }
    let needed_bytes = bytes + bundle_bytes(&log.reader, &bundles)? + files * FILE_BYTES;
    let path = target.folder();
    let given_back = target.leftover_bytes().map_err(BackupUnreadable::io(path))?;
    let room =
        refuse_without_room(path, needed_bytes, given_back, &options.fault).map_err(BackupUnreadable::io(path))?;
    room.map_err(|no| BackupError::NoRoom {
        path: path.to_owned(),
        needed_bytes: no.needed_bytes,
        free_bytes: no.free_bytes,
    })
}

/// What is backed up; what the log gets later is none of its business.
struct Snapshot {
    reader: SledReader,
    head: Head,
    segments: Vec<Arc<Segment>>,
    identity: Identity,
    shared: Arc<Shared>,
}

impl Snapshot {
    fn of(shared: &Arc<Shared>) -> Result<Self, BackupError> {
        let (head, segments, state) = {
            let live = shared.live();
            (live.head, live.sealed.clone(), live.write_state.clone())
        };
        match state {
            // After a write of unknown outcome everything acknowledged is still there.
            WriteState::Writable | WriteState::Poisoned { .. } => {}
            WriteState::ReadOnly(reason) => return Err(BackupError::Degraded(reason)),
        }
        // Read after the head: it is raised before the first entry that needs it can be seen.
        let identity = shared.identity().clone();
        Ok(Self { reader: SledReader::new(Arc::clone(shared)), head, segments, identity, shared: Arc::clone(shared) })
    }

    fn sealed_through(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.end())
    }

    fn segment(&self, first: u64) -> Option<&Arc<Segment>> {
        let number = usize::try_from(first / SEGMENT_ENTRIES).ok()?;
        self.segments.get(number).filter(|segment| segment.first() == first)
    }

    /// The earlier backup must be one of the same ledger, and hold what the log begins with.
    fn refuse_unless_it_continues(&self, earlier: &Manifest, folder: &Path) -> Result<(), BackupError> {
        let path = folder.to_owned();
        if !self.identity.is_or_raises(&earlier.identity) {
            return Err(BackupError::OtherLedger {
                path,
                backup: earlier.origin.clone(),
                backup_created_at: earlier.identity.created_at.clone(),
                ledger: self.identity.origin.clone(),
                ledger_created_at: self.identity.created_at.clone(),
            });
        }
        if earlier.size > self.head.size {
            return Err(BackupError::Longer { path, backup_size: earlier.size, ledger_size: self.head.size });
        }
        let ledger_root = self.reader.root_at(earlier.size)?;
        if ledger_root != earlier.root {
            let (size, backup_root) = (earlier.size, earlier.root);
            return Err(BackupError::AnotherHistory { path, size, backup_root, ledger_root });
        }
        Ok(())
    }
}

struct Taking<'a> {
    log: &'a Snapshot,
    target: &'a Target,
    redacted: &'a BTreeSet<u64>,
    options: &'a BackupOptions,
    frontier: Frontier,
    files: Vec<BackupFile>,
    /// What is written and has no name yet.
    waiting: Waiting,
    copied: Files,
    kept: Files,
}

impl Taking<'_> {
    fn take(&mut self, part: Part) -> Result<(), BackupError> {
        let path = part.path_after(part.redacted_by(self.redacted));
        match part {
            Part::Segment { first } => {
                let missing = || self.damaged("a segment of it is missing".to_owned());
                let segment = Arc::clone(self.log.segment(first).ok_or_else(missing)?);
                self.take_segment(&segment, &path)?;
                self.frontier = segment.frontier().clone();
                Ok(())
            }
            Part::Bundle { first, count } => self.take_bundle(first, count, &path),
        }
    }

    fn take_segment(&mut self, segment: &Segment, name: &str) -> Result<(), BackupError> {
        let path = self.target.path(name);
        let held = self.target.held(name);
        if let Some(file) = held
            && Segment::open(&path).is_ok_and(|held| held.digest() == segment.digest())
        {
            self.keep(file.clone());
            return Ok(());
        }
        if let Err(error) = fs::metadata(segment.path()) {
            return Err(BackupError::Damaged { path: segment.path().to_owned(), finding: error.to_string() });
        }
        let aside = Aside::copy(segment.path(), &path, &self.options.fault).map_err(BackupError::write(&path))?;
        let copied = Segment::open(aside.path()).and_then(|copy| copy.verify_digest().map(|()| copy.digest()));
        let finding = match copied {
            Ok(digest) if digest == segment.digest() => None,
            Ok(_) => Some("its file is not the segment that was sealed".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(finding) = finding {
            return Err(BackupError::Damaged { path: segment.path().to_owned(), finding });
        }
        self.name(aside, name)
    }

    fn take_bundle(&mut self, first: u64, count: u64, name: &str) -> Result<(), BackupError> {
        if let Some(file) = self.target.held(name) {
            let file = file.clone();
            if count == BUNDLE_ENTRIES {
                let root = self.log.reader.subtree_root(BUNDLE_LEVEL, first / BUNDLE_ENTRIES)?;
                self.frontier.push_subtree(BUNDLE_LEVEL, root).map_err(|error| self.damaged(error.to_string()))?;
            } else {
                self.log.reader.scan(first, first + count, &mut |_, entry| {
                    self.frontier.push(stored_leaf_hash(entry));
                    ControlFlow::Continue(())
                })?;
            }
            self.keep(file);
            return Ok(());
        }
        let mut raw = Vec::new();
        self.log.reader.scan(first, first + count, &mut |_, entry| {
            frame_entry(entry, &mut raw);
            self.frontier.push(stored_leaf_hash(entry));
            ControlFlow::Continue(())
        })?;
        let path = self.target.path(name);
        let file = bundle_file(&raw).map_err(|error| BackupError::write(&path)(error.to_string()))?;
        let aside = Aside::write(&file, &path, &self.options.fault).map_err(BackupError::write(&path))?;
        self.name(aside, name)
    }

    /// Has a file wait for its name, unless the earlier backup calls other bytes so: those it must keep.
    fn name(&mut self, aside: Aside, name: &str) -> Result<(), BackupError> {
        let path = self.target.path(name);
        if self.target.named(name).is_some_and(|named| named.sha256 != aside.measure.sha256) {
            return Err(BackupError::Resealed { path });
        }
        let measure = aside.measure;
        self.waiting.add(aside);
        self.copied.add(measure.bytes);
        self.files.push(BackupFile { path: name.to_owned(), bytes: measure.bytes, sha256: measure.sha256 });
        if self.waiting.is_full() { self.name_waiting() } else { Ok(()) }
    }

    fn name_waiting(&mut self) -> Result<(), BackupError> {
        let named = self.waiting.name_all(&self.options.fault);
        named.map_err(|(path, cause)| BackupError::Write { path, cause })
    }

    fn keep(&mut self, file: BackupFile) {
        self.kept.add(file.bytes);
        self.files.push(file);
    }

    fn finish(mut self) -> Result<BackupReport, BackupError> {
        self.name_waiting()?;
        let head = self.log.head;
        let root = self.frontier.root();
        if (self.frontier.size(), root) != (head.size, head.root) {
            return Err(self.damaged(format!("the root over what was copied is {root}, of the log {}", head.root)));
        }
        self.write_identity()?;
        let folders = [self.target.folder().to_owned(), self.target.path(SEGMENTS), self.target.path(TAIL)];
        let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
        sync_folders(&folders, &self.options.fault).map_err(BackupError::write(self.target.folder()))?;
        let manifest = Manifest {
            backup_format: BACKUP_FORMAT,
            origin: self.log.identity.origin.clone(),
            identity: self.log.identity.clone(),
            size: head.size,
            root: head.root,
            created_at: self.options.created_at.clone(),
            files: self.files,
        };
        self.target.finish(&manifest, &self.options.fault)?;
        Ok(BackupReport { head, copied: self.copied, kept: self.kept })
    }

    /// The identity changes only by being raised, and a manifest stands beside one that is raised.
    fn write_identity(&self) -> Result<(), BackupError> {
        let path = self.target.identity();
        let bytes = self.log.identity.to_bytes().map_err(BackupUnreadable::io(&path))?;
        if fs::read(&path).is_ok_and(|found| found == bytes) {
            return Ok(());
        }
        let written = self.options.fault.around(WritePoint::CopyWrite, || disk::write_whole(&path, &bytes));
        written.map_err(BackupError::write(&path))
    }

    fn damaged(&self, finding: String) -> BackupError {
        BackupError::Damaged { path: self.log.shared.directory().log(), finding }
    }
}
