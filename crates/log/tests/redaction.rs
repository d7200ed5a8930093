//! Entries whose bytes are taken away leave their hashes, and nothing else of them is anywhere in the ledger.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "backups/stage.rs"]
mod stage;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ofrecord_log::contract::SampleEntries;
use ofrecord_log::entry::{Envelope, redacted_leaf, remainder_of, stored_leaf_hash};
use ofrecord_log::fault::{FaultHook, Moment, WritePoint};
use ofrecord_log::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use ofrecord_log::{
    AppendError, BackupOptions, EventLog as _, Finding, Hash, Head, LogReader as _, NewEntry, NotWritten, OpenOptions,
    RedactError, Redacted, Redactions, SledLog, TakenAway, check_backup, restore, take_away,
};

use stage::{Draw, Ledger, files, identity, options, strike};

const SEED: u64 = 20_260_301;
/// What nobody should ever have pasted.
const PASTED: &str = "pasted-by-mistake-4111111111111111";

/// How everything that is compressed begins.
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// How a dictionary begins; its length stands before it, and a checksum between the two.
const DICTIONARY: &[u8] = &[0x37, 0xa4, 0x30, 0xec];

/// A closed ledger, and what was appended to it.
struct Closed {
    _folders: tempfile::TempDir,
    folder: PathBuf,
    entries: Vec<NewEntry>,
    head: Head,
    sample: SampleEntries,
}

impl Closed {
    /// Entries of which each in `pasted` holds the text.
    fn of(size: u64, pasted: &[u64]) -> Self {
        let folders = tempfile::tempdir().unwrap();
        let folder = folders.path().join("ledger");
        let mut log = SledLog::create(&folder, &identity("example.org/ledger"), &options()).unwrap();
        let (mut sample, mut entries) = (SampleEntries::new(), Vec::new());
        while sample.position() < size {
            let until = size.min(sample.position() + 97);
            let batch: Vec<NewEntry> = (sample.position()..until)
                .map(|position| {
                    if !pasted.contains(&position) {
                        return sample.usual();
                    }
                    let (customer, decision) =
                        (format!("customer/{:04}", position % 50), format!("{{\"note\":\"{PASTED}\"}}"));
                    sample.entry(&[&customer], &decision)
                })
                .collect();
            log.append(log.tree_size(), &batch).unwrap();
            entries.extend(batch);
        }
        log.wait_for_background();
        let head = log.head();
        drop(log);
        Self { _folders: folders, folder, entries, head, sample }
    }

    fn entry(&self, position: u64) -> &[u8] {
        &self.entries.get(usize::try_from(position).unwrap()).unwrap().bytes
    }

    fn redactions(&self, positions: &[u64]) -> Redactions {
        let redacted = |position: &u64| {
            let entry = self.entry(*position);
            let remainder = Hash::of(&remainder_of(entry).unwrap());
            (*position, Redacted { leaf_hash: leaf_hash(entry), remainder })
        };
        positions.iter().map(redacted).collect()
    }

    fn take(&self, positions: &[u64]) -> Result<TakenAway, RedactError> {
        take_away(&self.folder, &self.redactions(positions), &options())
    }

    fn open(&self) -> SledLog {
        SledLog::open(&self.folder, &options()).unwrap()
    }

    /// The files in which the text is, as it lies there or in anything compressed that begins anywhere in them, with a
    /// dictionary of the file or without one.
    fn found(&self) -> Vec<PathBuf> {
        let within = |bytes: &[u8]| {
            let dictionaries: Vec<&[u8]> =
                places(bytes, DICTIONARY).filter_map(|at| dictionary_at(bytes, at)).chain([&[][..]]).collect();
            let mut decompressed = places(bytes, ZSTD).flat_map(|at| {
                dictionaries.iter().map(move |dictionary| {
                    let mut text = Vec::new();
                    let decoder = zstd::stream::read::Decoder::with_dictionary(&bytes[at..], dictionary).unwrap();
                    // What follows the frame is none, so that reading ends in an error.
                    drop(decoder.single_frame().read_to_end(&mut text));
                    text
                })
            });
            holds(bytes, PASTED.as_bytes()) || decompressed.any(|text| holds(&text, PASTED.as_bytes()))
        };
        files(&self.folder).into_iter().filter(|(_, bytes)| within(bytes)).map(|(path, _)| path).collect()
    }

