//! What others read along with a verification, of bytes that it has compared and hashed.

use std::sync::atomic::AtomicBool;

use super::{Ended, LogChecker, Start, VerifyReport};
use crate::entry::EnvelopeRef;
use crate::event_log::Head;
use crate::sled_log::OnProgress;

/// Reads an entry on any core: its position, its bytes, and its envelope where they have one.
pub type ReadAlong<'a, T> = dyn Fn(u64, &[u8], Option<&EnvelopeRef<'_>>) -> T + Sync + 'a;

/// Takes what was read of an entry, with its position.
pub type TakeAlong<'a, T> = dyn FnMut(u64, T) + 'a;

/// What is read along with a verification, of bytes that it has compared and hashed.
///
/// Where its report is sound, every entry below its head was read and taken once, in the order of the log, and readers
/// of the log are given the same bytes; where it is not, nothing can be said of what was taken.
pub struct Along<'a, T> {
    /// Reads an entry.
    pub read: &'a ReadAlong<'a, T>,
    /// Takes what was read.
    pub take: Box<TakeAlong<'a, T>>,
}

impl Along<'static, ()> {
    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self { read: &|_, _, _| (), take: Box::new(|_, ()| {}) }
    }
}

/// A verification whose head stands, and that has read nothing yet.
#[derive(Debug)]
pub struct Verification {
    pub(super) checker: LogChecker,
    pub(super) start: Start,
}

impl Verification {
    /// The head of the log when it began.
    #[must_use]
    pub fn head(&self) -> Head {
        self.start.head
    }

    /// Everything that [`LogChecker::verify`] checks, with `along`; given up as soon as `stop` is set: then there is
    /// no report.
    pub fn run_along<T: Send>(
        &self,
        along: &mut Along<'_, T>,
        stop: &AtomicBool,
        progress: &mut OnProgress<'_>,
    ) -> Option<VerifyReport> {
        let (report, ended) = self.checker.verified(&self.start, along, stop, progress);
        (ended == Ended::Whole).then_some(report)
    }
}
