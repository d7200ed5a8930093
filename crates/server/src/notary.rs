//! Checkpoints of the log, signed when they are asked for, and not more often than the log can be followed by.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::problem::Problem;

/// Signs the head of the log, and gives its size and the note; or says why not. It may block.
pub type Sign = Box<dyn Fn() -> Result<(u64, String), String> + Send + Sync>;

/// A checkpoint is given again for this time, though the log has grown.
const PAUSE: Duration = Duration::from_secs(1);

/// What signs checkpoints.
pub(crate) struct Notary {
    sign: Option<Sign>,
    /// The newest; held while one is signed, so that nobody signs the same head twice.
    newest: Mutex<Option<Newest>>,
}

struct Newest {
    size: u64,
    note: String,
    signed: Instant,
}

impl Notary {
    pub(crate) fn new(sign: Option<Sign>) -> Self {
        Self { sign, newest: Mutex::new(None) }
    }

    /// A checkpoint of a log of this size, or of a size that it had a moment ago.
    pub(crate) fn checkpoint(&self, size: u64, now: Instant) -> Result<String, Problem> {
        let none =
            || Problem::not_found("there are no keys to sign a checkpoint with; `ofrecord key create` makes one");
        let sign = self.sign.as_ref().ok_or_else(none)?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |newest: &&Newest| newest.size == size || now.duration_since(newest.signed) < PAUSE;
        if let Some(newest) = newest.as_ref().filter(is_new) {
            return Ok(newest.note.clone());
        }
        let (size, note) = sign().map_err(|error| Problem::internal("sign a checkpoint", &error))?;
        *newest = Some(Newest { size, note: note.clone(), signed: now });
        Ok(note)
    }
}

#[cfg(test)]
mod tests;
