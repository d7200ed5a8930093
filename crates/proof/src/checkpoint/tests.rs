//! Checkpoints that are refused, and who has to have signed the others.

use super::*;
use crate::cosignature::CosigningKey;
use crate::note::SigningKey;

const ROOT: &str = "XFf4d4tdlcJ8o3Q/BfTTX+RCG4mk9lpShVboB6cdQbA=";

#[test]
fn a_text_that_is_no_checkpoint_is_refused() {
    let cases = [
        (String::new(), CheckpointError::Origin),
        ("log.example".to_owned(), CheckpointError::Origin),
        (format!("\n300\n{ROOT}\n"), CheckpointError::Origin),
        (format!("log\t.example\n300\n{ROOT}\n"), CheckpointError::Origin),
        ("log.example\n300".to_owned(), CheckpointError::Size),
        (format!("log.example\n0300\n{ROOT}\n"), CheckpointError::Size),
        (format!("log.example\n+300\n{ROOT}\n"), CheckpointError::Size),
        (format!("log.example\n9223372036854775808\n{ROOT}\n"), CheckpointError::Size),
        (format!("log.example\n300\n{ROOT}"), CheckpointError::Root),
        (format!("log.example\n300\n{}\n", &ROOT[4..]), CheckpointError::Root),
        (format!("log.example\n300\n{ROOT} \n"), CheckpointError::Root),
        (format!("log.example\n300\n{}\n", ROOT.trim_end_matches('=')), CheckpointError::Root),
        (format!("log.example\n300\n{ROOT}\n\n"), CheckpointError::Extension),
        (format!("log.example\n300\n{ROOT}\nextension"), CheckpointError::Extension),
        (format!("log.example\n300\n{ROOT}\nextension\n"), CheckpointError::Extension),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<Checkpoint>(), Err(expected), "{text:?}");
    }
}

#[test]
fn a_checkpoint_that_could_not_be_read_back_is_not_made() {
    for (origin, size, expected) in [
        ("", 1, CheckpointError::Origin),
        ("two\nlines", 1, CheckpointError::Origin),
        ("log.example", 1 << 63, CheckpointError::Size),
    ] {
        assert_eq!(Checkpoint::new(origin, size, Hash([0; 32])), Err(expected));
    }
}

#[test]
fn a_checkpoint_prints_what_it_was_read_from() {
    for text in [format!("log.example/a\n300\n{ROOT}\n"), format!("a database tree\n0\n{ROOT}\n")] {
        let checkpoint: Checkpoint = text.parse().unwrap();
        assert_eq!(checkpoint.to_string(), text);
    }
}

#[test]
fn a_checkpoint_is_opened_by_a_key_of_its_log_alone() {
    let log = SigningKey::from_seed("log.example".parse().unwrap(), &[1; 32]);
    let other = SigningKey::from_seed("other.example".parse().unwrap(), &[2; 32]);
    let cosigner = CosigningKey::from_seed("log.example".parse().unwrap(), &[3; 32]);
    let checkpoint = Checkpoint::new("log.example", 7, Hash([4; 32])).unwrap();
    let text = checkpoint.to_string();
    let keys = [log.verifier(), other.verifier(), cosigner.verifier()];
    let mut note = other.sign(&text).unwrap();
    note.add(cosigner.cosign(&checkpoint, 1_700_000_000)).unwrap();
    let refused = CheckpointOpenError::NotByTheLog { origin: "log.example".to_owned() };
    assert_eq!(Checkpoint::open(&note, &keys), Err(refused));
    note.add(log.signature_of(&text)).unwrap();
    let opened = Checkpoint::open(&note, &keys).unwrap();
    let times: Vec<_> = opened.verified.iter().map(|one| (one.key.name().as_str(), one.time)).collect();
    assert_eq!(opened.checkpoint, checkpoint);
    assert_eq!(times, [("other.example", None), ("log.example", Some(1_700_000_000)), ("log.example", None)]);
    let no_checkpoint = log.sign("text\n").unwrap();
    let refused = CheckpointOpenError::Checkpoint(CheckpointError::Size);
    assert_eq!(Checkpoint::open(&no_checkpoint, &keys), Err(refused));
}
