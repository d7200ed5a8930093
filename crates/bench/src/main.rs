//! Races: ofrecord beside other engines, each durable by its own documentation, in one run.

mod append;
mod count;
mod engine;
mod figure;
mod postgres_server;
mod record;
mod replay;
mod results;
mod scan;
mod soak;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use thiserror::Error;

use crate::count::Work;
use crate::figure::Race;
use crate::results::{Results, complain};
use crate::soak::Soak;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the races are run with.
#[derive(Debug, Parser)]
#[command(name = "ofrecord-bench", about = "Race ofrecord beside other engines, in interleaved rounds, as medians")]
struct Arguments {
    /// Which race.
    #[command(subcommand)]
    course: Course,
    /// Where scratch databases are made; removed again afterwards.
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

/// The races.
#[derive(Debug, Subcommand)]
enum Course {
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
    /// Work for a counter of instructions: done once for each of so many commands, the same every time.
    Count {
        /// Which.
        work: Work,
        /// Commands of the history that is worked on.
        #[arg(long, default_value_t = 500)]
        commands: usize,
    },
}

/// What was done: one line or one table.
enum Done {
    /// A race.
    Raced(Race),
    /// Anything else, as one line of JSON.
    Line(String),
}

/// How a race is run.
#[derive(Debug, Clone)]
struct Plan {
    /// Where scratch databases are made.
    scratch: PathBuf,
    /// Interleaved rounds.
    rounds: usize,
    /// How long each engine of a round has.
    slot: Duration,
}

/// Why a race could not be run.
#[derive(Debug, Error)]
enum RaceError {
    /// A scratch file failed.
    #[error("run the race: {0}")]
    Io(#[from] std::io::Error),
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
    let arguments = Arguments::parse();
    let done = Results::take().map_err(RaceError::Io).and_then(|results| Ok((run(&arguments)?, results)));
    match done {
        Ok((done, mut results)) => {
            results.say(&match (done, arguments.format) {
                (Done::Raced(race), Format::Table) => race.table(),
                (Done::Raced(race), Format::Json) => race.json(),
                (Done::Line(line), Format::Table | Format::Json) => line,
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Done, RaceError> {
    let plan = Plan {
        scratch: arguments.scratch.clone(),
        rounds: arguments.rounds.max(1),
        slot: Duration::from_secs(arguments.seconds.max(1)),
    };
    std::fs::create_dir_all(&plan.scratch)?;
    let done = match &arguments.course {
        Course::Append { submitters } => append::race(&plan, submitters).map(Done::Raced),
        Course::Scan { ledger } => scan::race(&plan, ledger).map(Done::Raced),
        Course::Replay { ledger } => replay::race(&plan, ledger).map(Done::Raced),
        Course::Soak { program, time, seed } => {
            let scratch = plan.scratch.join("soak");
            let soak = Soak { program: program.clone(), scratch, time: Duration::from_secs(*time), seed: *seed };
            // What a broken law left is kept to be looked at.
            Ok(Done::Line(serde_json::to_string(&soak.run()?).unwrap_or_default()))
        }
        Course::Count { work, commands } => {
            count::run(*work, *commands).map(|entries| Done::Line(format!("{{\"entries\":{entries}}}")))
        }
    };
    std::fs::remove_dir_all(&plan.scratch)?;
    done
}
