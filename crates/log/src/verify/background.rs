//! Verification on a thread of its own, while the log is in use.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::look::{Commands, Depth};
use super::{Along, Ended, Finding, LogChecker, Looking, Problem, Start, VerifyReport};
use crate::contain::contain;
use crate::directory::Directory;
use crate::event_log::Degraded;
use crate::segment::SEGMENT_ENTRIES;
use crate::sled_log::Shared;

/// The longest rest between two stretches of work.
const REST_MAX: Duration = Duration::from_millis(50);

/// The thread, stopped and joined when dropped, so that the log can be closed cleanly at any time.
#[derive(Debug)]
pub(crate) struct BackgroundCheck {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Option<VerifyReport>>>,
}

impl BackgroundCheck {
    pub(crate) fn start(shared: Arc<Shared>) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = Arc::clone(&stop);
        // Taken here, because the log may have grown before the thread gets to it.
        let start = LogChecker::new(Arc::clone(&shared)).start();
        let thread = std::thread::Builder::new()
            .name("ofrecord-log-check".to_owned())
            .spawn(move || check(&shared, &start, &stops))?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Waits for its end; `None` when it did not come to one.
    pub(crate) fn wait(&mut self) -> Option<VerifyReport> {
        self.thread.take()?.join().ok().flatten()
    }
}

impl Drop for BackgroundCheck {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
        // What it found is in the health of the log.
        drop(self.wait());
    }
}

/// Runs the walk at no more than half of the time, so that the writer has the other half.
fn check(shared: &Arc<Shared>, start: &Start, stop: &AtomicBool) -> Option<VerifyReport> {
    let mut begun = Instant::now();
    let mut rest = |_| {
        std::thread::park_timeout(begun.elapsed().min(REST_MAX));
        begun = Instant::now();
    };
    let directory = shared.directory();
    // The log must not take entries on top of damage until a long walk has come to its end.
    let mut at_once = |problem: &Problem| {
        if let Some(reason) = damage(problem, directory) {
            shared.degrade(reason);
        }
    };
    let checker = LogChecker::new(Arc::clone(shared));
    let look = (Looking::Alone, Depth::Whole(Commands::Each));
    match contain(|| checker.walk(start, look, &mut Along::nothing(), stop, &mut rest, &mut at_once)) {
        Ok((report, ended)) => {
            for problem in &report.problems {
                shared.note(problem.path.clone(), problem.without_path());
            }
            (ended == Ended::Whole).then_some(report)
        }
        Err(cause) => {
            shared.note(directory.root().to_owned(), format!("the verification in the background ended: {cause}"));
            None
        }
    }
}

/// The reason not to write, where a copy of the entries or what vouches for them is damaged.
///
/// An index that is wrong is built anew, one slot of the witness is enough, and an entry that says
/// something wrong of itself is what was acknowledged as long as the root is: those are noted only.
fn damage(problem: &Problem, directory: &Directory) -> Option<Degraded> {
    let path = problem.path.clone();
    let position = problem.positions.as_ref().map_or(0, |positions| positions.start);
    let cause = problem.finding.to_string();
    match &problem.finding {
        Finding::Degraded(reason) => Some(reason.clone()),
        Finding::Root { size, .. } if path.starts_with(directory.segments()) => {
            Some(Degraded::Segment { path, first_position: size.saturating_sub(SEGMENT_ENTRIES), finding: cause })
        }
        Finding::Root { size, computed, recorded } => {
            Some(Degraded::RootMismatch { size: *size, log_root: *computed, witness_root: *recorded })
        }
        Finding::WitnessSlots { sound: 0 } => Some(Degraded::WitnessUnreadable { path }),
        Finding::Identity => Some(Degraded::Identity { path, finding: cause }),
        Finding::Unreadable { .. } if path == directory.identity() => Some(Degraded::Identity { path, finding: cause }),
        Finding::Unreadable { .. } if path == directory.index() => None,
        Finding::Unreadable { .. } if path.starts_with(directory.segments()) => {
            Some(Degraded::Segment { path, first_position: position - position % SEGMENT_ENTRIES, finding: cause })
        }
        Finding::Unreadable { .. } | Finding::Missing | Finding::CopiesDiffer | Finding::NotAnEntry { .. } => {
            Some(Degraded::Store { path, position, cause })
        }
        Finding::WitnessSlots { .. }
        | Finding::Index { .. }
        | Finding::Format { .. }
        | Finding::Position { .. }
        | Finding::TimeRunsBack { .. }
        | Finding::StreamChain { .. } => None,
    }
}