    /// The text is nowhere, neither as it lies in files nor as it is read.
    fn assert_gone(&self) {
        assert_eq!(self.found(), Vec::<PathBuf>::new());
        let log = self.open();
        log.scan(0, log.tree_size(), &mut |position, bytes| {
            assert!(!holds(bytes, PASTED.as_bytes()), "position {position}");
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    }

    /// Everything else is as it was, by every way of reading it.
    fn assert_whole_but_for(&self, positions: &[u64]) {
        let log = self.open();
        log.wait_for_background();
        assert_eq!(log.head(), self.head);
        let size = self.head.size;
        for position in 0..size {
            let bytes = log.read(position).unwrap();
            if positions.contains(&position) {
                assert_eq!(redacted_leaf(&bytes), Some(leaf_hash(self.entry(position))), "position {position}");
            } else {
                assert!(bytes == self.entry(position), "position {position} differs");
            }
            assert_eq!(log.leaf_hash(position).unwrap(), leaf_hash(self.entry(position)), "position {position}");
            let found = log.find_command(SampleEntries::command_id(position)).unwrap().unwrap();
            assert_eq!((found.position, found.request_hash), (position, SampleEntries::request_hash(position)));
        }
        for position in positions.iter().copied().chain([0, size / 2, size - 1]) {
            let path = log.inclusion_proof(position, size).unwrap();
            verify_inclusion(&leaf_hash(self.entry(position)), position, size, &path, &self.head.root).unwrap();
            let (old, path) = (position + 1, log.consistency_proof(position + 1, size).unwrap());
            verify_consistency(old, &log.root_at(old).unwrap(), size, &self.head.root, &path).unwrap();
        }
        let report = log.verify(&mut |_| {});
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!(report.redacted, self.redactions(positions));
        assert_eq!(log.not_taken_away(&self.redactions(positions)).unwrap(), Vec::<u64>::new());
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    places(bytes, text).next().is_some()
}

/// Where a text begins within bytes.
fn places<'a>(bytes: &'a [u8], text: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(text.len()).enumerate().filter(move |(_, window)| *window == text).map(|(at, _)| at)
}

/// The dictionary of a segment that begins at a place, if one does.
fn dictionary_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let stated = bytes.get(at.checked_sub(8)?..)?.first_chunk::<4>()?;
    bytes.get(at..)?.get(..usize::try_from(u32::from_be_bytes(*stated)).unwrap())
}

#[test]
fn a_remainder_is_the_envelope_with_the_leaf_hash_for_a_decision() {
    let mut sample = SampleEntries::new();
    for entry in sample.many(60) {
        let left = remainder_of(&entry.bytes).unwrap();
        assert_eq!(remainder_of(&left).unwrap(), left, "a remainder leaves itself");
        assert_eq!(redacted_leaf(&entry.bytes), None);
        assert_eq!(stored_leaf_hash(&left), leaf_hash(&entry.bytes));
        let (whole, left) = (Envelope::parse(&entry.bytes).unwrap(), Envelope::parse(&left).unwrap());
        assert_eq!((whole.streams, whole.command_id, whole.position), (left.streams, left.command_id, left.position));
        assert_eq!((whole.recorded_at, whole.request_hash), (left.recorded_at, left.request_hash));
        assert_eq!(left.redacted, Some(leaf_hash(&entry.bytes)));
    }
}

#[test]
fn a_remainder_is_never_appended() {
    let mut closed = Closed::of(3, &[]);
    let mut log = closed.open();
    let left = NewEntry { bytes: remainder_of(&closed.sample.usual().bytes).unwrap() };
    let refused = log.append(3, &[left]).unwrap_err();
    assert!(matches!(refused, AppendError::NotWritten(NotWritten::Envelope { .. })), "{refused}");
}

#[test]
fn redacted_entries_are_gone_and_every_hash_and_proof_holds() {
    println!("seed {SEED}");
    let mut draw = Draw(SEED);
    for round in 0..6 {
        let size = 40 + draw.below(700) as u64;
        let mut positions: Vec<u64> = (0..=round).map(|_| draw.below(usize::try_from(size).unwrap()) as u64).collect();
        positions.sort_unstable();
        positions.dedup();
        let mut closed = Closed::of(size, &positions);
        assert_eq!(closed.found(), [PathBuf::from("log/db")], "of {size}");
        let (first, rest) = positions.split_at(positions.len() / 2);
        for part in [first, &positions] {
            let expected: Vec<u64> = if part == first { first.to_vec() } else { rest.to_vec() };
            assert_eq!(closed.take(part).unwrap().positions, expected, "of {size}: {part:?}");
            closed.assert_whole_but_for(part);
        }
        closed.assert_gone();
        assert_eq!(closed.take(&positions).unwrap(), TakenAway::default(), "nothing is left to take");
        let mut log = closed.open();
        log.append(size, &closed.sample.many(30)).unwrap();
        assert!(log.verify(&mut |_| {}).is_sound());
    }
}

#[test]
fn sealed_segments_are_sealed_again_without_the_entries() {
    let positions = [5, 300, 65_535, 65_600];
    let closed = Closed::of(65_536 + 300, &positions);
    let before = files(&closed.folder.join("segments"));
    assert_eq!(closed.found(), ["log/db", "segments/0000000000.seg"].map(PathBuf::from));
    fs::write(closed.folder.join("segments/0000000000.seg.damaged-1"), PASTED).unwrap();
    let taken = closed.take(&positions).unwrap();
    assert_eq!((taken.resealing_from, taken.set_aside.len()), (Some(0), 1));
    let log = closed.open();
    log.wait_for_background();
    assert_eq!(log.health().sealed_through, 65_536);
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.redacted, log.head()), (closed.redactions(&positions), closed.head));
    drop(log);
    assert_ne!(files(&closed.folder.join("segments")), before);
    closed.assert_gone();
}

