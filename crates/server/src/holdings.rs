//! What the program keeps beside the log and the server knows nothing of by itself: checkpoints that were signed, the
//! generations of the stored rows, and backups.

use ofrecord_core::Timestamp;
use ofrecord_log::Manifest;

/// What the program keeps beside the log. Asking may read files, and changes nothing.
pub trait Holdings: Send + Sync {
    /// The newest checkpoint that is kept; none where none was signed yet.
    ///
    /// # Errors
    /// Why that cannot be told, as a sentence.
    fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, String>;

    /// The generations of the stored rows, ascending.
    ///
    /// # Errors
    /// Why that cannot be told, as a sentence.
    fn generations(&self) -> Result<Vec<Generation>, String>;

    /// What is in the folder of backups; none where the program was given none.
    ///
    /// # Errors
    /// Why that cannot be told, as a sentence.
    fn backup(&self) -> Result<Option<BackupStanding>, String>;
}

/// A checkpoint that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// The signed note (C2SP tlog-checkpoint).
    pub note: String,
    /// When it was signed, where that is known: a note does not say it.
    pub signed_at: Option<Timestamp>,
}

/// A generation of the stored rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its number.
    pub number: u64,
    /// What it is for.
    pub standing: GenerationStanding,
    /// The version of the fold that wrote it, of the one that is open.
    pub fold_version: Option<String>,
    /// Entries below this position are in its rows, of the one that is open.
    pub through: Option<u64>,
}

/// What a generation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenerationStanding {
    /// Answers come from it.
    Answers,
    /// Answers come from it from the next start on.
    AnswersNext,
    /// Nothing comes from it: it is an older one, or one that was not finished.
    Beside,
}

/// What is in a folder of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupStanding {
    /// The folder.
    pub folder: String,
    /// What the backup in it holds, where there is one.
    pub manifest: Option<Manifest>,
    /// The drills whose certificates are in it, the newest first.
    pub drills: Vec<Drill>,
}

/// A drill that tried to restore a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// When.
    pub at: Timestamp,
    /// Whether nothing was wrong.
    pub is_sound: bool,
    /// How many entries were restored.
    pub size: Option<u64>,
    /// What was wrong, each as a sentence.
    pub problems: Vec<String>,
}
