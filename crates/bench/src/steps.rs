//! What is measured over a filled ledger, one step after the other, each in a process of its own.

mod asking;
mod opening;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use ofrecord_ledger::rebuild;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::sweep::{Met, StreamFacts, verify_decoding};
use ofrecord_log::{EventLog as _, LogReader, VerifyReport};
use serde::{Deserialize, Serialize};

pub(crate) use self::asking::{Asked, BusyAsked, Latency};
pub(crate) use self::opening::Opened;
use crate::RaceError;
use crate::child::peak_mib;
use crate::fill::{Extent, failed, filled_by, open, views};
use crate::reckoning::{megabytes_per_second, per_second};
use crate::results::Results;

/// One measurement over a filled ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Fill a new ledger.
    Fill,
    /// Fold all views again.
    Rebuild,
    /// Decide all commands again.
    Replay,
    /// Read, hash, decode and fold every entry in every copy.
    Verify,
    /// Read, compare and hash every entry in every copy, and no more.
    VerifyBytes,
    /// Ask about many customers at past instants.
    Ask,
    /// Append until killed.
    Append,
    /// Open, ask, have a command accepted, close.
    Open,
}

/// How long something over the whole log took, and what it needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Worked {
    /// Entries of the log.
    pub(crate) entries: u64,
    /// Entries in a second.
    pub(crate) per_second: f64,
    /// Seconds taken.
    pub(crate) seconds: f64,
    /// Greatest resident memory of the process in MiB.
    pub(crate) peak_mib: f64,
}

/// The same of a verification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verified {
    /// As for the others.
    pub(crate) worked: Worked,
    /// Bytes of all entries.
    pub(crate) entry_bytes: u64,
    /// Millions of these bytes in a second.
    pub(crate) mb_per_second: f64,
}

impl Worked {
    fn since(began: Instant, entries: u64) -> Self {
        let took = began.elapsed();
        let (per_second, seconds) = (per_second(entries, took), took.as_secs_f64());
        Self { entries, per_second, seconds, peak_mib: peak_mib() }
    }
}

/// Runs one step over the ledger in a folder, and prints what it found as one line of JSON.
pub(crate) fn run(
    step: Step,
    folder: &Path,
    extent: Extent,
    began: Instant,
    results: &mut Results,
) -> Result<(), RaceError> {
    match step {
        Step::Fill => {
            let history = extent.history();
            let began = Instant::now();
            let entries = filled_by(folder, &history, extent.entries)?;
            tell(&Worked::since(began, entries), results)
        }
        Step::Rebuild => tell(&rebuilt(folder)?, results),
        Step::Replay => tell(&replayed(folder)?, results),
        Step::Verify => tell(&verified(folder)?, results),
        Step::VerifyBytes => tell(&bytes_verified(folder)?, results),
        Step::Ask => tell(&asking::ask(folder, extent)?, results),
        Step::Append => opening::append_until_killed(folder, results),
        Step::Open => tell(&opening::open_and_ask(folder, began)?, results),
    }
}

fn tell(found: &impl Serialize, results: &mut Results) -> Result<(), RaceError> {
    results.say(&serde_json::to_string(found).map_err(failed)?);
    Ok(())
}

fn rebuilt(folder: &Path) -> Result<Worked, RaceError> {
    let log = open(folder)?;
    let views = views(folder)?;
    let began = Instant::now();
    let report = rebuild::rebuild(log.reader().as_ref(), &views, &()).map_err(failed)?;
    let worked = Worked::since(began, report.through);
    if report.drifted > 0 {
        return Err(failed(format!("{} rows drifted", report.drifted)));
    }
    Ok(worked)
}

fn replayed(folder: &Path) -> Result<Worked, RaceError> {
    let log = open(folder)?;
    let began = Instant::now();
    let report = replay(&log.reader(), 0, log.tree_size(), &()).map_err(failed)?;
    let worked = Worked::since(began, report.commands);
    match report.difference {
        None => Ok(worked),
        Some(difference) => Err(failed(format!("position {} came out differently", difference.position))),
    }
}

/// As `ofrecord verify` does it: both copies against each other and the tree, then every entry decoded and folded.
fn verified(folder: &Path) -> Result<Verified, RaceError> {
    let log = open(folder)?;
    let (reader, stop, mut wrong) = (log.reader(), AtomicBool::new(false), 0_u64);
    let began = Instant::now();
    let verified = verify_decoding(&log.checker(), reader.as_ref(), &stop, &mut |_| {});
    let (report, along) = verified.ok_or_else(|| failed("nobody told the verification to stop"))?;
    let judge = |facts: StreamFacts| ofrecord_views::effect_violations_in(&facts.effective()).len() as u64;
    let decoded = along.give(reader.as_ref(), &(), &judge, &mut |met| {
        match met {
            Met::Entry { decoded, .. } => wrong += u64::from(decoded.is_err()),
            Met::Customer(violations) => wrong += violations,
        }
        ControlFlow::Continue(())
    });
    let worked = Worked::since(began, report.entries);
    decoded.read.map_err(failed)?;
    decoded.swept.map_err(failed)?;
    Verified::of(worked, wrong + problems_of(&report), reader.as_ref())
}

/// As `ofrecord verify --bytes-only` does it: both copies against each other and the tree.
fn bytes_verified(folder: &Path) -> Result<Verified, RaceError> {
    let log = open(folder)?;
    let began = Instant::now();
    let report = log.checker().verify_bytes(&mut |_| {});
    let worked = Worked::since(began, report.entries);
    Verified::of(worked, problems_of(&report), log.reader().as_ref())
}

fn problems_of(report: &VerifyReport) -> u64 {
    report.problems.len() as u64 + report.problems_unlisted
}

impl Verified {
    /// Of a run that found `wrong` things, of which there must be none.
    fn of(worked: Worked, wrong: u64, log: &dyn LogReader) -> Result<Self, RaceError> {
        if wrong > 0 {
            return Err(failed(format!("{wrong} things are wrong")));
        }
        let entry_bytes = entry_bytes(log)?;
        let took = Duration::from_secs_f64(worked.seconds);
        Ok(Self { mb_per_second: megabytes_per_second(entry_bytes, took), entry_bytes, worked })
    }
}

fn entry_bytes(log: &dyn LogReader) -> Result<u64, RaceError> {
    let mut total = 0;
    let counted = log.scan(0, log.tree_size(), &mut |_, bytes| {
        total += bytes.len() as u64;
        ControlFlow::Continue(())
    });
    counted.map_err(failed)?;
    Ok(total)
}
