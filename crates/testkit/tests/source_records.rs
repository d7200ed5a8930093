//! Records of operations of which none is published, made from the published shape: each is read to the fact its word says, and a webhook on it brings a second evidence and no second fact.
#![expect(clippy::print_stdout, reason = "a test prints its seed")]

use ofrecord_core::{Cloud, Event, Outcome, Policy, Timestamp};
use ofrecord_interop::{Context, Reading, Severity, published_operations, read, request_of};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::source_record::{OPERATIONS, SourceRecord};
use ofrecord_testkit::{Desk, Random, actor};
use serde_json::Value;

const RECORDS: u64 = 40;

fn reading(record: &Value) -> Reading {
    read("made.json", record.to_string().as_bytes(), &Context::new(Cloud::Worldwide))
}

fn fact_of(operation: &str) -> &'static str {
    match operation {
        "granular_admin_relationship_approved" => "GdapRelationshipApproved",
        "granular_admin_relationship_activated" => "GdapRelationshipActivated",
        "granular_admin_relationship_termination_requested" => "GdapRelationshipTerminationRequested",
        "granular_admin_relationship_terminated" => "GdapRelationshipTerminated",
        "granular_admin_relationship_expired" => "GdapRelationshipExpired",
        "granular_admin_relationship_cleaned_up" => "GdapRelationshipCleanedUp",
        // Group and roles are not in the record, so it was only seen.
        "granular_admin_access_assignment_created" => "GdapAccessAssignmentObserved",
        "granular_admin_access_assignment_activated" => "GdapAccessAssignmentActivated",
        "granular_admin_access_assignment_updated" => "GdapAccessAssignmentUpdated",
        "granular_admin_access_assignment_deleted" => "GdapAccessAssignmentDeleted",
        "dap_admin_relationship_approved" => "DapGranted",
        "dap_admin_relationship_terminated" => "DapRemoved",
        "dap_admin_relationship_terminated_by_microsoft" => "DapTerminatedByMicrosoft",
        other => panic!("{other} has no fact here"),
    }
}

/// Made records of every operation, with the seed that made them.
fn each(mut check: impl FnMut(&str, &SourceRecord)) {
    for seed in seeds(97, 1) {
        println!("seed {seed}");
        let mut random = Random::new(seed);
        for (operation, _) in OPERATIONS {
            for number in 0..RECORDS {
                check(&format!("seed {seed} {operation} {number}"), &SourceRecord::draw(&mut random, operation));
            }
        }
    }
}

#[test]
fn every_operation_that_is_made_is_a_published_one() {
    let published = published_operations();
    for (operation, _) in OPERATIONS {
        assert!(published.iter().any(|known| known.word == *operation && !known.kept), "{operation}");
    }
}

#[test]
fn the_ticks_of_a_made_id_decode_to_the_date_of_its_record() {
    each(|told, made| {
        let id = made.audit_id();
        let ticks = id.rsplit('_').next().unwrap().parse().unwrap();
        assert_eq!(Timestamp::from_ticks(ticks), Some(made.at), "{told}: {id}");
        let notes = reading(&made.audit()).problems;
        assert!(notes.iter().all(|problem| problem.field.as_deref() != Some("id")), "{told}: {notes:?}");
    });
}

#[test]
fn a_made_record_is_read_to_the_fact_that_its_operation_says() {
    each(|told, made| {
        let reading = reading(&made.audit());
        assert!(reading.problems.iter().all(|problem| problem.severity != Severity::Bad), "{told}: {reading:?}");
        let [statement] = reading.statements.as_slice() else { panic!("{told}: {reading:?}") };
        assert_eq!(statement.effective_at, Some(made.at), "{told}");
        assert_eq!(statement.stream.to_string(), format!("customer/{}", made.customer), "{told}");
        let fact = statement.events.iter().find(|event| event.name() == fact_of(made.operation));
        let fact = fact.unwrap_or_else(|| panic!("{told}: {:?}", statement.events));
        assert_eq!(fact.partner(), Some(made.partner), "{told}");
        if made.operation.starts_with("granular") {
            assert_eq!(fact.granular_relationship(), Some(&made.relationship), "{told}");
        }
        if made.is_of_assignment() {
            assert_eq!(fact.access_assignment(), Some(made.assignment), "{told}");
        }
    });
}

#[test]
fn a_clean_up_says_that_the_source_no_longer_has_it() {
    let made = SourceRecord::draw(&mut Random::new(5), "granular_admin_relationship_cleaned_up");
    let reading = reading(&made.audit());
    let gaps: Vec<String> = reading
        .statements
        .iter()
        .flat_map(|statement| &statement.events)
        .filter_map(|event| if let Event::SourceRetentionGap(gap) = event { Some(gap.subject.clone()) } else { None })
        .collect();
    assert_eq!(gaps, [format!("granular relationship {}", made.relationship)]);
}

/// The facts that a desk makes of a reading, by name.
fn taken(desk: &mut Desk, reading: &Reading) -> Vec<&'static str> {
    let now = ofrecord_testkit::story::instant("2026-01-01");
    let mut names = Vec::new();
    for statement in &reading.statements {
        match desk.submit(&request_of(statement, &actor::importer()), now) {
            Some(Outcome::Accepted(events)) => names.extend(events.iter().map(Event::name)),
            other => panic!("{other:?}"),
        }
    }
    names
}

#[test]
fn a_webhook_on_a_made_record_is_a_second_evidence_whichever_comes_first() {
    each(|told, made| {
        let Some(webhook) = made.webhook() else { return };
        let (audit, webhook) = (reading(&made.audit()), reading(&webhook));
        assert!(webhook.problems.is_empty(), "{told}: {webhook:?}");
        let ids: Vec<&str> = [&audit, &webhook]
            .iter()
            .flat_map(|reading| &reading.statements)
            .map(|statement| statement.evidence.record_id.as_str())
            .collect();
        assert_eq!(ids, [made.audit_id(), made.audit_id()], "{told}");
        for [first, second] in [[&audit, &webhook], [&webhook, &audit]] {
            let mut desk = Desk::new(Policy::current(Cloud::Worldwide));
            let facts = taken(&mut desk, first);
            assert!(facts.contains(&fact_of(made.operation)), "{told}: {facts:?}");
            assert_eq!(taken(&mut desk, second), ["EvidenceAdded"], "{told}");
        }
    });
}
