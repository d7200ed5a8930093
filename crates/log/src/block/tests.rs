//! Blocks read back as written, and never when damaged.

use super::*;
use crate::merkle::leaf_hash;

/// Bytes that do not compress, the same in each run.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut block = Hash::of(&seed.to_be_bytes());
    while bytes.len() < length {
        bytes.extend_from_slice(&block.0);
        block = Hash::of(&block.0);
    }
    bytes.truncate(length);
    bytes
}

fn encoded(entries: &[Vec<u8>]) -> (Vec<Encoded>, Frontier) {
    let mut frontier = Frontier::new();
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let new: Vec<NewEntry> = entries.iter().map(|bytes| NewEntry { bytes: bytes.clone() }).collect();
    let blocks = encode_commit(&new, &leaves, &mut frontier).unwrap();
    (blocks, frontier)
}

/// Encodes, decodes, and compares: every entry is there, and only the final block ends the commit.
fn check(entries: &[Vec<u8>], blocks_expected: std::ops::RangeInclusive<usize>) {
    let (blocks, frontier) = encoded(entries);
    assert!(blocks_expected.contains(&blocks.len()), "{}", blocks.len());
    let mut read = Vec::new();
    for (index, encoded) in blocks.iter().enumerate() {
        let block = Block::decode(encoded.key, &encoded.frame).unwrap();
        assert_eq!(block.first, read.len() as u64);
        assert_eq!(block.last_of_commit, index + 1 == blocks.len());
        assert!(block.entries.len() == 1 || encoded.frame.len() <= BLOCK_BYTES_MAX);
        read.extend(block.entries.iter().map(<[u8]>::to_vec));
        if block.last_of_commit {
            assert_eq!(block.root, frontier.root());
        }
    }
    assert_eq!(read, entries);
}

#[test]
fn commits_of_every_shape_read_back() {
    check(&[b"{}".to_vec()], 1..=1);
    check(&[vec![], vec![]], 1..=1);
    check(&vec![vec![b'a'; 350]; 700], 1..=1);
    check(&vec![vec![b'a'; 350]; 4096], 5..=7);
    check(&[noise(1, ENTRY_BYTES_MAX)], 1..=1);
    let large: Vec<_> = (0..9).map(|seed| noise(seed, ENTRY_BYTES_MAX)).collect();
    check(&large, 9..=9);
    let mixed: Vec<_> = (0..900).map(|seed| noise(seed, 400)).collect();
    check(&mixed, 6..=12);
}

#[test]
fn no_flipped_bit_and_no_cut_goes_unnoticed() {
    let (blocks, _) = encoded(&[vec![b'a'; 350], noise(7, 300)]);
    let sound = &blocks[0].frame;
    for byte in 0..sound.len() {
        for bit in 0..8 {
            let mut damaged = sound.clone();
            damaged[byte] ^= 1 << bit;
            assert!(Block::decode(0, &damaged).is_err(), "byte {byte} bit {bit}");
        }
        assert!(Block::decode(0, &sound[..byte]).is_err());
    }
    assert_eq!(Block::decode(1, sound), Err(BlockError::Key { key: 1, stated: 0 }));
}
