//! Entries beside their bytes, and the entries that the tests of exports share.

use ofrecord_core::{CommandId, Decision, Entry, StreamId};
use serde_json::value::RawValue;

use super::{Part, StoredEntry, StoredError};

pub(crate) const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
pub(crate) const PARTNER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const LEAF: &str = "00000000000000000000000000000000000000000000000000000000000000ff";

/// An entry with what it was decoded from.
pub(crate) struct Sample {
    entry: Entry,
    decision: Box<RawValue>,
    streams: Vec<StreamId>,
}

impl Sample {
    /// An entry whose decision is this JSON.
    pub(crate) fn of(decision: &str) -> Self {
        Self::decoded_from(decision, decision)
    }

    /// An entry that is stored as the first JSON, and decoded as if it were the second.
    pub(crate) fn decoded_from(stored: &str, decoded: &str) -> Self {
        let decision: Decision = serde_json::from_str(decoded).unwrap();
        let stream = match decision.customer {
            Some(customer) => StreamId::Customer(customer),
            None => StreamId::Partner(PARTNER.parse().unwrap()),
        };
        Self {
            entry: Entry {
                position: 41,
                recorded_at: "2024-03-02T00:00:00Z".parse().unwrap(),
                command_id: CommandId::new("c0000000-0000-4000-8000-000000000001".parse().unwrap()),
                decision,
            },
            decision: RawValue::from_string(stored.to_owned()).unwrap(),
            streams: vec![stream],
        }
    }

    pub(crate) fn stored(&self) -> StoredEntry<'_> {
        self.try_stored().unwrap()
    }

    fn try_stored(&self) -> Result<StoredEntry<'_>, StoredError> {
        StoredEntry::new(&self.entry, &self.decision, &self.streams, LEAF)
    }
}

fn decision(outcome: &str) -> String {
    format!(
        r#"{{"actor":{{"kind":"customer_admin","tenant_id":"{CUSTOMER}","user":"=lin@contoso.example"}},"command":{{"partner":"{PARTNER}","type":"AcceptResellerRelationship"}},"customer":"{CUSTOMER}","effective_at":"2024-03-01T08:00:00.1234567Z",{outcome},"evidence":[{{"completeness":"full","raw_hash":"{LEAF}","record_id":"a\"b","source":"partner_center_audit"}}],"policy":{{"cloud":"china21vianet","version":1}},"read":[]}}"#
    )
}

/// The events of an acceptance with two events.
pub(crate) fn events() -> [String; 2] {
    [
        format!(r#"{{"generation":1, "partner":"{PARTNER}","type":"ResellerRelationshipAcceptedByCustomer"}}"#),
        format!(r#"{{"partner":"{PARTNER}","services":"all","type":"DapGranted"}}"#),
    ]
}

/// An acceptance with two events.
pub(crate) fn accepted() -> Sample {
    Sample::of(&decision(&format!(r#""events":[{}]"#, events().join(","))))
}

/// The stored refusal of [`refused`].
pub(crate) const REFUSAL: &str = r#"{"code":"not_a_reseller","message":"no","rule":"S-3"}"#;

/// A refusal.
pub(crate) fn refused() -> Sample {
    Sample::of(&decision(&format!(r#""refusal":{REFUSAL}"#)))
}

/// An acceptance by which nothing differed.
pub(crate) fn nothing() -> Sample {
    Sample::of(&decision(r#""events":[]"#))
}

/// An entry on a partner's account, by an actor whose kind is this word.
pub(crate) fn on_a_partner(actor_kind: &str) -> Sample {
    let kind = serde_json::to_string(actor_kind).unwrap();
    Sample::of(&format!(
        r#"{{"actor":{{"kind":{kind}}},"command":{{"type":"ReinstatePartnerAccount"}},"events":[{{"partner":"{PARTNER}","type":"PartnerAccountReinstated"}}],"policy":{{"cloud":"worldwide","version":1}},"read":[]}}"#
    ))
}

#[test]
fn bytes_that_are_no_outcome_are_an_error_with_the_position() {
    let error = |stored: &str| Sample::decoded_from(stored, &decision(r#""events":[]"#)).try_stored().unwrap_err();
    assert!(matches!(error("[1]"), StoredError::NotAnOutcome { position: 41, .. }));
    assert!(matches!(error(r#"{"events":1}"#), StoredError::NotAnOutcome { position: 41, .. }));
}

#[test]
fn events_that_were_not_decoded_from_these_bytes_are_an_error() {
    let [first, _] = events();
    let one = decision(&format!(r#""events":[{first}]"#));
    let sample = Sample::decoded_from(&one, &decision(r#""events":[]"#));
    assert!(matches!(
        sample.try_stored().unwrap_err(),
        StoredError::OtherEvents { position: 41, stored: 1, decoded: 0 }
    ));
}

#[test]
fn an_event_is_handed_on_byte_by_byte() {
    let accepted = accepted();
    let parts: Vec<Part<'_>> = accepted.stored().parts().collect();
    for (part, expected) in parts.iter().zip(events()) {
        let Part::Event { stored, .. } = part else { panic!("{part:?} is no event") };
        assert_eq!(stored.json.get(), expected);
        assert_eq!(stored.version, 1);
    }
    assert_eq!(parts.len(), 2);
}

#[test]
fn an_event_states_the_version_and_the_name_that_are_stored() {
    let stored = decision(r#""events":[{"type":"DapGrantedBefore","version":3}]"#);
    let [_, decoded] = events();
    let sample = Sample::decoded_from(&stored, &decision(&format!(r#""events":[{decoded}]"#)));
    let Some(Part::Event { stored, event, .. }) = sample.stored().parts().next() else { panic!("no event") };
    assert_eq!((stored.name, stored.version, event.name()), ("DapGrantedBefore", 3, "DapGranted"));
}

#[test]
fn an_entry_without_events_has_one_part() {
    assert!(matches!(refused().stored().parts().collect::<Vec<_>>()[..], [Part::Refusal { .. }]));
    assert!(matches!(nothing().stored().parts().collect::<Vec<_>>()[..], [Part::Nothing]));
}
