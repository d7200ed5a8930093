//! What the program keeps beside the log and the server knows nothing of by itself: checkpoints that were signed.

use ofrecord_core::Timestamp;

/// What the program keeps beside the log. Asking may read files, and changes nothing.
pub trait Holdings: Send + Sync {
    /// The newest checkpoint that is kept; none where none was signed yet.
    ///
    /// # Errors
    /// Why that cannot be told, as a sentence.
    fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, String>;
}

/// A checkpoint that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// The signed note (C2SP tlog-checkpoint).
    pub note: String,
    /// When it was signed, where that is known: a note does not say it.
    pub signed_at: Option<Timestamp>,
}
