//! Eight bytes at a time: where among them one stands that ends a text or a key. The first byte is the lowest.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// Where the first byte of a text stands that is not written as it is.
pub(super) fn first_not_plain(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let odd = not_plain(u64::from_le_bytes(*word));
        if odd != 0 {
            return Some(at + byte_of(odd));
        }
    }
    let odd = not_plain(filled(rest, b' '));
    (odd != 0).then(|| text.len() - rest.len() + byte_of(odd))
}

/// Whether all bytes may be in a key.
pub(super) fn all_in_keys(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks();
    words.iter().all(|word| not_in_keys(u64::from_le_bytes(*word)) == 0) && not_in_keys(filled(rest, b'_')) == 0
}

/// Less than eight bytes, and others behind them.
fn filled(bytes: &[u8], behind: u8) -> u64 {
    let mut word = [behind; 8];
    word.iter_mut().zip(bytes).for_each(|(into, byte)| *into = *byte);
    u64::from_le_bytes(word)
}

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
