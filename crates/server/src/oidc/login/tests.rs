//! Logins that do not come back as they were begun, tokens that answer another request, and one that answers this one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ofrecord_core::Timestamp;
use ofrecord_log::Hash;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Begun, NotSignedIn, Returned, place};
use crate::oidc::tests::{ISSUER, Key, NOW, claims, now, settings, with};
use crate::oidc::{Ask, Oidc, OidcError};
use crate::places::Place;

const CLIENT: &str = "ledger console";
const BACK: &str = "https://ledger.example/console/login/returned";

/// A form, and the header that came with it.
type Sent = (String, Option<String>);

/// A provider that answers every form with the same token, and what it was sent last.
#[derive(Clone, Default)]
struct Provider {
    token: Arc<Mutex<String>>,
    sent: Arc<Mutex<Option<Sent>>>,
}

impl Provider {
    fn of(&self, key: &Key, login: &Value) -> Result<Oidc, OidcError> {
        let (provider, jwk) = (self.clone(), key.jwk("1"));
        let answer = move |ask: &Ask<'_>| match ask {
            Ask::Get("https://login.example/tenant/v2.0/.well-known/openid-configuration") => Ok(json!({
                "issuer": ISSUER, "jwks_uri": "https://login.example/keys",
                "authorization_endpoint": "https://login.example/authorize?tenant=1",
                "token_endpoint": "https://login.example/token",
            })),
            Ask::Get("https://login.example/keys") => Ok(json!({"keys": [jwk]})),
            Ask::Post { url: "https://login.example/token", form, authorization } => {
                *provider.sent.lock().unwrap() = Some(((*form).to_owned(), authorization.map(str::to_owned)));
                Ok(json!({"id_token": *provider.token.lock().unwrap()}))
            }
            Ask::Get(other) | Ask::Post { url: other, .. } => Err(format!("nothing is at {other}")),
        };
        let fetch = Box::new(move |ask: &Ask<'_>| answer(ask).map(|answer| answer.to_string().into_bytes()));
        Oidc::new(with(settings(), "login", login.clone()).to_string().as_bytes(), fetch, Duration::from_secs(60))
    }
}

fn login() -> Value {
    json!({"client_id": CLIENT, "redirect_uri": BACK})
}

/// What a query of an address says.
fn parameter(address: &str, name: &str) -> String {
    let pairs = address.split_once('?').unwrap().1.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(given, _)| *given == name).map(|(_, value)| value);
    let value = values.next().unwrap().to_owned();
    assert_eq!(values.next(), None, "{name} once");
    value
}

fn back(begun: &Begun) -> Returned {
    let state = parameter(&begun.address, "state");
    Returned { kept: begun.kept.clone(), state, code: Ok("a&code".to_owned()), issuer: None }
}

fn begin(oidc: &Oidc) -> Begun {
    oidc.login().unwrap().begin(&Place::of("/console/entries/3"), now()).unwrap()
}

#[test]
fn settings_by_which_nobody_could_sign_in_are_refused_at_once() {
    let (key, folder) = (Key::ed(), tempfile::tempdir().unwrap());
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    for wrong in [
        with(login(), "redirect_uri", json!("http://ledger.example/console/login/returned")),
        with(login(), "redirect_uri", json!("https://ledger.example/console")),
        with(login(), "scope", json!("profile")),
        with(login(), "client_secret_file", json!(folder.path().join("nothing"))),
        with(login(), "client_secret_file", json!(secret)),
    ] {
        let made = Provider::default().of(&key, &wrong);
        assert!(matches!(made, Err(OidcError::Login { .. })), "{wrong}");
    }
    let made = Provider::default().of(&key, &with(login(), "colour", json!("red")));
    assert!(matches!(made, Err(OidcError::Settings(_))));
    assert!(Provider::default().of(&key, &login()).is_ok());
}

