//! Every entry of a ledger read in order: from the ledger, and from each engine that was given the same bytes.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use ofrecord_log::entry::Envelope;
use ofrecord_log::{EventLog as _, LogReader};

use crate::engine::{EMBEDDED, Engine, PostgresEngine};
use crate::figure::{Course, Measured, OURS, Race};
use crate::fill::{failed, open};
use crate::postgres_server::Server;
use crate::reckoning::per_second;
use crate::record::Record;
use crate::results::complain;
use crate::{Plan, RaceError};

/// Entries in one batch while an engine is filled.
const BATCH: usize = 1_024;

/// Fills every engine with the entries of a ledger, and reads them in interleaved rounds.
pub(crate) fn race(plan: &Plan, ledger: &Path) -> Result<Race, RaceError> {
    let mut race = Race::of(Course::Scan);
    let log = open(ledger)?;
    let reader = log.reader();
    let mut engines: Vec<(&'static str, Box<dyn Engine>)> = Vec::new();
    for (name, create) in EMBEDDED {
        complain(&format!("filling {name}"));
        let folder = plan.scratch.join(name.replace(' ', "-"));
        std::fs::create_dir_all(&folder)?;
        let mut engine = create(&folder)?;
        fill(reader.as_ref(), engine.as_mut())?;
        engines.push((name, engine));
    }
    let server = Server::start(&plan.scratch)?;
    match &server {
        Some(server) => {
            complain("filling PostgreSQL");
            let mut engine = PostgresEngine::create(server)?;
            fill(reader.as_ref(), &mut engine)?;
            engines.push(("PostgreSQL", Box::new(engine)));
        }
        None => race.without("PostgreSQL", "it is not installed"),
    }
    let mut rounds: BTreeMap<&'static str, Vec<Measured>> = BTreeMap::new();
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        rounds.entry(OURS).or_default().push(ours(reader.as_ref())?);
        for (name, engine) in &mut engines {
            rounds.entry(name).or_default().push(theirs(engine.as_mut(), reader.tree_size(), name)?);
        }
    }
    race.add(reader.tree_size(), rounds.into_iter().collect());
    drop(engines);
    Ok(race)
}

/// Gives an engine every entry of a log, each under the first stream that it belongs to.
pub(crate) fn fill(log: &dyn LogReader, engine: &mut dyn Engine) -> Result<(), RaceError> {
    let mut batch: Vec<Record> = Vec::with_capacity(BATCH);
    let mut failure = None;
    let scanned = log.scan(0, log.tree_size(), &mut |_, bytes| {
        match record(bytes) {
            Ok(record) => batch.push(record),
            Err(error) => failure = Some(error),
        }
        if batch.len() == BATCH {
            failure = failure.take().or(engine.append(&batch).err());
            batch.clear();
        }
        if failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    scanned.map_err(failed)?;
    if let Some(error) = failure {
        return Err(error);
    }
    if batch.is_empty() { Ok(()) } else { engine.append(&batch) }
}

fn record(bytes: &[u8]) -> Result<Record, RaceError> {
    let envelope = Envelope::parse_canonical(bytes).map_err(failed)?;
    let link = envelope.streams.first();
    Ok(Record {
        stream: link.map_or_else(String::new, |link| link.stream.clone()),
        version: link.map_or(0, |link| link.version),
        id: envelope.command_id,
        bytes: bytes.to_vec(),
    })
}

fn ours(log: &dyn LogReader) -> Result<Measured, RaceError> {
    let (mut count, mut bytes_read) = (0, 0);
    let began = Instant::now();
    let scanned = log.scan(0, log.tree_size(), &mut |_, bytes| {
        count += 1;
        bytes_read += bytes.len();
        ControlFlow::Continue(())
    });
    scanned.map_err(failed)?;
    // Read, so that reading is not taken out as useless.
    std::hint::black_box(bytes_read);
    Ok(Measured { rate: per_second(count, began.elapsed()), latencies: Vec::new() })
}

fn theirs(engine: &mut dyn Engine, expected: u64, name: &'static str) -> Result<Measured, RaceError> {
    let mut bytes_read = 0;
    let began = Instant::now();
    let count = engine.scan(&mut |bytes| bytes_read += bytes.len())?;
    let took = began.elapsed();
    std::hint::black_box(bytes_read);
    if count != expected {
        return Err(RaceError::of(name)(&format!("it gave {count} of {expected} entries")));
    }
    Ok(Measured { rate: per_second(count, took), latencies: Vec::new() })
}
