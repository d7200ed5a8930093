//! Submitters that each wait for an answer before they ask again, alone or beside other work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::RaceError;
use crate::figure::Measured;
use crate::reckoning::{milliseconds, per_second};

/// What submitters have been told so far.
pub(crate) struct Tally {
    began: Instant,
    slot: Duration,
    done: AtomicBool,
    latencies: Mutex<Vec<f64>>,
    failure: Mutex<Option<RaceError>>,
}

impl Tally {
    /// Nothing yet, of a slot that begins now.
    pub(crate) fn new(slot: Duration) -> Self {
        let (latencies, failure) = (Mutex::new(Vec::new()), Mutex::new(None));
        Self { began: Instant::now(), slot, done: AtomicBool::new(false), latencies, failure }
    }

    /// One submitter: asks again and again until the slot is over.
    pub(crate) fn run(&self, mut ask: impl FnMut(u64) -> Result<(), RaceError>) {
        let mut latencies = Vec::new();
        let mut number = 0;
        while !self.is_over() {
            number += 1;
            let asked = Instant::now();
            if let Err(error) = ask(number) {
                self.fail(error);
                break;
            }
            latencies.push(milliseconds(asked));
            if self.began.elapsed() >= self.slot {
                self.done.store(true, Ordering::Relaxed);
            }
        }
        self.latencies.lock().unwrap_or_else(PoisonError::into_inner).extend(latencies);
    }

    /// Whether the slot is over or something failed.
    pub(crate) fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed)
    }

    /// Ends the slot with an error; the first one counts.
    pub(crate) fn fail(&self, error: RaceError) {
        self.done.store(true, Ordering::Relaxed);
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// What came together, to be asked as soon as all submitters have ended.
    pub(crate) fn measured(&self) -> Result<Measured, RaceError> {
        let took = self.began.elapsed();
        if let Some(error) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error);
        }
        let latencies = std::mem::take(&mut *self.latencies.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Measured { rate: per_second(latencies.len() as u64, took), latencies })
    }
}

/// Submitters with names that follow each other, for one slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Submitters {
    /// The name of the first: names that were never used make commands that were never submitted.
    pub(crate) first: usize,
    /// How many.
    pub(crate) count: usize,
    /// For how long.
    pub(crate) slot: Duration,
}

/// What one submitter does for one of its numbers.
pub(crate) type Ask<'a> = &'a (dyn Fn(usize, u64) -> Result<(), RaceError> + Sync);

impl Submitters {
    /// Lets them ask, each with its name and a number that counts up.
    pub(crate) fn alone(self, ask: Ask<'_>) -> Result<Measured, RaceError> {
        self.beside(ask, &|_| Ok(()))
    }

    /// The same while something else is done on one more thread, which ends once the tally is over.
    pub(crate) fn beside(
        self,
        ask: Ask<'_>,
        work: &(dyn Fn(&Tally) -> Result<(), RaceError> + Sync),
    ) -> Result<Measured, RaceError> {
        let tally = Tally::new(self.slot);
        std::thread::scope(|scope| {
            let working = scope.spawn(|| work(&tally).unwrap_or_else(|error| tally.fail(error)));
            let submitting: Vec<_> = (self.first..self.first + self.count)
                .map(|name| {
                    let tally = &tally;
                    scope.spawn(move || tally.run(|number| ask(name, number)))
                })
                .collect();
            let panicked = || tally.fail(RaceError::of("submitters")(&"a thread panicked"));
            submitting.into_iter().for_each(|thread| thread.join().unwrap_or_else(|_| panicked()));
            let measured = tally.measured();
            working.join().unwrap_or_else(|_| panicked());
            // What failed beside them after the slot spoils it too.
            measured.and_then(|measured| tally.measured().map(|_| measured))
        })
    }
}
