//! How many requests a principal may make in a period; more are told when to come again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::Limits;
use crate::problem::Problem;

/// Principals whose periods are kept; beyond, those that are over make room.
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
        let mut periods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if periods.len() >= PRINCIPALS_MAX {
            periods.retain(|_, period| now.duration_since(period.began) < limits.principal_period);
        }
        let period = periods.entry(principal.to_owned()).or_insert(Period { began: now, requests: 0 });
        if now.duration_since(period.began) >= limits.principal_period {
            *period = Period { began: now, requests: 0 };
        }
        period.requests += 1;
        if period.requests <= limits.principal_requests {
            return Ok(());
        }
        let rest = limits.principal_period.saturating_sub(now.duration_since(period.began));
        Err(Problem::too_many(rest.max(Duration::from_secs(1))))
    }
}

#[cfg(test)]
mod tests;
