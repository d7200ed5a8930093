//! Granular administration in the shapes of Graph, as commands of this ledger and time bring it about.

use ofrecord_core::state::GdapRelationship;
use ofrecord_core::{Cloud, Customer, Event, EventRef, Fact, GdapRelationshipId, History, Policy};
use ofrecord_interop::write::{
    GdapAnswer, GdapSeen, access_assignments, gdap_of_both, gdap_operations, gdap_relationship, gdap_requests,
};
use serde_json::{Value, json};

use crate::fold::{CUSTOMER, PARTNER, at};

const RELATIONSHIP: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";
const ASSIGNMENT: &str = "a9d6cf90-083a-47dc-ace2-1da98be3f344";
const ROLE: &str = "29232cdf-9323-42fd-ade2-1d097af3e4de";

/// An event on the relationship, with the fields that all of them have filled in.
fn event(name: &str, fields: &Value) -> Value {
    let mut event = json!({"type": name, "partner": PARTNER, "relationship": RELATIONSHIP});
    for (field, value) in fields.as_object().unwrap() {
        event.as_object_mut().unwrap().insert(field.clone(), value.clone());
    }
    event
}

fn created() -> Value {
    let terms = json!({"display_name": "Ovens", "duration": "P365D", "auto_extend": "PT0S", "roles": [ROLE]});
    event("GdapRelationshipCreated", &json!({"customer": CUSTOMER, "terms": terms}))
}

fn approved() -> Value {
    event("GdapRelationshipApproved", &json!({"customer": CUSTOMER, "basis": "customer_global_admin"}))
}

/// The relationship after events, each with its instant.
fn after(events: &[(&str, Value)]) -> GdapRelationship {
    let mut history: History<Customer> = History::default();
    for (position, (instant, value)) in (0..).zip(events) {
        let event: Event = serde_json::from_value(value.clone()).unwrap();
        let at_position = EventRef { position, index: 0 };
        history.push(Fact { at: at_position, effective_at: at(instant), event: event.into(), corrected_by: None });
    }
    let mut granular = history.latest().access.granular.clone();
    granular.by_id.remove(&id()).expect("the relationship")
}

fn id() -> GdapRelationshipId {
    RELATIONSHIP.parse().unwrap()
}

fn written(known: &GdapRelationship, as_of: &str, answer: GdapAnswer) -> Value {
    let policy = Policy::current(Cloud::Worldwide);
    let seen =
        GdapSeen { id: &id(), known, customer_name: Some("Blue Heron Bakery"), as_of: at(as_of), policy: &policy };
    serde_json::to_value(gdap_relationship(&seen, answer)).unwrap()
}

/// The named properties, as written at an instant.
fn check(known: &GdapRelationship, as_of: &str, expected: &Value) {
    let written = written(known, as_of, GdapAnswer::Shown);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(written.get(name), Some(value), "{name} at {as_of}: {written:#}");
    }
}

const ACTIVE_FROM: &str = "2023-01-03T00:00:00Z";

fn active() -> Vec<(&'static str, Value)> {
    vec![
        ("2023-01-01T10:00:00.1234567Z", created()),
        ("2023-01-02T00:00:00Z", approved()),
        (ACTIVE_FROM, event("GdapRelationshipActivated", &json!({"customer": CUSTOMER}))),
    ]
}

#[test]
fn what_is_not_there_yet_is_null_in_a_list_and_blank_in_the_answer_to_a_creation() {
    let known = after(&[("2023-01-01T10:00:00.1234567Z", created())]);
    check(
        &known,
        "2023-01-01T12:00:00Z",
        &json!({"@odata.type": "#microsoft.graph.delegatedAdminRelationship", "id": RELATIONSHIP, "status": "created",
            "activatedDateTime": null, "endDateTime": null, "createdDateTime": "2023-01-01T10:00:00.1234567Z",
            "customer": {"tenantId": CUSTOMER, "displayName": "Blue Heron Bakery"}, "duration": "P365D"}),
    );
    let answer = written(&known, "2023-01-01T12:00:00Z", GdapAnswer::Created);
    assert_eq!(answer.get("activatedDateTime"), Some(&json!("")));
    assert_eq!(answer.get("endDateTime"), Some(&json!("2024-01-01T10:00:00.1234567Z")));
}

#[test]
fn time_ends_or_extends_a_relationship_without_an_event() {
    let known = after(&active());
    check(&known, "2023-06-01", &json!({"status": "active", "endDateTime": "2024-01-03T00:00:00Z"}));
    check(&known, "2024-01-03", &json!({"status": "expired"}));
    let mut extending = active();
    extending.push(("2023-03-01", event("GdapAutoExtendSet", &json!({"auto_extend": "P180D"}))));
    let known = after(&extending);
    check(&known, "2024-01-03", &json!({"status": "active", "endDateTime": "2024-07-01T00:00:00Z"}));
    check(&known, "2023-06-01", &json!({"lastModifiedDateTime": "2023-03-01T00:00:00Z"}));
}

