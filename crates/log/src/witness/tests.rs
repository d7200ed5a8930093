//! What survives in a witness file when slots are damaged.

use super::*;

fn head(size: u64) -> Head {
    Head { size, root: Hash::of(&size.to_be_bytes()) }
}

fn written(path: &Path) -> Witness {
    let mut witness = Witness::create(path, head(0)).unwrap();
    for size in 1..=5 {
        witness.write(head(size), &FaultHook::default()).unwrap();
    }
    witness
}

#[test]
fn the_newest_head_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    drop(written(&path));
    let witness = Witness::open(&path).unwrap().unwrap();
    assert_eq!(witness.head(), head(5));
    assert_eq!(witness.sound_slots(), 2);
}

#[test]
fn any_single_flipped_bit_leaves_one_of_the_last_two_heads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    drop(written(&path));
    let sound = std::fs::read(&path).unwrap();
    for byte in 0..sound.len() {
        let mut damaged = sound.clone();
        damaged[byte] ^= 1 << (byte % 8);
        std::fs::write(&path, &damaged).unwrap();
        let found = Witness::open(&path).unwrap().unwrap().head();
        assert!(found == head(5) || found == head(4), "byte {byte} gave {found:?}");
    }
}

#[test]
fn a_cut_or_zeroed_file_names_no_head() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    for bytes in [vec![], vec![0; 127], vec![0; 8192]] {
        std::fs::write(&path, bytes).unwrap();
        assert!(Witness::open(&path).unwrap().is_none());
    }
}

#[test]
fn a_write_goes_to_the_damaged_slot_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    drop(written(&path));
    let mut bytes = std::fs::read(&path).unwrap();
    // Sequence 6 lies in slot 0 and is the newest.
    bytes[20] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let mut witness = Witness::open(&path).unwrap().unwrap();
    assert_eq!((witness.head(), witness.sound_slots()), (head(4), 1));
    witness.write(head(6), &FaultHook::default()).unwrap();
    assert_eq!(Witness::open(&path).unwrap().unwrap().sound_slots(), 2);
}
