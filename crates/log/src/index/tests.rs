//! The stored index gives back what its chunks were told, also after it is opened again.

use std::collections::BTreeMap;

use super::*;
use crate::entry::StreamLink;
use crate::merkle::leaf_hash;

const CACHE: u64 = 16 * 1024 * 1024;
const CHUNKS: u64 = 4;

fn command_id(position: u64) -> Uuid {
    Uuid::from_u128(u128::from(position) << 40 | 7)
}

/// Every entry is in one of 300 streams and in `all`; chunk 2 has a stream of its own.
fn names(position: u64) -> Vec<String> {
    let own = if position / CHUNK_ENTRIES == 2 { "own".to_owned() } else { format!("one/{}", position % 300) };
    vec![own, "all".to_owned()]
}

fn written(path: &Path) -> BTreeMap<String, Vec<u64>> {
    let index = StoredIndex::open(path, CACHE).unwrap();
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
    }
    expected
}

#[test]
fn commands_and_streams_are_found_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let expected = written(&path);
    let index = StoredIndex::open(&path, CACHE).unwrap();
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
fn names_of_a_chunk_that_was_never_finished_are_not_listed_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let expected = written(&path);
    let listed = |index: &StoredIndex| {
        let mut names = BTreeSet::new();
        index.streams("", None, 1_000, &mut names).unwrap();
        names.into_iter().eq(expected.keys().cloned())
    };
    let index = StoredIndex::open(&path, CACHE).unwrap();
    // What a crash before the checkpoint of the fifth chunk leaves, a name from before there were numbers among it.
    index.db.insert(WRITING_KEY, &[][..]).unwrap();
    index.db.insert(name_key("ahead"), &CHUNKS.to_be_bytes()).unwrap();
    index.db.insert(name_key("all"), &[][..]).unwrap();
    assert!(listed(&index));
    index.db.flush().unwrap();
    drop(index);
    let index = StoredIndex::open(&path, CACHE).unwrap();
    assert!(listed(&index));
    assert_eq!(index.db.get(name_key("ahead")).unwrap(), None);
    assert_eq!(index.db.get(WRITING_KEY).unwrap(), None);
}

#[test]
fn a_filter_has_all_its_keys_and_few_others() {
    let filter = Filter::of((0..16_384_u32).map(|number| filter::key_of(&u64::from(number).to_be_bytes())));
    for number in 0..16_384_u64 {
        assert!(filter.may_have(filter::key_of(&number.to_be_bytes())));
    }
    let others = (16_384..116_384_u64).filter(|number| filter.may_have(filter::key_of(&number.to_be_bytes())));
    let found = others.count();
    assert!(found < 200, "{found} of 100000 keys that are not there would be looked for");
}
