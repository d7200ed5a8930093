//! The ledger's clock: the machine's, or one that a test sets.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use ofrecord_core::Timestamp;

/// Where recorded instants come from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    Machine,
    /// A clock that stands where it was set.
    Set(SetClock),
    /// A clock that reads the next instant of a script at each decision, for generated histories.
    Script(ScriptClock),
}

/// Instants to be read one by one; the lock is held for one push or pop.
#[derive(Debug, Clone, Default)]
pub struct ScriptClock(Arc<Mutex<VecDeque<Timestamp>>>);

impl ScriptClock {
    /// Adds the instant of the next command that will be submitted.
    pub fn push(&self, instant: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(instant);
    }

    fn next(&self) -> Timestamp {
        let mut script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A script that has run out stands still: recorded instants do not decrease anyway.
        script.pop_front().unwrap_or(Timestamp::MIN)
    }
}

/// A clock that stands still until it is set again.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<AtomicU64>);

impl SetClock {
    /// A clock standing at an instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        Self(Arc::new(AtomicU64::new(instant.ticks())))
    }

    /// Moves the clock.
    pub fn set(&self, instant: Timestamp) {
        self.0.store(instant.ticks(), Ordering::SeqCst);
    }
}

impl Clock {
    /// The present instant, in 100 ns. Read once for each command taken up by the writer.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Machine => {
                let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
                Timestamp::from_unix(seconds, since.subsec_nanos()).unwrap_or(Timestamp::MAX)
            }
            Self::Script(clock) => clock.next(),
            Self::Set(clock) => Timestamp::from_ticks(clock.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX),
        }
    }
}
