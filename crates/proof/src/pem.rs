//! Ed25519 keys as `openssl` writes them: RFC 8410 in PEM, each in its one spelling.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::spelling;

#[cfg(test)]
mod tests;

/// What stands before the 32 bytes of a public key: a SubjectPublicKeyInfo of Ed25519.
const PUBLIC_PREFIX: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
/// What stands before the 32 bytes of a seed: a PrivateKeyInfo of Ed25519.
const PRIVATE_PREFIX: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
const PUBLIC_MARKS: (&str, &str) = ("-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n");
const PRIVATE_MARKS: (&str, &str) = ("-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n");

pub(crate) fn write_public(public: &[u8; 32]) -> String {
    let der = [PUBLIC_PREFIX, public].concat();
    [PUBLIC_MARKS.0, &spelling::base64(&der), PUBLIC_MARKS.1].concat()
}

pub(crate) fn read_public(text: &str) -> Option<[u8; 32]> {
    let der = Base64::decode_vec(text.strip_prefix(PUBLIC_MARKS.0)?.strip_suffix(PUBLIC_MARKS.1)?).ok()?;
    der.strip_prefix(PUBLIC_PREFIX)?.try_into().ok()
}

pub(crate) fn write_private(seed: &[u8; 32]) -> Zeroizing<String> {
    let der = Zeroizing::new([PRIVATE_PREFIX, seed].concat());
    let encoded = Zeroizing::new(spelling::base64(&der));
    Zeroizing::new([PRIVATE_MARKS.0, &encoded, PRIVATE_MARKS.1].concat())
}

pub(crate) fn read_private(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let encoded = text.strip_prefix(PRIVATE_MARKS.0)?.strip_suffix(PRIVATE_MARKS.1)?;
    let der = Zeroizing::new(Base64::decode_vec(encoded).ok()?);
    der.strip_prefix(PRIVATE_PREFIX)?.try_into().ok().map(Zeroizing::new)
}
