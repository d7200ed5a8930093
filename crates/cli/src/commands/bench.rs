//! `ofrecord bench`: the figures of this machine, each beside its limit.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::arguments::Format;
use crate::bench::{self, BenchError, Figure, Part, Plan, Step};
use crate::failure::{Failure, Verdict};
use crate::session::Session;

/// Arguments of `bench`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord bench --entries 100000 --rounds 3 --scratch /var/tmp/ofrecord-bench
  ofrecord bench backup --entries 300000
  ofrecord bench proofs --entries 300000")]
pub(crate) struct Arguments {
    /// This part by itself; without it, everything else
    #[arg(value_name = "PART")]
    part: Option<Part>,
    /// Where scratch ledgers are made; removed again afterwards
    #[arg(long, value_name = "DIR", default_value = "ofrecord-bench")]
    scratch: PathBuf,
    /// Entries of the ledger that is rebuilt, replayed, opened and asked
    #[arg(long, default_value_t = 1_000_000)]
    entries: u64,
    /// Interleaved rounds whose median is printed
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds for each side of a round
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// One step alone, over the ledger in --scratch; prints its figures
    #[arg(long, hide = true)]
    step: Option<Step>,
}

/// All figures, as JSON.
#[derive(Debug, Serialize)]
struct Figures {
    entries: u64,
    rounds: usize,
    figures: Vec<Figure>,
}

/// Measures.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let mut output = session.output();
    if let Some(step) = arguments.step {
        output.json(&bench::run_step(step, &arguments.scratch, arguments.entries)?)?;
        output.flush()?;
        return Ok(Verdict::Done);
    }
    if arguments.scratch.exists() {
        return Err(BenchError::Io(std::io::Error::other(format!(
            "{} exists; it would be removed: name another --scratch",
            arguments.scratch.display()
        )))
        .into());
    }
    let plan = Plan {
        scratch: arguments.scratch.clone(),
        rounds: arguments.rounds.max(1),
        slot: Duration::from_secs(arguments.seconds.max(1)),
        entries: arguments.entries.max(1),
    };
    let format = session.global.format;
    let mut printed: Result<(), Failure> = Ok(());
    let mut tell = |figure: &Figure| {
        if format != Format::Json && printed.is_ok() {
            printed = output.line(&line(figure, format)).and_then(|()| output.flush());
        }
    };
    let measured = match arguments.part {
        Some(part) => bench::run_part(part, &plan, &mut tell),
        None => bench::run(&plan, &mut tell),
    };
    // Scratch ledgers go whether or not everything could be measured.
    let removed = std::fs::remove_dir_all(&arguments.scratch);
    let figures = measured?;
    printed?;
    removed.map_err(BenchError::Io)?;
    if format == Format::Json {
        output.json(&Figures { entries: plan.entries, rounds: plan.rounds, figures })?;
        output.flush()?;
    }
    Ok(Verdict::Done)
}

fn line(figure: &Figure, format: Format) -> String {
    let Figure { name, value, unit, beside } = figure;
    match (format, beside) {
        (Format::Csv, Some(other)) => {
            format!("\"{name}\",{value:.3},{unit},\"{}\",{:.3},{:.3}", other.name, other.value, other.ratio)
        }
        (Format::Csv, None) => format!("\"{name}\",{value:.3},{unit},,,"),
        (Format::Table | Format::Json, Some(other)) => {
            format!("{name:<66} {value:>12.1} {unit}  = {:.2} x {} ({:.1})", other.ratio, other.name, other.value)
        }
        (Format::Table | Format::Json, None) => format!("{name:<66} {value:>12.1} {unit}"),
    }
}
