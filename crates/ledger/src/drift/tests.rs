//! What drifted is named by its key with both values, and writing, stopping and another fold never pass for truth.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ofrecord_core::{Cloud, CustomerId, StreamId};
use ofrecord_log::{Directory, EventLog, MemoryLog, OWNER_BYTES, OwnerRows, RowStores, RowWriter, checksum, owner_of};
use serde_json::json;

use super::*;
use crate::clock::SetClock;
use crate::handle::{Ledger, LedgerOptions, Ticket};
use crate::packing::{put_piece, take_piece};
use crate::projection::{owner_of_stream, write_views};
use crate::submission;

fn customer(number: u64) -> CustomerId {
    format!("00000000-0000-4000-9000-{number:012}").parse().unwrap()
}

/// A ledger in memory with stored views in a folder, which follow when a test says so.
struct Stage {
    folder: tempfile::TempDir,
    ledger: Ledger,
    views: Arc<StoredViews>,
    commands: u64,
}

impl Stage {
    fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let views = Arc::new(StoredViews::open(&Directory::new(folder.path())).unwrap());
        let options = LedgerOptions {
            cloud: Cloud::China21Vianet,
            clock: Clock::Set(SetClock::at("2024-06-01".parse().unwrap())),
            views: Some(Arc::clone(&views)),
            sealer: None,
        };
        let ledger = Ledger::start(Box::new(MemoryLog::new("ofrecord.local/test")), options).unwrap();
        Self { folder, ledger, views, commands: 0 }
    }

    /// One with commands about a few customers, all of them in the rows.
    fn with(customers: u64, commands: u64) -> Self {
        let mut stage = Self::begin();
        (0..commands).map(|number| stage.submit(number % customers)).last();
        stage.views.follow_to(stage.log().as_ref(), commands).unwrap();
        stage
    }

    fn log(&self) -> Arc<dyn LogReader> {
        Arc::clone(self.ledger.reader().log())
    }

    fn submit(&mut self, about: u64) {
        self.submit_numbered(self.commands, about);
        self.commands += 1;
    }

    fn submit_numbered(&self, number: u64, about: u64) {
        // The first is accepted, and the others change the name; what is refused is an entry too.
        let command = match number % 7 {
            0..3 => json!({"type": "RegisterCustomer", "name": "Relecloud"}),
            _ => json!({"type": "UpdateCustomer", "name": format!("Name {number}")}),
        };
        let line = json!({"command_id": format!("00000000-0000-4000-8000-{number:012}"),
            "actor": {"kind": "operator"}, "customer": customer(about), "command": command});
        let ticket: Ticket = self.ledger.submit(submission::read(&line.to_string()).unwrap()).unwrap();
        ticket.wait().unwrap();
    }

    fn sweep(&self, progress: &dyn Progress) -> Result<DriftReport, DriftError> {
        find_drift(self.log().as_ref(), &self.views, self.ledger.clock(), progress)
    }

    fn mark(&self) -> Option<ViewsMark> {
        ViewsMark::of(self.log().as_ref(), &self.views)
    }

    fn verified(&self) -> Verified {
        Verified::of(self.log().as_ref(), Some(&self.views))
    }

    /// All rows, the present views among them.
    fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for owner in self.views.live().unwrap().moment().by_owner().unwrap() {
            let OwnerRows { owner, added, anew } = owner.unwrap();
            rows.entries.extend(added.into_iter().map(|(rest, value)| ([owner.clone(), rest].concat(), value)));
            rows.views.extend(anew.map(|view| (owner, view)));
        }
        rows
    }

    /// Rows in place of all that there are.
    fn put(&self, rows: &Rows) {
        let live = self.views.live().unwrap();
        let filled = |mut writer: RowWriter, rows: &BTreeMap<Vec<u8>, Vec<u8>>| {
            rows.iter().for_each(|(key, value)| writer.put(key, value).unwrap());
            writer
        };
        live.replace_added(filled(live.begin_added().unwrap(), &rows.entries)).unwrap();
        let through = live.anew_through();
        live.replace_anew(filled(live.begin_anew().unwrap(), &rows.views), through).unwrap();
    }

    fn spoil(&self, spoil: impl FnOnce(&mut Rows)) {
        let mut rows = self.rows();
        spoil(&mut rows);
        self.put(&rows);
    }
}

/// Rows by their keys.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rows {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    views: BTreeMap<Vec<u8>, Vec<u8>>,
}

fn owner(number: u64) -> Vec<u8> {
    owner_of_stream(StreamId::Customer(customer(number)))
}

