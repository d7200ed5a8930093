//! Segments written by earlier versions are read for ever.

use super::*;
use crate::entry::Envelope;

/// The roots of entries in an envelope, and of entries that only say where they stand.
const ROOTS: [&str; 2] = [
    "be7ea682043dd4a761db4a316a9fe2c13a1ad02c179b36211cc8de4217a8fa1f",
    "3ce2b2536efb9f0dee3220351b4b2b04646196144b0d47e9e5fb910820f75e8b",
];

#[test]
fn stored_segments_of_every_format_are_still_read_whole() {
    for (file, root) in ["segment-1.seg", "segment-2.seg"].into_iter().zip(ROOTS) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
        let segment = Segment::open(&path).unwrap();
        segment.verify().unwrap();
        let place = Place { origin: "example.org/ledger".to_owned(), first: 0, previous: Hash([0; 32]) };
        assert_eq!(segment.place(), &place);
        assert_eq!((segment.end(), segment.root()), (65_536, root.parse().unwrap()));
        assert_eq!(segment.frontier().root(), segment.root());
        let mut position = 0;
        for bundle in 0..BUNDLES as u64 {
            for entry in segment.bundle(bundle).unwrap().iter() {
                assert_eq!(stated_position(entry), position);
                if position % 61 == 0 {
                    assert_eq!(segment.packed_with(position).unwrap().get(position), Some(entry));
                }
                position += 1;
            }
        }
        assert_eq!(position, 65_536);
    }
}

/// The position in an entry's envelope, or in what has nothing else.
fn stated_position(entry: &[u8]) -> u64 {
    let alone = std::str::from_utf8(entry).unwrap().strip_prefix("{\"position\":");
    let alone = alone.and_then(|rest| rest.strip_suffix('}')?.parse().ok());
    alone.unwrap_or_else(|| Envelope::parse(entry).unwrap().position)
}
