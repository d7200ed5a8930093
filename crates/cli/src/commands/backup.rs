//! `ofrecord backup`: copy what is acknowledged into a folder, without what is there already, or check such a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Args;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::redaction;
use ofrecord_ledger::{Ledger, Progress as _};
use ofrecord_log::fault::FaultHook;
use ofrecord_log::{BackupCheck, BackupOptions, BackupProblem, BackupReport, Hash, LogBackup, LogReader, check_backup};
use serde::Serialize;

use crate::arguments::{Format, folder};
use crate::custody;
use crate::disclosure::{self, Taking};
use crate::failure::{Failure, Verdict};
use crate::open::{self, stage_name};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `backup`.
#[derive(Debug, Args)]
#[command(after_help = "A second backup into the same folder copies only what is new.
An interrupted one leaves the backup that was there before.
That a backup is taken is recorded first, so that it holds that entry.
With --verify, exits with 4 when something is wrong.

Examples:
  ofrecord backup /backup/market
  ofrecord backup --verify /backup/market")]
pub(crate) struct Arguments {
    /// The folder of the backup
    #[arg(value_name = "DIR", value_parser = folder())]
    dir: PathBuf,
    /// Check the backup that is there: every file, every entry's hash, and the root
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    taking: Taking,
}

/// What was copied.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    backup: PathBuf,
    origin: String,
    entries: u64,
    bytes: u64,
    copied_files: u64,
    copied_bytes: u64,
    kept_files: u64,
    kept_bytes: u64,
    root: Hash,
    seconds: f64,
}

/// What was checked and found.
#[derive(Debug, Serialize)]
struct Checked {
    backup: PathBuf,
    origin: Option<String>,
    backed_up_at: Option<String>,
    entries: Option<u64>,
    root: Option<Hash>,
    entries_hashed: u64,
    files: u64,
    bytes: u64,
    problems: Vec<Problem>,
}

/// One thing that is wrong with a backup.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    pub(super) path: String,
    pub(super) problem: String,
}

impl Problem {
    /// Named by its path within a folder.
    pub(super) fn within(folder: &Path, problem: &BackupProblem) -> Self {
        let path = problem.path.strip_prefix(folder).unwrap_or(&problem.path);
        Self { path: path.display().to_string(), problem: problem.finding.to_string() }
    }

    /// In one line.
    pub(super) fn sentence(self) -> String {
        if self.path.is_empty() { self.problem } else { format!("{}: {}", self.path, self.problem) }
    }
}

const PROBLEMS: Layout =
    Layout { empty: "nothing is wrong", columns: &[Column::of("path", "path"), Column::of("problem", "problem")] };

/// Backs up, or checks.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    // Whenever it ends, the backup that was there before stands.
    session.interrupt.end_at_once();
    if arguments.verify { verify(&arguments.dir, session) } else { take(arguments, session) }
}

fn take(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let dir = arguments.dir.as_path();
    record(&arguments.taking, session)?;
    let opened = open::log_in(&session.global.ledger, session)?;
    let taken = copy(&opened.log.backup(), &opened.log, dir, session)?;
    render::pairs(&mut session.output(), session.global.format, &taken)?;
    Ok(Verdict::Done)
}

/// Copies what is acknowledged into a folder.
pub(crate) fn copy(backup: &LogBackup, log: &dyn LogReader, dir: &Path, session: &Session) -> Result<Taken, Failure> {
    // What is left of a ledger that lost entries would look like a whole one.
    custody::loss(session, log)?;
    let gone = taken_away(backup, log)?;
    let options = BackupOptions { created_at: session.clock().now().to_string(), fault: FaultHook::default() };
    let (bar, stop) = (session.bar("backup"), AtomicBool::new(false));
    let began = Instant::now();
    let BackupReport { head, copied, kept } =
        backup.clone().without(gone).take_until(&stop, dir, &options, &mut |progress| {
            bar.advance(stage_name(progress.stage), progress.done, progress.total);
            stop.store(bar.is_stopped(), Ordering::Release);
        })?;
    drop(bar);
    Ok(Taken {
        backup: dir.to_owned(),
        origin: log.origin().to_owned(),
        entries: head.size,
        bytes: copied.bytes + kept.bytes,
        copied_files: copied.count,
        copied_bytes: copied.bytes,
        kept_files: kept.count,
        kept_bytes: kept.bytes,
        root: head.root,
        seconds: seconds(began),
    })
}

/// The positions whose bytes are gone from the log.
fn taken_away(backup: &LogBackup, log: &dyn LogReader) -> Result<BTreeSet<u64>, Failure> {
    let redactions = redaction::redactions(&redaction::logged(log)?);
    let standing = backup.not_taken_away(&redactions)?;
    Ok(redactions.into_keys().filter(|position| !standing.contains(position)).collect())
}

/// Records that a backup is taken, so that it holds that entry itself. A ledger that is damaged or lost entries is
/// not backed up at all; one on a full disk is, unrecorded.
fn record(taking: &Taking, session: &Session) -> Result<(), Failure> {
    let ledger = open::ledger(session)?;
    let outcome = record_in(&ledger, taking);
    open::close(ledger, session);
    match outcome {
        Err(failure) if failure.leaves_reading() => {
            disclosure::warn_not_recorded(session, &failure);
            Ok(())
        }
        outcome => outcome,
    }
}

/// The same in an open ledger.
pub(crate) fn record_in(ledger: &Ledger, taking: &Taking) -> Result<(), Failure> {
    let (kind, tree_size) = (DisclosureKind::Backup, ledger.reader().log().tree_size());
    taking.record(ledger, disclosure::Taken { kind, customer: None, tree_size, as_of: None, digest: None })
}

/// Seconds since an instant, to the millisecond.
pub(super) fn seconds(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0
}

fn verify(dir: &Path, session: &Session) -> Result<Verdict, Failure> {
    let bar = session.bar("verify");
    let check = check_backup(dir, &mut |progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
    })?;
    drop(bar);
    print(dir, &check, session)?;
    Ok(if check.is_sound() { Verdict::Done } else { Verdict::Found })
}

fn print(dir: &Path, check: &BackupCheck, session: &Session) -> Result<(), Failure> {
    let manifest = check.manifest.as_ref();
    let checked = Checked {
        backup: dir.to_owned(),
        origin: manifest.map(|manifest| manifest.origin.clone()),
        backed_up_at: manifest.map(|manifest| manifest.created_at.clone()),
        entries: manifest.map(|manifest| manifest.size),
        root: manifest.map(|manifest| manifest.root),
        entries_hashed: check.entries,
        files: check.files.count,
        bytes: check.files.bytes,
        problems: check.problems.iter().map(|problem| Problem::within(dir, problem)).collect(),
    };
    let (format, mut output) = (session.global.format, session.output());
    match format {
        Format::Json => {
            output.json(&checked)?;
            output.flush()
        }
        Format::Csv => render::rows(&mut output, format, &PROBLEMS, &checked.problems),
        Format::Table => {
            render::rows(&mut output, format, &PROBLEMS, &checked.problems)?;
            output.line("")?;
            output.line(&format!("{} entries hashed, {} files read", checked.entries_hashed, checked.files))?;
            if let Some(manifest) = manifest {
                output.line(&format!(
                    "tree size {} · root {} · {} · backed up at {}",
                    manifest.size, manifest.root, manifest.origin, manifest.created_at
                ))?;
            }
            output.flush()
        }
    }
}
