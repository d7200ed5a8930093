//! How long work tells how far it is.

/// Told how far long work has come; called often, so it must be cheap.
pub trait Progress: Sync {
    /// `done` of `total` units of `stage` are finished.
    fn advance(&self, stage: &'static str, done: u64, total: u64);

    /// Whether the work should stop at the next safe place.
    fn cancelled(&self) -> bool {
        false
    }
}

impl Progress for () {
    fn advance(&self, _stage: &'static str, _done: u64, _total: u64) {}
}
