//! The benchmarks that `ofrecord bench` runs: each beside its physical limit, in interleaved rounds, as medians.

mod backup;
mod fill;
mod import;
mod proofs;
mod raw;
mod relationships;
mod steps;
mod submitters;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;
use thiserror::Error;

pub(crate) use self::steps::{Step, run_step};

/// Numbers of submitters that are measured.
const SUBMITTERS: [usize; 4] = [1, 16, 64, 256];

/// How a run of the benchmarks is made.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Where scratch ledgers are made and removed again.
    pub(crate) scratch: PathBuf,
    /// Interleaved rounds whose median is printed.
    pub(crate) rounds: usize,
    /// How long each side of a round appends.
    pub(crate) slot: Duration,
    /// Entries of the ledger that is rebuilt, replayed, opened and asked.
    pub(crate) entries: u64,
}

/// A part that is measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Backups, and what live commands feel of them.
    Backup,
    /// Proven receipts beside durable ones, checkpoints, proofs, and the share of the tree.
    Proofs,
}

/// Why a benchmark could not be run.
#[derive(Debug, Error)]
pub(crate) enum BenchError {
    /// A scratch file or a child process failed.
    #[error("run the benchmark: {0}")]
    Io(#[from] io::Error),
    /// A scratch ledger failed.
    #[error("run the benchmark: {0}")]
    Ledger(String),
    /// A child process printed something else than its figures.
    #[error("read the figures of step {step}: {problem}")]
    Figures {
        /// The step.
        step: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// One line of the result: a figure, what it is compared with, and the ratio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The median.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// What it stands beside, measured in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<Beside>,
}

/// The other side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Beside {
    /// What it is.
    pub(crate) name: &'static str,
    /// Its median, in the same unit.
    pub(crate) value: f64,
    /// The figure divided by it.
    pub(crate) ratio: f64,
}

impl Figure {
    fn alone(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, beside: None }
    }

    fn beside(name: impl Into<String>, value: f64, unit: &'static str, other: &'static str, limit: f64) -> Self {
        let ratio = if limit > 0.0 { value / limit } else { 0.0 };
        Self { name: name.into(), value, unit, beside: Some(Beside { name: other, value: limit, ratio }) }
    }
}

/// Runs one part, telling each figure.
pub(crate) fn run_part(part: Part, plan: &Plan, tell: &mut dyn FnMut(&Figure)) -> Result<Vec<Figure>, BenchError> {
    std::fs::create_dir_all(&plan.scratch)?;
    match part {
        Part::Backup => backup::measure(plan, tell),
        Part::Proofs => proofs::measure(plan, tell),
    }
}

/// Runs everything but what is measured by itself, telling each figure as soon as it is known.
pub(crate) fn run(plan: &Plan, tell: &mut dyn FnMut(&Figure)) -> Result<Vec<Figure>, BenchError> {
    std::fs::create_dir_all(&plan.scratch)?;
    let mut figures = Vec::new();
    let mut add = |figure: Figure| {
        tell(&figure);
        figures.push(figure);
    };
    for count in SUBMITTERS {
        let (mut ours, mut limit) = (Vec::new(), Vec::new());
        for round in 0..plan.rounds {
            let folder = plan.scratch.join(format!("submitters-{count}-{round}"));
            ours.push(submitters::decided_per_second(&folder, count, plan.slot)?);
            std::fs::remove_dir_all(&folder)?;
            let file = plan.scratch.join(format!("raw-{count}-{round}"));
            limit.push(raw::appended_per_second(&file, count, plan.slot, raw::Witness::Without)?);
            std::fs::remove_file(&file)?;
        }
        add(Figure::beside(
            format!("durable decided commands, {count} submitters"),
            median(&mut ours),
            "commands/s",
            "raw append + fdatasync, grouped alike",
            median(&mut limit),
        ));
    }
    add(witness_cost(plan)?);
    for figure in steps::measure(plan)? {
        add(figure);
    }
    for figure in relationships::measure(plan)? {
        add(figure);
    }
    Ok(figures)
}

/// What one more small synced file per commit costs: the raw loop with it and without it.
fn witness_cost(plan: &Plan) -> Result<Figure, BenchError> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        for (witness, rates) in [(raw::Witness::With, &mut with), (raw::Witness::Without, &mut without)] {
            let file = plan.scratch.join(format!("witness-{round}"));
            rates.push(raw::appended_per_second(&file, 64, plan.slot, witness)?);
            std::fs::remove_file(&file)?;
        }
    }
    Ok(Figure::beside(
        "raw append with a head witness synced per commit, 64 submitters",
        median(&mut with),
        "entries/s",
        "without the witness",
        median(&mut without),
    ))
}

/// The middle value; the mean of the two middle ones of an even number; 0 of none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (Some(high), Some(low)) if values.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (Some(middle), _) => *middle,
        (None, _) => 0.0,
    }
}

/// The value below which `share` of the sorted values lie; 0 of none.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list in memory"
    )]
    let index = ((values.len().saturating_sub(1)) as f64 * share).round() as usize;
    values.get(index).copied().unwrap_or(0.0)
}
