//! Receipts that are refused, and what a true one does not show.

use coset::CborSerializable as _;
use coset::cbor::Value;
use ofrecord_log::merkle::node_hash;

use super::*;

const ORIGIN: &str = "log.example/receipts";

fn key() -> ReceiptKey {
    ReceiptKey::from_seed(&[3; 32])
}

fn first() -> Hash {
    leaf_hash(b"first")
}

fn second() -> Hash {
    leaf_hash(b"second")
}

/// A log of two entries.
fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 2, node_hash(&first(), &second())).unwrap()
}

fn inclusion() -> Receipt {
    key().inclusion(&checkpoint(), "entries/0", 0, vec![second()]).unwrap()
}

fn consistency() -> Receipt {
    key().consistency(&checkpoint(), "since 1", 1, vec![second()]).unwrap()
}

/// The bytes of a receipt after a change of its structure: protected, unprotected, payload, signature.
fn changed(receipt: &Receipt, change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut value = Value::from_slice(receipt.as_bytes()).unwrap();
    let Value::Tag(_, inner) = &mut value else { panic!("a tag") };
    change(inner.as_array_mut().unwrap());
    value.to_vec().unwrap()
}

fn with_protected(receipt: &Receipt, change: impl FnOnce(&mut Vec<(Value, Value)>)) -> Vec<u8> {
    changed(receipt, |parts| {
        let mut header = Value::from_slice(parts[0].as_bytes().unwrap()).unwrap();
        change(header.as_map_mut().unwrap());
        parts[0] = Value::Bytes(header.to_vec().unwrap());
    })
}

/// The receipt with other bytes as its proof, under a kind.
fn with_proofs(receipt: &Receipt, kind: i64, proofs: Vec<Value>) -> Vec<u8> {
    let proofs = Value::Map(vec![(Value::from(kind), Value::Array(proofs))]);
    changed(receipt, |parts| parts[1] = Value::Map(vec![(Value::from(396), proofs)]))
}

fn proof(size: i128, index: i128, path: Vec<Value>) -> Value {
    let number = |value: i128| Value::Integer(value.try_into().unwrap());
    Value::Bytes(Value::Array(vec![number(size), number(index), Value::Array(path)]).to_vec().unwrap())
}

#[test]
fn bytes_that_are_no_receipt_are_refused() {
    let right = inclusion();
    let untagged = right.as_bytes().strip_prefix(b"\xd2").unwrap().to_vec();
    let long = vec![0; RECEIPT_BYTES_MAX + 1];
    let alg = |value: Value| with_protected(&right, |header| header[0].1 = value);
    let critical = (Value::from(2), Value::Array(vec![Value::from(4)]));
    let cases = [
        (Vec::new(), ReceiptError::Form),
        (b"\xd2".to_vec(), ReceiptError::Form),
        (untagged, ReceiptError::Form),
        ([right.as_bytes(), b"\0"].concat(), ReceiptError::Form),
        (long, ReceiptError::TooLong { bytes: RECEIPT_BYTES_MAX + 1 }),
        (changed(&right, |parts| drop(parts.pop())), ReceiptError::Form),
        (with_protected(&right, |header| header.push(critical)), ReceiptError::Critical),
        (alg(Value::from(-7)), ReceiptError::Algorithm),
        (with_protected(&right, |header| drop(header.remove(0))), ReceiptError::Algorithm),
        (with_protected(&right, |header| drop(header.pop())), ReceiptError::Tree),
        (with_protected(&right, |header| header[3].1 = Value::from(2)), ReceiptError::Tree),
        (with_protected(&right, |header| header[2].1 = Value::from("claims")), ReceiptError::Claims),
        (
            with_protected(&right, |header| header[2].1.as_map_mut().unwrap()[0].1 = Value::from(1)),
            ReceiptError::Claims,
        ),
        (changed(&right, |parts| parts[2] = Value::Bytes(vec![0; 32])), ReceiptError::Payload),
        (changed(&consistency(), |parts| parts[2] = Value::Null), ReceiptError::Payload),
        (changed(&consistency(), |parts| parts[2] = Value::Bytes(vec![0; 31])), ReceiptError::Payload),
    ];
    for (bytes, expected) in cases {
        assert_eq!(Receipt::from_bytes(&bytes), Err(expected), "{bytes:02x?}");
    }
}

