//! However little may be in memory at a time, the same records come out in the same order.

use ofrecord_core::{Cloud, CustomerId, Fact, StreamId};
use ofrecord_log::MemoryLog;
use serde_json::json;

use super::facts::Told;
use super::*;
use crate::clock::{Clock, SetClock};
use crate::handle::{Ledger, LedgerOptions};
use crate::submission;

const CUSTOMERS_TOLD: u64 = 60;
const PARTNER: &str = "00000000-0000-4000-a000-000000000001";

/// A ledger of customers with few entries and with many, and of a partner whom some of them name.
fn ledger() -> Ledger {
    let options = LedgerOptions {
        cloud: Cloud::Worldwide,
        clock: Clock::Set(SetClock::at("2024-06-01".parse().unwrap())),
        views: None,
        sealer: None,
    };
    let ledger = Ledger::start(Box::new(MemoryLog::new("ofrecord.local/test")), options).unwrap();
    let partner = json!({"type": "RegisterPartner", "partner": PARTNER, "name": "Pier", "partner_type": "direct_bill",
        "markets": ["US"]});
    submit(&ledger, 0, None, &partner);
    for number in 1..600 {
        let customer: CustomerId =
            format!("00000000-0000-4000-9000-{:012}", number * number % CUSTOMERS_TOLD).parse().unwrap();
        let command = match number % 5 {
            0 => json!({"type": "RequestResellerRelationship", "partner": PARTNER}),
            1 => json!({"type": "RegisterCustomer", "name": format!("Name {number}")}),
            _ => json!({"type": "UpdateCustomer", "name": format!("Name {number}")}),
        };
        submit(&ledger, number, Some(customer), &command);
    }
    ledger
}

fn submit(ledger: &Ledger, number: u64, customer: Option<CustomerId>, command: &serde_json::Value) {
    let mut line = json!({"command_id": format!("00000000-0000-4000-8000-{number:012}"),
        "actor": {"kind": "operator"}, "command": command});
    if let Some(customer) = customer {
        line["customer"] = json!(customer);
    }
    ledger.submit(submission::read(&line.to_string()).unwrap()).unwrap().wait().unwrap();
}

/// Every record that a sweep gives: whose it is, its entries, and its present view.
fn swept(ledger: &Ledger, prefix: &str, reading: Reading, bounds: Bounds) -> Vec<(String, Vec<u64>, Vec<u8>)> {
    let reader = ledger.reader();
    let log = reader.log();
    let (digest, make) = (&EntryRow::from, &|record| record);
    let swept = Swept { log: log.as_ref(), reading, known_below: 550, bounds, digest, make };
    let mut given = Vec::new();
    sweep_streams_of(&swept, prefix, &(), &mut |record| {
        let entries = record.entries().iter().map(|row| row.position).collect();
        given.push((record.stream().to_string(), entries, record.present_bytes()));
        ControlFlow::Continue(())
    })
    .unwrap();
    given
}

#[test]
fn every_record_comes_out_however_little_may_be_in_memory() {
    let ledger = ledger();
    let whole = Bounds::USUAL;
    for prefix in [CUSTOMERS, ""] {
        let expected = swept(&ledger, prefix, Reading::Alone, whole);
        assert!(expected.len() > 10, "{prefix}");
        assert!(expected.is_sorted_by(|one, other| one.0 < other.0));
        for (loose, part, pass, page) in [
            (0, 1, 10_000, 1_024),
            (0, 64, 10_000, 1_024),
            (0, 10_000, 10_000, 1_024),
            (0, 40, 100, 3),
            (0, 40, 1, 1),
            (10_000, 1, 100, 3),
        ] {
            for reading in [Reading::Alone, Reading::OnEveryCore] {
                let bounds = Bounds { loose, part, pass, page, given: 1 };
                assert_eq!(swept(&ledger, prefix, reading, bounds), expected, "{bounds:?} {reading:?}");
            }
        }
    }
}

/// The entries that a sweep that decodes meets, and the facts of every customer.
fn facts(ledger: &Ledger, bounds: Bounds) -> (u64, Vec<(StreamId, Vec<Fact>)>) {
    let reader = ledger.reader();
    let log = reader.log();
    let (digest, make) = (&Told::from, &|facts: StreamFacts| (facts.stream(), facts.effective()));
    let swept = Swept { log: log.as_ref(), reading: Reading::OnEveryCore, known_below: 550, bounds, digest, make };
    let (mut entries, mut customers) = (0, Vec::new());
    let decoded = decoding::decoding(&swept, &(), &mut |met| {
        match met {
            Met::Entry { position, decoded } => {
                assert_eq!((position, decoded), (entries, Ok(())));
                entries += 1;
            }
            Met::Customer(facts) => customers.push(facts),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(decoded, Decoded { read: Ok(()), swept: Ok(()) });
    (entries, customers)
}

#[test]
fn the_same_facts_come_out_however_little_may_be_in_memory_and_those_of_the_records() {
    let ledger = ledger();
    let reader = ledger.reader();
    let mut expected = Vec::new();
    sweep(reader.log().as_ref(), 550, &(), &mut |record| {
        expected.push((StreamId::Customer(record.id()), record.effective_facts(u64::MAX)));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(expected.iter().any(|(_, facts)| facts.len() > 5));
    for (loose, part, pass, page, given) in [
        (500_000, 16_384, 2_500_000, 1_024, 64),
        (0, 1, 10_000, 1_024, 1),
        (0, 64, 10_000, 1_024, 64),
        (0, 40, 100, 3, 2),
        (10_000, 1, 100, 3, 1),
    ] {
        let bounds = Bounds { loose, part, pass, page, given };
        assert_eq!(facts(&ledger, bounds), (550, expected.clone()), "{bounds:?}");
    }
}

#[test]
fn a_sweep_that_breaks_gives_no_more() {
    let ledger = ledger();
    let reader = ledger.reader();
    let log = reader.log();
    for loose in [0, 10_000] {
        let bounds = Bounds { loose, part: 20, pass: 100, page: 4, given: 1 };
        let (reading, digest) = (Reading::OnEveryCore, &EntryRow::from);
        let make = &|record: StreamRecord| record;
        let swept = Swept { log: log.as_ref(), reading, known_below: 550, bounds, digest, make };
        let mut given = 0;
        sweep_streams_of(&swept, CUSTOMERS, &(), &mut |_: StreamRecord| {
            given += 1;
            if given == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
        assert_eq!(given, 3);
    }
}
