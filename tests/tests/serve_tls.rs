//! `ofrecord serve` over TLS: a certificate that cannot be used, and what is answered through one that can.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ofrecord_acceptance::serving::Serving;
use ofrecord_acceptance::stage::Stage;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A certificate for this machine that vouches for itself, with its key, in files.
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    der: CertificateDer<'static>,
}

fn shown(folder: &Path, name: &str) -> Shown {
    let pair = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&pair).unwrap();
    let shown = Shown {
        certificate: folder.join(format!("{name}.crt")),
        key: folder.join(format!("{name}.key")),
        der: certificate.der().clone(),
    };
    fs::write(&shown.certificate, certificate.pem()).unwrap();
    fs::write(&shown.key, pair.serialize_pem()).unwrap();
    shown
}

/// What is answered to a request over TLS by whoever shows a certificate that is trusted.
fn answer(serving: &Serving, trusted: &Shown, request: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(serving.url.strip_prefix("https://").unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn what_tls_cannot_be_spoken_with_is_refused_before_anything_listens() {
    let stage = Stage::empty();
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (shown(folder.path(), "one"), shown(folder.path(), "other"));
    let missing = folder.path().join("missing");
    for (certificate, key) in
        [(&one.certificate, &other.key), (&one.key, &one.key), (&one.certificate, &missing), (&missing, &one.key)]
    {
        let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
        let ran = stage.ran(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key], b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.shown());
    }
    let ran = stage.ran(&["serve", "--tls-cert", one.certificate.to_str().unwrap()], b"");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
}

#[test]
fn a_certificate_that_is_put_in_place_of_another_is_shown_to_the_next_connection() {
    let stage = Stage::with_story();
    let folder = tempfile::tempdir().unwrap();
    let (own, next) = (shown(folder.path(), "own"), shown(folder.path(), "next"));
    let (certificate, key) = (own.certificate.to_str().unwrap(), own.key.to_str().unwrap());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key];
    let mut serving = Serving::listening(&stage, &arguments);
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let shows = |shown: &Shown| answer(&serving, shown, request).is_ok();
    assert!(shows(&own) && !shows(&next));
    fs::rename(&next.certificate, &own.certificate).unwrap();
    assert!(shows(&own), "without its key the new one cannot be shown, and the old one goes on");
    fs::rename(&next.key, &own.key).unwrap();
    assert!(shows(&next) && !shows(&own));
    fs::write(&own.certificate, "no certificate").unwrap();
    assert!(shows(&next), "what cannot be read changes nothing");
    let (code, said) = serving.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("could not use the certificate that changed"), "{said}");
}

#[test]
fn whoever_trusts_the_certificate_is_answered_and_plain_http_is_not() {
    let stage = Stage::with_story();
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (shown(folder.path(), "own"), shown(folder.path(), "other"));
    let (certificate, key) = (own.certificate.to_str().unwrap(), own.key.to_str().unwrap());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key];
    let mut serving = Serving::listening(&stage, &arguments);
    let request = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let said = answer(&serving, &own, request).unwrap();
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    assert!(said.contains("strict-transport-security: max-age="), "{said}");
    assert!(answer(&serving, &other, request).is_err(), "a certificate that is not trusted");
    let mut plain = TcpStream::connect(serving.url.strip_prefix("https://").unwrap()).unwrap();
    plain.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    plain.read_to_end(&mut bytes).unwrap_or_default();
    assert!(!bytes.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(serving.ended(), (Some(0), String::new()));
}