#[test]
fn a_receipt_with_another_proof_than_one_that_is_well_formed_is_refused() {
    let right = inclusion();
    let hash = || Value::Bytes(second().0.to_vec());
    let good = || proof(2, 0, vec![hash()]);
    let short = Value::Bytes(vec![0; 31]);
    let cases = [
        with_proofs(&right, -1, Vec::new()),
        with_proofs(&right, -1, vec![good(), good()]),
        with_proofs(&right, -3, vec![good()]),
        with_proofs(&right, -1, vec![proof(-2, 0, vec![hash()])]),
        with_proofs(&right, -1, vec![proof(1 << 63, 0, vec![hash()])]),
        with_proofs(&right, -1, vec![proof(2, 0, vec![short])]),
        with_proofs(&right, -1, vec![proof(2, 0, vec![hash(); 64])]),
        with_proofs(&right, -1, vec![Value::Bytes(b"\x82\x02\x00".to_vec())]),
        with_proofs(&right, -1, vec![Value::from("proof")]),
        changed(&right, |parts| parts[1] = Value::Map(Vec::new())),
    ];
    for bytes in cases {
        assert_eq!(Receipt::from_bytes(&bytes), Err(ReceiptError::Proof), "{bytes:02x?}");
    }
    assert!(Receipt::from_bytes(&with_proofs(&right, -1, vec![good()])).is_ok());
}

#[test]
fn a_receipt_has_one_spelling_outside_of_what_is_signed() {
    let right = inclusion();
    // A number in two bytes where one would do, in the proof and around it.
    let long_number = [&b"\x83\x18\x02\x00\x81\x58\x20"[..], &second().0].concat();
    let beside = changed(&right, |parts| {
        parts[1].as_map_mut().unwrap().push((Value::from(-70_000), Value::from(1)));
    });
    let long_signature = {
        let at = right.as_bytes().len() - 66;
        let (before, signature) = right.as_bytes().split_at(at);
        [before, b"\x59\x00\x40", &signature[2..]].concat()
    };
    for bytes in [with_proofs(&right, -1, vec![Value::Bytes(long_number)]), beside, long_signature] {
        assert_eq!(Receipt::from_bytes(&bytes), Err(ReceiptError::Spelling), "{bytes:02x?}");
    }
}

#[test]
fn a_receipt_shows_its_entry_in_its_log_by_its_key_and_nothing_else() {
    let (receipt, public) = (inclusion(), key().verifier());
    let root = *checkpoint().root();
    let elsewhere = Checkpoint::new("log.example/other", 2, root).unwrap();
    let larger = Checkpoint::new(ORIGIN, 3, root).unwrap();
    let other_root = Checkpoint::new(ORIGIN, 2, first()).unwrap();
    let other_key = ReceiptKey::from_seed(&[4; 32]).verifier();
    let shown = |entry: &[u8], key: &ReceiptVerifierKey, checkpoint: &Checkpoint| {
        receipt.verify_inclusion(entry, key, checkpoint)
    };
    assert!(matches!(shown(b"second", &public, &checkpoint()), Err(ReceiptRefused::Proof(_))));
    assert!(matches!(shown(b"first", &public, &other_root), Err(ReceiptRefused::Proof(_))));
    assert_eq!(shown(b"first", &other_key, &checkpoint()), Err(ReceiptRefused::Key));
    assert_eq!(shown(b"first", &public, &larger), Err(ReceiptRefused::Size { expected: 3, found: 2 }));
    let issuer = ReceiptRefused::Issuer { issuer: ORIGIN.to_owned() };
    assert_eq!(shown(b"first", &public, &elsewhere), Err(issuer));
    let consistency = receipt.verify_consistency(&checkpoint(), &public, &checkpoint());
    assert_eq!(consistency, Err(ReceiptRefused::Kind));
    assert_eq!(shown(b"first", &public, &checkpoint()), Ok(()));
    assert_eq!((receipt.issuer(), receipt.subject()), (Some(ORIGIN), Some("entries/0")));
    let unsigned = changed(&receipt, |parts| parts[3] = Value::Bytes(vec![0; 64]));
    let unsigned = Receipt::from_bytes(&unsigned).unwrap();
    assert_eq!(unsigned.verify_inclusion(b"first", &public, &checkpoint()), Err(ReceiptRefused::Signature));
}

