//! How many requests a principal may make in a period, and how often an address may fail to sign in; more are told when
//! to come again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::Limits;
use crate::problem::Problem;

/// Principals whose periods are kept; beyond, those that are over make room, and where none is, one that is not.
const PRINCIPALS_MAX: usize = 10_000;

/// The requests of each principal in its present period.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<BTreeMap<String, Period>>);

#[derive(Debug, Clone, Copy)]
struct Period {
    began: Instant,
    requests: u64,
}

impl Pace {
    /// Counts a request of a principal; refused where it is one too many.
    pub(crate) fn count(&self, principal: &str, limits: &Limits, now: Instant) -> Result<(), Problem> {
        self.count_within(principal, limits.principal_requests, limits.principal_period, now)
    }

    /// Counts an attempt to sign in; refused where the address has failed too often. One that succeeds is taken back.
    pub(crate) fn count_attempt(&self, address: &str, limits: &Limits, now: Instant) -> Result<(), Problem> {
        self.count_within(address, limits.login_failures, limits.login_period, now)
    }

    /// Takes back what was counted last.
    pub(crate) fn take_back(&self, name: &str) {
        let mut periods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(period) = periods.get_mut(name) {
            period.requests = period.requests.saturating_sub(1);
        }
    }

    fn count_within(&self, name: &str, most: u64, time: Duration, now: Instant) -> Result<(), Problem> {
        let mut periods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if periods.len() >= PRINCIPALS_MAX {
            periods.retain(|_, period| now.duration_since(period.began) < time);
        }
        if periods.len() >= PRINCIPALS_MAX {
            periods.pop_first();
        }
        let period = periods.entry(name.to_owned()).or_insert(Period { began: now, requests: 0 });
        if now.duration_since(period.began) >= time {
            *period = Period { began: now, requests: 0 };
        }
        period.requests += 1;
        if period.requests <= most {
            return Ok(());
        }
        let rest = time.saturating_sub(now.duration_since(period.began));
        Err(Problem::too_many(rest.max(Duration::from_secs(1))))
    }
}

#[cfg(test)]
mod tests;
