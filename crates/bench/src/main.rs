//! Races beside other engines, each durable by its own documentation, and what the ledger costs by its size.

mod append;
mod backup;
mod beside;
mod child;
mod count;
mod dated;
mod desk;
mod engine;
mod figure;
mod figures;
mod fill;
mod import;
mod postgres_server;
mod proofs;
mod reckoning;
mod record;
mod registration;
mod replay;
mod results;
mod scan;
mod sizes;
mod soak;
mod steps;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::count::{Counted, Work};
use crate::figure::Race;
use crate::figures::Figures;
use crate::fill::Extent;
use crate::results::{Results, complain};
use crate::sizes::Sizes;
use crate::soak::{Soak, Soaked};
use crate::steps::Step;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the races are run with.
#[derive(Debug, Parser)]
#[command(
    name = "ofrecord-bench",
    about = "Race ofrecord beside other engines, and measure what it costs by its size, in rounds, as medians"
)]
struct Arguments {
    /// What is done.
    #[command(subcommand)]
    task: Task,
    /// Where scratch databases and ledgers are made: a new folder, removed again afterwards.
    #[arg(long, global = true, default_value = "ofrecord-race")]
    scratch: PathBuf,
    /// Interleaved rounds whose median is printed.
    #[arg(long, global = true, default_value_t = 5)]
    rounds: usize,
    /// Seconds for each engine in a round.
    #[arg(long, global = true, default_value_t = 3)]
    seconds: u64,
    /// How the result is printed.
    #[arg(long, global = true, default_value = "table")]
    format: Format,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people.
    Table,
    /// One line of JSON.
    Json,
}

/// What the program does.
#[derive(Debug, Subcommand)]
enum Task {
    /// One step of a measurement over a ledger, in this process.
    Step {
        /// Which.
        step: Step,
        /// The ledger; a new folder for `fill`.
        #[arg(long)]
        ledger: PathBuf,
        #[command(flatten)]
        extent: Extent,
    },
    /// A race or a measurement.
    #[command(flatten)]
    Measure(Measurement),
}

/// The races and the measurements.
#[derive(Debug, Subcommand)]
enum Measurement {
    /// Durable commands per second: ofrecord decides them, the others store as many bytes.
    Append {
        /// Numbers of submitters.
        #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
        submitters: Vec<usize>,
    },
    /// All entries of a ledger read in order, from each engine.
    Scan {
        /// The ledger whose entries are read and loaded into the others, as `ofrecord demo --dir` makes one.
        #[arg(long)]
        ledger: PathBuf,
    },
    /// Every state folded again: the ledger's rebuild beside the same fold over rows of PostgreSQL.
    Replay {
        /// The ledger whose entries are folded, as `ofrecord demo --dir` makes one.
        #[arg(long)]
        ledger: PathBuf,
    },
    /// Hours of mixed load with kills on the program itself, every law checked; ends with an error at the first broken one.
    Soak {
        /// The program, as `cargo build --release` leaves it.
        #[arg(long, default_value = "target/release/ofrecord")]
        program: PathBuf,
        /// For how many seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
        time: u64,
        /// The seed of what is drawn.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// By size: rebuild, replay, verify, opening after a kill, disk, and questions at past instants.
    Sizes {
        /// Entries of each ledger; ten million need 30 GB for a while.
        #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
        sizes: Vec<u64>,
        /// Entries of the largest customer, who is there when a ledger has at least twice as many.
        #[arg(long, default_value_t = 50_000)]
        busy: u32,
    },
    /// What live commands feel of a rebuild and of a replay.
    Beside {
        #[command(flatten)]
        extent: Extent,
    },
    /// Commands dated back, beside how much the customer or the partner has already.
    Dated {
        /// Entries of the customer, and granular relationships of the partner.
        #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 50_000])]
        sizes: Vec<u32>,
    },
    /// Backups beside plain copies, and what live commands feel of them.
    Backup {
        #[command(flatten)]
        extent: Extent,
    },
    /// Proven receipts beside durable ones, checkpoints, proofs, and the share of the tree.
    Proofs {
        #[command(flatten)]
        extent: Extent,
    },
    /// Audit records read, stated and made durable.
    Import {
        /// How many.
        #[arg(long, default_value_t = 50_000)]
        records: u64,
    },
    /// Work for a counter of instructions: done once for each of so many commands, the same every time.
    Count {
        /// Which.
        work: Work,
        /// Commands of the history that is worked on.
        #[arg(long, default_value_t = 500)]
        commands: usize,
    },
}

/// What was found, by what was done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Done {
    /// A race.
    Race(Race),
    /// Figures of the ledger by itself.
    Figures(Figures),
    /// What each size costs.
    Sizes(Sizes),
    /// A soak in which every law held.
    Soak(Soaked),
    /// Work that was counted.
    Count(Counted),
}

