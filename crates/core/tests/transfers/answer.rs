//! Answering and taking back: rules T-8 to T-12.

use ofrecord_core::vocabulary::{LineStatus, TransferStatus};
use ofrecord_core::{ActorKind, Event};
use serde_json::json;

use crate::deal::*;

const ACCEPTED: &[&str] = &["SubscriptionTransferAccepted"];
const REJECTED: &[&str] = &["SubscriptionTransferRejected"];
const WITHDRAWN: &[&str] = &["SubscriptionTransferWithdrawn"];

#[test]
fn only_the_counterparty_answers() {
    let wrong = ("T-8", "wrong_acceptor");
    for asked in [accept(&[]), reject()] {
        for actor in [agent(Q), agent(I), admin(C), microsoft(), of_kind(ActorKind::Operator)] {
            refused(legacy_asked(), ANSWERED, actor, asked.clone(), wrong);
        }
        for actor in [agent(P), agent(I), admin(C)] {
            refused(modern_asked(), ANSWERED, actor, asked.clone(), wrong);
        }
    }
    happens(legacy_asked(), ANSWERED, app(P), accept(&[]), ACCEPTED);
    happens(legacy_asked(), ANSWERED, agent(P), reject(), REJECTED);
    happens(modern_asked(), ANSWERED, app(Q), accept(&[S1]), ACCEPTED);
    happens(modern_asked(), ANSWERED, agent(Q), reject(), REJECTED);
    let signed = happens(
        sold("legacy_azure", json!({})),
        ASKED,
        agent(Q),
        with(manual_request(), json!({"transfer": T1})),
        &["SubscriptionTransferRequested"],
    );
    for asked in [accept(&[]), reject()] {
        refused(signed.clone(), ANSWERED, agent(P), asked, ("T-8", "accepted_by_signature"));
    }
    happens(signed, ANSWERED, agent(Q), withdraw(), WITHDRAWN);
}

#[test]
fn a_legacy_transfer_is_accepted_as_it_was_asked_for() {
    let bought = purchase(S2, "legacy_license");
    let asked = with(legacy_request(), json!({"lines": [{"subscription": S1}, {"subscription": S2}]}));
    let story = happens(legacy().told(BOUGHT, bought), ASKED, agent(Q), asked, &["SubscriptionTransferRequested"]);
    let selected = ("T-8", "items_cannot_be_selected");
    refused(story.clone(), ANSWERED, agent(P), accept(&[S1]), selected);
    refused(story.clone(), ANSWERED, agent(P), accept(&[S1, S2, S3]), selected);
    happens(story.clone(), ANSWERED, agent(P), accept(&[S1, S2]), ACCEPTED);
    let (_, events) = events_of(story, ANSWERED, agent(P), accept(&[]));
    let Event::SubscriptionTransferAccepted(accepted) = &events[0] else { panic!("{events:?}") };
    assert_eq!(accepted.items.len(), 2);
}

#[test]
fn what_the_source_does_not_select_is_left_out() {
    let story = modern().told(BOUGHT, purchase(S2, "new_commerce_license"));
    let asked = with(modern_request(), json!({"lines": [{"subscription": S1}, {"subscription": S2}]}));
    let story = happens(story, ASKED, agent(P), asked, &["SubscriptionTransferRequested"]);
    let all = happens(story.clone(), ANSWERED, agent(Q), accept(&[]), ACCEPTED).transfer();
    assert!(all.lines.values().all(|line| line.status.value == LineStatus::Open));
    let one = happens(story, ANSWERED, agent(Q), accept(&[S2]), ACCEPTED);
    assert_eq!(one.transfer().lines[&id(S1)].status.value, LineStatus::LeftOut);
    assert_eq!(one.transfer().lines[&id(S2)].status.value, LineStatus::Open);
    refused(modern_asked(), ANSWERED, agent(Q), accept(&[]), ("T-5", "transfer_has_no_lines"));
    refused(modern_asked(), ANSWERED, agent(Q), accept(&[S1, S1]), ("T-4", "line_stands_twice"));
}

