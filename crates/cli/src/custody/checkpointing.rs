//! Signing while commands come in: every receipt that waits is proven, and now and then a checkpoint is kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ofrecord_core::{Actor, ActorKind};
use ofrecord_ledger::signing::{Checkpointer, ProvenReceipt, SignError, Signed, Signer, Unproven};
use ofrecord_ledger::{Ledger, Receipt};

use super::kept::keep;
use super::{custody, name_first_key};
use crate::failure::Failure;

/// How far apart the checkpoints are that are kept, but for the last. Receipts carry their own.
const KEPT_EVERY: Duration = Duration::from_secs(1);

/// Signs on a thread of its own until it is ended.
pub(crate) struct Checkpointing {
    checkpointer: Checkpointer,
    shelf: Arc<Mutex<Shelf>>,
}

/// What is kept, and what will be at the end.
struct Shelf {
    ledger: PathBuf,
    kept_at: Option<Instant>,
    last: Option<Signed>,
}

impl Checkpointing {
    /// Starts to sign for a ledger in a folder, once the log names a key.
    pub(crate) fn start(signer: Signer, ledger: &Ledger, folder: &Path) -> Result<Self, Failure> {
        name_first_key(ledger, &signer, &Actor::new(ActorKind::System))?;
        let reader = ledger.reader();
        let allowed = custody(&reader)?.signing_keys().cloned().collect();
        let shelf = Arc::new(Mutex::new(Shelf { ledger: folder.to_owned(), kept_at: None, last: None }));
        let put = {
            let shelf = Arc::clone(&shelf);
            move |signed: &Signed| locked(&shelf).put(signed)
        };
        let log = Arc::clone(reader.log());
        let checkpointer = Checkpointer::start(signer, log, allowed, ledger.clock().clone(), put)?;
        Ok(Self { checkpointer, shelf })
    }

    /// The receipt with its proof.
    pub(crate) fn proven(&self, receipt: Receipt) -> Result<ProvenReceipt, Box<Unproven>> {
        self.checkpointer.proven(receipt)
    }

    /// Signs what is not signed yet, and keeps the last checkpoint.
    pub(crate) fn end(self) -> Result<(), SignError> {
        let Self { checkpointer, shelf } = self;
        drop(checkpointer);
        let shelf = locked(&shelf);
        shelf.last.as_ref().map_or(Ok(()), |last| keep(&shelf.ledger, last))
    }
}

/// Held while one file is written; only the signer's thread and the end ask for it.
fn locked(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    fn put(&mut self, signed: &Signed) -> Result<(), SignError> {
        if self.kept_at.is_some_and(|at| at.elapsed() < KEPT_EVERY) {
            self.last = Some(signed.clone());
            return Ok(());
        }
        keep(&self.ledger, signed)?;
        (self.kept_at, self.last) = (Some(Instant::now()), None);
        Ok(())
    }
}
