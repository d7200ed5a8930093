//! Pieces come out of their part as they were put in.

use std::io;

use super::*;

fn taken(parts: Parts) -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut packing = Packing::new().unwrap();
    let mut pieces_of = |part: Part| {
        let mut pieces = Vec::new();
        part.each_piece(&mut packing, &mut |label, piece| {
            pieces.push((label.to_vec(), piece.to_vec()));
            Ok::<_, io::Error>(())
        })
        .unwrap();
        pieces
    };
    parts.into_parts().into_iter().map(&mut pieces_of).collect()
}

#[test]
fn each_part_gives_its_pieces_in_their_order_packed_or_not() {
    for (pieces, bytes) in [(0, 10), (9, 0), (9, 10), (3_000, 1_000), (3, OPEN_BYTES), (2, OPEN_BYTES * 3)] {
        let mut parts = Parts::new(3).unwrap();
        let mut expected = vec![Vec::new(), Vec::new(), Vec::new()];
        for number in 0..pieces {
            let (label, piece) = (format!("{number}").into_bytes(), vec![u8::try_from(number % 251).unwrap(); bytes]);
            let part = number * 7 % 2;
            parts.put(part, &label, &piece).unwrap();
            expected[part].push((label, piece));
        }
        assert_eq!(taken(parts), expected, "{pieces} pieces of {bytes} bytes");
    }
}

#[test]
fn a_piece_for_no_part_is_an_error() {
    assert_eq!(Parts::new(2).unwrap().put(2, b"", b"").unwrap_err().to_string(), "there is no such part");
}

#[test]
fn memory_that_was_cut_is_an_error_and_not_a_shorter_part() {
    let mut parts = Parts::new(1).unwrap();
    parts.put(0, b"label", b"piece").unwrap();
    let whole = parts.into_parts().remove(0).open;
    for length in 1..whole.len() {
        let part = Part { packed: Vec::new(), open: whole[..length].to_vec() };
        let read = part.each_piece(&mut Packing::new().unwrap(), &mut |_, _| Ok::<_, io::Error>(()));
        assert_eq!(read.unwrap_err().to_string(), "a piece in memory is cut off", "{length} bytes");
    }
}
