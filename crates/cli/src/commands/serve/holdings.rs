//! What the program keeps beside the log of a served ledger, as its pages show it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ofrecord_core::Timestamp;
use ofrecord_ledger::StoredViews;
use ofrecord_ledger::signing::Signer;
use ofrecord_log::{BackupUnreadable, Manifest};
use ofrecord_server::{BackupStanding, Drill, Generation, GenerationStanding, Holdings, KeptCheckpoint};
use serde::Deserialize;

use crate::custody;

/// Certificates of drills that are read: the newest.
const DRILLS_MAX: usize = 20;

/// Where things are kept.
pub(super) struct Kept {
    /// The folder of the ledger, with the checkpoints.
    pub(super) ledger: PathBuf,
    /// What signs, where there are keys.
    pub(super) signer: Option<Arc<Mutex<Signer>>>,
    /// The stored rows, where they can be used.
    pub(super) views: Option<Arc<StoredViews>>,
    /// Where backups go, where any are taken.
    pub(super) backups: Option<PathBuf>,
}

/// What is read of the certificate of a drill.
#[derive(Deserialize)]
struct Certificate {
    report: Report,
    run: Run,
}

#[derive(Deserialize)]
struct Report {
    sound: bool,
    restored: Option<Restored>,
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Restored {
    size: u64,
}

#[derive(Deserialize)]
struct Problem {
    path: String,
    problem: String,
}

#[derive(Deserialize)]
struct Run {
    at: Timestamp,
}

impl Holdings for Kept {
    fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, String> {
        let newest = custody::newest_checkpoint(&self.ledger).map_err(|failure| format!("could not {failure}"))?;
        let Some(newest) = newest else { return Ok(None) };
        let signed_at = self.signer.as_ref().and_then(|signer| {
            let signer = signer.lock().unwrap_or_else(PoisonError::into_inner);
            (signer.signed().size == newest.size).then(|| signer.signed_at())
        });
        Ok(Some(KeptCheckpoint { note: newest.note.to_string(), signed_at }))
    }

    fn generations(&self) -> Result<Vec<Generation>, String> {
        let Some(views) = &self.views else { return Ok(Vec::new()) };
        let failed = |error: ofrecord_log::RowError| format!("could not {error}");
        let (current, live) = (views.current().map_err(failed)?, views.live().ok());
        let told = |number: u64| {
            let open = live.filter(|live| live.generation() == number);
            let standing = match open {
                Some(_) => GenerationStanding::Answers,
                None if current == Some(number) => GenerationStanding::AnswersNext,
                None => GenerationStanding::Beside,
            };
            let fold_version = open.map(|live| live.fold_version()).transpose().map_err(failed)?;
            let through = open.map(|live| live.checkpoint());
            Ok(Generation { number, standing, fold_version, through })
        };
        views.generations().map_err(failed)?.into_iter().map(told).collect()
    }

    fn backup(&self) -> Result<Option<BackupStanding>, String> {
        let Some(folder) = &self.backups else { return Ok(None) };
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => Some(manifest),
            Err(BackupUnreadable::Missing { .. }) => None,
            Err(error) => return Err(format!("could not {error}")),
        };
        let failed = |error: io::Error| format!("could not read {}: {error}", folder.display());
        let drills = drills(folder).map_err(failed)?;
        Ok(Some(BackupStanding { folder: folder.display().to_string(), manifest, drills }))
    }
}

/// The drills whose certificates are in a folder, the newest first; what is no certificate is passed over.
fn drills(folder: &Path) -> io::Result<Vec<Drill>> {
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in found {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("drill-") && name.ends_with(".json") {
            paths.push(path);
        }
    }
    // Their names begin with the instant.
    paths.sort_unstable();
    let mut drills = Vec::new();
    for path in paths.into_iter().rev().take(DRILLS_MAX) {
        let Ok(Certificate { report, run }) = serde_json::from_slice(&fs::read(path)?) else { continue };
        let problem = |Problem { path, problem }| if path.is_empty() { problem } else { format!("{path}: {problem}") };
        drills.push(Drill {
            at: run.at,
            is_sound: report.sound,
            size: report.restored.map(|restored| restored.size),
            problems: report.problems.into_iter().map(problem).collect(),
        });
    }
    Ok(drills)
}
