//! Tenant isolation on random histories: what a partner is answered, and what it is shown on pages, names no subscription
//! that another one sold.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_server::{AccessRole, Limits, Scope};
use ofrecord_testkit::Generator;
use serde_json::Value;

use crate::stage::Stage;

const QUESTIONS: [&str; 23] = [
    "resellers?",
    "resellers?history=true&",
    "resellers?gaps=true&",
    "subscriptions?",
    "subscriptions?history=owner&",
    "subscriptions?history=partner-of-record&",
    "transfers?",
    "partners-of-record?",
    "access?",
    "access?show=users&",
    "access?show=terminated&",
    "access?show=history&",
    "gdap?",
    "gdap?history=true&",
    "timeline?",
    "findings?",
    "coverage?",
    "coverage?facts=true&",
    "billing?",
    "interference?",
    "diff?from_as_of=2022-01-01&",
    "explain?answer=subscriptions&",
    "explain?answer=resellers&",
];
/// What is asked of a customer in Microsoft's shapes.
const SHAPES: [&str; 6] =
    ["", "/subscriptions", "/transfers", "/agreements", "/relationships", "/subscriptions?order_id=1&"];
/// After everything that the histories tell.
const AS_OF: &str = "as_of=2030-01-01";

/// The tables of a customer's page that can be taken as files.
const TABLES: [&str; 8] = [
    "resellers",
    "subscriptions",
    "partners-of-record",
    "administrators",
    "granular-administration",
    "transfers",
    "findings",
    "timeline",
];

/// The pages of the console on which something of a customer could be told to a partner, and their tables as files.
fn pages(customer: CustomerId, partner: PartnerTenantId) -> Vec<String> {
    let tables = TABLES.iter().map(|table| format!("/console/customers/{customer}/csv/{table}?{AS_OF}"));
    let pages = [
        "/console".to_owned(),
        format!("/console/customers/{customer}?{AS_OF}"),
        format!("/console/customers/{customer}"),
        format!("/console/partners/{partner}?{AS_OF}"),
        format!("/console/compare?customer={customer}&from_as_of=2022-01-01&to_as_of=2030-01-01"),
        format!("/console/compare/csv?customer={customer}&from_as_of=2022-01-01&to_as_of=2030-01-01"),
        format!("/console/partners/{partner}/csv/book?{AS_OF}"),
    ];
    pages.into_iter().chain(tables).collect()
}

fn rows(stage: &Stage, customer: CustomerId, question: &str, token: &str) -> Vec<Value> {
    let answer = stage.get_with(&format!("/v1/customers/{customer}/{question}{AS_OF}"), token);
    if answer.status == 404 {
        return Vec::new();
    }
    assert_eq!(answer.status, 200, "{question}: {}", answer.text());
    answer.json()["rows"].as_array().unwrap().clone()
}

/// The answers on a customer in Microsoft's shapes, where there are any.
fn in_shapes(stage: &Stage, customer: CustomerId, token: &str) -> Vec<(String, String)> {
    let of_customer = SHAPES.iter().map(|path| {
        let joined = if path.contains('?') { "" } else { "?" };
        format!("/partnercenter/v1/customers/{customer}{path}{joined}{AS_OF}")
    });
    let filter = format!("%7B%22Field%22:%22CustomerId%22,%22Value%22:%22{customer}%22,%22Operator%22:%22equals%22%7D");
    let records = format!("/partnercenter/v1/auditrecords?size=500&filter={filter}&{AS_OF}");
    let asked = of_customer.chain([records]).map(|path| (stage.get_with(&path, token), path));
    asked
        .filter(|(answer, _)| answer.status != 404)
        .map(|(answer, path)| {
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            (path, answer.text())
        })
        .collect()
}

fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Of each subscription of a customer, every text of the answers to an auditor in which a partner can be named as its
/// owner, its reseller of record, or a side of its transfer.
fn named_with(stage: &Stage, customer: CustomerId, auditor: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(stage, customer, "subscriptions?", auditor) {
        named.entry(row["subscription"].as_str().unwrap().to_owned()).or_default();
    }
    for question in ["subscriptions?history=owner&", "subscriptions?history=partner-of-record&"] {
        for row in rows(stage, customer, question, auditor) {
            let key = &row["key"];
            let id = key.as_str().or_else(|| key["subscription"].as_str()).unwrap().to_owned();
            texts(&row["value"], named.entry(id).or_default());
        }
    }
    for row in rows(stage, customer, "transfers?", auditor) {
        let mut of = BTreeSet::new();
        texts(&row, &mut of);
        for (id, with) in &mut named {
            if of.contains(id) {
                with.extend(of.iter().cloned());
            }
        }
    }
    named
}

