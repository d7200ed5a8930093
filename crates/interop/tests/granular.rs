//! What readings of granular administration come to when they are folded: the past is answered as far as the source states it.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ofrecord_core::vocabulary::{AssignmentStatus, GdapStatus};
use ofrecord_core::{
    Cloud, Customer, CustomerId, EventRef, Fact, GdapRelationship, GdapRelationshipId, History, Policy, StreamId,
    Timestamp,
};
use ofrecord_interop::{Context, Reading, read};

const MAIL_DESK: &str = "0e000000-0000-4000-8000-0000000000e1-0e000000-0000-4000-8000-0000000000e0";
const TENANT_DESK: &str = "0e000000-0000-4000-8000-0000000000e2-0e000000-0000-4000-8000-0000000000e0";
const TRIAL_DESK: &str = "0e000000-0000-4000-8000-0000000000e3-0e000000-0000-4000-8000-0000000000e0";
const HERON: &str = "0c000000-0000-4000-8000-0000000000c1";
const OTHER: &str = "0c000000-0000-4000-8000-0000000000c2";

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn relationship(text: &str) -> GdapRelationshipId {
    text.parse().expect("a relationship")
}

fn customer(text: &str) -> CustomerId {
    text.parse().expect("a customer")
}

/// A snapshot read in 2026.
fn reading(name: &str) -> Reading {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let context = Context {
        partner: "0a000000-0000-4000-8000-0000000000a1".parse().ok(),
        customers_of: [(relationship(MAIL_DESK), customer(HERON))].into_iter().collect(),
        fetched_at: Some(instant("2026-02-01")),
        ..Context::new(Cloud::Worldwide)
    };
    read(name, &fs::read(path).expect("a fixture is readable"), &context)
}

/// What the files say of a customer, recorded in the order of the files.
fn history(customer: CustomerId, names: &[&str]) -> History<Customer> {
    let mut history = History::default();
    let statements = names.iter().flat_map(|name| reading(name).statements);
    for (position, statement) in (0..).zip(statements) {
        if statement.stream != StreamId::Customer(customer) {
            continue;
        }
        for (index, event) in (0..).zip(statement.events) {
            let effective_at = statement.effective_at.expect("a dated statement");
            history.push(Fact {
                at: EventRef { position, index },
                effective_at,
                event: event.into(),
                corrected_by: None,
            });
        }
    }
    history
}

fn known_at(history: &History<Customer>, id: &str, at: &str) -> Option<GdapRelationship> {
    let state = history.state_at(instant(at), u64::MAX);
    state.access.granular.by_id.get(&relationship(id)).cloned()
}

fn status_at(history: &History<Customer>, id: &str, at: &str) -> Option<GdapStatus> {
    let policy = Policy::current(Cloud::Worldwide);
    known_at(history, id, at)?.status_at(instant(at), &policy).status
}

#[test]
fn w12_who_could_administer_in_2024_is_answered_from_a_list_read_in_2026() {
    let heron = history(customer(HERON), &["graph/relationship_lifecycle.json"]);
    for (at, expected) in [
        ("2024-06-30", None),
        ("2024-07-02", None),
        ("2024-07-05", Some(GdapStatus::Active)),
        ("2024-12-31", Some(GdapStatus::Active)),
        ("2025-01-01", Some(GdapStatus::Expired)),
        ("2026-02-01", Some(GdapStatus::Expired)),
    ] {
        assert_eq!(status_at(&heron, TENANT_DESK, at), expected, "{at}");
    }
    let then = known_at(&heron, TENANT_DESK, "2024-12-31").expect("it is known");
    assert!(then.holds(ofrecord_core::entra_role::GLOBAL_ADMINISTRATOR), "the roles are known for then too");
    assert_eq!(then.ends_at.map(|end| end.value), Some(instant("2025-01-01")));
}

#[test]
fn a_relationship_exists_from_the_day_it_was_made_with_nothing_else_said_of_it() {
    let heron = history(customer(HERON), &["graph/relationship_lifecycle.json"]);
    let then = known_at(&heron, TENANT_DESK, "2024-07-02").expect("it is known");
    assert_eq!((then.status, then.roles, then.display_name), (None, None, None));
    assert!(known_at(&heron, TENANT_DESK, "2024-06-30").is_none());
}

