//! Proofs: what a proven receipt costs beside a durable one, and what checkpoints, proofs and the tree cost.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use ofrecord_core::{Actor, ActorKind, Cloud};
use ofrecord_ledger::signing::{self, KeyFolder, Signed, Signer};
use ofrecord_ledger::{Clock, Entropy, Ledger, Ticket};
use ofrecord_log::merkle::{Frontier, leaf_hash};
use ofrecord_log::{Hash, LogReader, OpenOptions, SledLog};

use super::fill::{filled_ledger, ledger_error, start};
use super::raw::per_second;
use super::submitters::{request, submit};
use super::{BenchError, Figure, Plan, median, quantile};
use crate::custody::{self, Checkpointing};

/// Submitters whose receipts are measured.
const SUBMITTERS: usize = 64;
/// Checkpoints of one more entry in a round.
const CHECKPOINTS: u64 = 50;
/// Proofs in a round.
const PROOFS: u64 = 5_000;
/// Entries of a round over which the tree is built in memory.
const TREE_ENTRIES: u64 = 50_000;

/// What a receipt waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Durable,
    Proven,
}

/// What the rounds gave of one level.
#[derive(Default)]
struct Waits {
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
    rate: Vec<f64>,
}

/// What the rounds gave.
#[derive(Default)]
struct Rounds {
    durable: Waits,
    proven: Waits,
    checkpoint_ms: Vec<f64>,
    command_ms: Vec<f64>,
    proofs: Vec<f64>,
    reads: Vec<f64>,
    proof_bytes: Vec<f64>,
    entry_bytes: Vec<f64>,
    tree_us: Vec<f64>,
    nodes_us: Vec<f64>,
}

/// Measures over one filled ledger, in interleaved rounds.
pub(crate) fn measure(plan: &Plan, tell: &mut dyn FnMut(&Figure)) -> Result<Vec<Figure>, BenchError> {
    let folder = plan.scratch.join("filled");
    filled_ledger(&folder, plan.entries)?;
    let log = SledLog::open(&folder, &OpenOptions::default()).map_err(ledger_error)?;
    let ledger = start(log, Cloud::China21Vianet, Clock::Machine, None)?;
    let keys = KeyFolder::beside(&folder);
    keys.create(ledger.reader().log().origin(), &Entropy::System).map_err(ledger_error)?;
    let mut figures = vec![first_checkpoint(&ledger, &keys, &folder)?];
    let mut rounds = Rounds::default();
    for round in 0..plan.rounds {
        let levels = [Level::Durable, Level::Proven];
        // Which side comes first changes, so that neither always finds the warmer machine.
        let levels = if round.is_multiple_of(2) { levels } else { [Level::Proven, Level::Durable] };
        for level in levels {
            waits(&ledger, &keys, &folder, plan.slot, round, level, &mut rounds)?;
        }
        checkpoints(&ledger, &keys, &folder, round, &mut rounds)?;
        let signed = sign(&ledger, &keys, &folder)?;
        proofs(ledger.reader().log().as_ref(), &signed, &mut rounds)?;
        tree(ledger.reader().log().as_ref(), &mut rounds)?;
    }
    ledger.close();
    figures.extend(rounds.figures());
    figures.iter().for_each(tell);
    Ok(figures)
}

impl Rounds {
    fn figures(&mut self) -> Vec<Figure> {
        let with = |name: &str, ours: &mut Vec<f64>, unit, other, limit: &mut Vec<f64>| {
            Figure::beside(name, median(ours), unit, other, median(limit))
        };
        let (durable, proven) = (&mut self.durable, &mut self.proven);
        let mut command_us = vec![1e6 / median(&mut durable.rate).max(1e-9)];
        vec![
            with("proven receipts, 64 submitters, p50", &mut proven.p50_ms, "ms", "durable ones", &mut durable.p50_ms),
            with("proven receipts, 64 submitters, p99", &mut proven.p99_ms, "ms", "durable ones", &mut durable.p99_ms),
            with("proven receipts, 64 submitters", &mut proven.rate, "commands/s", "durable ones", &mut durable.rate),
            with(
                "checkpoint of one more entry, p50",
                &mut self.checkpoint_ms,
                "ms",
                "the durable command before it",
                &mut self.command_ms,
            ),
            with("inclusion proofs", &mut self.proofs, "proofs/s", "entries read one by one", &mut self.reads),
            with("inclusion proof", &mut self.proof_bytes, "bytes", "an entry", &mut self.entry_bytes),
            with(
                "tree per entry: leaf hash and nodes",
                &mut self.tree_us,
                "µs",
                "a durable command, 64 submitters",
                &mut command_us,
            ),
            with(
                "tree per entry: nodes alone",
                &mut self.nodes_us,
                "µs",
                "with the leaf hash",
                &mut self.tree_us.clone(),
            ),
        ]
    }
}

/// The first checkpoint reads and hashes everything; beside it, everything is only read.
fn first_checkpoint(ledger: &Ledger, keys: &KeyFolder, folder: &Path) -> Result<Figure, BenchError> {
    let log = ledger.reader();
    let log = log.log();
    let (began, mut bytes) = (Instant::now(), 0);
    log.scan(0, log.tree_size(), &mut |_, entry| {
        bytes += entry.len();
        ControlFlow::Continue(())
    })
    .map_err(ledger_error)?;
    black_box(bytes);
    let read = per_second(log.tree_size(), began.elapsed());
    let began = Instant::now();
    let signed = sign(ledger, keys, folder)?;
    let hashed = per_second(signed.size, began.elapsed());
    Ok(Figure::beside("first checkpoint, every entry read and hashed", hashed, "entries/s", "only read", read))
}

