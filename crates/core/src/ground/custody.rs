//! Grounds of the ledger's own custody (family L).

use super::grounds;

grounds! {
    /// Somebody else than whoever keeps the ledger running.
    ONLY_KEEPER = "L-13", "only_keeper_of_ledger", None,
        "only an operator of this ledger, or the system itself, records this";
    /// A key that the log names already, signing or retired.
    CHECKPOINT_KEY_KNOWN = "L-13", "checkpoint_key_known", None,
        "the log names this key already; a retired key does not come back, make a new one";
    /// A key that the log does not name.
    CHECKPOINT_KEY_UNKNOWN = "L-13", "checkpoint_key_unknown", None,
        "the log names no such key; name one that it was given before";
    /// A key that was retired.
    CHECKPOINT_KEY_RETIRED = "L-13", "checkpoint_key_retired", None,
        "the key was retired; it neither signs nor can it be replaced";
    /// Nobody would sign any more.
    LAST_CHECKPOINT_KEY = "L-13", "last_checkpoint_key", None,
        "this is the only key that signs; add its successor first";
    /// An act that only a compliance officer may do.
    CUSTODY_ONLY_COMPLIANCE_OFFICER = "L-14", "custody_only_compliance_officer", None,
        "only a compliance officer of this ledger starts an epoch, places or releases a hold, erases or redacts";
    /// An origin under which checkpoints were signed before.
    EPOCH_ORIGIN_USED = "L-14", "epoch_origin_used", None,
        "an earlier epoch has this origin; a new one needs a name that no checkpoint carries";
    /// A commitment to a size that is not above the one before.
    COMMITMENT_NOT_LATER = "L-15", "commitment_not_later", None,
        "the log holds a commitment at this size or a larger one";
    /// The name of another hold.
    HOLD_KNOWN = "L-18", "hold_known", None,
        "a hold of this name was placed before; give this one another name";
    /// No such hold stands.
    HOLD_NOT_STANDING = "L-18", "hold_not_standing", None,
        "no hold of this name stands: it was never placed, was released, or is over";
    /// The subject was erased before.
    SUBJECT_ALREADY_ERASED = "L-10", "subject_already_erased", None,
        "the subject was erased before; its key no longer exists";
    /// A hold or a retention period keeps the subject.
    SUBJECT_UNDER_HOLD = "L-18", "subject_under_hold", None,
        "a hold or a retention period keeps this subject; release the hold, or wait until it is over";
    /// Nobody else approved, or one of the two has no name.
    REDACTION_NEEDS_SECOND_APPROVER = "L-19", "redaction_needs_second_approver", None,
        "a redaction is asked for by one person and approved by another; name both";
    /// No entry stands at the position.
    ENTRY_NOT_IN_LOG = "L-19", "entry_not_in_log", None,
        "the log has no entry at this position, or had none yet when this was decided";
    /// The entry with which the log begins.
    FIRST_ENTRY_STAYS = "L-19", "first_entry_stays", None,
        "the log begins with this entry; it is never redacted";
    /// An entry of the ledger's own stream.
    CUSTODY_ENTRY_STAYS = "L-19", "custody_entry_stays", None,
        "keys, epochs, commitments, holds, erasures and redactions are never redacted";
    /// The entry was redacted before.
    ENTRY_ALREADY_REDACTED = "L-19", "entry_already_redacted", None,
        "the entry was redacted before; only its hash is left";
    /// A hold or a retention period keeps the entry.
    ENTRY_UNDER_HOLD = "L-18", "entry_under_hold", None,
        "a hold or a retention period keeps this entry; release the hold, or wait until it is over";
}
