//! Cosignatures bind the time, the text and the kind of key.

use ofrecord_log::Hash;

use super::*;
use crate::note::{OpenError, SignedNote};

fn cosigner() -> CosigningKey {
    CosigningKey::from_seed("witness.example/w1".parse().unwrap(), &[9; 32])
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("log.example", 300, Hash([5; 32])).unwrap()
}

#[test]
fn every_byte_of_a_cosignature_counts() {
    let keys = [cosigner().verifier()];
    let line = cosigner().cosign(&checkpoint(), 1_767_594_924);
    let text = checkpoint().to_string();
    for at in 0..line.signature().len() {
        let mut wrong = line.signature().to_vec();
        wrong[at] ^= 1;
        let note = SignedNote::new(&text, NoteSignature::new(line.name.clone(), line.id, wrong)).unwrap();
        assert!(matches!(note.open(&keys), Err(OpenError::Signature { .. })), "byte {at}");
    }
    let other = Checkpoint::new("log.example", 301, Hash([5; 32])).unwrap();
    let note = SignedNote::new(&other.to_string(), line.clone()).unwrap();
    assert!(matches!(note.open(&keys), Err(OpenError::Signature { .. })));
    let note = SignedNote::new(&text, line).unwrap();
    let times: Vec<_> = note.open(&keys).unwrap().iter().map(|one| one.time).collect();
    assert_eq!(times, [Some(1_767_594_924)]);
}

#[test]
fn a_time_that_no_reader_can_hold_is_not_accepted() {
    let keys = [cosigner().verifier()];
    for (time, accepted) in [(0, true), (NUMBER_MAX, true), (NUMBER_MAX + 1, false), (u64::MAX, false)] {
        let line = cosigner().cosign(&checkpoint(), time);
        let note = SignedNote::new(&checkpoint().to_string(), line).unwrap();
        assert_eq!(note.open(&keys).is_ok(), accepted, "{time}");
    }
}

#[test]
fn a_cosigner_is_another_key_than_the_note_key_of_the_same_seed() {
    let note_key = crate::note::SigningKey::from_seed("witness.example/w1".parse().unwrap(), &[9; 32]);
    assert_ne!(note_key.verifier().id(), cosigner().verifier().id());
    let note = note_key.sign(&checkpoint().to_string()).unwrap();
    assert_eq!(note.open(&[cosigner().verifier()]), Err(OpenError::NoKnownKey));
    assert!(note_key.to_private_text().parse::<CosigningKey>().is_err());
    assert!(cosigner().to_private_text().parse::<crate::note::SigningKey>().is_err());
}

#[test]
fn a_cosigning_key_is_read_as_written_and_never_shown() {
    let read: CosigningKey = cosigner().to_private_text().parse().unwrap();
    assert_eq!(read.verifier(), cosigner().verifier());
    assert_eq!(format!("{read:?}"), "CosigningKey { name: KeyName(\"witness.example/w1\"), .. }");
}
