//! Findings on transfers and on claims, each with a neighbour that does not show it.

use ofrecord_core::Event;
use ofrecord_core::event::partner_of_record::{
    CporClaimApproved, CporClaimDisputed, CporClaimRejected, CporClaimSubmitted,
};
use ofrecord_core::event::subscription::SubscriptionObserved;
use ofrecord_core::event::transfer::{SubscriptionTransferCompleted, SubscriptionTransferRequested};
use ofrecord_core::vocabulary::{Services, SubscriptionStatus, TransferFamily};

use super::{AUDIT, Asked, REST, accounts, check, found, in_china, standing};
use crate::finding::FindingCode;
use crate::laws::nothing_shown;
use crate::story::granular::{activated, assigned, global_reader, made, terms};
use crate::story::transfer::{
    completed, completion, modern_request, request, requested, transfer, transfer_accepted, transfer_rejected,
    transfer_requested, transferred,
};
use crate::story::{
    Story, accepted, at, azure_role, bought, dap, dap_removed, p, partner, purchase, q, subscription, worldwide,
};

/// Q and P resell, Q owns subscription 1 and has DAP.
fn administered() -> Story {
    standing().on("2024-01-01", [accepted(p()), dap(q(), Services::All)])
}

#[test]
fn access_of_the_source_that_outlives_the_transfer_is_found() {
    let code = FindingCode::FormerOwnerStillHasAccess;
    let shows = administered().on("2024-02-01", [transferred(1, None)]);
    let does_not = shows.clone().on("2024-02-02", [dap_removed(q(), Services::All)]);
    let finding = check(code, &in_china(), &shows, &does_not);
    assert_eq!((finding.subject.partner, finding.rule), (Some(q()), Some("T-14")));
    assert_eq!(finding.since, at("2024-02-01"));
    assert!(finding.sentence.contains("DAP") && finding.sentence.contains(&transfer(1).to_string()));
    assert_eq!(finding.positions, [shows.entries[0].position, shows.entries[1].position, shows.last()]);
    // Access that began later counts from where it began.
    let later = standing().on("2024-02-01", [accepted(p()), transferred(1, None)]).on("2024-03-01", [azure_role(q())]);
    let finding = check(code, &in_china(), &later, &administered());
    assert_eq!(finding.since, at("2024-03-01"));
}

#[test]
fn granular_access_and_azure_roles_of_the_source_are_found_too() {
    let code = FindingCode::FormerOwnerStillHasAccess;
    let granular = |story: Story| {
        let made = made(q(), 1, terms(&[global_reader()]));
        story
            .on("2024-02-01", [made, activated(q(), 1)])
            .on("2024-02-02", assigned(q(), 1, 1, &[global_reader()]))
            .on("2024-02-03", assigned(q(), 1, 2, &[global_reader()]))
    };
    let given_up = || standing().on("2024-01-01", [accepted(p())]).on("2024-03-01", [transferred(1, None)]);
    let asked = Asked { as_of: "2024-04-01", ..in_china() };
    // Two assignments of one relationship are one grant.
    let finding = check(code, &asked, &granular(given_up()), &granular(standing()));
    assert!(finding.sentence.contains("granular access"), "{}", finding.sentence);
    assert!(finding.subject.relationship.is_some());
    let role = given_up().on("2024-03-02", [azure_role(q())]);
    let finding = check(code, &asked, &role, &given_up().on("2024-03-02", [azure_role(p())]));
    assert!(finding.sentence.contains("an Azure role"), "{}", finding.sentence);
}

#[test]
fn a_transfer_that_moved_nothing_leaves_no_former_owner() {
    let code = FindingCode::FormerOwnerStillHasAccess;
    let asked = administered().on("2024-02-01", [transfer_requested(1)]);
    assert_eq!(found(&asked, &in_china(), code), []);
    let rejected = asked.on("2024-02-02", [transfer_rejected(1)]);
    assert_eq!(found(&rejected, &in_china(), code), []);
    let target = standing().on("2024-02-01", [accepted(p()), dap(p(), Services::All), transferred(1, None)]);
    assert_eq!(found(&target, &in_china(), code), []);
}

