//! Serving: what receipts and answers cost over HTTP, also beside a rival, what stands after a kill, and what a follower
//! of events takes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ofrecord_testkit::line;

use self::client::Client;
use self::rival::Rival;
use self::served::Served;
use crate::figure::Measured;
use crate::figures::Figures;
use crate::fill::{CLOUD, scratch_ledger};
use crate::reckoning::{quantile, shared};
use crate::registration::{request, submit};
use crate::results::complain;
use crate::tally::Submitters;
use crate::{Plan, RaceError};

mod client;
mod following;
mod rival;
mod served;

/// Connections that are kept open, each of which waits for one answer after the other.
const CONNECTIONS: usize = 64;
/// Receipts after which the server is killed.
const KILLED_AFTER: usize = 1_000;
/// The instant asked about, before which nothing is known.
const AS_OF: &str = "2024-03-01";

/// A command that was acknowledged: whose, which, and where.
type Acknowledged = (usize, u64, u64);

/// What the rounds gave of one kind of request.
#[derive(Default)]
struct Waits {
    rate: Vec<f64>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

impl Waits {
    fn take(&mut self, mut measured: Measured) {
        self.rate.push(measured.rate);
        self.p50_ms.push(quantile(&mut measured.latencies, 0.5));
        self.p99_ms.push(quantile(&mut measured.latencies, 0.99));
    }

    /// Adds what the rounds gave beside what they gave of something else.
    fn beside(&mut self, name: &str, unit: &str, (other, waits): (&str, &mut Self), figures: &mut Figures) {
        figures.beside(name, unit, &mut self.rate, (other, &mut waits.rate));
        figures.beside(format!("{name}, p50"), "ms", &mut self.p50_ms, (other, &mut waits.p50_ms));
        figures.beside(format!("{name}, p99"), "ms", &mut self.p99_ms, (other, &mut waits.p99_ms));
    }

    /// Adds what the rounds gave.
    fn alone(&mut self, name: &str, unit: &str, figures: &mut Figures) {
        figures.alone(name, unit, &mut self.rate);
        figures.alone(format!("{name}, p50"), "ms", &mut self.p50_ms);
        figures.alone(format!("{name}, p99"), "ms", &mut self.p99_ms);
    }
}

/// Measures over a served ledger that is empty at the beginning, in interleaved rounds, beside a rival where its packages
/// are installed.
pub(crate) fn measure(plan: &Plan, program: &Path, rival: &Path, followers: usize) -> Result<Figures, RaceError> {
    let served = Served::start(program, &plan.scratch.join("served"), followers)?;
    let rival = Rival::start(rival, &plan.scratch, CONNECTIONS)?;
    let ledger = scratch_ledger(&plan.scratch.join("beside"), CLOUD)?;
    let (mut receipts, mut answers, mut without) = (Waits::default(), Waits::default(), Waits::default());
    let (mut others_receipts, mut others_answers) = (Waits::default(), Waits::default());
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        // Names that were never used, so that each command is new.
        let submitters = Submitters { first: 1 + round * CONNECTIONS, count: CONNECTIONS, slot: plan.slot };
        let clients = clients(served.address())?;
        receipts.take(submitters.alone(&|name, number| acknowledged(&clients, name, number).map(drop))?);
        answers.take(submitters.alone(&|name, _| answered(&clients, name))?);
        without.take(submitters.alone(&|name, number| submit(&ledger, name, number).map(drop))?);
        if let Some(rival) = &rival {
            let clients = self::clients(rival.address())?;
            others_receipts.take(submitters.alone(&|name, number| acknowledged(&clients, name, number).map(drop))?);
            others_answers.take(submitters.alone(&|name, _| answered(&clients, name))?);
        }
    }
    ledger.close();
    let mut figures = Figures::default();
    let submitting = "receipts, 64 connections that are kept";
    let asking = "answers at a past instant, 64 connections that are kept";
    receipts.beside(submitting, "commands/s", ("64 submitters without HTTP", &mut without), &mut figures);
    if rival.is_some() {
        receipts.beside(submitting, "commands/s", (rival::NAME, &mut others_receipts), &mut figures);
        answers.beside(asking, "answers/s", (rival::NAME, &mut others_answers), &mut figures);
    } else {
        answers.alone(asking, "answers/s", &mut figures);
    }
    drop(rival);
    figures.alone("resident memory of the server afterwards", "MiB", &mut [served.resident_kib() / 1_024.0]);
    let unused = 1 + plan.rounds * CONNECTIONS;
    let served = killed(served, unused, &mut figures)?;
    following::measure(&served, followers, unused + CONNECTIONS, &mut figures)?;
    Ok(figures)
}

