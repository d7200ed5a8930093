//! Grounds of the ledger's own mechanics (family L).

use super::grounds;

grounds! {
    /// An instant later than the decision's own.
    EFFECTIVE_AT_IN_FUTURE = "L-5", "effective_at_in_future", None,
        "effective_at lies after the instant of recording; state when it became true, or leave it out";
    /// A correction of something that is not an event of this stream.
    EVENT_NOT_FOUND = "L-1", "event_not_found", None,
        "the position and index name no event of this stream; look them up in the timeline";
    /// A correction by somebody who may not correct.
    ONLY_COMPLIANCE_OFFICER = "L-1", "only_compliance_officer", None,
        "only a compliance officer of this ledger may correct an event";
    /// A correction of a correction's bookkeeping, or one that changes what an event is about.
    CORRECTION_CHANGES_SUBJECT = "L-1", "correction_changes_subject", None,
        "a replacement must be an event of the same family about the same partner and subscription";
}
