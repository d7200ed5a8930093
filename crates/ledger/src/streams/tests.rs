//! However little is kept in memory, and however it is kept, the same facts are decided on.

use ofrecord_core::Cloud;
use ofrecord_log::entry::{Envelope, stored_leaf_hash};
use ofrecord_log::{EventLog as _, MemoryLog};
use serde_json::{Value, json};

use super::*;
use crate::clock::{Clock, SetClock};
use crate::handle::{Ledger, LedgerOptions};
use crate::submission;

const COMMANDS: u64 = 900;
const CUSTOMERS: u64 = 31;
const PARTNER: &str = "00000000-0000-4000-a000-000000000001";
/// Room for everything.
const WIDE: Room = Room { facts: usize::MAX, packed_bytes: 0 };

/// Commands of a partner, and of customers in an order that comes back to each; some true since long before.
fn command(number: u64) -> Value {
    let customer = format!("00000000-0000-4000-9000-{:012}", number * number % CUSTOMERS);
    let (customer, command) = match number % 7 {
        _ if number == 0 => (
            Value::Null,
            json!({"type": "RegisterPartner", "partner": PARTNER, "name": "Pier", "partner_type": "direct_bill",
                "markets": ["US"]}),
        ),
        1 => (json!(customer), json!({"type": "RegisterCustomer", "name": format!("Name {number}")})),
        2 => (json!(customer), json!({"type": "RequestResellerRelationship", "partner": PARTNER})),
        3 => (Value::Null, json!({"type": "UpdatePartner", "partner": PARTNER, "name": format!("Pier {number}")})),
        _ => (json!(customer), json!({"type": "UpdateCustomer", "name": format!("Name {number}")})),
    };
    let mut line = json!({"command_id": format!("00000000-0000-4000-8000-{number:012}"),
        "actor": {"kind": "operator"}, "command": command});
    if !customer.is_null() {
        line["customer"] = customer;
    }
    if number % 11 == 5 {
        line["effective_at"] = json!(format!("2024-05-{:02}T00:00:00.0000000Z", 1 + number % 28));
    }
    line
}

fn recorded() -> Arc<dyn LogReader> {
    let log = MemoryLog::new("ofrecord.local/test");
    let reader = log.reader();
    let clock = Clock::Set(SetClock::at("2024-06-01".parse().unwrap()));
    let options = LedgerOptions { cloud: Cloud::Worldwide, clock, views: None, sealer: None };
    let ledger = Ledger::start(Box::new(log), options).unwrap();
    for number in 0..COMMANDS {
        let line = command(number).to_string();
        ledger.submit(submission::read(&line).unwrap()).unwrap().wait().unwrap();
    }
    ledger.close();
    reader
}

/// Goes through a log as the writer does, and compares what is loaded with what a cache has that never lets go.
fn check(log: &Arc<dyn LogReader>, room: Room) -> usize {
    let mut wide = StreamCache::new(Arc::clone(log), 0, WIDE);
    let mut narrow = StreamCache::new(Arc::clone(log), 0, room);
    let mut most_packed = 0;
    for position in 0..log.tree_size() {
        let bytes = log.read(position).unwrap();
        let named = Envelope::parse(&bytes).unwrap().streams;
        let streams: Vec<StreamId> = named.iter().map(|link| link.stream.parse().unwrap()).collect();
        for stream in &streams {
            wide.load(*stream).unwrap();
            // Some entries come of streams that nobody has loaded.
            if position % 5 != 4 {
                narrow.load(*stream).unwrap();
                let case = format!("{room:?}, {stream} before position {position}");
                assert_eq!(narrow.facts_of(*stream), wide.facts_of(*stream), "{case}");
                assert_eq!(narrow.end(*stream), wide.end(*stream), "{case}");
            }
        }
        let (facts, leaf) = (facts_at(log.as_ref(), position).unwrap().into_iter(), stored_leaf_hash(&bytes));
        wide.push(&facts, &streams, Some(leaf));
        narrow.push(&facts, &streams, Some(leaf));
        wide.set_loaded_below(position + 1);
        narrow.set_loaded_below(position + 1);
        narrow.shrink();
        assert!(narrow.facts <= room.facts, "{room:?} at {position}");
        most_packed = most_packed.max(narrow.packed.len());
    }
    most_packed
}

#[test]
fn streams_that_were_let_go_come_back_as_they_were() {
    let log = recorded();
    for (facts, packed_bytes) in [(60, 0), (60, 3_000), (60, 1_000_000), (400, 3_000)] {
        let most_packed = check(&log, Room { facts, packed_bytes });
        assert_eq!(most_packed > 0, packed_bytes > 0, "{facts} facts, {packed_bytes} bytes");
        assert!(packed_bytes != 3_000 || most_packed < 15, "{most_packed} were packed in {packed_bytes} bytes");
    }
}

#[test]
fn nothing_is_left_of_an_append_that_did_not_happen() {
    let log = recorded();
    let stream = StreamId::Partner(PARTNER.parse().unwrap());
    let mut cache = StreamCache::new(Arc::clone(&log), log.tree_size(), Room { facts: 1, packed_bytes: 1_000_000 });
    cache.load(stream).unwrap();
    let before = cache.end(stream);
    let fact = facts_at(log.as_ref(), 0).unwrap().into_iter();
    cache.push(&fact, &[stream], None);
    cache.shrink();
    assert_eq!(cache.packed.len(), 1);
    cache.clear();
    cache.load(stream).unwrap();
    assert_eq!(cache.end(stream), before);
}
