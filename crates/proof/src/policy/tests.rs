//! Policies that are refused line by line, and which checkpoints the others believe.

use ofrecord_log::Hash;

use super::*;
use crate::cosignature::CosigningKey;
use crate::note::{KeyError, OpenError, SigningKey};

const ORIGIN: &str = "log.example/policy";

fn log() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn witness(number: u8) -> CosigningKey {
    CosigningKey::from_seed(format!("witness.example/{number}").parse().unwrap(), &[100 + number; 32])
}

/// The text with `L` for the log's key and `W1` to `W5` for those of witnesses.
fn policy_text(text: &str) -> String {
    let text = text.replace("<L>", &log().verifier().to_string());
    (1..=5).fold(text, |text, number| text.replace(&format!("<{number}>"), &witness(number).verifier().to_string()))
}

fn policy(text: &str) -> Policy {
    policy_text(text).parse().unwrap()
}

#[test]
fn a_text_that_is_no_policy_is_refused() {
    let cases = [
        (String::new(), PolicyError::NoQuorum),
        ("log <L>\n".to_owned(), PolicyError::NoQuorum),
        ("quorum none".to_owned(), PolicyError::Unfinished),
        ("quorum none\r\n".to_owned(), PolicyError::Control { at: 11 }),
        ("quorum\u{7f}none\n".to_owned(), PolicyError::Control { at: 6 }),
        ("#".repeat(POLICY_BYTES_MAX + 1), PolicyError::TooLong { bytes: POLICY_BYTES_MAX + 1 }),
    ];
    for (text, expected) in cases {
        assert_eq!(policy_text(&text).parse::<Policy>(), Err(expected), "{text:.80}");
    }
}

#[test]
fn a_line_that_defines_nothing_is_refused() {
    let name = |name: &str| LineProblem::Name { name: name.to_owned() };
    let undefined = |name: &str| LineProblem::Undefined { name: name.to_owned() };
    let member = |name: &str| LineProblem::Member { name: name.to_owned() };
    let two = "witness a <1>\nwitness b <2>\n";
    let cases = [
        ("", "log", LineProblem::Form),
        ("", "log <L> url more", LineProblem::Form),
        ("", "Log <L>", LineProblem::Form),
        ("", "witness a", LineProblem::Form),
        ("", "quorum", LineProblem::Form),
        ("", "quorum none none", LineProblem::Form),
        ("", "log none", LineProblem::Key(KeyError::Form)),
        ("", "log <1>", LineProblem::Algorithm { algorithm: Algorithm::Cosignature }),
        ("", "witness a <L>", LineProblem::Algorithm { algorithm: Algorithm::Note }),
        ("log <L>\n", "log <L>", LineProblem::RepeatedKey),
        ("witness a <1>\n", "witness b <1>", LineProblem::RepeatedKey),
        ("witness a <1>\n", "witness a <2>", name("a")),
        ("", "witness none <1>", name("none")),
        (two, "group a any b", name("a")),
        (two, "group none any b", name("none")),
        ("", "group g any a", undefined("a")),
        (two, "group g any g", undefined("g")),
        (two, "group g any none", undefined("none")),
        (two, "group g any a a", member("a")),
        ("witness a <1>\ngroup f any a\n", "group g any a", member("a")),
        (two, "group g any", LineProblem::Threshold),
        (two, "group g 0 a b", LineProblem::Threshold),
        (two, "group g 3 a b", LineProblem::Threshold),
        (two, "group g 01 a b", LineProblem::Threshold),
        (two, "group g some a b", LineProblem::Threshold),
        ("", "quorum a", undefined("a")),
        ("quorum none\n", "quorum none", LineProblem::SecondQuorum),
    ];
    for (before, line, problem) in cases {
        let number = before.lines().count() + 1;
        let text = policy_text(&format!("{before}{line}\nquorum none\n"));
        assert_eq!(text.parse::<Policy>(), Err(PolicyError::Line { line: number, problem }), "{before}{line}");
    }
}

