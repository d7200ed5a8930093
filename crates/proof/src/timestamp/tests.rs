//! Requests and replies that are refused, and those of `openssl` that are not.

use super::der::{BIT_STRING, CONTEXT_0, CONTEXT_1, GENERALIZED_TIME, OBJECT_ID, SET};
use super::*;

const TEXT: &[u8] = include_bytes!("../../tests/fixtures/checkpoint.txt");
const REQUEST: &[u8] = include_bytes!("../../tests/fixtures/checkpoint.tsq");
const REPLY: &[u8] = include_bytes!("../../tests/fixtures/checkpoint.tsr");
const REFUSED: &[u8] = include_bytes!("../../tests/fixtures/refused.tsr");
const NONCE: u64 = 0x77a6_6a42_7c06_55b9;

/// A TSTInfo for `TEXT`, in parts that a test may change.
fn info() -> Vec<Vec<u8>> {
    let imprint = [element(SEQUENCE, SHA_256), element(OCTET_STRING, &Hash::of(TEXT).0)].concat();
    vec![
        element(INTEGER, &[1]),
        element(OBJECT_ID, b"\x2a\x03\x04"),
        element(SEQUENCE, &imprint),
        element(INTEGER, &[7]),
        element(GENERALIZED_TIME, b"20261122142853Z"),
        element(INTEGER, &der::unsigned(NONCE)),
    ]
}

/// What stands in a token around its TSTInfo.
struct Token {
    kind: &'static [u8],
    content_kind: &'static [u8],
    /// Elements after the content: certificates, revocation lists, signatures.
    after: Vec<Vec<u8>>,
}

impl Token {
    /// As it should be; the one signature is an element that nobody reads.
    fn right() -> Self {
        Self {
            kind: b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
            content_kind: b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04",
            after: vec![signatures()],
        }
    }

    /// A granted reply with this token around a TSTInfo.
    fn reply(&self, info: &[Vec<u8>]) -> Vec<u8> {
        let content = element(CONTEXT_0, &element(OCTET_STRING, &element(SEQUENCE, &info.concat())));
        let content = element(SEQUENCE, &[element(OBJECT_ID, self.content_kind), content].concat());
        let signed = [element(INTEGER, &[3]), element(SET, &[]), content, self.after.concat()].concat();
        let signed = element(CONTEXT_0, &element(SEQUENCE, &signed));
        let token = element(SEQUENCE, &[element(OBJECT_ID, self.kind), signed].concat());
        element(SEQUENCE, &[status(0), token].concat())
    }
}

fn signatures() -> Vec<u8> {
    element(SET, &element(SEQUENCE, &[]))
}

fn reply(info: &[Vec<u8>]) -> Vec<u8> {
    Token::right().reply(info)
}

fn status(number: u8) -> Vec<u8> {
    element(SEQUENCE, &element(INTEGER, &[number]))
}

/// The reply with another element at a place of its TSTInfo.
fn with(at: usize, part: Vec<u8>) -> Result<TimestampReply, TimestampError> {
    let mut info = info();
    info[at] = part;
    TimestampReply::from_der(&reply(&info))
}

#[test]
fn bytes_that_are_no_reply_are_refused() {
    let form = |expected| Err(TimestampError::Form { expected });
    let (response, info) = ("a TimeStampResp", "a PKIStatusInfo");
    let right = reply(&self::info());
    let long = vec![0; REPLY_BYTES_MAX + 1];
    let granted = element(SEQUENCE, &status(0));
    let refused = element(SEQUENCE, &[status(2), status(0)].concat());
    for (bytes, expected) in [
        (&b""[..], form(response)),
        (b"\x30", form(response)),
        (b"\x30\x80\0\0", form(response)),
        (b"\x30\x81\x05\x30\x03\x02\x01\0", form(response)),
        (&right[..right.len() - 1], form(response)),
        (&[&right[..], b"\0"].concat(), form(response)),
        (&element(SEQUENCE, b"\x30\x03\x02\x01\x06"), form(info)),
        (&element(SEQUENCE, b"\x30\x04\x02\x02\0\0"), form(info)),
        (&element(SEQUENCE, b"\x30\x05\x02\x01\0\x05\0"), form(info)),
        (&element(SEQUENCE, &[status(0), status(0)].concat()), form("a time-stamp token")),
        (&long, Err(TimestampError::TooLong { bytes: REPLY_BYTES_MAX + 1 })),
        (&granted, Err(TimestampError::Token)),
        (&refused, Err(TimestampError::Token)),
    ] {
        assert_eq!(TimestampReply::from_der(bytes), expected, "{bytes:02x?}");
    }
}

#[test]
fn a_stamp_that_is_not_well_formed_is_refused() {
    let refused = Err(TimestampError::Form { expected: "a TSTInfo" });
    let time = |text: &str| with(4, element(GENERALIZED_TIME, text.as_bytes()));
    for text in [
        "20261122142853",
        "2026112214285Z",
        "20261322142853Z",
        "20260022142853Z",
        "20261132142853Z",
        "20261122242853Z",
        "20261122146053Z",
        "20261122142861Z",
        "20261122142853.Z",
        "20261122142853.10Z",
        "20261122142853,1Z",
        "20261122142853+0100",
        "2026112214285éZ",
    ] {
        assert_eq!(time(text), refused, "{text}");
    }
    let other_hash = element(SEQUENCE, &[element(SEQUENCE, SHA_256), element(OCTET_STRING, &[0; 20])].concat());
    let sha_1 = element(SEQUENCE, b"\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00");
    let other_algorithm = element(SEQUENCE, &[sha_1, element(OCTET_STRING, &[0; 32])].concat());
    for (at, part) in [
        (0, element(INTEGER, &[2])),
        (1, element(OBJECT_ID, b"")),
        (1, element(OBJECT_ID, b"\x2a\x80\x04")),
        (1, element(OBJECT_ID, b"\x2a\x83")),
        (1, element(OBJECT_ID, &[0xff; 12])),
        (2, other_hash),
        (2, other_algorithm),
        (3, element(INTEGER, &[])),
        (3, element(INTEGER, &[0, 1])),
        (3, element(INTEGER, &[0xff])),
        (5, element(BIT_STRING, &[0])),
    ] {
        assert_eq!(with(at, part), refused, "part {at}");
    }
}

