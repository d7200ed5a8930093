//! The stored form of an entry's digest.

use std::collections::BTreeSet;

use ofrecord_core::Event;
use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::vocabulary::RelationshipKind;

use super::EntryRow;
use crate::story::granular::{activated, relationship};
use crate::story::{Story, accepted, bought, p, purchase, q, subscription};

#[test]
fn the_bytes_have_sorted_keys_and_no_spaces() {
    let row = EntryRow::of(&Story::new().on("2024-01-01", [accepted(q())]).entries[0]);
    let text = String::from_utf8(row.to_bytes()).unwrap();
    assert!(text.starts_with(r#"{"actor":{"kind":"operator"},"command":"RecordObservation","command_id":""#), "{text}");
    let keys: Vec<String> =
        serde_json::from_str::<serde_json::Value>(&text).unwrap().as_object().unwrap().keys().cloned().collect();
    assert!(keys.is_sorted(), "{keys:?}");
}

#[test]
fn a_row_names_whom_its_command_and_its_events_name() {
    let refused = Story::new().refused(
        "2024-01-01",
        &ofrecord_core::ground::relationship::NOT_A_RESELLER,
        &bought(purchase(1, p())),
    );
    let row = EntryRow::of(&refused.entries[0]);
    assert_eq!((row.events.len(), row.command.as_str()), (0, "Refused"));
    assert_eq!((row.partners, row.subscriptions), (BTreeSet::from([p()]), BTreeSet::from([subscription(1)])));
}

#[test]
fn a_row_names_a_granular_relationship_and_no_word_in_a_field_of_that_name() {
    let story = Story::new()
        .refused("2024-01-01", &ofrecord_core::ground::granular::INVALID_TRANSITION, &activated(p(), 1))
        .on("2024-01-02", [accepted(q()), activated(p(), 2)])
        .on("2024-01-03", [shown_as_none(q())]);
    let named: Vec<_> = story.entries.iter().map(|entry| EntryRow::of(entry).relationships).collect();
    assert_eq!(named, [[relationship(1)].into(), [relationship(2)].into(), BTreeSet::new()]);
}

fn shown_as_none(partner: ofrecord_core::PartnerTenantId) -> Event {
    Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
        partner,
        relationship: RelationshipKind::None,
        ended_by: None,
        via_provider: None,
    })
}

#[test]
fn bytes_that_are_no_digest_are_an_error() {
    for bytes in [&b""[..], b"{}", b"[1]", br#"{"position":1,"unknown":2}"#] {
        let error = EntryRow::from_bytes(bytes).unwrap_err();
        assert!(error.to_string().starts_with("read the stored digest of an entry: "), "{error}");
    }
}
