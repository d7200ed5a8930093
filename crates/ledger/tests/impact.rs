//! What another fold would change is told row by row, from the log and the rows alone, and nothing is written.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ofrecord_core::{Cloud, CustomerId, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::impact::{Asked, Baseline, ImpactError, ImpactReport, SavedError, impact, save};
use ofrecord_ledger::rebuild::{ProjectionError, rebuild};
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, Progress, StoredViews, Ticket, submission};
use ofrecord_log::entry::{EntryFormat, EntryParts, StreamLink, compose};
use ofrecord_log::{Directory, EventLog, Hash, LogReader, MemoryLog, NewEntry};
use ofrecord_views::{ChangeKind, FOLD_VERSION};
use serde_json::json;

const ORIGIN: &str = "ofrecord.local/test";
const ALL: Asked = Asked { customer: None, limit: 100 };

fn customer(number: u32) -> CustomerId {
    format!("00000000-0000-4000-9000-{number:012}").parse().unwrap()
}

/// A log in which customers were registered and renamed again and again.
fn grown(customers: u32, entries: u32) -> Arc<dyn LogReader> {
    let log = MemoryLog::new(ORIGIN);
    let reader = log.reader();
    let now: Timestamp = "2024-06-01".parse().unwrap();
    let clock = Clock::Set(SetClock::at(now));
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock, views: None, sealer: None };
    let ledger = Ledger::start(Box::new(log), options).unwrap();
    let tickets: Vec<Ticket> = (0..entries)
        .map(|number| {
            let command = match number {
                number if number < customers => json!({"type": "RegisterCustomer", "name": "Relecloud"}),
                number => json!({"type": "UpdateCustomer", "name": format!("Name {number}")}),
            };
            let line = json!({"command_id": format!("00000000-0000-4000-8000-{number:012}"),
                "actor": {"kind": "operator"}, "customer": customer(number % customers), "command": command});
            ledger.submit(submission::read(&line.to_string()).unwrap()).unwrap()
        })
        .collect();
    tickets.into_iter().for_each(|ticket| drop(ticket.wait().unwrap()));
    ledger.close();
    reader
}

fn saved(log: &dyn LogReader) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    save(log, scratch.path(), &mut bytes, &()).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn against_saved(log: &dyn LogReader, rows: &str, asked: Asked) -> Result<ImpactReport, ImpactError> {
    let scratch = tempfile::tempdir().unwrap();
    let baseline = Baseline::saved(Path::new("rows"), rows.as_bytes())?;
    impact(log, baseline, asked, scratch.path(), &())
}

/// The rows that differ: customer, kind, row, change, and the fields with what stood and would stand there.
fn told(report: &ImpactReport) -> Vec<String> {
    let field = |field: &ofrecord_views::FieldDifference| {
        let side = |value: &Option<serde_json::Value>| value.as_ref().map_or("-".to_owned(), ToString::to_string);
        format!("{} {} -> {} by {:?}", field.field, side(&field.before), side(&field.after), field.positions)
    };
    let row = |row: &ofrecord_ledger::impact::ImpactRow| {
        let difference = &row.difference;
        let whose = row.customer.map_or("-".to_owned(), |customer| customer.to_string());
        let fields: Vec<String> = difference.fields.iter().map(field).collect();
        format!("{whose} {} {:?} {:?}: {}", difference.kind, difference.row, difference.change, fields.join("; "))
    };
    report.rows.iter().map(row).collect()
}

#[test]
fn without_stored_rows_there_is_nothing_to_compare_and_none_are_begun() {
    let log = grown(2, 4);
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(&folder.path().join("ledger"));
    let nothing = |directory: &Directory| {
        let baseline = Baseline::stored(directory);
        assert!(matches!(baseline, Err(ImpactError::NothingStored)));
    };
    nothing(&directory);
    assert!(!folder.path().join("ledger").exists());
    // A generation that was begun and never written to holds no row either.
    drop(StoredViews::open(&directory).unwrap());
    nothing(&directory);
    assert_eq!(StoredViews::open(&directory).unwrap().generations().unwrap(), [1]);
    drop(log);
}

#[test]
fn rows_of_the_same_fold_are_unchanged_wherever_they_end() {
    let log = grown(3, 200);
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(folder.path());
    rebuild(log.as_ref(), &StoredViews::open(&directory).unwrap(), &()).unwrap();
    let baseline = Baseline::stored(&directory).unwrap();
    assert_eq!(baseline.through(), 200);
    let report = impact(log.as_ref(), baseline, ALL, &folder.path().join("scratch"), &()).unwrap();
    assert_eq!((report.differing, report.through, report.tree_size), (0, 200, 200));
    assert_eq!((report.against.generation, report.against.fold.as_str()), (Some(2), FOLD_VERSION));
    let unchanged: Vec<(&str, u64)> =
        report.kinds.iter().map(|(kind, tally)| (kind.as_str(), tally.unchanged)).collect();
    assert_eq!(unchanged, [("entries", 200), ("profile", 3)]);
    assert!(report.kinds.values().all(ofrecord_views::Tally::is_unchanged));
}

