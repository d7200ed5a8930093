//! The tree against the published values of RFC 6962 logs, and proofs against their verifiers.

use super::*;

const EMPTY_ROOT: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 9] = [
    EMPTY_ROOT,
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// The root by the definition in RFC 6962, for comparison.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            node_hash(&defined_root(&leaves[..split]), &defined_root(&leaves[split..]))
        }
    }
}

fn subtree(leaves: &[Hash], level: u8, index: u64) -> Result<Hash, ()> {
    let start = usize::try_from(index << level).unwrap();
    leaves.get(start..start + (1 << level)).and_then(complete_root).ok_or(())
}

#[test]
fn hashes_are_the_published_ones() {
    assert_eq!(empty_root().to_string(), EMPTY_ROOT);
    assert_eq!(leaf_hash(b"").to_string(), ROOTS[1]);
    assert_eq!(leaf_hash(b"L123456").to_string(), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    let mut preimage = vec![1];
    preimage.extend_from_slice(b"N123N456");
    assert_eq!(Hash::of(&preimage).to_string(), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
    let (left, right) = (leaf(1), leaf(2));
    let inner = [&[1_u8][..], &left.0, &right.0].concat();
    assert_eq!(node_hash(&left, &right), Hash::of(&inner));
}

#[test]
fn the_classic_leaves_have_the_classic_roots_at_every_size() {
    let mut frontier = Frontier::new();
    for (leaf, (size, root)) in LEAVES.iter().zip((0_u64..).zip(ROOTS)) {
        assert_eq!((frontier.size(), frontier.root().to_string().as_str()), (size, root));
        frontier.push(leaf_hash(leaf));
    }
    assert_eq!(frontier.root().to_string(), ROOTS[8]);
}

#[test]
fn a_frontier_agrees_with_the_definition_and_survives_storage() {
    let mut frontier = Frontier::new();
    let mut leaves = Vec::new();
    for index in 0..300 {
        assert_eq!(frontier.root(), defined_root(&leaves), "size {index}");
        let stored = frontier.to_bytes();
        assert_eq!(Frontier::from_bytes(&stored), Ok(frontier.clone()));
        if index > 0 {
            assert!(Frontier::from_bytes(&stored[..stored.len() - 1]).is_err());
        }
        frontier.push(leaf(index));
        leaves.push(leaf(index));
    }
}

#[test]
fn a_subtree_pushed_whole_is_the_same_as_its_leaves() {
    for level in 0..6 {
        let width = 1_u64 << level;
        let mut by_leaf = Frontier::new();
        let mut by_subtree = Frontier::new();
        for first in (0..width * 5).step_by(1 << level) {
            let leaves: Vec<Hash> = (first..first + width).map(leaf).collect();
            leaves.iter().for_each(|leaf| by_leaf.push(*leaf));
            by_subtree.push_subtree(level, complete_root(&leaves).unwrap()).unwrap();
            assert_eq!(by_leaf, by_subtree);
        }
    }
    let mut frontier = Frontier::new();
    frontier.push(leaf(0));
    assert_eq!(frontier.push_subtree(1, leaf(1)), Err(FrontierError::Alignment { level: 1, size: 1 }));
}

#[test]
fn every_proof_verifies_and_no_changed_proof_does() {
    let leaves: Vec<Hash> = (0..70).map(leaf).collect();
    for size in 1..=70_u64 {
        let root = defined_root(&leaves[..usize::try_from(size).unwrap()]);
        for index in 0..size {
            let path = inclusion_proof(index, size, &mut |level, at| subtree(&leaves, level, at)).unwrap();
            let own = leaves[usize::try_from(index).unwrap()];
            verify_inclusion(&own, index, size, &path, &root).unwrap();
            assert!(verify_inclusion(&leaf(99), index, size, &path, &root).is_err());
            assert!(verify_inclusion(&own, size, size, &path, &root).is_err());
            let longer = [path.as_slice(), &[leaf(1)]].concat();
            assert!(verify_inclusion(&own, index, size, &longer, &root).is_err());
            if let Some((_, shorter)) = path.split_last() {
                assert!(verify_inclusion(&own, index, size, shorter, &root).is_err());
            }
        }
        for old in 1..=size {
            let old_root = defined_root(&leaves[..usize::try_from(old).unwrap()]);
            let path = consistency_proof(old, size, &mut |level, at| subtree(&leaves, level, at)).unwrap();
            verify_consistency(old, &old_root, size, &root, &path).unwrap();
            assert!(verify_consistency(old, &leaf(99), size, &root, &path).is_err());
            let longer = [path.as_slice(), &[leaf(1)]].concat();
            assert!(verify_consistency(old, &old_root, size, &root, &longer).is_err());
        }
    }
    assert_eq!(verify_consistency(0, &empty_root(), 1, &leaf(0), &[]), Err(ProofError::Outside { index: 0, size: 1 }));
}
