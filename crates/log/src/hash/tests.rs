//! A hash has one spelling, and what departs from it is named.

use super::*;

fn check(text: &str, expected: Result<(), HashTextError>) {
    assert_eq!(text.parse::<Hash>().map(|hash| assert_eq!(hash.to_string(), text)), expected, "{text}");
}

#[test]
fn a_text_of_another_length_is_refused() {
    for length in [0, 1, 63, 65, 128] {
        check(&"0".repeat(length), Err(HashTextError::Length { found: length }));
    }
}

#[test]
fn a_byte_that_is_no_lower_case_digit_is_refused_where_it_stands() {
    for at in 0..64 {
        for wrong in (0..128_u8).filter(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')).map(char::from) {
            let text = format!("{}{wrong}{}", "a".repeat(at), "9".repeat(63 - at));
            check(&text, Err(HashTextError::Digit { at }));
        }
    }
    check(&format!("{}üG{}", "0".repeat(10), "0".repeat(51)), Err(HashTextError::Digit { at: 10 }));
}

#[test]
fn every_byte_is_read_and_printed_at_every_place() {
    for value in 0..=255_u8 {
        for at in 0..32 {
            let mut bytes = [0x5a; 32];
            bytes[at] = value;
            let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(text.parse(), Ok(Hash(bytes)));
            check(&text, Ok(()));
        }
    }
}