#[test]
fn a_receipt_shows_that_its_log_begins_with_the_older_one_and_nothing_else() {
    let (receipt, public) = (consistency(), key().verifier());
    let old = |size, root| Checkpoint::new(ORIGIN, size, root).unwrap();
    let shown = |old: &Checkpoint, new: &Checkpoint| receipt.verify_consistency(old, &public, new);
    assert!(matches!(shown(&old(1, second()), &checkpoint()), Err(ReceiptRefused::Proof(_))));
    assert!(matches!(shown(&old(1, first()), &old(2, first())), Err(ReceiptRefused::Proof(_))));
    assert_eq!(shown(&old(2, first()), &checkpoint()), Err(ReceiptRefused::Size { expected: 2, found: 1 }));
    assert_eq!(receipt.verify_inclusion(b"first", &public, &checkpoint()), Err(ReceiptRefused::Kind));
    assert_eq!(shown(&old(1, first()), &checkpoint()), Ok(()));
}

#[test]
fn a_tree_of_one_leaf_has_a_receipt_without_hashes() {
    let checkpoint = Checkpoint::new(ORIGIN, 1, first()).unwrap();
    let receipt = key().inclusion(&checkpoint, "entries/0", 0, Vec::new()).unwrap();
    assert_eq!(receipt.verify_inclusion(b"first", &key().verifier(), &checkpoint), Ok(()));
}

#[test]
fn a_receipt_that_could_not_be_read_back_is_not_made() {
    let subject = "a".repeat(RECEIPT_BYTES_MAX);
    let long = key().inclusion(&checkpoint(), &subject, 0, vec![second()]);
    assert!(matches!(long, Err(ReceiptError::TooLong { .. })));
    let many = key().inclusion(&checkpoint(), "", 0, vec![second(); 64]);
    assert_eq!(many, Err(ReceiptError::Proof));
}

#[test]
fn a_key_is_read_as_written_and_never_shown() {
    let read: ReceiptKey = key().to_private_pem().parse().unwrap();
    assert_eq!(read.verifier(), key().verifier());
    assert_eq!(format!("{read:?}"), "ReceiptKey { .. }");
    assert_eq!(key().verifier().to_string().parse(), Ok(key().verifier()));
    assert_eq!("no key".parse::<ReceiptVerifierKey>(), Err(ReceiptKeyError));
    assert_eq!(key().verifier().to_string().parse::<ReceiptKey>().unwrap_err(), ReceiptKeyError);
}

/// The key of RFC 8037 A.1, with its thumbprint as a JSON Web Key from A.3.
#[test]
fn the_forms_of_a_public_key_are_those_of_the_published_example() {
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    let key: ReceiptVerifierKey = pem.parse().unwrap();
    let jwk = r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(key.to_jwk(), jwk);
    let thumbprint = "90facafea9b1556698540f70c0117a22ea37bd5cf3ed3c47093c1707282b4b89";
    assert_eq!(Hash::of(jwk.as_bytes()).to_string(), thumbprint);
    assert_eq!(key.id(), Hash::of(&key.to_cose_key()));
    assert_eq!(key.to_cose_key().len(), 40);
}
