//! Signing while commands come in: at once when somebody waits for a proof, otherwise now and then.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use ofrecord_core::CheckpointKey;
use ofrecord_log::LogReader;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::SignedNote;

use super::{SignError, Signer, prove};
use crate::clock::Clock;

/// A log that grew is signed this long after, where nobody waits.
const INTERVAL: Duration = Duration::from_secs(1);
/// Entries after which it is signed in any case.
const ENTRIES_MAX: u64 = 4_096;
/// How often the log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A checkpoint with its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The size of the tree.
    pub size: u64,
    /// The note.
    pub note: SignedNote,
}

/// Signs checkpoints on a thread of its own. Dropping it signs what is not signed yet, and stops.
pub struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    log: Arc<dyn LogReader>,
    /// Held for a look, never while signing.
    desk: Mutex<Desk>,
    changed: Condvar,
}

#[derive(Default)]
struct Desk {
    latest: Option<Arc<Signed>>,
    /// Somebody waits for a checkpoint of at least this size.
    wanted: u64,
    /// Nothing is signed after a failure.
    failure: Option<SignError>,
    stopping: bool,
}

impl Checkpointer {
    /// Starts to sign with the keys that the log lets sign. `keep` gets each checkpoint before anybody else sees it.
    ///
    /// # Errors
    /// [`SignError::Stopped`] when no thread can be started.
    pub fn start(
        signer: Signer,
        log: Arc<dyn LogReader>,
        allowed: BTreeSet<CheckpointKey>,
        clock: Clock,
        keep: impl FnMut(&Signed) -> Result<(), SignError> + Send + 'static,
    ) -> Result<Self, SignError> {
        let shared = Arc::new(Shared { log, desk: Mutex::default(), changed: Condvar::new() });
        let work = {
            let shared = Arc::clone(&shared);
            let mut pen = Pen { signer, allowed, clock, keep };
            move || shared.serve(&mut |log| pen.sign(log))
        };
        let thread = std::thread::Builder::new().name("ofrecord-signer".to_owned()).spawn(work);
        Ok(Self { shared, thread: Some(thread.map_err(|_| SignError::Stopped)?) })
    }

    /// Waits for a checkpoint that covers an acknowledged entry.
    ///
    /// # Errors
    /// Why signing failed, or [`SignError::Stopped`].
    pub fn covering(&self, position: u64) -> Result<Arc<Signed>, SignError> {
        let mut desk = self.shared.desk();
        desk.wanted = desk.wanted.max(position.saturating_add(1));
        self.shared.changed.notify_all();
        loop {
            if let Some(signed) = desk.latest.as_ref().filter(|signed| signed.size > position) {
                return Ok(Arc::clone(signed));
            }
            if let Some(failure) = &desk.failure {
                return Err(failure.clone());
            }
            if desk.stopping {
                return Err(SignError::Stopped);
            }
            desk = self.shared.changed.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The proof that an acknowledged entry is in the log, once a checkpoint covers it.
    ///
    /// # Errors
    /// As for [`Checkpointer::covering`], and what reading the log gives.
    pub fn prove(&self, position: u64) -> Result<InclusionProof, SignError> {
        let signed = self.covering(position)?;
        prove(self.shared.log.as_ref(), position, &signed)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.shared.desk().stopping = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the signer ended by a panic; the newest checkpoint does not cover everything");
        }
    }
}

impl std::fmt::Debug for Checkpointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkpointer").field("origin", &self.shared.log.origin()).finish_non_exhaustive()
    }
}

struct Pen<Keep> {
    signer: Signer,
    allowed: BTreeSet<CheckpointKey>,
    clock: Clock,
    keep: Keep,
}

impl<Keep: FnMut(&Signed) -> Result<(), SignError>> Pen<Keep> {
    fn sign(&mut self, log: &dyn LogReader) -> Result<Signed, SignError> {
        let note = self.signer.sign(log, &self.allowed, self.clock.now())?;
        let signed = Signed { size: self.signer.signed().size, note };
        (self.keep)(&signed)?;
        Ok(signed)
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, sign: &mut dyn FnMut(&dyn LogReader) -> Result<Signed, SignError>) {
        let mut waited = Duration::ZERO;
        loop {
            let desk = self.desk();
            let signed = desk.latest.as_ref().map_or(0, |signed| signed.size);
            let size = self.log.tree_size();
            let due = desk.wanted > signed || desk.stopping || waited >= INTERVAL || size >= signed + ENTRIES_MAX;
            if size <= signed || !due {
                if desk.stopping {
                    return;
                }
                waited = if size > signed { waited + LOOK_EVERY } else { Duration::ZERO };
                drop(self.changed.wait_timeout(desk, LOOK_EVERY));
                continue;
            }
            drop(desk);
            waited = Duration::ZERO;
            let outcome = sign(self.log.as_ref());
            let mut desk = self.desk();
            match outcome {
                Ok(signed) => desk.latest = Some(Arc::new(signed)),
                Err(error) => {
                    tracing::error!(%error, "no more checkpoints are signed");
                    desk.failure = Some(error);
                }
            }
            self.changed.notify_all();
            if desk.failure.is_some() {
                return;
            }
        }
    }
}
