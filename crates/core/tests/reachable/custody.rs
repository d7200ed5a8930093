//! The ledger's own custody.

use ofrecord_core::{Actor, ActorKind, Role};
use serde_json::{Value, json};

use crate::sample::{KEY, NOTHING, event_of};
use crate::shop::{LATER, Story, nce, of_kind, with};
use crate::{Row, Rows, sample};

fn asked(actor: Actor, name: &str, fields: Value) -> (Actor, Option<&'static str>, Value) {
    (actor, None, with(sample::command_of(name).unwrap(), fields))
}

/// A ledger of which these things are true.
fn ledger(told: &[(&str, Value)]) -> Story {
    let mut story = nce();
    for (event, fields) in told {
        let event = with(event_of(event).unwrap(), fields.clone());
        story = story.on("2018-01-06T00:00:00Z", ofrecord_core::StreamId::Ledger, event);
    }
    story
}

pub(crate) fn rows() -> Vec<Row> {
    let keeper = || of_kind(ActorKind::Operator);
    let officer = || Actor { role: Some(Role::ComplianceOfficer), ..keeper() };
    let nothing = || json!({});
    let added = ("CheckpointKeyAdded", nothing());
    let retired = ("CheckpointKeyRetired", nothing());
    let mut table = Rows::at(LATER);
    let importer = of_kind(ActorKind::Importer);
    table.row(("L-13", "only_keeper_of_ledger"), ledger(&[]), asked(importer, "CommitState", nothing()));
    let add = || asked(keeper(), "AddCheckpointKey", nothing());
    let retire = || asked(keeper(), "RetireCheckpointKey", nothing());
    table.row(("L-13", "checkpoint_key_known"), ledger(std::slice::from_ref(&added)), add());
    table.row(("L-13", "checkpoint_key_unknown"), ledger(&[]), retire());
    table.row(("L-13", "last_checkpoint_key"), ledger(std::slice::from_ref(&added)), retire());
    let replacing = json!({"key": "a+00000000+AA==", "replaces": KEY});
    let replaces = asked(keeper(), "AddCheckpointKey", replacing);
    table.row(("L-13", "checkpoint_key_retired"), ledger(&[added, retired]), replaces);
    let epoch = || asked(officer(), "StartEpoch", nothing());
    table.row(("L-14", "custody_only_compliance_officer"), ledger(&[]), asked(keeper(), "StartEpoch", nothing()));
    table.row(("L-14", "epoch_origin_used"), ledger(&[("EpochStarted", nothing())]), epoch());
    let commit = asked(keeper(), "CommitState", nothing());
    table.row(("L-15", "commitment_not_later"), ledger(&[("StateCommitted", nothing())]), commit);
    let held = || ledger(&[("HoldPlaced", nothing())]);
    table.row(("L-18", "hold_known"), held(), asked(officer(), "PlaceHold", nothing()));
    table.row(("L-18", "hold_not_standing"), ledger(&[]), asked(officer(), "ReleaseHold", nothing()));
    let erase = || asked(officer(), "EraseSubject", nothing());
    table.row(("L-18", "subject_under_hold"), held(), erase());
    table.row(("L-10", "subject_already_erased"), ledger(&[("SubjectErased", nothing())]), erase());
    let kim = || Actor { user: Some("kim".to_owned()), ..officer() };
    let redact = |fields: Value| asked(kim(), "RedactEntry", fields);
    let alone = json!({"approved_by": "kim"});
    table.row(("L-19", "redaction_needs_second_approver"), ledger(&[]), redact(alone));
    table.row(("L-19", "entry_not_in_log"), ledger(&[]), redact(json!({"entry": null})));
    table.row(("L-19", "first_entry_stays"), ledger(&[]), redact(json!({"position": 0})));
    let own = json!({"entry": {"leaf_hash": NOTHING, "remainder": NOTHING, "streams": ["ledger"]}});
    table.row(("L-19", "custody_entry_stays"), ledger(&[]), redact(own));
    table.row(("L-19", "entry_already_redacted"), ledger(&[("EntryRedacted", nothing())]), redact(nothing()));
    table.row(("L-18", "entry_under_hold"), held(), redact(nothing()));
    table.rows
}
