//! The record about itself: corrections (L-1), two times (L-5), one fold (L-4), and the columns a family may touch.

use ofrecord_core::state::Terms;
use ofrecord_core::{Actor, ActorKind, Customer, EventRef, Fact, History, Role, Timestamp};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, P, Q, S1, S2, SOON, agent, at, event, happens, id, nce, of_kind, on, purchase, refused, with,
};

fn officer() -> Actor {
    Actor { role: Some(Role::ComplianceOfficer), ..of_kind(ActorKind::Operator) }
}

/// The position of the purchase in [`nce`].
const PURCHASE: u64 = 14;

fn correct(fields: Value) -> Value {
    with(
        json!({"type": "CorrectEvent", "position": PURCHASE, "replacement": replacement(json!({"quantity": 12})),
            "reason": "the order says twelve"}),
        fields,
    )
}

fn replacement(fields: Value) -> Value {
    with(purchase(S1, "new_commerce_license"), fields)
}

#[test]
fn only_a_compliance_officer_corrects() {
    let pretender = Actor { role: Some(Role::ComplianceOfficer), ..agent(Q) };
    for actor in [agent(Q), of_kind(ActorKind::Operator), pretender] {
        refused(nce(), LATER, actor, correct(json!({})), ("L-1", "only_compliance_officer"));
    }
}

#[test]
fn a_correction_names_an_event_and_a_reason() {
    refused(nce(), LATER, officer(), correct(json!({"reason": " "})), ("L-1", "reason_required"));
    for fields in [json!({"position": 9_999}), json!({"event_index": 7})] {
        refused(nce(), LATER, officer(), correct(fields), ("L-1", "event_not_found"));
    }
    let later = correct(json!({"replacement_effective_at": "2030-01-01T00:00:00Z"}));
    refused(nce(), LATER, officer(), later, ("L-5", "effective_at_in_future"));
}

#[test]
fn a_correction_keeps_the_subject() {
    let other = |fields: Value| correct(json!({"replacement": replacement(fields)}));
    for asked in [
        other(json!({"subscription": S2})),
        other(json!({"owner": P})),
        correct(json!({"replacement": on("SubscriptionDeleted", S1, json!({}))})),
        correct(json!({"replacement": {"type": "EvidenceAdded", "position": 0, "event_index": 0}})),
    ] {
        refused(nce(), LATER, officer(), asked, ("L-1", "correction_changes_subject"));
    }
}

#[test]
fn a_correction_is_not_corrected_itself() {
    let story = happens(nce(), LATER, officer(), correct(json!({})), &["EventCorrected"]);
    let again = correct(json!({"position": PURCHASE + 1}));
    refused(story, LATER, officer(), again, ("L-1", "event_not_correctable"));
}

#[test]
fn a_correction_stands_in_every_stream_of_the_event() {
    let story = nce().told(SOON, json!({"type": "PartnerAccountSuspended", "partner": P, "reason": "abuse"}));
    let asked = json!({"type": "CorrectEvent", "position": PURCHASE + 1, "reason": "never happened"});
    refused(story.clone(), LATER, officer(), asked.clone(), ("L-1", "correction_misses_stream"));
    happens(story, LATER, officer(), with(asked, json!({"partners": [P]})), &["EventCorrected"]);
}

#[test]
fn a_correction_replaces_or_withdraws_and_the_newest_holds() {
    let quantity = |customer: &Customer| customer.subscriptions.by_id[&id(S1)].terms.quantity.as_ref().unwrap().value;
    let story = happens(nce(), LATER, officer(), correct(json!({})), &["EventCorrected"]);
    assert_eq!(quantity(&story.customer()), 12);
    let stamp = story.customer().subscriptions.by_id[&id(S1)].first_seen;
    assert_eq!(stamp.positions().collect::<Vec<_>>(), [PURCHASE, PURCHASE + 1]);
    let thirteen = correct(json!({"replacement": replacement(json!({"quantity": 13}))}));
    let story = happens(story, LATER, officer(), thirteen, &["EventCorrected"]);
    assert_eq!(quantity(&story.customer()), 13);
    let withdrawn = correct(json!({"replacement": null}));
    let story = happens(story, LATER, officer(), withdrawn, &["EventCorrected"]);
    assert!(story.customer().subscriptions.by_id.is_empty());
}