fn clients(address: &str) -> Result<Vec<Mutex<Client>>, RaceError> {
    (0..CONNECTIONS).map(|_| Ok(Mutex::new(Client::connect(address)?))).collect()
}

/// What is answered on the connection of a submitter, which nobody else uses.
fn asked(clients: &[Mutex<Client>], name: usize, head: &str, body: &str) -> Result<(u16, Vec<u8>), RaceError> {
    let client = clients.get((name - 1) % CONNECTIONS).ok_or_else(|| failed("a submitter has no connection"))?;
    Ok(client.lock().unwrap_or_else(PoisonError::into_inner).ask(head, body)?)
}

/// The position at which a command is acknowledged, and by which status.
fn submitted(clients: &[Mutex<Client>], name: usize, number: u64) -> Result<(u16, u64), RaceError> {
    let command = line::of(&request(name, number));
    let head = "POST /v1/commands HTTP/1.1\r\nContent-Type: application/json";
    let (status, body) = asked(clients, name, head, &command)?;
    let receipt: serde_json::Value = serde_json::from_slice(&body).map_err(|error| failed(&error.to_string()))?;
    let position = receipt.get("position").and_then(serde_json::Value::as_u64);
    let position = position.ok_or_else(|| failed(&format!("no receipt: {status} {receipt}")))?;
    Ok((status, position))
}

/// A command that is acknowledged for the first time.
fn acknowledged(clients: &[Mutex<Client>], name: usize, number: u64) -> Result<u64, RaceError> {
    match submitted(clients, name, number)? {
        (201, position) => Ok(position),
        (status, _) => Err(failed(&format!("a new command was answered with {status}"))),
    }
}

/// Who the resellers of a customer were whom the submitter has made known.
fn answered(clients: &[Mutex<Client>], name: usize) -> Result<(), RaceError> {
    let customer = request(name, 1).customer.ok_or_else(|| failed("a command without a customer"))?;
    let head = format!("GET /v1/customers/{customer}/resellers?as_of={AS_OF} HTTP/1.1");
    match asked(clients, name, &head, "")? {
        (200, _) => Ok(()),
        (status, _) => Err(failed(&format!("a question was answered with {status}"))),
    }
}

/// Kills the server while every connection submits, starts it again, and asks for every receipt that was given.
fn killed(mut served: Served, first: usize, figures: &mut Figures) -> Result<Served, RaceError> {
    let (clients, told) = (clients(served.address())?, Mutex::new(Vec::<Acknowledged>::new()));
    let (count, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for name in first..first + CONNECTIONS {
            let (clients, told, count, is_over) = (&clients, &told, &count, &is_over);
            scope.spawn(move || {
                let mut number = 0;
                while !is_over.load(Ordering::Relaxed) {
                    number += 1;
                    // What breaks off was not acknowledged.
                    let Ok(position) = acknowledged(clients, name, number) else { break };
                    told.lock().unwrap_or_else(PoisonError::into_inner).push((name, number, position));
                    count.fetch_add(1, Ordering::Relaxed);
                }
                count.fetch_max(KILLED_AFTER, Ordering::Relaxed);
            });
        }
        while count.load(Ordering::Relaxed) < KILLED_AFTER {
            std::thread::yield_now();
        }
        let killed = served.kill();
        is_over.store(true, Ordering::Relaxed);
        killed
    })?;
    served.start_again()?;
    let (clients, told) = (self::clients(served.address())?, told.into_inner().unwrap_or_else(PoisonError::into_inner));
    let mut there = 0;
    for (name, number, position) in &told {
        match submitted(&clients, *name, *number)? {
            (200, again) if again == *position => there += 1,
            (status, again) => {
                return Err(failed(&format!("a receipt for {position} is answered with {status} and {again}")));
            }
        }
    }
    let all = ("acknowledged before it", &mut [shared(told.len() as u64, 1)][..]);
    figures.beside("receipts that stand after SIGKILL under load", "commands", &mut [shared(there, 1)], all);
    Ok(served)
}

fn failed(problem: &str) -> RaceError {
    RaceError::of("the served ledger")(&problem)
}
