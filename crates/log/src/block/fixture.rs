//! Blocks written by earlier versions are read for ever.

use super::*;
use crate::entry::Envelope;
use crate::merkle::leaf_hash;

const COMPRESSED: &[u8] = include_bytes!("../../tests/fixtures/block-1-compressed.bin");
const RAW: &[u8] = include_bytes!("../../tests/fixtures/block-1-raw.bin");
const UNFINISHED: &[u8] = include_bytes!("../../tests/fixtures/block-1-unfinished.bin");

fn check(frame: &[u8], first: u64, count: usize, last_of_commit: bool) -> Block {
    let block = Block::decode(first, frame).unwrap();
    assert_eq!((block.entries.len(), block.last_of_commit), (count, last_of_commit));
    for (position, entry) in (first..).zip(block.entries.iter()) {
        assert_eq!(Envelope::parse(entry).unwrap().position, position);
    }
    block
}

#[test]
fn stored_blocks_of_every_kind_are_still_read() {
    check(COMPRESSED, 1, 3, true);
    let raw = check(RAW, 0, 1, true);
    assert_eq!(raw.root, leaf_hash(raw.entries.get(0).unwrap()));
    check(UNFINISHED, 4, 1, false);
}
