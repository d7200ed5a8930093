//! How each webhook stands: how far it has come, what was taken, and since when it fails.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ofrecord_core::Timestamp;

/// How the webhooks of a server stand.
#[derive(Debug, Default)]
pub(crate) struct Standings(Mutex<BTreeMap<String, Standing>>);

/// How one stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The entry that is read next.
    pub(crate) next: u64,
    /// Events that were taken since the server was started.
    pub(crate) taken: u64,
    /// Failures in a row.
    pub(crate) failures: u64,
    /// Since when it fails, and what came of the last attempt.
    pub(crate) failing: Option<(Timestamp, String)>,
}

impl Standings {
    pub(super) fn add(&self, name: &str) {
        self.all().entry(name.to_owned()).or_default();
    }

    pub(super) fn reached(&self, name: &str, next: u64) {
        self.change(name, |standing| standing.next = next);
    }

    pub(super) fn taken(&self, name: &str) {
        self.change(name, |standing| {
            standing.taken += 1;
            (standing.failures, standing.failing) = (0, None);
        });
    }

    /// There is nothing that it has not taken.
    pub(super) fn recovered(&self, name: &str) {
        self.change(name, |standing| (standing.failures, standing.failing) = (0, None));
    }

    /// Notes a failure, and gives how many there were in a row.
    pub(super) fn failed(&self, name: &str, problem: &str, now: Timestamp) -> u64 {
        let mut failures = 0;
        self.change(name, |standing| {
            standing.failures += 1;
            failures = standing.failures;
            let since = standing.failing.as_ref().map_or(now, |(since, _)| *since);
            standing.failing = Some((since, problem.to_owned()));
        });
        failures
    }

    /// Each webhook by its name.
    pub(crate) fn told(&self) -> Vec<(String, Standing)> {
        self.all().iter().map(|(name, standing)| (name.clone(), standing.clone())).collect()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Standing)) {
        if let Some(standing) = self.all().get_mut(name) {
            change(standing);
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
