//! Carrying out: rules T-13 to T-16, S-5 and S-12.

use ofrecord_core::vocabulary::{LineStatus, SubscriptionStatus, SuspensionReason, TransferStatus};
use ofrecord_core::{ActorKind, Event};
use serde_json::{Value, json};

use crate::deal::*;

const COMPLETED: &[&str] = &["SubscriptionTransferCompleted"];

fn done(given: Story, lines: Value) -> Story {
    happens(given, DONE, microsoft(), complete(lines), COMPLETED)
}

/// What a transfer must leave as it is (rule S-12), whichever id it stands under.
fn kept(story: &Story, id: &str) -> String {
    let terms = story.subscription(id).terms;
    format!(
        "{:?}",
        (
            (terms.quantity, terms.term, terms.billing_cycle, terms.commitment_end, terms.product),
            (terms.bought_at, terms.term_start, terms.price_terms, terms.cancellation_allowed_until),
            (terms.refundable, terms.agreement, terms.trial, terms.friendly_name),
            (terms.refund_options, terms.renewal_term, terms.listing),
        )
    )
}

#[test]
fn only_microsoft_or_this_ledger_says_how_it_was_carried_out() {
    for actor in [agent(P), agent(Q), admin(C), app(P)] {
        let lines = complete(json!([moved_to(S1, NEW1)]));
        refused(legacy_accepted(), DONE, actor, lines, ("T-13", "only_microsoft_may"));
    }
    for kind in [ActorKind::Microsoft, ActorKind::System, ActorKind::Operator, ActorKind::Importer] {
        happens(legacy_accepted(), DONE, of_kind(kind), complete(json!([moved_to(S1, NEW1)])), COMPLETED);
    }
}

#[test]
fn only_what_was_accepted_is_carried_out_or_signed_by_all_three() {
    let not_accepted = ("T-8", "transfer_not_accepted");
    refused(legacy_asked(), DONE, microsoft(), complete(json!([moved_to(S1, NEW1)])), not_accepted);
    refused(modern_asked(), DONE, microsoft(), complete(json!([moved(S1)])), not_accepted);
    let signed = happens(
        sold("legacy_azure", json!({"entitlement": S3})),
        ASKED,
        agent(Q),
        with(manual_request(), json!({"transfer": T1})),
        &["SubscriptionTransferRequested"],
    );
    let story = done(signed, json!([moved(S1)]));
    assert_eq!((story.owner_of(S1), story.transfer_status(DONE)), (Some(P.into()), Some(TransferStatus::Complete)));
}

#[test]
fn a_transfer_leaves_quantity_term_billing_and_commitment_as_they_are() {
    let shown = json!({"type": "SubscriptionObserved", "subscription": S1, "renewal_term": "P1Y",
        "refund_options": [{"kind": "Full", "expires_at": "2024-06-30T00:00:00Z"}],
        "listing": {"publisher": "Microsoft Corporation"}});
    let scheduled = json!({"type": "SubscriptionNextTermScheduled", "subscription": S1, "cause": "requested",
        "next_term": {"product": "product-2", "quantity": 9, "term": "P1Y", "billing_cycle": "annual"}});
    let before = legacy_accepted().told(ANSWERED, shown).told(ANSWERED, scheduled);
    assert!(before.subscription(S1).terms.next_term.is_some());
    let after = done(before.clone(), json!([moved_to(S1, NEW1)]));
    assert!(before.subscription(S1).terms.listing.is_some());
    assert_eq!(kept(&before, S1), kept(&after, NEW1));
    assert_eq!(kept(&before, S1), kept(&after, S1));
    let next = |story: &Story, id: &str| story.subscription(id).terms.next_term;
    assert_eq!(next(&before, S1), next(&after, NEW1), "what was scheduled goes along");
    assert_eq!(next(&after, S1), None, "and is nothing that the old id comes to");
    let before = modern_accepted();
    let after = done(before.clone(), json!([moved(S1)]));
    assert_eq!(kept(&before, S1), kept(&after, S1));
    assert_eq!(before.subscription(S1).terms, after.subscription(S1).terms, "no other term either");
    let renamed = done(before.clone(), json!([moved_to(S1, NEW1)]));
    assert_eq!(kept(&before, S1), kept(&renamed, NEW1));
}

