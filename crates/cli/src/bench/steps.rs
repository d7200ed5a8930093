//! What is measured over a filled ledger, each step in a process of its own, so that its memory is its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use ofrecord_core::{Cloud, CustomerId};
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{KnownAt, Reader, StoredViews, rebuild};
use ofrecord_log::{Directory, EventLog as _, LogReader as _, OpenOptions, SledLog};

use super::fill::{filled_ledger, ledger_error};
use super::raw::per_second;
use super::{BenchError, Figure, Plan, median, quantile};

/// Customers asked about for the latency of a question.
const QUESTIONS: usize = 2_000;
/// Times that a ledger is opened for the median.
const OPENINGS: usize = 5;

/// One measurement over a filled ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Fill a new ledger.
    Fill,
    /// Fold all views again.
    Rebuild,
    /// Decide all commands again.
    Replay,
    /// Open, ask nothing, close.
    Open,
    /// Open and wait to be killed.
    Hold,
    /// Ask for the resellers of many customers.
    Ask,
    /// Read and submit generated audit records.
    Import,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Rebuild => "rebuild",
            Self::Replay => "replay",
            Self::Open => "open",
            Self::Hold => "hold",
            Self::Ask => "ask",
            Self::Import => "import",
        }
    }
}

/// What a step's process prints.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepFigures {
    /// Things done in a second, where the step counts any.
    rate: f64,
    /// Seconds taken.
    seconds: f64,
    /// Median latency in milliseconds.
    p50_ms: f64,
    /// 99th percentile of latency in milliseconds.
    p99_ms: f64,
    /// Greatest resident memory of the process in MiB.
    peak_mib: f64,
}

impl StepFigures {
    /// The figures of a step that only counts.
    pub(super) fn of_rate(rate: f64) -> Self {
        Self { rate, ..Self::default() }
    }
}

/// Runs one step in this process.
pub(crate) fn run_step(step: Step, folder: &Path, entries: u64) -> Result<StepFigures, BenchError> {
    let began = Instant::now();
    let mut figures = match step {
        Step::Fill => {
            filled_ledger(folder, entries)?;
            StepFigures::of_rate(per_second(entries, began.elapsed()))
        }
        Step::Rebuild => {
            let log = open(folder)?;
            let views = StoredViews::open(&Directory::new(folder)).map_err(ledger_error)?;
            let began = Instant::now();
            let report = rebuild::rebuild(log.reader().as_ref(), &views, &()).map_err(ledger_error)?;
            if report.drifted > 0 {
                return Err(BenchError::Ledger(format!("{} rows drifted", report.drifted)));
            }
            StepFigures::of_rate(per_second(report.through, began.elapsed()))
        }
        Step::Replay => {
            let log = open(folder)?;
            let size = log.tree_size();
            let began = Instant::now();
            let report = replay(&log.reader(), 0, size, &()).map_err(ledger_error)?;
            if let Some(difference) = report.difference {
                return Err(BenchError::Ledger(format!("position {} was decided differently", difference.position)));
            }
            StepFigures::of_rate(per_second(report.commands, began.elapsed()))
        }
        Step::Open => {
            let log = open(folder)?;
            let seconds = began.elapsed().as_secs_f64();
            drop(log);
            return Ok(StepFigures { seconds, peak_mib: peak_mib(), ..StepFigures::default() });
        }
        Step::Hold => hold(folder)?,
        Step::Ask => ask(folder)?,
        Step::Import => super::import::import(folder, entries)?,
    };
    figures.seconds = began.elapsed().as_secs_f64();
    figures.peak_mib = peak_mib();
    Ok(figures)
}

/// Runs the steps, each in a child, over one filled ledger.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Figure>, BenchError> {
    let folder = plan.scratch.join("filled");
    let entries = plan.entries;
    let fill = child(Step::Fill, &folder, entries)?;
    #[expect(clippy::cast_precision_loss, reason = "bytes on disk are far below 2^52")]
    let bytes_per_entry = bytes_below(&folder) as f64 / entries as f64;
    #[expect(clippy::cast_precision_loss, reason = "bytes on disk are far below 2^52")]
    let derived = bytes_below(&Directory::new(&folder).views()) as f64 / entries as f64;
    let mut figures = vec![
        Figure::alone(format!("fill {entries} entries of a generated history"), fill.rate, "commands/s"),
        Figure::alone("disk, everything but the ballast", bytes_per_entry - ballast(&folder, entries), "bytes/entry"),
        Figure::alone("disk, of that the stored views and indexes", derived, "bytes/entry"),
    ];
    let openings = |name: &'static str| -> Result<Figure, BenchError> {
        let mut seconds = Vec::new();
        for _ in 0..OPENINGS {
            seconds.push(child(Step::Open, &folder, entries)?.seconds * 1_000.0);
        }
        Ok(Figure::alone(name, median(&mut seconds), "ms"))
    };
    figures.push(openings("open after a clean close")?);
    let mut killed = Vec::new();
    for _ in 0..OPENINGS {
        kill_while_held(&folder)?;
        killed.push(child(Step::Open, &folder, entries)?.seconds * 1_000.0);
    }
    figures.push(Figure::alone("open after SIGKILL", median(&mut killed), "ms"));
    for (step, name) in [(Step::Rebuild, "rebuild of all views"), (Step::Replay, "compliance replay")] {
        let measured = child(step, &folder, entries)?;
        figures.push(Figure::alone(name, measured.rate, "entries/s"));
        figures.push(Figure::alone(format!("{name}, greatest memory"), measured.peak_mib, "MiB"));
    }
    let asked = child(Step::Ask, &folder, entries)?;
    figures.push(Figure::alone("resellers of one customer at a past instant, p50", asked.p50_ms, "ms"));
    figures.push(Figure::alone("resellers of one customer at a past instant, p99", asked.p99_ms, "ms"));
    std::fs::remove_dir_all(&folder)?;
    let import = plan.scratch.join("import");
    figures.push(Figure::alone("import of audit records", child(Step::Import, &import, 50_000)?.rate, "records/s"));
    std::fs::remove_dir_all(&import)?;
    Ok(figures)
}