#[test]
fn what_microsoft_no_longer_shows_is_told_from_what_it_has_no_word_for() {
    let policy = Policy::current(Cloud::Worldwide);
    let told = |known: &GdapRelationship, as_of: &str| {
        let seen = GdapSeen { id: &id(), known, customer_name: None, as_of: at(as_of), policy: &policy };
        (seen.is_shown(), seen.is_written())
    };
    let known = after(&active());
    assert_eq!(told(&known, "2023-06-01"), (true, true));
    assert_eq!(told(&known, "2024-06-01"), (true, true), "expired, and still shown");
    assert_eq!(told(&known, "2025-06-01"), (false, true), "a year later it is forgotten there");
    let deleted = after(&[active().remove(0), ("2023-01-02", event("GdapRelationshipDeleted", &json!({})))]);
    assert_eq!(told(&deleted, "2023-01-03"), (false, false));
}

#[test]
fn a_tag_is_the_sources_until_something_changes_and_then_the_ledgers_own() {
    let own = |version: &str| {
        // base64 of '"<version>"'
        match version {
            "3" => r#"W/"JyIzIic=""#,
            "5" => r#"W/"JyI1Iic=""#,
            other => panic!("no tag for {other}"),
        }
    };
    check(&after(&active()), "2023-06-01", &json!({"@odata.etag": own("3")}));
    let shown = |etag: &str| {
        event(
            "GdapRelationshipObserved",
            &json!({"customer": CUSTOMER, "status": "active", "etag": etag,
            "modified_at": "2023-01-03T00:00:01Z"}),
        )
    };
    let mut seen = active();
    seen.push(("2023-01-03T00:00:01Z", shown("W/\"source\"")));
    let expected = json!({"@odata.etag": "W/\"source\"", "lastModifiedDateTime": "2023-01-03T00:00:01Z"});
    check(&after(&seen), "2023-06-01", &expected);
    seen.push(("2023-02-01", shown("W/\"source\"")));
    check(&after(&seen), "2023-06-01", &expected);
    seen.pop();
    seen.push(("2023-03-01", event("GdapAutoExtendSet", &json!({"auto_extend": "P180D"}))));
    let changed = json!({"@odata.etag": own("5"), "lastModifiedDateTime": "2023-03-01T00:00:00Z"});
    check(&after(&seen), "2023-06-01", &changed);
}

#[test]
fn assignments_that_are_gone_are_not_written() {
    let given = json!({"assignment": ASSIGNMENT, "group": "869713c9-0b28-4d08-8949-ae07ae1bf528", "roles": [ROLE]});
    let named = json!({"assignment": ASSIGNMENT});
    let mut events = active();
    events.push(("2023-01-04", event("GdapAccessAssignmentCreated", &given)));
    events.push(("2023-01-05", event("GdapAccessAssignmentActivated", &named)));
    let assignments = |events: &[(&str, Value)]| -> Vec<Value> {
        let (policy, known) = (Policy::current(Cloud::Worldwide), after(events));
        let seen = GdapSeen { id: &id(), known: &known, customer_name: None, as_of: at("2023-06-01"), policy: &policy };
        access_assignments(&seen).map(|shape| serde_json::to_value(shape).unwrap()).collect()
    };
    let there = assignments(&events);
    assert_eq!(there.len(), 1);
    let container = json!({"accessContainerId": "869713c9-0b28-4d08-8949-ae07ae1bf528",
        "accessContainerType": "securityGroup"});
    for (name, value) in [
        ("@odata.type", json!("#microsoft.graph.delegatedAdminAccessAssignment")),
        ("status", json!("active")),
        ("createdDateTime", json!("2023-01-04T00:00:00Z")),
        ("lastModifiedDateTime", json!("2023-01-05T00:00:00Z")),
        ("accessContainer", container),
        ("accessDetails", json!({"unifiedRoles": [{"roleDefinitionId": ROLE}]})),
    ] {
        assert_eq!(there.first().and_then(|shape| shape.get(name)), Some(&value), "{name}");
    }
    events.push(("2023-01-06", event("GdapAccessAssignmentDeleted", &named)));
    assert_eq!(assignments(&events).len(), 0);
}

#[test]
fn what_two_streams_tell_of_one_relationship_is_put_together() {
    let given = json!({"assignment": ASSIGNMENT, "group": "869713c9-0b28-4d08-8949-ae07ae1bf528", "roles": [ROLE]});
    let request =
        json!({"request": "ae5a6b9e-6355-43dd-b708-48486b69c3ff", "action": "terminate", "status": "running"});
    let mut of_customer = active();
    of_customer.push(("2023-01-04", event("GdapAccessAssignmentCreated", &given)));
    let mut of_partner = active();
    of_partner.push(("2023-05-01", event("GdapRequestObserved", &request)));
    of_partner.push(("2023-05-02", event("GdapRelationshipTerminated", &json!({}))));
    let (of_customer, of_partner) = (after(&of_customer), after(&of_partner));
    let both = gdap_of_both(&of_customer, &of_partner);
    check(&both, "2023-06-01", &json!({"status": "terminated"}));
    assert_eq!((both.assignments.len(), gdap_requests(&both.requests).count()), (1, 1));
    assert_eq!(gdap_operations(&both.operations).count(), 0);
    let other = gdap_of_both(&of_partner, &of_customer);
    check(&other, "2023-06-01", &json!({"status": "terminated"}));
    assert_eq!((other.assignments.len(), other.requests.len()), (0, 1), "assignments are the customer's alone");
}