impl Done {
    fn table(&self) -> String {
        match self {
            Self::Race(race) => race.table(),
            Self::Figures(figures) => figures.table(),
            Self::Sizes(sizes) => sizes.table(),
            Self::Soak(_) | Self::Count(_) => self.json(),
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// How something is measured.
#[derive(Debug, Clone)]
struct Plan {
    /// Where scratch databases and ledgers are made.
    scratch: PathBuf,
    /// Interleaved rounds.
    rounds: usize,
    /// How long each side of a round has.
    slot: Duration,
}

/// Why something could not be measured.
#[derive(Debug, Error)]
enum RaceError {
    /// A scratch file or a process failed.
    #[error("run the race: {0}")]
    Io(#[from] std::io::Error),
    /// The scratch folder is somebody's.
    #[error("run the race: {} exists and would be removed; name another --scratch", .0.display())]
    Exists(PathBuf),
    /// There is too little room for what would be made.
    #[error("make the ledgers in {}: about {wanted} bytes are needed, {free} are free", .folder.display())]
    Disk {
        /// Where.
        folder: PathBuf,
        /// Bytes needed.
        wanted: u64,
        /// Bytes free.
        free: u64,
    },
    /// An engine failed.
    #[error("run {engine}: {problem}")]
    Engine {
        /// Which.
        engine: &'static str,
        /// What it said.
        problem: String,
    },
}

impl RaceError {
    /// An engine's own error.
    fn of(engine: &'static str) -> impl Fn(&dyn std::fmt::Display) -> Self {
        move |problem| Self::Engine { engine, problem: problem.to_string() }
    }
}

fn main() -> ExitCode {
    let began = Instant::now();
    let arguments = Arguments::parse();
    match Results::take().map_err(RaceError::Io).and_then(|mut results| run(&arguments, began, &mut results)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, began: Instant, results: &mut Results) -> Result<(), RaceError> {
    let measurement = match &arguments.task {
        Task::Step { step, ledger, extent } => return steps::run(*step, ledger, *extent, began, results),
        Task::Measure(measurement) => measurement,
    };
    let plan = Plan {
        scratch: arguments.scratch.clone(),
        rounds: arguments.rounds.max(1),
        slot: Duration::from_secs(arguments.seconds.max(1)),
    };
    if plan.scratch.exists() {
        return Err(RaceError::Exists(plan.scratch));
    }
    std::fs::create_dir_all(&plan.scratch)?;
    let done = measure(measurement, &plan);
    let is_kept = done.is_err() && matches!(measurement, Measurement::Soak { .. });
    // What a broken law left is kept to be looked at; everything else goes, whether or not it could be measured.
    if !is_kept {
        std::fs::remove_dir_all(&plan.scratch)?;
    }
    let done = done?;
    results.say(&match arguments.format {
        Format::Table => done.table(),
        Format::Json => done.json(),
    });
    Ok(())
}

fn measure(measurement: &Measurement, plan: &Plan) -> Result<Done, RaceError> {
    match measurement {
        Measurement::Append { submitters } => append::race(plan, submitters).map(Done::Race),
        Measurement::Scan { ledger } => scan::race(plan, ledger).map(Done::Race),
        Measurement::Replay { ledger } => replay::race(plan, ledger).map(Done::Race),
        Measurement::Sizes { sizes, busy } => sizes::measure(plan, sizes, *busy).map(Done::Sizes),
        Measurement::Beside { extent } => beside::measure(plan, *extent).map(Done::Figures),
        Measurement::Dated { sizes } => dated::measure(plan, sizes).map(Done::Figures),
        Measurement::Backup { extent } => backup::measure(plan, *extent).map(Done::Figures),
        Measurement::Proofs { extent } => proofs::measure(plan, *extent).map(Done::Figures),
        Measurement::Import { records } => import::measure(plan, *records).map(Done::Figures),
        Measurement::Soak { program, time, seed } => {
            let scratch = plan.scratch.join("soak");
            let soak = Soak { program: program.clone(), scratch, time: Duration::from_secs(*time), seed: *seed };
            soak.run().map(Done::Soak)
        }
        Measurement::Count { work, commands } => count::run(*work, *commands).map(Done::Count),
    }
}
