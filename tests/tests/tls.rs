//! Witnesses and authorities over TLS: a host is asked only when somebody who is trusted vouches for its name.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::signed::{grow, keys, ran, said};
use ofrecord_acceptance::stage::Stage;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Who vouches for hosts.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// What a host of this name speaks TLS with, until a year has begun.
    fn host(&self, name: &str, until: i32) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key);
        Arc::new(config.unwrap())
    }
}

/// The request that comes through a stream, whole; none from somebody who goes away.
fn request(stream: &mut impl Read) -> Option<Vec<u8>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend(buffer.iter().take(read));
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(bytes.get(..end)?).to_ascii_lowercase();
        let length: usize = head.split("content-length: ").nth(1)?.lines().next()?.parse().ok()?;
        if bytes.len() >= end + 4 + length {
            return Some(bytes);
        }
    }
}

/// Listens for as long as the test runs; gives the port.
fn listening(answer: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    port
}

/// A host that speaks TLS and answers each request.
fn host(config: Arc<ServerConfig>, answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> u16 {
    listening(move |tcp| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, tcp);
        // Who does not trust this host says so and goes away.
        if let Some(request) = request(&mut stream) {
            stream.write_all(&answer(&request)).and_then(|()| stream.flush()).unwrap_or_default();
        }
    })
}

fn answering(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A ledger of five entries with a checkpoint and a witness; its keys.
fn desk() -> (Stage, String, String) {
    let stage = Stage::with_ledger();
    grow(&stage, 0..4);
    said(&stage, &["checkpoint"]);
    let [key] = keys(&stage).try_into().unwrap();
    let witness = said(&stage, &["witness", "init", "w", "--name", "witness.example/w", "--log", &key]);
    (stage, key, witness.trim().to_owned())
}

/// Asks a witness and an authority at an address, and wants both to be refused with these words.
fn check(stage: &Stage, url: &str, trust: &[&str], told: &str) {
    for asked in [["cosign", "--witness", url], ["anchor", "--authority", url]] {
        let ran = ran(stage, &[&asked[..], trust].concat());
        assert!(ran.stderr.contains(told), "{told}: {}", ran.shown());
        assert!(ran.stderr.contains(url) || url.is_empty(), "the address is named: {}", ran.shown());
        ran.must_exit(1);
    }
}

#[test]
fn a_host_is_asked_only_when_somebody_who_is_trusted_vouches_for_its_name() {
    let (stage, ..) = desk();
    let (root, other) = (Authority::new("root"), Authority::new("other"));
    stage.write("root.pem", &root.pem);
    stage.write("other.pem", &other.pem);
    let of_root: &[&str] = &["--ca-file", "root.pem"];
    let nothing = |_: &[u8]| answering("200 OK", b"");
    let sound = format!("https://localhost:{}", host(root.host("localhost", 2100), nothing));
    check(&stage, &sound, &[], "UnknownIssuer");
    check(&stage, &sound, &[], "hint: a host with a certificate of a private authority is asked with the roots");
    check(&stage, &sound, &["--ca-file", "other.pem"], "UnknownIssuer");
    let named = format!("https://localhost:{}", host(root.host("witness.example", 2100), nothing));
    check(&stage, &named, of_root, "not valid for name");
    let expired = format!("https://localhost:{}", host(root.host("localhost", 2010), nothing));
    check(&stage, &expired, of_root, "expired");
    let plain = listening(|mut tcp| tcp.write_all(&answering("200 OK", b"no TLS here")).unwrap_or_default());
    check(&stage, &format!("https://localhost:{plain}"), of_root, "InvalidContentType");
    assert_eq!(said(&stage, &["export", "--from", "5"]), "", "nothing was recorded");
}

#[test]
fn roots_that_cannot_be_read_are_refused_before_anybody_is_asked() {
    let (stage, ..) = desk();
    stage.write("empty.pem", "");
    stage.write("spoiled.pem", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n");
    stage.write("key.pem", KeyPair::generate().unwrap().serialize_pem());
    for (file, told) in [
        ("nowhere.pem", "No such file"),
        ("empty.pem", "it holds no certificate"),
        ("key.pem", "it holds no certificate"),
        ("spoiled.pem", "read the roots in spoiled.pem"),
    ] {
        let ran = ran(&stage, &["cosign", "--witness", "https://localhost:1", "--ca-file", file]);
        assert!(ran.stderr.contains("read the roots in") && ran.stderr.contains(told), "{}", ran.shown());
        ran.must_exit(1);
    }
}

#[test]
fn a_witness_behind_tls_cosigns_and_an_authority_behind_it_is_heard() {
    let (stage, key, witness) = desk();
    let root = Authority::new("root");
    stage.write("roots.pem", Authority::new("another").pem + &root.pem);
    let serving = Serving::start(&stage, "w");
    let port = host(root.host("localhost", 2100), move |request| serving.answer(request).into_bytes());
    let url = format!("https://localhost:{port}");
    let trust = ["--ca-file", "roots.pem"];
    let line = said(&stage, &[&["cosign", "--witness", &url, "--key", &witness], &trust[..]].concat());
    assert!(line.starts_with("— witness.example/w "), "{line}");
    stage.write("newest", said(&stage, &["checkpoint", "--newest"]));
    stage.write("policy", format!("log {key}\nwitness w {witness}\nquorum w\n"));
    stage.ran(&["check", "newest", "--policy", "policy"], b"").must_exit(0);
    let busy = host(root.host("localhost", 2100), |_| answering("503 Busy", b"later"));
    let ran = ran(&stage, &[&["anchor", "--authority", &format!("https://localhost:{busy}")], &trust[..]].concat());
    assert!(ran.stderr.contains("the authority answered 503"), "{}", ran.shown());
    ran.must_exit(1);
}

#[test]
fn an_answer_is_bounded_and_nobody_else_is_asked_for_it() {
    let (stage, ..) = desk();
    let root = Authority::new("root");
    stage.write("root.pem", &root.pem);
    let trust: &[&str] = &["--ca-file", "root.pem"];
    let long = host(root.host("localhost", 2100), |_| answering("200 OK", &vec![b'x'; 1_100_000]));
    check(&stage, &format!("https://localhost:{long}"), trust, "limit");
    let elsewhere = listening(drop);
    for scheme in ["http", "https"] {
        let head = format!("307 Temporary Redirect\r\nLocation: {scheme}://localhost:{elsewhere}/");
        let moved = host(root.host("localhost", 2100), move |_| answering(&head, b""));
        let ran = ran(&stage, &[&["cosign", "--witness", &format!("https://localhost:{moved}")], trust].concat());
        assert!(ran.stderr.contains("the witness answered 307"), "{}", ran.shown());
        ran.must_exit(1);
    }
}
