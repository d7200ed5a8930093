//! Sealed fields against a vector made elsewhere, and against whoever changes something.

use super::*;

const PLACE: Place<'static> = Place { position: 3, stream: "cust-0021", field: "contact" };
const TEXT: &str = "{\"contact\":\"Person 3 Ωmega\",\"email\":\"p3@example.invalid\"}";

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    (0..N).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect::<Vec<_>>().try_into().unwrap()
}

fn subject() -> SubjectKey {
    Zeroizing::new(bytes("7449bd38eefd911693503eead25b0fbc4feb6a188f9b1a75de2d01f17311a1bd"))
}

fn nonce() -> [u8; 12] {
    bytes("0f5f924500a4d703b9a48030")
}

fn sealed() -> SealedText {
    FieldKey::derive(&subject(), PLACE).seal(PLACE, nonce(), TEXT).unwrap()
}

#[test]
fn a_vector_made_by_another_program_comes_out_the_same() {
    let key = FieldKey::derive(&subject(), PLACE);
    assert_eq!(*key.as_bytes(), bytes::<32>("458ab4c8b38ac3bc3bf6d0e3af26203e1d4911c562d4b375f744d4bbde9d7509"));
    let sealed = sealed();
    let commitment = "62e156325ca896ef55d047954da49b650ab8059f18280c299c6514fad8b90993";
    assert_eq!(sealed.commitment.to_string(), commitment);
    let text: String = sealed.ciphertext.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        text,
        "78cad4e18f2d209b1fbf87fb5e51994c35fe81544cbadfec6cf54146917fcde387817b0774652e91505f14f791b48b326fde7a7abc\
         08b89e2fa9f3c7ee50ea35e66fd74c4e04cff4d4e9"
    );
    let handed_over = FieldKey::from_bytes(*key.as_bytes());
    assert_eq!(handed_over.open(PLACE, &sealed).unwrap().as_str(), TEXT);
}

#[test]
fn another_key_opens_nothing_and_says_so() {
    let mut other = subject();
    other[0] ^= 1;
    assert_eq!(FieldKey::derive(&other, PLACE).open(PLACE, &sealed()), Err(SealError::OtherKey));
    for place in [Place { position: 4, ..PLACE }, Place { field: "other", ..PLACE }] {
        assert_eq!(FieldKey::derive(&subject(), place).open(PLACE, &sealed()), Err(SealError::OtherKey));
    }
}

#[test]
fn a_text_does_not_open_at_another_place_or_when_a_bit_of_it_is_another() {
    let key = FieldKey::derive(&subject(), PLACE);
    for place in
        [Place { position: 4, ..PLACE }, Place { field: "other", ..PLACE }, Place { stream: "cust-0022", ..PLACE }]
    {
        assert_eq!(key.open(place, &sealed()), Err(SealError::Damaged), "{place:?}");
    }
    for at in 0..sealed().ciphertext.len() {
        let mut spoiled = sealed();
        spoiled.ciphertext[at] ^= 1;
        assert_eq!(key.open(PLACE, &spoiled), Err(SealError::Damaged), "byte {at}");
    }
    for at in 0..12 {
        let mut spoiled = sealed();
        spoiled.nonce[at] ^= 1;
        assert_eq!(key.open(PLACE, &spoiled), Err(SealError::Damaged), "byte {at} of the nonce");
    }
    let mut spoiled = sealed();
    spoiled.commitment.0[0] ^= 1;
    assert_eq!(key.open(PLACE, &spoiled), Err(SealError::OtherKey));
    assert_eq!(key.open(PLACE, &SealedText { ciphertext: Vec::new(), ..sealed() }), Err(SealError::Damaged));
}

#[test]
fn a_text_has_a_bound() {
    let key = FieldKey::derive(&subject(), PLACE);
    let long = "x".repeat(TEXT_BYTES_MAX);
    assert_eq!(key.open(PLACE, &key.seal(PLACE, nonce(), &long).unwrap()).unwrap().as_str(), long);
    let longer = "x".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(key.seal(PLACE, nonce(), &longer), Err(SealError::TooLong { bytes: TEXT_BYTES_MAX + 1 }));
}

#[test]
fn equal_texts_of_a_subject_have_equal_tags_and_no_others() {
    let tag = equality_tag(&subject(), "contact", TEXT);
    assert_eq!(tag, equality_tag(&subject(), "contact", TEXT));
    let mut other = subject();
    other[31] ^= 1;
    for another in [
        equality_tag(&subject(), "contact", "x"),
        equality_tag(&subject(), "contac", TEXT),
        equality_tag(&other, "contact", TEXT),
    ] {
        assert_ne!(tag, another);
    }
}

#[test]
fn what_is_sealed_for_several_opens_with_all_their_keys_and_not_with_fewer() {
    let (one, mut two) = (subject(), subject());
    two[0] ^= 1;
    assert_eq!(joined_key(std::slice::from_ref(&one)), one);
    let joined = joined_key(&[one.clone(), two.clone()]);
    let sealed = FieldKey::derive(&joined, PLACE).seal(PLACE, nonce(), TEXT).unwrap();
    for other in [one.clone(), two.clone(), joined_key(&[two.clone(), one.clone()]), joined_key(&[one.clone(), one])] {
        assert_eq!(FieldKey::derive(&other, PLACE).open(PLACE, &sealed), Err(SealError::OtherKey));
    }
}
