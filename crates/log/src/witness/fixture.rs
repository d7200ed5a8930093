//! Witnesses written by earlier versions are read for ever.

use super::*;

const ROOT: &str = "be7ea682043dd4a761db4a316a9fe2c13a1ad02c179b36211cc8de4217a8fa1f";

#[test]
fn a_stored_witness_is_still_read_from_both_slots() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    std::fs::write(&path, include_bytes!("../../tests/fixtures/head-1.bin")).unwrap();
    let witness = Witness::open(&path).unwrap().unwrap();
    assert_eq!(witness.head(), Head { size: 65_536, root: ROOT.parse().unwrap() });
    assert_eq!((witness.sound_slots(), witness.last.sequence), (2, 17));
}
