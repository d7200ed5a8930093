//! A segment reads back as written, and any flipped bit in it is found.

use super::*;
use crate::block::frame_entry;
use crate::fault::FaultHook;
use crate::merkle::leaf_hash;

fn entry(position: u64) -> Vec<u8> {
    format!("{{\"position\":{position}}}").into_bytes()
}

fn place() -> Place {
    Place { origin: "example.org/log".to_owned(), first: 0, previous: Hash([0; 32]) }
}

fn written(folder: &Path) -> (Segment, Frontier) {
    let (mut samples, mut lengths) = (Vec::new(), Vec::new());
    for position in dictionary::learned_from(0) {
        lengths.push(frame_entry(&entry(position), &mut samples));
    }
    let dictionary = dictionary::learned(&samples, &lengths);
    finished(SegmentWriter::begin(folder, &place(), Frontier::new(), &dictionary).unwrap())
}

fn finished(mut writer: SegmentWriter) -> (Segment, Frontier) {
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
    assert!(matches!(segment.packing, Packing::Frames(Some(_))), "a dictionary is among what is damaged");

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
    let mut writer = SegmentWriter::begin(folder.path(), &place(), Frontier::new(), &[]).unwrap();
    for position in 0..SEGMENT_ENTRIES {
        writer.push(&entry(position)).unwrap();
    }
    let refused = writer.finish(Hash([7; 32]), &FaultHook::default());
    assert!(refused.is_err());
    assert!(!folder.path().join(file_name(0)).exists());
}

#[test]
fn an_entry_is_read_from_its_frame_alone_whatever_is_wrong_with_others() {
    let folder = tempfile::tempdir().unwrap();
    let (segment, _) = written(folder.path());
    for position in (0..SEGMENT_ENTRIES).step_by(7) {
        let run = segment.packed_with(position).unwrap();
        assert_eq!((run.first, run.entries.len()), (position - position % 32, 32));
        assert_eq!(run.get(position), Some(&*entry(position)));
    }
    let row = segment.row(3).unwrap();
    let sound = std::fs::read(segment.path()).unwrap();
    let index = |offset: u64| usize::try_from(row.offset + offset).unwrap();
    let head = &sound[index(0)..index(frames::HEAD_BYTES)];
    for (number, damaged) in (0..8).map(|number| (number, frames::place(head, row, number).unwrap())) {
        let mut bytes = sound.clone();
        bytes[index(frames::HEAD_BYTES + damaged.at.end - 1)] ^= 16;
        std::fs::write(segment.path(), &bytes).unwrap();
        for position in 768..1_024 {
            let read = segment.packed_with(position);
            if (position - 768) / 32 == number {
                let error = read.unwrap_err();
                assert!(matches!(error, SegmentError::Bundle { bundle: 3, position: 768, .. }), "{error}");
            } else {
                assert_eq!(read.unwrap().get(position), Some(&*entry(position)));
            }
        }
        assert!(segment.bundle(3).is_err() && segment.bundle(2).is_ok());
    }
    let mut bytes = sound;
    bytes[index(9)] ^= 1;
    std::fs::write(segment.path(), &bytes).unwrap();
    assert!((768..1_024).all(|position| segment.packed_with(position).is_err()), "the head is not believed");
}

#[test]
fn where_nothing_could_be_learned_there_is_no_dictionary() {
    assert_eq!(dictionary::learned(b"\0\0", &[2]), b"");
    let folder = tempfile::tempdir().unwrap();
    let writer = SegmentWriter::begin(folder.path(), &place(), Frontier::new(), &[]).unwrap();
    let (segment, frontier) = finished(writer);
    assert!(matches!(segment.packing, Packing::Frames(None)));
    assert_eq!(segment.root(), frontier.root());
    assert_eq!(segment.packed_with(40_000).unwrap().get(40_000), Some(&*entry(40_000)));
}