#[test]
fn wherever_taking_away_is_interrupted_it_is_finished_later() {
    for point in WritePoint::REDACTION {
        for moment in [Moment::Before, Moment::After] {
            let case = format!("{moment:?} {point:?}");
            let positions = [7, 120];
            let closed = Closed::of(300, &positions);
            let redactions = closed.redactions(&positions);
            let struck = OpenOptions { fault: strike(point, moment, 1), ..options() };
            take_away(&closed.folder, &redactions, &struck).unwrap_err();
            let log = closed.open();
            assert_eq!(log.head(), closed.head, "{case}");
            assert!(log.verify(&mut |_| {}).is_sound(), "{case}");
            let standing = log.not_taken_away(&redactions).unwrap();
            let done = (point, moment) == (WritePoint::StoreExchange, Moment::After);
            assert_eq!(standing.is_empty(), done, "{case}");
            drop(log);
            closed.take(&positions).unwrap();
            closed.assert_whole_but_for(&positions);
            closed.assert_gone();
        }
    }
}

#[test]
fn an_exchange_of_stores_is_finished_by_whoever_opens_next() {
    let positions = [7];
    let closed = Closed::of(100, &positions);
    let whole = closed.folder.join("copy");
    copy(&closed.folder.join("log"), &whole);
    closed.take(&positions).unwrap();
    let (log, old, new) =
        (closed.folder.join("log"), closed.folder.join("log.redacted"), closed.folder.join("log.redacting"));
    // Between the two renames, after them, and before the first.
    fs::rename(&log, &new).unwrap();
    copy(&whole, &old);
    closed.assert_whole_but_for(&positions);
    copy(&whole, &old);
    closed.assert_whole_but_for(&positions);
    copy(&whole, &new);
    closed.assert_whole_but_for(&positions);
    assert!(!old.exists() && !new.exists());
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn another_entry_than_the_one_redacted_is_left_alone() {
    let closed = Closed::of(50, &[]);
    let mut redactions = closed.redactions(&[7]);
    let other = closed.redactions(&[8])[&8];
    redactions.insert(7, other);
    let refused = take_away(&closed.folder, &redactions, &options()).unwrap_err();
    assert!(matches!(refused, RedactError::OtherEntry { position: 7, .. }), "{refused}");
    closed.assert_whole_but_for(&[]);
}

#[test]
fn a_ledger_that_is_open_or_unsound_is_left_alone() {
    let closed = Closed::of(50, &[]);
    let log = closed.open();
    assert!(matches!(closed.take(&[7]), Err(RedactError::Open(_))));
    drop(log);
    let head = closed.folder.join("head");
    let kept = fs::read(&head).unwrap();
    fs::write(&head, vec![0; kept.len()]).unwrap();
    assert!(matches!(closed.take(&[7]), Err(RedactError::Unsound { .. })));
    fs::write(&head, kept).unwrap();
    closed.assert_whole_but_for(&[]);
}

#[test]
fn a_remainder_whose_hash_was_changed_is_damage() {
    let closed = Closed::of(50, &[]);
    let mut redactions = closed.redactions(&[7]);
    closed.take(&[7]).unwrap();
    // What would have been left of an entry with another decision, in the same place.
    let text = String::from_utf8(closed.entry(7).to_vec()).unwrap().replacen("note", "gift", 1);
    let forged = remainder_of(text.as_bytes()).unwrap();
    let log = closed.open();
    let left = log.read(7).unwrap();
    assert_ne!(left, forged);
    drop(log);
    let redacted = redactions.get_mut(&7).unwrap();
    assert_eq!(Hash::of(&left), redacted.remainder);
    assert_ne!(Hash::of(&forged), redacted.remainder);
    let store = closed.folder.join("log/db");
    let mut bytes = fs::read(&store).unwrap();
    let hash = redacted.leaf_hash.to_string();
    let at = bytes.windows(hash.len()).position(|window| window == hash.as_bytes());
    // Compressed blocks may hold the digits in pieces; then some byte of the frame is changed instead.
    let at = at.unwrap_or_else(|| bytes.windows(4).position(|window| window == b"ORB1").unwrap() + 80);
    *bytes.get_mut(at).unwrap() ^= 1;
    fs::write(&store, bytes).unwrap();
    let log = SledLog::open(&closed.folder, &options()).unwrap();
    let report = log.verify(&mut |_| {});
    let damaged = report.problems.iter().any(|problem| !matches!(problem.finding, Finding::WitnessSlots { .. }));
    assert!(damaged, "{:?}", report.problems);
}

#[test]
fn a_later_backup_holds_none_of_the_bytes_and_is_restored() {
    for size in [600, 65_536 + 300] {
        let ledger = Ledger::of(size);
        let (folder, backup) = (ledger.beside("ledger"), ledger.beside("backup"));
        ledger.back_up(&backup).unwrap();
        let (entries, head) = (ledger.entries.clone(), ledger.log.head());
        let Ledger { folders, log, .. } = ledger;
        drop(log);
        let positions = [3, 4, 599];
        let redacted = |position: u64| {
            let bytes = &entries[usize::try_from(position).unwrap()].bytes;
            let remainder = Hash::of(&remainder_of(bytes).unwrap());
            (position, Redacted { leaf_hash: leaf_hash(bytes), remainder })
        };
        for part in [&positions[..1], &positions[..]] {
            let redactions: Redactions = part.iter().copied().map(redacted).collect();
            take_away(&folder, &redactions, &options()).unwrap();
            let log = SledLog::open(&folder, &options()).unwrap();
            log.wait_for_background();
            let taken = BackupOptions { created_at: stage::TAKEN_AT.to_owned(), fault: FaultHook::default() };
            let report = log.backup().without(redactions.keys().copied()).take(&backup, &taken, &mut |_| {}).unwrap();
            assert!(report.copied.count > 0, "of {size}");
            let check = check_backup(&backup, &mut |_| {}).unwrap();
            assert!(check.is_sound(), "of {size}: {:?}", check.problems);
            assert_eq!(check.manifest.unwrap().head(), head);
            let restored = folders.path().join(format!("restored-{}", part.len()));
            restore(&backup, &restored, &options(), &mut |_| {}).unwrap();
            let restored = SledLog::open(&restored, &options()).unwrap();
            let report = restored.verify(&mut |_| {});
            assert!(report.is_sound(), "of {size}: {:?}", report.problems);
            assert_eq!(report.redacted, redactions);
        }
    }
}
