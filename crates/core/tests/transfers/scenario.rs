//! The worked scenarios on transfers: W-5 and W-6.

use ofrecord_core::vocabulary::{LineStatus, TransferStatus};
use serde_json::json;

use crate::deal::*;

#[test]
fn w5_a_transfer_may_succeed_for_one_line_and_fail_for_another() {
    let story = legacy().told(BOUGHT, purchase(S2, "legacy_license"));
    let line = |id: &str| json!({"subscription": id, "partner_id_on_record": "1000004"});
    let asked = with(legacy_request(), json!({"target": I, "lines": [line(S1), line(S2)]}));
    let story = happens(story, ASKED, agent(Q), asked, &["SubscriptionTransferRequested"]);
    let story = happens(story, ANSWERED, agent(I), accept(&[]), &["SubscriptionTransferAccepted"]);
    assert_eq!(story.transfer_status(ANSWERED), Some(TransferStatus::InProgress));
    let names = &["SubscriptionTransferLineFailed", "SubscriptionTransferCompleted"];
    let story = happens(story, DONE, microsoft(), complete(json!([moved_to(S1, NEW1), failed(S2)])), names);
    assert_eq!(story.transfer_status(DONE), Some(TransferStatus::PartiallyComplete));
    let transfer = story.transfer();
    let first = &transfer.lines[&id(S1)];
    assert_eq!(
        (first.status.value.clone(), first.new_subscription.as_ref().unwrap().value),
        (LineStatus::Complete, id(NEW1))
    );
    let second = &transfer.lines[&id(S2)];
    let error = second.error.as_ref().unwrap();
    assert_eq!((second.status.value.clone(), error.value.code), (LineStatus::Failed, Some(900_103)));
    assert_eq!(transfer.billing_split_date.as_ref().unwrap().value, at("2024-06-12"));
    assert_eq!(
        (story.owner_of(NEW1), story.owner_of(S1), story.owner_of(S2)),
        (Some(I.into()), Some(Q.into()), Some(Q.into()))
    );
    let record = story.subscription(NEW1).partners_of_record.reseller_of_record.unwrap();
    assert_eq!(record.value.unwrap().as_str(), "1000004");
}

#[test]
fn w6_a_new_commerce_transfer_splits_the_bill_after_its_day() {
    let bought = with(
        purchase(S1, "new_commerce_license"),
        json!({"commitment_end": "2025-07-11T23:59:59Z", "cancellation_allowed_until": "2024-07-19T00:00:00Z"}),
    );
    let story = nothing_sold().told("2024-07-12T00:00:00Z", bought);
    let story = happens(story, "2024-10-18T08:00:00Z", agent(P), modern_request(), &["SubscriptionTransferRequested"]);
    let day = "2024-10-20T10:00:00Z";
    let story = happens(story, day, agent(Q), accept(&[S1]), &["SubscriptionTransferAccepted"]);
    let story = happens(story, day, microsoft(), complete(json!([moved(S1)])), &["SubscriptionTransferCompleted"]);
    assert_eq!(story.transfer().billing_split_date.unwrap().value, at("2024-10-20"));
    assert_eq!(story.owner_of(S1), Some(P.into()));
    let terms = story.subscription(S1).terms;
    assert_eq!(terms.commitment_end.unwrap().value, at("2025-07-11T23:59:59Z"));
    assert_eq!(terms.term_start.unwrap().value, at("2024-07-12"));
    // The target works with it from here, the source no longer does.
    let off = json!({"type": "SetAutoRenew", "subscription": S1, "auto_renew": "off"});
    refused(story_again(), "2024-11-01", agent(Q), off.clone(), ("S-3", "partner_does_not_own_subscription"));
    happens(story_again(), "2024-11-01", agent(P), off, &["SubscriptionAutoRenewChanged"]);
}

/// A transfer of S1 to P that was carried out.
fn story_again() -> Story {
    happens(modern_accepted(), DONE, microsoft(), complete(json!([moved(S1)])), &["SubscriptionTransferCompleted"])
}
