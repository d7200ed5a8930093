//! Checking signatures of tokens by `ring`, the library that TLS rests on.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use signature::{Error, Verifier};

/// Makes them be checked so in this process. Only the first call has an effect.
pub(super) fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        // Nothing is signed here, and no key is made.
        signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
        verifier_factory: checked,
        key_utils: KeyUtils::new_unimplemented(),
    };
    PROVIDER.install_default().unwrap_or_default();
}

/// Whether a key is one for signatures of an algorithm.
pub(super) fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_for_signatures = key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let fits = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::EllipticCurve(of), Algorithm::ES256) => of.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(of), Algorithm::EdDSA) => of.curve == EllipticCurve::Ed25519,
        (_, _) => false,
    };
    is_for_signatures && fits
}

/// A key and the algorithm that it is for.
struct Checked {
    algorithm: Algorithm,
    key: DecodingKey,
}

fn checked(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(Box::new(Checked { algorithm: *algorithm, key: key.clone() }))
}

impl JwtVerifier for Checked {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Checked {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let checked = match (self.algorithm, self.key.kind()) {
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
            (_, _) => return Err(Error::new()),
        };
        checked.map_err(|_| Error::new())
    }
}
