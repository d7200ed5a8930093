//! How a transfer stands, who approved it on which side, and which id became which.

use std::collections::BTreeSet;

use ofrecord_core::command::transfer::{Signatory, TransferSignature};
use ofrecord_core::event::subscription::SubscriptionPurchased;
use ofrecord_core::event::transfer::{
    ObservedTransferLine, SubscriptionTransferCompleted, SubscriptionTransferLineFailed, SubscriptionTransferObserved,
    SubscriptionTransferRequested, TransferLine, TransferredItem,
};
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::vocabulary::{LineStatus, ProductFamily, TransferFamily, TransferOutcome, TransferStatus};
use ofrecord_core::{Event, SubscriptionId};
use serde_json::json;

use super::{Approval, ApprovedThrough, TransferRow, lineage, transfers};
use crate::story::transfer::{
    completed, completion, line, modern_request, request, requested, transfer, transfer_accepted, transfer_rejected,
    transfer_requested, transferred,
};
use crate::story::{Story, at, bought, p, product, purchase, q, seen_at, subscription, user_of, worldwide};

fn rows(story: &Story, as_of: &str) -> Vec<TransferRow> {
    transfers(&story.record(), &seen_at(as_of, &worldwide()))
}

#[track_caller]
fn only(story: &Story, as_of: &str) -> TransferRow {
    let mut rows = rows(story, as_of);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows.remove(0)
}

fn sold(family: ProductFamily) -> Story {
    let sale = SubscriptionPurchased { product: product(family), ..purchase(1, q()) };
    Story::new().on("2024-01-01", [bought(sale)])
}

/// Q asked on 10 January, P accepted on the 12th, and Microsoft moved it on the 15th.
fn legacy() -> Story {
    sold(ProductFamily::LegacyLicense)
        .by(q(), "RequestTransfer", "2024-01-10", [transfer_requested(1)])
        .by(p(), "AcceptTransfer", "2024-01-12", [transfer_accepted(1, Vec::new())])
        .on("2024-01-15", [transferred(1, Some(2))])
}

/// P asked on 10 January, Q accepted on the 12th.
fn modern() -> Story {
    sold(ProductFamily::NewCommerceLicense).by(p(), "RequestTransfer", "2024-01-10", [requested(modern_request(1))]).by(
        q(),
        "AcceptTransfer",
        "2024-01-12",
        [transfer_accepted(1, vec![line(1)])],
    )
}

#[test]
fn nothing_is_told_before_it_was_asked_for() {
    assert_eq!(rows(&legacy(), "2024-01-09"), []);
    assert_eq!(rows(&Story::new(), "2024-12-01"), []);
}

#[test]
fn a_transfer_goes_from_pending_over_processing_to_complete() {
    let story = legacy();
    let told = |day: &str| {
        let row = only(&story, day);
        (row.status.unwrap(), row.status_since, row.lines[0].outcome.clone())
    };
    assert_eq!(told("2024-01-11"), (TransferStatus::Pending, at("2024-01-10"), LineStatus::Open));
    assert_eq!(told("2024-01-13"), (TransferStatus::InProgress, at("2024-01-12"), LineStatus::Open));
    assert_eq!(told("2024-01-15"), (TransferStatus::Complete, at("2024-01-15"), LineStatus::Complete));
    let row = only(&story, "2024-02-01");
    assert_eq!((row.family, row.source, row.target), (Some(TransferFamily::LegacyLicense), Some(q()), Some(p())));
    assert_eq!(row.billing_split_date, Some(at("2024-03-01")));
    assert_eq!((row.status_rule, row.status_word, row.expires_at), (None, None, None));
}

