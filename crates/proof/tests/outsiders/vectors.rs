//! Published vectors, and a log made by other programs: everything in it is read, verified and written back.
//!
//! The vectors are not part of the project. The folder is named by
//! `OFRECORD_SHARED`, or lies beside the workspace; without it the tests say so and pass.

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_log::Hash;
use ofrecord_log::merkle::{verify_consistency, verify_inclusion};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::commitment::{Absence, Commitment, Line, Membership, Standing};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{Algorithm, SignedNote, VerifierKey};
use ofrecord_proof::policy::{NotBelieved, Policy};
use ofrecord_proof::receipt::{Receipt, ReceiptError, ReceiptVerifierKey};
use ofrecord_proof::tiles::{TileKind, tiles_of};
use ofrecord_proof::timestamp::{TimestampReply, TimestampRequest};
use serde::{Deserialize, Serialize};

const ABSENT: &str = "the published vectors are not here (OFRECORD_SHARED); nothing is compared";

fn vectors() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let vectors = shared.join("data/vectors");
    if !vectors.is_dir() {
        println!("{ABSENT}");
    }
    vectors.is_dir().then_some(vectors)
}

fn keys(vectors: &Path) -> Vec<VerifierKey> {
    let text = fs::read_to_string(vectors.join("golden/keys/vkeys.txt")).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn the_golden_checkpoints_are_signed_by_the_log_and_cosigned() {
    let Some(vectors) = vectors() else { return };
    let keys = keys(&vectors);
    let algorithms: Vec<_> = keys.iter().map(VerifierKey::algorithm).collect();
    assert_eq!(algorithms, [Algorithm::Note, Algorithm::Cosignature]);
    for (size, signatures) in [(8, 1), (100, 1), (256, 2), (300, 2)] {
        let bytes = fs::read(vectors.join(format!("golden/checkpoints/checkpoint.{size}"))).unwrap();
        let note = SignedNote::from_bytes(&bytes).unwrap();
        assert_eq!(note.to_string().as_bytes(), bytes);
        let opened = Checkpoint::open(&note, &keys).unwrap();
        assert_eq!((opened.checkpoint.size(), opened.verified.len()), (size, signatures));
        assert_eq!(opened.checkpoint.to_string(), note.text());
        assert!(
            opened.verified.iter().all(|one| one.time.is_some() == (one.key.algorithm() == Algorithm::Cosignature))
        );
    }
}

/// The leaves of the golden log, as it stores them.
fn entries(vectors: &Path) -> Vec<String> {
    let text = fs::read_to_string(vectors.join("golden/events.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn golden_checkpoint(vectors: &Path, size: u64) -> Checkpoint {
    let bytes = fs::read(vectors.join(format!("golden/checkpoints/checkpoint.{size}"))).unwrap();
    Checkpoint::open(&SignedNote::from_bytes(&bytes).unwrap(), &keys(vectors)).unwrap().checkpoint
}

#[test]
fn the_golden_proofs_show_their_entries_and_no_others() {
    let Some(vectors) = vectors() else { return };
    let (keys, entries) = (keys(&vectors), entries(&vectors));
    for index in [0_u64, 7, 255, 256, 299] {
        let bytes = fs::read(vectors.join(format!("golden/proofs/{index}-in-300.tlog-proof"))).unwrap();
        let proof = InclusionProof::from_bytes(&bytes).unwrap();
        assert_eq!((proof.to_string().as_bytes(), proof.index()), (&bytes[..], index));
        for (position, entry) in (0..).zip(&entries) {
            let shown = proof.verify(entry.as_bytes(), &keys);
            assert_eq!(shown.is_ok(), position == index, "entry {position} with the proof of {index}");
        }
    }
}

#[test]
fn the_golden_checkpoints_are_consistent() {
    let Some(vectors) = vectors() else { return };
    let keys = keys(&vectors);
    for old in [8, 100, 256, 299] {
        let bytes = fs::read(vectors.join(format!("golden/proofs/consistency-{old}-300.txt"))).unwrap();
        let proof = ConsistencyProof::from_bytes(&bytes).unwrap();
        assert_eq!((proof.to_string().as_bytes(), proof.old_size()), (&bytes[..], old));
        if old != 299 {
            assert!(proof.verify(&golden_checkpoint(&vectors, old), &keys).is_ok(), "{old}");
        }
        let other = Checkpoint::new("ledger.example/csp-relationships", old, Hash([0; 32])).unwrap();
        assert!(proof.verify(&other, &keys).is_err(), "{old}");
    }
}

#[test]
fn the_golden_tiles_are_those_that_are_written_here() {
    let Some(vectors) = vectors() else { return };
    let sample = crate::sample::Sample::of(entries(&vectors).into_iter().map(String::into_bytes).collect());
    assert_eq!(sample.root(300), *golden_checkpoint(&vectors, 300).root());
    for tile in tiles_of(300).chain(tiles_of(100)).chain(tiles_of(8)) {
        let stored = fs::read(vectors.join("golden/log").join(tile.to_string())).unwrap();
        assert_eq!(sample.tile(tile), stored, "{tile}");
        match tile.kind() {
            TileKind::Entries => assert_eq!(tile.entries(&stored).unwrap().len(), usize::from(tile.width())),
            TileKind::Hashes { .. } => assert_eq!(tile.hashes(&stored).unwrap().len(), usize::from(tile.width())),
        }
    }
}

#[test]
fn the_golden_policy_believes_what_was_cosigned() {
    let Some(vectors) = vectors() else { return };
    let text = fs::read_to_string(vectors.join("golden/policy.txt")).unwrap();
    let policy: Policy = text.parse().unwrap();
    assert_eq!((policy.to_string(), policy.keys()), (text, &keys(&vectors)[..]));
    for (size, believed) in [(8, false), (100, false), (256, true), (300, true)] {
        let bytes = fs::read(vectors.join(format!("golden/checkpoints/checkpoint.{size}"))).unwrap();
        match policy.open(&SignedNote::from_bytes(&bytes).unwrap()) {
            Ok(opened) => assert_eq!((opened.checkpoint.size(), believed), (size, true)),
            Err(error) => assert!(matches!(error, NotBelieved::Quorum { .. }) && !believed, "{error}"),
        }
    }
}

#[test]
fn the_golden_receipts_show_their_entries_and_no_others() {
    let Some(vectors) = vectors() else { return };
    let pem = fs::read_to_string(vectors.join("golden/keys/receipts.pem")).unwrap();
    let key: ReceiptVerifierKey = pem.parse().unwrap();
    assert_eq!(key.to_string(), pem);
    let (new, old) = (golden_checkpoint(&vectors, 300), golden_checkpoint(&vectors, 100));
    for index in [7_u64, 299] {
        let bytes = fs::read(vectors.join(format!("golden/receipts/inclusion-{index}-300.cose"))).unwrap();
        let receipt = Receipt::from_bytes(&bytes).unwrap();
        for (position, entry) in (0..).zip(&entries(&vectors)) {
            let shown = receipt.verify_inclusion(entry.as_bytes(), &key, &new);
            assert_eq!(shown.is_ok(), position == index, "entry {position} with the receipt of {index}");
        }
    }
    let bytes = fs::read(vectors.join("golden/receipts/consistency-100-300.cose")).unwrap();
    let receipt = Receipt::from_bytes(&bytes).unwrap();
    assert_eq!(receipt.verify_consistency(&old, &key, &new), Ok(()));
    assert!(receipt.verify_consistency(&new, &key, &new).is_err());
}

#[test]
fn the_receipts_of_the_draft_are_by_an_algorithm_that_is_not_taken() {
    let Some(vectors) = vectors() else { return };
    for kind in ["inclusion", "consistency"] {
        let bytes = fs::read(vectors.join(format!("cose-receipts-draft/{kind}-receipt.cbor"))).unwrap();
        assert_eq!(Receipt::from_bytes(&bytes), Err(ReceiptError::Algorithm), "{kind}");
    }
}

#[test]
fn the_golden_time_stamp_is_for_the_text_of_the_checkpoint() {
    let Some(vectors) = vectors() else { return };
    let file = |name: &str| fs::read(vectors.join("golden/tsa").join(name)).unwrap();
    let request = TimestampRequest::from_der(&file("cp.tsq")).unwrap();
    assert_eq!(file("cp.txt"), golden_checkpoint(&vectors, 300).to_string().as_bytes());
    assert_eq!(request, TimestampRequest::new(&file("cp.txt"), 0x633b_5f34_9804_b770));
    let reply = TimestampReply::from_der(&file("cp.tsr")).unwrap();
    let stamp = reply.stamp_for(&request).unwrap();
    assert_eq!((stamp.time.as_str(), stamp.serial.as_str()), ("2026-11-22T14:28:53Z", "02"));
}

/// A line of the golden list, which spells hashes in base64 and has no view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct GoldenLine {
    count: u64,
    head: String,
    stream: String,
}

impl Line for GoldenLine {
    fn key(&self) -> &str {
        &self.stream
    }
}

#[test]
fn the_golden_list_has_the_golden_root_and_proofs() {
    let Some(vectors) = vectors() else { return };
    let text = fs::read_to_string(vectors.join("golden/state/streams.jsonl")).unwrap();
    let lines: Vec<GoldenLine> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let state: serde_json::Value =
        serde_json::from_slice(&fs::read(vectors.join("golden/state/state.json")).unwrap()).unwrap();
    let commitment = Commitment::over(lines.clone()).unwrap();
    let root = hash(&state["root_b64"]).unwrap();
    assert_eq!(commitment, Commitment { count: state["leaves"].as_u64().unwrap(), root });

    let absent = &state["non_membership_cust-0007x"];
    let side = |name: &str| Membership {
        index: absent[name]["index"].as_u64().unwrap(),
        line: serde_json::from_str::<GoldenLine>(absent[name]["leaf"].as_str().unwrap()).unwrap(),
        path: hashes(&absent[name]["proof"]).unwrap(),
    };
    let golden = Standing::Absent(Absence { before: Some(side("left")), after: Some(side("right")) });
    assert_eq!(Standing::of("cust-0007x", lines).unwrap(), golden);
    assert_eq!(commitment.verify("cust-0007x", &golden), Ok(()));
}

/// The JSON files below a folder.
fn cases(folder: &Path) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(cases(&path));
        } else {
            found.push(serde_json::from_slice(&fs::read(&path).unwrap()).unwrap());
        }
    }
    found
}

