//! The stored index gives back what its chunks were told, also after it is opened again.

use std::collections::BTreeMap;

use super::*;
use crate::contract::SampleEntries;
use crate::entry::{Envelope, StreamLink};
use crate::event_log::{EventLog as _, LogReader as _, NewEntry};
use crate::merkle::leaf_hash;
use crate::{Directory, Identity, OpenOptions, SledLog};

/// More than are brought together at a time.
const CHUNKS: u64 = 9;

fn command_id(position: u64) -> Uuid {
    Uuid::from_u128(u128::from(position) << 40 | 7)
}

/// Every entry is in one of 300 streams and in `all`; chunk 2 has a stream of its own.
fn names(position: u64) -> Vec<String> {
    let own = if position / CHUNK_ENTRIES == 2 { "own".to_owned() } else { format!("one/{}", position % 300) };
    vec![own, "all".to_owned()]
}

fn written(path: &Path) -> BTreeMap<String, Vec<u64>> {
    let index = StoredIndex::open(path).unwrap();
    let mut expected: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for number in 0..CHUNKS {
        let mut chunk = Chunk::default();
        for position in number * CHUNK_ENTRIES..(number + 1) * CHUNK_ENTRIES {
            let links: Vec<StreamLink> = names(position)
                .into_iter()
                .map(|stream| {
                    let positions = expected.entry(stream.clone()).or_default();
                    positions.push(position);
                    StreamLink { stream, version: positions.len() as u64 - 1, previous: None }
                })
                .collect();
            chunk.add(position, leaf_hash(&position.to_be_bytes()), command_id(position), &links);
        }
        let size = (number + 1) * CHUNK_ENTRIES;
        let after = Head { size, root: Hash::of(&size.to_be_bytes()) };
        index.write(&chunk, after, &FaultHook::default()).unwrap();
        // Whoever does not know whether it was written writes it again.
        index.write(&chunk, after, &FaultHook::default()).unwrap();
        index.bring_together().unwrap();
    }
    expected
}

#[test]
fn commands_and_streams_are_found_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let expected = written(&path);
    let index = StoredIndex::open(&path).unwrap();
    assert_eq!(index.checkpoint().unwrap().unwrap().size, CHUNKS * CHUNK_ENTRIES);
    for position in (0..CHUNKS * CHUNK_ENTRIES).step_by(97) {
        assert_eq!(index.command(command_id(position)), Ok(Some(position)));
        assert_eq!(index.command(command_id(position + CHUNKS * CHUNK_ENTRIES)), Ok(None));
    }
    for (stream, positions) in &expected {
        let last_position = *positions.last().unwrap();
        let head = StreamHead {
            version: positions.len() as u64,
            last_position,
            last_leaf_hash: leaf_hash(&last_position.to_be_bytes()),
        };
        assert_eq!(index.stream_head(stream), Ok(Some(head)), "{stream}");
        for from in [0, 1, positions.len() / 2, positions.len() - 1, positions.len(), positions.len() + 1] {
            let mut found = Vec::new();
            index.stream_positions(stream, from as u64, &mut found).unwrap();
            assert_eq!(found, positions.get(from..).unwrap_or_default(), "{stream} from {from}");
        }
    }
    assert_eq!(index.stream_head("absent"), Ok(None));
    let listed = |prefix, after, limit| {
        let mut names = BTreeSet::new();
        index.streams(prefix, after, limit, &mut names).unwrap();
        names.into_iter().collect::<Vec<_>>()
    };
    let all: Vec<String> = expected.keys().cloned().collect();
    assert_eq!(listed("", None, 1000), all);
    assert_eq!(listed("", Some("all"), 2), all[1..3]);
    assert_eq!(listed("own", None, 10), ["own"]);
}

#[test]
fn an_index_of_an_earlier_form_is_refused_and_what_is_damaged_is_never_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = folder.path().join("earlier");
    std::fs::create_dir(&earlier).unwrap();
    std::fs::write(earlier.join("db"), b"").unwrap();
    assert!(StoredIndex::open(&earlier).unwrap_err().contains("not in the form of this version"));
    let path = folder.path().join("index");
    let expected = written(&path);
    let run = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
    let run = run.max_by_key(|path| path.metadata().unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&run).unwrap();
    for byte in bytes.iter_mut().take(300_000) {
        *byte ^= 0x10;
    }
    std::fs::write(&run, bytes).unwrap();
    let index = StoredIndex::open(&path).unwrap();
    for position in (0..CHUNKS * CHUNK_ENTRIES).step_by(997) {
        assert!(
            matches!(index.command(command_id(position)), Ok(Some(found)) if found == position)
                || matches!(index.command(command_id(position)), Err(ReadError::Index { .. }))
        );
    }
    for (stream, positions) in &expected {
        let mut found = Vec::new();
        if index.stream_positions(stream, 0, &mut found).is_ok() {
            assert_eq!(&found, positions);
        }
    }
    assert!(index.command(command_id(0)).is_err());
}

