//! What is asked of the ledger itself, by whom, and what comes of it.

use ofrecord_core::state::Custody;
use ofrecord_core::{Actor, ActorKind, Cloud, Role, StreamId};
use serde_json::{Value, json};

use crate::sample::{KEY, NOTHING, PERSON, command_of};
use crate::story::Then::{Happens, Refused};
use crate::story::{C, P, Story, Then, admin, agent, check, of_kind, with};

const SECOND: &str = "ledger.example/csp+bf7c49bf+Aa2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2t";
const OTHER_CUSTOMER: &str = "c0000000-0000-0000-0000-000000000009";
const OTHER_PERSON: &str = "0d000000-0000-4000-8000-000000000009";

fn keeper() -> Actor {
    of_kind(ActorKind::Operator)
}

fn officer() -> Actor {
    Actor { role: Some(Role::ComplianceOfficer), ..keeper() }
}

fn asked(name: &str, fields: Value) -> Value {
    with(command_of(name).unwrap(), fields)
}

/// Given what was done before, this is asked of the ledger, and this comes of it.
#[track_caller]
fn then(given: &[(Actor, Value)], (actor, ask): (Actor, Value), then: &Then<'_>) -> Custody {
    let mut story = Story::in_cloud(Cloud::Worldwide);
    for (actor, ask) in given {
        let name = ask["type"].clone();
        let outcome = story.at("2018-01-05T00:00:00Z", actor, None, ask.clone());
        assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)), "{name}: {outcome:?}");
    }
    check(story, (actor, None, ask), then).custody.latest().clone()
}

#[test]
fn keys_are_added_replaced_and_retired_and_the_last_one_stays() {
    let first = || (keeper(), asked("AddCheckpointKey", json!({})));
    let second = || (keeper(), asked("AddCheckpointKey", json!({"key": SECOND, "replaces": KEY})));
    let retire = |key: &str| (keeper(), asked("RetireCheckpointKey", json!({"key": key})));

    then(&[], retire(KEY), &Refused("L-13", "checkpoint_key_unknown"));
    then(&[], second(), &Refused("L-13", "checkpoint_key_unknown"));
    then(&[first()], first(), &Refused("L-13", "checkpoint_key_known"));
    then(&[first()], retire(KEY), &Refused("L-13", "last_checkpoint_key"));
    then(&[first(), second(), retire(KEY)], retire(KEY), &Refused("L-13", "checkpoint_key_retired"));
    then(&[first(), second(), retire(KEY)], first(), &Refused("L-13", "checkpoint_key_known"));
    let replaced = (keeper(), asked("AddCheckpointKey", json!({"key": "a+00000000+AA==", "replaces": KEY})));
    then(&[first(), second(), retire(KEY)], replaced, &Refused("L-13", "checkpoint_key_retired"));
    then(&[first(), second(), retire(KEY)], retire(SECOND), &Refused("L-13", "last_checkpoint_key"));

    let signing = |custody: &Custody| custody.signing_keys().map(ToString::to_string).collect::<Vec<_>>();
    let custody = then(&[first()], second(), &Happens(&["CheckpointKeyAdded"]));
    assert_eq!(signing(&custody), [KEY, SECOND], "both sign while they overlap");
    assert_eq!(custody.checkpoint_keys[&SECOND.parse().unwrap()].replaces, Some(KEY.parse().unwrap()));
    let custody = then(&[first(), second()], retire(KEY), &Happens(&["CheckpointKeyRetired"]));
    assert_eq!(signing(&custody), [SECOND]);
}

#[test]
fn only_those_who_keep_the_ledger_act_on_its_custody() {
    let kept = ["AddCheckpointKey", "RetireCheckpointKey", "CommitState", "AnchorTime", "RecordDisclosure"];
    for name in kept {
        for actor in [agent(P), admin(C), of_kind(ActorKind::Importer), of_kind(ActorKind::Microsoft)] {
            then(&[], (actor, asked(name, json!({}))), &Refused("L-13", "only_keeper_of_ledger"));
        }
    }
    for name in ["StartEpoch", "PlaceHold", "ReleaseHold", "EraseSubject", "RedactEntry"] {
        let role = Some(Role::GlobalAdmin);
        for actor in [agent(P), admin(C), keeper(), of_kind(ActorKind::System), Actor { role, ..keeper() }] {
            then(&[], (actor, asked(name, json!({}))), &Refused("L-14", "custody_only_compliance_officer"));
        }
    }
}

