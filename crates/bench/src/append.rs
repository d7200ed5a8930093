//! Durable commands per second. ofrecord decides and hashes them; the others are given finished bytes to store.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use ofrecord_core::command::relationship::RegisterCustomer;
use ofrecord_core::vocabulary::TenantType;
use ofrecord_core::{Actor, ActorKind, Cloud, Command, CommandId, CustomerId, Request};
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, ReceiptOutcome, Ticket};
use ofrecord_log::{Identity, OpenOptions, SledLog};
use uuid::Uuid;

use crate::engine::{EMBEDDED, Engine, PostgresEngine, Single};
use crate::figure::{Measured, Missing, OURS, Race, per_second};
use crate::postgres_server::Server;
use crate::record::Record;
use crate::results::complain;
use crate::{Plan, RaceError};

/// Events in one group, as in the ledger's writer.
const GROUP_MAX: usize = 1_024;
/// PostgreSQL with one row and one commit for each event.
const SINGLE: &str = "PostgreSQL, single inserts";
/// PostgreSQL behind the same committer as the embedded engines.
const BATCHED: &str = "PostgreSQL, batched";

/// Runs every engine with each number of submitters, round by round.
pub(crate) fn race(plan: &Plan, submitters: &[usize]) -> Result<Race, RaceError> {
    let name = "durable commands, each submitter waiting for its answer before the next";
    let mut race = Race { name, unit: "commands/s", lines: Vec::new(), missing: Vec::new() };
    let server = Server::start(&plan.scratch)?;
    if server.is_none() {
        let why = "no initdb below /usr/lib/postgresql; install postgresql".to_owned();
        race.missing.push(Missing { engine: "PostgreSQL", why });
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
        race.add(&format!("{count} submitters"), lines);
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
    if let Some(server) = server {
        measured.push((BATCHED, committed(&mut PostgresEngine::create(server)?, count, plan.slot)?));
        drop(PostgresEngine::create(server)?);
        measured.push((SINGLE, single(server, count, plan.slot)?));
    }
    Ok(measured)
}

/// What submitters have been told so far.
struct Tally {
    began: Instant,
    slot: Duration,
    done: AtomicBool,
    latencies: Mutex<Vec<f64>>,
    failure: Mutex<Option<RaceError>>,
}

impl Tally {
    fn new(slot: Duration) -> Self {
        let (latencies, failure) = (Mutex::new(Vec::new()), Mutex::new(None));
        Self { began: Instant::now(), slot, done: AtomicBool::new(false), latencies, failure }
    }

    /// One submitter: asks again and again until the slot is over.
    fn run(&self, mut ask: impl FnMut(u64) -> Result<(), RaceError>) {
        let mut latencies = Vec::new();
        let mut number = 0;
        while !self.done.load(Ordering::Relaxed) {
            number += 1;
            let asked = Instant::now();
            if let Err(error) = ask(number) {
                self.done.store(true, Ordering::Relaxed);
                self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                break;
            }
            latencies.push(asked.elapsed().as_secs_f64() * 1_000.0);
            if self.began.elapsed() >= self.slot {
                self.done.store(true, Ordering::Relaxed);
            }
        }
        self.latencies.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(latencies);
    }

    fn measured(self) -> Result<Measured, RaceError> {
        let took = self.began.elapsed();
        if let Some(error) = self.failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(error);
        }
        let latencies = self.latencies.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(Measured { rate: per_second(latencies.len() as u64, took), latencies })
    }
}

/// The ledger itself, every command decided by its rules.
fn ours(folder: &Path, count: usize, slot: Duration) -> Result<Measured, RaceError> {
    let failed = |error: &dyn std::fmt::Display| RaceError::of(OURS)(error);
    let identity = Identity::new("ofrecord.local/race", &Clock::Machine.now().to_string(), BTreeMap::new());
    let log = SledLog::create(folder, &identity, &OpenOptions::default()).map_err(|error| failed(&error))?;
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock: Clock::Machine, views: None, sealer: None };
    let ledger = Ledger::start(Box::new(log), options).map_err(|error| failed(&error))?;
    let tally = Tally::new(slot);
    std::thread::scope(|scope| {
        for submitter in 0..count {
            let (ledger, tally) = (&ledger, &tally);
            scope.spawn(move || {
                tally.run(|number| {
                    let submitted = ledger.submit(request(submitter, number)).and_then(Ticket::wait);
                    let receipt = submitted.map_err(|error| RaceError::of(OURS)(&error))?;
                    match receipt.outcome {
                        ReceiptOutcome::Accepted { .. } => Ok(()),
                        other @ (ReceiptOutcome::Refused { .. }
                        | ReceiptOutcome::Repeated { .. }
                        | ReceiptOutcome::Conflict { .. }) => {
                            Err(RaceError::of(OURS)(&format!("a command was {}", other.word())))
                        }
                    }
                });
            });
        }
    });
    let measured = tally.measured();
    ledger.close();
    measured
}

/// A command that makes a new customer known.
fn request(submitter: usize, number: u64) -> Request {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{submitter}/{number}").as_bytes());
    Request {
        command_id: CommandId::new(id),
        actor: Actor::new(ActorKind::Operator),
        customer: Some(CustomerId::new(id)),
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::RegisterCustomer(RegisterCustomer {
            name: format!("Customer {number} of submitter {submitter}"),
            domain: Some(format!("customer{number}.submitter{submitter}.example")),
            market: None,
            tenant_type: TenantType::Organisation,
        })
        .into(),
    }
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
            tally.done.store(true, Ordering::Relaxed);
            *tally.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
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
