//! Jobs: long work beside the writer, one at a time and on a thread of its own, so that neither commands nor questions
//! wait for it.
//!
//! Who orders one is answered at once, and asks later how far it is. The [`Workshop`] of the program does the work and
//! tells its progress; there, between two pieces of it, a job can be paused, resumed and cancelled. Jobs live as long
//! as the server does; files that came of them stay.

mod answers;
mod import;
mod newest;
mod order;
mod queue;
mod routes;
mod stream;
mod told;
mod underway;
mod uploads;

use std::path::PathBuf;
use std::sync::Arc;

pub(crate) use self::answers::{Asking, Change, ZIP, all, answer, changed, started};
pub use self::import::{Covered, Import};
pub use self::order::{JobKind, Order, Task};
pub(crate) use self::queue::Jobs;
pub(crate) use self::routes::ROUTES;
pub(crate) use self::told::{JobState, Told};
pub use self::underway::{Tally, Underway};
pub use self::uploads::Upload;
pub(crate) use self::uploads::Uploads;

use crate::shared::Shared;

/// Longest body of an order.
const ORDER_BYTES_MAX: usize = 16 * 1024;

/// Tells who waits that the log may hold more, for as long as jobs go on: some record.
pub(crate) async fn tell_growth(shared: Arc<Shared>) {
    let mut changes = shared.jobs.changes();
    while changes.changed().await.is_ok() {
        shared.tell_growth();
    }
}

/// What does jobs: the program, which has the log, the keys and the folders at hand.
pub trait Workshop: Send + Sync {
    /// Why a task cannot even be begun here, such as that there are no keys; none where it can.
    fn hindrance(&self, task: &Task) -> Option<String>;

    /// Does what was ordered, on the calling thread. It must tell its progress to `underway` often, and stop where
    /// that says so.
    ///
    /// # Errors
    /// [`JobError`].
    fn work(&self, order: &Order, underway: &Arc<Underway>) -> Result<JobResult, JobError>;
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobResult {
    /// What was done and found, as the command of the same name prints it.
    pub report: serde_json::Value,
    /// Whether a check found something.
    pub verdict: JobVerdict,
    /// The file that was made, where one was.
    pub file: Option<PathBuf>,
}

/// Whether a check found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobVerdict {
    /// It found nothing, or nothing was checked.
    Sound,
    /// It found something.
    Found,
}

/// Why nothing came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// It was stopped, as it was asked to.
    Stopped,
    /// The machine failed, or what was ordered cannot be had.
    Failed {
        /// What could not be done, as a sentence.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
}
