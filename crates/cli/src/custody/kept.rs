//! The checkpoints that are kept in the ledger's folder, and a new one where none of them will do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ofrecord_core::{Actor, ActorKind};
use ofrecord_ledger::signing::{SignError, Signed, Signer, of_this_log};
use ofrecord_ledger::{Ledger, Reader};
use ofrecord_log::{Directory, EventLog as _, LogReader, sync_folder, write_whole};
use ofrecord_proof::note::SignedNote;

use super::{custody, name_first_key, signer};
use crate::failure::Failure;
use crate::open;
use crate::session::Session;

/// Under which checkpoint something is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// The one that is kept of this size.
    Size(u64),
    /// The newest that is kept, if it has at least so many entries; otherwise a new one.
    AtLeast(u64),
    /// One of everything that is acknowledged: the newest that is kept, or else a new one.
    Everything,
}

/// Does something with the log and the checkpoint under which it is to be shown.
///
/// Where none that is kept will do, the head is signed first, which needs the folder of keys.
pub(crate) fn under<T>(
    session: &Session,
    wanted: Under,
    work: &mut dyn FnMut(&dyn LogReader, &Signed) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let ledger = &session.global.ledger;
    let opened = open::log_alone(session)?;
    let log = opened.log.reader();
    let kept = match wanted {
        Under::Size(size) => Some(kept_of(log.as_ref(), ledger, size)?),
        Under::AtLeast(size) => newest_of(&opened.reader(), ledger, size)?,
        Under::Everything => newest_of(&opened.reader(), ledger, log.tree_size())?,
    };
    if let Some(signed) = kept {
        return work(log.as_ref(), &signed);
    }
    drop(log);
    drop(opened);
    let mut signer = signer(session)?;
    let ledger = open::ledger(session)?;
    let done =
        sign_first(&ledger, &mut signer, session).and_then(|signed| work(ledger.reader().log().as_ref(), &signed));
    open::close(ledger, session);
    done
}

fn sign_first(ledger: &Ledger, signer: &mut Signer, session: &Session) -> Result<Signed, Failure> {
    name_first_key(ledger, signer, &Actor::new(ActorKind::System))?;
    sign(ledger, signer, session)
}

/// Signs the head of the ledger and keeps the checkpoint.
pub(crate) fn sign(ledger: &Ledger, signer: &mut Signer, session: &Session) -> Result<Signed, Failure> {
    sign_into(ledger, signer, &session.global.ledger)
}

/// Held while a head is signed: several threads of a process may sign for its ledger, and what was signed last must
/// never become less than it was.
static SIGNING: Mutex<()> = Mutex::new(());

/// Signs the head of the ledger in a folder and keeps the checkpoint.
pub(crate) fn sign_into(ledger: &Ledger, signer: &mut Signer, folder: &Path) -> Result<Signed, Failure> {
    let _alone = SIGNING.lock().unwrap_or_else(PoisonError::into_inner);
    let reader = ledger.reader();
    let allowed = custody(&reader)?.signing_keys().cloned().collect();
    let note = signer.sign(reader.log().as_ref(), &allowed, ledger.clock().now())?;
    let signed = Signed { size: signer.signed().size, note };
    keep(folder, &signed)?;
    checkpoint(folder, signed.size)
}

/// Keeps a checkpoint in the ledger's folder, whole or not at all. Signatures below the same one that was kept
/// before, as those of witnesses, stay.
pub(crate) fn keep(ledger: &Path, signed: &Signed) -> Result<(), SignError> {
    let path = checkpoint_file(ledger, signed.size);
    let unusable = |error: &dyn std::fmt::Display| SignError::File { path: path.clone(), problem: error.to_string() };
    let mut note = signed.note.clone();
    let before = fs::read(&path).ok().and_then(|bytes| SignedNote::from_bytes(&bytes).ok());
    for signature in
        before.iter().filter(|before| before.text() == signed.note.text()).flat_map(|before| before.signatures())
    {
        let known = note.signatures().iter().any(|one| one.name == signature.name && one.id == signature.id);
        if !known {
            note.add(signature.clone()).map_err(|error| unusable(&error))?;
        }
    }
    let written = || {
        let folder = Directory::new(ledger).checkpoints();
        if !folder.is_dir() {
            fs::create_dir(&folder)?;
            sync_folder(ledger)?;
        }
        write_whole(&path, note.to_string().as_bytes())
    };
    written().map_err(|error| unusable(&error))
}

