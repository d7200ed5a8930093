//! What stands behind an answer.

use ofrecord_core::Event;
use ofrecord_core::event::ledger::EvidenceAdded;
use ofrecord_core::evidence::SourceSystem;

use super::{AboutWhat, Explanation, Question, explain};
use crate::story::granular::{activated, assigned, global_reader, made, relationship, terms};
use crate::story::transfer::{transfer_accepted, transfer_requested, transferred};
use crate::story::{
    Story, accepted, at, bought, china, p, purchase, q, removed, replaced, seen_at, subscription, suspended,
};

const AUDIT: SourceSystem = SourceSystem::PartnerCenterAudit;

fn explained(story: &Story, question: Question, about: AboutWhat) -> Explanation {
    let policy = china();
    explain(&story.record(), question, Some(about), &seen_at("2024-12-01", &policy))
}

#[test]
fn a_reseller_is_explained_by_the_acceptance_alone() {
    let story = Story::new()
        .told("2024-01-01", AUDIT, [accepted(q())])
        .on("2024-02-01", [accepted(p())])
        .on("2024-03-01", [bought(purchase(1, p())), suspended(1)]);
    let explanation = explained(&story, Question::Resellers, AboutWhat::Partner(q()));
    assert_eq!(explanation.positions, [story.entries[0].position]);
    let entry = &explanation.entries[0];
    assert_eq!((entry.event, entry.effective_at), ("ResellerRelationshipAcceptedByCustomer", at("2024-01-01")));
    assert_eq!(entry.evidence[0].source, AUDIT);
    let fields = ["accepted_by", "established", "relationship"].map(|field| format!("{}: {field}", q()));
    assert_eq!(entry.sets, fields);
}

#[test]
fn a_subscription_is_explained_by_what_still_counts_of_it() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q())])
        .on("2024-01-02", [bought(purchase(1, q()))])
        .on("2024-11-30", [suspended(1)]);
    let explanation = explained(&story, Question::Subscriptions, AboutWhat::Subscription(subscription(1)));
    assert_eq!(explanation.positions, [story.entries[1].position, story.entries[2].position]);
}

#[test]
fn that_a_partner_is_no_reseller_is_explained_by_what_ended() {
    let story = Story::new().on("2024-01-01", [accepted(q())]).on("2024-02-01", [removed(q())]);
    let explanation = explained(&story, Question::Resellers, AboutWhat::Partner(q()));
    assert_eq!(explanation.answer, Vec::<serde_json::Value>::new());
    assert_eq!(explanation.positions, [story.entries[0].position, story.entries[1].position]);
    let never = explained(&story, Question::Resellers, AboutWhat::Partner(p()));
    assert_eq!((never.answer.len(), never.positions.len()), (0, 0));
}

#[test]
fn evidence_that_was_added_later_is_shown_with_the_fact() {
    let story = Story::new().told("2024-01-01", AUDIT, [accepted(q())]);
    let second = Event::EvidenceAdded(EvidenceAdded { position: story.last(), event_index: 0 });
    let story = story.told("2024-01-02", SourceSystem::PartnerCenterWebhook, [second]);
    let explanation = explained(&story, Question::Resellers, AboutWhat::Partner(q()));
    let sources: Vec<_> = explanation.entries[0].evidence.iter().map(|evidence| evidence.source.clone()).collect();
    assert_eq!(sources, [AUDIT, SourceSystem::PartnerCenterWebhook]);
}

#[test]
fn a_corrected_fact_is_explained_with_its_correction() {
    let story = Story::new().on("2024-01-01", [accepted(p())]);
    let first = story.last();
    // Made after the instant asked about, and all the same a part of why.
    let story = story.on("2025-02-01", [replaced(first, 0, accepted(q()))]);
    let explanation = explained(&story, Question::Resellers, AboutWhat::Partner(q()));
    assert_eq!(explanation.positions, [first, story.last()]);
    let events: Vec<_> = explanation.entries.iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["ResellerRelationshipAcceptedByCustomer", "EventCorrected"]);
}

fn granular() -> Story {
    Story::new()
        .on("2024-01-01", [made(q(), 1, terms(&[global_reader()]))])
        .on("2024-01-02", [made(q(), 2, terms(&[global_reader()])), activated(q(), 2)])
        .on("2024-08-01", [activated(q(), 1)])
        .on("2024-08-02", assigned(q(), 1, 1, &[global_reader()]))
}

#[test]
fn a_granular_relationship_is_explained_without_the_others() {
    let story = granular();
    let at = |index: usize| story.entries[index].position;
    let explanation = explained(&story, Question::Gdap, AboutWhat::Relationship(relationship(1)));
    assert_eq!((explanation.answer.len(), explanation.positions), (1, vec![at(0), at(2), at(3)]));
    let explanation = explained(&story, Question::Access, AboutWhat::Relationship(relationship(1)));
    assert_eq!((explanation.answer.len(), explanation.positions), (1, vec![at(0), at(2), at(3)]));
    let explanation = explained(&story, Question::Gdap, AboutWhat::Partner(q()));
    assert_eq!((explanation.answer.len(), explanation.positions.len()), (2, 4));
}

#[test]
fn that_a_relationship_gives_no_access_is_explained_by_how_it_stands() {
    let story = granular();
    let explanation = explained(&story, Question::Access, AboutWhat::Relationship(relationship(2)));
    assert_eq!((explanation.answer.len(), explanation.positions), (0, vec![story.entries[1].position]));
}

#[test]
fn a_transfer_is_explained_by_its_steps_under_either_id() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q()), bought(purchase(1, q()))])
        .on("2024-01-10", [transfer_requested(1)])
        .on("2024-01-12", [transfer_accepted(1, Vec::new())])
        .on("2024-01-15", [transferred(1, Some(2))])
        .on("2024-01-20", [suspended(2)]);
    let steps: Vec<u64> = story.entries[1..4].iter().map(|entry| entry.position).collect();
    for about in [
        AboutWhat::Subscription(subscription(1)),
        AboutWhat::Subscription(subscription(2)),
        AboutWhat::Partner(q()),
        AboutWhat::Partner(p()),
    ] {
        let explanation = explained(&story, Question::Transfers, about.clone());
        assert_eq!(explanation.positions, steps, "{about:?}");
        assert!(explanation.entries[2].sets.iter().any(|field| field.ends_with(": billing_split_date")));
    }
    let other = explained(&story, Question::Transfers, AboutWhat::Subscription(subscription(3)));
    assert_eq!(other.answer, Vec::<serde_json::Value>::new());
}

#[test]
fn the_subscription_of_the_target_is_explained_by_the_purchase_and_the_transfer() {
    let story = Story::new()
        .on("2024-01-01", [bought(purchase(1, q()))])
        .on("2024-01-10", [transfer_requested(1)])
        .on("2024-01-15", [transferred(1, Some(2))]);
    let explanation = explained(&story, Question::Subscriptions, AboutWhat::Subscription(subscription(2)));
    assert_eq!(explanation.positions, [story.entries[0].position, story.entries[2].position]);
}
