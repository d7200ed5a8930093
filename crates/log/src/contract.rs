//! The contract of [`EventLog`] as a suite that every engine must pass, and entries to fill logs with.
//!
//! A broken promise panics, as tests do.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "this module is a test suite: a promise that is not kept panics"
)]

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use uuid::Uuid;

use crate::entry::{EntryFormat, EntryParts, StreamLink, compose};
use crate::event_log::{AppendError, EventLog, NewEntry, NotWritten, ReadError, StreamHead};
use crate::hash::Hash;
use crate::merkle::{Frontier, leaf_hash, verify_consistency, verify_inclusion};

/// Composes valid entries one after the other, as a ledger would.
#[derive(Debug, Clone, Default)]
pub struct SampleEntries {
    next: u64,
    streams: BTreeMap<String, (u64, Hash)>,
}

impl SampleEntries {
    /// Begins at position 0 with no stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The position of the next entry.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.next
    }

    /// The id of the command that is recorded at a position.
    #[must_use]
    pub fn command_id(position: u64) -> Uuid {
        let hash = Hash::of(&position.to_be_bytes());
        let (id, _) = hash.0.split_first_chunk::<16>().unwrap();
        Uuid::from_bytes(*id)
    }

    /// The hash of the request that is recorded at a position.
    #[must_use]
    pub fn request_hash(position: u64) -> Hash {
        Hash::of(format!("request {position}").as_bytes())
    }

    /// The time that is recorded at a position.
    #[must_use]
    pub fn recorded_at(position: u64) -> String {
        let (minute, rest) = (position / 600_000_000, position % 600_000_000);
        let (second, tick) = (rest / 10_000_000, rest % 10_000_000);
        format!("2026-01-01T00:{minute:02}:{second:02}.{tick:07}Z")
    }

    /// The next entry, in these streams, with this decision.
    pub fn entry(&mut self, streams: &[&str], decision: &str) -> NewEntry {
        self.entry_of(EntryFormat::One, streams, decision)
    }

    /// The next entry in a format, in these streams, with this decision.
    pub fn entry_of(&mut self, format: EntryFormat, streams: &[&str], decision: &str) -> NewEntry {
        let links: Vec<StreamLink> = streams.iter().map(|stream| self.link(stream)).collect();
        let bytes = compose(&EntryParts {
            format,
            position: self.next,
            recorded_at: &Self::recorded_at(self.next),
            command_id: Self::command_id(self.next),
            request_hash: Self::request_hash(self.next),
            streams: &links,
            decision: decision.as_bytes(),
        })
        .unwrap();
        for link in links {
            self.streams.insert(link.stream, (link.version + 1, leaf_hash(&bytes)));
        }
        self.next += 1;
        NewEntry { bytes }
    }

    /// The next entry of a usual size, in one of 50 customers' streams and one of 5 partners'.
    pub fn usual(&mut self) -> NewEntry {
        let customer = format!("customer/{:04}", self.next * 7 % 50);
        let partner = format!("partner/{}", self.next % 5);
        let decision = format!("{{\"note\":\"{}\",\"number\":{}}}", Hash::of(&self.next.to_be_bytes()), self.next);
        self.entry(&[&customer, &partner], &decision)
    }

    /// The next `count` entries of a usual size.
    pub fn many(&mut self, count: usize) -> Vec<NewEntry> {
        (0..count).map(|_| self.usual()).collect()
    }

    fn link(&self, stream: &str) -> StreamLink {
        let head = self.streams.get(stream);
        StreamLink {
            stream: stream.to_owned(),
            version: head.map_or(0, |(version, _)| *version),
            previous: head.map(|(_, leaf)| *leaf),
        }
    }
}

/// Runs the suite. `make` gives an empty log each time it is called.
pub fn run(make: &mut dyn FnMut() -> Box<dyn EventLog>) {
    an_empty_log_has_the_empty_root(&mut *make());
    what_is_appended_is_read_back(&mut *make());
    positions_have_no_gap_and_a_lost_writer_is_refused(&mut *make());
    streams_and_commands_are_found(&mut *make());
    roots_and_proofs_hold_at_every_size(&mut *make());
    entries_of_every_format_are_kept(&mut *make());
    entries_that_break_the_contract_are_refused(&mut *make());
    a_reader_sees_what_is_appended_later(&mut *make());
    the_largest_entries_and_batches_fit(&mut *make());
}

