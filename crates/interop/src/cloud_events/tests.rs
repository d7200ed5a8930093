//! CloudEvents: the grammar of their attributes, and what each says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ATTRIBUTES, cloud_events, source_of};
use crate::stored::tests::{
    CUSTOMER, LEAF, PARTNER, REFUSAL, Sample, accepted, events, nothing, on_a_partner, refused,
};

fn told(sample: &Sample) -> Vec<Map<String, Value>> {
    let source = source_of("example.org/ledger");
    let stored = sample.stored();
    cloud_events(&source, &stored)
        .map(|event| {
            let text = serde_json::to_string(&event).unwrap();
            serde_json::from_str(&text).unwrap()
        })
        .collect()
}

/// Holds a CloudEvent to the naming rules and the type system of the specification.
fn check_grammar(event: &Map<String, Value>) {
    for required in ["id", "source", "specversion", "type"] {
        assert!(event.get(required).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{required}");
    }
    for (name, value) in event.iter().filter(|(name, _)| *name != "data") {
        assert!(name.len() <= 20, "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{name}");
        let text = value.as_str().unwrap_or_else(|| panic!("{name} is {value}"));
        assert!(!text.is_empty() && !text.chars().any(char::is_control), "{name} is {text:?}");
        assert!(ATTRIBUTES.iter().any(|attribute| attribute.name == name), "{name} is in no list");
    }
}

#[test]
fn every_attribute_keeps_to_the_grammar() {
    for sample in [accepted(), refused(), on_a_partner("partner_user"), on_a_partner("bell\u{7}")] {
        told(&sample).iter().for_each(check_grammar);
    }
}

#[test]
fn every_attribute_of_the_list_is_written_in_its_order() {
    let source = source_of("example.org/ledger");
    let sample = accepted();
    let stored = sample.stored();
    let text = serde_json::to_string(&cloud_events(&source, &stored).next().unwrap().shown_by(57)).unwrap();
    let places: Vec<_> = ATTRIBUTES.iter().map(|one| text.find(&format!("\"{}\":", one.name))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {text}");
}

#[test]
fn an_event_that_is_shown_later_says_by_what_and_is_otherwise_the_same() {
    let source = source_of("example.org/ledger");
    let sample = accepted();
    let stored = sample.stored();
    let one = cloud_events(&source, &stored).next().unwrap();
    let plain = serde_json::to_value(&one).unwrap();
    let mut later = serde_json::to_value(one.shown_by(57)).unwrap();
    assert_eq!((&later["id"], &later["shownby"]), (&"57.41-0".into(), &"57".into()));
    later["id"] = "41-0".into();
    later.as_object_mut().unwrap().remove("shownby");
    assert_eq!(later, plain);
}

#[test]
fn each_event_of_an_entry_is_one_cloud_event() {
    let told = told(&accepted());
    let read = |name: &str| told.iter().map(|event| event[name].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(read("id"), ["41-0", "41-1"]);
    assert_eq!(
        read("type"),
        ["org.ofrecord.relationship.ResellerRelationshipAcceptedByCustomer.v1", "org.ofrecord.access.DapGranted.v1"]
    );
    assert_eq!(read("sequence"), ["0000000000000041-00000", "0000000000000041-00001"]);
    let first = &told[0];
    assert_eq!(first["source"], "https://example.org/ledger");
    assert_eq!(first["subject"], CUSTOMER);
    assert_eq!(first["time"], "2024-03-01T08:00:00.1234567Z");
    assert_eq!(first["recordedtime"], "2024-03-02T00:00:00.0000000Z");
    assert_eq!(first["partitionkey"], format!("customer/{CUSTOMER}"));
    assert_eq!(first["leafhash"], LEAF);
    assert_eq!(first["command"], "AcceptResellerRelationship");
    assert_eq!(first["actorkind"], "customer_admin");
}

#[test]
fn the_content_is_the_event_as_stored() {
    let source = source_of("example.org/ledger");
    let sample = accepted();
    let stored = sample.stored();
    for (event, expected) in cloud_events(&source, &stored).zip(events()) {
        let text = serde_json::to_string(&event).unwrap();
        assert!(text.ends_with(&format!("\"data\":{expected}}}")), "{text}");
    }
}

#[test]
fn a_refusal_is_one_cloud_event_and_nothing_is_none() {
    let told_of_refusal = told(&refused());
    assert_eq!(told_of_refusal.len(), 1);
    assert_eq!(told_of_refusal[0]["id"], "41-0");
    assert_eq!(told_of_refusal[0]["type"], "org.ofrecord.command.AcceptResellerRelationship.refused");
    assert_eq!(told_of_refusal[0]["data"], serde_json::from_str::<Value>(REFUSAL).unwrap());
    assert!(told(&nothing()).is_empty());
}

#[test]
fn an_entry_on_a_partners_account_has_the_partner_for_subject() {
    let told = told(&on_a_partner("partner_user"));
    assert_eq!(told[0]["subject"], PARTNER);
    assert_eq!(told[0]["partitionkey"], format!("partner/{PARTNER}"));
}

#[test]
fn a_word_that_an_attribute_cannot_hold_is_left_out() {
    for word in ["", "bell\u{7}", "del\u{7f}", "non\u{fffe}", "also\u{1ffff}"] {
        assert_eq!(told(&on_a_partner(word))[0].get("actorkind"), None, "{word:?}");
    }
    assert_eq!(told(&on_a_partner("ein neues Wort – ünd"))[0]["actorkind"], "ein neues Wort – ünd");
}

#[test]
fn no_name_of_a_person_stands_in_an_attribute() {
    for event in told(&accepted()) {
        let attributes: BTreeSet<String> =
            event.iter().filter(|(name, _)| *name != "data").map(|(_, value)| value.to_string()).collect();
        assert!(!attributes.iter().any(|text| text.contains("lin@")), "{attributes:?}");
    }
}

#[test]
fn any_origin_makes_an_address() {
    for (origin, address) in [
        ("example.org/ledger", "https://example.org/ledger"),
        ("example.org:8080/a", "https://example.org%3A8080/a"),
        ("100%#?", "https://100%25%23%3F"),
        ("a\"b<c>", "https://a%22b%3Cc%3E"),
    ] {
        assert_eq!(source_of(origin), address);
    }
}