#[test]
fn a_request_of_new_commerce_expires_by_time_alone_and_a_legacy_one_does_not() {
    let unanswered = |asked: SubscriptionTransferRequested| Story::new().on("2024-01-10", [requested(asked)]);
    let modern = unanswered(modern_request(1));
    let before = only(&modern, "2024-02-08T23:59:59Z");
    assert_eq!((before.status, before.expires_at), (Some(TransferStatus::Pending), Some(at("2024-02-09"))));
    let after = only(&modern, "2024-02-09");
    assert_eq!((after.status, after.status_rule), (Some(TransferStatus::Expired), Some("T-11")));
    assert_eq!((after.status_since, after.expires_at, after.ended), (at("2024-02-09"), None, None));
    let legacy = only(&unanswered(request(1)), "2025-01-01");
    assert_eq!((legacy.status, legacy.expires_at), (Some(TransferStatus::Pending), None));
}

fn approved(approval: Option<&Approval>) -> (ApprovedThrough, String, Option<ofrecord_core::Actor>) {
    let approval = approval.unwrap();
    (approval.through, approval.at.to_string(), approval.actor.clone())
}

#[test]
fn each_side_approved_by_its_request_or_its_acceptance() {
    let (asked, answered) = (at("2024-01-10").to_string(), at("2024-01-12").to_string());
    let legacy = only(&legacy(), "2024-02-01").approvals;
    assert_eq!(approved(legacy.source.as_ref()), (ApprovedThrough::Request, asked.clone(), Some(user_of(q()))));
    assert_eq!(approved(legacy.target.as_ref()), (ApprovedThrough::Acceptance, answered.clone(), Some(user_of(p()))));
    assert_eq!(legacy.customer, None);
    let modern = only(&modern(), "2024-02-01").approvals;
    assert_eq!(approved(modern.target.as_ref()), (ApprovedThrough::Request, asked, Some(user_of(p()))));
    assert_eq!(approved(modern.source.as_ref()), (ApprovedThrough::Acceptance, answered, Some(user_of(q()))));
}

#[test]
fn a_side_that_did_not_answer_has_approved_nothing() {
    let pending = only(&legacy(), "2024-01-11").approvals;
    assert!(pending.source.is_some());
    assert_eq!((pending.target, pending.customer), (None, None));
    let rejected = sold(ProductFamily::LegacyLicense)
        .by(q(), "RequestTransfer", "2024-01-10", [transfer_requested(1)])
        .by(p(), "RejectTransfer", "2024-01-12", [transfer_rejected(1)]);
    let row = only(&rejected, "2024-02-01");
    assert_eq!((row.status, row.approvals.target), (Some(TransferStatus::Rejected), None));
    assert_eq!(row.ended.unwrap().actor, Some(user_of(p())));
}

#[test]
fn a_change_by_hand_has_the_signatures_of_all_three() {
    let signed =
        |by: Signatory, day: &str| TransferSignature { by, signed_at: at(day), name: Some(by.as_str().to_owned()) };
    let form = SubscriptionTransferRequested {
        family: TransferFamily::ManualLegacyAzure,
        signatures: vec![
            signed(Signatory::Customer, "2024-01-07"),
            signed(Signatory::CurrentPartner, "2024-01-08"),
            signed(Signatory::NewPartner, "2024-01-09"),
        ],
        ..request(1)
    };
    let story = sold(ProductFamily::LegacyAzure).by(q(), "RequestTransfer", "2024-01-10", [requested(form)]);
    let approvals = only(&story, "2024-02-01").approvals;
    let by = [approvals.customer, approvals.source, approvals.target];
    let told = by.map(|side| side.map(|side| (side.through, side.at, side.name.unwrap(), side.actor)).unwrap());
    let on = |day: &str, name: &str| (ApprovedThrough::Signature, at(day), name.to_owned(), None);
    assert_eq!(
        told,
        [on("2024-01-07", "customer"), on("2024-01-08", "current_partner"), on("2024-01-09", "new_partner")]
    );
}

