//! What the program keeps beside the log of a served ledger, as its pages show it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ofrecord_ledger::signing::Signer;
use ofrecord_server::{Holdings, KeptCheckpoint};

use crate::custody;

/// Where things are kept.
pub(super) struct Kept {
    /// The folder of the ledger, with the checkpoints.
    pub(super) ledger: PathBuf,
    /// What signs, where there are keys.
    pub(super) signer: Option<Arc<Mutex<Signer>>>,
}

impl Holdings for Kept {
    fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, String> {
        let newest = custody::newest_checkpoint(&self.ledger).map_err(|failure| format!("could not {failure}"))?;
        let Some(newest) = newest else { return Ok(None) };
        let signed_at = self.signer.as_ref().and_then(|signer| {
            let signer = signer.lock().unwrap_or_else(PoisonError::into_inner);
            (signer.signed().size == newest.size).then(|| signer.signed_at())
        });
        Ok(Some(KeptCheckpoint { note: newest.note.to_string(), signed_at }))
    }
}