#[test]
fn a_completion_moves_owner_and_reseller_of_record_and_gives_legacy_a_new_id() {
    let completed = |line: Value| complete(json!([line]));
    let required = ("T-13", "new_subscription_required");
    refused(legacy_accepted(), DONE, microsoft(), completed(moved(S1)), required);
    refused(legacy_accepted(), DONE, microsoft(), completed(moved_to(S1, S1)), required);
    let story = done(legacy_accepted(), json!([moved_to(S1, NEW1)]));
    assert_eq!((story.owner_of(S1), story.owner_of(NEW1)), (Some(Q.into()), Some(P.into())));
    let (old, new) = (story.subscription(S1), story.subscription(NEW1));
    assert_eq!(old.terms.status.as_ref().unwrap().value, SubscriptionStatus::Suspended);
    assert_eq!(old.terms.suspension_reason.unwrap().value, SuspensionReason::Transferred);
    assert_eq!(new.terms.status.unwrap().value, SubscriptionStatus::Active);
    assert_eq!(old.terms.transferred_to.unwrap().value, id(NEW1));
    assert_eq!(new.terms.transferred_from.unwrap().value, id(S1));
    // The reseller of record is what the line names: here nobody, where the source had named one.
    assert_eq!(old.partners_of_record.reseller_of_record.unwrap().value.unwrap().as_str(), "1000004");
    assert_eq!(new.partners_of_record.reseller_of_record.unwrap().value, None);
    assert_eq!(new.first_seen.effective_at, at(DONE));
    let again = json!({"type": "ReactivateSubscription", "subscription": S1});
    refused(story, AFTER, agent(Q), again, ("T-13", "subscription_transferred"));
}

#[test]
fn a_new_commerce_subscription_keeps_its_id_unless_another_one_is_stated() {
    let named = with(modern_request(), json!({"target": I, "partner_id_on_record": "1000004"}));
    let asked = happens(modern(), ASKED, agent(I), named, &["SubscriptionTransferRequested"]);
    let accepted = happens(asked, ANSWERED, agent(Q), accept(&[S1]), &["SubscriptionTransferAccepted"]);
    let story = done(accepted.clone(), json!([moved(S1)]));
    assert_eq!(story.owner_of(S1), Some(I.into()));
    let record = story.subscription(S1).partners_of_record;
    assert_eq!(record.reseller_of_record.unwrap().value.unwrap().as_str(), "1000004");
    assert_eq!(story.subscription(S1).terms.transferred_to, None);
    let story = done(accepted, json!([moved_to(S1, NEW1)]));
    assert_eq!(story.subscription(S1).terms.status.unwrap().value, SubscriptionStatus::Deleted);
    assert_eq!((story.owner_of(S1), story.owner_of(NEW1)), (Some(Q.into()), Some(I.into())));
}

#[test]
fn legacy_azure_disappears_at_the_source_and_keeps_its_entitlement() {
    let azure = sold("legacy_azure", json!({"entitlement": S3}));
    let asked = happens(azure, ASKED, agent(Q), legacy_request(), &["SubscriptionTransferRequested"]);
    let story = happens(asked, ANSWERED, agent(P), accept(&[]), &["SubscriptionTransferAccepted"]);
    let other = json!({"subscription": S1, "outcome": {"complete": {"new_subscription": NEW1, "entitlement": S2}}});
    refused(story.clone(), DONE, microsoft(), complete(json!([other])), ("T-13", "entitlement_changed"));
    let story = done(story, json!([moved_to(S1, NEW1)]));
    let (old, new) = (story.subscription(S1), story.subscription(NEW1));
    assert_eq!(old.terms.status.unwrap().value, SubscriptionStatus::Deleted);
    assert_eq!(old.terms.entitlement.unwrap().value, id(S3));
    assert_eq!(new.terms.entitlement.unwrap().value, id(S3));
}

#[test]
fn a_new_id_is_nobody_elses_at_any_time() {
    let taken = ("S-5", "subscription_already_exists");
    let of_another = legacy_accepted().told(BOUGHT, with(purchase(NEW1, "legacy_license"), json!({"owner": I})));
    refused(of_another, DONE, microsoft(), complete(json!([moved_to(S1, NEW1)])), taken);
    let later = legacy_accepted().told(AFTER, with(purchase(NEW1, "legacy_license"), json!({"owner": I})));
    refused(later, DONE, microsoft(), complete(json!([moved_to(S1, NEW1)])), taken);
    let moved_already = done(legacy_accepted(), json!([moved_to(S1, NEW1)]));
    let order = json!({"type": "PlaceOrder", "order": "order-9", "lines": [{"subscription": NEW1,
        "product": product("product-1", "legacy_license"), "quantity": 1, "term": "P1Y", "billing_cycle": "monthly"}]});
    refused(moved_already, LATER, agent(I), order, taken);
}

