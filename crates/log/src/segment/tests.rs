//! A segment reads back as written, and any flipped bit in it is found.

use super::*;
use crate::fault::FaultHook;
use crate::merkle::leaf_hash;

fn entry(position: u64) -> Vec<u8> {
    format!("{{\"position\":{position}}}").into_bytes()
}

fn written(folder: &Path) -> (Segment, Frontier) {
    let place = Place { origin: "example.org/log".to_owned(), first: 0, previous: Hash([0; 32]) };
    let mut writer = SegmentWriter::begin(folder, &place, Frontier::new()).unwrap();
    let mut frontier = Frontier::new();
    for position in 0..SEGMENT_ENTRIES {
        writer.push(&entry(position)).unwrap();
        frontier.push(leaf_hash(&entry(position)));
    }
    let segment = writer.finish(frontier.root(), &FaultHook::default()).unwrap();
    (segment, frontier)
}

#[test]
fn a_segment_reads_back_and_no_damage_to_it_goes_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let (segment, frontier) = written(folder.path());
    assert_eq!(segment.root(), frontier.root());
    assert_eq!(segment.frontier(), &frontier);
    assert_eq!(segment.bundle(255).unwrap().get(255), Some(&*entry(65_535)));

    let sound = std::fs::read(segment.path()).unwrap();
    let step = sound.len() / 400;
    let ends = (0..80).chain(sound.len() - 600..sound.len());
    for byte in ends.chain((0..sound.len()).step_by(step)) {
        let mut damaged = sound.clone();
        damaged[byte] ^= 1 << (byte % 8);
        std::fs::write(segment.path(), &damaged).unwrap();
        let found = Segment::open(segment.path()).and_then(|segment| segment.verify());
        assert!(found.is_err(), "byte {byte} of {}", sound.len());
    }
    for cut in [0, 1, 60, sound.len() / 2, sound.len() - 1] {
        std::fs::write(segment.path(), &sound[..cut]).unwrap();
        assert!(Segment::open(segment.path()).is_err());
    }
}

#[test]
fn a_segment_with_another_root_than_the_tree_gets_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { origin: "example.org/log".to_owned(), first: 0, previous: Hash([0; 32]) };
    let mut writer = SegmentWriter::begin(folder.path(), &place, Frontier::new()).unwrap();
    for position in 0..SEGMENT_ENTRIES {
        writer.push(&entry(position)).unwrap();
    }
    let refused = writer.finish(Hash([7; 32]), &FaultHook::default());
    assert!(refused.is_err());
    assert!(!folder.path().join(file_name(0)).exists());
}
