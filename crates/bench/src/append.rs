//! Durable commands per second. ofrecord decides and hashes them; the others are given finished bytes to store.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use crate::engine::{EMBEDDED, Engine, PostgresEngine, RawFile, Single};
use crate::figure::{Course, Measured, OURS, Race};
use crate::fill::{CLOUD, scratch_ledger};
use crate::postgres_server::Server;
use crate::record::Record;
use crate::registration::submit;
use crate::results::complain;
use crate::tally::{Submitters, Tally};
use crate::{Plan, RaceError};

/// Events in one group, as in the ledger's writer.
const GROUP_MAX: usize = 1_024;
/// The raw file with one more small file written and synced for each group, as the head witness is.
const WITNESSED: &str = "raw file and a head witness";
/// PostgreSQL with one row and one commit for each event.
const SINGLE: &str = "PostgreSQL, single inserts";
/// PostgreSQL behind the same committer as the embedded engines.
const BATCHED: &str = "PostgreSQL, batched";

/// Runs every engine with each number of submitters, round by round.
pub(crate) fn race(plan: &Plan, submitters: &[usize]) -> Result<Race, RaceError> {
    let mut race = Race::of(Course::Append);
    let server = Server::start(&plan.scratch)?;
    if server.is_none() {
        race.without("PostgreSQL", "no initdb below /usr/lib/postgresql; install postgresql");
    }
    for count in submitters {
        let mut rounds: BTreeMap<&'static str, Vec<Measured>> = BTreeMap::new();
        for round in 0..plan.rounds {
            complain(&format!("{count} submitters, round {} of {}", round + 1, plan.rounds));
            for (engine, measured) in one_round(plan, *count, server.as_ref())? {
                rounds.entry(engine).or_default().push(measured);
            }
        }
        let ours = rounds.remove(OURS);
        let lines = ours.map(|ours| (OURS, ours)).into_iter().chain(rounds).collect();
        race.add(*count as u64, lines);
    }
    Ok(race)
}

fn one_round(plan: &Plan, count: usize, server: Option<&Server>) -> Result<Vec<(&'static str, Measured)>, RaceError> {
    let folder = plan.scratch.join("round");
    let mut measured = Vec::new();
    std::fs::create_dir_all(&folder)?;
    measured.push((OURS, ours(&folder.join("ledger"), count, plan.slot)?));
    std::fs::remove_dir_all(&folder)?;
    for (engine, create) in EMBEDDED {
        std::fs::create_dir_all(&folder)?;
        measured.push((engine, committed(create(&folder)?.as_mut(), count, plan.slot)?));
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    measured.push((WITNESSED, committed(&mut RawFile::with_witness(&folder)?, count, plan.slot)?));
    std::fs::remove_dir_all(&folder)?;
    if let Some(server) = server {
        measured.push((BATCHED, committed(&mut PostgresEngine::create(server)?, count, plan.slot)?));
        drop(PostgresEngine::create(server)?);
        measured.push((SINGLE, single(server, count, plan.slot)?));
    }
    Ok(measured)
}

/// The ledger itself, every command decided by its rules.
fn ours(folder: &Path, count: usize, slot: Duration) -> Result<Measured, RaceError> {
    let ledger = scratch_ledger(folder, CLOUD)?;
    let measured = Submitters { first: 0, count, slot }.alone(&|name, number| submit(&ledger, name, number).map(drop));
    ledger.close();
    measured
}

/// An event on its way to the committer, and whom to tell.
type Job = (Record, mpsc::SyncSender<()>);

/// An engine behind one committer: what has come together is one batch, and each submitter is told when it is durable.
fn committed(engine: &mut dyn Engine, count: usize, slot: Duration) -> Result<Measured, RaceError> {
    let (queue, jobs) = mpsc::sync_channel::<Job>(4_096);
    let tally = Tally::new(slot);
    std::thread::scope(|scope| {
        for submitter in 0..count {
            let (queue, tally) = (queue.clone(), &tally);
            scope.spawn(move || {
                tally.run(|number| {
                    let (told, answer) = mpsc::sync_channel(1);
                    let gone = |_| RaceError::of("committer")(&"it ended");
                    queue.send((Record::first_of(submitter, number), told)).map_err(|error| gone(error.to_string()))?;
                    answer.recv().map_err(|error| gone(error.to_string()))
                });
            });
        }
        drop(queue);
        let outcome = commit_groups(engine, &jobs);
        // Whoever still waits finds nobody there, and stops.
        drop(jobs);
        if let Err(error) = outcome {
            tally.fail(error);
        }
    });
    tally.measured()
}

fn commit_groups(engine: &mut dyn Engine, jobs: &mpsc::Receiver<Job>) -> Result<(), RaceError> {
    while let Ok(first) = jobs.recv() {
        let (mut records, mut waiting) = (vec![first.0], vec![first.1]);
        while records.len() < GROUP_MAX {
            let Ok((record, told)) = jobs.try_recv() else { break };
            records.push(record);
            waiting.push(told);
        }
        engine.append(&records)?;
        for told in waiting {
            // One that has left needs no answer.
            told.send(()).unwrap_or_default();
        }
    }
    Ok(())
}

/// PostgreSQL without a committer: a connection for each submitter.
fn single(server: &Server, count: usize, slot: Duration) -> Result<Measured, RaceError> {
    let connections = (0..count).map(|_| Single::connect(server)).collect::<Result<Vec<_>, _>>()?;
    let tally = Tally::new(slot);
    std::thread::scope(|scope| {
        for (submitter, mut connection) in connections.into_iter().enumerate() {
            let tally = &tally;
            scope.spawn(move || tally.run(|number| connection.append(&Record::first_of(submitter, number))));
        }
    });
    tally.measured()
}
