//! Versions of events in a whole ledger: one that an older build wrote is read, verified, replayed and written on.
//!
//! `ledger-1` is a ledger of format 1, written and closed by the build before events had versions, its stored
//! views included, and `answers-of-format-1.jsonl` is what that build said of its support contacts.
//! `ledger-2` is the same ledger after support contacts of version 2 were recorded in it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ofrecord_core::event::upcast::UnknownVersion;
use ofrecord_core::{Cloud, CustomerId, Event, Fact, PartnerTenantId, Request, StreamId, SubscriptionId, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::codec::{self, DecodeError};
use ofrecord_ledger::rebuild::{ProjectionError, rebuild};
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::sweep::{Decoded, Met, StreamFacts, sweep, sweep_decoding};
use ofrecord_ledger::{
    Clock, KnownAt, Ledger, LedgerOptions, ReadFailure, Reader, ReceiptOutcome, StoredViews, Ticket, submission,
};
use ofrecord_log::entry::{EntryFormat, EntryParts, Envelope, StreamLink, compose};
use ofrecord_log::{
    Directory, EventLog, Hash, Identity, LogReader, MemoryLog, NewEntry, OpenOptions, SledLog, WriteState,
};
use ofrecord_views::{CustomerRecord, EntryRow, present_row, subscriptions};
use serde::Deserialize;
use serde_json::{Value, json};

const CUSTOMER: &str = "cccccccc-0000-4000-8000-000000000001";
const QUAY: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const PIER: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const OFFICE: &str = "5ab5c81b-0000-4000-8000-000000000001";
const AZURE: &str = "5ab5c81b-0000-4000-8000-000000000002";
/// The root over the 27 entries, as the build that wrote them printed it.
const ROOT_OF_FORMAT_1: &str = "aaab19f6c3aeb7cb329ad216f66cd2e696b57b41586f7bb27b0062af19715e39";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Copies a folder; a store is mostly empty space and so kept compressed.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.extension().is_some_and(|extension| extension == "zst") {
            fs::write(target.with_extension(""), zstd::decode_all(fs::File::open(path).unwrap()).unwrap()).unwrap();
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

/// A ledger as it was closed.
struct Closed(tempfile::TempDir);

impl Closed {
    fn laid_out(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&fixtures().join(name), folder.path());
        fs::create_dir_all(folder.path().join("segments")).unwrap();
        fs::create_dir_all(folder.path().join("views")).unwrap();
        Self(folder)
    }

    fn open(&self) -> SledLog {
        SledLog::open(self.0.path(), &options()).unwrap()
    }

    /// The format that the identity file states.
    fn format(&self) -> u64 {
        let identity: Identity = serde_json::from_slice(&fs::read(self.0.path().join("ledger.json")).unwrap()).unwrap();
        identity.format
    }

    fn start(&self) -> Ledger {
        let clock = Clock::Set(SetClock::at(at("2018-06-01")));
        let options = LedgerOptions { cloud: Cloud::China21Vianet, clock, views: None, sealer: None };
        Ledger::start(Box::new(self.open()), options).unwrap()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn reader(log: &dyn EventLog) -> Reader {
    Reader::new(log.reader(), Cloud::China21Vianet)
}

fn must_be_sound(log: &SledLog) {
    assert_eq!(log.health().write_state, WriteState::Writable);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
}

/// What was said of one subscription's support contact.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    partner: Option<PartnerTenantId>,
    positions: Vec<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    tree_size: u64,
    as_of: Timestamp,
    contacts: BTreeMap<SubscriptionId, Said>,
}

/// Compares every answer that the older build gave with the one that is given now.
fn must_say_what_format_1_said(reader: &Reader) {
    let answers = fs::read_to_string(fixtures().join("answers-of-format-1.jsonl")).unwrap();
    let mut compared = 0;
    for line in answers.lines() {
        let said: Answer = serde_json::from_str(line).unwrap();
        let snapshot = reader.snapshot(KnownAt::TreeSize(said.tree_size)).unwrap();
        let record = reader.customer(CUSTOMER.parse().unwrap(), &snapshot).unwrap();
        let rows = subscriptions(&record, &reader.viewpoint(&snapshot, said.as_of));
        assert!(rows.iter().all(|row| row.support_contact_partner_id.is_none() && row.support_contact_name.is_none()));
        let now: BTreeMap<SubscriptionId, Said> = rows
            .into_iter()
            .map(|row| {
                let positions = row.cells.of("support_contact").collect();
                (row.subscription, Said { partner: row.support_contact, positions })
            })
            .collect();
        assert_eq!(now, said.contacts, "as of {} by {} entries", said.as_of, said.tree_size);
        compared += 1;
    }
    assert_eq!(compared, 152);
}

#[test]
fn a_ledger_of_format_1_is_verified_replayed_and_says_what_it_said() {
    let closed = Closed::laid_out("ledger-1");
    let log = closed.open();
    must_be_sound(&log);
    assert_eq!((log.tree_size(), log.root()), (27, ROOT_OF_FORMAT_1.parse().unwrap()));
    let report = replay(&log.reader(), 0, 27, &()).unwrap();
    assert_eq!(report.difference, None);
    assert_eq!((report.commands, report.accepted, report.refused, report.upcast), (27, 25, 2, 8));
    must_say_what_format_1_said(&reader(&log));
    drop(log);
    assert_eq!(closed.format(), 1, "reading raises nothing");
}

#[test]
fn a_replay_still_finds_a_decision_that_came_out_differently() {
    let closed = Closed::laid_out("ledger-1");
    let log = closed.open();
    let mut entries: Vec<NewEntry> = Vec::new();
    let mut streams: BTreeMap<String, (u64, Hash)> = BTreeMap::new();
    // The same ledger, but the contact recorded at position 14 is another partner than was asked for.
    for position in 0..27 {
        let envelope = Envelope::parse(&log.read(position).unwrap()).unwrap();
        let mut decision: Value = serde_json::from_str(envelope.decision.get()).unwrap();
        if position == 14 {
            decision["events"] = json!([{"type": "SupportContactChanged", "subscription": OFFICE, "partner": QUAY}]);
        }
        let links: Vec<StreamLink> = envelope
            .streams
            .iter()
            .map(|link| StreamLink { previous: streams.get(&link.stream).map(|(_, leaf)| *leaf), ..link.clone() })
            .collect();
        let bytes = compose(&EntryParts {
            format: envelope.format,
            position,
            recorded_at: &envelope.recorded_at,
            command_id: envelope.command_id,
            request_hash: envelope.request_hash,
            streams: &links,
            decision: decision.to_string().as_bytes(),
        })
        .unwrap();
        for link in links {
            streams.insert(link.stream, (link.version, ofrecord_log::merkle::leaf_hash(&bytes)));
        }
        entries.push(NewEntry { bytes });
    }
    let mut other = MemoryLog::new("ofrecord.local/test");
    other.append(0, &entries).unwrap();
    let report = replay(&other.reader(), 0, 27, &()).unwrap();
    assert_eq!(report.difference.map(|difference| difference.position), Some(14));
    assert_eq!(report.upcast, 0);
}

/// The support contacts of `ledger-1` as a build would have written them that knew version 2, by position.
fn in_version_2() -> BTreeMap<u64, Vec<Arc<Event>>> {
    let contact = |subscription: &str, partner: Option<&str>| {
        let contact = partner.map(|partner| json!({"partner": partner}));
        json!({"type": "SupportContactChanged", "version": 2, "subscription": subscription, "contact": contact})
    };
    let replaced = json!({"type": "EventCorrected", "position": 17, "event_index": 0,
        "reason": "the list was of the week before", "replacement": contact(OFFICE, Some(PIER)),
        "effective_at": "2018-02-15T00:00:00.0000000Z"});
    let withdrawn = json!({"type": "EventCorrected", "position": 19, "event_index": 1,
        "reason": "read from another customer's page"});
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": PIER,
        "removed_by": "wei@pier.example", "subscriptions_considered": [AZURE], "generation": 1});
    let histories = [
        (14, vec![contact(OFFICE, Some(PIER))]),
        (16, vec![contact(AZURE, Some(PIER))]),
        (17, vec![contact(OFFICE, Some(QUAY))]),
        (19, vec![contact(AZURE, None), contact(AZURE, Some(QUAY))]),
        (20, vec![contact(OFFICE, Some(PIER))]),
        (21, vec![replaced]),
        (22, vec![withdrawn]),
        (25, vec![removed, contact(OFFICE, None)]),
        (26, vec![contact(OFFICE, Some(QUAY))]),
    ];
    let event = |json: Value| Arc::new(serde_json::from_value(json).unwrap());
    histories.into_iter().map(|(position, events)| (position, events.into_iter().map(event).collect())).collect()
}

