//! Every state folded again: by the ledger's rebuild, and over rows of PostgreSQL as a user of an event store does it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use ofrecord_core::{Customer, CustomerId, Fact, History, StreamId};
use ofrecord_ledger::rebuild;
use ofrecord_log::EventLog as _;
use ofrecord_log::entry::Envelope;

use crate::engine::{Engine as _, PostgresEngine};
use crate::figure::{Course, Measured, OURS, Race};
use crate::fill::{failed, open, views};
use crate::postgres_server::Server;
use crate::reckoning::per_second;
use crate::results::complain;
use crate::scan::fill;
use crate::{Plan, RaceError};

/// PostgreSQL, one cursor over all rows, each read and folded into its customer.
const FOLDED: &str = "PostgreSQL, rows folded";
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
        if let Some(engine) = &mut postgres {
            rounds.entry(FOLDED).or_default().push(folded(engine)?);
            let began = Instant::now();
            let count = engine.scan(&mut |_| {})?;
            let rate = per_second(count, began.elapsed());
            rounds.entry(ONLY_READ).or_default().push(Measured { rate, latencies: Vec::new() });
        }
    }
    race.add(reader.tree_size(), rounds.into_iter().collect());
    Ok(race)
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