/// What a source's list of transfers shows.
fn listed(status: &str) -> Event {
    let shown: ObservedTransferLine = serde_json::from_value(json!({
        "subscription": subscription(1), "new_subscription": subscription(2), "status": "Complete",
    }))
    .unwrap();
    Event::SubscriptionTransferObserved(SubscriptionTransferObserved {
        transfer: transfer(1),
        family: Some(TransferFamily::LegacyLicense),
        source: Some(q()),
        target: None,
        status: Some(status.to_owned()),
        created_at: Some(at("2024-01-10")),
        completed_at: Some(at("2024-01-15")),
        lines: vec![shown],
    })
}

#[test]
fn a_reading_gives_no_actor_no_approval_and_no_step_that_it_does_not_show() {
    let story = Story::new().told("2024-02-01", SourceSystem::PartnerCenterRest, [listed("Complete")]);
    let row = only(&story, "2024-03-01");
    assert_eq!((row.status, row.status_word.as_deref()), (Some(TransferStatus::Complete), Some("Complete")));
    assert_eq!((row.target, row.accepted, row.billing_split_date), (None, None, None));
    assert_eq!(row.approvals, super::Approvals::default());
    let requested = row.requested.unwrap();
    assert_eq!((requested.at, requested.actor), (at("2024-01-10"), None));
    let ended = row.ended.unwrap();
    assert_eq!((ended.at, ended.actor), (at("2024-01-15"), None));
    assert_eq!(row.lines[0].new_subscription, Some(subscription(2)));
}

#[test]
fn an_imported_request_names_the_side_and_nobody_in_person() {
    let story = Story::new().told("2024-01-10", SourceSystem::PartnerCenterAudit, [transfer_requested(1)]);
    let source = only(&story, "2024-02-01").approvals.source.unwrap();
    assert_eq!((source.through, source.actor), (ApprovedThrough::Request, None));
}

#[test]
fn a_word_that_is_not_published_is_shown_as_it_stands() {
    let story = Story::new().told("2024-02-01", SourceSystem::PartnerCenterRest, [listed("Levitating")]);
    let row = only(&story, "2024-03-01");
    assert_eq!(row.status, Some(TransferStatus::Unrecognised("Levitating".into())));
}

#[test]
fn each_line_tells_what_became_of_it_under_which_id() {
    let both = SubscriptionTransferRequested {
        lines: vec![TransferLine { entitlement: Some(subscription(9)), ..line(1) }, line(3)],
        partner_id_on_record: Some("1000004".parse().unwrap()),
        ..request(1)
    };
    let failed = Event::SubscriptionTransferLineFailed(SubscriptionTransferLineFailed {
        transfer: transfer(1),
        subscription: subscription(3),
        code: Some(900_103),
        error: "not in sync".to_owned(),
    });
    let moved = completion(1, Some(2));
    let item = TransferredItem {
        order: Some("order-of-p".parse().unwrap()),
        partner_id_on_record: Some("1000004".parse().unwrap()),
        ..moved.items[0].clone()
    };
    let in_part =
        SubscriptionTransferCompleted { items: vec![item], outcome: TransferOutcome::PartiallyComplete, ..moved };
    let story = sold(ProductFamily::LegacyLicense)
        .on("2024-01-01", [bought(purchase(3, q()))])
        .by(q(), "RequestTransfer", "2024-01-10", [requested(both)])
        .by(p(), "AcceptTransfer", "2024-01-12", [transfer_accepted(1, Vec::new())])
        .on("2024-01-15", [failed, completed(in_part)]);
    let row = only(&story, "2024-02-01");
    assert_eq!(row.status, Some(TransferStatus::PartiallyComplete));
    let [first, second] = row.lines.as_slice() else { panic!("{:#?}", row.lines) };
    assert_eq!((first.subscription, first.new_subscription), (subscription(1), Some(subscription(2))));
    assert_eq!((first.entitlement, first.quantity), (Some(subscription(9)), Some(25)));
    assert_eq!(first.order.as_ref().unwrap().as_str(), "order-of-p");
    assert_eq!(first.partner_id_on_record.as_ref().unwrap().as_str(), "1000004");
    assert_eq!((&second.outcome, second.error_code), (&LineStatus::Failed, Some(900_103)));
    assert_eq!((second.error.as_deref(), second.new_subscription), (Some("not in sync"), None));
}