#[test]
fn an_epoch_needs_a_compliance_officer_and_a_new_origin() {
    let epoch = |origin: &str| (officer(), asked("StartEpoch", json!({"origin": origin})));
    then(&[epoch("a/e2")], epoch("a/e2"), &Refused("L-14", "epoch_origin_used"));
    let custody = then(&[epoch("a/e2")], epoch("a/e3"), &Happens(&["EpochStarted"]));
    assert_eq!(custody.epochs.iter().map(|epoch| epoch.origin.as_str()).collect::<Vec<_>>(), ["a/e2", "a/e3"]);
    assert_eq!((custody.epochs[1].lost.tree_size, custody.epochs[1].lost.root.as_str()), (3, NOTHING));
}

#[test]
fn commitments_speak_of_ever_larger_logs() {
    let commitment = |size: u64| (keeper(), asked("CommitState", json!({"tree_size": size})));
    then(&[commitment(7)], commitment(7), &Refused("L-15", "commitment_not_later"));
    then(&[commitment(7)], commitment(6), &Refused("L-15", "commitment_not_later"));
    let custody = then(&[commitment(7)], commitment(8), &Happens(&["StateCommitted"]));
    assert_eq!(custody.committed.unwrap().value, 8);
    then(&[], commitment(0), &Happens(&["StateCommitted"]));
}

#[test]
fn an_anchor_keeps_the_instant_of_the_authority() {
    for instant in ["1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let stamped = (of_kind(ActorKind::System), asked("AnchorTime", json!({"stamped_at": instant})));
        let custody = then(&[], stamped, &Happens(&["TimeAnchored"]));
        assert_eq!(custody.anchors[0].stamped_at, instant.parse().unwrap());
    }
}

#[test]
fn a_disclosure_is_counted() {
    let taken = || (keeper(), asked("RecordDisclosure", json!({"kind": "export", "customer": null})));
    assert_eq!(then(&[taken()], taken(), &Happens(&["DisclosureRecorded"])).disclosures, 2);
}

#[test]
fn a_hold_is_placed_once_and_released_once() {
    let place = || (officer(), asked("PlaceHold", json!({})));
    let release = || (officer(), asked("ReleaseHold", json!({})));
    then(&[], release(), &Refused("L-18", "hold_not_standing"));
    then(&[place()], place(), &Refused("L-18", "hold_known"));
    then(&[place(), release()], release(), &Refused("L-18", "hold_not_standing"));
    then(&[place(), release()], place(), &Refused("L-18", "hold_known"));
    let over = (officer(), asked("PlaceHold", json!({"until": "2018-01-06T00:00:00Z"})));
    then(&[over], release(), &Refused("L-18", "hold_not_standing"));
}

#[test]
fn a_subject_is_erased_once_and_never_under_a_hold() {
    let erase = || (officer(), asked("EraseSubject", json!({})));
    let held = Refused("L-18", "subject_under_hold");
    let erased = Happens(&["SubjectErased"]);
    let hold = |scope: Value, more: Value| (officer(), with(asked("PlaceHold", json!({"scope": scope})), more));
    for scope in [json!("everything"), json!({"customer": C}), json!({"subject": PERSON})] {
        then(&[hold(scope.clone(), json!({}))], erase(), &held);
        then(&[hold(scope.clone(), json!({"until": "2999-01-01T00:00:00Z"}))], erase(), &held);
        then(&[hold(scope.clone(), json!({"until": "2018-01-01T00:00:00Z"}))], erase(), &erased);
        let released = (officer(), asked("ReleaseHold", json!({})));
        then(&[hold(scope.clone(), json!({})), released], erase(), &erased);
    }
    for scope in [json!({"customer": OTHER_CUSTOMER}), json!({"subject": OTHER_PERSON})] {
        then(&[hold(scope, json!({}))], erase(), &erased);
    }
    let custody = then(&[], erase(), &erased);
    assert_eq!(custody.erased.keys().map(ToString::to_string).collect::<Vec<_>>(), [PERSON]);
    then(&[erase()], erase(), &Refused("L-10", "subject_already_erased"));
    let kept = hold(json!("everything"), json!({}));
    then(&[erase(), kept], erase(), &Refused("L-10", "subject_already_erased"));
}