#[test]
fn a_history_written_by_hand_in_the_newest_version_folds_to_the_same_views() {
    let closed = Closed::laid_out("ledger-1");
    let log = closed.open();
    let reader = reader(&log);
    let snapshot = reader.snapshot(KnownAt::Now).unwrap();
    let customer: CustomerId = CUSTOMER.parse().unwrap();
    let upcast = reader.customer(customer, &snapshot).unwrap();
    let mut by_hand = CustomerRecord::new(customer);
    let mut written = in_version_2();
    for row in upcast.entries() {
        let events = written.remove(&row.position).unwrap_or_else(|| row.events.clone());
        by_hand.take_row(EntryRow { events, ..row.clone() });
    }
    assert!(written.is_empty());
    assert_eq!(by_hand.entries(), upcast.entries());
    assert_eq!(present_row(&by_hand), present_row(&upcast));
    for day in ["2018-01-10", "2018-02-12", "2018-02-16", "2018-03-15", "2018-06-01"] {
        let viewpoint = reader.viewpoint(&snapshot, at(day));
        assert_eq!(subscriptions(&by_hand, &viewpoint), subscriptions(&upcast, &viewpoint), "{day}");
    }
}

fn request(id: u32, actor: &Value, command: &Value) -> Request {
    let line = json!({"command_id": format!("d0000000-0000-4000-8000-{id:012}"), "actor": actor,
        "customer": CUSTOMER, "command": command});
    submission::read(&line.to_string()).unwrap()
}

