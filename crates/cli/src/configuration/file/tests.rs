//! How far apart words are.

use super::distance;

#[test]
fn words_that_differ_in_a_letter_or_two_are_near() {
    for (one, other, expected) in [
        ("listen", "listen", 0),
        ("lisen", "listen", 1),
        ("tls-cert", "tls_cert", 1),
        ("", "keys", 4),
        ("keys", "", 4),
        ("ledger", "result", 5),
    ] {
        assert_eq!(distance(one, other), expected, "{one} {other}");
    }
}
