//! The samples that Microsoft publishes: what becomes of every file, and why.
//!
//! The samples are not part of the project. The folder is named by
//! `OFRECORD_SHARED`, or lies beside the workspace; without it the test says so and passes.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod facts;
mod kept;
mod left_out;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_core::{Cloud, Event};
use ofrecord_interop::{Context, Reading, Severity, published_operations, read};

use self::facts::FACTS;
use self::kept::KEPT;
use self::left_out::{LEFT_OUT, NOT_READ};

fn samples() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let samples = shared.join("data/partner-center");
    samples.is_dir().then_some(samples)
}

const ABSENT: &str = "the published samples are not here (OFRECORD_SHARED); nothing is compared";

/// A customer for the samples that name none.
const CUSTOMER: &str = "0c000000-0000-4000-8000-0000000000c1";
/// A granular relationship for the lists that name none.
const RELATIONSHIP: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";

fn context() -> Context {
    Context {
        partner: "0a000000-0000-4000-8000-0000000000a1".parse().ok(),
        customer: CUSTOMER.parse().ok(),
        relationship: RELATIONSHIP.parse().ok(),
        fetched_at: "2024-06-01T00:00:00Z".parse().ok(),
        ..Context::new(Cloud::Worldwide)
    }
}

/// Every file of the folders that hold records, with what it says.
fn read_all(samples: &Path) -> BTreeMap<String, Reading> {
    let mut readings = BTreeMap::new();
    for folder in ["pc-rest", "audit", "graph-gdap", "gdap-csv", "powershell-recordings"] {
        for file in fs::read_dir(samples.join(folder)).expect("a folder of samples") {
            let path = file.expect("a sample").path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "csv") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let reading = read(&name, &fs::read(&path).expect("a sample is readable"), &context());
                readings.insert(format!("{folder}/{name}"), reading);
            }
        }
    }
    readings
}

/// The names of the facts in order, those of one statement joined by `+`; kept records by their operation.
fn facts(reading: &Reading) -> Vec<String> {
    let name = |event: &Event| {
        if let Event::SourceRecordKept(kept) = event {
            format!("kept {}", kept.operation)
        } else {
            event.name().to_owned()
        }
    };
    let statements = reading.statements.iter();
    statements.map(|statement| statement.events.iter().map(name).collect::<Vec<_>>().join("+")).collect()
}

fn unread(reading: &Reading) -> bool {
    reading.statements.is_empty() && reading.problems.iter().any(|problem| problem.severity == Severity::Bad)
}

fn read_here() -> Option<BTreeMap<String, Reading>> {
    samples().map(|samples| read_all(&samples))
}

#[test]
fn every_published_sample_has_its_row_in_one_table() {
    let Some(readings) = read_here() else {
        println!("{ABSENT}");
        return;
    };
    let mut listed: Vec<&str> = FACTS.iter().map(|(file, _)| *file).collect();
    listed.extend(KEPT.iter().map(|(file, _, _)| *file));
    listed.extend(LEFT_OUT.iter().chain(NOT_READ).map(|(file, _)| *file));
    listed.sort_unstable();
    assert_eq!(listed, readings.keys().collect::<Vec<_>>());
    println!("{}", sums(&readings));
}

#[test]
fn a_sample_states_the_facts_that_stand_beside_it() {
    let Some(readings) = read_here() else {
        println!("{ABSENT}");
        return;
    };
    for (file, expected) in FACTS {
        let reading = readings.get(*file).expect(file);
        assert_eq!(facts(reading), *expected, "{file}: {:?}", reading.problems);
    }
}

#[test]
fn a_sample_that_is_kept_states_nothing_else() {
    let Some(readings) = read_here() else {
        println!("{ABSENT}");
        return;
    };
    for (file, operation, why) in KEPT {
        let reading = readings.get(*file).expect(file);
        let told = facts(reading);
        let kept = |fact: &String| fact.rsplit("kept ").next() == Some(operation);
        assert!(!told.is_empty() && told.iter().all(kept), "{file} ({why}): {told:?}");
    }
}

#[test]
fn a_sample_that_states_nothing_says_why() {
    let Some(readings) = read_here() else {
        println!("{ABSENT}");
        return;
    };
    for (file, note) in LEFT_OUT {
        let reading = readings.get(*file).expect(file);
        assert!(reading.statements.is_empty() && !unread(reading), "{file}: {:?}", reading.statements);
        assert!(
            reading.problems.iter().any(|problem| problem.message.contains(note)),
            "{file}: {:?}",
            reading.problems
        );
    }
    for (file, why) in NOT_READ {
        assert!(unread(readings.get(*file).expect(file)), "{file} ({why})");
    }
}

#[test]
fn every_published_operation_is_read_or_kept_with_a_reason() {
    let Some(samples) = samples() else {
        println!("{ABSENT}");
        return;
    };
    let list = fs::read_to_string(samples.join("enums/operation-types.tsv")).expect("the list of operations");
    let mut published: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(published.len(), 79);
    // Named by newer documents and by a published id, and `undefined` is the source's own word for none.
    published.retain(|word| *word != "undefined");
    published.extend(["complete_transfer", "fail_transfer", "reseller_relationship_accepted_by_customer"]);
    published.sort_unstable();
    let known: Vec<&str> = published_operations().iter().map(|operation| operation.word).collect();
    assert_eq!(known, published);
    for operation in published_operations() {
        assert!(operation.becomes.len() > 10, "{} says nothing", operation.word);
    }
}

/// The only published support contact is the body of a request, which has the shape of the resource.
#[test]
fn the_published_support_contact_fills_partner_id_and_name() {
    let Some(samples) = samples() else {
        println!("{ABSENT}");
        return;
    };
    let sample = samples.join("pc-rest/update-a-subscription-s-support-contact.req2.json");
    let bytes = fs::read(sample).expect("a sample is readable");
    let reading = read("supportcontact.json", &bytes, &context());
    let events: Vec<&Event> = reading.statements.iter().flat_map(|statement| &statement.events).collect();
    let contact = serde_json::json!({"partner": "3b33e682-00c3-41ee-9dd2-a548adf56438", "partner_id": "4391507",
        "name": "Trey Research"});
    let [Event::SupportContactChanged(changed), Event::PartnerObserved(_)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(serde_json::to_value(&changed.contact).expect("a contact is JSON"), contact);
}

/// The sums, for whoever runs the test with its output shown.
fn sums(readings: &BTreeMap<String, Reading>) -> String {
    let all = || readings.values();
    let kept = |reading: &&Reading| facts(reading).iter().all(|fact| fact.contains("kept "));
    let (mut bad, mut unrecognised, mut notes) = (0, 0, 0);
    for problem in all().flat_map(|reading| &reading.problems) {
        match problem.severity {
            Severity::Bad => bad += 1,
            Severity::Unrecognised => unrecognised += 1,
            Severity::Note => notes += 1,
        }
    }
    let statements: usize = all().map(|reading| reading.statements.len()).sum();
    let records: u64 = all().map(|reading| reading.records).sum();
    let states = all().filter(|reading| !reading.statements.is_empty());
    let (with_facts, only_kept): (Vec<&Reading>, Vec<&Reading>) = states.partition(|reading| !kept(reading));
    format!(
        "{} files, {records} records, {statements} statements; files with facts {}, only kept {}, left out {}; \
         problems: {bad} bad, {unrecognised} unrecognised, {notes} notes",
        readings.len(),
        with_facts.len(),
        only_kept.len(),
        readings.len() - with_facts.len() - only_kept.len(),
    )
}