#[test]
fn no_answer_to_a_partner_names_a_subscription_that_it_never_held() {
    let (mut told, mut kept, mut shaped) = (0, 0, 0);
    for seed in 1..=4 {
        println!("seed {seed}");
        let stage = Stage::asking(Limits::default());
        let mut generator = Generator::new(seed);
        for _ in 0..400 {
            stage.record([generator.draft().request]);
        }
        let auditor = stage.token("auditor", AccessRole::Auditor, Scope::OfRole);
        let customers: Vec<CustomerId> = generator.customers().to_vec();
        let partners: Vec<PartnerTenantId> = generator.partners().to_vec();
        for partner in partners {
            let token = stage.token(&partner.to_string(), AccessRole::PartnerUser, Scope::Partner(partner));
            for customer in &customers {
                let named = named_with(&stage, *customer, &auditor);
                let ids = partner_ids(&stage, partner);
                let is_own = |with: &BTreeSet<String>| {
                    with.contains(&partner.to_string()) || with.iter().any(|text| ids.contains(text))
                };
                let others: Vec<&String> = named.iter().filter(|(_, with)| !is_own(with)).map(|(id, _)| id).collect();
                kept += others.len();
                for event in crate::following::followed(&stage, &format!("customer={customer}"), &token) {
                    told += 1;
                    if event["type"].as_str().unwrap().ends_with(".refused") {
                        // Of its own commands, and of ids that it named itself before anybody else had them.
                        continue;
                    }
                    let text = event.to_string();
                    let leaked = others.iter().find(|id| text.contains(id.as_str()));
                    assert_eq!(leaked, None, "an event of {customer} to {partner}: {text}");
                }
                for (asked, text) in in_shapes(&stage, *customer, &token) {
                    shaped += text.len();
                    let leaked = others.iter().find(|id| text.contains(id.as_str()));
                    assert_eq!(leaked, None, "{asked} to {partner}: {text}");
                }
                for page in pages(*customer, partner) {
                    let answer = stage.get_with(&page, &token);
                    assert!([200, 404].contains(&answer.status), "{page}: {}", answer.text());
                    told += 1;
                    let text = answer.text().replace("<wbr>", "");
                    let leaked = others.iter().find(|id| text.contains(id.as_str()));
                    assert_eq!(leaked, None, "{page} to {partner}: {text}");
                }
                for id in &others {
                    let found = stage.get_with(&format!("/console/find?q={id}"), &token);
                    // A history may give the same id to two customers, of whom the partner sold to the other.
                    let led = found.header("location").unwrap_or_default().contains(&customer.to_string());
                    assert!(!led && [303, 404].contains(&found.status), "{id} of {customer} to {partner}");
                }
                for question in QUESTIONS {
                    for row in rows(&stage, *customer, question, &token) {
                        told += 1;
                        let text = row.to_string();
                        let leaked = others.iter().find(|id| text.contains(id.as_str()));
                        assert_eq!(leaked, None, "{question} of {customer} to {partner}: {text}");
                    }
                }
            }
        }
    }
    assert!(shaped > 100_000, "there is enough in Microsoft's shapes: {shaped}");
    assert!(told > 1_000 && kept > 20, "there is enough to tell and to keep: {told}, {kept}");
}

/// The places of the events and refusals that a partner is told of by its questions, of one customer at a size.
fn told_at(stage: &Stage, customer: CustomerId, size: u64, token: &str) -> BTreeSet<(u64, u64)> {
    let rows = rows(stage, customer, &format!("timeline?known_at=%40{size}&"), token);
    let told = rows.iter().filter(|row| !row["event"].is_null() || !row["refusal"].is_null());
    told.map(|row| (row["position"].as_u64().unwrap(), row["index"].as_u64().unwrap_or(0))).collect()
}

/// By which entry an event of a feed came, and which it is.
fn place(event: &Value) -> (u64, (u64, u64)) {
    let number = |text: &str| text.parse().unwrap();
    let id = event["id"].as_str().unwrap();
    let (shown, own) = id.split_once('.').unwrap_or(("", id));
    let (position, index) = own.split_once('-').unwrap();
    (number(if shown.is_empty() { position } else { shown }), (number(position), number(index)))
}