#[test]
fn the_id_map_has_a_row_for_every_line() {
    let told: Vec<_> = only(&legacy(), "2024-02-01").into_lines().collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].line.subscription, told[0].line.new_subscription), (subscription(1), Some(subscription(2))));
    assert_eq!((told[0].ended_at, told[0].source, told[0].target), (Some(at("2024-01-15")), Some(q()), Some(p())));
    assert_eq!(told[0].positions.len(), 3);
}

#[test]
fn what_a_line_does_not_say_of_its_entitlement_the_subscription_does() {
    let azure = SubscriptionPurchased {
        product: product(ProductFamily::LegacyAzure),
        entitlement: Some(subscription(9)),
        ..purchase(1, q())
    };
    let story = Story::new().on("2024-01-01", [bought(azure)]).by(
        q(),
        "RequestTransfer",
        "2024-01-10",
        [transfer_requested(1)],
    );
    let row = only(&story, "2024-02-01");
    assert_eq!(row.lines[0].entitlement, Some(subscription(9)));
    assert!(row.cells.of("lines").any(|position| position == story.entries[0].position));
}

#[test]
fn every_field_names_the_entries_that_set_it() {
    let story = legacy();
    let row = only(&story, "2024-02-01");
    let positions: Vec<u64> = story.entries.iter().map(|entry| entry.position).collect();
    let of = |field: &'static str| row.cells.of(field).collect::<Vec<_>>();
    assert_eq!(
        (of("requested"), of("accepted"), of("ended")),
        (vec![positions[1]], vec![positions[2]], vec![positions[3]])
    );
    assert_eq!(of("approvals"), [positions[1], positions[2]]);
    assert_eq!(of("billing_split_date"), [positions[3]]);
    assert_eq!(row.positions, positions[1..]);
}

fn ids(numbers: &[u32]) -> BTreeSet<SubscriptionId> {
    numbers.iter().map(|number| subscription(*number)).collect()
}

#[test]
fn a_subscription_is_followed_through_every_transfer() {
    let back =
        SubscriptionTransferCompleted { source: p(), target: q(), transfer: transfer(2), ..completion(2, Some(3)) };
    let story = legacy().on("2024-06-01", [completed(back)]);
    let (policy, record) = (worldwide(), story.record());
    let known = |number: u32, day: &str| lineage(&record, subscription(number), &seen_at(day, &policy));
    for number in [1, 2, 3] {
        assert_eq!(known(number, "2024-07-01"), ids(&[1, 2, 3]));
    }
    assert_eq!(known(1, "2024-02-01"), ids(&[1, 2]));
    assert_eq!(known(1, "2024-01-14"), ids(&[1]));
    assert_eq!(known(7, "2024-07-01"), ids(&[7]));
}

#[test]
fn a_transfer_concerns_both_ids_and_no_other() {
    let row = only(&legacy(), "2024-02-01");
    assert!(row.concerns(&ids(&[1])) && row.concerns(&ids(&[2])));
    assert!(!row.concerns(&ids(&[3])));
}

#[test]
fn what_the_source_did_not_select_is_left_out() {
    let asked = SubscriptionTransferRequested { lines: vec![line(1), line(3)], ..modern_request(1) };
    let story = Story::new().by(p(), "RequestTransfer", "2024-01-10", [requested(asked)]).by(
        q(),
        "AcceptTransfer",
        "2024-01-12",
        [transfer_accepted(1, vec![line(1)])],
    );
    let outcomes: Vec<_> = only(&story, "2024-02-01").lines.into_iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [LineStatus::Open, LineStatus::LeftOut]);
}
