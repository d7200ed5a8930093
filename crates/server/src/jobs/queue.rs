//! The queue of jobs: a bounded number wait, one is worked on, and what came of the last ones is remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use ofrecord_core::Timestamp;
use ofrecord_ledger::Clock;
use tokio::sync::watch;

use super::{JobError, JobResult, Order, Underway, Workshop};
use crate::problem::Problem;
use crate::shared::stopping;

/// Jobs that may wait.
const WAITING_MAX: usize = 16;
/// Jobs that are remembered once they have ended.
const ENDED_KEPT: usize = 100;

/// The jobs of a server.
pub(crate) struct Jobs {
    workshop: Option<Box<dyn Workshop>>,
    clock: Clock,
    /// Tells who waits that the log may hold more: what leaves by a job is recorded.
    grew: Box<dyn Fn() + Send + Sync>,
    /// Begins the ids: no two processes start in the same instant.
    process: String,
    /// Held while a job is looked at or changes, and never while one is worked on.
    board: Mutex<Board>,
    added: Condvar,
    told: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Board {
    jobs: BTreeMap<u64, Job>,
    ordered: u64,
    is_closed: bool,
    /// Those that had not ended when it was closed.
    unfinished: BTreeSet<u64>,
}

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) order: Order,
    pub(super) state: State,
    pub(super) ordered_at: Timestamp,
    pub(super) started_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) underway: Arc<Underway>,
    /// What came of it, once it has ended.
    pub(super) outcome: Option<Result<JobResult, JobError>>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It waits for those before it.
    Queued,
    /// It is worked on, or paused.
    Running,
    /// It came to its end.
    Done,
    /// It came to nothing.
    Failed,
    /// It was stopped.
    Cancelled,
}

impl State {
    pub(super) fn has_ended(self) -> bool {
        match self {
            Self::Queued | Self::Running => false,
            Self::Done | Self::Failed | Self::Cancelled => true,
        }
    }
}

impl Jobs {
    /// None yet; without a workshop there never are any.
    pub(crate) fn new(
        workshop: Option<Box<dyn Workshop>>,
        clock: Clock,
        grew: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let process = format!("{:x}", clock.now().ticks());
        let (board, added, told) = (Mutex::default(), Condvar::new(), watch::Sender::new(0));
        Self { workshop, clock, grew: Box::new(grew), process, board, added, told }
    }

    /// Starts the thread that works, until [`Self::close`].
    pub(crate) fn start(self: &Arc<Self>) -> io::Result<JoinHandle<()>> {
        let jobs = Arc::clone(self);
        std::thread::Builder::new().name("ofrecord-jobs".to_owned()).spawn(move || jobs.work())
    }

    /// Takes no more orders, and cancels every job.
    pub(crate) fn close(&self) {
        let (mut board, now) = (self.board(), self.clock.now());
        let Board { jobs, is_closed, unfinished, .. } = &mut *board;
        *is_closed = true;
        for (number, job) in jobs.iter_mut().filter(|(_, job)| !job.state.has_ended()) {
            unfinished.insert(*number);
            job.cancel(now);
        }
        drop(board);
        self.changed();
    }

    /// The jobs that came to nothing because it was closed, by kind and id.
    pub(crate) fn stopped(&self) -> Vec<String> {
        let board = self.board();
        let jobs = board.unfinished.iter().filter_map(|number| board.jobs.get(number));
        let stopped = jobs.filter(|job| job.state == State::Cancelled);
        stopped.map(|job| format!("{} {}", job.order.task.kind().word(), job.id)).collect()
    }

    /// Refuses what would not be done here, or not now.
    pub(super) fn has_room(&self) -> Result<(), Problem> {
        self.workshop()?;
        self.board().has_room()
    }

    /// Puts an order at the end of the queue.
    pub(super) fn order(&self, order: Order) -> Result<Job, Problem> {
        if let Some(why) = self.workshop()?.hindrance(&order.task) {
            return Err(Problem::not_here("job_not_possible", &why));
        }
        let mut board = self.board();
        board.has_room()?;
        board.ordered += 1;
        let (number, id) = (board.ordered, format!("{}-{}", self.process, board.ordered));
        let job = Job {
            underway: Arc::new(Underway::new(id.clone(), self.told.clone())),
            id,
            order,
            state: State::Queued,
            ordered_at: self.clock.now(),
            started_at: None,
            ended_at: None,
            outcome: None,
        };
        board.jobs.insert(number, job.clone());
        drop(board);
        self.changed();
        Ok(job)
    }

    /// Every job that is remembered, the newest first.
    pub(super) fn all(&self) -> Vec<Job> {
        self.board().jobs.values().rev().cloned().collect()
    }

