//! Every bit of a file that is signed or proved counts: no file with one bit changed is taken for true.

use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::SignedNote;
use ofrecord_proof::policy::Policy;
use ofrecord_proof::receipt::Receipt;

use crate::sample::{Sample, cosigning_key, keys, log_key, policy, receipt_key};

/// Changes each bit of a file and asserts that what holds of it no longer does, unless the bit stands in a
/// line that begins with one of `harmless`, and must not change anything there.
fn check(file: &str, harmless: &[&str], holds: &dyn Fn(&[u8]) -> bool) {
    assert!(holds(file.as_bytes()), "the file itself:\n{file}");
    let mut start = 0;
    for line in file.split_inclusive('\n') {
        let end = start + line.len();
        let counts = !harmless.iter().any(|begin| line.starts_with(begin));
        for at in start..end {
            for bit in 0..8 {
                let mut bytes = file.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                if counts {
                    assert!(!holds(&bytes), "bit {bit} of byte {at}:\n{}", String::from_utf8_lossy(&bytes));
                }
            }
        }
        start = end;
    }
    assert_eq!(start, file.len());
    for cut in 0..file.len() {
        let rest = file.get(cut..).unwrap_or_default();
        let harmless = harmless.iter().any(|begin| rest.starts_with(begin));
        assert_eq!(holds(&file.as_bytes()[..cut]), harmless, "cut at {cut}");
    }
}

#[test]
fn a_checkpoint_with_a_bit_changed_is_not_opened() {
    let sample = Sample::new(1, 5);
    let (file, expected) = (sample.note(5).to_string(), sample.checkpoint(5));
    let both = keys();
    let signed_by_both = |bytes: &[u8]| {
        let Ok(note) = SignedNote::from_bytes(bytes) else { return false };
        Checkpoint::open(&note, &both).is_ok_and(|opened| opened.checkpoint == expected && opened.verified.len() == 2)
    };
    check(&file, &[], &signed_by_both);
}

#[test]
fn a_line_of_a_key_that_is_not_known_may_change_and_nothing_else_may() {
    let sample = Sample::new(1, 5);
    let (file, expected) = (sample.note(5).to_string(), sample.checkpoint(5));
    let known = [log_key().verifier()];
    let cosigner = format!("— {} ", cosigning_key().verifier().name());
    let signed_by_the_log = |bytes: &[u8]| {
        let Ok(note) = SignedNote::from_bytes(bytes) else { return false };
        Checkpoint::open(&note, &known).is_ok_and(|opened| opened.checkpoint == expected)
    };
    check(&file, &[&cosigner], &signed_by_the_log);
}

#[test]
fn an_inclusion_proof_with_a_bit_changed_shows_nothing() {
    let sample = Sample::new(2, 7);
    let keys = keys();
    for index in [0, 3, 6] {
        let entry = sample.entry(index);
        let file = sample.inclusion(index, 7).with_entry(entry).unwrap().to_string();
        let shows = |bytes: &[u8]| {
            let Ok(proof) = InclusionProof::from_bytes(bytes) else { return false };
            let opened = proof.verify(entry, &keys);
            opened.is_ok_and(|opened| opened.verified.len() == 2 && proof.index() == index && proof.entry().is_some())
        };
        check(&file, &[], &shows);
    }
}

#[test]
fn a_consistency_proof_with_a_bit_changed_shows_nothing() {
    let sample = Sample::new(3, 7);
    let keys = keys();
    for old in [1, 3, 4, 7] {
        let known = sample.checkpoint(old);
        let file = sample.consistency(old, 7).to_string();
        let shows = |bytes: &[u8]| {
            let Ok(proof) = ConsistencyProof::from_bytes(bytes) else { return false };
            proof.verify(&known, &keys).is_ok_and(|opened| opened.verified.len() == 2)
        };
        check(&file, &[], &shows);
    }
}

#[test]
fn a_proof_with_a_bit_changed_shows_nothing_to_a_policy_either() {
    let sample = Sample::new(4, 4);
    let policy: Policy = policy().parse().unwrap();
    let (entry, known) = (sample.entry(2), sample.checkpoint(3));
    check(&sample.inclusion(2, 4).to_string(), &[], &|bytes| {
        InclusionProof::from_bytes(bytes).is_ok_and(|proof| proof.verify_by(entry, &policy).is_ok())
    });
    check(&sample.consistency(3, 4).to_string(), &[], &|bytes| {
        ConsistencyProof::from_bytes(bytes).is_ok_and(|proof| proof.verify_by(&known, &policy).is_ok())
    });
}

#[test]
fn a_receipt_with_a_bit_changed_shows_nothing() {
    let sample = Sample::new(5, 7);
    let (checkpoint, key) = (sample.checkpoint(7), receipt_key());
    let (entry, old) = (sample.entry(5), sample.checkpoint(3));
    let inclusion = key.inclusion(&checkpoint, "entries/5", 5, sample.inclusion_path(5, 7)).unwrap();
    let consistency = key.consistency(&checkpoint, "since 3", 3, sample.consistency_path(3, 7)).unwrap();
    let shows = |bytes: &[u8]| {
        let Ok(receipt) = Receipt::from_bytes(bytes) else { return false };
        receipt.verify_inclusion(entry, &key.verifier(), &checkpoint).is_ok()
            || receipt.verify_consistency(&old, &key.verifier(), &checkpoint).is_ok()
    };
    for receipt in [inclusion, consistency] {
        assert!(shows(receipt.as_bytes()));
        for at in 0..receipt.as_bytes().len() {
            assert!(!shows(&receipt.as_bytes()[..at]), "cut at {at}");
            for bit in 0..8 {
                let mut bytes = receipt.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                assert!(!shows(&bytes), "bit {bit} of byte {at}");
            }
        }
    }
}