fn quay() -> Value {
    json!({"kind": "partner_user", "tenant_id": QUAY, "user": "ana@quay.example", "role": "admin_agent"})
}

fn submit(ledger: &Ledger, request: Request) -> ReceiptOutcome {
    ledger.submit(request).and_then(Ticket::wait).unwrap().outcome
}

fn position(outcome: &ReceiptOutcome) -> u64 {
    match outcome {
        ReceiptOutcome::Accepted { recorded, .. }
        | ReceiptOutcome::Refused { recorded, .. }
        | ReceiptOutcome::Repeated { recorded, .. } => recorded.position,
        ReceiptOutcome::Conflict { refusal } => panic!("a conflict: {refusal:?}"),
    }
}

fn full_contact(id: u32, name: &str) -> Request {
    let command = json!({"type": "SetSupportContact", "subscription": OFFICE, "partner": QUAY,
        "partner_id": "4847383", "name": name});
    request(id, &quay(), &command)
}

#[test]
fn both_versions_stand_in_one_log_and_the_first_of_the_newer_one_raises_the_format() {
    let closed = Closed::laid_out("ledger-1");
    let ledger = closed.start();
    let unchanged = json!({"type": "SetSupportContact", "subscription": OFFICE, "partner": QUAY});
    assert_eq!(position(&submit(&ledger, request(91, &quay(), &unchanged))), 27);
    assert_eq!(closed.format(), 1, "an entry without any event raises nothing");
    assert_eq!(position(&submit(&ledger, full_contact(92, "Quay support"))), 28);
    assert_eq!(closed.format(), 2);
    ledger.close();
    let log = closed.open();
    must_be_sound(&log);
    assert_eq!(log.root_at(27).unwrap(), ROOT_OF_FORMAT_1.parse().unwrap(), "no stored byte was touched");
    let formats: Vec<EntryFormat> =
        (26..29).map(|position| Envelope::parse(&log.read(position).unwrap()).unwrap().format).collect();
    assert_eq!(formats, [EntryFormat::One, EntryFormat::One, EntryFormat::Two]);
    let report = replay(&log.reader(), 0, 29, &()).unwrap();
    assert_eq!((report.commands, report.upcast, report.difference), (29, 8, None));
    must_say_what_format_1_said(&reader(&log));
    let stored = String::from_utf8(log.read(28).unwrap()).unwrap();
    assert!(stored.contains(r#""type":"SupportContactChanged","version":2"#), "{stored}");
    let record =
        reader(&log).customer(CUSTOMER.parse().unwrap(), &reader(&log).snapshot(KnownAt::Now).unwrap()).unwrap();
    let office = &present_row(&record)["subscriptions"][OFFICE]["support_contact"];
    let contact = json!({"partner": QUAY, "partner_id": "4847383", "name": "Quay support"});
    assert_eq!((&office["value"], &office["set"]["position"]), (&contact, &json!(28)));
}

#[test]
fn a_command_of_the_time_of_format_1_sent_again_gets_its_first_receipt() {
    let closed = Closed::laid_out("ledger-1");
    let ledger = closed.start();
    let mut repeated = 0;
    for position in 0..27 {
        let entry = ledger.reader().entry(position).unwrap();
        let request = entry.decision.request(entry.command_id).unwrap();
        let outcome = submit(&ledger, request);
        assert!(matches!(&outcome, ReceiptOutcome::Repeated { recorded, .. } if recorded.position == position));
        repeated += 1;
    }
    assert_eq!(repeated, 27);
    // The same statement in another version is another request, whatever comes of it.
    let mut stated = ledger.reader().entry(20).unwrap().decision.command.value();
    stated["events"] = json!([{"type": "SupportContactChanged", "version": 2, "subscription": OFFICE,
        "contact": {"partner": PIER}}]);
    let entry = ledger.reader().entry(20).unwrap();
    let mut other = entry.decision.request(entry.command_id).unwrap();
    other.command = ofrecord_core::ParsedCommand::from_json(stated).unwrap();
    let outcome = submit(&ledger, other);
    let ReceiptOutcome::Conflict { refusal } = outcome else { panic!("expected a conflict: {outcome:?}") };
    assert_eq!(refusal.code, "request_id_reused");
    assert_eq!(closed.format(), 1);
}

#[test]
fn a_ledger_with_both_versions_is_still_read() {
    let closed = Closed::laid_out("ledger-2");
    let log = closed.open();
    must_be_sound(&log);
    assert_eq!((closed.format(), log.tree_size(), log.root()), (2, 32, ROOT_OF_BOTH.parse().unwrap()));
    let report = replay(&log.reader(), 0, 32, &()).unwrap();
    assert_eq!((report.commands, report.upcast, report.difference), (32, 8, None));
    must_say_what_format_1_said(&reader(&log));
    let formats: Vec<u64> =
        (0..32).map(|position| Envelope::parse(&log.read(position).unwrap()).unwrap().format.number()).collect();
    assert_eq!(formats, [vec![1; 27], vec![2, 2, 2, 1, 2]].concat());
    let reader = reader(&log);
    let snapshot = reader.snapshot(KnownAt::Now).unwrap();
    let record = reader.customer(CUSTOMER.parse().unwrap(), &snapshot).unwrap();
    for (day, partner, name) in [
        ("2018-05-31", QUAY, None),
        ("2018-06-02", QUAY, Some("Quay support")),
        ("2018-06-06", QUAY, Some("Quay night desk")),
        ("2018-06-11", QUAY, None),
    ] {
        let rows = subscriptions(&record, &reader.viewpoint(&snapshot, at(day)));
        let office = rows.iter().find(|row| row.subscription.to_string() == OFFICE).unwrap();
        let support =
            (office.support_contact.map(|partner| partner.to_string()), office.support_contact_name.as_deref());
        assert_eq!(support, (Some(partner.to_owned()), name), "{day}");
    }
}

/// The root over the entries of `ledger-2`.
const ROOT_OF_BOTH: &str = "d4db48e9a4b2cc0738e7e5d7277b480b0e96881e2279a60351bb97323c9f477a";

/// A log of one entry with this event.
fn log_with(format: EntryFormat, event: &Value) -> MemoryLog {
    let decision = json!({
        "actor": {"kind": "operator"},
        "command": {"subscription": OFFICE, "partner": QUAY, "type": "SetSupportContact"},
        "customer": CUSTOMER,
        "events": [event],
        "policy": {"cloud": "china21vianet", "version": 1},
        "read": [],
    });
    let bytes = compose(&EntryParts {
        format,
        position: 0,
        recorded_at: "2026-01-01T00:00:00.0000000Z",
        command_id: uuid::Uuid::from_u128(1),
        request_hash: Hash::of(b"request"),
        streams: &[StreamLink { stream: format!("customer/{CUSTOMER}"), version: 0, previous: None }],
        decision: decision.to_string().as_bytes(),
    })
    .unwrap();
    let mut log = MemoryLog::new("ofrecord.local/test");
    log.append(0, &[NewEntry { bytes }]).unwrap();
    log
}

#[test]
fn an_unknown_version_is_an_error_that_names_position_event_and_version() {
    let contact = json!({"type": "SupportContactChanged", "version": 3, "subscription": OFFICE, "rota": []});
    let grant = json!({"type": "DapGranted", "version": 2, "partner": QUAY, "services": "all"});
    let inside = json!({"type": "EventCorrected", "position": 0, "event_index": 0, "reason": "a slip",
        "replacement": contact});
    for (event, unknown) in [
        (&contact, UnknownVersion { event: "SupportContactChanged", version: 3, newest: 2 }),
        (&inside, UnknownVersion { event: "SupportContactChanged", version: 3, newest: 2 }),
        (&grant, UnknownVersion { event: "DapGranted", version: 2, newest: 1 }),
    ] {
        for format in EntryFormat::ALL {
            let log = log_with(format, event);
            let expected = DecodeError::EventVersion { position: 0, unknown };
            let failure = reader(&log).entry(0).unwrap_err();
            assert_eq!(failure, ReadFailure::Decode(expected.clone()));
            let said = failure.to_string();
            let wanted = [format!("position 0: {}", unknown.event), format!("version {}", unknown.version)];
            assert!(wanted.iter().all(|part| said.contains(part)), "{said}");
            let swept = sweep(&log, 1, &(), &mut |_| std::ops::ControlFlow::Continue(()));
            assert_eq!(swept, Err(ReadFailure::Decode(expected.clone())));
            let (met, customers, decoded) = decoding(&log);
            assert_eq!((met, customers.len()), (vec![(0, Err(expected.clone()))], 0));
            assert_eq!((decoded.read, decoded.swept), (Ok(()), Err(ReadFailure::Decode(expected.clone()))));
            let folder = tempfile::tempdir().unwrap();
            let views = StoredViews::open(&Directory::new(folder.path())).unwrap();
            let rebuilt = rebuild(&log, &views, &());
            assert!(matches!(&rebuilt, Err(ProjectionError::Decode(found)) if *found == expected), "{rebuilt:?}");
        }
    }
}

#[test]
fn an_entry_has_format_2_when_an_event_in_it_has_a_later_version_and_only_then() {
    let first = json!({"type": "SupportContactChanged", "subscription": OFFICE, "partner": QUAY});
    let second = json!({"type": "SupportContactChanged", "version": 2, "subscription": OFFICE,
        "contact": {"partner": QUAY}});
    let covered = json!({"type": "SourceRetentionGap", "source": "graph", "subject": "audit records"});
    let observed = |event: &Value| json!({"type": "RecordObservation", "events": [event]});
    let event = |json: &Value| serde_json::from_value::<Event>(json.clone()).unwrap();
    let evidence = json!({"type": "EvidenceAdded", "position": 0, "event_index": 0});
    for (command, events, format) in [
        (observed(&covered), vec![event(&covered)], EntryFormat::One),
        (observed(&first), vec![event(&evidence)], EntryFormat::One),
        (observed(&first), vec![event(&first)], EntryFormat::Two),
        (observed(&second), vec![event(&evidence)], EntryFormat::Two),
        (observed(&second), vec![event(&second)], EntryFormat::Two),
    ] {
        let request = request(1, &json!({"kind": "importer"}), &command);
        let policy = ofrecord_core::Policy::current(Cloud::China21Vianet).reference;
        let encoded = codec::encode_decision(&request, &ofrecord_core::Outcome::Accepted(events), policy, &[]).unwrap();
        assert_eq!(encoded.format, format, "{command}");
        let stored: Value = serde_json::from_slice(&encoded.bytes).unwrap();
        assert_eq!(stored["command"], command, "as it was stated");
    }
}

/// The log as readers share it, of a ledger that lies in memory.
#[test]
fn sweeping_both_versions_gives_what_reading_one_customer_gives() {
    let closed = Closed::laid_out("ledger-2");
    let log = closed.open();
    let reader = reader(&log);
    let snapshot = reader.snapshot(KnownAt::Now).unwrap();
    let shared: Arc<dyn LogReader> = log.reader();
    let mut swept = Vec::new();
    sweep(shared.as_ref(), shared.tree_size(), &(), &mut |record| {
        swept.push(record);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    let [only] = swept.as_slice() else { panic!("one customer") };
    assert_eq!(only.entries(), reader.customer(only.id(), &snapshot).unwrap().entries());
}

/// What became of reading the entry at a position.
type Read = (u64, Result<(), DecodeError>);

/// A customer and the facts of it.
type Told = (StreamId, Vec<Fact>);

/// What a sweep that decodes comes by: the entries, the customers, and how it ended.
fn decoding(log: &dyn LogReader) -> (Vec<Read>, Vec<Told>, Decoded) {
    let (mut entries, mut customers) = (Vec::new(), Vec::new());
    let make = |facts: StreamFacts| (facts.stream(), facts.effective());
    let decoded = sweep_decoding(log, log.tree_size(), &(), &make, &mut |met| {
        match met {
            Met::Entry { position, decoded } => entries.push((position, decoded)),
            Met::Customer(facts) => customers.push(facts),
        }
        std::ops::ControlFlow::Continue(())
    });
    (entries, customers, decoded)
}

#[test]
fn a_sweep_that_decodes_meets_every_entry_and_gives_the_same_customers() {
    let closed = Closed::laid_out("ledger-2");
    let log = closed.open();
    let shared: Arc<dyn LogReader> = log.reader();
    let (met, customers, decoded) = decoding(shared.as_ref());
    assert_eq!(met, (0..shared.tree_size()).map(|position| (position, Ok(()))).collect::<Vec<_>>());
    assert_eq!(decoded, Decoded { read: Ok(()), swept: Ok(()) });
    let mut swept = Vec::new();
    sweep(shared.as_ref(), shared.tree_size(), &(), &mut |record| {
        swept.push(record);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(swept.len(), 1);
    let facts = |record: &CustomerRecord| (StreamId::Customer(record.id()), record.effective_facts(u64::MAX));
    assert_eq!(customers, swept.iter().map(facts).collect::<Vec<_>>());
}

#[test]
fn an_entry_that_cannot_be_decoded_keeps_back_the_customers_only_where_it_is_one_of_theirs() {
    let closed = Closed::laid_out("ledger-2");
    let sled = closed.open();
    for (stream, theirs) in [(format!("partner/{QUAY}"), false), (format!("customer/{CUSTOMER}"), true)] {
        let mut log = MemoryLog::new("ofrecord.local/test");
        let size = sled.tree_size();
        for position in 0..size {
            log.append(position, &[NewEntry { bytes: sled.read(position).unwrap() }]).unwrap();
        }
        let last = sled.read(size - 1).unwrap();
        let head = log.stream_head(&stream).unwrap();
        let bytes = compose(&EntryParts {
            format: EntryFormat::One,
            position: size,
            recorded_at: &Envelope::parse(&last).unwrap().recorded_at,
            command_id: uuid::Uuid::from_u128(1),
            request_hash: Hash::of(b"request"),
            streams: &[StreamLink {
                stream,
                version: head.map_or(0, |head| head.version),
                previous: head.map(|head| head.last_leaf_hash),
            }],
            decision: b"{}",
        });
        log.append(size, &[NewEntry { bytes: bytes.unwrap() }]).unwrap();
        let (met, customers, decoded) = decoding(&log);
        assert_eq!(met.len() as u64, size + 1);
        let undecoded: Vec<u64> =
            met.iter().filter(|(_, decoded)| decoded.is_err()).map(|(position, _)| *position).collect();
        assert_eq!(undecoded, [size]);
        assert_eq!((customers.len(), decoded.swept.is_ok()), (usize::from(!theirs), !theirs));
        assert_eq!(decoded.read, Ok(()));
    }
}
