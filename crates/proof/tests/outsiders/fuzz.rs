//! Every parser given damaged input: what is read must print back to what was read, and nothing may panic.
//!
//! 5 000 inputs for each target, `OFRECORD_FUZZ_INPUTS` for more, `OFRECORD_SEED` for another seed.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::commitment::{Commitment, KeyLine, Standing};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::cosignature::CosigningKey;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{SignedNote, SigningKey, VerifierKey};
use ofrecord_proof::policy::Policy;
use ofrecord_proof::receipt::{Receipt, ReceiptVerifierKey};
use ofrecord_proof::tiles::{Tile, tiles_of};
use ofrecord_proof::timestamp::{TimestampReply, TimestampRequest};
use ofrecord_testkit::fuzz::{Verdict, run};
use ofrecord_testkit::random::seeds;

use crate::sample::{Sample, cosigning_key, keys, log_key, policy, receipt_key};

pub(crate) fn fuzz(name: &str, corpus: &[Vec<u8>], target: &dyn Fn(&[u8]) -> Verdict) {
    let inputs = std::env::var("OFRECORD_FUZZ_INPUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000);
    let seed = seeds(4_711, 1).first().copied().unwrap_or(4_711);
    match run(target, corpus, seed, inputs) {
        Ok(ran) => {
            println!("{name}: seed {seed}, {} inputs, {} of them read", ran.inputs, ran.read);
            assert!(ran.read > 0, "{name}: nothing was ever read");
        }
        Err(found) => assert_eq!(String::new(), found.to_string(), "{name}"),
    }
}

pub(crate) fn must_hold(holds: bool, complaint: impl FnOnce() -> String) -> Verdict {
    if holds { Verdict::Read } else { Verdict::Broken(complaint()) }
}

/// A text that is read prints exactly what was read.
fn prints_back<T: FromStr + Display + Debug>(bytes: &[u8]) -> Verdict {
    let Some(read) = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<T>().ok()) else {
        return Verdict::Refused;
    };
    must_hold(read.to_string().as_bytes() == bytes, || format!("{read:?} prints {:?}", read.to_string()))
}

fn texts<T: Display>(these: impl IntoIterator<Item = T>) -> Vec<Vec<u8>> {
    these.into_iter().map(|one| one.to_string().into_bytes()).collect()
}

#[test]
fn a_note_that_is_read_prints_back() {
    let sample = Sample::new(4, 9);
    fuzz("note", &texts((1..9).map(|size| sample.note(size))), &|bytes| {
        if let Ok(note) = SignedNote::from_bytes(bytes) {
            drop(note.open(&keys()));
        }
        prints_back::<SignedNote>(bytes)
    });
}

#[test]
fn a_checkpoint_that_is_read_prints_back() {
    let sample = Sample::new(4, 9);
    fuzz("checkpoint", &texts((0..9).map(|size| sample.checkpoint(size))), &prints_back::<Checkpoint>);
}

#[test]
fn a_verifier_key_that_is_read_prints_back() {
    fuzz("verifier key", &texts(keys()), &prints_back::<VerifierKey>);
}

#[test]
fn a_private_key_that_is_read_is_written_the_same() {
    let corpus = texts([log_key().to_private_text().as_str(), cosigning_key().to_private_text().as_str()]);
    fuzz("private key", &corpus, &|bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
        let written = match (text.parse::<SigningKey>(), text.parse::<CosigningKey>()) {
            (Ok(key), _) => key.to_private_text(),
            (_, Ok(key)) => key.to_private_text(),
            (Err(_), Err(_)) => return Verdict::Refused,
        };
        must_hold(written.as_str() == text, || "is written otherwise".to_owned())
    });
}

#[test]
fn an_inclusion_proof_that_is_read_prints_back() {
    let sample = Sample::new(5, 9);
    let proofs = (0..9).map(|index| sample.inclusion(index, 9).with_entry(sample.entry(index)).unwrap());
    fuzz("inclusion proof", &texts(proofs), &prints_back::<InclusionProof>);
}

#[test]
fn a_consistency_proof_that_is_read_prints_back() {
    let sample = Sample::new(6, 9);
    fuzz("consistency proof", &texts((0..9).map(|old| sample.consistency(old, 9))), &prints_back::<ConsistencyProof>);
}

