//! What the program is told on its command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::count::Work;
use crate::fill::Extent;
use crate::steps::Step;

/// What the races are run with.
#[derive(Debug, Parser)]
#[command(
    name = "ofrecord-bench",
    about = "Race ofrecord beside other engines, and measure what it costs by its size, in rounds, as medians"
)]
pub(crate) struct Arguments {
    /// What is done.
    #[command(subcommand)]
    pub(crate) task: Task,
    /// Where scratch databases and ledgers are made: a new folder, removed again afterwards.
    #[arg(long, global = true, default_value = "ofrecord-race")]
    pub(crate) scratch: PathBuf,
    /// Interleaved rounds whose median is printed.
    #[arg(long, global = true, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Seconds for each engine in a round.
    #[arg(long, global = true, default_value_t = 3)]
    pub(crate) seconds: u64,
    /// How the result is printed.
    #[arg(long, global = true, default_value = "table")]
    pub(crate) format: Format,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people.
    Table,
    /// One line of JSON.
    Json,
    /// A table for a page.
    Markdown,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
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
    /// A result that was printed as JSON, printed again.
    Show {
        /// The file it was kept in.
        result: PathBuf,
    },
    /// Drawings of results that were printed as JSON: throughput by submitters, and what is measured by size.
    Plot {
        /// The files they were kept in.
        #[arg(required = true)]
        results: Vec<PathBuf>,
        /// The folder of the drawings.
        #[arg(long, default_value = "docs/performance")]
        out: PathBuf,
    },
    /// A race or a measurement.
    #[command(flatten)]
    Measure(Measurement),
}

/// The races and the measurements.
#[derive(Debug, Subcommand)]
pub(crate) enum Measurement {
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
    /// Receipts and answers over HTTP beside receipts without, what stands after a kill, and followers of events.
    Serving {
        /// The program, as `cargo build --release` leaves it.
        #[arg(long, default_value = "target/release/ofrecord")]
        program: PathBuf,
        /// The packages of a rival over HTTP, as `npm ci` installs what `crates/bench/rival/package.json` lists; without
        /// them it is left out.
        #[arg(long, default_value = "target/rival")]
        rival: PathBuf,
        /// Streams of events that are opened at once; the limits of the server are raised for them.
        #[arg(long, default_value_t = 10_000)]
        followers: usize,
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