#[test]
fn a_policy_has_no_more_definitions_than_it_may() {
    let key = |seed: u16| {
        let seed: [u8; 32] = std::array::from_fn(|at| if at < 2 { seed.to_be_bytes()[at] } else { 0 });
        SigningKey::from_seed(ORIGIN.parse().unwrap(), &seed).verifier()
    };
    let lines = |count: u16| (0..count).map(|seed| format!("log {}\n", key(seed))).collect::<String>();
    let (most, more) = (lines(256), lines(257));
    assert!(format!("{most}quorum none\n").parse::<Policy>().is_ok());
    let refused = PolicyError::Line { line: 257, problem: LineProblem::TooMany };
    assert_eq!(format!("{more}quorum none\n").parse::<Policy>(), Err(refused));
}

#[test]
fn a_policy_prints_the_text_that_it_was_read_from() {
    let text = policy_text("  # logs\n\nlog\t<L>  https://log.example/\n\twitness ä <1>\n#quorum none\nquorum  ä \n");
    assert_eq!(text.parse::<Policy>().unwrap().to_string(), text);
}

#[test]
fn a_checkpoint_is_believed_when_a_log_signed_it_and_the_quorum_cosigned() {
    let five = "log <L>\nwitness 1 <1>\nwitness 2 <2>\nwitness 3 <3>\nwitness 4 <4>\nwitness 5 <5>\n";
    let nested = format!("{five}group x 2 1 2 3\ngroup y any 4 5\ngroup both all x y\nquorum both\n");
    let all = format!("{five}group all all 1 2 3 4 5\nquorum all\n");
    let checkpoint = Checkpoint::new(ORIGIN, 9, Hash([9; 32])).unwrap();
    let text = checkpoint.to_string();
    for (rules, cosigners, believed) in [
        (format!("{five}quorum none\n"), &[][..], true),
        (format!("{five}quorum 3\n"), &[1, 2, 4, 5], false),
        (format!("{five}quorum 3\n"), &[3], true),
        (nested.clone(), &[1, 2], false),
        (nested.clone(), &[1, 4, 5], false),
        (nested.clone(), &[], false),
        (nested, &[1, 3, 5], true),
        (all.clone(), &[1, 2, 3, 4], false),
        (all, &[5, 4, 3, 2, 1], true),
    ] {
        let mut note = log().sign(&text).unwrap();
        for number in cosigners {
            note.add(witness(*number).cosign(&checkpoint, 1_700_000_000)).unwrap();
        }
        let policy = policy(&rules);
        let opened = policy.open(&note);
        assert_eq!(opened.is_ok(), believed, "{cosigners:?} under\n{rules}");
        match opened {
            Ok(opened) => {
                assert_eq!((opened.checkpoint, opened.verified.len()), (checkpoint.clone(), 1 + cosigners.len()))
            }
            Err(NotBelieved::Quorum { cosigned, .. }) => assert_eq!(cosigned.len(), cosigners.len()),
            Err(NotBelieved::Checkpoint(error)) => panic!("{error}"),
        }
    }
}

#[test]
fn a_checkpoint_of_another_log_or_with_a_wrong_cosignature_is_not_believed() {
    let policy = policy("log <L>\nwitness 1 <1>\nquorum 1\n");
    let checkpoint = Checkpoint::new(ORIGIN, 9, Hash([9; 32])).unwrap();
    let older = Checkpoint::new(ORIGIN, 8, Hash([9; 32])).unwrap();
    let cosignature = witness(1).cosign(&checkpoint, 1_700_000_000);
    let by_witnesses = SignedNote::new(&checkpoint.to_string(), cosignature.clone()).unwrap();
    let not_by_the_log = CheckpointOpenError::NotByTheLog { origin: ORIGIN.to_owned() };
    assert_eq!(policy.open(&by_witnesses), Err(not_by_the_log.into()));
    let mut wrong = log().sign(&older.to_string()).unwrap();
    wrong.add(cosignature).unwrap();
    let name = witness(1).verifier().name().clone();
    let refused = OpenError::Signature { name, id: witness(1).verifier().id() };
    assert_eq!(policy.open(&wrong), Err(CheckpointOpenError::Open(refused).into()));
    assert_eq!(policy.keys(), [log().verifier(), witness(1).verifier()]);
}
