//! The samples and the fixtures, read and written again.

use std::collections::BTreeSet;
use std::path::Path;

use ofrecord_interop::write::{self, Collection, DIFFERENCES, Form, Shape};
use serde_json::Value;

use crate::compare::{Found, differences};
use crate::fold::{FETCHED, Folded, at, partner};
use crate::sources::{FIXTURES, Holds, SAMPLES, Source, fixtures, samples};

/// A relationship for a removal to end.
const STANDING: &str = r#"{"id":"0c000000-0000-4000-8000-0000000000c1","companyProfile":{},"relationshipToPartner":"reseller","attributes":{"objectType":"Customer"}}"#;

fn folded(source: &Source, folder: &Path) -> Folded {
    let bytes = source.bytes(folder);
    // The name of a request's file would have it left out.
    let name = source.file.replace(".req2", "");
    if source.form == Form::RelationshipRemoval {
        let removal = String::from_utf8(bytes).expect("a sample is text");
        let lines = format!("{STANDING}\n{}\n", removal.replace('\n', " "));
        return Folded::of(&name, lines.as_bytes());
    }
    Folded::of(&name, &bytes)
}

/// The resources of a form.
fn written(source: &Source, folded: &Folded) -> Vec<Shape> {
    let seen = folded.seen();
    let partners = folded.partners();
    let first = || seen.first().expect("a customer");
    match source.form {
        Form::Customer if source.holds == Holds::Collection => seen.iter().map(write::customer_listed).collect(),
        Form::Customer => vec![write::customer(first())],
        Form::RelationshipRemoval => write::relationship_removed(first()).into_iter().collect(),
        Form::PartnerRelationship if seen.is_empty() => {
            let account = partners.get(&partner()).expect("the provider");
            write::indirect_resellers(partner(), account, &partners)
        }
        Form::PartnerRelationship => write::resellers_of_customer(first(), &partners),
        Form::RelationshipRequest => {
            partners.values().filter_map(|account| write::relationship_request(account, at(FETCHED))).collect()
        }
        Form::Agreement => write::agreements(first(), |position| folded.user_of(position)),
        Form::Subscription => write::subscriptions(first()).map(|(_, shape)| shape).collect(),
        Form::SupportContact => {
            let ids = first().state.subscriptions.by_id.keys();
            let everything = write::Seen { by: None, ..*first() };
            ids.filter_map(|id| write::support_contact(&everything, *id, &partners)).collect()
        }
        Form::AuditRecord => {
            let mut told = BTreeSet::new();
            let records = folded.entries.iter().flat_map(|entry| write::audit_records(entry, "example.org/ledger"));
            let records = records.filter(|record| told.insert(record.source_record.clone()));
            records.map(|record| record.shape).collect()
        }
        Form::Collection => panic!("{} is no resource", source.file),
    }
}

/// The collection in which the resources of a source stand.
fn collection(source: &Source, folded: &Folded) -> Collection {
    let customer = folded.seen().first().map(|seen| seen.customer);
    let of_customer = |part: &str| format!("/customers/{}/{part}", customer.expect("a customer"));
    Collection::at(match source.form {
        Form::Customer => "/customers".to_owned(),
        Form::Subscription => of_customer("subscriptions"),
        Form::PartnerRelationship if customer.is_some() => of_customer("relationships"),
        Form::PartnerRelationship => "/relationships".to_owned(),
        Form::AuditRecord => "/auditrecords".to_owned(),
        Form::Collection
        | Form::RelationshipRemoval
        | Form::RelationshipRequest
        | Form::Agreement
        | Form::SupportContact => panic!("{} is in no collection", source.file),
    })
}

/// The differences of a source, each with the form whose it is.
fn found(source: &Source, folder: &Path) -> Vec<(Form, Found)> {
    let published = source.published(folder);
    let folded = folded(source, folder);
    let shapes = written(source, &folded);
    let value = |shape: &Shape| serde_json::to_value(shape).expect("a shape is JSON");
    match source.holds {
        Holds::One | Holds::OneInPascalCase => {
            let [shape] = shapes.as_slice() else { panic!("{}: {} resources", source.file, shapes.len()) };
            let shape = if source.holds == Holds::One { shape.clone() } else { shape.clone().pascal_case() };
            differences(&published, &value(&shape)).into_iter().map(|found| (source.form, found)).collect()
        }
        Holds::Collection => {
            let items = |value: &Value| value.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
            let around = |mut value: Value| {
                value.as_object_mut().map(|properties| properties.remove("items"));
                value
            };
            let collection = value(&collection(source, &folded).of(shapes));
            let (published_items, written_items) = (items(&published), items(&collection));
            assert_eq!(published_items.len(), written_items.len(), "{}", source.file);
            let of_items = published_items.iter().flat_map(|item| {
                let same = written_items.iter().min_by_key(|written| differences(item, written).len());
                differences(item, same.expect("an item"))
            });
            let of_items = of_items.map(|found| (source.form, found));
            let envelope = differences(&around(published), &around(collection));
            envelope.into_iter().map(|found| (Form::Collection, found)).chain(of_items).collect()
        }
    }
}

/// The rows that the differences of a source need; a difference without a row fails.
fn check(sources: &[Source], folder: &Path) -> BTreeSet<usize> {
    let mut needed = BTreeSet::new();
    let mut unexpected = Vec::new();
    for source in sources {
        for (form, found) in found(source, folder) {
            let row = DIFFERENCES.iter().position(|row| row.accepts(form, &found.path, found.differs));
            match row {
                Some(row) => drop(needed.insert(row)),
                None => unexpected.push(format!(
                    "{}: {form}: {} is {}: {} -> {}",
                    source.file, found.path, found.differs, found.published, found.written
                )),
            }
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    needed
}

fn rows_without_need(needed: &BTreeSet<usize>) -> Vec<String> {
    let rows = DIFFERENCES.iter().enumerate().filter(|(number, _)| !needed.contains(number));
    rows.map(|(_, row)| format!("{} {} ({})", row.form, row.path, row.differs)).collect()
}

#[test]
fn every_published_sample_is_written_as_it_was_read() {
    let Some(folder) = samples() else {
        println!("the published samples are not here (OFRECORD_SHARED); nothing is compared");
        return;
    };
    let needed = check(SAMPLES, &folder);
    assert_eq!(rows_without_need(&needed), Vec::<String>::new(), "rows that no published sample needs");
}

#[test]
fn every_fixture_is_written_as_it_was_read() {
    let needed = check(FIXTURES, &fixtures());
    assert_eq!(rows_without_need(&needed), Vec::<String>::new(), "rows that no fixture needs");
}