/// The key of the row with the digests from a version of a customer's stream on.
fn entries_key(number: u64, first_version: u64) -> Vec<u8> {
    [owner(number), first_version.to_be_bytes().to_vec()].concat()
}

/// Spoils one row and checks that it alone is named, by its owner, each time; gives it.
fn check(owner: &[u8], spoil: impl Fn(&mut Rows), difference: Difference) -> DriftedRow {
    let stage = Stage::with(3, 300);
    assert_eq!(stage.sweep(&()).unwrap().drifted, 0);
    assert_eq!(stage.verified().through(), 300);
    stage.spoil(spoil);
    let spoilt = stage.rows();
    let first = stage.sweep(&()).unwrap();
    let again = stage.sweep(&()).unwrap();
    assert_eq!(first, again, "what drifted is not mended by looking");
    assert_eq!(stage.rows(), spoilt);
    assert_eq!((first.drifted, first.drift.len()), (1, 1), "{:?}", first.drift);
    assert_eq!((stage.mark().unwrap().drifted, stage.verified().views, stage.verified().through()), (1, 0, 0));
    let row = first.drift.into_iter().next().unwrap();
    assert_eq!((&row.key, row.difference), (&hex::encode(owner), difference));
    row
}

fn edit(rows: &mut BTreeMap<Vec<u8>, Vec<u8>>, key: &[u8], from: &str, to: &str) {
    let row = rows.get_mut(key).unwrap();
    let text = String::from_utf8(row.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    *row = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn a_present_view_that_says_something_else_is_named_with_both_values() {
    let spoil = |rows: &mut Rows| edit(&mut rows.views, &owner(1), "Name 298", "Name 000");
    let row = check(&owner(1), spoil, Difference::Differs);
    assert_eq!((row.stream.as_str(), row.row), (format!("customer/{}", customer(1)).as_str(), "present view"));
    let (stored, folded) = (row.stored.unwrap().to_string(), row.folded.unwrap().to_string());
    assert!(stored.contains("Name 000") && !stored.contains("Name 298"), "{stored}");
    assert!(folded.contains("Name 298") && !folded.contains("Name 000"), "{folded}");
    assert!(!folded.contains(&customer(1).to_string()), "what is the same on both sides is left out: {folded}");
}

#[test]
fn entries_that_lost_a_digest_are_named_with_the_version_that_they_lost() {
    let spoil = |rows: &mut Rows| {
        let row = rows.entries.get_mut(&entries_key(2, 64)).unwrap();
        let (mut rest, mut kept) = (row.as_slice(), Vec::new());
        let digests: Vec<&[u8]> = std::iter::from_fn(|| take_piece(&mut rest)).collect();
        digests.iter().take(35).for_each(|digest| put_piece(digest, &mut kept).unwrap());
        *row = kept;
    };
    let row = check(&owner(2), spoil, Difference::Differs);
    assert_eq!(row.row, "entries");
    assert_eq!(row.stored, Some(json!({})));
    assert_eq!(row.folded.unwrap().as_object().unwrap().keys().collect::<Vec<_>>(), ["99"]);
}

#[test]
fn rows_that_cannot_be_read_are_found() {
    let cut_off = |rows: &mut Rows| {
        rows.views.get_mut(&owner(0)).unwrap().pop();
    };
    let row = check(&owner(0), cut_off, Difference::Unreadable);
    assert_eq!(row.stored, None);
    assert!(row.folded.unwrap().is_object());
    let cut_off = |rows: &mut Rows| {
        rows.entries.get_mut(&entries_key(0, 64)).unwrap().pop();
    };
    assert_eq!(check(&owner(0), cut_off, Difference::Unreadable).row, "entries");
    let a_gap = |rows: &mut Rows| drop(rows.entries.remove(&entries_key(0, 0)).unwrap());
    assert_eq!(check(&owner(0), a_gap, Difference::Unreadable).folded.unwrap().as_object().unwrap().len(), 100);
}

#[test]
fn rows_that_are_missing_are_found() {
    let no_entries = |rows: &mut Rows| rows.entries.retain(|key, _| owner_of(key) != owner(0));
    let row = check(&owner(0), no_entries, Difference::NotStored);
    assert_eq!(row.folded.unwrap().as_object().unwrap().len(), 100);
    let no_view = |rows: &mut Rows| drop(rows.views.remove(&owner(0)).unwrap());
    assert_eq!(check(&owner(0), no_view, Difference::NotStored).row, "present view");
}

#[test]
fn rows_that_no_entry_speaks_of_are_found() {
    let only = |owner: &[u8]| {
        let view = |rows: &mut Rows| drop(rows.views.insert(owner.to_vec(), b"{}".to_vec()));
        let row = check(owner, view, Difference::OnlyStored);
        let mut key = owner.to_vec();
        key.resize(OWNER_BYTES.max(owner.len()), 0);
        key.extend(0_u64.to_be_bytes());
        let entries = |rows: &mut Rows| drop(rows.entries.insert(key.clone(), b"\0\0\0\x02{}".to_vec()));
        assert_eq!(check(owner_of(&key), entries, Difference::OnlyStored).row, "entries");
        row.stream
    };
    assert_eq!(only(&owner(9)), format!("customer/{}", customer(9)));
    for nobodys in [b"".to_vec(), b"c".to_vec(), b"x".to_vec(), b"zzzzzzzzzzzzzzzzz".to_vec()] {
        assert_eq!(only(&nobodys), "?");
    }
}

#[test]
fn a_row_in_other_bytes_is_found_although_it_says_the_same() {
    let spaced = |rows: &mut Rows| edit(&mut rows.views, &owner(1), "\":", "\": ");
    let row = check(&owner(1), spaced, Difference::OtherBytes);
    assert_eq!((row.stored, row.folded), (None, None));
    let spaced = |rows: &mut Rows| {
        let row = rows.entries.get_mut(&entries_key(1, 0)).unwrap();
        let (mut rest, mut spaced) = (row.as_slice(), Vec::new());
        while let Some(digest) = take_piece(&mut rest) {
            put_piece(&[digest, b" "].concat(), &mut spaced).unwrap();
        }
        *row = spaced;
    };
    assert_eq!(check(&owner(1), spaced, Difference::OtherBytes).row, "entries");
}

#[test]
fn a_file_of_rows_with_a_flipped_bit_ends_the_sweep_and_takes_the_mark_back() {
    let stage = Stage::with(3, 300);
    stage.sweep(&()).unwrap();
    assert!(stage.mark().is_some());
    let file = stage.folder.path().join("views/rows-1/added/run-1");
    let mut bytes = fs::read(&file).unwrap();
    bytes[700] ^= 1;
    fs::write(&file, bytes).unwrap();
    let swept = stage.sweep(&());
    assert!(matches!(&swept, Err(DriftError::Rows(ProjectionError::Store(RowError::Damaged { .. })))), "{swept:?}");
    assert_eq!((stage.mark(), stage.verified().through()), (None, 0));
    let report = crate::rebuild::rebuild(stage.log().as_ref(), &stage.views, &()).unwrap();
    assert_eq!((report.generation, report.compared_with, report.rows, report.drifted), (2, None, 6, 0));
    assert!(report.not_compared.unwrap().ends_with("a block of rows is damaged"));
    let mended = StoredViews::open(&Directory::new(stage.folder.path())).unwrap();
    assert_eq!(find_drift(stage.log().as_ref(), &mended, stage.ledger.clock(), &()).unwrap().drifted, 0);
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    flipped[at] ^= 1;
    flipped
}

/// Says stop after so many questions.
struct StopsAfter(AtomicU64);

impl Progress for StopsAfter {
    fn advance(&self, _stage: &'static str, _done: u64, _total: u64) {}

    fn cancelled(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_sweep_that_was_stopped_leaves_no_mark_that_is_ahead_of_the_truth() {
    let mut stage = Stage::with(4, 40);
    assert_eq!(stage.sweep(&()).unwrap().through, 40);
    stage.submit(1);
    stage.views.follow_to(stage.log().as_ref(), 41).unwrap();
    stage.spoil(|rows| edit(&mut rows.views, &owner(2), "Name 38", "Name 83"));
    let mut seen = Vec::new();
    for questions in 0.. {
        let swept = stage.sweep(&StopsAfter(AtomicU64::new(questions)));
        seen.push(stage.mark().map(|mark| (mark.through, mark.drifted)));
        match swept {
            Err(DriftError::Stopped) => {}
            Ok(_) => break,
            Err(error) => panic!("{error}"),
        }
    }
    // The earlier sweep's mark stands until the row is found, then none, and then the one that counts it.
    let [before @ .., last] = seen.as_slice() else { panic!("{seen:?}") };
    let kept = before.iter().take_while(|mark| **mark == Some((40, 0))).count();
    assert!(kept > 0 && before[kept..].iter().all(Option::is_none) && kept < before.len(), "{seen:?}");
    assert_eq!(*last, Some((41, 1)));
}

#[test]
fn a_mark_of_another_fold_generation_root_or_size_is_void_and_so_is_a_damaged_one() {
    let stage = Stage::with(3, 30);
    stage.sweep(&()).unwrap();
    let path = Directory::new(stage.folder.path()).compared();
    let sound = fs::read_to_string(&path).unwrap();
    let is_believed = |text: &str| {
        fs::write(&path, text).unwrap();
        stage.mark().is_some()
    };
    assert!(is_believed(&sound));
    let line = sound.lines().next().unwrap();
    let signed = |line: &str| format!("{line}\n{:08x}\n", checksum(line.as_bytes()));
    let fold = format!("\"fold\":\"{FOLD_VERSION}\"");
    let root = stage.log().root_at(30).unwrap().to_string();
    let other = stage.log().root_at(29).unwrap().to_string();
    for (from, to) in [
        (fold.as_str(), "\"fold\":\"another\""),
        ("\"generation\":1", "\"generation\":2"),
        ("\"through\":30", "\"through\":29"),
        ("\"through\":30", "\"through\":31"),
        (&root, &other),
        ("\"rows\"", "\"lines\""),
    ] {
        assert!(line.contains(from), "{line}");
        assert!(!is_believed(&signed(&line.replace(from, to))), "{from} for {to}");
    }
    for at in 0..sound.len() {
        let damaged = flipped(sound.as_bytes(), at);
        fs::write(&path, damaged).unwrap();
        assert_eq!(stage.mark(), None, "byte {at}");
    }
    assert!(is_believed(&sound));
    assert_eq!(stage.verified().through(), 30);
    fs::remove_file(&path).unwrap();
    assert_eq!(stage.verified().through(), 0, "rows that were never compared are not verified");
}

#[test]
fn where_no_row_is_stored_the_answers_are_the_logs_and_as_verified_as_it_is() {
    let mut stage = Stage::begin();
    (0..5).for_each(|number| stage.submit(number));
    assert_eq!((stage.verified().views, stage.verified().through()), (5, 5));
    let report = stage.sweep(&()).unwrap();
    assert_eq!((report.through, report.tree_size, report.rows, report.drifted), (0, 5, 0, 0));
}

#[test]
fn views_that_cannot_be_used_are_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(folder.path());
    let stores = RowStores::open(&directory).unwrap();
    stores.set_current(stores.begin_generation("another").unwrap().generation()).unwrap();
    let views = StoredViews::open(&directory).unwrap();
    let log = MemoryLog::new("ofrecord.local/test").reader();
    let swept = find_drift(log.as_ref(), &views, &Clock::Machine, &());
    assert!(matches!(swept, Err(DriftError::NotUsable { .. })), "{swept:?}");
    assert!(!directory.compared().exists());
}

#[test]
fn rows_beyond_the_log_are_refused() {
    let stage = Stage::with(3, 30);
    let shorter = MemoryLog::new("ofrecord.local/test").reader();
    let swept = find_drift(shorter.as_ref(), &stage.views, stage.ledger.clock(), &());
    assert!(matches!(swept, Err(DriftError::BeyondEnd { stored: 30, size: 0 })), "{swept:?}");
}

/// The next of a row of random numbers.
fn draw(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

#[test]
fn entries_and_rows_written_meanwhile_are_never_taken_for_drift() {
    for seed in 1..=4 {
        println!("seed {seed}");
        let mut stage = Stage::begin();
        let (log, views, clock) = (stage.log(), Arc::clone(&stage.views), stage.ledger.clock().clone());
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let sweeps = scope.spawn(|| {
                let mut sweeps = 0;
                while !done.load(Ordering::SeqCst) {
                    let report = find_drift(log.as_ref(), &views, &clock, &()).unwrap();
                    assert_eq!(report.drift, [], "seed {seed}, through {}", report.through);
                    assert!(ViewsMark::of(log.as_ref(), &views).is_some_and(|mark| mark.through == report.through));
                    sweeps += 1;
                }
                sweeps
            });
            let mut state = seed;
            for _ in 0..600 {
                stage.submit(draw(&mut state, 12));
                if draw(&mut state, 5) == 0 {
                    let (from, size) = (views.live().unwrap().checkpoint(), log.tree_size());
                    views.follow_to(log.as_ref(), from + draw(&mut state, size - from + 1)).unwrap();
                }
            }
            done.store(true, Ordering::SeqCst);
            assert!(sweeps.join().unwrap() > 0);
        });
        views.follow_to(log.as_ref(), log.tree_size()).unwrap();
        let last = stage.sweep(&()).unwrap();
        assert_eq!((last.through, last.drifted), (600, 0), "seed {seed}");
        assert_eq!(last.rows, rows_in(views.live().unwrap()), "seed {seed}");
    }
}

/// The entries and the present view of each stream that has them.
fn rows_in(live: &RowStore) -> u64 {
    live.moment().by_owner().unwrap().map(|rows| 1 + u64::from(rows.unwrap().anew.is_some())).sum()
}

#[test]
fn present_views_are_written_when_the_log_has_doubled_and_compared_where_they_stand() {
    let mut stage = Stage::with(3, 30);
    let standing = |stage: &Stage| {
        let live = stage.views.live().unwrap();
        (live.checkpoint(), live.anew_through())
    };
    assert_eq!(standing(&stage), (30, 30));
    (30..59).for_each(|number| stage.submit(number % 5));
    stage.views.follow_to(stage.log().as_ref(), 59).unwrap();
    assert_eq!(standing(&stage), (59, 30));
    let report = stage.sweep(&()).unwrap();
    assert_eq!((report.through, report.streams, report.rows, report.drifted), (59, 5, 8, 0));
    stage.spoil(|rows| edit(&mut rows.views, &owner(1), "Name 25", "Name 55"));
    assert_eq!(stage.sweep(&()).unwrap().drifted, 1, "what it says came later");
    write_views(stage.views.live().unwrap(), 30, &()).unwrap();
    assert_eq!(stage.sweep(&()).unwrap().drifted, 0);
    let rebuilt = crate::rebuild::rebuild(stage.log().as_ref(), &stage.views, &()).unwrap();
    assert_eq!((rebuilt.through, rebuilt.drifted, rebuilt.rows), (59, 0, 10));
    stage.submit(1);
    stage.views.follow_to(stage.log().as_ref(), 60).unwrap();
    assert_eq!(standing(&stage), (60, 60));
    assert_eq!(stage.sweep(&()).unwrap().drifted, 0);
}

#[test]
fn a_ledger_that_is_open_watches_and_stops_with_its_handle() {
    let mut stage = Stage::with(5, 50);
    stage.ledger.watch_drift().unwrap();
    let watched = stage.ledger.end_drift_watch(Ending::AfterSweep).unwrap();
    assert_eq!((watched.sweeps, watched.drifted(), watched.failure.is_none()), (1, 0, true));
    assert_eq!(stage.mark().map(|mark| (mark.through, mark.drifted)), Some((50, 0)));
    assert!(stage.ledger.end_drift_watch(Ending::AtOnce).is_none());
    stage.spoil(|rows| drop(rows.views.remove(&owner(3))));
    stage.ledger.watch_drift().unwrap();
    let watched = stage.ledger.end_drift_watch(Ending::AfterSweep).unwrap();
    assert_eq!((watched.sweeps, watched.drifted()), (1, 1));
    assert_eq!(stage.mark().map(|mark| mark.drifted), Some(1));
    stage.ledger.watch_drift().unwrap();
    let Stage { folder, ledger, views, .. } = stage;
    ledger.close();
    // Nobody else holds the views: the thread is gone with the handle.
    assert_eq!(Arc::strong_count(&views), 1);
    assert!(Path::new(folder.path()).exists());
}

/// Takes the ledger and its live views on while a rebuild is under way.
struct GoingOn<'a> {
    stage: &'a Stage,
    told: AtomicBool,
}

impl Progress for GoingOn<'_> {
    fn advance(&self, stage: &'static str, _done: u64, _total: u64) {
        if stage != "fold entries" || self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        (500..520).for_each(|number| self.stage.submit_numbered(number, number % 5));
        self.stage.views.follow_to(self.stage.log().as_ref(), self.stage.log().tree_size()).unwrap();
    }
}

#[test]
fn a_rebuild_beside_a_writer_finds_no_drift_and_goes_as_far_as_the_live_views() {
    let stage = Stage::with(4, 40);
    let going_on = GoingOn { stage: &stage, told: AtomicBool::new(false) };
    let report = crate::rebuild::rebuild(stage.log().as_ref(), &stage.views, &going_on).unwrap();
    assert!(going_on.told.load(Ordering::Relaxed), "the ledger went on meanwhile");
    assert_eq!((report.drifted, report.through, report.not_compared), (0, 60, None), "{:?}", report.drift);
}
