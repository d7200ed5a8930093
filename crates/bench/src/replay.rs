//! Every state folded again: by the ledger's rebuild, and over rows of PostgreSQL as a user of an event store does it.
//! Each is there twice: folded in memory and thrown away, and stored as views.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use ofrecord_core::{Customer, CustomerId, Fact, History, StreamId};
use ofrecord_ledger::rebuild;
use ofrecord_ledger::sweep::sweep;
use ofrecord_log::entry::Envelope;
use ofrecord_log::{EventLog as _, LogReader};
use ofrecord_views::{CustomerRecord, present_bytes};

use crate::engine::{Engine as _, PostgresEngine, Views};
use crate::figure::{Course, Measured, OURS, Race};
use crate::fill::{failed, open, views};
use crate::postgres_server::Server;
use crate::reckoning::per_second;
use crate::results::complain;
use crate::scan::fill;
use crate::{Plan, RaceError};

/// Every customer's record folded by the ledger in memory; nothing is stored or compared.
const IN_MEMORY: &str = "ofrecord, folded in memory";
/// PostgreSQL, one cursor over all rows, each read and folded into its customer.
const FOLDED: &str = "PostgreSQL, rows folded";
/// PostgreSQL, as cqrs-es replays: for each event its view is loaded, changed and written again.
const VIEW_BY_VIEW: &str = "PostgreSQL, a view written for each entry";
/// Entries after which that is long enough to tell its rate.
const VIEWED: u64 = 20_000;
/// PostgreSQL, one cursor over all rows, nothing done with them.
const ONLY_READ: &str = "PostgreSQL, rows only read";

/// Rebuilds from both in interleaved rounds.
pub(crate) fn race(plan: &Plan, ledger: &Path) -> Result<Race, RaceError> {
    let mut race = Race::of(Course::Replay);
    let log = open(ledger)?;
    let reader = log.reader();
    let views = views(ledger)?;
    let server = Server::start(&plan.scratch)?;
    let mut postgres = server.as_ref().map(PostgresEngine::create).transpose()?;
    match &mut postgres {
        Some(engine) => {
            complain("filling PostgreSQL");
            fill(reader.as_ref(), engine)?;
        }
        None => race.without("PostgreSQL", "it is not installed"),
    }
    let mut rounds: BTreeMap<&'static str, Vec<Measured>> = BTreeMap::new();
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        let began = Instant::now();
        let report = rebuild::rebuild(reader.as_ref(), &views, &()).map_err(failed)?;
        if report.drifted > 0 {
            return Err(failed(format!("{} rows drifted", report.drifted)));
        }
        let rate = per_second(report.through, began.elapsed());
        rounds.entry(OURS).or_default().push(Measured { rate, latencies: Vec::new() });
        rounds.entry(IN_MEMORY).or_default().push(folded_in_memory(reader.as_ref())?);
        if let Some(engine) = &mut postgres {
            rounds.entry(FOLDED).or_default().push(folded(engine)?);
            if let Some(server) = &server {
                rounds.entry(VIEW_BY_VIEW).or_default().push(view_by_view(reader.as_ref(), server)?);
            }
            let began = Instant::now();
            let count = engine.scan(&mut |_| {})?;
            let rate = per_second(count, began.elapsed());
            rounds.entry(ONLY_READ).or_default().push(Measured { rate, latencies: Vec::new() });
        }
    }
    race.add(reader.tree_size(), rounds.into_iter().collect());
    Ok(race)
}

fn folded_in_memory(log: &dyn LogReader) -> Result<Measured, RaceError> {
    let began = Instant::now();
    let mut entries = 0;
    sweep(log, log.tree_size(), &(), &mut |record| {
        entries += std::hint::black_box(record).entries().len();
        ControlFlow::Continue(())
    })
    .map_err(failed)?;
    std::hint::black_box(entries);
    Ok(Measured { rate: per_second(log.tree_size(), began.elapsed()), latencies: Vec::new() })
}

fn folded(engine: &mut PostgresEngine) -> Result<Measured, RaceError> {
    let mut customers: BTreeMap<CustomerId, History<Customer>> = BTreeMap::new();
    let mut failure = None;
    let began = Instant::now();
    let count = engine.bodies(&mut |body| {
        if let Err(problem) = fold(body, &mut customers) {
            failure = Some(problem);
        }
    })?;
    let took = began.elapsed();
    if let Some(problem) = failure {
        return Err(RaceError::of(FOLDED)(&problem));
    }
    std::hint::black_box(customers.len());
    Ok(Measured { rate: per_second(count, took), latencies: Vec::new() })
}

/// The first entries, each taken into its customer's record in memory; the view of it goes to PostgreSQL and back.
/// A user would read the record out of the view too.
fn view_by_view(log: &dyn LogReader, server: &Server) -> Result<Measured, RaceError> {
    let mut views = Views::create(server)?;
    let mut records: BTreeMap<CustomerId, CustomerRecord> = BTreeMap::new();
    let count = VIEWED.min(log.tree_size());
    let mut failure = None;
    let began = Instant::now();
    let scanned = log.scan(0, count, &mut |_, bytes| match view(bytes, &mut records, &mut views) {
        Ok(()) => ControlFlow::Continue(()),
        Err(problem) => {
            failure = Some(problem);
            ControlFlow::Break(())
        }
    });
    let took = began.elapsed();
    scanned.map_err(failed)?;
    failure.map_or(Ok(Measured { rate: per_second(count, took), latencies: Vec::new() }), Err)
}

fn view(bytes: &[u8], records: &mut BTreeMap<CustomerId, CustomerRecord>, views: &mut Views) -> Result<(), RaceError> {
    let envelope = Envelope::parse_canonical(bytes).map_err(failed)?;
    let entry = ofrecord_ledger::codec::decode_envelope(&envelope).map_err(failed)?;
    for link in &envelope.streams {
        if let Ok(StreamId::Customer(customer)) = link.stream.parse() {
            let record = records.entry(customer).or_insert_with(|| CustomerRecord::new(customer));
            record.take(&entry);
            views.update(&link.stream, &String::from_utf8_lossy(&present_bytes(record)))?;
        }
    }
    Ok(())
}

/// What a user would write: the row as JSON, its events into the state of each customer it belongs to.
fn fold(body: &str, customers: &mut BTreeMap<CustomerId, History<Customer>>) -> Result<(), String> {
    // The server keeps JSON in its own order of keys and with its own spaces, which the envelope allows.
    let envelope = Envelope::parse_canonical(body.as_bytes()).map_err(|error| error.to_string())?;
    let entry = ofrecord_ledger::codec::decode_envelope(&envelope).map_err(|error| error.to_string())?;
    for link in &envelope.streams {
        if let Ok(StreamId::Customer(customer)) = link.stream.parse() {
            let history = customers.entry(customer).or_default();
            Fact::of(&entry).for_each(|fact| history.push(fact));
        }
    }
    Ok(())
}
