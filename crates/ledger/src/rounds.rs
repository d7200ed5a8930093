//! The log read on every core: each entry by a function of itself alone, and what comes of it in the order of the log.

use std::ops::{ControlFlow, Range};

use ofrecord_log::{LogReader, ReadError};
use rayon::prelude::*;

/// Entries that one task reads: a bundle of a sealed segment, so that none is unpacked twice.
const TASK_ENTRIES: u64 = 256;
/// Tasks of one round. Two rounds are in memory at a time.
const ROUND_TASKS: u64 = 16;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Every core.
    OnEveryCore,
    /// The calling thread alone, for work that must leave the cores to others.
    Alone,
}

/// Reads one entry from its position and its bytes.
type Read<'a, T, E> = dyn Fn(u64, &[u8]) -> Result<T, E> + Sync + 'a;

/// What the tasks of one round read, and why they could not go on.
struct Round<T, E> {
    entries: Vec<T>,
    failure: Option<E>,
}

/// The same as [`in_rounds`], one round after the other on the calling thread.
///
/// # Errors
/// The first error of `read`, of `take` or of the log.
pub(crate) fn in_rounds_alone<T, E: From<ReadError>>(
    log: &dyn LogReader,
    range: Range<u64>,
    read: &Read<'_, T, E>,
    take: &mut dyn FnMut(Vec<T>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut from = range.start;
    while from < range.end {
        let to = range.end.min(from.saturating_add(TASK_ENTRIES * ROUND_TASKS));
        let round = read_task(log, from..to, read);
        if take(round.entries)?.is_break() {
            return Ok(());
        }
        if let Some(failure) = round.failure {
            return Err(failure);
        }
        from = to;
    }
    Ok(())
}

/// Reads the entries of a range on every core with `read`, and hands them on round by round, in order, while the
/// next round is being read.
///
/// What stands before an entry that cannot be read is handed on before the error is returned.
/// Stops early where `take` breaks.
///
/// # Errors
/// The first error of `read`, of `take` or of the log.
pub(crate) fn in_rounds<T, E>(
    log: &dyn LogReader,
    range: Range<u64>,
    read: &Read<'_, T, E>,
    take: &mut dyn FnMut(Vec<T>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E>
where
    T: Send,
    E: Send + From<ReadError>,
{
    let round_of = |from: u64| from..range.end.min(from.saturating_add(TASK_ENTRIES * ROUND_TASKS));
    let mut present = round_of(range.start);
    let mut ready = read_round(log, present.clone(), read);
    loop {
        let next = round_of(present.end);
        let failed = ready.failure.is_some();
        let mut following = None;
        // On the threads of the caller's own pool, where it has one.
        let taken = rayon::in_place_scope(|scope| {
            if !failed && !next.is_empty() {
                scope.spawn(|_| following = Some(read_round(log, next.clone(), read)));
            }
            take(ready.entries)
        });
        if taken?.is_break() {
            return Ok(());
        }
        if let Some(failure) = ready.failure {
            return Err(failure);
        }
        let Some(following) = following else { return Ok(()) };
        (present, ready) = (next, following);
    }
}

fn read_round<T, E>(log: &dyn LogReader, range: Range<u64>, read: &Read<'_, T, E>) -> Round<T, E>
where
    T: Send,
    E: Send + From<ReadError>,
{
    // Tasks begin where bundles do, wherever the range begins.
    let tasks: Vec<Range<u64>> = (range.start / TASK_ENTRIES..range.end.div_ceil(TASK_ENTRIES))
        .map(|task| (task * TASK_ENTRIES).max(range.start)..((task + 1) * TASK_ENTRIES).min(range.end))
        .collect();
    let rounds: Vec<Round<T, E>> = tasks.into_par_iter().map(|task| read_task(log, task, read)).collect();
    let mut whole = Round { entries: Vec::new(), failure: None };
    for round in rounds {
        whole.entries.extend(round.entries);
        if round.failure.is_some() {
            whole.failure = round.failure;
            break;
        }
    }
    whole
}

fn read_task<T, E: From<ReadError>>(log: &dyn LogReader, range: Range<u64>, read: &Read<'_, T, E>) -> Round<T, E> {
    let mut round = Round { entries: Vec::new(), failure: None };
    let scanned = log.scan(range.start, range.end, &mut |position, bytes| match read(position, bytes) {
        Ok(entry) => {
            round.entries.push(entry);
            ControlFlow::Continue(())
        }
        Err(error) => {
            round.failure = Some(error);
            ControlFlow::Break(())
        }
    });
    if let (None, Err(error)) = (&round.failure, scanned) {
        round.failure = Some(error.into());
    }
    round
}

#[cfg(test)]
mod tests;