#[test]
fn an_outcome_is_stated_once_for_every_line_and_for_no_other() {
    let every = ("T-16", "outcome_of_every_line");
    let other = moved_to(S2, NEW2);
    for lines in
        [json!([]), json!([other.clone()]), json!([moved_to(S1, NEW1), other]), json!([moved_to(S1, NEW1), failed(S1)])]
    {
        refused(legacy_accepted(), DONE, microsoft(), complete(lines), every);
    }
    let both = with(legacy_request(), json!({"lines": [{"subscription": S1}, {"subscription": S2}]}));
    let second = with(
        purchase(S2, "legacy_license"),
        json!({"product": {"id": "p2", "name": "Other",
        "family": "legacy_license"}}),
    );
    let asked = happens(legacy().told("2024-01-06", second), ASKED, agent(Q), both, &["SubscriptionTransferRequested"]);
    let accepted = happens(asked, ANSWERED, agent(P), accept(&[S1, S2]), &["SubscriptionTransferAccepted"]);
    refused(accepted, DONE, microsoft(), complete(json!([moved_to(S1, NEW1)])), every);
}

#[test]
fn nothing_moves_that_is_no_longer_the_sources() {
    let gone = legacy_accepted().told(ANSWERED, json!({"type": "SubscriptionDeleted", "subscription": S1}));
    let lines = || complete(json!([moved_to(S1, NEW1)]));
    refused(gone.clone(), DONE, microsoft(), lines(), ("T-5", "subscription_not_eligible"));
    let seen = json!({"type": "SubscriptionObserved", "subscription": S1, "owner": I});
    let sold_on = legacy_accepted().told(ANSWERED, seen);
    refused(sold_on, DONE, microsoft(), lines(), ("T-5", "source_does_not_own_subscription"));
    let both = &["SubscriptionTransferLineFailed", "SubscriptionTransferCompleted"];
    happens(gone, DONE, microsoft(), complete(json!([failed(S1)])), both);
}

#[test]
fn where_every_line_fails_nothing_moves() {
    let before = legacy_accepted();
    let both = &["SubscriptionTransferLineFailed", "SubscriptionTransferCompleted"];
    let story = happens(before.clone(), DONE, microsoft(), complete(json!([failed(S1)])), both);
    assert_eq!(story.customer().subscriptions, before.customer().subscriptions);
    assert_eq!(story.transfer_status(AFTER), Some(TransferStatus::Failed));
    let line = story.transfer().lines[&id(S1)].clone();
    assert_eq!((line.status.value, line.error.unwrap().value.code), (LineStatus::Failed, Some(900_103)));
}

#[test]
fn the_bill_is_split_between_the_acceptance_and_the_completion() {
    let split = |day: &str| with(complete(json!([moved_to(S1, NEW1)])), json!({"billing_split_date": day}));
    for day in ["2024-06-11", "2024-06-14"] {
        refused(legacy_accepted(), "2024-06-13", microsoft(), split(day), ("T-15", "billing_split_out_of_range"));
    }
    for day in ["2024-06-12T18:00:00Z", "2024-06-13"] {
        let story = happens(legacy_accepted(), "2024-06-13T10:00:00Z", microsoft(), split(day), COMPLETED);
        assert_eq!(story.transfer().billing_split_date.unwrap().value, at(day).start_of_day());
    }
    let story = done(legacy_accepted(), json!([moved_to(S1, NEW1)]));
    assert_eq!(story.transfer().billing_split_date.unwrap().value, at("2024-06-12"));
}

