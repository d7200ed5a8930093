//! Laws that need a sealed segment and a full stride of stored views: rebuilding gives the live rows, repair gives back every byte.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it did"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ofrecord_core::command::relationship::UpdateCustomer;
use ofrecord_core::{Cloud, Command, Request};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::rebuild::rebuild;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{Clock, KnownAt, Ledger, LedgerOptions, Reader, StoredViews};
use ofrecord_log::{
    Directory, EventLog, Hash, Identity, LogReader, LostTail, OpenOptions, RepairOptions, RepairReport, SledLog,
    WriteState, merkle, repair,
};
use ofrecord_testkit::story::instant;
use ofrecord_testkit::{Random, Story, name};
use ofrecord_views::present_bytes;

/// One sealed segment.
const SEALED: u64 = 65_536;
/// The segment and a tail beyond it.
const ENTRIES: u64 = SEALED + 700;
const CUSTOMERS: u64 = 1_500;

fn quiet() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

/// The request of a number: customers are registered, then renamed again and again.
fn request(story: &Story, number: u64) -> Request {
    let customer = format!("L{}", number % CUSTOMERS);
    let mut request = story.at("2024-01-01").ledger().registers_customer(&customer);
    if number >= CUSTOMERS {
        let command = UpdateCustomer {
            name: Some(format!("renamed {number}")),
            domain: None,
            market: None,
            tenant_type: None,
            account_status: None,
        };
        request.command = Command::UpdateCustomer(command).into();
    }
    request
}

fn write(folder: &Path) -> (Hash, Vec<Hash>) {
    let identity = Identity::new("ofrecord.test/large", "2024-01-01", BTreeMap::new());
    let log = SledLog::create(folder, &identity, &quiet()).unwrap();
    let reader = log.reader();
    let clock = Clock::Set(SetClock::at(instant("2024-01-02")));
    let views = Some(Arc::new(StoredViews::open(&Directory::new(folder)).unwrap()));
    let ledger =
        Ledger::start(Box::new(log), LedgerOptions { cloud: Cloud::China21Vianet, clock, views, sealer: None })
            .unwrap();
    let story = Story::new(65_536);
    let mut tickets = Vec::new();
    for number in 0..ENTRIES {
        tickets.push(ledger.submit(request(&story, number)).unwrap());
        if tickets.len() == 1_024 {
            tickets.drain(..).for_each(|ticket| drop(ticket.wait().unwrap()));
        }
    }
    tickets.into_iter().for_each(|ticket| drop(ticket.wait().unwrap()));
    ledger.close();
    let leaves = (0..reader.tree_size()).map(|position| reader.leaf_hash(position).unwrap()).collect();
    (reader.root(), leaves)
}

fn rebuilt_rows_are_the_live_ones(folder: &Path) {
    let log = SledLog::open(folder, &quiet()).unwrap();
    log.wait_for_background();
    let views = StoredViews::open(&Directory::new(folder)).unwrap();
    views.follow(&log).unwrap();
    let report = rebuild(&log, &views, &()).unwrap();
    println!("{} rows rebuilt, {} drifted", report.rows, report.drifted);
    assert_eq!((report.drifted, report.drift, report.not_compared), (0, Vec::new(), None));
    assert!(report.rows > 0 && report.compared_with.is_some(), "nothing was compared");
}

/// An answer with the stored views and one from the entries alone are the same bytes.
fn answers_do_not_depend_on_stored_views(folder: &Path) {
    let log = SledLog::open(folder, &quiet()).unwrap();
    let views = Arc::new(StoredViews::open(&Directory::new(folder)).unwrap());
    let bare = Reader::new(log.reader(), Cloud::China21Vianet);
    let stored = bare.clone().with_views(views);
    let mut random = Random::new(6);
    for _ in 0..40 {
        let customer = name::customer(&format!("L{}", random.below(CUSTOMERS)));
        let size = random.below(ENTRIES) + 1;
        for known_at in [KnownAt::Now, KnownAt::TreeSize(size)] {
            let present = |reader: &Reader| {
                let snapshot = reader.snapshot(known_at).unwrap();
                reader.customer(customer, &snapshot).ok().map(|record| present_bytes(&record))
            };
            assert_eq!(present(&stored), present(&bare), "{customer} {known_at:?}");
        }
    }
}