#[test]
fn exactly_the_row_that_was_edited_is_named() {
    let log = grown(3, 200);
    let rows = saved(log.as_ref());
    assert_eq!(against_saved(log.as_ref(), &rows, ALL).unwrap().differing, 0);
    // Position 199 is the newest of the customer numbered 1, and only its view says so as a value.
    let edited = rows.replace(r#""value":"Name 199""#, r#""value":"Nobody""#);
    assert_ne!(edited, rows);
    let report = against_saved(log.as_ref(), &edited, ALL).unwrap();
    let expected = format!("{} profile \"\" Changed: name \"Nobody\" -> \"Name 199\" by {{199}}", customer(1));
    assert_eq!(told(&report), [expected]);
    assert_eq!((report.differing, report.kinds["profile"].changed, report.kinds["profile"].unchanged), (1, 1, 2));
    let of_one = |number| Asked { customer: Some(customer(number)), limit: 100 };
    assert_eq!(against_saved(log.as_ref(), &edited, of_one(1)).unwrap().differing, 1);
    let other = against_saved(log.as_ref(), &edited, of_one(2)).unwrap();
    assert_eq!((other.differing, other.kinds["profile"].unchanged), (0, 1));
    let unnamed = against_saved(log.as_ref(), &edited, Asked { limit: 0, ..ALL }).unwrap();
    assert_eq!((unnamed.differing, unnamed.rows.len()), (1, 0));
    let stranger = against_saved(log.as_ref(), &rows, of_one(9));
    assert!(matches!(stranger, Err(ImpactError::NoSuchCustomer { .. })));
}

#[test]
fn a_digest_that_another_build_stored_otherwise_is_named_by_its_position() {
    let log = grown(2, 150);
    let edited = saved(log.as_ref()).replace(
        r#""events":[{"name":"Name 77","type":"CustomerProfileChanged"}]"#,
        r#""events":[{"nickname":"Name 77","type":"CustomerProfileChanged"}]"#,
    );
    let report = against_saved(log.as_ref(), &edited, ALL).unwrap();
    let expected = format!(
        "{} entries \"77\" Changed: events.0.name - -> \"Name 77\" by {{77}}; events.0.nickname \"Name 77\" -> - by {{77}}",
        customer(1)
    );
    assert_eq!(told(&report), [expected]);
    let tally = report.kinds["entries"];
    assert_eq!((tally.changed, tally.unchanged), (1, 149));
}

#[test]
fn rows_on_one_side_only_are_added_or_removed() {
    let log = grown(2, 6);
    let rows = saved(log.as_ref());
    let name = customer(1).to_string();
    let without: String = rows.lines().filter(|line| !line.contains(&name)).map(|line| format!("{line}\n")).collect();
    let report = against_saved(log.as_ref(), &without, ALL).unwrap();
    assert!(report.rows.iter().all(|row| row.difference.change == ChangeKind::Added));
    assert_eq!((report.kinds["profile"].added, report.kinds["entries"].added, report.differing), (1, 3, 4));
    // The same of a customer that only the other build has rows of.
    let other = customer(7).to_string();
    let copied: String = rows
        .lines()
        .filter(|line| line.contains(&name))
        .map(|line| format!("{}\n", line.replace(&name, &other)))
        .collect();
    let report = against_saved(log.as_ref(), &format!("{rows}{copied}"), ALL).unwrap();
    assert!(report.rows.iter().all(|row| row.difference.change == ChangeKind::Removed));
    assert_eq!((report.kinds["profile"].removed, report.kinds["entries"].removed, report.differing), (1, 3, 4));
}

#[test]
fn rows_of_a_past_are_compared_as_of_then_and_rows_of_another_ledger_not_at_all() {
    let log = grown(2, 6);
    let rows = saved(log.as_ref());
    // The registrations and the first renaming are the same, and then the histories part.
    let longer = grown(2, 9);
    let report = against_saved(longer.as_ref(), &rows, ALL).unwrap();
    assert_eq!((report.differing, report.through, report.tree_size), (0, 6, 9));
    let other = |log: &dyn LogReader, rows: &str| {
        let refused = against_saved(log, rows, ALL);
        assert!(matches!(refused, Err(ImpactError::OtherLedger { .. })), "{refused:?}");
    };
    other(grown(2, 5).as_ref(), &rows);
    other(grown(3, 9).as_ref(), &rows);
    other(log.as_ref(), &rows.replace(ORIGIN, "ofrecord.local/other"));
}

#[test]
fn lines_that_are_not_saved_rows_are_named() {
    let log = grown(2, 4);
    let rows = saved(log.as_ref());
    let lines: Vec<&str> = rows.lines().collect();
    let [header, first, rest @ ..] = lines.as_slice() else { panic!("{rows}") };
    let entry = rest[0];
    for (text, line, said) in [
        (String::new(), 1, "EOF"),
        ("{}".to_owned(), 1, "missing field"),
        (header.replace(r#""format":1"#, r#""format":2"#), 1, "format 2"),
        (format!("{header}\n{first}\nnonsense"), 3, "expected"),
        (format!("{header}\n{first}\n{first}"), 3, "a second view"),
        (format!("{header}\n{entry}\n{first}"), 3, "a second view"),
        (format!("{header}\n{}", first.replace("\"row\":\"view\"", "\"row\":\"sight\"")), 2, "`sight`"),
        (format!("{header}\n{}", first.replace("customer/", "place/")), 2, "place/"),
        (format!("{header}\n{}\n{first}", rest[2]), 3, "stands after"),
    ] {
        let refused = against_saved(log.as_ref(), &text, ALL);
        let Err(ImpactError::Saved(SavedError::Line { line: named, problem, .. })) = refused else {
            panic!("{text}: {refused:?}")
        };
        assert_eq!(named, line, "{problem}");
        assert!(problem.contains(said), "{problem} does not say {said}");
    }
}

/// A log of one entry that another version of a build can read and this one cannot, after four that it can.
fn with_an_unknown_version() -> MemoryLog {
    let old = grown(2, 4);
    let mut log = MemoryLog::new(ORIGIN);
    let entries: Vec<NewEntry> = (0..4).map(|position| NewEntry { bytes: old.read(position).unwrap() }).collect();
    log.append(0, &entries).unwrap();
    let stream = format!("customer/{}", customer(0));
    let head = log.stream_head(&stream).unwrap().unwrap();
    let decision = json!({
        "actor": {"kind": "operator"}, "command": {"type": "UpdateCustomer"}, "customer": customer(0),
        "events": [{"name": "x", "type": "CustomerProfileChanged", "version": 2}],
        "policy": {"cloud": "china21vianet", "version": 1}, "read": [],
    });
    let bytes = compose(&EntryParts {
        format: EntryFormat::Two,
        position: 4,
        recorded_at: "2026-01-01T00:00:00.0000000Z",
        command_id: uuid::Uuid::from_u128(1),
        request_hash: Hash::of(b"request"),
        streams: &[StreamLink { stream, version: head.version, previous: Some(head.last_leaf_hash) }],
        decision: decision.to_string().as_bytes(),
    })
    .unwrap();
    log.append(4, &[NewEntry { bytes }]).unwrap();
    log
}

#[test]
fn an_entry_that_this_build_cannot_read_is_named_though_no_row_holds_it_yet() {
    let rows = saved(grown(2, 4).as_ref());
    let log = with_an_unknown_version();
    let refused = against_saved(&log, &rows, ALL);
    assert!(matches!(refused, Err(ImpactError::Fold(ProjectionError::Decode(_)))), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("position 4: CustomerProfileChanged has version 2"));
}

#[test]
fn it_stops_when_it_is_asked_to() {
    struct Impatient;
    impl Progress for Impatient {
        fn advance(&self, _stage: &'static str, _done: u64, _total: u64) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let log = grown(2, 4);
    let rows = saved(log.as_ref());
    let scratch = tempfile::tempdir().unwrap();
    let baseline = Baseline::saved(Path::new("rows"), rows.as_bytes()).unwrap();
    let stopped = impact(log.as_ref(), baseline, ALL, scratch.path(), &Impatient);
    assert!(matches!(stopped, Err(ImpactError::Stopped)), "{stopped:?}");
}

/// Files of a folder with their bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn stored_rows_of_another_fold_are_read_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger-1/views");
    for kind in ["added", "anew"] {
        let (from, to) = (kept.join("rows-2").join(kind), folder.path().join("views/rows-2").join(kind));
        fs::create_dir_all(&to).unwrap();
        for file in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(kept.join("current"), folder.path().join("views/current")).unwrap();
    let before = files(folder.path());
    let baseline = Baseline::stored(&Directory::new(folder.path())).unwrap();
    assert_eq!(baseline.through(), 27);
    drop(baseline);
    assert_eq!(files(folder.path()), before);
}

#[test]
fn stored_rows_of_an_earlier_form_are_told_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(folder.path());
    fs::create_dir_all(folder.path().join("views/rows-2")).unwrap();
    fs::write(folder.path().join("views/current"), "2\n").unwrap();
    fs::write(folder.path().join("views/rows-2/db"), b"of the engine that rows were in").unwrap();
    let before = files(folder.path());
    let refused = Baseline::stored(&directory).err().unwrap().to_string();
    assert!(refused.ends_with("an earlier version wrote them in another form; rebuild them"), "{refused}");
    assert!(StoredViews::open(&directory).unwrap().live().is_err());
    assert_eq!(files(folder.path()), before);
    // A rebuild puts rows of today in their place, and says that there was nothing to compare with.
    let report = rebuild(grown(2, 4).as_ref(), &StoredViews::open(&directory).unwrap(), &()).unwrap();
    assert_eq!((report.generation, report.compared_with, report.through), (3, None, 4));
    assert!(report.not_compared.unwrap().contains("in another form"));
    assert!(StoredViews::open(&directory).unwrap().live().is_ok());
}