#[test]
fn a_second_transfer_splits_the_bill_no_earlier_than_the_first() {
    // S1 went from Q to P on 12 June; on the same day P asks and Q accepts, so that it goes back.
    let asked =
        with(legacy_request(), json!({"transfer": T2, "source": P, "target": Q, "lines": [{"subscription": NEW1}]}));
    let answer = with(accept(&[]), json!({"transfer": T2}));
    let gone = || done(legacy_accepted(), json!([moved_to(S1, NEW1)]));
    let story = || {
        let story =
            happens(gone(), "2024-06-12T16:00:00Z", agent(P), asked.clone(), &["SubscriptionTransferRequested"]);
        happens(story, "2024-06-12T17:00:00Z", agent(Q), answer.clone(), &["SubscriptionTransferAccepted"])
    };
    let split =
        |day: &str| with(complete(json!([moved_to(NEW1, NEW2)])), json!({"transfer": T2, "billing_split_date": day}));
    // The day before is one on which Q was billed by the first transfer.
    for day in ["2024-06-11", "2024-06-10"] {
        refused(story(), "2024-06-13", microsoft(), split(day), ("T-15", "billing_split_out_of_range"));
    }
    for day in ["2024-06-12", "2024-06-13"] {
        happens(story(), "2024-06-13T10:00:00Z", microsoft(), split(day), COMPLETED);
    }
}

#[test]
fn a_completion_changes_no_access() {
    let owner = json!({"type": "AzureRoleAssigned", "partner": Q,
        "assignment": {"scope": "/subscriptions/1", "role": "Owner"}});
    let linked = |kind: &str| json!({"type": kind, "subscription": S1, "after": "1000002"});
    let claim = json!({"type": "CporClaimApproved", "subscription": S1, "workload": "Teams", "partner_id": "1000002"});
    let before = [owner, linked("PartnerAdminLinked"), linked("DigitalPartnerOfRecordSet"), claim]
        .into_iter()
        .fold(modern_accepted().dap(Q, json!("all")), |story, event| story.told(LATER, event));
    let after = done(before.clone(), json!([moved(S1)]));
    assert_eq!(before.customer().access, after.customer().access);
    assert_eq!(before.customer().resellers, after.customer().resellers);
    let (left, right) = (before.subscription(S1).partners_of_record, after.subscription(S1).partners_of_record);
    assert_eq!((left.pal, left.dpor, left.cpor), (right.pal, right.dpor, right.cpor));
}

#[test]
fn the_support_contact_does_not_go_along() {
    let contact = json!({"type": "SupportContactChanged", "subscription": S1, "partner": Q});
    let names = &["SubscriptionTransferCompleted", "SupportContactChanged"];
    let story = modern_accepted().told(LATER, contact.clone());
    let story = happens(story, DONE, microsoft(), complete(json!([moved(S1)])), names);
    assert_eq!(story.subscription(S1).support_contact.unwrap().value, None);
    let story = done(legacy_accepted().told(LATER, contact), json!([moved_to(S1, NEW1)]));
    assert_eq!(story.subscription(NEW1).support_contact, None);
    assert_eq!(story.subscription(S1).support_contact.unwrap().value.unwrap().partner.to_string(), Q);
}

#[test]
fn what_the_target_shows_first_of_the_new_id_stays() {
    let seen = json!({"type": "SubscriptionObserved", "subscription": NEW1, "owner": P, "quantity": 10,
        "friendly_name": "mail", "status": "active"});
    let completed = json!({"type": "SubscriptionTransferCompleted", "transfer": T1, "family": "legacy_license",
        "source": Q, "target": P, "items": [{"source_subscription": S1, "new_subscription": NEW1}],
        "billing_split_date": "2024-06-12", "outcome": "complete"});
    let story = legacy_accepted().told(ANSWERED, seen).told(DONE, completed);
    let new = story.subscription(NEW1);
    assert_eq!(new.terms.friendly_name.unwrap().set.effective_at, at(ANSWERED));
    assert_eq!(new.terms.term.unwrap().set.effective_at, at(BOUGHT));
    assert_eq!(new.terms.transferred_from.unwrap().value, id(S1));
}

#[test]
fn a_moved_base_is_the_base_of_its_moved_add_on() {
    let add_on = with(purchase(S2, "legacy_license"), json!({"parent": S1}));
    let asked =
        happens(legacy().told(BOUGHT, add_on), ASKED, agent(Q), legacy_request(), &["SubscriptionTransferRequested"]);
    let accepted = happens(asked, ANSWERED, agent(P), accept(&[]), &["SubscriptionTransferAccepted"]);
    let (story, events) =
        events_of(accepted, DONE, microsoft(), complete(json!([moved_to(S1, NEW1), moved_to(S2, NEW2)])));
    let Event::SubscriptionTransferCompleted(completed) = &events[0] else { panic!("{events:?}") };
    assert_eq!(completed.items.len(), 2);
    assert_eq!(story.subscription(NEW2).terms.parent.unwrap().value, id(NEW1));
    assert_eq!(story.subscription(S2).terms.parent.unwrap().value, id(S1));
}
