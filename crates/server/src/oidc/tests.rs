//! Tokens of an identity provider: what is not taken first, and what a taken one comes to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64ct::{Base64UrlUnpadded as Base64, Encoding as _};
use ofrecord_core::Timestamp;
use ofrecord_testkit::name;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Ask, Fetch, Oidc, OidcError};
use crate::access::{AccessRole, Principal, Scope};

pub(super) const ISSUER: &str = "https://login.example/tenant/v2.0";
const PAUSE: Duration = Duration::from_secs(60);
/// The key of an issuer that there is not; it signs nothing but tokens of these tests.
const RSA: &[u8] = include_bytes!("../../tests/fixtures/issuer-of-tests.rsa.der");

/// A key of the issuer, under a name.
pub(super) enum Key {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Key {
    pub(super) fn ed() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    fn ec() -> Self {
        let (of, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(of, &random).unwrap();
        Self::Ec(EcdsaKeyPair::from_pkcs8(of, pkcs8.as_ref(), &random).unwrap())
    }

    fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::from_der(RSA).unwrap()))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed(_) => "EdDSA",
            Self::Ec(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let text = Base64::encode_string;
        match self {
            Self::Ed(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(key.public_key().as_ref())})
            }
            Self::Ec(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": text(&point[1..33]), "y": text(&point[33..])})
            }
            Self::Rsa(key) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({"kty": "RSA", "use": "sig", "kid": kid, "n": text(&n), "e": text(&e)})
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed(key) => key.sign(message).as_ref().to_vec(),
            Self::Ec(key) => key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    pub(super) fn token(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| Base64::encode_string(value.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", Base64::encode_string(&self.sign(message.as_bytes())))
    }
}

pub(super) fn now() -> Timestamp {
    "2024-06-01".parse().unwrap()
}

/// Seconds since 1970 of that instant.
pub(super) const NOW: i64 = 1_717_200_000;

pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": ["ofrecord", "another"], "sub": "kim", "iat": NOW, "nbf": NOW, "exp": NOW + 3_600,
        "roles": ["Ledger.Reader", "Ledger.Audit"],
    })
}

pub(super) fn settings() -> Value {
    json!({
        "issuer": ISSUER, "audience": "ofrecord", "leeway_seconds": 60,
        "roles": [
            {"claim": "roles", "value": "Ledger.Partner", "role": "partner_user", "tenant_claim": "tid"},
            {"claim": "roles", "value": "Ledger.Customer", "role": "customer_admin", "tenant_claim": "tid"},
            {"claim": "roles", "value": "Ledger.Audit", "role": "auditor"},
            {"claim": "office", "value": "compliance", "role": "compliance_officer"},
        ],
    })
}

/// The keys that the issuer shows at present, and how often it was asked for them.
#[derive(Clone, Default)]
struct Shown {
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
}

fn address<'a>(ask: &Ask<'a>) -> &'a str {
    match ask {
        Ask::Get(url) | Ask::Post { url, .. } => url,
    }
}

impl Shown {
    fn fetch(&self) -> Fetch {
        let shown = self.clone();
        Box::new(move |ask| match address(ask) {
            "https://login.example/tenant/v2.0/.well-known/openid-configuration" => {
                Ok(json!({"issuer": ISSUER, "jwks_uri": "https://login.example/keys"}).to_string().into_bytes())
            }
            "https://login.example/keys" => {
                shown.asked.fetch_add(1, Ordering::Relaxed);
                Ok(json!({"keys": *shown.keys.lock().unwrap()}).to_string().into_bytes())
            }
            other => Err(format!("nothing is at {other}")),
        })
    }

    fn show(&self, keys: &[Value]) {
        *self.keys.lock().unwrap() = keys.to_vec();
    }
}

fn issuer(keys: &[Value]) -> Oidc {
    let shown = Shown::default();
    shown.show(keys);
    Oidc::new(settings().to_string().as_bytes(), shown.fetch(), PAUSE).unwrap()
}

pub(super) fn with(mut value: Value, field: &str, changed: Value) -> Value {
    value[field] = changed;
    value
}

fn without(mut value: Value, field: &str) -> Value {
    value.as_object_mut().unwrap().remove(field);
    value
}

fn principal(oidc: &Oidc, token: &str, now: Timestamp, at: Instant) -> Option<Principal> {
    oidc.shown_by(token, now, at).map(|holder| holder.principal)
}