#[test]
fn a_token_that_is_not_signed_content_with_a_time_stamp_is_refused() {
    let other = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    let (certificates, lists) = (element(CONTEXT_0, b""), element(CONTEXT_1, b""));
    for token in [
        Token { kind: other, ..Token::right() },
        Token { content_kind: other, ..Token::right() },
        Token { after: Vec::new(), ..Token::right() },
        Token { after: vec![element(SET, b"")], ..Token::right() },
        Token { after: vec![signatures(), signatures()], ..Token::right() },
        Token { after: vec![lists.clone(), certificates.clone(), signatures()], ..Token::right() },
    ] {
        let refused = TimestampError::Form { expected: "a time-stamp token" };
        assert_eq!(TimestampReply::from_der(&token.reply(&info())), Err(refused));
    }
    let full = Token { after: vec![certificates, lists, signatures()], ..Token::right() };
    assert!(TimestampReply::from_der(&full.reply(&info())).is_ok());
}

#[test]
fn a_stamp_is_read_with_what_may_stand_in_it() {
    for (content, expected) in [
        ("20261122142853Z", "2026-11-22T14:28:53Z"),
        ("20261122142853.000000001Z", "2026-11-22T14:28:53.000000001Z"),
        ("20161231235960Z", "2016-12-31T23:59:60Z"),
    ] {
        let reply = with(4, element(GENERALIZED_TIME, content.as_bytes())).unwrap();
        let request = TimestampRequest::new(TEXT, NONCE);
        assert_eq!(reply.stamp_for(&request).map(|stamp| stamp.time.as_str()), Ok(expected));
    }
    for (content, expected) in [(&b"\x2a\x03\x04"[..], "1.2.3.4"), (b"\x88\x37", "2.999"), (b"\x00", "0.0")] {
        let reply = with(1, element(OBJECT_ID, content)).unwrap();
        let request = TimestampRequest::new(TEXT, NONCE);
        assert_eq!(reply.stamp_for(&request).map(|stamp| stamp.policy.as_str()), Ok(expected));
    }
    let mut full = info();
    full.splice(5..5, [element(SEQUENCE, &element(INTEGER, &[1])), element(BOOLEAN, &[0xff])]);
    full.extend([element(CONTEXT_0, b""), element(CONTEXT_1, b"")]);
    assert!(TimestampReply::from_der(&reply(&full)).is_ok());
}

#[test]
fn a_reply_answers_its_request_alone() {
    let reply = TimestampReply::from_der(REPLY).unwrap();
    let request = TimestampRequest::new(TEXT, NONCE);
    let other = TimestampRequest::new(b"other", NONCE);
    assert_eq!(reply.stamp_for(&other), Err(NotStamped::Imprint { found: Hash::of(TEXT) }));
    assert_eq!(reply.stamp_for(&TimestampRequest::new(TEXT, NONCE + 1)), Err(NotStamped::Nonce));
    let mut without = info();
    without.pop();
    let without = TimestampReply::from_der(&self::reply(&without)).unwrap();
    assert_eq!(without.stamp_for(&request), Err(NotStamped::Nonce));
    let refused = TimestampReply::from_der(REFUSED).unwrap();
    assert_eq!(refused.status(), ReplyStatus::Refused);
    assert_eq!(refused.stamp_for(&request), Err(NotStamped::Status { status: ReplyStatus::Refused }));
}

#[test]
fn a_reply_of_openssl_is_read() {
    let reply = TimestampReply::from_der(REPLY).unwrap();
    let stamp = reply.stamp_for(&TimestampRequest::new(TEXT, NONCE)).unwrap();
    assert_eq!(reply.status(), ReplyStatus::Granted);
    assert_eq!((stamp.policy.as_str(), stamp.serial.as_str()), ("1.3.6.1.4.1.99999.1", "82"));
    assert_eq!((stamp.imprint, stamp.time.as_str()), (Hash::of(TEXT), "2026-11-26T03:04:01.69Z"));
    assert!(REPLY.ends_with(&stamp.token) && stamp.token.starts_with(b"\x30\x82"));
}

#[test]
fn a_request_is_that_of_openssl_and_no_other_is_read() {
    let request = TimestampRequest::new(TEXT, NONCE);
    assert_eq!(request.to_der(), REQUEST);
    assert_eq!(TimestampRequest::from_der(REQUEST), Ok(request));
    for at in 0..REQUEST.len() {
        for bit in 0..8 {
            let mut wrong = REQUEST.to_vec();
            wrong[at] ^= 1 << bit;
            assert_ne!(TimestampRequest::from_der(&wrong), Ok(request), "bit {bit} of byte {at}");
        }
        assert!(TimestampRequest::from_der(&REQUEST[..at]).is_err(), "cut at {at}");
    }
    for nonce in [0, 1, 127, 128, 255, 256, 0x7fff, 0x8000, u64::MAX >> 1, 1 << 63, u64::MAX] {
        let request = TimestampRequest::new(TEXT, nonce);
        assert_eq!(TimestampRequest::from_der(&request.to_der()), Ok(request), "{nonce}");
    }
}
