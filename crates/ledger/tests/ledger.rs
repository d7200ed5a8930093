//! The ledger as its users meet it: receipts, repeats, conflicts, snapshots, replay, and views that can be rebuilt.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ofrecord_core::{Cloud, CustomerId, Request, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{
    Clock, KnownAt, Ledger, LedgerOptions, Receipt, ReceiptOutcome, StoredViews, SubmitError, Ticket, rebuild,
    submission,
};
use ofrecord_log::{Directory, LogReader, MemoryLog};

const CUSTOMER: &str = "4b827261-d21f-4aa9-b7db-7fa1f56fb163";

struct Bench {
    ledger: Ledger,
    clock: SetClock,
    log: Arc<dyn LogReader>,
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn bench(views: Option<Arc<StoredViews>>) -> Bench {
    let log = MemoryLog::new("ofrecord.local/test");
    let reader = ofrecord_log::EventLog::reader(&log);
    let clock = SetClock::at(at("2024-06-01"));
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock: Clock::Set(clock.clone()), views, sealer: None };
    Bench { ledger: Ledger::start(Box::new(log), options).unwrap(), clock, log: reader }
}

/// A request that makes a customer known, or changes its name.
fn request(id: u32, customer: &str, effective_at: &str, command: &str) -> Request {
    let line = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-{id:012}","actor":{{"kind":"operator"}},"customer":"{customer}","effective_at":"{effective_at}","command":{command}}}"#
    );
    submission::read(&line).expect("a submission")
}

