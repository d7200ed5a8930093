//! The shared map beside a plain sorted map, through the same changes, with clones kept along the way.

use std::collections::BTreeMap;

use super::SharedMap;

/// Numbers that look random, from a printed seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn check(shared: &SharedMap<u64, u64>, plain: &BTreeMap<u64, u64>) {
    assert_eq!(shared.len(), plain.len());
    assert_eq!(shared.iter().len(), plain.len());
    assert!(shared.iter().eq(plain.iter()));
    assert!(shared.iter().rev().eq(plain.iter().rev()));
    let refilled = plain.iter().fold(SharedMap::default(), |mut map, (key, value)| {
        map.insert(*key, *value);
        map
    });
    assert_eq!(*shared, refilled, "equal however the chunks are cut");
    let (mut shared, mut plain) = (shared.iter(), plain.iter());
    for turn in 0..plain.len() {
        let both = if turn % 3 == 0 { (shared.next_back(), plain.next_back()) } else { (shared.next(), plain.next()) };
        assert_eq!(both.0, both.1, "from both ends");
    }
    assert_eq!((shared.next(), shared.next_back()), (None, None));
}

#[test]
fn it_is_a_sorted_map_whose_clones_stay_as_they_were() {
    for seed in 1..=20 {
        println!("seed {seed}");
        let (mut dice, mut shared, mut plain) = (Dice(seed), SharedMap::default(), BTreeMap::new());
        let mut kept = Vec::new();
        let keys = 1 + dice.below(600);
        for step in 0..2_000 {
            let key = dice.below(keys);
            match dice.below(5) {
                0 => assert_eq!(shared.remove(&key), plain.remove(&key)),
                1 => {
                    *shared.get_or_default(key) += step;
                    *plain.entry(key).or_default() += step;
                }
                2 => {
                    assert_eq!(
                        shared.get_mut(&key).map(|value| *value += 1),
                        plain.get_mut(&key).map(|value| *value += 1)
                    );
                }
                _ => {
                    shared.insert(key, step);
                    plain.insert(key, step);
                }
            }
            assert_eq!(shared.get(&key), plain.get(&key));
            if step % 250 == 0 {
                kept.push((shared.clone(), plain.clone()));
            }
        }
        kept.push((shared, plain));
        kept.iter().for_each(|(shared, plain)| check(shared, plain));
    }
}

#[test]
fn keys_in_their_order_and_against_it_fill_it_alike() {
    let mut forwards: SharedMap<u64, u64> = SharedMap::default();
    let mut backwards = SharedMap::default();
    for key in 0..1_000 {
        forwards.insert(key, key);
        backwards.insert(999 - key, 999 - key);
    }
    assert_eq!(forwards, backwards);
    check(&forwards, &(0..1_000).map(|key| (key, key)).collect());
    backwards.insert(5, 6);
    assert_ne!(forwards, backwards);
}

#[test]
#[should_panic(expected = "out of bounds")]
fn a_key_without_a_value_cannot_be_indexed() {
    let _ = SharedMap::<u64, u64>::default()[&1];
}