/// Compares a whole log with the entries that were appended to it.
pub fn check_holds(log: &dyn crate::LogReader, entries: &[NewEntry]) {
    assert_eq!(log.tree_size(), entries.len() as u64);
    let mut frontier = Frontier::new();
    let mut next = 0;
    log.scan(0, entries.len() as u64, &mut |position, bytes| {
        assert_eq!(position, next);
        let expected = &entries[usize::try_from(position).unwrap()];
        assert!(bytes == expected.bytes, "position {position} differs");
        frontier.push(leaf_hash(bytes));
        next += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(next, entries.len() as u64);
    assert_eq!(log.root(), frontier.root());
}

fn append_all(log: &mut dyn EventLog, entries: &[NewEntry]) {
    let next = log.tree_size();
    let appended = log.append(next, entries).unwrap();
    assert_eq!(appended.first_position, next);
    assert_eq!(appended.tree_size, next + entries.len() as u64);
    assert_eq!(appended.root, log.root());
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(&entry.bytes)).collect();
    assert_eq!(appended.leaf_hashes, leaves);
}

fn an_empty_log_has_the_empty_root(log: &mut dyn EventLog) {
    assert_eq!(log.tree_size(), 0);
    assert_eq!(log.root(), Hash::of(b""));
    assert_eq!(log.root_at(0), Ok(Hash::of(b"")));
    assert_eq!(log.read(0), Err(ReadError::BeyondEnd { position: 0, size: 0 }));
    assert_eq!(log.stream_head("customer/1"), Ok(None));
    assert_eq!(log.streams("", None, 10), Ok(vec![]));
    assert_eq!(log.find_command(Uuid::nil()), Ok(None));
}

fn what_is_appended_is_read_back(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    let mut all = Vec::new();
    for count in [1, 2, 3, 250, 1, 300] {
        let entries = sample.many(count);
        append_all(log, &entries);
        all.extend(entries);
        check_holds(log, &all);
    }
    for position in [0_u64, 1, 5, 255, 256, 556] {
        let expected = &all[usize::try_from(position).unwrap()].bytes;
        assert_eq!(log.read(position).as_ref(), Ok(expected));
        assert_eq!(log.leaf_hash(position), Ok(leaf_hash(expected)));
    }
    let mut seen = Vec::new();
    log.scan(10, 500, &mut |position, _| {
        seen.push(position);
        if position == 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(seen, (10..=20).collect::<Vec<u64>>());
    let beyond = log.scan(0, 558, &mut |_, _| panic!("nothing is read"));
    assert_eq!(beyond, Err(ReadError::BeyondEnd { position: 558, size: 557 }));
}

fn positions_have_no_gap_and_a_lost_writer_is_refused(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    append_all(log, &sample.many(3));
    let next = sample.many(2);
    for expected in [0, 2, 4] {
        assert_eq!(log.append(expected, &next), Err(NotWritten::WrongNext { expected, next: 3 }.into()));
    }
    assert_eq!(log.tree_size(), 3);
    append_all(log, &next);
}

fn streams_and_commands_are_found(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    let names = ["a", "a/1", "a/10", "a/2", "b"];
    let mut expected: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for round in 0..40_usize {
        let (one, other) = (names[round % 5], names[(round * 3 + 1) % 5]);
        let streams: Vec<&str> = if one == other { vec![one] } else { vec![one, other] };
        for stream in &streams {
            expected.entry(stream).or_default().push(sample.position());
        }
        let entry = sample.entry(&streams, "{}");
        append_all(log, &[entry]);
    }
    for (stream, positions) in &expected {
        let last_position = *positions.last().unwrap();
        let head = StreamHead {
            version: positions.len() as u64,
            last_position,
            last_leaf_hash: log.leaf_hash(last_position).unwrap(),
        };
        assert_eq!(log.stream_head(stream), Ok(Some(head)));
        for from in [0, 1, positions.len() - 1, positions.len(), positions.len() + 5] {
            let rest = positions.get(from..).unwrap_or_default();
            assert_eq!(log.stream_positions(stream, from as u64), Ok(rest.to_vec()));
        }
    }
    let listed = |prefix, after, limit| log.streams(prefix, after, limit).unwrap();
    assert_eq!(listed("", None, 10), names);
    assert_eq!(listed("a/", None, 10), ["a/1", "a/10", "a/2"]);
    assert_eq!(listed("a", Some("a/1"), 1), ["a/10"]);
    assert_eq!(listed("a/", Some("a"), 2), ["a/1", "a/10"]);
    assert_eq!(listed("", Some("b"), 10), Vec::<String>::new());
    for position in 0..40 {
        let found = log.find_command(SampleEntries::command_id(position)).unwrap().unwrap();
        assert_eq!(found.position, position);
        assert_eq!(found.request_hash, SampleEntries::request_hash(position));
    }
    assert_eq!(log.find_command(SampleEntries::command_id(40)), Ok(None));
}

fn roots_and_proofs_hold_at_every_size(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    let mut roots = vec![log.root()];
    let mut leaves = Vec::new();
    for _ in 0..35 {
        let appended = log.append(sample.position(), &[sample.usual()]).unwrap();
        roots.push(appended.root);
        leaves.extend(appended.leaf_hashes);
    }
    let mut frontier = Frontier::new();
    for (size, root) in (0_u64..).zip(&roots) {
        assert_eq!(log.root_at(size), Ok(*root));
        assert_eq!(frontier.root(), *root);
        for index in 0..size {
            let path = log.inclusion_proof(index, size).unwrap();
            let leaf = &leaves[usize::try_from(index).unwrap()];
            verify_inclusion(leaf, index, size, &path, root).unwrap();
        }
        for old in 1..=size {
            let path = log.consistency_proof(old, size).unwrap();
            let old_root = &roots[usize::try_from(old).unwrap()];
            verify_consistency(old, old_root, size, root, &path).unwrap();
        }
        if let Some(leaf) = leaves.get(usize::try_from(size).unwrap()) {
            frontier.push(*leaf);
        }
    }
    assert_eq!(log.root_at(36), Err(ReadError::BeyondEnd { position: 36, size: 35 }));
}

fn entries_of_every_format_are_kept(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    let formats = EntryFormat::ALL.into_iter().chain(EntryFormat::ALL.into_iter().rev());
    let entries: Vec<NewEntry> = formats.map(|format| sample.entry_of(format, &["customer/1"], "{}")).collect();
    append_all(log, &entries);
    check_holds(log, &entries);
}

fn entries_that_break_the_contract_are_refused(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    append_all(log, &sample.many(2));
    let before = log.head();
    let good = sample.clone().usual();
    let edited = |from: &str, to: &str| {
        let text = String::from_utf8(good.bytes.clone()).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        NewEntry { bytes: text.replacen(from, to, 1).into_bytes() }
    };
    let repeated = SampleEntries::command_id(0).to_string();
    let own = SampleEntries::command_id(2).to_string();
    let cases: Vec<(&str, Vec<NewEntry>)> = vec![
        ("batch", vec![]),
        ("canonical", vec![edited("\"position\":2", "\"position\": 2")]),
        ("position", vec![edited("\"position\":2", "\"position\":3")]),
        ("format", vec![edited("\"format\":1", "\"format\":3")]),
        ("envelope", vec![edited("\"format\":1,", "")]),
        ("command", vec![edited(&own, &repeated)]),
        ("twice", vec![good.clone(), edited("\"position\":2", "\"position\":3")]),
        ("version", vec![edited("\"version\":0", "\"version\":4")]),
        ("time", vec![edited("2026-01-01T", "2025-12-31T")]),
    ];
    for (name, batch) in cases {
        let refused = log.append(2, &batch);
        assert!(matches!(refused, Err(AppendError::NotWritten(_))), "{name}: {refused:?}");
        assert_eq!(log.head(), before, "{name}");
    }
    assert_eq!(log.find_command(SampleEntries::command_id(2)), Ok(None));
    append_all(log, &[good]);
}

fn a_reader_sees_what_is_appended_later(log: &mut dyn EventLog) {
    let reader = log.reader();
    let mut sample = SampleEntries::new();
    let entries = sample.many(20);
    append_all(log, &entries);
    let worker = std::thread::spawn(move || check_holds(&*reader, &entries));
    worker.join().unwrap();
}

fn the_largest_entries_and_batches_fit(log: &mut dyn EventLog) {
    let mut sample = SampleEntries::new();
    let mut all = sample.many(crate::BATCH_ENTRIES_MAX);
    append_all(log, &all);
    let room = crate::canonical::ENTRY_BYTES_MAX - sample.clone().entry(&["s"], "{\"text\":\"\"}").bytes.len();
    let mut large = Vec::new();
    for _ in 0..10 {
        // The entry's own length changes with its stream version, so a little room is left.
        let text: String = (0..room / 64 - 2)
            .map(|index| Hash::of(&[sample.position(), index as u64].map(u64::to_be_bytes).concat()).to_string())
            .collect();
        large.push(sample.entry(&["s"], &format!("{{\"text\":\"{text}\"}}")));
    }
    append_all(log, &large);
    all.extend(large);
    check_holds(log, &all);
    let long = "x".repeat(crate::canonical::ENTRY_BYTES_MAX + 1);
    let refused = log.append(sample.position(), &[NewEntry { bytes: long.into_bytes() }]);
    assert!(matches!(refused, Err(AppendError::NotWritten(NotWritten::TooLarge { .. }))));
}
