//! The certificate of a drill: what was restored, which checks were made, and what came of each.

use std::path::PathBuf;

use ofrecord_core::Timestamp;
use ofrecord_log::{BACKUP_FORMAT, BackupFile, Hash, LEDGER_FORMAT, Manifest};
use serde::Serialize;

use crate::commands::backup::Problem;

/// The format of a certificate.
const CERTIFICATE_FORMAT: u64 = 1;

/// A certificate.
#[derive(Debug, Serialize)]
pub(super) struct Certificate {
    certificate_format: u64,
    /// The same for every drill of the same backup with the same build against the same ledger.
    pub(super) report: Report,
    /// What differs from one drill to the next.
    pub(super) run: Run,
}

/// What was found.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) sound: bool,
    build: Build,
    pub(super) backup: Option<Backup>,
    pub(super) restored: Option<Restored>,
    pub(super) checks: Vec<Check>,
    pub(super) problems: Vec<Problem>,
}

/// Which build made the drill.
#[derive(Debug, Serialize)]
struct Build {
    version: &'static str,
    ledger_format: u64,
    backup_format: u64,
}

/// The backup, as its manifest states it.
#[derive(Debug, Serialize)]
pub(super) struct Backup {
    origin: String,
    ledger_created_at: String,
    backed_up_at: String,
    size: u64,
    root: Hash,
    files: Vec<BackupFile>,
}

/// The ledger that was made from it.
#[derive(Debug, Serialize)]
pub(super) struct Restored {
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) entries_hashed: u64,
    pub(super) segments_read: u64,
    pub(super) entries_decoded: u64,
    pub(super) customers_folded: u64,
}

/// When and for how long.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    pub(super) at: Timestamp,
    pub(super) backup: PathBuf,
    pub(super) against: Option<PathBuf>,
    pub(super) seconds_restoring: f64,
    pub(super) seconds_verifying: f64,
}

/// One check.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) check: &'static str,
    pub(super) outcome: Outcome,
    /// What was compared, or why nothing was.
    pub(super) detail: String,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// It held.
    Sound,
    /// It did not hold.
    Wrong,
    /// It was not made.
    NotMade,
}

impl Certificate {
    pub(super) fn begin(run: Run) -> Self {
        let build =
            Build { version: env!("CARGO_PKG_VERSION"), ledger_format: LEDGER_FORMAT, backup_format: BACKUP_FORMAT };
        let report =
            Report { sound: true, build, backup: None, restored: None, checks: Vec::new(), problems: Vec::new() };
        Self { certificate_format: CERTIFICATE_FORMAT, report, run }
    }
}

impl Backup {
    pub(super) fn of(manifest: &Manifest) -> Self {
        Self {
            origin: manifest.origin.clone(),
            ledger_created_at: manifest.identity.created_at.clone(),
            backed_up_at: manifest.created_at.clone(),
            size: manifest.size,
            root: manifest.root,
            files: manifest.files.clone(),
        }
    }
}

impl Report {
    /// Keeps what came of a check.
    pub(super) fn check(&mut self, check: &'static str, outcome: Outcome, detail: impl Into<String>) {
        self.sound &= outcome != Outcome::Wrong;
        self.checks.push(Check { check, outcome, detail: detail.into() });
    }

    /// Keeps a problem; the check that it belongs to does not hold.
    pub(super) fn found(&mut self, problem: Problem) {
        self.sound = false;
        self.problems.push(problem);
    }
}
