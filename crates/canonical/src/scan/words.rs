//! Eight bytes at a time: where among them one stands that ends a text or a key. The first byte is the lowest.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// Marks quotes, backslashes and control characters by the highest bit of their byte. The lowest mark is right; above
/// it, other bytes may be marked as well.
pub(super) fn not_plain(word: u64) -> u64 {
    let quote = below(word ^ (ONES * u64::from(b'"')), 1);
    let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
    quote | backslash | below(word, 0x20)
}

/// Marks what may not be in a key, by the highest bit of its byte.
pub(super) fn not_in_keys(word: u64) -> u64 {
    let low = word & !HIGHS;
    let letter = from(low, b'a') & !from(low, b'z' + 1);
    let digit = from(low, b'0') & !from(low, b'9' + 1);
    let underscore = !from(low ^ (ONES * u64::from(b'_')), 1);
    (word | !(letter | digit | underscore)) & HIGHS
}

/// Which byte has the lowest mark; 8 without one.
pub(super) fn byte_of(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The bytes before the lowest mark, and zeros for the others; the whole word without one.
pub(super) fn before(word: u64, marks: u64) -> u64 {
    let lowest = marks & marks.wrapping_neg();
    match lowest {
        0 => word,
        _ => word & ((lowest >> 7) - 1),
    }
}

/// Marks bytes below `bound`, and some above one that is.
fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGHS
}

/// Marks bytes from `bound` on, of a word in which no byte has its highest bit.
fn from(low: u64, bound: u8) -> u64 {
    low + ONES * u64::from(0x80 - bound)
}
