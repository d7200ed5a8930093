//! Inclusion proofs that are refused as text, and what a true one does not show.

use ofrecord_log::merkle::node_hash;

use super::*;
use crate::note::{OpenError, SigningKey};

const ORIGIN: &str = "log.example/inclusion";

fn log() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

/// A proof that the first of two entries is in the log.
fn proof() -> InclusionProof {
    let (first, second) = (leaf_hash(b"first"), leaf_hash(b"second"));
    let checkpoint = Checkpoint::new(ORIGIN, 2, node_hash(&first, &second)).unwrap();
    InclusionProof::new(0, vec![second], log().sign(&checkpoint.to_string()).unwrap()).unwrap()
}

#[test]
fn a_text_that_is_no_inclusion_proof_is_refused() {
    let right = proof().with_entry(b"first").unwrap().to_string();
    let hash = right.lines().nth(3).unwrap().to_owned();
    let extra = right.lines().nth(1).unwrap().to_owned();
    let cases = [
        (String::new(), InclusionError::Header),
        (right.replace("@v1", "@v2"), InclusionError::Header),
        (right.replacen("@v1\n", "@v1\r\n", 1), InclusionError::Header),
        (right.replace("extra ", "extra  "), InclusionError::Extra),
        (right.replace("index 0\n", &format!("{extra}\nindex 0\n")), InclusionError::Index),
        (right.replace("index 0\n", "index 00\n"), InclusionError::Index),
        (right.replace("index 0\n", "index 9223372036854775808\n"), InclusionError::Index),
        (right.replace("index 0\n", ""), InclusionError::Index),
        (right.replace(&hash, &hash[4..]), PathError::Hash { at: 1 }.into()),
        (right.replace(&hash, &format!("{hash}\n ")), PathError::Hash { at: 2 }.into()),
        (right.replace(&hash, &format!("{hash}\n").repeat(64)), PathError::TooLong.into()),
        (right.split_inclusive('\n').take(4).collect(), PathError::Unfinished.into()),
        (right.split_inclusive('\n').take(5).collect(), NoteError::Unsigned.into()),
        (format!("{right}\n"), NoteError::Unsigned.into()),
        ("a".repeat(PROOF_BYTES_MAX + 1), InclusionError::TooLong { bytes: PROOF_BYTES_MAX + 1 }),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<InclusionProof>(), Err(expected), "{text:.200}");
    }
    assert_eq!(InclusionProof::from_bytes(b"\xff"), Err(InclusionError::Utf8 { at: 0 }));
    assert_eq!(right.parse(), proof().with_entry(b"first"));
}

#[test]
fn a_proof_that_could_not_be_read_back_is_not_made() {
    let note = proof().checkpoint().clone();
    assert_eq!(InclusionProof::new(1 << 63, Vec::new(), note.clone()), Err(InclusionError::Index));
    assert_eq!(InclusionProof::new(0, vec![Hash([0; 32]); 64], note), Err(PathError::TooLong.into()));
    let bytes = EXTRA_BYTES_MAX + 1;
    assert_eq!(proof().with_entry(&vec![0; bytes]), Err(InclusionError::ExtraTooLong { bytes }));
    let longest = proof().with_entry(&vec![0; EXTRA_BYTES_MAX]).unwrap();
    assert!(longest.to_string().lines().all(|line| line.len() < 65_535));
    assert_eq!(longest.to_string().parse(), Ok(longest));
}

#[test]
fn a_proof_shows_its_entry_at_its_position_by_its_log_and_nothing_else() {
    let keys = [log().verifier()];
    let carrying = proof().with_entry(b"first").unwrap();
    let moved = InclusionProof::new(1, proof().path().to_vec(), proof().checkpoint().clone()).unwrap();
    assert!(matches!(proof().verify(b"second", &keys), Err(NotIncluded::Proof(ProofError::Root { .. }))));
    assert!(matches!(moved.verify(b"first", &keys), Err(NotIncluded::Proof(ProofError::Root { .. }))));
    assert_eq!(carrying.verify(b"second", &keys), Err(NotIncluded::OtherEntry));
    let nobody = NotIncluded::Checkpoint(OpenError::NoKnownKey.into());
    assert_eq!(proof().verify(b"first", &[]), Err(nobody));
    for proof in [proof(), carrying] {
        assert_eq!(proof.verify(b"first", &keys).map(|opened| opened.checkpoint.size()), Ok(2));
    }
}
