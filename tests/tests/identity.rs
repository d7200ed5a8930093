//! Tokens of a real identity provider (`oidc-provider` of npm, run by `tests/identity/provider.js`): taken with its keys
//! of three kinds, also after it has changed them.
//!
//! Where Node.js or the package is not installed the test is skipped and says so, except in CI, where it fails.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use ofrecord_acceptance::programs::left_out;
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use serde_json::{Value, json};

/// Says where the packages of `tests/identity/package.json` are; `.ci/run` sets it.
const MODULES: &str = "OFRECORD_NODE_MODULES";
const AUDIENCE: &str = "https://ledger.example";

fn modules() -> PathBuf {
    let own = || workspace::root().join("target/identity/node_modules");
    std::env::var_os(MODULES).map_or_else(own, PathBuf::from)
}

/// An identity provider that runs until it is dropped.
struct Provider {
    child: Child,
    issuer: String,
}

impl Provider {
    /// On a port; with 0, on any that is free. What keeps it from running, where something does.
    fn start(port: u16) -> Result<Self, String> {
        let modules = modules();
        if !modules.join("oidc-provider").exists() {
            return Err(format!("{} has no oidc-provider", modules.display()));
        }
        let mut command = Command::new("node");
        command.arg(workspace::root().join("tests/identity/provider.js")).arg(modules).arg(port.to_string());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said =
            lines.map(Result::unwrap).filter_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let issuer = said.next().ok_or("it ended before it listened")?;
        Ok(Self { child, issuer })
    }

    fn port(&self) -> u16 {
        self.issuer.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// A token for an audience, signed by an algorithm.
    fn token(&self, algorithm: &str, audience: &str) -> String {
        let body = format!(
            "grant_type=client_credentials&scope=ledger&client_id=client-{algorithm}&client_secret=secret-of-a-test\
             &resource={audience}"
        );
        let request = format!(
            "POST /token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.port(),
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let said: Value = serde_json::from_str(body).unwrap();
        said["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn tokens_of_an_identity_provider_are_taken_until_it_changes_its_keys_and_the_new_ones_from_then_on() {
    let provider = match Provider::start(0) {
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
    let provider = Provider::start(port).unwrap();
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
