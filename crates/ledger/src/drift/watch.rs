//! The comparison on a thread of its own, while the ledger is in use.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ofrecord_log::LogReader;

use super::{DriftError, DriftReport, sweep_into};
use crate::clock::Clock;
use crate::progress::Progress;
use crate::rounds::Reading;
use crate::stored_views::StoredViews;

/// The longest rest between two stretches of work.
const REST_MAX: Duration = Duration::from_millis(50);
/// The rest between two sweeps.
const SWEEP_REST: Duration = Duration::from_secs(600);

/// Works at no more than half of the time.
const AT_EASE: u8 = 0;
/// Finishes the sweep under way without rests, and begins no other.
const FINISHING: u8 = 1;
/// Stops at once.
const STOPPING: u8 = 2;

/// How a comparison in the background is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Once the sweep under way has come to its end.
    AfterSweep,
    /// At once.
    AtOnce,
}

/// What a comparison in the background came to.
#[derive(Debug, Default)]
pub struct Watched {
    /// Sweeps that came to their end.
    pub sweeps: u64,
    /// The last report; that of a sweep which did not come to its end only where it found something.
    pub report: Option<DriftReport>,
    /// Why it ended, where it could not go on.
    pub failure: Option<DriftError>,
}

impl Watched {
    /// How many rows drifted by the last report.
    #[must_use]
    pub fn drifted(&self) -> u64 {
        self.report.as_ref().map_or(0, |report| report.drifted)
    }
}

/// The thread, stopped and joined when dropped.
#[derive(Debug)]
pub(crate) struct DriftWatch {
    pace: Arc<AtomicU8>,
    thread: Option<JoinHandle<Watched>>,
}

impl DriftWatch {
    pub(crate) fn start(log: Arc<dyn LogReader>, views: Arc<StoredViews>, clock: Clock) -> std::io::Result<Self> {
        let pace = Arc::new(AtomicU8::new(AT_EASE));
        let paced = Paced { pace: Arc::clone(&pace), begun: Mutex::new(Instant::now()) };
        let watch = move || watch(log.as_ref(), &views, &clock, &paced);
        let thread = std::thread::Builder::new().name("ofrecord-drift".to_owned()).spawn(watch)?;
        Ok(Self { pace, thread: Some(thread) })
    }

    /// Ends it, and gives what it came to; none when it ended by a panic.
    pub(crate) fn end(&mut self, ending: Ending) -> Option<Watched> {
        let pace = match ending {
            Ending::AfterSweep => FINISHING,
            Ending::AtOnce => STOPPING,
        };
        self.pace.store(pace, Ordering::Release);
        let thread = self.thread.take()?;
        thread.thread().unpark();
        thread.join().ok()
    }
}

impl Drop for DriftWatch {
    fn drop(&mut self) {
        drop(self.end(Ending::AtOnce));
    }
}

/// Sweeps, and again when rows were written since; what drifted is told at once and watched no further.
fn watch(log: &dyn LogReader, views: &StoredViews, clock: &Clock, paced: &Paced) -> Watched {
    let mut watched = Watched::default();
    loop {
        let mut found = None;
        let swept = sweep_into(&mut found, log, Reading::Alone, views, clock, paced);
        let drifted = found.as_ref().is_some_and(|report| report.drifted > 0);
        match swept {
            Ok(()) => {
                watched.sweeps += 1;
                watched.report = found;
            }
            Err(error) => {
                watched.report = if drifted { found } else { watched.report };
                watched.failure = Some(error).filter(|error| !matches!(error, DriftError::Stopped));
                return watched;
            }
        }
        if drifted {
            tracing::error!("stored views are not what the entries say; `rebuild` makes them anew");
            return watched;
        }
        let through = watched.report.as_ref().map_or(0, |report| report.through);
        if !paced.rest_until(|| views.live().is_ok_and(|live| live.checkpoint() > through)) {
            return watched;
        }
    }
}

/// Rests as long as it worked, so that the writer has the other half.
struct Paced {
    pace: Arc<AtomicU8>,
    /// When the present stretch of work began; held for one look.
    begun: Mutex<Instant>,
}

impl Paced {
    fn pace(&self) -> u8 {
        self.pace.load(Ordering::Acquire)
    }

    /// Waits for the next sweep to be due; says whether there is to be one.
    fn rest_until(&self, is_due: impl Fn() -> bool) -> bool {
        let ended = Instant::now();
        while self.pace() == AT_EASE {
            if ended.elapsed() >= SWEEP_REST && is_due() {
                return true;
            }
            std::thread::park_timeout(SWEEP_REST);
        }
        false
    }
}

impl Progress for Paced {
    fn advance(&self, _stage: &'static str, _done: u64, _total: u64) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if self.pace() == AT_EASE {
            std::thread::park_timeout(begun.elapsed().min(REST_MAX));
        }
        *begun = Instant::now();
    }

    fn cancelled(&self) -> bool {
        self.pace() == STOPPING
    }
}