#[test]
fn an_entry_is_redacted_once_by_two_persons_and_never_under_a_hold() {
    let kim = || Actor { user: Some("kim".to_owned()), ..officer() };
    let redact = |fields: Value| (kim(), asked("RedactEntry", fields));
    let usual = || redact(json!({}));
    let redacted = Happens(&["EntryRedacted"]);
    for alone in ["kim", " KIM ", "Kim"] {
        then(&[], redact(json!({"approved_by": alone})), &Refused("L-19", "redaction_needs_second_approver"));
    }
    let nobody = (officer(), asked("RedactEntry", json!({})));
    then(&[], nobody, &Refused("L-19", "redaction_needs_second_approver"));
    then(&[], redact(json!({"entry": null})), &Refused("L-19", "entry_not_in_log"));
    then(&[], redact(json!({"position": 0})), &Refused("L-19", "first_entry_stays"));
    let streams = |names: Value| json!({"leaf_hash": NOTHING, "remainder": NOTHING, "streams": names});
    then(&[], redact(json!({"entry": streams(json!(["ledger"]))})), &Refused("L-19", "custody_entry_stays"));
    let held = Refused("L-18", "entry_under_hold");
    let hold = |scope: Value, more: Value| (officer(), with(asked("PlaceHold", json!({"scope": scope})), more));
    for scope in [json!("everything"), json!({"customer": C}), json!({"subject": PERSON})] {
        then(&[hold(scope.clone(), json!({}))], usual(), &held);
        then(&[hold(scope.clone(), json!({"until": "2018-01-01T00:00:00Z"}))], usual(), &redacted);
        then(&[hold(scope, json!({})), (officer(), asked("ReleaseHold", json!({})))], usual(), &redacted);
    }
    for scope in [json!({"customer": OTHER_CUSTOMER}), json!({"subject": OTHER_PERSON})] {
        then(&[hold(scope, json!({}))], usual(), &redacted);
    }
    let custody = then(&[], usual(), &redacted);
    assert_eq!(
        custody.redacted.iter().map(|(at, left)| (*at, left.leaf_hash.as_str())).collect::<Vec<_>>(),
        [(1, NOTHING)]
    );
    then(&[usual()], usual(), &Refused("L-19", "entry_already_redacted"));
    then(&[usual()], redact(json!({"position": 2})), &redacted);
}

#[test]
fn a_text_that_names_something_has_a_bound_and_no_control_characters() {
    let hold = |name: &str| name.parse::<ofrecord_core::HoldId>();
    for (name, taken) in [
        ("x".repeat(256), true),
        ("x".repeat(257), false),
        (String::new(), false),
        (" ".to_owned(), false),
        ("a\tb".to_owned(), false),
    ] {
        assert_eq!(hold(&name).is_ok(), taken, "{} bytes", name.len());
    }
}

#[test]
fn a_command_on_the_ledger_names_no_customer_and_stands_in_its_own_stream() {
    let mut story = Story::in_cloud(Cloud::Worldwide);
    let outcome = story.at("2019-01-01T00:00:00Z", &keeper(), Some(C), asked("CommitState", json!({})));
    let ofrecord_core::Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!((refusal.rule.as_ref(), refusal.code.as_ref()), ("L-12", "subject_mismatch"));
    assert_eq!("ledger".parse(), Ok(StreamId::Ledger));
    assert_eq!(StreamId::Ledger.to_string(), "ledger");
    for text in ["ledger/", "Ledger", "ledgers", ""] {
        assert!(text.parse::<StreamId>().is_err(), "{text}");
    }
}
