//! What commitments were made of is kept, and is worth nothing where one bit of it is another.

use std::fs;
use std::path::Path;

use ofrecord_ledger::commitment::{CommittedState, KeptStates, Recorded, commitment_at};
use ofrecord_log::Directory;
use ofrecord_testkit::random::Random;
use tempfile::TempDir;

use super::*;

fn kept_in(folder: &TempDir) -> KeptStates {
    KeptStates::of(&Directory::new(folder.path()))
}

/// Every proof of some streams and pairs, as bytes.
fn proofs(told: &Told, recorded: &Recorded, state: &CommittedState) -> Vec<Vec<u8>> {
    let (log, signed) = (told.running.reader(), told.sign());
    let naive = Naive::of(told, recorded.commitment.tree_size);
    let mut proofs = Vec::new();
    for stream in naive.entries.keys() {
        let proof = CompletenessProof::of(log.log().as_ref(), stream.parse().unwrap(), recorded, state, &signed);
        proofs.push(to_bytes(&proof.unwrap()));
    }
    for (customer, partner) in naive.pairs.iter().copied().chain([(name::customer("nobody"), name::partner("nobody"))])
    {
        for pair in [(customer, partner), (customer, name::partner("nobody"))] {
            let proof = AbsenceProof::of(log.log().as_ref(), pair, recorded, state, &signed).unwrap();
            proofs.extend(proof.map(|proof| to_bytes(&proof)));
        }
    }
    proofs
}

#[test]
fn a_proof_has_the_same_bytes_with_and_without_what_was_kept() {
    for seed in seeds(61, 2) {
        let told = Told::of(seed, COMMANDS);
        let recorded = told.commit();
        let (log, folder) = (told.running.reader(), tempfile::tempdir().unwrap());
        let kept = kept_in(&folder);
        assert!(kept.load(&recorded.commitment).is_none());
        let swept = kept.state(log.log().as_ref(), &recorded, &()).unwrap();
        let loaded = kept.load(&recorded.commitment).unwrap();
        assert_eq!(loaded.commitment(), recorded.commitment);
        assert_eq!(proofs(&told, &recorded, &swept), proofs(&told, &recorded, &loaded));
    }
}

fn only_file(folder: &Path) -> std::path::PathBuf {
    let mut files = fs::read_dir(folder.join("views/commitments")).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

#[test]
fn what_was_kept_and_is_spoiled_is_noticed_and_made_again() {
    let told = Told::of(71, 30);
    let recorded = told.commit();
    let (log, folder) = (told.running.reader(), tempfile::tempdir().unwrap());
    let kept = kept_in(&folder);
    let right = kept.state(log.log().as_ref(), &recorded, &()).unwrap();
    let file = only_file(folder.path());
    let bytes = fs::read(&file).unwrap();
    for at in 0..bytes.len() {
        let mut spoiled = bytes.clone();
        *spoiled.get_mut(at).unwrap() ^= 1;
        fs::write(&file, &spoiled).unwrap();
        assert!(kept.load(&recorded.commitment).is_none(), "byte {at}");
    }
    let mut longer = bytes.clone();
    longer.push(b'\n');
    for spoiled in [&[][..], bytes.get(..bytes.len() - 1).unwrap(), &longer] {
        fs::write(&file, spoiled).unwrap();
        assert!(kept.load(&recorded.commitment).is_none());
    }
    let again = kept.state(log.log().as_ref(), &recorded, &()).unwrap();
    assert_eq!(proofs(&told, &recorded, &again), proofs(&told, &recorded, &right));
    assert_eq!(fs::read(&file).unwrap(), bytes, "and is kept again");
}

#[test]
fn what_was_kept_of_another_commitment_is_not_taken_for_this_one() {
    let told = Told::of(81, 30);
    let first = told.commit();
    drafts(82, Range::Everything, 10).iter().for_each(|draft| drop(told.running.hear_draft(draft)));
    let second = told.commit();
    let (log, folder) = (told.running.reader(), tempfile::tempdir().unwrap());
    let kept = kept_in(&folder);
    let state = kept.state(log.log().as_ref(), &first, &()).unwrap();
    let file = only_file(folder.path());
    fs::rename(&file, file.with_file_name(second.commitment.tree_size.to_string())).unwrap();
    assert!(kept.load(&first.commitment).is_none() && kept.load(&second.commitment).is_none());
    let stream = StreamId::Ledger;
    let differs = CompletenessProof::of(log.log().as_ref(), stream, &second, &state, &told.sign());
    assert_eq!(differs, Err(ProveError::Differs { size: second.commitment.tree_size }));
}

#[test]
fn a_state_that_has_grown_is_the_one_folded_from_the_log() {
    let mut grew = 0;
    for seed in seeds(91, 4) {
        let told = Told::of(seed, COMMANDS);
        told.commit();
        let (log, mut random) = (told.running.reader(), Random::new(seed));
        let (log, end) = (log.log().as_ref(), told.size());
        for _ in 0..12 {
            let from = random.below(end);
            let to = from + random.below(end - from + 1);
            let older = CommittedState::at(log, from, &()).unwrap();
            let Some(grown) = older.grown(log, to, &()).unwrap() else { continue };
            grew += 1;
            assert_eq!(grown.commitment(), commitment_at(log, to, &()).unwrap(), "from {from} to {to}");
        }
    }
    assert!(grew > 4, "{grew}");
}

#[test]
fn no_more_than_a_few_commitments_are_kept_and_always_the_one_just_made() {
    let told = Told::of(95, 30);
    let (log, folder) = (told.running.reader(), tempfile::tempdir().unwrap());
    let kept = kept_in(&folder);
    for size in [20, 21, 22, 23, 24, 5] {
        let state = CommittedState::at(log.log().as_ref(), size, &()).unwrap();
        kept.keep(&state);
        assert!(kept.load(&state.commitment()).is_some(), "{size}");
    }
    assert_eq!(fs::read_dir(folder.path().join("views/commitments")).unwrap().count(), 4);
}