#[test]
fn what_has_ended_is_not_answered_and_not_taken_back() {
    let over = ("T-9", "transfer_has_ended");
    let rejected = happens(legacy_asked(), ANSWERED, agent(P), reject(), REJECTED);
    let withdrawn = happens(legacy_asked(), ANSWERED, agent(Q), withdraw(), WITHDRAWN);
    let lines = complete(json!([moved_to(S1, NEW1)]));
    let done = happens(legacy_accepted(), DONE, microsoft(), lines, &["SubscriptionTransferCompleted"]);
    for ended in [rejected, withdrawn, done] {
        refused(ended.clone(), AFTER, agent(P), accept(&[]), over);
        refused(ended.clone(), AFTER, agent(P), reject(), over);
        refused(ended.clone(), AFTER, agent(Q), withdraw(), over);
        refused(ended, AFTER, microsoft(), complete(json!([moved_to(S1, NEW2)])), over);
    }
    let unknown = ("T-9", "transfer_not_found");
    refused(legacy(), ASKED, agent(P), accept(&[]), unknown);
    refused(legacy(), ASKED, agent(P), reject(), unknown);
    refused(legacy(), ASKED, agent(Q), withdraw(), unknown);
    refused(legacy(), ASKED, microsoft(), complete(json!([moved(S1)])), unknown);
}

#[test]
fn what_is_being_carried_out_is_not_answered_again() {
    let processing = ("T-10", "transfer_in_processing");
    refused(legacy_accepted(), DONE, agent(P), accept(&[]), processing);
    refused(legacy_accepted(), DONE, agent(P), reject(), processing);
    refused(legacy_accepted(), DONE, agent(Q), withdraw(), processing);
    refused(modern_accepted(), DONE, agent(Q), accept(&[S1]), processing);
    refused(modern_accepted(), DONE, agent(Q), reject(), processing);
}

#[test]
fn a_new_commerce_transfer_is_taken_back_only_while_it_is_pending() {
    for given in [modern_asked(), modern_accepted()] {
        refused(given, DONE, agent(Q), withdraw(), ("T-1", "wrong_initiator"));
    }
    refused(legacy_asked(), ANSWERED, agent(P), withdraw(), ("T-1", "wrong_initiator"));
    refused(modern_accepted(), DONE, agent(P), withdraw(), ("T-12", "not_cancellable"));
    happens(modern_asked(), ANSWERED, agent(P), withdraw(), WITHDRAWN);
}

#[test]
fn a_new_commerce_request_expires_after_the_days_of_the_policy() {
    let (before, after) = ("2024-07-10T08:59:59.9999999Z", "2024-07-10T09:00:00Z");
    let story = modern_asked();
    assert_eq!(story.transfer_status(before), Some(TransferStatus::Pending));
    let expired = story.transfer().status_at(at("2025-01-01"), &story.policy);
    assert_eq!((expired.status, expired.since, expired.rule), (Some(TransferStatus::Expired), at(after), Some("T-11")));
    happens(story.clone(), before, agent(Q), accept(&[S1]), ACCEPTED);
    let over = ("T-9", "transfer_has_ended");
    refused(story.clone(), after, agent(Q), accept(&[S1]), over);
    refused(story.clone(), after, agent(Q), reject(), over);
    refused(story, after, agent(P), withdraw(), over);
    // What was accepted does not expire, and a legacy request never does.
    assert_eq!(modern_accepted().transfer_status("2026-01-01"), Some(TransferStatus::InProgress));
    assert_eq!(legacy_asked().transfer_status("2026-01-01"), Some(TransferStatus::Pending));
    // An expired one binds nothing any more.
    let bound = with(modern_request(), json!({"lines": [{"subscription": S1}]}));
    let story = happens(modern(), ASKED, agent(P), bound.clone(), &["SubscriptionTransferRequested"]);
    let second = with(bound, json!({"transfer": T2}));
    refused(story.clone(), before, agent(P), second.clone(), ("T-4", "in_another_transfer"));
    happens(story, after, agent(P), second, &["SubscriptionTransferRequested"]);
}

#[test]
fn a_transfer_of_which_too_little_is_known_cannot_be_acted_on() {
    let too_little = ("L-11", "transfer_not_known");
    for shown in [
        json!({"source": Q, "target": P, "status": "Active"}),
        json!({"family": "legacy_license", "target": P, "status": "Active"}),
        json!({"family": "legacy_license", "source": Q, "status": "Active"}),
        json!({"family": "legacy_license", "source": Q, "target": P, "status": "Hovering"}),
        json!({"family": "legacy_license", "source": Q, "target": P}),
    ] {
        let seen = with(json!({"type": "SubscriptionTransferObserved", "transfer": T1}), shown);
        let story = legacy().told(ASKED, seen);
        refused(story.clone(), ANSWERED, agent(P), accept(&[]), too_little);
        refused(story.clone(), ANSWERED, agent(P), reject(), too_little);
        refused(story.clone(), ANSWERED, agent(Q), withdraw(), too_little);
        refused(story, ANSWERED, microsoft(), complete(json!([moved_to(S1, NEW1)])), too_little);
    }
}
