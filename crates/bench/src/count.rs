//! Work whose instructions are counted: the same every time, on one thread where that is possible.

use std::ops::ControlFlow;

use clap::ValueEnum;
use ofrecord_core::{Cloud, Customer, Fact, History};
use ofrecord_ledger::codec::decode;
use ofrecord_log::merkle::{leaf_hash, verify_inclusion};
use ofrecord_log::{LogReader, MemoryLog};
use ofrecord_testkit::Running;
use ofrecord_testkit::generator::{Range, drafts};
use serde::{Deserialize, Serialize};

use crate::RaceError;

/// Seed of the history that is worked on.
const SEED: u64 = 1;

/// What is done once for each entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// Nothing but what comes before the others: a ledger in memory with the entries.
    Append,
    /// Each entry read from its bytes.
    Decode,
    /// Each entry read and folded into a state.
    Fold,
    /// Each entry proven to be in the tree, and the proof checked.
    Prove,
}

/// Over how much it was done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Counted {
    /// Entries.
    entries: u64,
}

/// Makes a ledger of so many commands in memory, and does the work once for each of its entries.
///
/// # Errors
/// [`RaceError`] when an entry cannot be made, read or proven.
pub(crate) fn run(work: Work, commands: usize) -> Result<Counted, RaceError> {
    let failed = |problem: &dyn std::fmt::Display| RaceError::of("count")(problem);
    let empty = MemoryLog::new("ofrecord.local/count");
    let ledger = Running::over(Box::new(empty), Cloud::Worldwide).map_err(|error| failed(&error))?;
    for draft in drafts(SEED, Range::Everything, commands) {
        // A request that names no stream has no entry.
        drop(ledger.hear_draft(&draft));
    }
    let reader = ledger.reader();
    let log = reader.log().as_ref();
    match work {
        Work::Append => {}
        Work::Decode => each(log, &mut |bytes| decode(bytes).map(drop).map_err(|error| error.to_string()))?,
        Work::Fold => {
            let mut history: History<Customer> = History::default();
            each(log, &mut |bytes| {
                let entry = decode(bytes).map_err(|error| error.to_string())?;
                Fact::of(&entry).for_each(|fact| history.push(fact));
                Ok(())
            })?;
        }
        Work::Prove => prove(log).map_err(|error| failed(&error))?,
    }
    Ok(Counted { entries: log.tree_size() })
}

fn each(log: &dyn LogReader, work: &mut dyn FnMut(&[u8]) -> Result<(), String>) -> Result<(), RaceError> {
    let mut failure = None;
    let scanned = log.scan(0, log.tree_size(), &mut |_, bytes| match work(bytes) {
        Ok(()) => ControlFlow::Continue(()),
        Err(problem) => {
            failure = Some(problem);
            ControlFlow::Break(())
        }
    });
    scanned.map_err(|error| RaceError::of("count")(&error))?;
    failure.map_or(Ok(()), |problem| Err(RaceError::of("count")(&problem)))
}

fn prove(log: &dyn LogReader) -> Result<(), String> {
    let (size, root) = (log.tree_size(), log.root());
    for position in 0..size {
        let leaf = leaf_hash(&log.read(position).map_err(|error| error.to_string())?);
        let proof = log.inclusion_proof(position, size).map_err(|error| error.to_string())?;
        verify_inclusion(&leaf, position, size, &proof, &root).map_err(|error| error.to_string())?;
    }
    Ok(())
}