#[test]
fn a_path_of_a_tile_that_is_read_prints_back() {
    let corpus = texts(tiles_of(70_000).chain(tiles_of((1 << 40) + 7).take(3)));
    fuzz("tile", &corpus, &prints_back::<Tile>);
}

#[test]
fn the_bytes_of_a_tile_that_are_read_are_all_of_its_entries() {
    let sample = Sample::new(7, 4);
    let tile = tiles_of(4).next().unwrap();
    fuzz("bundle", &[sample.tile(tile)], &|bytes| {
        let Ok(entries) = tile.entries(bytes) else { return Verdict::Refused };
        let all = entries.iter().map(|entry| entry.len() + 2).sum::<usize>();
        must_hold(entries.len() == 4 && all == bytes.len(), || "does not come to all bytes".to_owned())
    });
}

#[test]
fn a_policy_that_is_read_prints_back() {
    fuzz("policy", &[policy().into_bytes()], &|bytes| {
        if let Ok(policy) = String::from_utf8_lossy(bytes).parse::<Policy>() {
            drop(policy.open(&Sample::new(8, 1).note(1)));
        }
        prints_back::<Policy>(bytes)
    });
}

#[test]
fn a_receipt_that_is_read_is_kept_as_it_is() {
    let (sample, key) = (Sample::new(9, 6), receipt_key());
    let checkpoint = sample.checkpoint(6);
    let inclusions = (0..6).map(|at| key.inclusion(&checkpoint, "a", at, sample.inclusion_path(at, 6)).unwrap());
    let consistencies = (1..6).map(|at| key.consistency(&checkpoint, "b", at, sample.consistency_path(at, 6)).unwrap());
    let corpus: Vec<_> = inclusions.chain(consistencies).map(|receipt| receipt.as_bytes().to_vec()).collect();
    fuzz("receipt", &corpus, &|bytes| {
        let Ok(receipt) = Receipt::from_bytes(bytes) else { return Verdict::Refused };
        drop(receipt.verify_inclusion(b"", &key.verifier(), &checkpoint));
        drop(receipt.verify_consistency(&checkpoint, &key.verifier(), &checkpoint));
        must_hold(receipt.as_bytes() == bytes, || "is kept otherwise".to_owned())
    });
}

#[test]
fn a_public_key_in_pem_that_is_read_prints_back() {
    fuzz("public key", &texts([receipt_key().verifier()]), &prints_back::<ReceiptVerifierKey>);
}

#[test]
fn a_request_for_a_time_stamp_that_is_read_is_written_the_same() {
    let corpus = [0, 1, 200, u64::MAX].map(|nonce| TimestampRequest::new(b"text", nonce).to_der());
    fuzz("timestamp request", &corpus, &|bytes| {
        let Ok(request) = TimestampRequest::from_der(bytes) else { return Verdict::Refused };
        must_hold(request.to_der() == bytes, || format!("{request:?}"))
    });
}

#[test]
fn a_reply_with_a_time_stamp_never_panics_and_keeps_its_token() {
    let (text, query) = (include_bytes!("../fixtures/checkpoint.txt"), include_bytes!("../fixtures/checkpoint.tsq"));
    let corpus = [&include_bytes!("../fixtures/checkpoint.tsr")[..], include_bytes!("../fixtures/refused.tsr")];
    let request = TimestampRequest::from_der(query).unwrap();
    assert_eq!(request, TimestampRequest::new(text, request.nonce()));
    fuzz("timestamp reply", &corpus.map(<[u8]>::to_vec), &|bytes| {
        let Ok(reply) = TimestampReply::from_der(bytes) else { return Verdict::Refused };
        let Ok(stamp) = reply.stamp_for(&request) else { return Verdict::Read };
        must_hold(bytes.ends_with(&stamp.token), || format!("{stamp:?}"))
    });
}

#[test]
fn a_proof_of_a_committed_line_that_is_read_is_written_the_same() {
    let lines = || (0..9).map(|key| KeyLine { key: format!("{key}") });
    let commitment = Commitment::over(lines()).unwrap();
    let proofs = ["", "0", "3", "35", "8", "9"].map(|key| Standing::of(key, lines()).unwrap().to_bytes().unwrap());
    fuzz("committed line", &proofs, &|bytes| {
        let Ok(standing) = Standing::<KeyLine>::from_bytes(bytes) else { return Verdict::Refused };
        drop(commitment.verify("3", &standing));
        must_hold(standing.to_bytes().as_deref() == Ok(bytes), || format!("{standing:?}"))
    });
}
