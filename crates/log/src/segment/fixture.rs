//! Segments written by earlier versions are read for ever.

use super::*;
use crate::entry::Envelope;

const ROOT: &str = "be7ea682043dd4a761db4a316a9fe2c13a1ad02c179b36211cc8de4217a8fa1f";

#[test]
fn a_stored_segment_is_still_read_whole() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/segment-1.seg");
    let segment = Segment::open(&path).unwrap();
    segment.verify().unwrap();
    let place = Place { origin: "example.org/ledger".to_owned(), first: 0, previous: Hash([0; 32]) };
    assert_eq!(segment.place(), &place);
    assert_eq!((segment.end(), segment.root()), (65_536, ROOT.parse().unwrap()));
    assert_eq!(segment.frontier().root(), segment.root());
    let mut position = 0;
    for bundle in 0..BUNDLES as u64 {
        for entry in segment.bundle(bundle).unwrap().iter() {
            assert_eq!(Envelope::parse(entry).unwrap().position, position);
            position += 1;
        }
    }
    assert_eq!(position, 65_536);
}
