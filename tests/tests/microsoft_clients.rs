//! The official clients of Microsoft Graph, unchanged, ask a served ledger: the SDK for Python, run by
//! `tests/foreign/graph_client.py`, and the one for JavaScript, run by `tests/graph/client.js`.
//!
//! Where they are not installed a test is skipped and says so, except in CI, where it fails.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ofrecord_acceptance::programs::{left_out, python, run};
use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};

/// Says where the packages of `tests/graph/package.json` are; `.ci/run` sets it.
const MODULES: &str = "OFRECORD_GRAPH_MODULES";
/// Shows how both are pointed at a ledger.
const GUIDE: &str = "docs/guides/microsoft-clients.md";
const HARBOUR: &str = "aaaaaaaa-0000-4000-8000-000000000011";

fn modules() -> PathBuf {
    let own = || workspace::root().join("target/graph/node_modules");
    std::env::var_os(MODULES).map_or_else(own, PathBuf::from)
}

/// A ledger that is served over TLS, since the clients show a token to nobody else.
struct Served {
    stage: Stage,
    serving: Serving,
    /// The certificate by which they trust it.
    authority: PathBuf,
    token_file: PathBuf,
}

impl Served {
    fn start() -> Self {
        let stage = Stage::with_worldwide_story();
        let authority = certified(stage.folder());
        stage.write("token", token(&stage));
        let serving = Serving::listening(
            &stage,
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--clock",
                "2025-08-01",
                "--tls-cert",
                "tls.crt",
                "--tls-key",
                "tls.key",
            ],
        );
        let token_file = stage.folder().join("token");
        Self { stage, serving, authority, token_file }
    }

    fn url(&self) -> String {
        self.serving.url.replace("127.0.0.1", "localhost")
    }

    /// What a client did is kept, and is in order.
    fn end(mut self) {
        assert_eq!(self.serving.ended(), (Some(0), String::new()));
        assert_eq!(self.stage.ran(&["verify"], b"").code, Some(0));
    }
}

/// A token of the partner of the story.
fn token(stage: &Stage) -> String {
    let made = ["token", "create", "ana", "--role", "partner_user", "--partner", HARBOUR, "--expires", "2999-01-01"];
    let token = stage.ran(&made, b"");
    assert_eq!(token.code, Some(0), "{}", token.shown());
    token.stdout.trim().to_owned()
}

/// Writes a certificate for this machine with its key, and gives the certificate of who vouches for it.
fn certified(folder: &Path) -> PathBuf {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    own.distinguished_name.push(DnType::CommonName, "localhost");
    own.use_authority_key_identifier_extension = true;
    own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().unwrap();
    let shown = own.signed_by(&key, &issuer).unwrap();
    fs::write(folder.join("tls.crt"), shown.pem()).unwrap();
    fs::write(folder.join("tls.key"), key.serialize_pem()).unwrap();
    let path = folder.join("authority.crt");
    fs::write(&path, issuer.pem()).unwrap();
    path
}

/// Has a client ask, and looks for a line of what it says.
fn check(client: &mut Command, served: &Served, line: &str) {
    let token = fs::read_to_string(&served.token_file).unwrap();
    client.env("SSL_CERT_FILE", &served.authority).env("NODE_EXTRA_CA_CERTS", &served.authority);
    let told = run(client.env("LEDGER", served.url()).env("TOKEN", token.trim()));
    let is_told = told.as_ref().is_ok_and(|told| told.lines().any(|told| told.starts_with(line)));
    assert!(is_told, "{line} is not in: {}", told.unwrap_or_else(|error| error));
}

/// The program of a language that the guide shows, in a file of its own.
fn shown(served: &Served, language: &str, name: &str) -> PathBuf {
    let page = workspace::read(GUIDE).unwrap();
    let (_, rest) = page.text.split_once(&format!("```{language}\n")).unwrap();
    served.stage.write(name, rest.split_once("```").unwrap().0);
    served.stage.folder().join(name)
}

#[test]
fn the_sdk_for_python_reads_and_writes_a_ledger_by_another_base_address() {
    if let Err(reason) = run(Command::new(python()).args(["-c", "import msgraph"])) {
        return left_out("the_sdk_for_python", &reason);
    }
    let served = Served::start();
    let mut client = Command::new(python());
    client.arg("-B").arg(workspace::root().join("tests/foreign/graph_client.py"));
    client.arg("--url").arg(served.url()).arg("--token-file").arg(&served.token_file);
    check(&mut client, &served, "good");
    let shown = shown(&served, "python", "shown.py");
    check(Command::new(python()).arg("-B").arg(shown), &served, "Fabrikam support active 2024-02-02");
    served.end();
}

#[test]
fn the_client_for_javascript_reads_and_writes_a_ledger_by_another_base_address() {
    let modules = modules();
    if !modules.join("@microsoft/microsoft-graph-client").exists() {
        return left_out("the_client_for_javascript", &format!("{} has no client of Graph", modules.display()));
    }
    let served = Served::start();
    let mut client = Command::new("node");
    client.arg(workspace::root().join("tests/graph/client.js")).arg(&modules).arg(served.url());
    check(client.arg(&served.token_file), &served, "good");
    let shown = shown(&served, "javascript", "shown.cjs");
    let mut client = Command::new("node");
    check(client.arg(shown).env("NODE_PATH", &modules), &served, "Fabrikam support active 2024-02-02");
    served.end();
}

#[test]
fn the_questions_that_the_guide_shows_for_any_program_are_answered() {
    let stage = Stage::with_worldwide_story();
    let token = token(&stage);
    let mut serving = Serving::listening(&stage, &["serve", "--listen", "127.0.0.1:0", "--clock", "2025-08-01"]);
    let page = workspace::read(GUIDE).unwrap();
    let lines = page.text.lines().filter(|line| line.starts_with("curl -H") && line.ends_with('"'));
    let asked: Vec<&str> = lines.map(|line| line.split_once("$LEDGER").unwrap().1.trim_end_matches('"')).collect();
    assert!(asked.len() >= 2, "{asked:?}");
    for path in asked {
        let (status, body) = serving.asked_with(path, &token);
        assert!(status == 200 && body.contains("Fabrikam"), "{path}: {status} {body}");
    }
    assert_eq!(serving.ended(), (Some(0), String::new()));
}
