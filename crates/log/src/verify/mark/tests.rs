//! A mark is read back whole or not at all.

use super::*;

#[test]
fn any_single_flipped_bit_and_any_cut_makes_a_mark_unreadable() {
    let head = Head { size: 70_000, root: Hash::of(b"root") };
    let sound = to_bytes(head);
    assert_eq!((sound.len(), parse(&sound)), (MARK_BYTES, Some(head)));
    for bit in 0..sound.len() * 8 {
        let mut damaged = sound.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(parse(&damaged), None, "bit {bit}");
    }
    for length in 0..sound.len() {
        assert_eq!(parse(&sound[..length]), None, "{length} bytes");
    }
}
