//! What sources show of transfers: kept as shown, nothing moved by it and nothing invented between (rules L-8, L-12).

use ofrecord_core::vocabulary::{LineStatus, TransferFamily, TransferStatus};
use ofrecord_core::{ActorKind, Event};
use serde_json::{Value, json};

use crate::deal::*;

fn seen(fields: Value) -> Value {
    with(json!({"type": "SubscriptionTransferObserved", "transfer": T1, "source": Q, "target": P}), fields)
}

fn observe(events: &[Value]) -> Value {
    json!({"type": "RecordObservation", "events": events})
}

#[test]
fn a_status_is_kept_in_the_sources_word_and_read_in_one() {
    for (word, status) in [
        ("Active", TransferStatus::Pending),
        ("Pending", TransferStatus::Pending),
        ("InProgress", TransferStatus::InProgress),
        ("Complete", TransferStatus::Complete),
        ("Completed", TransferStatus::Complete),
        ("PartiallyComplete", TransferStatus::PartiallyComplete),
        ("CompletedWithErrors", TransferStatus::PartiallyComplete),
        ("Reject", TransferStatus::Rejected),
        ("reject", TransferStatus::Rejected),
        ("Declined", TransferStatus::Rejected),
        ("Canceled", TransferStatus::Withdrawn),
        ("Cancelled", TransferStatus::Withdrawn),
        ("Expired", TransferStatus::Expired),
        ("Failed", TransferStatus::Failed),
        ("Levitating", TransferStatus::Unrecognised("Levitating".into())),
    ] {
        let transfer = legacy().told(ASKED, seen(json!({"status": word}))).transfer();
        assert_eq!(transfer.status.unwrap().value, status);
        assert_eq!(transfer.status_word.unwrap().value, word);
    }
}

#[test]
fn a_transfer_that_is_shown_complete_moves_nothing_and_has_no_steps_it_was_not_seen_to_take() {
    let shown = seen(json!({"family": "legacy_license", "status": "PartiallyComplete",
        "created_at": "2024-03-25T22:20:38.8090876Z", "lines": [
            {"subscription": S1, "order": "order-7", "status": "Complete", "partner_id_on_record": "5139005",
                "listed": {"offer": "MS-AZR-0145P", "friendly_name": "Azure", "billing_cycle": "monthly"}},
            {"subscription": S2, "status": "Failed", "error": "Subscription has already been transfered."}]}));
    let before = legacy();
    let story = happens(
        before.clone(),
        AFTER,
        of_kind(ActorKind::Importer),
        observe(&[shown]),
        &["SubscriptionTransferObserved"],
    );
    assert_eq!(story.customer().subscriptions, before.customer().subscriptions);
    let transfer = story.transfer();
    assert_eq!(transfer.family.as_ref().unwrap().value, TransferFamily::LegacyLicense);
    assert_eq!(transfer.requested_at.as_ref().unwrap().value, at("2024-03-25T22:20:38.8090876Z"));
    assert_eq!((&transfer.initiated_by, &transfer.accepted_at, &transfer.ended_at), (&None, &None, &None));
    assert_eq!(transfer.lines[&id(S1)].status.value, LineStatus::Complete);
    let listed = transfer.lines[&id(S1)].listed.as_ref().unwrap();
    assert_eq!(listed.value.offer.as_ref().unwrap().as_str(), "MS-AZR-0145P");
    let failed = &transfer.lines[&id(S2)];
    assert_eq!(failed.status.value, LineStatus::Failed);
    assert_eq!(failed.error.as_ref().unwrap().value.text, "Subscription has already been transfered.");
}

#[test]
fn what_is_shown_again_keeps_the_event_that_set_it() {
    let story = legacy_asked().told(ANSWERED, seen(json!({"status": "Active"})));
    assert_eq!(story.transfer().status.unwrap().set.effective_at, at(ASKED));
    let story = story.told(DONE, seen(json!({"status": "Complete", "completed_at": ANSWERED})));
    let transfer = story.transfer();
    assert_eq!(transfer.status.unwrap().set.effective_at, at(DONE));
    assert_eq!(transfer.ended_at.unwrap().value, at(ANSWERED));
}

#[test]
fn an_expiry_is_recorded_where_a_source_says_so() {
    let expired = json!({"type": "SubscriptionTransferExpired", "transfer": T1});
    let story = happens(
        legacy_asked(),
        AFTER,
        of_kind(ActorKind::Importer),
        observe(&[expired]),
        &["SubscriptionTransferExpired"],
    );
    assert_eq!(story.transfer_status(AFTER), Some(TransferStatus::Expired));
    refused(story, AFTER, agent(P), accept(&[]), ("T-9", "transfer_has_ended"));
}

#[test]
fn every_step_of_a_transfer_can_be_observed_and_only_of_a_customer() {
    let steps = [
        json!({"type": "SubscriptionTransferRequested", "transfer": T1, "family": "legacy_license", "source": Q,
            "target": P, "initiated_by": Q, "lines": [{"subscription": S1}]}),
        json!({"type": "SubscriptionTransferAccepted", "transfer": T1}),
        json!({"type": "SubscriptionTransferLineFailed", "transfer": T1, "subscription": S2, "error": "no"}),
        json!({"type": "SubscriptionTransferCompleted", "transfer": T1, "source": Q, "target": P,
            "items": [{"source_subscription": S1, "new_subscription": NEW1}],
            "billing_split_date": "2024-06-12", "outcome": "partially_complete"}),
    ];
    let names: Vec<&str> = steps.iter().map(|step| step["type"].as_str().unwrap()).collect();
    let story = happens(legacy(), DONE, of_kind(ActorKind::Importer), observe(&steps), &names);
    assert_eq!((story.owner_of(S1), story.owner_of(NEW1)), (Some(Q.into()), Some(P.into())));
    assert_eq!(story.transfer_status(DONE), Some(TransferStatus::PartiallyComplete));
    let mut nobody = legacy();
    let outcome = nobody.at(DONE, &of_kind(ActorKind::Importer), None, observe(&steps[..1]));
    assert!(matches!(outcome, ofrecord_core::Outcome::Refused(_)), "{outcome:?}");
}

#[test]
fn a_step_of_another_transfer_is_no_repetition() {
    let step = |id: &str| json!({"type": "SubscriptionTransferRejected", "transfer": id});
    let importer = || of_kind(ActorKind::Importer);
    let story = happens(legacy(), DONE, importer(), observe(&[step(T1)]), &["SubscriptionTransferRejected"]);
    let story = happens(story, DONE, importer(), observe(&[step(T2)]), &["SubscriptionTransferRejected"]);
    let (story, events) = events_of(story, DONE, importer(), observe(&[step(T1)]));
    assert!(matches!(events[0], Event::EvidenceAdded(_)), "{events:?}");
    let mut officer = of_kind(ActorKind::Operator);
    officer.role = Some(ofrecord_core::Role::ComplianceOfficer);
    let position = story.transfer().first_seen.at.position;
    let corrected = json!({"type": "CorrectEvent", "position": position, "reason": "misread", "replacement": step(T2)});
    refused(story, AFTER, officer, corrected, ("L-1", "correction_changes_subject"));
}
