//! Tokens of a real identity provider (`oidc-provider` of npm, run by `tests/identity/provider.js`): taken with its keys
//! of three kinds, also after it has changed them.
//!
//! Where Node.js or the package is not installed the test is skipped and says so, except in CI, where it fails.

use ofrecord_acceptance::programs::left_out;
use ofrecord_acceptance::provider::Provider;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use serde_json::json;

const AUDIENCE: &str = "https://ledger.example";

#[test]
fn tokens_of_an_identity_provider_are_taken_until_it_changes_its_keys_and_the_new_ones_from_then_on() {
    let provider = match Provider::start(0, None) {
        Ok(provider) => provider,
        Err(reason) => return left_out("tokens_of_an_identity_provider", &reason),
    };
    let stage = Stage::with_story();
    let settings = json!({
        "issuer": provider.issuer, "audience": AUDIENCE,
        "roles": [{"claim": "roles", "value": "Ledger.Audit", "role": "auditor"}],
    });
    stage.write("oidc.json", settings.to_string());
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--oidc", "oidc.json", "-vv"]);
    assert_eq!(serving.asked("/v1/status").0, 401);
    let tokens = ["RS256", "ES256", "EdDSA"].map(|algorithm| provider.token(algorithm, AUDIENCE));
    for token in &tokens {
        assert_eq!(serving.asked_with("/v1/status", token).0, 200, "{token}");
        let (status, _) = serving.asked_with("/v1/commands", token);
        assert_eq!(status, 405, "the token is looked at after the method");
    }
    let for_others = provider.token("RS256", "https://another.example");
    assert_eq!(serving.asked_with("/v1/status", &for_others).0, 401);
    let port = provider.port();
    drop(provider);
    assert_eq!(serving.asked_with("/v1/status", &tokens[0]).0, 200, "without the issuer, its keys go on");
    let provider = Provider::start(port, None).unwrap();
    let changed = provider.token("ES256", AUDIENCE);
    assert_eq!(serving.asked_with("/v1/status", &changed).0, 200);
    assert_eq!(serving.asked_with("/v1/status", &tokens[1]).0, 401, "what the issuer took away signs no more");
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    for token in tokens.iter().chain([&for_others, &changed]) {
        assert!(!said.contains(token.rsplit('.').next().unwrap()), "no token is in the log: {said}");
    }
}

#[test]
fn settings_that_cannot_be_used_end_it_before_anything_listens() {
    let stage = Stage::with_ledger();
    let elsewhere = json!({"issuer": "http://login.example", "audience": AUDIENCE, "roles": []});
    for (settings, code, said) in [
        ("{}".to_owned(), 2, "could not read the settings of the identity provider"),
        (elsewhere.to_string(), 1, "is not asked: keys come over https"),
    ] {
        stage.write("oidc.json", settings);
        let ran = stage.ran(&["serve", "--listen", "127.0.0.1:0", "--oidc", "oidc.json"], b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{}", ran.shown());
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}