/// A hash, unless it has another length.
fn hash(value: &serde_json::Value) -> Option<Hash> {
    use base64ct::{Base64, Encoding as _};
    Base64::decode_vec(value.as_str()?).ok()?.try_into().ok().map(Hash)
}

fn hashes(value: &serde_json::Value) -> Option<Vec<Hash>> {
    value.as_array().map_or_else(|| Some(Vec::new()), |hashes| hashes.iter().map(hash).collect())
}

#[test]
fn the_published_cases_of_inclusion_and_consistency_are_judged_alike() {
    let Some(vectors) = vectors() else { return };
    let inclusion = cases(&vectors.join("merkle/testdata/inclusion"));
    let consistency = cases(&vectors.join("merkle/testdata/consistency"));
    assert!(inclusion.len() > 40 && consistency.len() > 40, "the cases are not all there");
    for case in inclusion {
        let number = |name: &str| case[name].as_u64();
        let judged = || {
            let (leaf, root) = (hash(&case["leafHash"])?, hash(&case["root"])?);
            let (index, size) = (number("leafIdx")?, number("treeSize")?);
            verify_inclusion(&leaf, index, size, &hashes(&case["proof"])?, &root).ok()
        };
        assert_eq!(judged().is_none(), case["wantErr"].as_bool().unwrap(), "{case}");
    }
    for case in consistency {
        let number = |name: &str| case[name].as_u64();
        let judged = || {
            let (old, new) = (hash(&case["root1"])?, hash(&case["root2"])?);
            verify_consistency(number("size1")?, &old, number("size2")?, &new, &hashes(&case["proof"])?).ok()
        };
        assert_eq!(judged().is_none(), case["wantErr"].as_bool().unwrap(), "{case}");
    }
}
