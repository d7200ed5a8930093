//! However customers are parted, a replay comes to the same report, and stops at the same entry for the same reason.

use ofrecord_core::{Cloud, CustomerId};
use ofrecord_log::entry::{EntryParts, Envelope, StreamLink, compose};
use ofrecord_log::{EventLog as _, Hash, MemoryLog, NewEntry, merkle};
use serde_json::{Value, json};

use super::*;
use crate::clock::{Clock, SetClock};
use crate::handle::{Ledger, LedgerOptions};
use crate::submission;

const COMMANDS: u64 = 400;
const CUSTOMERS: u64 = 23;
const PARTNERS: u64 = 5;

/// Passes and lanes.
const PARTINGS: [(u64, u64); 4] = [(1, 1), (1, 7), (3, 1), (2, 3)];
/// Facts that lanes hold: more than there are.
const FACTS: usize = 1_000_000;

fn partner(number: u64) -> String {
    format!("00000000-0000-4000-a000-{:012}", number % PARTNERS)
}

fn customer(number: u64) -> CustomerId {
    format!("00000000-0000-4000-9000-{:012}", number * number % CUSTOMERS).parse().unwrap()
}

/// Commands of customers, which read partners; of partners, which change them; and of both. Some are refused.
fn submitted(number: u64) -> (Value, Option<CustomerId>, Value) {
    let partner = partner(number / 3);
    let operator = json!({"kind": "operator"});
    let user = json!({"kind": "partner_user", "tenant_id": partner, "role": "admin_agent"});
    let admin = json!({"kind": "customer_admin", "tenant_id": customer(number), "role": "global_admin"});
    let changed = json!({"type": "UpdatePartner", "partner": partner, "name": format!("Pier {number}")});
    match number % 9 {
        _ if number < PARTNERS => {
            let partner = self::partner(number);
            let registered = json!({"type": "RegisterPartner", "partner": partner, "name": "Pier",
                "partner_type": "direct_bill", "markets": ["US"]});
            (operator, None, registered)
        }
        0 | 7 => (operator, None, changed),
        1 => (operator, Some(customer(number)), json!({"type": "RegisterCustomer", "name": format!("Name {number}")})),
        2 => (user, Some(customer(number)), json!({"type": "RequestResellerRelationship", "partner": partner})),
        3 | 4 => (admin, Some(customer(number)), json!({"type": "AcceptResellerRelationship", "partner": partner})),
        5 => (user, Some(customer(number)), json!({"type": "RemoveResellerRelationship", "partner": partner})),
        6 => (user, None, json!({"type": "RequestResellerRelationship", "partner": partner})),
        _ => (operator, Some(customer(number)), json!({"type": "UpdateCustomer", "name": format!("Name {number}")})),
    }
}

fn recorded(commands: u64) -> Arc<dyn LogReader> {
    let log = MemoryLog::new("ofrecord.local/test");
    let reader = log.reader();
    let clock = Clock::Set(SetClock::at("2024-06-01".parse().unwrap()));
    let options = LedgerOptions { cloud: Cloud::Worldwide, clock, views: None, sealer: None };
    let ledger = Ledger::start(Box::new(log), options).unwrap();
    for number in 0..commands {
        let (actor, customer, command) = submitted(number);
        let mut line = json!({"command_id": format!("00000000-0000-4000-8000-{number:012}"), "actor": actor,
            "command": command});
        if let Some(customer) = customer {
            line["customer"] = json!(customer);
        }
        ledger.submit(submission::read(&line.to_string()).unwrap()).unwrap().wait().unwrap();
    }
    ledger.close();
    reader
}

/// What an entry of a forged log is made of.
struct Forged {
    streams: Vec<String>,
    decision: Value,
    request_hash: Hash,
}

/// A change of one entry.
type Forgery<'a> = &'a dyn Fn(&mut Forged);

/// The same log, but for what `forge` changes at a position; every link between entries is right.
fn forged(log: &Arc<dyn LogReader>, forge: &dyn Fn(u64, &mut Forged)) -> Arc<dyn LogReader> {
    let mut other = MemoryLog::new("ofrecord.local/test");
    for position in 0..log.tree_size() {
        let envelope = Envelope::parse(&log.read(position).unwrap()).unwrap();
        let mut forged = Forged {
            streams: envelope.streams.into_iter().map(|link| link.stream).collect(),
            decision: serde_json::from_str(envelope.decision.get()).unwrap(),
            request_hash: envelope.request_hash,
        };
        forge(position, &mut forged);
        let head = |stream: &String| other.stream_head(stream).unwrap();
        let link = |stream: &String| StreamLink {
            stream: stream.clone(),
            version: head(stream).map_or(0, |head| head.version),
            previous: head(stream).map(|head| head.last_leaf_hash),
        };
        let streams: Vec<StreamLink> = forged.streams.iter().map(link).collect();
        let bytes = compose(&EntryParts {
            format: envelope.format,
            position,
            recorded_at: &envelope.recorded_at,
            command_id: envelope.command_id,
            request_hash: forged.request_hash,
            streams: &streams,
            decision: forged.decision.to_string().as_bytes(),
        });
        other.append(position, &[NewEntry { bytes: bytes.unwrap() }]).unwrap();
    }
    other.reader()
}

/// What each parting makes of a log is what one part alone does.
fn check(log: &Arc<dyn LogReader>, from: u64, to: u64) -> Result<ReplayReport, ReplayError> {
    let whole = replayed(log, from, to, Parting::whole(), &());
    for (passes, lanes) in PARTINGS {
        let parting = Parting::into(passes, lanes, FACTS);
        assert_eq!(replayed(log, from, to, parting, &()), whole, "{from}..{to}: {parting:?}");
    }
    whole
}