#[test]
fn the_newest_transfer_away_is_the_one_that_is_named() {
    let second = SubscriptionTransferCompleted { transfer: transfer(2), ..completion(2, None) };
    let story = administered()
        .on("2024-01-01", [bought(purchase(2, q()))])
        .on("2024-02-01", [transferred(1, None)])
        .on("2024-03-01", [completed(second)]);
    let mut shown = found(&story, &in_china(), FindingCode::FormerOwnerStillHasAccess);
    assert_eq!(shown.len(), 1);
    assert!(shown.remove(0).sentence.contains(&transfer(2).to_string()));
}

#[test]
fn a_request_that_nobody_answered_in_time_is_found() {
    let code = FindingCode::TransferExpired;
    let asked = Asked { policy: worldwide(), ..in_china() };
    let unanswered = |request: SubscriptionTransferRequested| standing().on("2024-10-18", [requested(request)]);
    let shows = unanswered(modern_request(1));
    let does_not = shows.clone().on("2024-11-16T23:59:59Z", [transfer_rejected(1)]);
    let finding = check(code, &asked, &shows, &does_not);
    assert_eq!((finding.since, finding.rule), (at("2024-11-17"), Some("T-11")));
    assert_eq!((finding.subject.partner, finding.positions), (Some(p()), vec![shows.last()]));
    // A legacy request waits for ever, and neither has expired before its time.
    assert_eq!(found(&unanswered(request(1)), &asked, code), []);
    assert_eq!(found(&shows, &Asked { as_of: "2024-11-16T23:59:59Z", ..asked }, code), []);
}

fn submitted(claimant: &str) -> Event {
    Event::CporClaimSubmitted(CporClaimSubmitted {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: claimant.parse().unwrap(),
        claim_id: None,
    })
}

fn approved(claimant: &str, workload: &str) -> Event {
    Event::CporClaimApproved(CporClaimApproved {
        subscription: subscription(1),
        workload: workload.parse().unwrap(),
        partner_id: claimant.parse().unwrap(),
        claim_id: None,
    })
}

#[test]
fn two_claims_of_one_workload_are_found_until_one_is_rejected() {
    let code = FindingCode::CporClaimsConflict;
    let claimed = || standing().told("2024-02-01", AUDIT, [submitted("42"), approved("42", "Teams")]);
    let disputed = Event::CporClaimDisputed(CporClaimDisputed {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: "43".parse().unwrap(),
        claim_id: None,
    });
    let rejected = Event::CporClaimRejected(CporClaimRejected {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: "43".parse().unwrap(),
        claim_id: None,
        reason: None,
    });
    for second in [submitted("43"), approved("43", "Teams"), disputed] {
        let shows = claimed().told("2024-03-01", AUDIT, [second]);
        let does_not = shows.clone().told("2024-03-02", AUDIT, [rejected.clone()]);
        let finding = check(code, &in_china(), &shows, &does_not);
        assert_eq!((finding.rule, finding.since), (Some("I-11"), at("2024-03-01")));
        assert!(finding.sentence.contains("42") && finding.sentence.contains("43"), "{}", finding.sentence);
        assert_eq!(finding.subject.subscription, Some(subscription(1)));
    }
    let apart = claimed().told("2024-03-01", AUDIT, [approved("43", "Exchange")]);
    assert_eq!(found(&apart, &in_china(), code), []);
    let none_approved = standing().told("2024-02-01", AUDIT, [submitted("42"), submitted("43")]);
    assert_eq!(found(&none_approved, &in_china(), code), []);
}

