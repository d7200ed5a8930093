//! Keys in PEM against what `openssl` wrote for them.

use super::*;

/// `openssl pkey` of the seed of RFC 8032 7.1, test 1.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

#[test]
fn a_key_that_is_spelled_otherwise_is_refused() {
    for (from, to) in
        [("\n-----END", "-----END"), ("BEGIN ", "BEGIN  "), ("M", "m"), ("=", ""), ("KEY-----\n", "KEY-----")]
    {
        assert_eq!(read_public(&PUBLIC.replacen(from, to, 1)), None, "{from:?} as {to:?}");
    }
    assert_eq!(read_public(PRIVATE), None);
    assert!(read_private(PUBLIC).is_none());
    assert!(read_private(&PRIVATE.replace("g\n", "\n")).is_none());
}

#[test]
fn a_key_is_written_as_openssl_does() {
    let seed = read_private(PRIVATE).unwrap();
    let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
    assert_eq!(read_public(PUBLIC), Some(*public.as_bytes()));
    assert_eq!(write_public(public.as_bytes()), PUBLIC);
    assert_eq!(*write_private(&seed), PRIVATE);
}