fn fact(position: u64, instant: &str, value: Value) -> Fact {
    let at_position = EventRef { position, index: 0 };
    Fact { at: at_position, effective_at: at(instant), event: event(value).into(), corrected_by: None }
}

fn seats(after: u64) -> Value {
    on("SubscriptionSeatsChanged", S1, json!({"before": 10, "after": after}))
}

fn quantity(customer: &Customer) -> Option<u64> {
    let terms: &Terms = &customer.subscriptions.by_id.get(&id(S1))?.terms;
    terms.quantity.as_ref().map(|quantity| quantity.value)
}

fn history(facts: &[Fact]) -> History<Customer> {
    let mut history = History::default();
    facts.iter().cloned().for_each(|fact| history.push(fact));
    history
}

#[test]
fn a_late_fact_changes_what_was_true_but_not_what_was_known() {
    let facts = [fact(0, BOUGHT, purchase(S1, "legacy_license")), fact(1, LATER, seats(20)), fact(2, SOON, seats(15))];
    let history = history(&facts);
    assert_eq!(quantity(history.latest()), Some(20));
    assert_eq!(quantity(&history.state_at(at(SOON), 2)), Some(10));
    assert_eq!(quantity(&history.state_at(at(SOON), 3)), Some(15));
    assert_eq!(quantity(&history.state_at(at("2024-02-29T00:00:00Z"), 3)), None);
}

#[test]
fn a_fact_that_a_correction_moved_ahead_is_folded_after_what_came_between() {
    let moved = json!({"type": "EventCorrected", "position": 1, "event_index": 0, "replacement": seats(30),
        "effective_at": "2024-09-01T00:00:00Z", "reason": "happened later"});
    let facts = [
        fact(0, BOUGHT, purchase(S1, "legacy_license")),
        fact(1, SOON, seats(15)),
        fact(2, SOON, moved),
        fact(3, LATER, seats(20)),
    ];
    let history = history(&facts);
    assert_eq!(history.latest_effective(), Some(at("2024-09-01T00:00:00Z")));
    assert_eq!(quantity(history.latest()), Some(30));
    assert_eq!(quantity(&history.state_at(at(LATER), 4)), Some(20));
    assert_eq!(quantity(&history.state_at(at(SOON), 2)), Some(15));
    assert_eq!(history.latest(), &history.state_at(Timestamp::MAX, u64::MAX));
}

#[test]
fn folding_in_any_order_of_arrival_ends_in_the_same_state() {
    let facts = [
        fact(0, BOUGHT, purchase(S1, "legacy_license")),
        fact(1, SOON, seats(15)),
        fact(2, LATER, on("SubscriptionSuspended", S1, json!({"reason": "fraud"}))),
        fact(3, "2024-07-01T00:00:00Z", on("SubscriptionReactivated", S1, json!({}))),
    ];
    let straight = history(&facts);
    for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 0, 3, 1]] {
        let shuffled = history(&order.map(|index: usize| facts[index].clone()));
        assert_eq!(shuffled.latest(), straight.latest());
        assert_eq!(shuffled.facts(), straight.facts());
    }
}

#[test]
fn an_expected_instant_in_the_future_is_refused() {
    let mut story = nce();
    let (now, then) = (at(LATER), at("2024-06-01T00:00:00.0000001Z"));
    let request = ofrecord_core::Request {
        command_id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
        actor: agent(Q),
        customer: Some(C.parse().unwrap()),
        effective_at: Some(then),
        expected_version: None,
        evidence: Vec::new(),
        command: crate::story::command(on("AddSeats", S1, json!({"seats": 1}))),
    };
    let outcome = story.decide(&request, ofrecord_core::When { effective_at: then, recorded_at: now });
    let ofrecord_core::Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.rule, "L-5");
    story = happens(story, LATER, agent(Q), on("AddSeats", S1, json!({"seats": 1})), &["SubscriptionSeatsChanged"]);
    assert_eq!(quantity(&story.customer()), Some(11));
}
