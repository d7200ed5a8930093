//! Committed lists of many sizes: each key is shown, each gap is shown, and the tree is that of another implementation.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ofrecord_proof::commitment::{Commitment, KeyLine, Standing};
use ofrecord_testkit::Random;
use ofrecord_testkit::random::seeds;
use sha2::Sha256;

fn lines(keys: &[u64]) -> Vec<KeyLine> {
    keys.iter().map(|key| KeyLine { key: format!("{key:06}") }).collect()
}

#[test]
fn every_key_and_every_gap_is_shown_and_nothing_else() {
    for seed in seeds(61, 30) {
        let mut random = Random::new(seed);
        let mut keys: Vec<u64> = (0..random.below(70)).map(|_| random.below(200)).collect();
        keys.sort_unstable();
        keys.dedup();
        println!("seed {seed}, {} lines", keys.len());
        let commitment = Commitment::over(lines(&keys)).unwrap();
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for line in lines(&keys) {
            tree.push(format!("{{\"key\":\"{}\"}}", line.key).into_bytes());
        }
        assert_eq!((commitment.count, &commitment.root.0[..]), (tree.len(), &tree.root().as_bytes()[..]));
        for key in 0..201 {
            let standing = Standing::of(&format!("{key:06}"), lines(&keys)).unwrap();
            assert_eq!(matches!(standing, Standing::Present(_)), keys.contains(&key), "{key}");
            let read = Standing::<KeyLine>::from_bytes(&standing.to_bytes().unwrap()).unwrap();
            assert_eq!(commitment.verify(&format!("{key:06}"), &read), Ok(()), "{key}");
            if let Standing::Present(membership) = &read {
                let index = usize::try_from(membership.index).unwrap();
                let path: Vec<u8> = membership.path.iter().flat_map(|hash| hash.0).collect();
                assert_eq!(tree.prove_inclusion(index).as_bytes(), path);
            }
            let other = random.below(201);
            let gap = |key: u64| (keys.iter().filter(|known| **known < key).count(), keys.contains(&key));
            let shown = commitment.verify(&format!("{other:06}"), &read).is_ok();
            assert_eq!(shown, gap(other) == gap(key), "{other} with the proof of {key}");
        }
    }
}
