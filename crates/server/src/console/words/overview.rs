//! The words of the overview.

/// Its title.
pub(in crate::console) const TITLE: &str = "Overview";
/// How much is recorded.
pub(in crate::console) const PACE: &str = "Recorded lately";
/// By minutes.
pub(in crate::console) const BY_MINUTE: &str = "Entries by minute";
/// The time of that.
pub(in crate::console) const IN_HOUR: &str = "in the last hour";
/// One of the spans of that.
pub(in crate::console) const IN_MINUTE: &str = "in one minute";
/// By hours.
pub(in crate::console) const BY_HOUR: &str = "Entries by hour";
/// The time of that.
pub(in crate::console) const IN_DAY: &str = "in the last 24 hours";
/// One of the spans of that.
pub(in crate::console) const IN_ONE_HOUR: &str = "in one hour";
/// The columns of both.
pub(in crate::console) const RECORDED_COLUMNS: [&str; 2] = ["from", "entries recorded"];
/// Nothing was.
pub(in crate::console) const NOTHING_RECORDED: &str = "Nothing was recorded";
/// The lag of the stored rows.
pub(in crate::console) const LAG: &str = "Entries in no stored row";
/// The columns of that.
pub(in crate::console) const LAG_COLUMNS: [&str; 2] = ["at", "entries in no stored row"];
/// What that means.
pub(in crate::console) const LAG_HINT: &str = "answers take these from the log.";
/// They lack nothing.
pub(in crate::console) const NO_LAG_OF_ROWS: &str = "Every entry is in the stored rows.";
/// There are no stored rows.
pub(in crate::console) const NO_ROWS: &str = "There are no stored rows: answers are taken from the log.";
/// Nothing is left to verify.
pub(in crate::console) const NO_LAG_OF_BYTES: &str = "The bytes of every entry are verified.";
/// The checkpoint.
pub(in crate::console) const CHECKPOINT_TITLE: &str = "Newest checkpoint";
/// The caption of it.
pub(in crate::console) const CHECKPOINT_CAPTION: &str = "What was signed last, compared with the log";
/// Nothing is known of checkpoints.
pub(in crate::console) const NOT_TOLD: &str = "This server was not told where checkpoints are kept.";
/// None is kept.
pub(in crate::console) const NONE_KEPT: &str =
    "No checkpoint was signed yet. Keys, which ofrecord key create makes, are needed for that.";
/// Have one signed.
pub(in crate::console) const SIGN: &str = "Sign one";
/// In short.
pub(in crate::console) const NO_CHECKPOINT: &str = "no checkpoint is known";
/// Everything is under it.
pub(in crate::console) const ALL_UNDER: &str = "every entry is under it";
/// Not everything is.
pub(in crate::console) const NOT_YET_UNDER: &str = "not yet under it";
/// The root is right.
pub(in crate::console) const OF_THIS_LOG: &str = "It is the root of this log at that size.";
/// The root is wrong.
pub(in crate::console) const NOT_OF_THIS_LOG: &str =
    "It is not the root of this log at that size: entries are lost, or it is of another history.";
/// The time of it is not known.
pub(in crate::console) const NOT_SAID_WHEN: &str = "not known: a later one was signed and is not kept";
/// Who signed is no key of the log.
pub(in crate::console) const NOT_A_KEY_OF_THE_LOG: &str = "a witness, or a key that the log does not name";
/// The signature was checked.
pub(in crate::console) const SIGNATURE_HOLDS: &str = "the signature holds";
/// It is wrong.
pub(in crate::console) const SIGNATURE_WRONG: &str = "the signature is wrong";
/// All is verified.
pub(in crate::console) const ALL_VERIFIED: &str = "the bytes of every entry";
/// Not all is.
pub(in crate::console) const NOT_YET_VERIFIED: &str = "not yet verified";
/// The caption of the log.
pub(in crate::console) const LOG_CAPTION: &str = "The log, and how far it is verified";
/// The log.
pub(in crate::console) const LOG: &str = "The log";
/// The newest entries.
pub(in crate::console) const RECENT: &str = "Newest entries";
/// The caption of them.
pub(in crate::console) const RECENT_CAPTION: &str = "The newest first";
/// There are none.
pub(in crate::console) const EMPTY: &str = "The log has no entry.";
/// Findings.
pub(in crate::console) const FINDINGS: &str = "Findings by kind";
/// The caption of them.
pub(in crate::console) const FINDINGS_CAPTION: &str = "How often each kind was found, and where first";
/// There are none.
pub(in crate::console) const NO_FINDING: &str = "No finding among the customers looked at.";
/// Customers.
pub(in crate::console) const CUSTOMERS: &str = "Customers looked at";
/// The caption of them.
pub(in crate::console) const CUSTOMERS_CAPTION: &str = "In the order of their ids";
/// The head of the log, signed.
pub(in crate::console) const CHECKPOINT: &str = "the newest checkpoint";
/// What is seen where that is not everything.
pub(in crate::console) const OWN: &str = "What you see";
/// The page of the own partner.
pub(in crate::console) const OWN_PARTNER: &str = "Own account and customers";
/// The page of the own customer.
pub(in crate::console) const OWN_CUSTOMER: &str = "Own tenant";
/// Nothing of content.
pub(in crate::console) const NO_CONTENT: &str = "This role shows how the ledger is, and no content of an entry.";
/// The way to more of them.
pub(in crate::console) const MORE: &str = "Look at the customers that come after these";
/// The way back.
pub(in crate::console) const FIRST: &str = "Look at the first customers again";
/// Nothing was stamped.
pub(in crate::console) const NO_ANCHOR: &str = "no head was stamped by an authority";
/// No commitment.
pub(in crate::console) const NO_COMMITMENT: &str = "no commitment was recorded";
/// The rows were not compared.
pub(in crate::console) const NOT_COMPARED: &str = "not compared with the entries";
