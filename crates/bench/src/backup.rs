//! Backups: how fast one is beside a plain copy of its files, and what live commands feel of it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ofrecord_ledger::{Clock, Ledger, Window};
use ofrecord_log::fault::FaultHook;
use ofrecord_log::{BackupOptions, BackupReport, LogBackup, Manifest};

use crate::figures::Figures;
use crate::fill::{CLOUD, Extent, IN_FLIGHT, failed, filled_ledger, open, start};
use crate::reckoning::{megabytes_per_second, quantile};
use crate::registration::{request, submit};
use crate::results::complain;
use crate::tally::{Submitters, Tally};
use crate::{Plan, RaceError};

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
pub(crate) fn measure(plan: &Plan, extent: Extent) -> Result<Figures, RaceError> {
    let folder = plan.scratch.join("filled");
    filled_ledger(&folder, extent)?;
    let log = open(&folder)?;
    let backup = log.backup();
    let ledger = start(log, CLOUD, Clock::Machine, None)?;
    let mut rounds = Rounds::default();
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
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
    Ok(rounds.figures())
}

impl Rounds {
    fn figures(&mut self) -> Figures {
        let mut figures = Figures::default();
        let plain = "the same files copied and synced one by one";
        let (alone, beside) = (&mut self.alone, &mut self.beside);
        figures.beside("full backup", "MB/s", &mut self.full, (plain, &mut self.plain));
        let copied = format!("backup after {GROWTH} more commands, of what it copied");
        figures.alone(copied, "MB/s", &mut self.incremental);
        let full = ("the full one", self.full_ms.as_mut_slice());
        figures.beside("backup after that many commands", "ms", &mut self.incremental_ms, full);
        let without = ("without", alone.p50_ms.as_mut_slice());
        figures.beside("live commands beside backups, p50", "ms", &mut beside.p50_ms, without);
        let without = ("without", alone.p99_ms.as_mut_slice());
        figures.beside("live commands beside backups, p99", "ms", &mut beside.p99_ms, without);
        figures
    }
}

/// A full backup, a plain copy of its files, and a backup into the same folder after the ledger has grown.
fn copies(
    ledger: &Ledger,
    backup: &LogBackup,
    saved: &Path,
    round: usize,
    rounds: &mut Rounds,
) -> Result<(), RaceError> {
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
        window.submit(request(usize::MAX - round, number)).map_err(failed)?;
    }
    for receipt in window.rest() {
        receipt.map_err(failed)?;
    }
    let (more, took) = take(backup, saved)?;
    rounds.incremental.push(megabytes_per_second(more.copied.bytes, took));
    rounds.incremental_ms.push(took.as_secs_f64() * 1_000.0);
    Ok(())
}

fn take(backup: &LogBackup, folder: &Path) -> Result<(BackupReport, Duration), RaceError> {
    let options = BackupOptions { created_at: Clock::Machine.now().to_string(), fault: FaultHook::default() };
    let began = Instant::now();
    let report = backup.take(folder, &options, &mut |_| {}).map_err(failed)?;
    Ok((report, began.elapsed()))
}

/// Copies every file that the manifest names, and syncs each.
fn copy_plainly(from: &Path, to: &Path) -> Result<u64, RaceError> {
    let manifest = Manifest::read(from).map_err(failed)?;
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

/// How long each command of a slot waited for its receipt, in milliseconds.
fn latencies(
    ledger: &Ledger,
    backup: &LogBackup,
    plan: &Plan,
    round: usize,
    beside: Beside,
) -> Result<Vec<f64>, RaceError> {
    let names = round * 2 + usize::from(beside == Beside::Backups);
    let submitters = Submitters { first: names * SUBMITTERS, count: SUBMITTERS, slot: plan.slot };
    let folder = plan.scratch.join("beside");
    let measured =
        submitters.beside(&|name, number| submit(ledger, name, number).map(drop), &|tally| match beside {
            Beside::Nothing => Ok(()),
            Beside::Backups => back_up_until(backup, &folder, tally),
        })?;
    Ok(measured.latencies)
}

/// Full backups, one after the other: more than an operator would ever take.
fn back_up_until(backup: &LogBackup, folder: &Path, tally: &Tally) -> Result<(), RaceError> {
    while !tally.is_over() {
        take(backup, folder)?;
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}