/// The newest checkpoint that is kept, with its size; none when nothing was signed yet.
pub(crate) fn newest_checkpoint(ledger: &Path) -> Result<Option<Signed>, Failure> {
    sizes_kept(ledger)?.last().map(|size| checkpoint(ledger, *size)).transpose()
}

/// The first checkpoint that is kept and is one of this log with the entry at a position, so that the same proof
/// comes of it however often the log is signed later.
pub(crate) fn checkpoint_covering(
    ledger: &Path,
    log: &dyn LogReader,
    position: u64,
) -> Result<Option<Signed>, Failure> {
    checkpoint_by(ledger, log, position, &|_| true)
}

/// The same of those that are accepted.
pub(crate) fn checkpoint_by(
    ledger: &Path,
    log: &dyn LogReader,
    position: u64,
    accepted: &dyn Fn(&Signed) -> bool,
) -> Result<Option<Signed>, Failure> {
    let covers = |size: &u64| *size > position && *size <= log.tree_size();
    for size in sizes_kept(ledger)?.into_iter().filter(covers) {
        let signed = checkpoint(ledger, size)?;
        if !accepted(&signed) {
            continue;
        }
        match of_this_log(log, &signed) {
            Ok(_) => return Ok(Some(signed)),
            // Before an epoch, the log may have been another one.
            Err(error) if error.lost().is_some() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// The checkpoint of a size that is kept.
pub(crate) fn checkpoint(ledger: &Path, size: u64) -> Result<Signed, Failure> {
    let path = checkpoint_file(ledger, size);
    if !path.is_file() {
        return Err(Failure::NoCheckpoint { size });
    }
    let bytes = fs::read(&path).map_err(|error| Failure::File { doing: "read", path: path.clone(), error })?;
    let unsound = |error: &dyn std::fmt::Display| SignError::File { path: path.clone(), problem: error.to_string() };
    let note = SignedNote::from_bytes(&bytes).map_err(|error| unsound(&error))?;
    Ok(Signed { size, note })
}

/// The sizes of the checkpoints that are kept, ascending.
pub(crate) fn sizes_kept(ledger: &Path) -> Result<Vec<u64>, Failure> {
    let folder = Directory::new(ledger).checkpoints();
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| Failure::File { doing: "read", path: folder.clone(), error };
    let mut sizes = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        sizes.extend(entry.map_err(failed)?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    sizes.sort_unstable();
    Ok(sizes)
}

/// The checkpoint of a size that is kept, if it is one of the log as it is.
fn kept_of(log: &dyn LogReader, ledger: &Path, size: u64) -> Result<Signed, Failure> {
    let signed = checkpoint(ledger, size)?;
    of_this_log(log, &signed)?;
    Ok(signed)
}

/// The newest kept checkpoint of the log as it is, in its present epoch, with at least so many entries.
///
/// What was signed before entries were lost may be kept too; it is passed over.
fn newest_of(reader: &Reader, ledger: &Path, size_min: u64) -> Result<Option<Signed>, Failure> {
    let log = reader.log().as_ref();
    let custody = custody(reader)?;
    let origin = custody.epochs.last().map_or(log.origin(), |epoch| epoch.origin.as_str());
    for size in sizes_kept(ledger)?.into_iter().rev().take_while(|size| *size >= size_min) {
        let signed = checkpoint(ledger, size)?;
        match of_this_log(log, &signed) {
            Ok(checkpoint) if checkpoint.origin() == origin => return Ok(Some(signed)),
            Ok(_) => {}
            Err(error) if error.lost().is_some() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// Where replies of authorities to stamp the checkpoint of a size are kept beside it, one after the other.
pub(crate) fn stamp_files(folder: PathBuf, size: u64) -> impl Iterator<Item = PathBuf> {
    let names = std::iter::once(format!("{size:020}.tsr")).chain((2_u64..).map(move |n| format!("{size:020}-{n}.tsr")));
    names.map(move |name| folder.join(name))
}

fn checkpoint_file(ledger: &Path, size: u64) -> PathBuf {
    Directory::new(ledger).checkpoints().join(format!("{size:020}"))
}
