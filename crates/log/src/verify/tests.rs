//! What is a matter of bytes is found by both verifications alike, and what entries say by the whole one alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::*;
use crate::block::{Block, encode_commit};
use crate::contract::SampleEntries;
use crate::entry::{EntryFormat, EntryParts, StreamLink, compose, stored_leaf_hash};
use crate::event_log::{EventLog as _, NewEntry};
use crate::fault::FaultHook;
use crate::store::BlockStore;
use crate::{Directory, Identity, OpenOptions, SledLog};

/// Entries of the tail above the one segment.
const TAIL: u64 = 300;
const SIZE: u64 = SEGMENT_ENTRIES + TAIL;
/// Entries of one commit, which one block holds.
const COMMIT: usize = 256;

fn options() -> OpenOptions {
    OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() }
}

fn created(folder: &Path) -> SledLog {
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    SledLog::create(folder, &identity, &options()).unwrap()
}

/// A closed ledger in a folder of its own.
struct Closed {
    _folders: tempfile::TempDir,
    directory: Directory,
}

impl Closed {
    fn of(write: impl FnOnce(&Path)) -> Self {
        let folders = tempfile::tempdir().unwrap();
        let folder = folders.path().join("ledger");
        write(&folder);
        Self { _folders: folders, directory: Directory::new(&folder) }
    }

    /// A copy of one with a segment and a tail.
    fn sealed() -> Self {
        static SOUND: OnceLock<Closed> = OnceLock::new();
        let sound = SOUND.get_or_init(|| {
            Self::of(|folder| {
                let (mut log, mut sample) = (created(folder), SampleEntries::new());
                while log.tree_size() < SIZE {
                    let left = usize::try_from(SIZE - log.tree_size()).unwrap();
                    log.append(log.tree_size(), &sample.many(left.min(COMMIT))).unwrap();
                }
                log.wait_for_background();
            })
        });
        Self::of(|folder| copy(sound.directory.root(), folder))
    }

    fn store(&self) -> BlockStore {
        BlockStore::open(&self.directory.log(), options().cache_bytes).unwrap()
    }

    /// Puts what `spoil` makes of the block that covers a position in its place.
    fn replace_block(&self, position: u64, spoil: impl FnOnce(&BlockStore, &Block) -> crate::block::Encoded) {
        let store = self.store();
        let block = store.block_covering(position).unwrap().unwrap();
        let spoiled = spoil(&store, &block);
        store.write(vec![spoiled], &FaultHook::default()).unwrap();
    }

    fn acknowledge(&self, head: Head) {
        let mut witness = Witness::open(&self.directory.head()).unwrap().unwrap();
        // Both slots, so that neither names what was there before.
        for _ in 0..2 {
            witness.write(head, &FaultHook::default()).unwrap();
        }
    }