#[test]
fn a_login_that_comes_back_otherwise_than_it_was_begun_signs_nobody_in() {
    let key = Key::ed();
    let (oidc, other) = (Provider::default().of(&key, &login()).unwrap(), Provider::default().of(&key, &login()));
    let (begun, second, foreign) = (begin(&oidc), begin(&oidc), begin(&other.unwrap()));
    let own = || back(&begun);
    let late: Timestamp = "2024-06-01T00:10:00Z".parse().unwrap();
    for (returned, at) in [
        (Returned { state: String::new(), ..own() }, now()),
        (Returned { state: parameter(&second.address, "state"), ..own() }, now()),
        (Returned { kept: String::new(), ..own() }, now()),
        (Returned { kept: second.kept, ..own() }, now()),
        (Returned { kept: begun.kept.replace("2024-06-01", "2024-06-02"), ..own() }, now()),
        (Returned { issuer: Some("https://evil.example".to_owned()), ..own() }, now()),
        (back(&foreign), now()),
        (own(), late),
    ] {
        let refused = oidc.signed_in(&returned, at, Instant::now());
        assert!(matches!(refused, Err(NotSignedIn::Elsewhere)), "{returned:?} at {at}: {refused:?}");
    }
    let refused = oidc.signed_in(&Returned { code: Err("access_denied".to_owned()), ..own() }, now(), Instant::now());
    assert!(matches!(&refused, Err(NotSignedIn::Refused(word)) if word == "access_denied"), "{refused:?}");
}

#[test]
fn a_token_that_does_not_answer_this_very_login_signs_nobody_in() {
    let (key, provider) = (Key::ed(), Provider::default());
    let oidc = provider.of(&key, &login()).unwrap();
    let begun = begin(&oidc);
    let nonce = parameter(&begun.address, "nonce");
    let right = with(with(claims(), "aud", json!(CLIENT)), "nonce", json!(nonce));
    let signed_in = |claims: &Value, by: &Key| {
        *provider.token.lock().unwrap() = by.token(&json!({"alg": "EdDSA", "kid": "1"}), claims);
        oidc.signed_in(&back(&begun), now(), Instant::now())
    };
    for claims in [
        with(right.clone(), "nonce", json!("another")),
        with(claims(), "aud", json!(CLIENT)),
        with(right.clone(), "aud", json!("ofrecord")),
        with(right.clone(), "azp", json!("another")),
        with(right.clone(), "iss", json!("https://evil.example")),
        with(right.clone(), "exp", json!(NOW - 61)),
        with(right.clone(), "roles", json!("nothing")),
    ] {
        let refused = signed_in(&claims, &key);
        assert!(matches!(refused, Err(NotSignedIn::Nobody)), "{claims}: {refused:?}");
    }
    assert!(matches!(signed_in(&right, &Key::ed()), Err(NotSignedIn::Nobody)), "signed by somebody else");
    let holder = signed_in(&right, &key).unwrap();
    assert_eq!((holder.principal.name.as_str(), holder.until), ("kim", "2024-06-01T01:00:00Z".parse().unwrap()));
    assert!(oidc.shown_by(&provider.token.lock().unwrap(), now(), Instant::now()).is_none(), "it is for the client");
}

#[test]
fn the_code_is_exchanged_with_what_the_challenge_was_made_of_and_with_the_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let (key, provider, folder) = (Key::ed(), Provider::default(), tempfile::tempdir().unwrap());
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "s&cret\n").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let oidc = provider.of(&key, &with(login(), "client_secret_file", json!(secret))).unwrap();
    let begun = begin(&oidc);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "ledger%20console"),
        ("redirect_uri", "https:%2F%2Fledger.example%2Fconsole%2Flogin%2Freturned"),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
        ("tenant", "1"),
    ] {
        assert_eq!(parameter(&begun.address, name), value);
    }
    assert_eq!(place(&begun.kept), Place::of("/console/entries/3"));
    drop(oidc.signed_in(&back(&begun), now(), Instant::now()));
    let (form, authorization) = provider.sent.lock().unwrap().clone().unwrap();
    let verifier = parameter(&format!("?{form}"), "code_verifier");
    let challenge = Base64UrlUnpadded::encode_string(&Hash::of(verifier.as_bytes()).0);
    assert_eq!(parameter(&begun.address, "code_challenge"), challenge);
    assert!(!begun.address.contains(&verifier) && !begun.kept.contains(&verifier), "nobody on the way can make it");
    assert_eq!(parameter(&format!("?{form}"), "code"), "a%26code");
    assert_eq!(authorization.as_deref(), Some("Basic bGVkZ2VyJTIwY29uc29sZTpzJTI2Y3JldA=="));
}
