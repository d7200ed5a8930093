//! How far what is derived from the log lay behind it, looked at every ten seconds while the server runs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ofrecord_core::Timestamp;
use tokio::time::{MissedTickBehavior, interval};

use crate::shared::Shared;

/// How far apart the looks are.
const EVERY: Duration = Duration::from_secs(10);
/// How many looks are kept: an hour of them.
const KEPT: usize = 360;

/// How far behind things were at an instant, in entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lag {
    /// When that was looked at.
    pub(crate) at: Timestamp,
    /// Entries that are in no stored row yet; none where there are no stored rows that can be used.
    pub(crate) rows: Option<u64>,
    /// Entries that were not verified yet.
    pub(crate) verified: u64,
}

/// The looks of the last hour, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lags(Mutex<VecDeque<Lag>>);

impl Lags {
    /// Keeps a look.
    fn keep(&self, lag: Lag) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(lag);
    }

    /// What was kept, and how it is now.
    pub(crate) fn up_to(&self, now: Lag) -> Vec<Lag> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().copied().chain([now]).collect()
    }
}

/// How far behind things are.
pub(crate) fn lag(shared: &Shared) -> Lag {
    let size = shared.reader.log().tree_size();
    // Rows that cannot be read are told of where the ledger is verified; here they are none.
    let rows = shared.reader.rows_through();
    Lag {
        at: shared.ledger.clock().now(),
        rows: rows.map(|through| size.saturating_sub(through)),
        verified: size.saturating_sub(shared.ledger.verified().log),
    }
}

/// Looks until the server stops.
pub(crate) fn start(shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shared.stop.asked() => return,
                _ = ticks.tick() => shared.lags.keep(lag(&shared)),
            }
        }
    });
}

#[cfg(test)]
mod tests;