#[test]
fn steps_of_transfers_that_the_rules_refuse_are_found() {
    let both = || standing().on("2024-01-02", [accepted(p())]);
    let told = |story: Story, when: &str, event: Event| story.told(when, AUDIT, [event]);
    let by_the_wrong_side = SubscriptionTransferRequested { initiated_by: p(), ..request(1) };
    let other = SubscriptionTransferRequested { transfer: transfer(2), ..request(1) };
    let from_another = SubscriptionTransferCompleted { source: partner(3), ..completion(1, None) };
    let ended = both().on("2024-02-01", [transfer_requested(1)]).on("2024-02-02", [transfer_rejected(1)]);
    let rows: Vec<(&str, Story, Story)> = vec![
        (
            "T-1",
            told(both(), "2024-02-01", requested(by_the_wrong_side)),
            told(both(), "2024-02-01", transfer_requested(1)),
        ),
        (
            "T-2",
            told(standing(), "2024-02-01", transfer_requested(1)),
            told(both(), "2024-02-01", transfer_requested(1)),
        ),
        (
            "T-4",
            told(both().on("2024-02-01", [transfer_requested(1)]), "2024-02-03", requested(other.clone())),
            told(ended.clone(), "2024-02-03", requested(other)),
        ),
        ("T-5", told(both(), "2024-02-01", completed(from_another)), told(both(), "2024-02-01", transferred(1, None))),
        (
            "T-9",
            told(ended, "2024-02-03", transfer_accepted(1, Vec::new())),
            told(both().on("2024-02-01", [transfer_requested(1)]), "2024-02-03", transfer_accepted(1, Vec::new())),
        ),
    ];
    for (rule, shows, does_not) in rows {
        let finding = check(FindingCode::RuleViolatedInEvidence, &in_china(), &shows, &does_not);
        assert_eq!(finding.rule, Some(rule), "{}", finding.sentence);
    }
}

/// What the target's list shows of the subscription that it took over.
fn shown_with_the_target(number: u32) -> Event {
    Event::SubscriptionObserved(Box::new(SubscriptionObserved {
        owner: Some(p()),
        order: Some("order-of-p".parse().unwrap()),
        status: Some(SubscriptionStatus::Active),
        ..nothing_shown(number)
    }))
}

#[test]
fn an_owner_whom_a_transfer_explains_is_no_conflict() {
    let sold = || Story::new().told("2024-01-01", AUDIT, [accepted(q()), bought(purchase(1, q()))]);
    let seen = |story: Story| story.told("2024-03-01", REST, [shown_with_the_target(1)]);
    let shown = found(&seen(sold()), &in_china(), FindingCode::SourceConflict);
    let fields: Vec<_> = shown.iter().map(|finding| finding.subject.field.as_deref().unwrap()).collect();
    assert_eq!(fields, ["order", "owner"]);
    let explained = seen(sold().told("2024-02-01", AUDIT, [transferred(1, None)]));
    assert_eq!(found(&explained, &in_china(), FindingCode::SourceConflict), []);
}

#[test]
fn a_subscription_that_a_transfer_gave_another_id_began_with_it() {
    let code = FindingCode::SourceSaysActiveButNoCreationSeen;
    let shows = standing().told("2024-03-01", REST, [shown_with_the_target(2)]);
    let does_not =
        standing().on("2024-02-01", [transferred(1, Some(2))]).told("2024-03-01", REST, [shown_with_the_target(2)]);
    check(code, &in_china(), &shows, &does_not);
}

#[test]
fn an_unpublished_word_on_a_transfer_is_found() {
    let odd = SubscriptionTransferRequested { family: TransferFamily::from_wire("by_pigeon"), ..request(1) };
    let story = |request: SubscriptionTransferRequested| standing().told("2024-02-01", AUDIT, [requested(request)]);
    let finding = check(FindingCode::UnrecognisedValue, &in_china(), &story(odd), &story(request(1)));
    assert_eq!(finding.subject.field.as_deref(), Some("transfer_family"));
}

#[test]
fn the_access_of_another_partner_does_not_matter() {
    let asked = Asked { accounts: accounts(&[]), ..in_china() };
    let story = standing()
        .on("2024-01-01", [accepted(p()), dap(partner(3), Services::All)])
        .on("2024-02-01", [transferred(1, None)]);
    assert_eq!(found(&story, &asked, FindingCode::FormerOwnerStillHasAccess), []);
}
