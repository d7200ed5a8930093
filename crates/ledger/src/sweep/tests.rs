//! However little may be in memory at a time, the same records come out in the same order.

use std::fs;
use std::sync::atomic::AtomicBool;

use ofrecord_core::{Cloud, CustomerId, Fact, StreamId};
use ofrecord_log::entry::{EntryFormat, EntryParts, StreamLink, compose};
use ofrecord_log::{Directory, EventLog, Hash, Identity, MemoryLog, NewEntry, OpenOptions, SledLog};
use ofrecord_views::Told;
use serde_json::json;

use super::*;
use crate::clock::{Clock, SetClock};
use crate::handle::{Ledger, LedgerOptions};
use crate::submission;

const CUSTOMERS_TOLD: u64 = 60;
const PARTNER: &str = "00000000-0000-4000-a000-000000000001";

/// A ledger of customers with few entries and with many, and of a partner whom some of them name.
fn ledger() -> Ledger {
    ledger_in(Box::new(MemoryLog::new("ofrecord.local/test")))
}

fn ledger_in(log: Box<dyn EventLog>) -> Ledger {
    let options = LedgerOptions {
        cloud: Cloud::Worldwide,
        clock: Clock::Set(SetClock::at("2024-06-01".parse().unwrap())),
        views: None,
        sealer: None,
    };
    let ledger = Ledger::start(log, options).unwrap();
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

/// An entry that is sound to the log, and that says nothing to a ledger.
fn strange(log: &dyn LogReader, stream: &str) -> NewEntry {
    let (position, head) = (log.tree_size(), log.stream_head(stream).unwrap());
    let link = StreamLink {
        stream: stream.to_owned(),
        version: head.map_or(0, |head| head.version),
        previous: head.map(|head| head.last_leaf_hash),
    };
    let bytes = compose(&EntryParts {
        format: EntryFormat::One,
        position,
        recorded_at: "2024-06-03T00:00:00.0000000Z",
        command_id: uuid::Uuid::from_u128(u128::from(position)),
        request_hash: Hash::of(b"strange"),
        streams: &[link],
        decision: b"{}",
    });
    NewEntry { bytes: bytes.unwrap() }
}

/// Whether the head witness of a ledger is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Witness {
    Whole,
    Gone,
}

/// What is met, in one order and as text, and how it ended.
type AllMet = (Vec<String>, Decoded);

fn met_by(decode: impl FnOnce(&mut dyn FnMut(Met<Vec<Fact>>) -> ControlFlow<()>) -> Decoded) -> AllMet {
    let mut all = Vec::new();
    let decoded = decode(&mut |met| {
        all.push(format!("{met:?}"));
        ControlFlow::Continue(())
    });
    (all, decoded)
}

#[test]
fn a_verification_that_decodes_along_meets_what_a_sweep_of_its_own_meets() {
    let folders = tempfile::tempdir().unwrap();
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
    let customer = format!("{CUSTOMERS}00000000-0000-4000-9000-000000000004");
    for (case, strangers, witness) in [
        ("sound", &[][..], Witness::Whole),
        ("an entry of nobody that cannot be decoded", &["other/1"], Witness::Whole),
        ("one of a customer, and one of nobody", &[customer.as_str(), "other/1"], Witness::Whole),
        ("unsound, so that the log is read again", &["other/1"], Witness::Gone),
    ] {
        let folder = folders.path().join(case);
        let identity = Identity::new("ofrecord.local/test", "2024-06-01T00:00:00.0000000Z", [].into());
        drop(ledger_in(Box::new(SledLog::create(&folder, &identity, &options).unwrap())));
        let mut log = SledLog::open(&folder, &options).unwrap();
        for stream in strangers {
            let entry = strange(&log, stream);
            log.append(log.tree_size(), &[entry]).unwrap();
        }
        if witness == Witness::Gone {
            fs::remove_file(Directory::new(&folder).head()).unwrap();
        }
        let make = |facts: StreamFacts| facts.effective();
        let (report, along) = verify_decoding(&log.checker(), &log, &AtomicBool::new(false), &mut |_| {}).unwrap();
        assert_eq!(report, log.verify(&mut |_| {}), "{case}");
        assert_eq!(report.is_sound(), witness == Witness::Whole, "{case}: {:?}", report.problems);
        let own = met_by(|met| sweep_decoding(&log, report.head.size, &(), &make, met));
        assert_eq!(met_by(|met| along.give(&log, &(), &make, met)), own, "{case}");
        let undecoded = own.0.iter().filter(|met| met.contains("Err(")).count();
        assert_eq!(undecoded, strangers.len(), "{case}");
        assert_eq!(own.1.swept.is_err(), strangers.contains(&customer.as_str()), "{case}");
        assert!(verify_decoding(&log.checker(), &log, &AtomicBool::new(true), &mut |_| {}).is_none(), "{case}");
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