/// The commands that a verification finds wrong in an index that somebody wrote with checksums as they should be.
fn check_verified(spoil: impl Fn(&mut BTreeMap<Vec<u8>, Vec<u8>>, &[Uuid]), expected: &[(Option<u64>, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("ledger");
    let identity = Identity::new("ofrecord.local/test", "2024-06-01T00:00:00.0000000Z", BTreeMap::new());
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
    let mut log = SledLog::create(&folder, &identity, &options).unwrap();
    let (mut sample, mut commands) = (SampleEntries::new(), Vec::new());
    while log.tree_size() < CHUNK_ENTRIES {
        let entries = sample.many(1_024);
        let command = |entry: &NewEntry| Envelope::parse(&entry.bytes).unwrap().command_id;
        commands.extend(entries.iter().map(command));
        log.append(log.tree_size(), &entries).unwrap();
    }
    log.wait_for_background();
    assert!(log.verify(&mut |_| {}).is_sound());
    drop(log);
    let runs = Runs::open(&Directory::new(&folder).index(), FORM).unwrap();
    let (mut sorted, mut rows) = (runs.sorted_from(&[]).unwrap(), BTreeMap::new());
    while let Some((key, mut values)) = sorted.next_key().unwrap() {
        rows.insert(key, values.remove(0));
    }
    spoil(&mut rows, &commands);
    let mut run = runs.begin().unwrap();
    rows.iter().for_each(|(key, row)| run.put(key, row).unwrap());
    let labels = BTreeMap::from([(ROOT.to_owned(), runs.label(ROOT).unwrap())]);
    runs.replace(run, Standing { through: CHUNK_ENTRIES, labels }).unwrap();
    let log = SledLog::open(&folder, &options).unwrap();
    assert!(log.health().notes.is_empty(), "the index is used");
    assert!(log.checker().verify_bytes(&mut |_| {}).is_sound(), "the index is no matter of bytes");
    let found: Vec<(Option<u64>, String)> = log
        .verify(&mut |_| {})
        .problems
        .into_iter()
        .map(|problem| (problem.positions.map(|positions| positions.start), problem.finding.to_string()))
        .collect();
    let named = |(position, about): &(Option<u64>, &str)| {
        let command = position.and_then(|position| commands.get(usize::try_from(position).unwrap()));
        let about = command.map_or((*about).to_owned(), |command| format!("command {command}"));
        (*position, format!("the index is wrong about {about}"))
    };
    assert_eq!(found, expected.iter().map(named).collect::<Vec<_>>());
    assert!(log.health().verified_through < CHUNK_ENTRIES, "what is wrong counts as verified");
}

#[test]
fn a_command_that_the_index_has_elsewhere_is_named_by_verification() {
    let swap = |rows: &mut BTreeMap<Vec<u8>, Vec<u8>>, commands: &[Uuid]| {
        let [one, other] = [7, 9_000].map(|at: usize| command_key(commands[at]));
        let (row, others) = (rows[&one].clone(), rows[&other].clone());
        rows.extend([(one, others), (other, row)]);
    };
    check_verified(swap, &[(Some(7), ""), (Some(9_000), "")]);
}

#[test]
fn a_command_that_the_index_does_not_have_or_has_for_no_entry_is_named_by_verification() {
    let remove =
        |rows: &mut BTreeMap<Vec<u8>, Vec<u8>>, commands: &[Uuid]| drop(rows.remove(&command_key(commands[11])));
    check_verified(remove, &[(Some(11), "")]);
    let add = |rows: &mut BTreeMap<Vec<u8>, Vec<u8>>, _: &[Uuid]| {
        rows.insert(command_key(Uuid::from_u128(77)), vec![5]);
    };
    check_verified(add, &[(None, "a command that no entry has")]);
}
