//! Precedence of the grounds of commands on the ledger's own custody.

use super::precedence;
use crate::ground::custody as c;

precedence! {
    "AddCheckpointKey" => any [
        c::ONLY_KEEPER,
        c::CHECKPOINT_KEY_KNOWN,
        c::CHECKPOINT_KEY_UNKNOWN,
        c::CHECKPOINT_KEY_RETIRED,
    ];
    "RetireCheckpointKey" => any [
        c::ONLY_KEEPER,
        c::CHECKPOINT_KEY_UNKNOWN,
        c::CHECKPOINT_KEY_RETIRED,
        c::LAST_CHECKPOINT_KEY,
    ];
    "StartEpoch" => any [
        c::CUSTODY_ONLY_COMPLIANCE_OFFICER,
        c::EPOCH_ORIGIN_USED,
    ];
    "CommitState" => any [
        c::ONLY_KEEPER,
        c::COMMITMENT_NOT_LATER,
    ];
    "AnchorTime" => any [
        c::ONLY_KEEPER,
    ];
    "RecordDisclosure" => any [
        c::ONLY_KEEPER,
    ];
    "PlaceHold" => any [
        c::CUSTODY_ONLY_COMPLIANCE_OFFICER,
        c::HOLD_KNOWN,
    ];
    "ReleaseHold" => any [
        c::CUSTODY_ONLY_COMPLIANCE_OFFICER,
        c::HOLD_NOT_STANDING,
    ];
    "EraseSubject" => any [
        c::CUSTODY_ONLY_COMPLIANCE_OFFICER,
        c::SUBJECT_ALREADY_ERASED,
        c::SUBJECT_UNDER_HOLD,
    ];
    "RedactEntry" => any [
        c::CUSTODY_ONLY_COMPLIANCE_OFFICER,
        c::REDACTION_NEEDS_SECOND_APPROVER,
        c::ENTRY_NOT_IN_LOG,
        c::FIRST_ENTRY_STAYS,
        c::CUSTODY_ENTRY_STAYS,
        c::ENTRY_ALREADY_REDACTED,
        c::ENTRY_UNDER_HOLD,
    ];
}
