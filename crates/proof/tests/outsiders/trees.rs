//! Roots, proofs and tiles against two other implementations, on seeded sizes; and what a proof does not show.

use std::collections::BTreeMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ofrecord_log::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use ofrecord_proof::tiles::{TILE_WIDTH, TileKind, tiles_of, tiles_since};
use ofrecord_testkit::Random;
use ofrecord_testkit::random::seeds;
use sha2::Sha256;
use tlog_tiles::{
    Error, Hash, HashReader, TileHashReader, TileReader, check_record, check_tree, prove_record, prove_tree,
    record_hash, stored_hashes, tree_hash,
};

use crate::sample::Sample;

/// The hashes of a log as `tlog_tiles` stores them.
struct Stored(Vec<Hash>);

impl Stored {
    fn of(sample: &Sample) -> Self {
        let mut stored = Self(Vec::new());
        for (position, entry) in (0..).zip(&sample.entries) {
            let hashes = stored_hashes(position, entry, &stored).unwrap();
            stored.0.extend(hashes);
        }
        stored
    }
}

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

fn theirs(hashes: Vec<ofrecord_log::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| Hash(hash.0)).collect()
}

/// A size, more often near a tile's edge than not.
fn size(random: &mut Random) -> u64 {
    match random.below(3) {
        0 => 1 + random.below(40),
        1 => 250 + random.below(12),
        _ => 1 + random.below(900),
    }
}

#[test]
fn roots_and_proofs_are_those_of_another_tree() {
    for seed in seeds(11, 12) {
        let mut random = Random::new(seed);
        let sample = Sample::new(seed, size(&mut random));
        println!("seed {seed}, {} entries", sample.size());
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for (size, entry) in (1..).zip(&sample.entries) {
            tree.push(entry.clone());
            if size < 40 || size == sample.size() {
                assert_eq!(tree.root().as_bytes()[..], sample.root(size).0, "size {size}");
            }
        }
        for _ in 0..20 {
            let index = random.below(sample.size());
            let path = sample.inclusion_path(index, sample.size());
            let found = tree.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(found.as_bytes(), path.iter().flat_map(|hash| hash.0).collect::<Vec<_>>(), "index {index}");
            let old = 1 + index;
            if old < sample.size() {
                let path = sample.consistency_path(old, sample.size());
                let found = tree.prove_consistency(usize::try_from(sample.size() - old).unwrap());
                assert_eq!(found.as_bytes(), path.iter().flat_map(|hash| hash.0).collect::<Vec<_>>(), "old {old}");
            }
        }
    }
}

#[test]
fn proofs_are_those_of_tlog_and_are_accepted_there() {
    for seed in seeds(23, 12) {
        let mut random = Random::new(seed);
        let sample = Sample::new(seed, size(&mut random));
        println!("seed {seed}, {} entries", sample.size());
        let (stored, size) = (Stored::of(&sample), sample.size());
        let root = Hash(sample.root(size).0);
        assert_eq!(tree_hash(size, &stored).unwrap(), root);
        for _ in 0..20 {
            let index = random.below(size);
            let path = theirs(sample.inclusion_path(index, size));
            assert_eq!(path, prove_record(size, index, &stored).unwrap(), "index {index}");
            assert!(check_record(&path, size, root, index, record_hash(sample.entry(index))).is_ok());
            let old = 1 + index;
            let path = theirs(sample.consistency_path(old, size));
            assert_eq!(path, prove_tree(size, old, &stored).unwrap(), "old {old}");
            assert!(check_tree(&path, size, root, old, Hash(sample.root(old).0)).is_ok());
        }
    }
}

/// Tiles as files, read by `tlog_tiles`, which has the height in its paths.
struct Files(BTreeMap<String, Vec<u8>>);

