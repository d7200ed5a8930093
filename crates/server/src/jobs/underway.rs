//! A job that is worked on: how far it is, and whether it should pause or stop.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use ofrecord_ledger::Progress;
use serde::Serialize;
use tokio::sync::watch;

/// A job that is worked on. Whoever works tells it how far they are, and is held there while it is paused.
#[derive(Debug)]
pub struct Underway {
    id: String,
    /// Held while a number is read or written, and given up while the work waits.
    course: Mutex<Course>,
    resumed: Condvar,
    told: watch::Sender<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Course {
    steps: Option<Steps>,
    tally: Option<Tally>,
    is_paused: bool,
    is_cancelled: bool,
}

/// What an import came to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Records that were read.
    pub read: u64,
    /// Statements of them that have an entry of their own.
    pub recorded: u64,
    /// Statements that were imported before.
    pub repeated: u64,
    /// Statements that a rule refused, or that conflict with what is recorded.
    pub refused: u64,
    /// Records, or parts of them, that cannot be read, or that are in no published list.
    pub unknown: u64,
}

/// How far a stage of the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Steps {
    /// What is being done.
    pub(crate) stage: &'static str,
    /// Units that are finished.
    pub(crate) done: u64,
    /// Units there are, as far as is known.
    pub(crate) total: u64,
}

impl Underway {
    pub(crate) fn new(id: String, told: watch::Sender<u64>) -> Self {
        Self { id, course: Mutex::default(), resumed: Condvar::new(), told }
    }

    /// The id of the job, by which files that come of it can be named.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Changes what it came to so far.
    pub fn tally(&self, change: impl FnOnce(&mut Tally)) {
        change(self.course().tally.get_or_insert_default());
        self.told.send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    pub(crate) fn tallied(&self) -> Option<Tally> {
        self.course().tally
    }

    pub(crate) fn steps(&self) -> Option<Steps> {
        self.course().steps
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.course().is_paused
    }

    pub(crate) fn pause(&self) {
        self.course().is_paused = true;
    }

    pub(crate) fn resume(&self) {
        self.course().is_paused = false;
        self.resumed.notify_all();
    }

    /// Has the work stop at its next safe place, also while it is paused.
    pub(crate) fn cancel(&self) {
        let mut course = self.course();
        (course.is_cancelled, course.is_paused) = (true, false);
        self.resumed.notify_all();
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What holds now, once it is not paused.
    fn going_on(&self) -> MutexGuard<'_, Course> {
        self.resumed.wait_while(self.course(), |course| course.is_paused).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Underway {
    fn advance(&self, stage: &'static str, done: u64, total: u64) {
        self.course().steps = Some(Steps { stage, done, total });
        self.told.send_modify(|changes| *changes = changes.wrapping_add(1));
        drop(self.going_on());
    }

    fn cancelled(&self) -> bool {
        self.going_on().is_cancelled
    }
}
