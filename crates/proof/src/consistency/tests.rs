//! Consistency proofs that are refused as text, and what a true one does not show.

use ofrecord_log::merkle::{leaf_hash, node_hash};

use super::*;
use crate::note::SigningKey;

const ORIGIN: &str = "log.example/consistency";

fn log() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn first() -> Hash {
    leaf_hash(b"first")
}

fn checkpoint(size: u64, root: Hash) -> Checkpoint {
    Checkpoint::new(ORIGIN, size, root).unwrap()
}

fn proof_to(old_size: u64, path: Vec<Hash>, new: &Checkpoint) -> ConsistencyProof {
    ConsistencyProof::new(old_size, path, log().sign(&new.to_string()).unwrap()).unwrap()
}

/// A proof that a log of two entries begins with the one of its first.
fn proof() -> ConsistencyProof {
    let second = leaf_hash(b"second");
    proof_to(1, vec![second], &checkpoint(2, node_hash(&first(), &second)))
}

#[test]
fn a_text_that_is_no_consistency_proof_is_refused() {
    let right = proof().to_string();
    let hash = right.lines().nth(1).unwrap().to_owned();
    let cases = [
        (String::new(), ConsistencyError::OldSize),
        (right.replace("old 1\n", "old 01\n"), ConsistencyError::OldSize),
        (right.replace("old 1\n", "old  1\n"), ConsistencyError::OldSize),
        (right.replace("old 1\n", ""), ConsistencyError::OldSize),
        (right.replace("old 1\n", "old 9223372036854775808\n"), ConsistencyError::OldSize),
        (right.replace(&hash, &hash[4..]), PathError::Hash { at: 1 }.into()),
        (right.replace(&hash, &format!("{hash}\n").repeat(64)), PathError::TooLong.into()),
        (right.split_inclusive('\n').take(2).collect(), PathError::Unfinished.into()),
        (right.split_inclusive('\n').take(3).collect(), NoteError::Unsigned.into()),
        ("a".repeat(PROOF_BYTES_MAX + 1), ConsistencyError::TooLong { bytes: PROOF_BYTES_MAX + 1 }),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<ConsistencyProof>(), Err(expected), "{text:.200}");
    }
    assert_eq!(ConsistencyProof::from_bytes(b"old \xff"), Err(ConsistencyError::Utf8 { at: 4 }));
    assert_eq!(right.parse(), Ok(proof()));
}

#[test]
fn a_proof_that_could_not_be_read_back_is_not_made() {
    let note = proof().checkpoint().clone();
    assert_eq!(ConsistencyProof::new(1 << 63, Vec::new(), note.clone()), Err(ConsistencyError::OldSize));
    assert_eq!(ConsistencyProof::new(1, vec![first(); 64], note), Err(PathError::TooLong.into()));
}

#[test]
fn a_proof_shows_its_two_sizes_of_its_log_and_nothing_else() {
    let keys = [log().verifier()];
    let elsewhere = Checkpoint::new("log.example/other", 1, first()).unwrap();
    let origin = NotConsistent::Origin { expected: elsewhere.origin().to_owned(), found: ORIGIN.to_owned() };
    assert_eq!(proof().verify(&elsewhere, &keys), Err(origin));
    let sizes = NotConsistent::OldSize { expected: 2, found: 1 };
    assert_eq!(proof().verify(&checkpoint(2, first()), &keys), Err(sizes));
    let other_root = proof().verify(&checkpoint(1, leaf_hash(b"other")), &keys);
    assert!(matches!(other_root, Err(NotConsistent::Proof(ProofError::Root { .. }))));
    assert!(matches!(proof().verify(&checkpoint(1, first()), &[]), Err(NotConsistent::Checkpoint(_))));
    let shrunk = proof_to(3, Vec::new(), &checkpoint(2, first()));
    assert!(matches!(shrunk.verify(&checkpoint(3, first()), &keys), Err(NotConsistent::Proof(_))));
    assert_eq!(proof().verify(&checkpoint(1, first()), &keys).map(|opened| opened.checkpoint.size()), Ok(2));
}

#[test]
fn every_log_begins_with_the_empty_one_and_no_hash_shows_it() {
    let keys = [log().verifier()];
    let (nothing, one) = (checkpoint(0, empty_root()), checkpoint(1, first()));
    for (old, path, new, shown) in [
        (&nothing, vec![first()], &one, None),
        (&checkpoint(0, first()), vec![], &one, None),
        (&nothing, vec![], &checkpoint(0, first()), None),
        (&nothing, vec![], &one, Some(1)),
        (&nothing, vec![], &nothing, Some(0)),
    ] {
        let verified = proof_to(0, path, new).verify(old, &keys).map(|opened| opened.checkpoint.size()).ok();
        assert_eq!(verified, shown, "{old:?} {new:?}");
    }
}