#[test]
fn a_termination_counts_from_its_last_change_when_the_planned_end_lies_later() {
    let other = history(customer(OTHER), &["graph/relationship_lifecycle.json"]);
    for (at, expected) in [
        ("2023-08-31", Some(GdapStatus::Active)),
        ("2023-09-01T12:00:00Z", Some(GdapStatus::Terminated)),
        ("2024-02-01", Some(GdapStatus::Terminated)),
        ("2024-09-01", Some(GdapStatus::Terminated)),
    ] {
        assert_eq!(status_at(&other, TRIAL_DESK, at), expected, "{at}");
    }
}

#[test]
fn an_active_relationship_goes_on_at_its_end_as_it_was_last_shown() {
    let heron = history(customer(HERON), &["graph/relationship_lifecycle.json"]);
    assert_eq!(status_at(&heron, MAIL_DESK, "2025-06-01"), Some(GdapStatus::Active));
    let policy = Policy::current(Cloud::Worldwide);
    let holds =
        known_at(&heron, MAIL_DESK, "2025-06-01").expect("it is known").status_at(instant("2025-06-01"), &policy);
    assert_eq!(holds.ends_at, Some(instant("2025-07-10T10:30:00.7654321Z")));
}

#[test]
fn an_assignment_has_its_group_from_the_day_it_was_made_and_its_roles_from_its_last_change() {
    let heron = history(customer(HERON), &["graph/relationship_lifecycle.json", "graph/access_assignments.json"]);
    let assignment_at = |at: &str| {
        let known = known_at(&heron, MAIL_DESK, at).expect("it is known");
        let id = "0f000000-0000-4000-8000-0000000000f1".parse().expect("an assignment");
        known.assignments.get(&id).cloned()
    };
    assert!(assignment_at("2023-01-12T12:00:00Z").is_none());
    let made = assignment_at("2023-01-20").expect("it is known");
    assert!(made.group.is_some() && made.roles.is_none() && !made.is_active());
    let changed = assignment_at("2023-02-02").expect("it is known");
    assert_eq!(changed.status.map(|status| status.value), Some(AssignmentStatus::Active));
    assert_eq!(changed.roles.map(|roles| roles.value.len()), Some(1));
}

#[test]
fn a_file_below_an_unknown_relationship_says_which_customer_it_waits_for() {
    let alone = reading("graph/access_assignments_without_customer.json");
    assert!(alone.statements.is_empty());
    let wanted: Vec<String> = alone.customers_wanted.iter().map(ToString::to_string).collect();
    assert_eq!(wanted, ["0e000000-0000-4000-8000-0000000000f9-0e000000-0000-4000-8000-0000000000e0"]);
    let list = reading("graph/relationship_lifecycle.json");
    let said: Vec<_> = list.customers_of().map(|(relationship, customer)| (relationship.clone(), customer)).collect();
    assert!(said.contains(&(relationship(MAIL_DESK), customer(HERON))));
    assert!(list.customers_wanted.is_empty());
}

#[test]
fn a_list_that_contradicts_an_audit_record_changes_nothing_of_it_and_both_stay() {
    const NIGHT_DESK: &str = "0e000000-0000-4000-8000-0000000000a1-0e000000-0000-4000-8000-0000000000e0";
    for names in
        [["conflict/audit.json", "conflict/relationships.json"], ["conflict/relationships.json", "conflict/audit.json"]]
    {
        let heron = history(customer(HERON), &names);
        for (at, expected) in [
            ("2024-02-01", GdapStatus::Active),
            // The audit record: it was terminated on 1 March.
            ("2024-03-15", GdapStatus::Terminated),
            // The list: since its last change on 1 April it is active.
            ("2024-04-15", GdapStatus::Active),
        ] {
            assert_eq!(status_at(&heron, NIGHT_DESK, at), Some(expected), "{at}, {names:?}");
        }
        let facts: Vec<&str> = heron.facts().iter().map(|fact| fact.event.name()).collect();
        assert!(facts.contains(&"GdapRelationshipTerminated"), "{facts:?}");
    }
}
