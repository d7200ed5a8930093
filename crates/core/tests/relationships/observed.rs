//! What sources show of relationships and access: kept as shown, nothing invented between (rules L-8, L-12).

use ofrecord_core::state::{Establishment, Relationship};
use ofrecord_core::vocabulary::{RelationshipKind, RemovedBy, Services};
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Story, partner_id};

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
fn a_relationship_seen_through_a_provider_names_it() {
    let mut through = seen("reseller");
    through["via_provider"] = json!(I);
    let relationship = after(&[through.clone()]).unwrap();
    assert!(relationship.stands());
    assert_eq!(relationship.established.value, Establishment::ObservedThrough { provider: partner_id(I) });
    let known = after(&[accepted(), through.clone()]).unwrap();
    assert_eq!(known.established.value, Establishment::AcceptedByCustomer, "what is known of the beginning stays");
    let again = after(&[accepted(), removed(), through]).unwrap();
    assert_eq!((again.generation, again.stands()), (2, true));
}

#[test]
fn a_tenant_shown_in_place_of_a_partner_id_is_the_associate_until_another_is_set() {
    let shown = json!({"type": "CustomerObserved", "partner": I, "associated_tenant": IR});
    let silent = json!({"type": "CustomerObserved", "partner": I, "name": "Contoso"});
    let set = json!({"type": "AssociatedPartnerChanged", "partner": I, "associated_partner_id": "1000004"});
    let story = Story::in_china().about_customer(C, shown).about_customer(C, silent);
    assert_eq!(story.customer().profile.associated_tenant[&partner_id(I)].value, partner_id(IR));
    assert!(story.about_customer(C, set).customer().profile.associated_tenant.is_empty());
}

#[test]
fn a_providers_list_gives_its_resellers_a_name_and_a_market() {
    let shown = |fields: Value| {
        let mut event = json!({"type": "PartnerRelationshipObserved", "provider": I, "reseller": IR, "name": "",
            "state": "Active"});
        for (name, value) in fields.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let named = shown(json!({"name": "Quill Resale", "market": "NL", "partner_id": "5550001"}));
    let story = Story::in_china().about_partner(I, named).about_partner(I, shown(json!({})));
    let partnership = story.partner(I).partnerships[&(partner_id(I), partner_id(IR))].clone();
    assert_eq!(partnership.reseller_name.as_deref(), Some("Quill Resale"));
    assert_eq!(partnership.reseller_market.unwrap().as_str(), "NL");
    assert_eq!(partnership.reseller_partner_id.unwrap().as_str(), "5550001");
    let ended = Story::in_china().about_partner(I, shown(json!({"name": "Quill Resale", "state": "Inactive"})));
    assert!(ended.partner(I).partnerships.is_empty(), "a state that is not published says nothing");
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