/// The position of the first command of this name at or beyond a position.
fn named(log: &Arc<dyn LogReader>, from: u64, name: &str) -> u64 {
    let is_named = |position: &u64| {
        let entry = crate::codec::decode(&log.read(*position).unwrap()).unwrap();
        entry.decision.command.name() == name && entry.decision.refusal.is_none()
    };
    (from..log.tree_size()).find(is_named).unwrap()
}

#[test]
fn every_parting_decides_every_command_the_same() {
    let log = recorded(COMMANDS);
    for (from, to) in [(0, COMMANDS), (0, 1), (17, 18), (150, COMMANDS), (COMMANDS, COMMANDS)] {
        let report = check(&log, from, to).unwrap();
        assert_eq!((report.commands, report.difference), (to - from, None));
    }
    let report = check(&log, 0, COMMANDS).unwrap();
    assert!(report.accepted > 100 && report.refused > 30, "{report:?}");
}

#[test]
fn streams_that_were_let_go_are_read_again() {
    // More than two rounds: only between two of them are streams let go.
    let commands = 9_000;
    let log = recorded(commands);
    for facts in [0, 200] {
        let report = replayed(&log, 0, commands, Parting::into(1, 2, facts), &()).unwrap();
        assert_eq!((report.commands, report.difference), (commands, None));
    }
}

#[test]
fn a_decision_that_came_out_differently_ends_every_parting_there() {
    let log = recorded(COMMANDS);
    let (renamed, changed) = (named(&log, 300, "UpdateCustomer"), named(&log, 250, "UpdatePartner"));
    for one in [renamed, changed] {
        for other in [one, one + 1, one + 40] {
            let spoilt = forged(&log, &|position, entry| {
                if position == one || position == other {
                    entry.decision["events"] = json!([]);
                    entry.decision.as_object_mut().unwrap().remove("refusal");
                }
            });
            let report = check(&spoilt, 0, COMMANDS).unwrap();
            assert_eq!(report.difference.map(|difference| difference.position), Some(one));
            assert_eq!((report.commands, report.to), (one + 1, COMMANDS));
        }
    }
}

#[test]
fn another_spelling_of_what_was_decided_is_a_difference() {
    let log = recorded(COMMANDS);
    let at = named(&log, 200, "UpdateCustomer");
    let spellings: [&dyn Fn(&mut Value); 5] = [
        &|decision| decision["events"][0]["domain"] = Value::Null,
        &|decision| decision["effective_at"] = Value::Null,
        &|decision| decision["refusal"] = Value::Null,
        &|decision| decision["command"]["domain"] = Value::Null,
        &|decision| decision["read"] = json!([]),
    ];
    for (number, spell) in spellings.iter().enumerate() {
        let spelled = forged(&log, &|position, entry| {
            if position == at {
                spell(&mut entry.decision);
            }
        });
        let report = check(&spelled, 0, COMMANDS).unwrap();
        assert_eq!(report.difference.map(|difference| difference.position), Some(at), "spelling {number}");
    }
}

#[test]
fn what_cannot_be_read_ends_every_parting_for_the_same_reason() {
    let log = recorded(COMMANDS);
    let at = named(&log, 220, "UpdateCustomer");
    let forgeries: [(&str, Forgery<'_>); 7] = [
        ("read the decision", &|entry| entry.decision["events"] = json!([{"type": "NeverHeardOf"}])),
        ("read the decision", &|entry| entry.decision["more"] = json!(1)),
        ("read the command", &|entry| entry.decision["command"] = json!({"type": "NeverHeardOf"})),
        ("its request hash", &|entry| entry.request_hash = Hash::of(b"another")),
        ("its request hash", &|entry| entry.decision["command"]["name"] = json!("Another")),
        ("read the decision", &|entry| {
            entry.request_hash = Hash::of(b"another");
            entry.decision["events"] = json!([{"type": "NeverHeardOf"}]);
        }),
        ("no policy", &|entry| entry.decision["policy"]["version"] = json!(99)),
    ];
    for (said, forge) in forgeries {
        let spoilt = forged(&log, &|position, entry| {
            if position == at || position == at + 30 {
                forge(entry);
            }
        });
        let error = check(&spoilt, 0, COMMANDS).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains(&at.to_string()), "{error}");
    }
}

#[test]
fn an_entry_in_a_stream_that_it_does_not_belong_to_is_replayed_in_one_part() {
    let log = recorded(COMMANDS);
    let at = named(&log, 220, "UpdateCustomer");
    let stray = forged(&log, &|position, entry| {
        if position == at {
            entry.streams = vec![format!("customer/{}", customer(1))];
        }
    });
    let parting = Parting::into(2, 3, FACTS);
    let replay = Replay::new(&stray, 0, COMMANDS, &()).unwrap();
    assert!(matches!(replay.in_passes(parting, COMMANDS), Ok((_, Ending::NotParted))));
    check(&stray, 0, COMMANDS).unwrap();
}

#[test]
fn the_leaves_of_a_forged_log_are_its_own() {
    let log = recorded(COMMANDS);
    let same = forged(&log, &|_, _| ());
    assert_eq!(same.root(), log.root());
    assert_eq!(merkle::leaf_hash(&same.read(7).unwrap()), log.leaf_hash(7).unwrap());
}
