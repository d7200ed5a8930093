//! Published vectors, and a log made by other programs: everything in it is read, verified and written back.
//!
//! The vectors are not part of the project. The folder is named by
//! `OFRECORD_SHARED`, or lies beside the workspace; without it the tests say so and pass.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and says what it skips")]

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{Algorithm, SignedNote, VerifierKey};

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