fn register(id: u32, customer: &str) -> Request {
    request(id, customer, "2024-01-01", r#"{"type":"RegisterCustomer","name":"Relecloud"}"#)
}

fn rename(id: u32, customer: &str, effective_at: &str, name: &str) -> Request {
    request(id, customer, effective_at, &format!(r#"{{"type":"UpdateCustomer","name":"{name}"}}"#))
}

impl Bench {
    fn submit(&self, request: Request) -> Receipt {
        self.ledger.submit(request).and_then(Ticket::wait).expect("a receipt")
    }

    fn accept(&self, request: Request) -> u64 {
        let outcome = self.submit(request).outcome;
        let ReceiptOutcome::Accepted { recorded, .. } = outcome else { panic!("expected an acceptance: {outcome:?}") };
        recorded.position
    }

    fn conflict_code(&self, request: Request) -> String {
        let outcome = self.submit(request).outcome;
        let ReceiptOutcome::Conflict { refusal } = outcome else { panic!("expected a conflict: {outcome:?}") };
        refusal.code.into_owned()
    }

    fn name_at(&self, as_of: &str, known_at: KnownAt) -> Option<String> {
        let reader = self.ledger.reader();
        let snapshot = reader.snapshot(known_at).unwrap();
        let record = reader.customer(CUSTOMER.parse().unwrap(), &snapshot).unwrap();
        record.state(&reader.viewpoint(&snapshot, at(as_of))).profile.name.map(|cell| cell.value)
    }
}

#[test]
fn a_receipt_has_the_fixed_shape() {
    let bench = bench(None);
    let receipt = serde_json::to_value(bench.submit(register(1, CUSTOMER))).unwrap();
    let leaf = bench.log.leaf_hash(0).unwrap().to_string();
    assert_eq!(
        receipt,
        serde_json::json!({
            "command_id": "00000000-0000-4000-8000-000000000001",
            "outcome": "accepted",
            "position": 0,
            "tree_size": 1,
            "leaf_hash": leaf,
            "events": ["CustomerRegistered"],
        })
    );
}

#[test]
fn the_same_command_again_gets_its_first_receipt_and_changes_nothing() {
    let bench = bench(None);
    let first = bench.submit(register(1, CUSTOMER));
    let again = bench.submit(register(1, CUSTOMER));
    let (
        ReceiptOutcome::Accepted { recorded, events },
        ReceiptOutcome::Repeated { recorded: same, events: names, refusal },
    ) = (first.outcome, again.outcome)
    else {
        panic!("expected an acceptance and its repetition")
    };
    assert_eq!((recorded, events, None), (same, names, refusal));
    assert_eq!(bench.log.tree_size(), 1);
}

#[test]
fn another_command_under_the_same_id_is_a_conflict() {
    let bench = bench(None);
    bench.accept(register(1, CUSTOMER));
    assert_eq!(bench.conflict_code(rename(1, CUSTOMER, "2024-02-01", "Lamna")), "request_id_reused");
    assert_eq!(bench.log.tree_size(), 1);
}

#[test]
fn a_version_conflict_says_how_far_behind_the_caller_is() {
    let bench = bench(None);
    bench.accept(register(1, CUSTOMER));
    bench.accept(rename(2, CUSTOMER, "2024-02-01", "Lamna"));
    let mut late = rename(3, CUSTOMER, "2024-03-01", "Nod");
    late.expected_version = Some(0);
    let ReceiptOutcome::Conflict { refusal } = bench.submit(late.clone()).outcome else {
        panic!("expected a conflict")
    };
    assert_eq!(refusal.code, "wrong_expected_version");
    assert_eq!(refusal.details.get("behind"), Some(&vec!["2".to_owned()]));
    late.expected_version = Some(2);
    assert_eq!(bench.accept(late), 2);
}

#[test]
fn a_refusal_is_recorded_without_events() {
    let bench = bench(None);
    let request =
        request(7, CUSTOMER, "2024-01-01", r#"{"type":"GrantDap","partner":"3b33e682-00c3-41ee-9dd2-a548adf56438"}"#);
    let ReceiptOutcome::Refused { recorded, refusal } = bench.submit(request).outcome else {
        panic!("expected a refusal")
    };
    assert_eq!((recorded.position, refusal.rule.as_ref()), (0, "R-5"));
    let entry = bench.ledger.reader().entry(0).unwrap();
    assert!(entry.decision.events().is_empty());
    assert_eq!(entry.decision.refusal, Some(refusal));
}

#[test]
fn a_command_without_its_customer_is_not_recorded() {
    let bench = bench(None);
    let mut request = register(1, CUSTOMER);
    request.customer = None;
    let error = bench.ledger.submit(request).and_then(Ticket::wait).unwrap_err();
    assert!(matches!(error, SubmitError::Misaddressed { command: "RegisterCustomer", .. }), "{error}");
    assert_eq!(bench.log.tree_size(), 0);
}

#[test]
fn one_bad_command_never_fails_its_neighbours() {
    let bench = bench(None);
    let mut bad = register(2, CUSTOMER);
    bad.customer = None;
    let tickets: Vec<Ticket> = [register(1, CUSTOMER), bad, rename(3, CUSTOMER, "2024-02-01", "Nod")]
        .into_iter()
        .map(|request| bench.ledger.submit(request).unwrap())
        .collect();
    let outcomes: Vec<bool> = tickets.into_iter().map(|ticket| ticket.wait().is_ok()).collect();
    assert_eq!(outcomes, [true, false, true]);
    assert_eq!(bench.log.tree_size(), 2);
}

#[test]
fn what_was_known_then_is_a_prefix_and_a_late_fact_does_not_change_it() {
    let bench = bench(None);
    bench.accept(register(1, CUSTOMER));
    bench.accept(rename(2, CUSTOMER, "2024-05-01", "Lamna"));
    bench.clock.set(at("2024-07-01"));
    bench.accept(rename(3, CUSTOMER, "2024-04-01", "Nod"));
    for (as_of, known_at, name) in [
        ("2024-04-15", KnownAt::Instant(at("2024-06-15")), "Relecloud"),
        ("2024-04-15", KnownAt::Now, "Nod"),
        ("2024-05-15", KnownAt::Now, "Lamna"),
        ("2024-04-15", KnownAt::TreeSize(2), "Relecloud"),
        ("2024-05-15", KnownAt::TreeSize(1), "Relecloud"),
    ] {
        assert_eq!(bench.name_at(as_of, known_at).as_deref(), Some(name), "as of {as_of}, known at {known_at:?}");
    }
    assert_eq!(bench.name_at("2023-12-31", KnownAt::Now), None);
}

#[test]
fn recorded_instants_never_decrease_though_the_clock_does() {
    let bench = bench(None);
    bench.accept(register(1, CUSTOMER));
    bench.clock.set(at("2024-02-01"));
    bench.accept(rename(2, CUSTOMER, "2024-01-15", "Nod"));
    let reader = bench.ledger.reader();
    assert_eq!(reader.entry(1).unwrap().recorded_at, reader.entry(0).unwrap().recorded_at);
}

#[test]
fn the_sizes_at_several_instants_are_those_of_each_alone() {
    let bench = bench(None);
    let empty = bench.ledger.reader();
    assert_eq!(empty.sizes_at(&[at("2024-06-01")]).unwrap(), [0]);
    bench.accept(register(1, CUSTOMER));
    for (id, day) in (2..).zip(["2024-06-02", "2024-06-02", "2024-06-05", "2024-06-09", "2024-06-09", "2024-06-30"]) {
        bench.clock.set(at(day));
        bench.accept(rename(id, CUSTOMER, "2024-05-01", &format!("Name {id}")));
    }
    let reader = bench.ledger.reader();
    for days in [0, 1, 2, 7, 40] {
        let instants: Vec<Timestamp> = (0..days).map(|day| at("2024-05-30").plus_days(day)).collect();
        let each = instants.iter().map(|at| reader.snapshot(KnownAt::Instant(*at)).unwrap().basis.tree_size);
        assert_eq!(reader.sizes_at(&instants).unwrap(), each.collect::<Vec<u64>>(), "{days} days");
    }
    assert_eq!(reader.rows_through(), None, "there are no stored rows");
}

#[test]
fn a_replay_decides_everything_the_same() {
    let bench = bench(None);
    bench.accept(register(1, CUSTOMER));
    bench.accept(rename(2, CUSTOMER, "2024-05-01", "Lamna"));
    bench.accept(rename(3, CUSTOMER, "2024-04-01", "Nod"));
    for from in 0..3 {
        let report = replay(&bench.log, from, 3, &()).unwrap();
        assert_eq!((report.commands, report.difference), (3 - from, None));
    }
}

/// Enough customers that several strides of views are stored.
fn many(bench: &Bench, entries: u32) -> Vec<CustomerId> {
    let customers: Vec<CustomerId> =
        (0..600_u32).map(|number| format!("00000000-0000-4000-9000-{number:012}").parse().unwrap()).collect();
    let tickets: Vec<Ticket> = (0..entries)
        .map(|number| {
            let customer = customers.get(usize::try_from(number).unwrap() % customers.len()).unwrap().to_string();
            let request = if number < 600 {
                register(number, &customer)
            } else {
                rename(number, &customer, "2024-05-01", &format!("Name {number}"))
            };
            bench.ledger.submit(request).unwrap()
        })
        .collect();
    for ticket in tickets {
        ticket.wait().unwrap();
    }
    customers
}

#[test]
fn rebuilt_views_equal_the_live_ones_and_drift_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(folder.path());
    let views = Arc::new(StoredViews::open(&directory).unwrap());
    let bench = bench(Some(Arc::clone(&views)));
    let customers = many(&bench, 20_000);

    let report = rebuild::rebuild(bench.log.as_ref(), &views, &()).unwrap();
    assert_eq!((report.through, report.resumed_from, report.drifted), (20_000, 0, 0), "{report:?}");
    assert_eq!((report.generation, report.compared_with), (2, Some(1)));

    // Somebody writes into the live views; the next rebuild says where.
    drop(views);
    let views = StoredViews::open(&directory).unwrap();
    let live = views.live().unwrap();
    let mut spoilt = live.begin_anew().unwrap();
    for (number, rows) in live.moment().by_owner().unwrap().map(Result::unwrap).enumerate() {
        let view = if number == 0 { Some(b"tampered".to_vec()) } else { rows.anew };
        spoilt.put(&rows.owner, &view.unwrap()).unwrap();
    }
    live.replace_anew(spoilt, 20_000).unwrap();
    let report = rebuild::rebuild(bench.log.as_ref(), &views, &()).unwrap();
    assert_eq!(report.drifted, 1, "{report:?}");
    let named: Vec<(&str, &str)> = report.drift.iter().map(|drift| (drift.row, drift.difference)).collect();
    assert_eq!(named, [("present view", "differs")]);
    assert_eq!(report.drift.first().map(|drift| drift.stream.clone()), Some(format!("customer/{}", customers[0])));
}

#[test]
fn stored_views_and_the_log_give_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let views = Arc::new(StoredViews::open(&Directory::new(folder.path())).unwrap());
    let bench = bench(Some(Arc::clone(&views)));
    let customers = many(&bench, 66_000);
    views.follow(bench.log.as_ref()).unwrap();
    let stored = bench.ledger.reader();
    let plain = ofrecord_ledger::Reader::new(Arc::clone(&bench.log), Cloud::China21Vianet);
    for size in [5_000, 65_536, 66_000] {
        let snapshot = plain.snapshot(KnownAt::TreeSize(size)).unwrap();
        for customer in customers.iter().step_by(97) {
            let (one, other) =
                (stored.customer(*customer, &snapshot).unwrap(), plain.customer(*customer, &snapshot).unwrap());
            assert_eq!(one.entries(), other.entries(), "{customer} at {size}");
        }
    }
}

#[test]
fn a_reader_that_was_asked_before_answers_as_one_that_was_not() {
    let bench = bench(None);
    let customers = many(&bench, 1_200);
    let (asked_before, one) = (bench.ledger.reader(), *customers.first().unwrap());
    let mut held = Vec::new();
    for number in 1_200..1_260 {
        let now = asked_before.snapshot(KnownAt::Now).unwrap();
        held.push(asked_before.customer(one, &now).unwrap());
        let renamed = rename(number, &one.to_string(), "2024-06-01", &format!("Name {number}"));
        bench.ledger.submit(renamed).unwrap().wait().unwrap();
        let fresh = bench.ledger.reader();
        for known_at in [KnownAt::Now, KnownAt::TreeSize(1), KnownAt::TreeSize(900), KnownAt::TreeSize(1_210)] {
            let Ok(snapshot) = fresh.snapshot(known_at) else { continue };
            let (again, first) =
                (asked_before.customer(one, &snapshot).unwrap(), fresh.customer(one, &snapshot).unwrap());
            assert_eq!(again.entries(), first.entries(), "{known_at:?}");
            assert_eq!(again.latest(), first.latest(), "{known_at:?}");
        }
    }
    // What was answered before is not changed by what came later.
    let counts: Vec<usize> = held.iter().map(|record| record.entries().len()).collect();
    assert_eq!(counts, (2..62).collect::<Vec<usize>>());
}

/// Stops the work once it has come to a stage.
struct Impatient {
    at: &'static str,
    there: AtomicBool,
}

impl ofrecord_ledger::Progress for Impatient {
    fn advance(&self, stage: &'static str, _done: u64, _total: u64) {
        self.there.fetch_or(stage == self.at, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.there.load(Ordering::Relaxed)
    }
}

#[test]
fn a_stopped_rebuild_goes_on_where_it_stopped() {
    let bench = bench(None);
    many(&bench, 7_000);
    let size = bench.log.tree_size();
    for (at, position) in [("fold entries", 0), ("write views", size)] {
        let folder = tempfile::tempdir().unwrap();
        let views = StoredViews::open(&Directory::new(folder.path())).unwrap();
        let impatient = Impatient { at, there: AtomicBool::new(false) };
        let stopped = rebuild::rebuild(bench.log.as_ref(), &views, &impatient);
        let Err(rebuild::ProjectionError::Stopped { position: stopped }) = stopped else { panic!("{at}: {stopped:?}") };
        assert_eq!(stopped, position, "{at}");
        assert_eq!(views.generations().unwrap(), [1, 2], "{at}");
        let report = rebuild::rebuild(bench.log.as_ref(), &views, &()).unwrap();
        assert_eq!((report.generation, report.resumed_from, report.drifted), (2, position, 0), "{at}");
    }
}

#[test]
fn a_submission_that_cannot_be_read_says_what_and_where() {
    let actor = r#""actor":{"kind":"operator"}"#;
    let id = r#""command_id":"00000000-0000-4000-8000-000000000001""#;
    for (line, said) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
        ("[]", "a submission is a JSON object, one a line"),
        ("{}", "missing field `command_id`"),
        (&format!("{{{id}}}"), "missing field `actor`"),
        (&format!("{{{id},{actor}}}"), "missing field `command`"),
        (&format!("{{{id},{actor},\"command\":{{}}}}"), "command: the command has no `type`"),
        (
            &format!("{{{id},{actor},\"command\":{{\"type\":\"AcceptReseller\"}}}}"),
            "command: `AcceptReseller` is not a command; did you mean `AcceptResellerRelationship`?",
        ),
        (
            &format!("{{{id},{actor},\"command\":{{\"type\":\"AddSeats\",\"subscription\":\"x\",\"seats\":1}}}}"),
            "command: AddSeats: `x` is not a GUID",
        ),
        (&format!("{{{id},{actor},\"customer\":\"x\",\"command\":{{}}}}"), "`x` is not a GUID"),
        (
            &format!("{{{id},{actor},\"effective_at\":\"yesterday\",\"command\":{{}}}}"),
            "`yesterday` is not an instant like 2024-03-01T00:00:00Z",
        ),
        (&format!("{{{id},{actor},\"colour\":1,\"command\":{{}}}}"), "unknown field `colour`"),
    ] {
        let error = submission::read(line).unwrap_err().error.to_string();
        assert!(error.starts_with(said), "{line}\n  said    {error}\n  instead {said}");
    }
}
