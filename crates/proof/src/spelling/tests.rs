//! Spellings that are refused, and the one that is read.

use super::*;

#[test]
fn a_number_has_one_spelling() {
    for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "9223372036854775808", "18446744073709551616"] {
        assert_eq!(number(text), None, "{text:?}");
    }
    for (text, value) in [("0", 0), ("7", 7), ("10", 10), ("9223372036854775807", NUMBER_MAX)] {
        assert_eq!(number(text), Some(value));
    }
}

#[test]
fn bytes_have_one_spelling() {
    for text in ["A", "AA", "AAA", "AB==", "AAB=", "AA==\n", "AA= =", "AA==AA==", "A-__", "====", "="] {
        assert_eq!(bytes(text), None, "{text:?}");
    }
    for (text, value) in [("", &[][..]), ("AA==", &[0]), ("AAE=", &[0, 1]), ("+/+/", &[0xfb, 0xff, 0xbf])] {
        assert_eq!(bytes(text).as_deref(), Some(value));
        assert_eq!(base64(value), text);
    }
}

#[test]
fn a_hash_has_thirty_two_bytes() {
    for length in [0, 31, 33, 64] {
        assert_eq!(hash(&base64(&vec![7; length])), None, "{length}");
    }
    assert_eq!(hash(&base64(&[7; 32])), Some(Hash([7; 32])));
}