    /// A job.
    pub(super) fn one(&self, id: &str) -> Result<Job, Problem> {
        self.board().of(id).cloned()
    }

    /// Lets a change happen to a job, and gives it as it is then.
    pub(super) fn change<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Job, Timestamp) -> Result<T, Problem>,
    ) -> Result<Job, Problem> {
        let mut board = self.board();
        let job = board.of(id)?;
        change(job, self.clock.now())?;
        let job = job.clone();
        drop(board);
        self.changed();
        Ok(job)
    }

    /// How many jobs wait, run and have ended.
    pub(crate) fn counts(&self) -> [(&'static str, u64); 3] {
        let board = self.board();
        let count = |fits: fn(State) -> bool| board.jobs.values().filter(|job| fits(job.state)).count() as u64;
        [
            ("queued", count(|state| state == State::Queued)),
            ("running", count(|state| state == State::Running)),
            ("ended", count(State::has_ended)),
        ]
    }

    /// Hears of each change of a job, and of the progress of the one that is worked on.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    fn work(&self) {
        while let Some((order, underway)) = self.next() {
            let Some(workshop) = &self.workshop else { return };
            // A panic ends its job and no other.
            let worked = catch_unwind(AssertUnwindSafe(|| workshop.work(&order, &underway)));
            let broke = |_| JobError::Failed { problem: "the work ended by a panic".to_owned(), hint: None };
            (self.grew)();
            self.end(underway.id(), worked.map_err(broke).and_then(|outcome| outcome));
        }
    }

    /// The next order, once there is one; none once the queue is closed.
    fn next(&self) -> Option<(Order, Arc<Underway>)> {
        let waits = |board: &mut Board| !board.is_closed && board.next().is_none();
        let waited = self.added.wait_while(self.board(), waits);
        let mut board = waited.unwrap_or_else(PoisonError::into_inner);
        if board.is_closed {
            return None;
        }
        let job = board.next()?;
        (job.state, job.started_at) = (State::Running, Some(self.clock.now()));
        let next = (job.order.clone(), Arc::clone(&job.underway));
        drop(board);
        self.changed();
        Some(next)
    }

    fn end(&self, id: &str, outcome: Result<JobResult, JobError>) {
        let ended = self.change(id, |job, now| {
            let state = match &outcome {
                Ok(_) => State::Done,
                Err(JobError::Stopped) => State::Cancelled,
                Err(JobError::Failed { problem, .. }) => {
                    tracing::warn!(id = job.id, problem, "a job failed");
                    State::Failed
                }
            };
            (job.state, job.ended_at, job.outcome) = (state, Some(now), Some(outcome));
            job.order.task.clear();
            Ok(())
        });
        // Only ended jobs are forgotten, so it is still there.
        drop(ended);
        self.board().forget();
    }

    fn workshop(&self) -> Result<&dyn Workshop, Problem> {
        let none = || Problem::not_here("no_jobs", "this server does no jobs");
        self.workshop.as_deref().ok_or_else(none)
    }

    fn changed(&self) {
        self.added.notify_all();
        self.told.send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    fn of(&mut self, id: &str) -> Result<&mut Job, Problem> {
        let found = self.jobs.values_mut().find(|job| job.id == id);
        found.ok_or_else(|| Problem::not_found("there is no such job; they are forgotten when the server stops"))
    }

    fn has_room(&self) -> Result<(), Problem> {
        if self.is_closed {
            return Err(stopping());
        }
        let waiting = self.jobs.values().filter(|job| job.state == State::Queued).count();
        if waiting >= WAITING_MAX {
            return Err(Problem::unavailable("too_many_jobs", "as many jobs wait already as may", None));
        }
        Ok(())
    }

    fn next(&mut self) -> Option<&mut Job> {
        self.jobs.values_mut().find(|job| job.state == State::Queued)
    }

    /// Forgets the oldest of those that have ended.
    fn forget(&mut self) {
        let ended: Vec<u64> =
            self.jobs.iter().filter(|(_, job)| job.state.has_ended()).map(|(number, _)| *number).collect();
        for number in ended.iter().take(ended.len().saturating_sub(ENDED_KEPT)) {
            self.jobs.remove(number);
        }
    }
}

impl Job {
    /// Stops it: at once where it waits, at the next safe place where it is worked on.
    pub(super) fn cancel(&mut self, now: Timestamp) {
        if self.state == State::Queued {
            (self.state, self.ended_at, self.outcome) = (State::Cancelled, Some(now), Some(Err(JobError::Stopped)));
            self.order.task.clear();
        } else {
            self.underway.cancel();
        }
    }
}