#[test]
fn settings_that_lead_nowhere_are_refused_at_once() {
    let shown = Shown::default();
    let made = |settings: &Value| Oidc::new(settings.to_string().as_bytes(), shown.fetch(), PAUSE);
    assert!(matches!(made(&settings()), Err(OidcError::Keys { .. })), "an issuer without a key");
    shown.show(&[Key::ed().jwk("1")]);
    assert!(made(&settings()).is_ok());
    let role = |role: Value| with(settings(), "roles", json!([role]));
    for wrong in [
        json!({}),
        without(settings(), "audience"),
        with(settings(), "colour", json!("red")),
        role(json!({"claim": "roles", "value": "x", "role": "owner"})),
        role(json!({"claim": "roles", "value": "x", "role": "partner_user"})),
        role(json!({"claim": "roles", "value": "x", "role": "auditor", "tenant_claim": "tid"})),
    ] {
        assert!(matches!(made(&wrong), Err(OidcError::Settings(_))), "{wrong}");
    }
    let elsewhere = with(settings(), "issuer", json!("https://login.example/tenant/v2.0/"));
    assert!(matches!(made(&elsewhere), Err(OidcError::Keys { .. })), "the document is of another issuer");
}

#[test]
fn a_token_that_another_signed_or_that_nobody_signed_is_not_taken() {
    let (own, other) = (Key::ed(), Key::ed());
    let oidc = issuer(&[own.jwk("1"), Key::rsa().jwk("2"), json!({"kty": "oct", "kid": "3", "k": "c2VjcmV0"})]);
    let header = json!({"alg": "EdDSA", "kid": "1"});
    let good = own.token(&header, &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let hmac = |alg: &str, kid: &str| other.token(&json!({"alg": alg, "kid": kid}), &claims());
    let cut = format!("{}.{}.", parts[0], parts[1]);
    let changed = own.token(&header, &with(claims(), "roles", json!(["Ledger.Audit"])));
    let swapped = format!("{}.{}.{}", parts[0], changed.split('.').nth(1).unwrap(), parts[2]);
    for token in [
        other.token(&header, &claims()),
        own.token(&json!({"alg": "none"}), &claims()),
        format!("{}.{}.", Base64::encode_string(br#"{"alg":"none"}"#), parts[1]),
        hmac("HS256", "3"),
        hmac("HS256", "1"),
        hmac("RS256", "1"),
        hmac("ES256", "1"),
        own.token(&json!({"alg": "EdDSA", "kid": "2"}), &claims()),
        own.token(&json!({"alg": "EdDSA", "kid": "1", "crit": ["exp"]}), &claims()),
        own.token(&json!({"kid": "1"}), &claims()),
        cut,
        swapped,
        "..".to_owned(),
        "a.b.c".to_owned(),
        String::new(),
    ] {
        assert_eq!(principal(&oidc, &token, now(), Instant::now()), None, "{token}");
    }
    assert!(principal(&oidc, &good, now(), Instant::now()).is_some());
}

#[test]
fn a_token_for_others_of_another_time_or_without_a_role_is_not_taken() {
    let key = Key::ed();
    let oidc = issuer(&[key.jwk("1")]);
    let refused = [
        with(claims(), "iss", json!("https://login.example/tenant/v2.0/")),
        with(claims(), "iss", json!("https://login.example")),
        without(claims(), "iss"),
        with(claims(), "aud", json!("another")),
        with(claims(), "aud", json!(["another", "Ofrecord"])),
        without(claims(), "aud"),
        without(claims(), "exp"),
        with(claims(), "exp", json!("tomorrow")),
        with(claims(), "exp", json!(NOW - 60)),
        with(claims(), "nbf", json!(NOW + 61)),
        with(claims(), "iat", json!(NOW + 61)),
        without(claims(), "roles"),
        with(claims(), "roles", json!(["ledger.audit"])),
        with(claims(), "roles", json!("Ledger.Partner")),
        with(with(claims(), "roles", json!("Ledger.Partner")), "tid", json!("not a tenant")),
        without(claims(), "sub"),
        with(claims(), "sub", json!("")),
    ];
    let header = json!({"alg": "EdDSA", "kid": "1"});
    for claims in refused {
        let token = key.token(&header, &claims);
        assert_eq!(principal(&oidc, &token, now(), Instant::now()), None, "{claims}");
    }
    for claims in [
        with(claims(), "exp", json!(NOW - 59)),
        with(claims(), "nbf", json!(NOW + 60)),
        without(without(claims(), "nbf"), "iat"),
    ] {
        assert!(principal(&oidc, &key.token(&header, &claims), now(), Instant::now()).is_some(), "{claims}");
    }
}

#[test]
fn claims_come_to_the_first_role_that_fits_and_to_its_tenant() {
    let (key, tenant) = (Key::ec(), name::partner("P"));
    let oidc = issuer(&[key.jwk("1")]);
    let as_partner = |claims| with(with(claims, "roles", json!("Ledger.Partner")), "tid", json!(tenant.to_string()));
    let as_customer = with(claims(), "roles", json!(["Ledger.Audit", "Ledger.Customer"]));
    let rows = [
        (claims(), AccessRole::Auditor, Scope::OfRole),
        (as_partner(claims()), AccessRole::PartnerUser, Scope::Partner(tenant)),
        (
            with(as_customer, "tid", json!(name::customer("C").to_string())),
            AccessRole::CustomerAdmin,
            Scope::Customer(name::customer("C")),
        ),
        (with(without(claims(), "roles"), "office", json!("compliance")), AccessRole::ComplianceOfficer, Scope::OfRole),
    ];
    for (claims, role, scope) in rows {
        let token = key.token(&json!({"alg": "ES256", "kid": "1"}), &claims);
        let expected = Principal { name: "kim".to_owned(), role, scope };
        assert_eq!(principal(&oidc, &token, now(), Instant::now()), Some(expected), "{claims}");
    }
}

#[test]
fn every_algorithm_that_is_taken_is_checked_with_a_key_of_its_own_kind() {
    let keys = [Key::ed(), Key::ec(), Key::rsa()];
    let jwks: Vec<Value> = keys.iter().zip(["1", "2", "3"]).map(|(key, kid)| key.jwk(kid)).collect();
    let oidc = issuer(&jwks);
    for (key, kid) in keys.iter().zip(["1", "2", "3"]) {
        let named = key.token(&json!({"alg": key.algorithm(), "kid": kid}), &claims());
        assert!(principal(&oidc, &named, now(), Instant::now()).is_some(), "{kid}");
        let unnamed = key.token(&json!({"alg": key.algorithm()}), &claims());
        assert!(principal(&oidc, &unnamed, now(), Instant::now()).is_some(), "the only key of its kind: {kid}");
        for other in ["1", "2", "3"].into_iter().filter(|other| *other != kid) {
            let misnamed = key.token(&json!({"alg": key.algorithm(), "kid": other}), &claims());
            assert_eq!(principal(&oidc, &misnamed, now(), Instant::now()), None, "{kid} as {other}");
        }
    }
    let for_encryption = with(Key::ed().jwk("4"), "use", json!("enc"));
    let two = issuer(&[keys[0].jwk("1"), Key::ed().jwk("2"), for_encryption]);
    let unnamed = keys[0].token(&json!({"alg": "EdDSA"}), &claims());
    assert_eq!(principal(&two, &unnamed, now(), Instant::now()), None, "one of two keys has to be named");
}

#[test]
fn a_new_key_is_fetched_when_a_token_names_it_but_not_for_every_token_that_names_none_there_is() {
    let (first, second) = (Key::ed(), Key::ed());
    let shown = Shown::default();
    shown.show(&[first.jwk("1")]);
    let oidc = Oidc::new(settings().to_string().as_bytes(), shown.fetch(), PAUSE).unwrap();
    let began = Instant::now();
    let taken = |key: &Key, kid: &str, seconds: u64| {
        let token = key.token(&json!({"alg": "EdDSA", "kid": kid}), &claims());
        principal(&oidc, &token, now(), began + Duration::from_secs(seconds)).is_some()
    };
    let asked = || shown.asked.load(Ordering::Relaxed);
    assert!(taken(&first, "1", 0));
    assert_eq!(asked(), 1, "at the start, and not for a key that is known");
    shown.show(&[second.jwk("2")]);
    assert!(taken(&second, "2", 1));
    assert!(!taken(&first, "1", 2), "a key that the issuer took away signs no more");
    for second in 3..60 {
        assert!(!taken(&first, "9", second));
    }
    assert_eq!(asked(), 2);
    shown.show(&[]);
    assert!(!taken(&first, "9", 61));
    assert_eq!(asked(), 3);
    assert!(taken(&second, "2", 62), "without an answer that can be used, the last keys go on");
}