fn deciding_a_range_again_agrees(folder: &Path) {
    let log = SledLog::open(folder, &quiet()).unwrap();
    let report = replay(&log.reader(), ENTRIES - 2_000, ENTRIES, &()).unwrap();
    assert_eq!((report.commands, report.difference), (2_000, None));
}

fn largest(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

/// Damages a file in many places, as a store's file also has room that holds nothing any more.
fn damage(folder: &Path, file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes.iter_mut().skip(1_000).step_by(40_000).for_each(|byte| *byte ^= 0xff);
    fs::write(file, &bytes).unwrap();
    let damaged = SledLog::open(folder, &quiet()).unwrap();
    damaged.wait_for_background();
    let noticed = damaged.health().write_state != WriteState::Writable || !damaged.verify(&mut |_| {}).is_sound();
    assert!(noticed, "{}: the damage is not noticed", file.display());
}

fn mended(folder: &Path, lost_tail: LostTail) -> RepairReport {
    let options = RepairOptions { open: quiet(), lost_tail };
    let report = repair(folder, &options, &mut |_| {}).unwrap();
    println!("{} actions, lost {:?}", report.actions.len(), report.lost);
    report
}

/// Opens a mended ledger: so many entries are there, byte for byte.
fn holds(folder: &Path, leaves: &[Hash]) -> SledLog {
    let log = SledLog::open(folder, &quiet()).unwrap();
    log.wait_for_background();
    assert_eq!(log.tree_size(), leaves.len() as u64);
    for (position, leaf) in (0..).zip(leaves).step_by(97) {
        assert_eq!(merkle::leaf_hash(&log.read(position).unwrap()), *leaf, "position {position}");
    }
    log
}

/// A damaged segment is written anew from the store, whole.
fn a_segment_is_mended_from_the_store(folder: &Path, root: Hash, leaves: &[Hash]) {
    damage(folder, &largest(&Directory::new(folder).segments()));
    assert_eq!(mended(folder, LostTail::StayReadOnly).lost, None);
    let log = holds(folder, leaves);
    assert_eq!((log.health().write_state, log.root()), (WriteState::Writable, root));
    assert!(log.verify(&mut |_| {}).is_sound());
}

/// A damaged store is mended as far as segments cover it; what is lost beyond is named, never passed over.
fn a_store_is_mended_as_far_as_segments_cover(folder: &Path, leaves: &[Hash]) {
    damage(folder, &largest(&Directory::new(folder).log()));
    assert_eq!(mended(folder, LostTail::StayReadOnly).lost, Some(SEALED..ENTRIES));
    let covered = &leaves[..usize::try_from(SEALED).unwrap()];
    let log = holds(folder, covered);
    assert!(matches!(log.health().write_state, WriteState::ReadOnly(_)), "{:?}", log.health().write_state);
    drop(log);
    mended(folder, LostTail::GiveUp);
    let log = holds(folder, covered);
    assert_eq!(log.health().write_state, WriteState::Writable, "the operator gave the tail up");
    assert!(log.verify(&mut |_| {}).is_sound());
}

#[test]
fn a_ledger_with_a_sealed_segment_is_rebuilt_and_mended_to_the_same_bytes() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("ledger");
    let (root, leaves) = write(&folder);
    assert_eq!(leaves.len() as u64, ENTRIES);
    rebuilt_rows_are_the_live_ones(&folder);
    answers_do_not_depend_on_stored_views(&folder);
    deciding_a_range_again_agrees(&folder);
    a_segment_is_mended_from_the_store(&folder, root, &leaves);
    a_store_is_mended_as_far_as_segments_cover(&folder, &leaves);
}