    /// What both verifications find, bytes first.
    fn found(&self) -> [Vec<String>; 2] {
        let log = SledLog::open(self.directory.root(), &options()).unwrap();
        let listed = |report: VerifyReport| {
            assert_eq!((report.entries, report.problems_unlisted), (report.head.size, 0));
            report.problems.iter().map(|problem| problem.without_path()).collect()
        };
        let bytes = listed(log.checker().verify_bytes(&mut |_| {}));
        assert_eq!(log.health().verified_through, 0, "the bytes alone count as verified");
        [bytes, listed(log.verify(&mut |_| {}))]
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn entries_of(block: &Block) -> Vec<NewEntry> {
    block.entries.iter().map(|entry| NewEntry { bytes: entry.to_vec() }).collect()
}

/// Spoils a sealed ledger with every checksum as it should be: both verifications must find the same.
fn check_both_find(case: &str, spoil: impl FnOnce(&Closed), expected: &[String]) {
    let closed = Closed::sealed();
    spoil(&closed);
    let [bytes, whole] = closed.found();
    assert_eq!(bytes, expected, "{case}: the bytes alone");
    assert_eq!(whole, expected, "{case}: the whole verification");
}

#[test]
fn bytes_that_are_not_what_they_were_are_found_by_both_though_each_checksum_fits() {
    let differ = "the store and the sealed segment differ";
    let other_byte = |closed: &Closed| {
        closed.replace_block(700, |_, block| {
            let mut entries = entries_of(block);
            entries[usize::try_from(700 - block.first).unwrap()].bytes[40] ^= 1;
            block.with_entries(&entries).unwrap()
        });
    };
    check_both_find("another byte", other_byte, &[format!("position 700: {differ}")]);
    let entries_exchanged = |closed: &Closed| {
        closed.replace_block(700, |_, block| {
            let mut entries = entries_of(block);
            entries.swap(3, 4);
            block.with_entries(&entries).unwrap()
        });
    };
    check_both_find("two entries exchanged", entries_exchanged, &[format!("positions 515 to 516: {differ}")]);
    let of_another_key = |closed: &Closed| {
        closed.replace_block(700, |store, block| {
            let other = store.block_covering(2_000).unwrap().unwrap();
            let frame = other.with_entries(&entries_of(&other)).unwrap().frame;
            crate::block::Encoded { key: block.first, frame }
        });
    };
    let unreadable = "positions 512 to 767: it cannot be read: the block of position 1792 is stored at 512";
    check_both_find("a block in the place of another", of_another_key, &[unreadable.to_owned()]);
    let missing = |closed: &Closed| closed.store().remove_unfinished(&[512]).unwrap();
    check_both_find("a block that is gone", missing, &["positions 512 to 767: it is missing".to_owned()]);
}

#[test]
fn a_witness_that_names_another_root_is_found_by_both() {
    let other = Hash::of(b"another log");
    let root = {
        let log = SledLog::open(Closed::sealed().directory.root(), &options()).unwrap();
        log.root()
    };
    let differs = [
        format!("the root at size {SIZE} is {root}, acknowledged was {other}"),
        format!("the root at size {SIZE} is {root}, recorded is {other}"),
    ];
    let foreign = |closed: &Closed| closed.acknowledge(Head { size: SIZE, root: other });
    check_both_find("a foreign root", foreign, &differs);
}

#[test]
fn a_sound_ledger_has_nothing_that_either_finds() {
    check_both_find("as it was written", |_| {}, &[]);
}

/// Entries that were acknowledged as they are, whatever they say: only the whole verification reads that.
fn check_said(case: &str, entries: &[(u64, &str)], expected: &[&str]) {
    let closed = Closed::of(|folder| drop(created(folder)));
    let entries: Vec<NewEntry> = (0..).zip(entries).map(|(at, said)| saying(at, *said)).collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| stored_leaf_hash(&entry.bytes)).collect();
    let mut frontier = Frontier::new();
    let commit = encode_commit(&entries, &leaves, &mut frontier).unwrap();
    closed.store().write(commit, &FaultHook::default()).unwrap();
    closed.acknowledge(Head { size: frontier.size(), root: frontier.root() });
    let [bytes, whole] = closed.found();
    assert_eq!(bytes, Vec::<String>::new(), "{case}: the bytes are what was acknowledged");
    assert_eq!(whole, expected, "{case}");
}

/// An entry of a stream of its own that states a position and a second of its minute.
fn saying(number: u128, (position, second): (u64, &str)) -> NewEntry {
    let bytes = compose(&EntryParts {
        format: EntryFormat::One,
        position,
        recorded_at: &format!("2026-01-01T00:00:{second}.0000000Z"),
        command_id: uuid::Uuid::from_u128(number),
        request_hash: Hash::of(&number.to_be_bytes()),
        streams: &[StreamLink { stream: format!("customer/{number}"), version: 0, previous: None }],
        decision: b"{}",
    });
    NewEntry { bytes: bytes.unwrap() }
}

#[test]
fn what_entries_say_is_left_to_the_whole_verification() {
    check_said("as it should be", &[(0, "01"), (1, "02")], &[]);
    check_said("another position", &[(0, "01"), (7, "02")], &["position 1: the entry states position 7"]);
    let back = "position 1: recorded at 2026-01-01T00:00:01.0000000Z, before 2026-01-01T00:00:02.0000000Z of the entry \
                before";
    check_said("a time that runs back", &[(0, "02"), (1, "01")], &[back]);
}
