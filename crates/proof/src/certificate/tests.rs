//! Which texts are certificates, and whose signature counts.

use super::*;
use crate::checkpoint::Checkpoint;
use crate::note::SigningKey;

const ORIGIN: &str = "ledger.example/page";

fn certificate() -> Certificate {
    Certificate::new("replay v1", ORIGIN, (5, Hash([1; 32])), Hash([2; 32])).unwrap()
}

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

#[test]
fn what_could_be_taken_for_something_else_is_refused() {
    let with = |kind: &str, origin: &str, size: u64| {
        Certificate::new(kind, origin, (size, Hash([1; 32])), Hash([2; 32])).err()
    };
    for kind in ["", "1", "12 v1", "a\nb", "\n", "Replay"] {
        assert_eq!(with(kind, ORIGIN, 5), Some(CertificateError::Kind), "{kind:?}");
    }
    for origin in ["", "a\nb"] {
        assert_eq!(with("replay v1", origin, 5), Some(CertificateError::Origin), "{origin:?}");
    }
    assert_eq!(with("replay v1", ORIGIN, u64::MAX), Some(CertificateError::Size));
    let text = certificate().to_string();
    assert!(text.parse::<Checkpoint>().is_err(), "it is no checkpoint");
    let checkpoint = Checkpoint::new(HEADER, 5, Hash([1; 32])).unwrap().to_string();
    assert!(checkpoint.parse::<Certificate>().is_err(), "a checkpoint of a log called so is no certificate");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for missing in 0..lines.len() {
        let kept = lines.iter().enumerate().filter(|(index, _)| *index != missing).map(|(_, line)| *line);
        assert!(kept.collect::<String>().parse::<Certificate>().is_err(), "without line {missing}");
    }
    for wrong in [format!("{text}\n"), format!(" {text}"), text.trim_end().to_owned(), text.replace("\n5\n", "\n05\n")]
    {
        assert!(wrong.parse::<Certificate>().is_err(), "{wrong:?}");
    }
}

#[test]
fn a_certificate_is_read_as_written() {
    let text = certificate().to_string();
    assert_eq!(text.parse(), Ok(certificate()));
    assert!(text.starts_with("ofrecord certificate v1\nreplay v1\nledger.example/page\n5\nAQEB"), "{text}");
    assert!(text.ends_with(&format!("\n{}\n", Hash([2; 32]))), "{text}");
}

#[test]
fn only_a_key_of_the_log_vouches() {
    let text = certificate().to_string();
    let by =
        |signer: &SigningKey, known: &[VerifierKey]| Certificate::open(&signer.sign(&text).unwrap(), known).is_ok();
    let (right, other) = (key(ORIGIN, 1), key("other.example", 2));
    assert!(by(&right, &[right.verifier()]) && by(&right, &[other.verifier(), right.verifier()]));
    assert!(!by(&other, &[other.verifier()]) && !by(&right, &[other.verifier()]) && !by(&right, &[]));
    assert!(!by(&key(ORIGIN, 3), &[right.verifier()]), "another key of the same name");
}
