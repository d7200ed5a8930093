//! What sources show of relationships and access: kept as shown, nothing invented between (rules L-8, L-12).

use ofrecord_core::state::{Establishment, Relationship};
use ofrecord_core::vocabulary::{RelationshipKind, RemovedBy, Services};
use serde_json::{Value, json};

use crate::story::{C, P, Story, partner_id};

fn seen(relationship: &str) -> Value {
    json!({"type": "ResellerRelationshipObserved", "partner": P, "relationship": relationship})
}

fn after(events: &[Value]) -> Option<Relationship> {
    let story = events.iter().fold(Story::in_china(), |story, event| story.about_customer(C, event.clone()));
    story.customer().resellers.relationships.get(&partner_id(P)).cloned()
}

fn accepted() -> Value {
    json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": P, "generation": 1})
}

fn removed() -> Value {
    json!({"type": "ResellerRelationshipRemovedByPartner", "partner": P, "subscriptions_considered": [], "generation": 1})
}

#[test]
fn a_relationship_seen_standing_is_observed_and_not_accepted() {
    let relationship = after(&[seen("reseller")]).unwrap();
    assert!(relationship.stands());
    assert_eq!((relationship.established.value, relationship.generation), (Establishment::Observed, 1));
    let known = after(&[accepted(), seen("reseller")]).unwrap();
    assert_eq!(known.established.value, Establishment::AcceptedByCustomer);
    assert!(known.confirmed.is_some());
}

#[test]
fn a_relationship_seen_gone_has_ended_and_one_never_known_has_not() {
    assert_eq!(after(&[seen("none")]), None);
    let ended = after(&[accepted(), seen("none")]).unwrap();
    assert_eq!(ended.ended.map(|end| end.value), Some(RemovedBy::Unknown));
    let mut by_customer = seen("none");
    by_customer["ended_by"] = json!("customer");
    let ended = after(&[accepted(), by_customer, removed()]).unwrap();
    assert_eq!(ended.ended.map(|end| end.value), Some(RemovedBy::Customer), "the first end is the end");
}

#[test]
fn generations_are_counted_from_what_happened() {
    let again = after(&[accepted(), removed(), accepted()]).unwrap();
    assert_eq!((again.generation, again.ended), (2, None));
    let seen_again = after(&[accepted(), removed(), seen("reseller")]).unwrap();
    assert_eq!((seen_again.generation, seen_again.established.value), (2, Establishment::Observed));
    let twice = after(&[accepted(), accepted()]).unwrap();
    assert_eq!(twice.generation, 1);
}

#[test]
fn other_kinds_are_kept_as_shown_and_are_no_resellers() {
    for word in ["advisor", "syndication", "microsoft_support", "unknown", "moon"] {
        let relationship = after(&[seen(word)]).unwrap();
        assert_eq!(relationship.kind.value, RelationshipKind::from_wire(word));
        assert!(!relationship.stands(), "{word}");
    }
    let promoted = after(&[seen("advisor"), accepted()]).unwrap();
    assert!(promoted.stands() && promoted.generation == 1);
    let demoted = after(&[accepted(), seen("advisor")]).unwrap();
    assert_eq!((demoted.stands(), demoted.ended), (false, None));
    assert!(after(&[accepted(), seen("unknown")]).unwrap().stands(), "not said takes nothing back");
}

#[test]
fn what_is_left_of_a_tenant_wide_grant_is_not_guessed() {
    let story = Story::in_china()
        .dap(P, json!("all"))
        .about_customer(C, json!({"type": "DapRemoved", "partner": P, "services": {"names": ["Exchange"]}}));
    let customer = story.customer();
    assert_eq!(customer.access.of(partner_id(P)).and_then(|access| access.services()), Some(Services::All));
    assert_eq!(customer.access.of(partner_id(P)).and_then(|access| access.dap_ended.clone()), None);
}

#[test]
fn dap_seen_on_or_off_is_taken_as_seen() {
    let on = json!({"type": "DapObserved", "partner": P, "state": "active", "started_at": "2017-01-01"});
    let off = json!({"type": "DapObserved", "partner": P, "state": "removed"});
    let story = Story::in_china().about_customer(C, on);
    let customer = story.customer();
    let access = customer.access.of(partner_id(P)).unwrap();
    assert_eq!(access.services(), Some(Services::All));
    assert!(access.dap.values().all(|grant| grant.started_at.is_some()));
    let customer = story.about_customer(C, off.clone()).customer();
    let access = customer.access.of(partner_id(P)).unwrap();
    assert_eq!(access.dap_ended.as_ref().map(|end| end.by.clone()), Some(RemovedBy::Unknown));
    let never = Story::in_china().about_customer(C, off).customer();
    assert!(never.access.of(partner_id(P)).is_none_or(|access| access.dap_ended.is_none()));
}
