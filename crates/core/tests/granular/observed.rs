//! Whose a relationship is that a source shows under a customer: rule G-21 for what is observed.

use ofrecord_core::{ActorKind, Cloud, CustomerId, Outcome, Policy, PolicyRef};
use serde_json::{Value, json};

use crate::office::{C, C2, P, R1, Story, admin, agent, check, created, event_of, of_kind, on};

const SEEN: &str = "2022-01-02T00:00:00Z";
const LATER: &str = "2022-01-03T00:00:00Z";

/// An event on R1 of P that does not say whose it is, nor until when.
fn shown(name: &str) -> Value {
    let mut event = event_of(name).unwrap();
    event["partner"] = json!(P);
    event["relationship"] = json!(R1);
    for name in ["customer", "ends_at"] {
        event.as_object_mut().unwrap().remove(name);
    }
    event
}

fn observe(events: &[Value]) -> Value {
    json!({"type": "RecordObservation", "events": events})
}

/// After some events were shown under C, or refused for this reason; a refusal changes nothing.
#[track_caller]
fn after(given: Story, events: &[Value], then: &[&str]) -> Story {
    check(given, (SEEN, of_kind(ActorKind::Importer), Some(C), observe(events)), then)
}

/// The customer that P's account has for a relationship.
fn whose(story: &Story, relationship: &str) -> Option<CustomerId> {
    let known = story.partner(P).granular.by_id[&relationship.parse().unwrap()].clone();
    known.customer.map(|customer| customer.value)
}

fn c() -> Option<CustomerId> {
    Some(C.parse().unwrap())
}

fn office_of(version: u32) -> Story {
    let mut story = Story::in_cloud(Cloud::Worldwide).with_partners();
    story.policy = Policy::of(PolicyRef { cloud: Cloud::Worldwide, version }).unwrap();
    story
}

fn newest() -> Story {
    office_of(Policy::current(Cloud::Worldwide).reference.version)
}

#[test]
fn a_relationship_given_to_another_customer_is_not_shown_under_this_one() {
    for name in ["GdapRelationshipApproved", "GdapRelationshipActivated", "GdapRelationshipObserved"] {
        let mut of_another = shown(name);
        of_another["customer"] = json!(C2);
        let refused = &["L-12", "observation_not_allowed"];
        after(newest(), &[of_another.clone()], refused);
        after(newest(), &[shown("GdapRelationshipExpired"), of_another.clone()], refused);
        after(created(json!({})), &[of_another.clone()], refused);
        // What was decided before this was a rule is decided the same again.
        after(office_of(2), &[of_another], &[name]);
    }
}

#[test]
fn what_is_shown_under_a_customer_is_that_customers() {
    // An event that can say it says it; any other one is followed by one that does.
    let rows: &[(&[&str], &[&str])] = &[
        (&["GdapRelationshipCreated"], &["GdapRelationshipCreated"]),
        (&["GdapRelationshipApproved"], &["GdapRelationshipApproved"]),
        (&["GdapRelationshipActivated"], &["GdapRelationshipActivated"]),
        (&["GdapRelationshipObserved"], &["GdapRelationshipObserved"]),
        (&["GdapRelationshipExpired"], &["GdapRelationshipExpired", "GdapRelationshipObserved"]),
        (&["GdapRequestObserved"], &["GdapRequestObserved", "GdapRelationshipObserved"]),
        (&["GdapOperationObserved"], &["GdapOperationObserved", "GdapRelationshipObserved"]),
        (
            &["GdapRelationshipTerminationRequested", "GdapRelationshipTerminated"],
            &["GdapRelationshipTerminationRequested", "GdapRelationshipTerminated", "GdapRelationshipObserved"],
        ),
        (&["GdapRequestObserved", "GdapRelationshipActivated"], &["GdapRequestObserved", "GdapRelationshipActivated"]),
    ];
    for (names, then) in rows {
        let events: Vec<Value> = names.iter().map(|name| shown(name)).collect();
        assert_eq!(whose(&after(newest(), &events, then), R1), c(), "{names:?}");
        let before = after(office_of(2), &events, names);
        assert_eq!(whose(&before, R1), None, "{names:?}, as it was decided by the second version");
    }
}

#[test]
fn what_is_known_of_whose_it_is_stays() {
    let ended = [shown("GdapRelationshipTerminated")];
    let story = after(created(json!({})), &ended, &["GdapRelationshipTerminated"]);
    assert_eq!(whose(&story, R1), c());
    // Another source that does not say it states the same fact.
    let active = [shown("GdapRelationshipActivated")];
    let story = after(newest(), &active, &["GdapRelationshipActivated"]);
    after(story, &active, &["EvidenceAdded"]);
    let elsewhere = check(
        created(json!({})),
        (SEEN, of_kind(ActorKind::Importer), Some(C2), observe(&ended)),
        &["GdapRelationshipTerminated"],
    );
    assert_eq!(whose(&elsewhere, R1), c(), "the partner's account keeps what it has");
}

#[test]
fn an_assignment_and_a_relationship_shown_for_nobody_say_nothing_of_whose_it_is() {
    let assignment = "GdapAccessAssignmentObserved";
    let story = after(newest(), &[shown(assignment)], &[assignment]);
    assert!(story.partner(P).granular.by_id.is_empty(), "an assignment is the customer's alone");
    let pending = [shown("GdapRelationshipObserved")];
    let importer = of_kind(ActorKind::Importer);
    let story = check(newest(), (SEEN, importer, None, observe(&pending)), &["GdapRelationshipObserved"]);
    assert_eq!(whose(&story, R1), None);
}

#[test]
fn commands_go_on_with_what_was_shown_without_its_customer() {
    let active = [shown("GdapRelationshipActivated")];
    let ask = || (LATER, agent(P), Some(C), on("TerminateGdap", json!({})));
    let mismatch = &["G-21", "customer_mismatch"];
    check(after(office_of(2), &active, &["GdapRelationshipActivated"]), ask(), mismatch);
    let story = after(newest(), &active, &["GdapRelationshipActivated"]);
    check(story.clone(), (LATER, admin(C2), Some(C2), on("TerminateGdap", json!({}))), mismatch);
    let happens = &["GdapRelationshipTerminationRequested"];
    check(story, ask(), happens);
    // What an older version left with nobody, the next word of it gives its customer.
    let mut left = after(office_of(2), &active, &["GdapRelationshipActivated"]);
    left.policy = newest().policy;
    let again = observe(&[shown("GdapRequestObserved")]);
    let outcome = left.at("2022-01-02T12:00:00Z", &of_kind(ActorKind::Importer), Some(C), again);
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    check(left, ask(), happens);
}