impl TileReader for Files {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, Error> {
        Ok(tiles.iter().map(|tile| self.0[&tile.path().replacen("tile/8/", "tile/", 1)].clone()).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

#[test]
fn another_reader_finds_every_leaf_through_the_tiles() {
    for seed in seeds(37, 6) {
        let mut random = Random::new(seed);
        let sample = Sample::new(seed, size(&mut random));
        println!("seed {seed}, {} entries", sample.size());
        let files = Files(tiles_of(sample.size()).map(|tile| (tile.to_string(), sample.tile(tile))).collect());
        let reader = TileHashReader::new(sample.size(), Hash(sample.root(sample.size()).0), &files);
        for (position, leaf) in (0..).zip(sample.leaves()) {
            let found = reader.read_hashes(&[tlog_tiles::stored_hash_index(0, position)]).unwrap();
            assert_eq!(found, [Hash(leaf.0)], "position {position}");
        }
    }
}

#[test]
fn the_tiles_of_a_log_that_grew_are_those_that_another_writer_names() {
    for seed in seeds(41, 60) {
        let mut random = Random::new(seed);
        let bits = 1 + random.below(22);
        let (one, other) = (random.below(1 << bits), random.below(1 << bits));
        let (old, size) = (one.min(other), one.max(other));
        println!("seed {seed}: from {old} to {size}");
        let found: Vec<_> = tlog_tiles::Tile::new_tiles(8, old, size)
            .iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        let is_hashes = |tile: &ofrecord_proof::tiles::Tile| tile.kind() != TileKind::Entries;
        let ours: Vec<_> = tiles_since(old, size).filter(is_hashes).map(|tile| tile.to_string()).collect();
        assert_eq!(ours, found);
    }
}

#[test]
fn tiles_hold_the_log_and_the_levels_hang_together() {
    let sample = Sample::new(5, 777);
    let mut entries = Vec::new();
    let mut levels: BTreeMap<u8, Vec<ofrecord_log::Hash>> = BTreeMap::new();
    for tile in tiles_of(777) {
        let bytes = sample.tile(tile);
        match tile.kind() {
            TileKind::Entries => entries.extend(tile.entries(&bytes).unwrap().into_iter().map(<[u8]>::to_vec)),
            TileKind::Hashes { level } => levels.entry(level).or_default().extend(tile.hashes(&bytes).unwrap()),
        }
    }
    assert_eq!(entries, sample.entries);
    assert_eq!(levels[&0], sample.leaves());
    for (index, root) in levels[&1].iter().enumerate() {
        let width = usize::from(TILE_WIDTH);
        let full = &sample.leaves()[index * width..(index + 1) * width];
        assert_eq!(ofrecord_log::merkle::complete_root(full), Some(*root));
    }
    assert_eq!((levels.len(), levels[&1].len()), (2, 3));
}

#[test]
fn a_proof_shows_one_leaf_at_one_index_of_one_size_under_one_root() {
    for seed in seeds(53, 3) {
        let sample = Sample::new(seed, 3 + seed % 30);
        let size = sample.size();
        println!("seed {seed}, {size} entries");
        for index in 0..size {
            let path = sample.inclusion_path(index, size);
            let root = sample.root(size);
            for (other, entry) in (0..).zip(&sample.entries) {
                let leaf = leaf_hash(entry);
                let shown = |index, root| verify_inclusion(&leaf, index, size, &path, &root).is_ok();
                assert_eq!(shown(index, root), other == index, "leaf {other} with the proof of {index}");
                assert_eq!(shown(other, root), other == index, "at {other} with the proof of {index}");
                let older = sample.root(other);
                assert!(!shown(index, older), "the root at {other} with the proof of {index}");
            }
        }
        for old in 1..=size {
            let path = sample.consistency_path(old, size);
            for other in 1..=size {
                let (before, now) = (sample.root(other), sample.root(size));
                let shown = verify_consistency(old, &before, size, &now, &path).is_ok();
                assert_eq!(shown, other == old, "the root at {other} with the proof from {old}");
            }
        }
    }
}
