//! The words of the page of operations.

/// Its title.
pub(in crate::console) const TITLE: &str = "Operations";
/// What kind of page it is.
pub(in crate::console) const KIND: &str = "Console";
/// The log.
pub(in crate::console) const STATE: &str = "The log";
/// The caption of that.
pub(in crate::console) const STATE_CAPTION: &str = "How the log is, by positions";
/// Nothing to note.
pub(in crate::console) const NO_NOTE: &str = "Nothing was stumbled over since the ledger was opened.";
/// As JSON.
pub(in crate::console) const AS_JSON: &str = "The status as JSON";
/// As numbers.
pub(in crate::console) const NUMBERS: &str = "Numbers for Prometheus";
/// The jobs.
pub(in crate::console) const JOBS: &str = "Jobs";
/// The webhooks.
pub(in crate::console) const WEBHOOKS: &str = "Webhooks";
/// The caption of them.
pub(in crate::console) const WEBHOOKS_CAPTION: &str = "Receivers that events are sent to";
/// The stored rows.
pub(in crate::console) const ROWS: &str = "Stored rows";
/// The caption of that.
pub(in crate::console) const ROWS_CAPTION: &str = "The stored rows, and their comparison with the entries";
/// No comparison.
pub(in crate::console) const NOT_COMPARED: &str =
    "none that still holds; a server that was started with --watch-drift compares them in the background";
/// The generations of the stored rows.
pub(in crate::console) const GENERATIONS: &str = "Generations of the stored rows";
/// The caption of them.
pub(in crate::console) const GENERATIONS_CAPTION: &str = "Generations in the folder of the ledger";
/// There is none.
pub(in crate::console) const NO_GENERATION: &str = "There is none: answers are taken from the log.";
/// What is kept is not known.
pub(in crate::console) const NOT_TOLD: &str = "This server was not told where that is kept.";
/// Answers come from it.
pub(in crate::console) const ANSWERS: &str = "answers come from it";
/// Answers will come from it.
pub(in crate::console) const ANSWERS_NEXT: &str = "rebuilt; answers come from it from the next start on";
/// Nothing comes from it.
pub(in crate::console) const KEPT_BESIDE: &str = "kept beside, or not finished; not opened here";
/// What differs between two.
pub(in crate::console) const DIFFERENCE: &str = "What the newest rebuild found";
/// The caption of that.
pub(in crate::console) const DIFFERENCE_CAPTION: &str = "The first rows that differed from the generation before";
/// No rebuild.
pub(in crate::console) const NO_REBUILD: &str = "None came to its end since the server was started. A rebuild makes \
    a new generation of the entries and compares it with the present one, row by row.";
/// The backup.
pub(in crate::console) const BACKUP: &str = "Backup";
/// The caption of it.
pub(in crate::console) const BACKUP_CAPTION: &str = "The backup, as its manifest states it";
/// No folder.
pub(in crate::console) const NO_BACKUPS: &str = "This server was given no folder of backups, so that it knows of \
    none; there may be some elsewhere. ofrecord serve --backups names one.";
/// Nothing in the folder.
pub(in crate::console) const NO_BACKUP_YET: &str =
    "There is no backup in the folder yet; the job of that name takes one.";
/// The root fits.
pub(in crate::console) const BACKUP_OF_THIS_LOG: &str = "It is the root of this log at that size.";
/// The root does not fit.
pub(in crate::console) const BACKUP_OF_ANOTHER: &str = "It is not the root of this log at that size.";
/// What was looked at.
pub(in crate::console) const MANIFEST_ALONE: &str = "Only the manifest was read for this page. ofrecord backup \
    --verify reads every file of it, and ofrecord restore --drill makes a ledger of it aside.";
/// Drills.
pub(in crate::console) const DRILLS_CAPTION: &str = "Drills that tried to restore it, the newest first";
/// There is none.
pub(in crate::console) const NO_DRILL: &str = "No drill left its certificate in the folder.";
/// A drill found nothing.
pub(in crate::console) const SOUND: &str = "sound";
/// A drill found something.
pub(in crate::console) const UNSOUND: &str = "something was wrong";
/// Who approved is not in the entry.
pub(in crate::console) const APPROVER_NOT_NAMED: &str = "not named in the entry";
/// There are more.
pub(in crate::console) const LEFT_OUT: &str = "older ones are left out.";
/// Holds.
pub(in crate::console) const HOLDS: &str = "Holds";
/// The caption of them.
pub(in crate::console) const HOLDS_CAPTION: &str = "Every hold that was placed";
/// There is none.
pub(in crate::console) const NO_HOLD: &str = "No hold was ever placed.";
/// Erasures.
pub(in crate::console) const ERASURES: &str = "Erasures and redactions";
/// The caption of them.
pub(in crate::console) const ERASURES_CAPTION: &str = "What was taken away, and by which entry";
/// There is none.
pub(in crate::console) const NO_ERASURE: &str = "Nothing was erased or redacted.";
/// Custody.
pub(in crate::console) const CUSTODY: &str = "Custody";
/// Keys.
pub(in crate::console) const KEYS: &str = "Keys that sign checkpoints";
/// There is none.
pub(in crate::console) const NO_KEY: &str = "No key was named that signs checkpoints.";
/// What is done elsewhere.
pub(in crate::console) const ELSEWHERE: &str = "Done by commands";
/// Why.
pub(in crate::console) const ELSEWHERE_WHY: &str = "A server neither starts these nor shows their progress. They \
    take the ledger for themselves, so they run while it is not served.";
/// The caption of them.
pub(in crate::console) const COMMANDS_CAPTION: &str = "What is done, and by which command";
/// The commands.
pub(in crate::console) const COMMANDS: &[(&str, &str)] = &[
    ("compare the stored rows with the entries", "ofrecord drift"),
    ("what another build would fold differently", "ofrecord impact"),
    ("try to restore a backup", "ofrecord restore --drill"),
    ("sign a checkpoint", "ofrecord checkpoint"),
    ("hold, erase, redact", "ofrecord hold, ofrecord erase, ofrecord redact"),
];
