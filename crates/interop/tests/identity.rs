//! Which records are the same: the requests that imports make of them.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_core::{
    Actor, ActorKind, Cloud, Completeness, Custody, Customer, Event, Outcome, Policy, PolicyRef, Request, SourceSystem,
    Streams, When, decide, streams_written,
};
use ofrecord_interop::{Context, Reading, read, request_of};

const PARTNER: &str = "0a000000-0000-4000-8000-0000000000a1";

fn context(fetched_at: &str) -> Context {
    Context {
        partner: PARTNER.parse().ok(),
        customer: None,
        fetched_at: fetched_at.parse().ok(),
        ..Context::new(Cloud::Worldwide)
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn reading(name: &str, fetched_at: &str) -> Reading {
    read(name, &fs::read(fixture(name)).expect("a fixture is readable"), &context(fetched_at))
}

fn requests(name: &str, fetched_at: &str) -> Vec<Request> {
    let importer = Actor::new(ActorKind::Importer);
    reading(name, fetched_at).statements.iter().map(|statement| request_of(statement, &importer)).collect()
}

fn ids(requests: &[Request]) -> BTreeSet<String> {
    requests.iter().map(|request| request.command_id.to_string()).collect()
}

const MARCH: &str = "2024-03-31T00:00:00Z";
const LATER: &str = "2026-02-01T00:00:00Z";
const APRIL: &str = "2024-04-30T00:00:00Z";

#[test]
fn a_dated_record_is_the_same_request_whenever_it_was_fetched() {
    for name in ["audit/create_order.json", "audit/lines.jsonl", "webhook/accepted.json", "rest/order.json"] {
        let (march, april) = (requests(name, MARCH), requests(name, APRIL));
        assert_eq!(ids(&march), ids(&april), "{name}");
        assert_eq!(unfetched(march), unfetched(april), "{name}");
    }
}

/// The requests without the instant of fetching, which the ledger leaves out when it compares them.
fn unfetched(mut requests: Vec<Request>) -> Vec<Request> {
    for evidence in requests.iter_mut().flat_map(|request| &mut request.evidence) {
        assert!(evidence.fetched_at.take().is_some());
    }
    requests
}

#[test]
fn a_colleague_importing_the_same_file_makes_the_same_requests() {
    for name in ["audit/accepted.json", "webhook/accepted.json", "rest/customers.json"] {
        for statement in &reading(name, MARCH).statements {
            let colleague = Actor { user: Some("noor@example.com".to_owned()), ..Actor::new(ActorKind::Importer) };
            assert_eq!(request_of(statement, &colleague), request_of(statement, &Actor::new(ActorKind::Importer)));
        }
    }
}

#[test]
fn a_snapshot_fetched_again_is_another_observation_and_the_same_file_is_not() {
    let name = "rest/subscriptions.json";
    assert_eq!(requests(name, MARCH), requests(name, MARCH));
    assert!(ids(&requests(name, MARCH)).is_disjoint(&ids(&requests(name, APRIL))));
    let seen = requests(name, APRIL);
    assert!(seen.iter().all(
        |request| request.effective_at.map(|at| at.to_string()) == Some("2024-04-30T00:00:00.0000000Z".to_owned())
    ));
}

#[test]
fn a_snapshot_that_nobody_dates_has_no_instant_and_is_still_the_same_request() {
    let name = "rest/customers.json";
    assert!(requests(name, "").iter().all(|request| request.effective_at.is_none()));
    assert_eq!(requests(name, ""), requests(name, ""));
}

#[test]
fn a_webhook_and_an_audit_record_on_one_acceptance_state_one_fact() {
    let audit = requests("audit/accepted.json", MARCH);
    let webhook = requests("webhook/accepted.json", MARCH);
    let [audit] = audit.as_slice() else { panic!("one statement of the audit record") };
    let [webhook] = webhook.as_slice() else { panic!("one statement of the webhook") };
    assert_eq!(audit.command, webhook.command);
    assert_eq!((audit.customer, audit.effective_at), (webhook.customer, webhook.effective_at));
    assert_ne!(audit.command_id, webhook.command_id);
    let evidence = |request: &Request| request.evidence.first().cloned().expect("an evidence");
    assert_eq!(evidence(audit).record_id, evidence(webhook).record_id);
    assert_eq!(evidence(webhook).completeness, Completeness::HeaderOnly);
    assert_eq!(evidence(webhook).source, SourceSystem::PartnerCenterWebhook);
    assert_eq!(audit.actor.user.as_deref(), Some("owner@blueheron.example"));
    assert_eq!(webhook.actor.user, None);
}

#[test]
fn a_record_exported_as_a_table_states_the_same_fact_from_another_source() {
    let record = requests("audit/granular_relationship.json", MARCH);
    let exported = requests("export/audit.csv", MARCH);
    let (Some(record), Some(exported)) = (record.first(), exported.first()) else { panic!("both state something") };
    assert_eq!(record.command, exported.command);
    assert_eq!((record.customer, record.effective_at), (exported.customer, exported.effective_at));
    assert_ne!(record.command_id, exported.command_id);
    let source = |request: &Request| request.evidence.first().map(|evidence| evidence.source.clone());
    assert_eq!(source(record), Some(SourceSystem::PartnerCenterAudit));
    assert_eq!(source(exported), Some(SourceSystem::PortalExport));
}

#[test]
fn rows_of_a_table_are_known_by_their_own_text() {
    let rows = reading("tool/relationships.csv", MARCH).statements;
    let hashes: BTreeSet<&str> = rows.iter().map(|row| row.evidence.raw_hash.as_str()).collect();
    let records: BTreeSet<u64> = rows.iter().map(|row| row.record_index).collect();
    assert_eq!(hashes.len(), records.len());
    assert_eq!(requests("tool/relationships.csv", MARCH), requests("tool/relationships.csv", MARCH));
}

#[test]
fn content_that_changed_under_one_id_keeps_its_command_id() {
    let text = fs::read_to_string(fixture("audit/create_order.json")).expect("a fixture is readable");
    let changed = text.replace("\\\"Quantity\\\": 12", "\\\"Quantity\\\": 13");
    assert_ne!(text, changed);
    let importer = Actor::new(ActorKind::Importer);
    let of = |text: &str| -> Vec<Request> {
        let reading = read("x.json", text.as_bytes(), &context(MARCH));
        reading.statements.iter().map(|statement| request_of(statement, &importer)).collect()
    };
    assert_eq!(ids(&of(&text)), ids(&of(&changed)));
    assert_ne!(of(&text), of(&changed));
}

#[test]
fn no_two_statements_of_the_fixtures_share_a_command_id() {
    let mut seen = BTreeSet::new();
    for group in fs::read_dir(fixture("")).expect("the fixtures are there") {
        for file in fs::read_dir(group.expect("a folder").path()).expect("a folder of fixtures") {
            let path = file.expect("a fixture").path();
            if path.extension().is_some_and(|extension| extension == "says") {
                continue;
            }
            let bytes = fs::read(&path).expect("a fixture is readable");
            let reading = read("x.json", &bytes, &context(MARCH));
            for statement in &reading.statements {
                let request = request_of(statement, &Actor::new(ActorKind::Importer));
                let events = serde_json::to_string(&statement.events).expect("events are JSON");
                assert!(seen.insert((request.command_id, events)), "{} states one thing twice", path.display());
            }
        }
    }
    let commands: BTreeSet<_> = seen.iter().map(|(command, _)| command).collect();
    assert_eq!(commands.len(), seen.len());
}

/// What the rules need to see a request through on an empty ledger.
fn is_accepted(request: &Request) -> bool {
    let customer = Customer::default();
    let custody = Custody::default();
    let streams = Streams { customer: &customer, custody: &custody, partners: BTreeMap::new(), facts: &[] };
    let now = LATER.parse().expect("an instant");
    let when = When { effective_at: request.effective_at.unwrap_or(now), recorded_at: now };
    let policy = Policy::of(PolicyRef { cloud: Cloud::Worldwide, version: 1 }).expect("a policy");
    streams_written(request).is_some() && matches!(decide(request, &streams, &policy, when), Outcome::Accepted(_))
}

#[test]
fn every_statement_of_the_fixtures_is_a_request_that_the_rules_accept() {
    for group in fs::read_dir(fixture("")).expect("the fixtures are there") {
        let group = group.expect("a folder").file_name();
        for file in fs::read_dir(fixture("").join(&group)).expect("a folder of fixtures") {
            let name =
                format!("{}/{}", group.to_string_lossy(), file.expect("a fixture").file_name().to_string_lossy());
            if !name.ends_with(".says") {
                for request in requests(&name, APRIL) {
                    assert!(is_accepted(&request), "{name}: {:?}", request.command);
                }
            }
        }
    }
}

#[test]
fn a_statement_of_a_partner_names_the_partner_in_its_events() {
    let reading = reading("audit/out_of_scope.json", MARCH);
    let of_partner: Vec<_> =
        reading.statements.iter().filter(|statement| statement.stream.to_string().starts_with("partner/")).collect();
    assert_eq!(of_partner.len(), 1);
    for statement in of_partner {
        assert!(
            statement
                .events
                .iter()
                .any(|event| matches!(event, Event::PartnerObserved(seen) if seen.partner.to_string() == PARTNER))
        );
    }
}