/// Bytes of the files in a folder and the folders below it; 0 where there is none.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

#[expect(clippy::cast_precision_loss, reason = "bytes on disk are far below 2^52")]
fn ballast(folder: &Path, entries: u64) -> f64 {
    let bytes = std::fs::metadata(folder.join("ballast")).map_or(0, |metadata| metadata.len());
    bytes as f64 / entries as f64
}

fn open(folder: &Path) -> Result<SledLog, BenchError> {
    SledLog::open(folder, &OpenOptions::default()).map_err(ledger_error)
}

fn reader(folder: &Path, log: &SledLog) -> Result<Reader, BenchError> {
    let views = StoredViews::open(&Directory::new(folder)).map_err(ledger_error)?;
    Ok(Reader::new(log.reader(), Cloud::China21Vianet).with_views(Arc::new(views)))
}

/// Opens the ledger, says so, and waits to be killed.
fn hold(folder: &Path) -> Result<StepFigures, BenchError> {
    let log = open(folder)?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "open")?;
    stdout.flush()?;
    loop {
        // Nobody unparks it; the parent kills it.
        std::thread::park();
        if log.tree_size() == u64::MAX {
            return Ok(StepFigures::default());
        }
    }
}

fn kill_while_held(folder: &Path) -> Result<(), BenchError> {
    let mut held = command(Step::Hold, folder, 0)?.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(stdout) = held.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    held.kill()?;
    held.wait()?;
    if line.trim() == "open" {
        return Ok(());
    }
    Err(BenchError::Figures { step: "hold", problem: format!("it said `{}`", line.trim()) })
}

/// Latency of one question, asked about customers spread over the whole ledger at instants spread over its years.
fn ask(folder: &Path) -> Result<StepFigures, BenchError> {
    let log = open(folder)?;
    let reader = reader(folder, &log)?;
    let mut customers: Vec<CustomerId> = Vec::new();
    reader
        .customers(&mut |customer| {
            customers.push(customer);
            Ok(())
        })
        .map_err(ledger_error)?;
    let every = (customers.len() / QUESTIONS).max(1);
    let mut milliseconds = Vec::new();
    for (number, customer) in customers.iter().step_by(every).take(QUESTIONS).enumerate() {
        let year = 2018 + i32::try_from(number % 6).unwrap_or(0);
        let as_of = ofrecord_core::Timestamp::from_date(year, 7, 1).unwrap_or(ofrecord_core::Timestamp::MAX);
        let began = Instant::now();
        let snapshot = reader.snapshot(KnownAt::Now).map_err(ledger_error)?;
        let record = reader.customer(*customer, &snapshot).map_err(ledger_error)?;
        let rows = ofrecord_views::resellers(&record, &reader.viewpoint(&snapshot, as_of));
        milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
        drop(rows);
    }
    Ok(StepFigures {
        p50_ms: quantile(&mut milliseconds, 0.5),
        p99_ms: quantile(&mut milliseconds, 0.99),
        ..StepFigures::default()
    })
}

fn command(step: Step, folder: &Path, entries: u64) -> Result<Command, BenchError> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["bench", "--step", step.name(), "--entries", &entries.to_string(), "--scratch"])
        .arg(folder)
        .stdin(Stdio::null());
    Ok(command)
}

fn child(step: Step, folder: &Path, entries: u64) -> Result<StepFigures, BenchError> {
    let output = command(step, folder, entries)?.output()?;
    let figures = |problem: String| BenchError::Figures { step: step.name(), problem };
    if !output.status.success() {
        return Err(figures(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| figures(error.to_string()))
}

/// Greatest resident memory of this process so far, as the kernel counts it; 0 where it does not.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1_024.0
}