fn sign(ledger: &Ledger, keys: &KeyFolder, folder: &Path) -> Result<Signed, BenchError> {
    let mut signer = Signer::open(keys.clone()).map_err(ledger_error)?;
    custody::name_first_key(ledger, &signer, &Actor::new(ActorKind::System)).map_err(ledger_error)?;
    custody::sign_into(ledger, &mut signer, folder).map_err(ledger_error)
}

/// A slot in which every submitter waits for one receipt after the other.
fn waits(
    ledger: &Ledger,
    keys: &KeyFolder,
    folder: &Path,
    slot: Duration,
    round: usize,
    level: Level,
    rounds: &mut Rounds,
) -> Result<(), BenchError> {
    let checkpointing = match level {
        Level::Durable => None,
        Level::Proven => {
            let signer = Signer::open(keys.clone()).map_err(ledger_error)?;
            Some(Checkpointing::start(signer, ledger, folder).map_err(ledger_error)?)
        }
    };
    let (sign_with, began) = (checkpointing.as_ref(), Instant::now());
    let first = (round * 2 + usize::from(level == Level::Proven)) * SUBMITTERS;
    let mut waited: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (first..first + SUBMITTERS)
            .map(|name| scope.spawn(move || submitter(ledger, sign_with, name, began, slot)))
            .collect();
        let panicked = || Err(BenchError::Ledger("a thread panicked".to_owned()));
        let waited: Result<Vec<_>, _> =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| panicked())).collect();
        waited.map(|waited| waited.concat())
    })?;
    let took = began.elapsed();
    checkpointing.map_or(Ok(()), Checkpointing::end).map_err(ledger_error)?;
    let kept = if level == Level::Proven { &mut rounds.proven } else { &mut rounds.durable };
    kept.rate.push(per_second(u64::try_from(waited.len()).unwrap_or(u64::MAX), took));
    kept.p50_ms.push(quantile(&mut waited, 0.5));
    kept.p99_ms.push(quantile(&mut waited, 0.99));
    Ok(())
}

fn submitter(
    ledger: &Ledger,
    checkpointing: Option<&Checkpointing>,
    name: usize,
    began: Instant,
    slot: Duration,
) -> Result<Vec<f64>, BenchError> {
    let (mut waited, mut number) = (Vec::new(), 0);
    while began.elapsed() < slot {
        number += 1;
        let asked = Instant::now();
        let receipt = ledger.submit(request(name, number)).and_then(Ticket::wait).map_err(ledger_error)?;
        if let Some(checkpointing) = checkpointing {
            let proven = checkpointing.proven(receipt).map_err(|unproven| ledger_error(&unproven.error))?;
            black_box(proven.proof.map(|proof| proof.to_string()));
        }
        waited.push(milliseconds(asked));
    }
    Ok(waited)
}

/// One command and one checkpoint, again and again.
fn checkpoints(
    ledger: &Ledger,
    keys: &KeyFolder,
    folder: &Path,
    round: usize,
    rounds: &mut Rounds,
) -> Result<(), BenchError> {
    let (mut commands, mut signed) = (Vec::new(), Vec::new());
    for number in 0..CHECKPOINTS {
        let began = Instant::now();
        submit(ledger, usize::MAX - round, number).map_err(BenchError::Ledger)?;
        commands.push(milliseconds(began));
        let began = Instant::now();
        sign(ledger, keys, folder)?;
        signed.push(milliseconds(began));
    }
    rounds.command_ms.push(median(&mut commands));
    rounds.checkpoint_ms.push(median(&mut signed));
    Ok(())
}

/// Proofs of entries spread over the whole log, and the same entries only read.
#[expect(clippy::cast_precision_loss, reason = "bytes in memory are far below 2^52")]
fn proofs(log: &dyn LogReader, signed: &Signed, rounds: &mut Rounds) -> Result<(), BenchError> {
    let every = (signed.size / PROOFS).max(1);
    let positions = || (0..signed.size).step_by(usize::try_from(every).unwrap_or(usize::MAX));
    let count = u64::try_from(positions().count()).unwrap_or(u64::MAX);
    let (mut proof_bytes, began) = (0, Instant::now());
    for position in positions() {
        proof_bytes += signing::prove(log, position, signed).map_err(ledger_error)?.to_string().len();
    }
    rounds.proofs.push(per_second(count, began.elapsed()));
    let (mut entry_bytes, began) = (0, Instant::now());
    for position in positions() {
        entry_bytes += log.read(position).map_err(ledger_error)?.len();
    }
    rounds.reads.push(per_second(count, began.elapsed()));
    rounds.proof_bytes.push(proof_bytes as f64 / count as f64);
    rounds.entry_bytes.push(entry_bytes as f64 / count as f64);
    Ok(())
}

/// The tree over entries in memory, with the hash of each leaf and without.
fn tree(log: &dyn LogReader, rounds: &mut Rounds) -> Result<(), BenchError> {
    let mut entries = Vec::new();
    log.scan(0, log.tree_size().min(TREE_ENTRIES), &mut |_, bytes| {
        entries.push(bytes.to_vec());
        ControlFlow::Continue(())
    })
    .map_err(ledger_error)?;
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let (mut frontier, began) = (Frontier::new(), Instant::now());
    entries.iter().for_each(|entry| frontier.push(leaf_hash(entry)));
    black_box(frontier.root());
    rounds.tree_us.push(1e6 / per_second(count, began.elapsed()).max(1e-9));
    let (mut frontier, began) = (Frontier::new(), Instant::now());
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    black_box(frontier.root());
    rounds.nodes_us.push(1e6 / per_second(count, began.elapsed()).max(1e-9));
    Ok(())
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
