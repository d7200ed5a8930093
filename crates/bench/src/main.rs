//! Races beside other engines, each durable by its own documentation, and what the ledger costs by its size.

mod append;
mod arguments;
mod backup;
mod beside;
mod child;
mod count;
mod dated;
mod desk;
mod engine;
mod failure;
mod figure;
mod figures;
mod fill;
mod grid;
mod import;
mod plot;
mod postgres_server;
mod proofs;
mod reckoning;
mod record;
mod registration;
mod replay;
mod results;
mod scan;
mod serving;
mod sizes;
mod soak;
mod steps;
mod tally;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser as _;
use serde::{Deserialize, Serialize};

use crate::arguments::{Arguments, Format, Measurement, Task};
use crate::count::Counted;
use crate::failure::RaceError;
use crate::figure::Race;
use crate::figures::Figures;
use crate::plot::Drawn;
use crate::results::{Results, complain};
use crate::sizes::Sizes;
use crate::soak::{Soak, Soaked};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Drawings.
    Drawn(Drawn),
}

impl Done {
    /// What was printed as JSON and kept.
    fn read(path: &Path) -> Result<Self, RaceError> {
        let unusable = |problem: String| RaceError::Result { path: path.to_owned(), problem };
        let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))
    }

    fn printed(&self, format: Format) -> String {
        match (format, self) {
            (Format::Table, Self::Race(race)) => race.table(),
            (Format::Table, Self::Figures(figures)) => figures.grid().text(),
            (Format::Table, Self::Sizes(sizes)) => sizes.grid().text(),
            (Format::Markdown, Self::Race(race)) => race.markdown(),
            (Format::Markdown, Self::Figures(figures)) => figures.grid().markdown(),
            (Format::Markdown, Self::Sizes(sizes)) => sizes.grid().markdown(),
            (Format::Json, _) | (Format::Table | Format::Markdown, Self::Soak(_) | Self::Count(_) | Self::Drawn(_)) => {
                serde_json::to_string(self).unwrap_or_default()
            }
        }
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
    let done = match &arguments.task {
        Task::Step { step, ledger, extent } => return steps::run(*step, ledger, *extent, began, results),
        Task::Show { result } => Done::read(result)?,
        Task::Plot { results, out } => Done::Drawn(plot::draw(results, out)?),
        Task::Measure(measurement) => in_scratch(measurement, arguments)?,
    };
    results.say(done.printed(arguments.format).trim_end());
    Ok(())
}

/// Measures in a new scratch folder, which goes again.
fn in_scratch(measurement: &Measurement, arguments: &Arguments) -> Result<Done, RaceError> {
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
    done
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
        Measurement::Serving { program, rival, followers } => {
            serving::measure(plan, program, rival, *followers).map(Done::Figures)
        }
        Measurement::Import { records } => import::measure(plan, *records).map(Done::Figures),
        Measurement::Soak { program, time, seed } => {
            let scratch = plan.scratch.join("soak");
            let soak = Soak { program: program.clone(), scratch, time: Duration::from_secs(*time), seed: *seed };
            soak.run().map(Done::Soak)
        }
        Measurement::Count { work, commands } => count::run(*work, *commands).map(Done::Count),
    }
}