#[test]
fn a_partner_is_fed_what_its_questions_show_as_soon_as_they_do_and_nothing_else() {
    let (mut fed, mut later) = (0, 0);
    for seed in 21..=23 {
        println!("seed {seed}");
        let stage = Stage::asking(Limits::default());
        let mut generator = Generator::new(seed);
        stage.record((0..250).map(|_| generator.draft().request));
        let size = stage.ledger.reader().log().tree_size();
        for partner in generator.partners().to_vec() {
            let token = stage.token(&partner.to_string(), AccessRole::PartnerUser, Scope::Partner(partner));
            let feed = crate::following::followed(&stage, "", &token);
            let ids: Vec<&str> = feed.iter().map(|event| event["id"].as_str().unwrap()).collect();
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "nothing comes twice");
            let middle = ids.len() / 2;
            let rest = crate::following::followed(&stage, &format!("after={}", ids[middle]), &token);
            assert_eq!(rest[..], feed[middle + 1..], "from the middle on");
            for customer in generator.customers().to_vec() {
                let of_customer: Vec<&Value> =
                    feed.iter().filter(|event| event["subject"] == customer.to_string().as_str()).collect();
                let mut sizes = BTreeMap::new();
                for event in &of_customer {
                    let (by, at) = place(event);
                    let asked = |size: u64| told_at(&stage, customer, size, &token);
                    let told = sizes.entry(by + 1).or_insert_with(|| asked(by + 1));
                    assert!(told.contains(&at), "{} to {partner} at {by}", event["id"]);
                    (fed, later) = (fed + 1, later + usize::from(by != at.0));
                }
                let came: BTreeSet<(u64, u64)> = of_customer.iter().map(|event| place(event).1).collect();
                let told = told_at(&stage, customer, size, &token);
                let missing: Vec<_> = told.difference(&came).collect();
                assert!(missing.is_empty(), "{missing:?} of {customer} never came to {partner}");
            }
        }
    }
    assert!(fed > 200 && later > 20, "there is enough to feed, also later: {fed}, {later}");
}

/// The partner IDs that the ledger knows a partner by.
fn partner_ids(stage: &Stage, partner: PartnerTenantId) -> BTreeSet<String> {
    let reader = stage.ledger.reader();
    let snapshot = reader.snapshot(ofrecord_ledger::KnownAt::Now).unwrap();
    let account = reader.partner(partner, &snapshot).unwrap();
    account.latest().partner_id.iter().map(|id| id.value.to_string()).collect()
}

#[test]
fn a_customer_of_others_is_to_a_partner_what_a_customer_that_nobody_knows_is() {
    let stage = Stage::asking(Limits::default());
    stage.record(crate::stage::told());
    let name = ofrecord_testkit::name::partner("R");
    let token = stage.token("r", AccessRole::PartnerUser, Scope::Partner(name));
    let known = ofrecord_testkit::name::customer("C");
    let unknown = ofrecord_testkit::name::customer("E");
    for question in QUESTIONS {
        let asked =
            |customer: CustomerId| stage.get_with(&format!("/v1/customers/{customer}/{question}{AS_OF}"), &token);
        let (of_others, of_nobody) = (asked(known), asked(unknown));
        assert_eq!((of_others.status, of_nobody.status), (404, 404), "{question}");
        let said = |answer: &crate::stage::Answer, id: CustomerId| {
            answer.json()["detail"].as_str().unwrap().replace(&id.to_string(), "CUSTOMER")
        };
        assert_eq!(said(&of_others, known), said(&of_nobody, unknown), "{question}");
    }
}

#[test]
fn the_mark_of_an_answer_to_a_partner_does_not_count_the_entries_of_others() {
    let stage = Stage::asking(Limits::default());
    stage.record(crate::stage::told());
    let asked = format!("/v1/customers/{}/resellers?{AS_OF}", crate::stage::customer());
    let partner = ofrecord_testkit::name::partner("P");
    let partner = stage.token("p", AccessRole::PartnerUser, Scope::Partner(partner));
    let auditor = stage.token("auditor", AccessRole::Auditor, Scope::OfRole);
    let tag = |token: &str| stage.get_with(&asked, token).header("etag").unwrap().to_owned();
    assert!(tag(&auditor).starts_with("W/\"3-"), "{}", tag(&auditor));
    assert!(!tag(&partner).contains('-'), "{}", tag(&partner));
}
