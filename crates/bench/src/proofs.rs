//! Proofs: what a proven receipt costs beside a durable one, and what checkpoints, proofs and the tree cost.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use ofrecord_ledger::Clock;
use ofrecord_ledger::signing::{self, Signed};
use ofrecord_log::merkle::{Frontier, leaf_hash};
use ofrecord_log::{Hash, LogReader};

use crate::desk::Desk;
use crate::figures::Figures;
use crate::fill::{CLOUD, Extent, failed, filled_ledger, open, start};
use crate::reckoning::{median, milliseconds, per_second, quantile, shared};
use crate::registration::submit;
use crate::results::complain;
use crate::tally::Submitters;
use crate::{Plan, RaceError};

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
pub(crate) fn measure(plan: &Plan, extent: Extent) -> Result<Figures, RaceError> {
    let folder = plan.scratch.join("filled");
    filled_ledger(&folder, extent)?;
    let ledger = start(open(&folder)?, CLOUD, Clock::Machine, None)?;
    let desk = Desk::create(&ledger, &folder)?;
    let mut figures = Figures::default();
    first_checkpoint(&desk, &mut figures)?;
    let mut rounds = Rounds::default();
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        let levels = [Level::Durable, Level::Proven];
        // Which side comes first changes, so that neither always finds the warmer machine.
        let levels = if round.is_multiple_of(2) { levels } else { [Level::Proven, Level::Durable] };
        for level in levels {
            waits(&desk, plan, round, level, &mut rounds)?;
        }
        checkpoints(&desk, round, &mut rounds)?;
        let signed = desk.sign()?;
        proofs(ledger.reader().log().as_ref(), &signed, &mut rounds)?;
        tree(ledger.reader().log().as_ref(), &mut rounds)?;
    }
    ledger.close();
    rounds.tell(&mut figures);
    Ok(figures)
}

impl Rounds {
    fn tell(&mut self, figures: &mut Figures) {
        let (durable, proven) = (&mut self.durable, &mut self.proven);
        let mut command_us = [1e6 / median(&mut durable.rate).max(1e-9)];
        let name = "proven receipts, 64 submitters";
        figures.beside(format!("{name}, p50"), "ms", &mut proven.p50_ms, ("durable ones", &mut durable.p50_ms));
        figures.beside(format!("{name}, p99"), "ms", &mut proven.p99_ms, ("durable ones", &mut durable.p99_ms));
        figures.beside(name, "commands/s", &mut proven.rate, ("durable ones", &mut durable.rate));
        let before = ("the durable command before it", self.command_ms.as_mut_slice());
        figures.beside("checkpoint of one more entry, p50", "ms", &mut self.checkpoint_ms, before);
        let read = ("entries read one by one", self.reads.as_mut_slice());
        figures.beside("inclusion proofs", "proofs/s", &mut self.proofs, read);
        figures.beside("inclusion proof", "bytes", &mut self.proof_bytes, ("an entry", &mut self.entry_bytes));
        let command = ("a durable command, 64 submitters", command_us.as_mut_slice());
        figures.beside("tree per entry: leaf hash and nodes", "µs", &mut self.tree_us, command);
        let whole = ("with the leaf hash", self.tree_us.as_mut_slice());
        figures.beside("tree per entry: nodes alone", "µs", &mut self.nodes_us, whole);
    }
}

/// The first checkpoint reads and hashes everything; beside it, everything is only read.
fn first_checkpoint(desk: &Desk<'_>, figures: &mut Figures) -> Result<(), RaceError> {
    let reader = desk.ledger().reader();
    let log = reader.log();
    let (began, mut bytes) = (Instant::now(), 0);
    log.scan(0, log.tree_size(), &mut |_, entry| {
        bytes += entry.len();
        ControlFlow::Continue(())
    })
    .map_err(failed)?;
    black_box(bytes);
    let mut read = [per_second(log.tree_size(), began.elapsed())];
    let began = Instant::now();
    let signed = desk.sign()?;
    let mut hashed = [per_second(signed.size, began.elapsed())];
    let name = "first checkpoint, every entry read and hashed";
    figures.beside(name, "entries/s", &mut hashed, ("only read", &mut read));
    Ok(())
}

/// A slot in which every submitter waits for one receipt after the other.
fn waits(desk: &Desk<'_>, plan: &Plan, round: usize, level: Level, rounds: &mut Rounds) -> Result<(), RaceError> {
    let checkpointer = match level {
        Level::Durable => None,
        Level::Proven => Some(desk.checkpointer()?),
    };
    let first = (round * 2 + usize::from(level == Level::Proven)) * SUBMITTERS;
    let submitters = Submitters { first, count: SUBMITTERS, slot: plan.slot };
    let mut measured = submitters.alone(&|name, number| {
        let receipt = submit(desk.ledger(), name, number)?;
        if let Some(checkpointer) = &checkpointer {
            let proven = checkpointer.proven(receipt).map_err(|unproven| failed(&unproven.error))?;
            black_box(proven.proof.map(|proof| proof.to_string()));
        }
        Ok(())
    })?;
    let kept = if level == Level::Proven { &mut rounds.proven } else { &mut rounds.durable };
    kept.rate.push(measured.rate);
    kept.p50_ms.push(quantile(&mut measured.latencies, 0.5));
    kept.p99_ms.push(quantile(&mut measured.latencies, 0.99));
    Ok(())
}

/// One command and one checkpoint, again and again.
fn checkpoints(desk: &Desk<'_>, round: usize, rounds: &mut Rounds) -> Result<(), RaceError> {
    let (mut commands, mut signed) = (Vec::new(), Vec::new());
    for number in 0..CHECKPOINTS {
        let began = Instant::now();
        submit(desk.ledger(), usize::MAX - round, number)?;
        commands.push(milliseconds(began));
        let began = Instant::now();
        desk.sign()?;
        signed.push(milliseconds(began));
    }
    rounds.command_ms.push(median(&mut commands));
    rounds.checkpoint_ms.push(median(&mut signed));
    Ok(())
}

/// Proofs of entries spread over the whole log, and the same entries only read.
fn proofs(log: &dyn LogReader, signed: &Signed, rounds: &mut Rounds) -> Result<(), RaceError> {
    let every = (signed.size / PROOFS).max(1);
    let positions = || (0..signed.size).step_by(usize::try_from(every).unwrap_or(usize::MAX));
    let count = u64::try_from(positions().count()).unwrap_or(u64::MAX);
    let (mut proof_bytes, began) = (0, Instant::now());
    for position in positions() {
        proof_bytes += signing::prove(log, position, signed).map_err(failed)?.to_string().len();
    }
    rounds.proofs.push(per_second(count, began.elapsed()));
    let (mut entry_bytes, began) = (0, Instant::now());
    for position in positions() {
        entry_bytes += log.read(position).map_err(failed)?.len();
    }
    rounds.reads.push(per_second(count, began.elapsed()));
    rounds.proof_bytes.push(shared(proof_bytes as u64, count));
    rounds.entry_bytes.push(shared(entry_bytes as u64, count));
    Ok(())
}

/// The tree over entries in memory, with the hash of each leaf and without.
fn tree(log: &dyn LogReader, rounds: &mut Rounds) -> Result<(), RaceError> {
    let mut entries = Vec::new();
    log.scan(0, log.tree_size().min(TREE_ENTRIES), &mut |_, bytes| {
        entries.push(bytes.to_vec());
        ControlFlow::Continue(())
    })
    .map_err(failed)?;
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
