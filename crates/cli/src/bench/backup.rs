//! Backups: how fast one is beside a plain copy of its files, and what live commands feel of it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ofrecord_core::Cloud;
use ofrecord_ledger::{Clock, Ledger};
use ofrecord_log::fault::FaultHook;
use ofrecord_log::{BackupOptions, BackupReport, LogBackup, Manifest, OpenOptions, SledLog};

use super::fill::{IN_FLIGHT, filled_ledger, ledger_error, start};
use super::submitters::{request, submit};
use super::{BenchError, Figure, Plan, median, quantile};
use crate::window::Window;

/// Submitters whose latency is measured.
const SUBMITTERS: usize = 16;
/// Commands between a backup and the next one into the same folder.
const GROWTH: u64 = 5_000;

/// Whether backups are taken meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// One after the other.
    Backups,
    /// None.
    Nothing,
}

/// What the rounds gave.
#[derive(Default)]
struct Rounds {
    full: Vec<f64>,
    plain: Vec<f64>,
    full_ms: Vec<f64>,
    incremental: Vec<f64>,
    incremental_ms: Vec<f64>,
    alone: Latencies,
    beside: Latencies,
}

/// Latencies of one side, one value a round.
#[derive(Default)]
struct Latencies {
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

/// Measures over one filled ledger, in interleaved rounds.
pub(crate) fn measure(plan: &Plan, tell: &mut dyn FnMut(&Figure)) -> Result<Vec<Figure>, BenchError> {
    let folder = plan.scratch.join("filled");
    filled_ledger(&folder, plan.entries)?;
    let log = SledLog::open(&folder, &OpenOptions::default()).map_err(ledger_error)?;
    let backup = log.backup();
    let ledger = start(log, Cloud::China21Vianet, Clock::Machine, None)?;
    let mut rounds = Rounds::default();
    for round in 0..plan.rounds {
        let saved = plan.scratch.join(format!("backup-{round}"));
        copies(&ledger, &backup, &saved, round, &mut rounds)?;
        let sides = [Beside::Nothing, Beside::Backups];
        // Which side comes first changes, so that neither always finds the warmer machine.
        let sides = if round.is_multiple_of(2) { sides } else { [Beside::Backups, Beside::Nothing] };
        for side in sides {
            let mut latencies = latencies(&ledger, &backup, plan, round, side)?;
            let kept = if side == Beside::Backups { &mut rounds.beside } else { &mut rounds.alone };
            kept.p50_ms.push(quantile(&mut latencies, 0.5));
            kept.p99_ms.push(quantile(&mut latencies, 0.99));
        }
        fs::remove_dir_all(&saved)?;
    }
    ledger.close();
    let figures = rounds.figures();
    figures.iter().for_each(tell);
    Ok(figures)
}

impl Rounds {
    fn figures(&mut self) -> Vec<Figure> {
        let with = |name: &str, ours: &mut Vec<f64>, unit, other, limit: &mut Vec<f64>| {
            Figure::beside(name, median(ours), unit, other, median(limit))
        };
        let plain = "the same files copied and synced one by one";
        let (alone, beside) = (&mut self.alone, &mut self.beside);
        vec![
            with("full backup", &mut self.full, "MB/s", plain, &mut self.plain),
            Figure::alone(
                format!("backup after {GROWTH} more commands, of what it copied"),
                median(&mut self.incremental),
                "MB/s",
            ),
            with("backup after that many commands", &mut self.incremental_ms, "ms", "the full one", &mut self.full_ms),
            with("live commands beside backups, p50", &mut beside.p50_ms, "ms", "without", &mut alone.p50_ms),
            with("live commands beside backups, p99", &mut beside.p99_ms, "ms", "without", &mut alone.p99_ms),
        ]
    }
}

/// A full backup, a plain copy of its files, and a backup into the same folder after the ledger has grown.
fn copies(
    ledger: &Ledger,
    backup: &LogBackup,
    saved: &Path,
    round: usize,
    rounds: &mut Rounds,
) -> Result<(), BenchError> {
    let (full, took) = take(backup, saved)?;
    rounds.full.push(megabytes_per_second(full.copied.bytes, took));
    rounds.full_ms.push(took.as_secs_f64() * 1_000.0);
    let plain = saved.with_extension("plain");
    let began = Instant::now();
    let bytes = copy_plainly(saved, &plain)?;
    rounds.plain.push(megabytes_per_second(bytes, began.elapsed()));
    fs::remove_dir_all(&plain)?;
    let mut window = Window::of(ledger, IN_FLIGHT);
    for number in 0..GROWTH {
        window.submit(request(usize::MAX - round, number)).map_err(ledger_error)?;
    }
    for receipt in window.rest() {
        receipt.map_err(ledger_error)?;
    }
    let (more, took) = take(backup, saved)?;
    rounds.incremental.push(megabytes_per_second(more.copied.bytes, took));
    rounds.incremental_ms.push(took.as_secs_f64() * 1_000.0);
    Ok(())
}

fn take(backup: &LogBackup, folder: &Path) -> Result<(BackupReport, Duration), BenchError> {
    let options = BackupOptions { created_at: Clock::Machine.now().to_string(), fault: FaultHook::default() };
    let began = Instant::now();
    let report = backup.take(folder, &options, &mut |_| {}).map_err(ledger_error)?;
    Ok((report, began.elapsed()))
}

/// Copies every file that the manifest names, and syncs each.
fn copy_plainly(from: &Path, to: &Path) -> Result<u64, BenchError> {
    let manifest = Manifest::read(from).map_err(ledger_error)?;
    let mut bytes = 0;
    for file in &manifest.files {
        let path: PathBuf = to.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut copy = File::create(&path)?;
        bytes += io::copy(&mut File::open(from.join(&file.path))?, &mut copy)?;
        copy.sync_all()?;
    }
    Ok(bytes)
}

#[expect(clippy::cast_precision_loss, reason = "bytes on disk are far below 2^52")]
fn megabytes_per_second(bytes: u64, took: Duration) -> f64 {
    bytes as f64 / 1e6 / took.as_secs_f64().max(1e-9)
}

/// How long each command of a slot waited for its receipt, in milliseconds.
fn latencies(
    ledger: &Ledger,
    backup: &LogBackup,
    plan: &Plan,
    round: usize,
    beside: Beside,
) -> Result<Vec<f64>, BenchError> {
    let done = AtomicBool::new(false);
    let names = round * 2 + usize::from(beside == Beside::Backups);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let backups = scope.spawn(|| match beside {
            Beside::Nothing => Ok(()),
            Beside::Backups => back_up_until(backup, &plan.scratch.join("beside"), &done),
        });
        let submitting: Vec<_> = (0..SUBMITTERS)
            .map(|submitter| {
                let name = names * SUBMITTERS + submitter;
                scope.spawn(move || waits(ledger, name, began, plan.slot))
            })
            .collect();
        let waited: Result<Vec<Vec<f64>>, BenchError> =
            submitting.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(panicked()))).collect();
        done.store(true, Ordering::Relaxed);
        backups.join().unwrap_or_else(|_| Err(panicked()))?;
        Ok(waited?.concat())
    })
}

fn waits(ledger: &Ledger, name: usize, began: Instant, slot: Duration) -> Result<Vec<f64>, BenchError> {
    let mut waited = Vec::new();
    let mut number = 0;
    while began.elapsed() < slot {
        number += 1;
        let asked = Instant::now();
        submit(ledger, name, number).map_err(BenchError::Ledger)?;
        waited.push(asked.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(waited)
}

/// Full backups, one after the other: more than an operator would ever take.
fn back_up_until(backup: &LogBackup, folder: &Path, done: &AtomicBool) -> Result<(), BenchError> {
    while !done.load(Ordering::Relaxed) {
        take(backup, folder)?;
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn panicked() -> BenchError {
    BenchError::Ledger("a thread panicked".to_owned())
}
