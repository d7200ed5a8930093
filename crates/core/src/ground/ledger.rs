//! Grounds of the ledger's own mechanics (family L).

use super::grounds;

grounds! {
    /// The stream has moved on since the asker read it; nothing is appended.
    WRONG_EXPECTED_VERSION = "L-2", "wrong_expected_version", None,
        "the stream has moved on since it was read; read it again and decide anew";
    /// The command id belongs to another request; nothing is appended.
    REQUEST_ID_REUSED = "L-3", "request_id_reused", None,
        "the command id was used for another request; use a new id for a new request";
    /// The command was recorded, and the bytes of its entry were taken away since.
    COMMAND_REDACTED = "L-19", "command_redacted", None,
        "the command was recorded, and its entry redacted since; it is not decided again";
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
    /// A correction without a reason.
    REASON_REQUIRED = "L-1", "reason_required", None,
        "a correction states why";
    /// A correction of what can only be said about other entries.
    EVENT_NOT_CORRECTABLE = "L-1", "event_not_correctable", None,
        "a correction or an added evidence cannot be corrected itself; correct the event it speaks of";
    /// A correction that would stand in only some of the streams that hold the event.
    CORRECTION_MISSES_STREAM = "L-1", "correction_misses_stream", None,
        "name every partner account in whose stream the event stands";
    /// Somebody else than an import observes.
    ONLY_IMPORTER_MAY_OBSERVE = "L-12", "only_importer_may_observe", None,
        "only an import, an operator, Microsoft or the system records what a source shows; ask for a change by its own command";
    /// An observation of nothing, or of something that no source can state in this stream.
    OBSERVATION_NOT_ALLOWED = "L-12", "observation_not_allowed", None,
        "a source states facts of the customer or of the partner's account in whose stream it is recorded, never corrections or added evidence";
}
