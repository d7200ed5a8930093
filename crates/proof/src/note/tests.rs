//! Notes and keys: what is refused, what is passed over, and the published example.

use super::*;

/// The example of C2SP signed-note v1.0.0 and its key.
const EXAMPLE: &str = "This is an example message.\n\n— example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

fn refused(note: &[u8], expected: NoteError) {
    assert_eq!(SignedNote::from_bytes(note), Err(expected), "{:?}", String::from_utf8_lossy(note));
}

#[test]
fn a_text_that_is_no_note_is_refused() {
    let line = "— a AAAAAAA=\n";
    refused(b"", NoteError::Unsigned);
    refused(b"text\n", NoteError::Unsigned);
    refused(b"text\n\n", NoteError::Unsigned);
    refused(line.as_bytes(), NoteError::Unsigned);
    refused(format!("text\n{line}").as_bytes(), NoteError::Unsigned);
    refused(b"text\n\nnot signed\n", NoteError::SignatureLine { line: 1 });
    refused(format!("text\n\n{line}x\n").as_bytes(), NoteError::SignatureLine { line: 2 });
    refused(format!("text\n\n{}", line.trim_end()).as_bytes(), NoteError::SignatureLine { line: 1 });
    refused(format!("te\txt\n\n{line}").as_bytes(), NoteError::Control { at: 2 });
    refused(format!("text\r\n\n{line}").as_bytes(), NoteError::Control { at: 4 });
    refused(b"te\xffxt\n\n", NoteError::Utf8 { at: 2 });
    refused(&vec![b'a'; NOTE_BYTES_MAX + 1], NoteError::TooLong { bytes: NOTE_BYTES_MAX + 1 });
    refused(format!("text\n\n{}", line.repeat(SIGNATURES_MAX + 1)).as_bytes(), NoteError::TooManySignatures);
}

#[test]
fn a_line_that_is_no_signature_is_refused() {
    // A name and at least one byte below the id; single spaces; a hyphen is no dash.
    let lines = ["—a AAAAAAA=", "- a AAAAAAA=", "—  a AAAAAAA=", "— a  AAAAAAA=", "— a AAAAAAA= ", "— a+b AAAAAAA="];
    let too_short = ["— a", "— a ", "— a AAAA", "— a AAAAAA==", "— a AAAAAAB=", "—  AAAAAAA=", "— a AAAAAAA"];
    for line in lines.into_iter().chain(too_short) {
        refused(format!("text\n\n{line}\n").as_bytes(), NoteError::SignatureLine { line: 1 });
    }
}

#[test]
fn a_text_that_cannot_be_read_back_is_not_signed() {
    let key = key("a", 1);
    for (text, expected) in [
        ("", NoteError::UnfinishedText),
        ("text", NoteError::UnfinishedText),
        ("text\t\n", NoteError::Control { at: 4 }),
    ] {
        assert_eq!(key.sign(text), Err(expected), "{text:?}");
    }
    let long = format!("{}\n", "a".repeat(NOTE_BYTES_MAX - 1));
    assert!(matches!(key.sign(&long), Err(NoteError::TooLong { .. })));
}

#[test]
fn a_note_takes_no_more_signatures_than_it_may_have() {
    let key = key("a", 1);
    let mut note = key.sign("text\n").unwrap();
    for _ in 1..SIGNATURES_MAX {
        note.add(key.signature_of("text\n")).unwrap();
    }
    assert_eq!(note.add(key.signature_of("text\n")), Err(NoteError::TooManySignatures));
    assert_eq!(note.signatures().len(), SIGNATURES_MAX);
    assert_eq!(note.to_string().parse(), Ok(note));
}

#[test]
fn a_wrong_signature_of_a_known_key_rejects_the_note_and_an_unknown_key_is_passed_over() {
    let (log, other) = (key("log.example", 1), key("other.example", 2));
    let (known, both) = ([log.verifier()], [log.verifier(), other.verifier()]);
    let mut note = log.sign("text\n").unwrap();
    note.add(other.signature_of("another text\n")).unwrap();
    assert_eq!(note.open(&known), Ok(vec![Verified { key: &known[0], time: None }]));
    let wrong = OpenError::Signature { name: other.verifier().name().clone(), id: other.verifier().id() };
    assert_eq!(note.open(&both), Err(wrong));
    assert_eq!(note.open(&[]), Err(OpenError::NoKnownKey));
    assert_eq!(note.open(&[key("log.example", 3).verifier()]), Err(OpenError::NoKnownKey));
    let mut twice = log.sign("text\n").unwrap();
    twice.add(log.signature_of("text\n")).unwrap();
    assert_eq!(twice.open(&known).map(|verified| verified.len()), Ok(1));
    twice.add(log.signature_of("another text\n")).unwrap();
    assert!(matches!(twice.open(&known), Err(OpenError::Signature { .. })));
}

#[test]
fn a_key_of_another_algorithm_is_kept_and_never_vouches() {
    let text = format!("log.example+00000007+{}", spelling::base64(&[&[6][..], &[9; 1312]].concat()));
    let other: VerifierKey = text.parse().unwrap();
    assert_eq!((other.algorithm(), other.public_bytes().len()), (Algorithm::Other(6), 1312));
    assert_eq!(other.to_string(), text);
    let line = NoteSignature::new(other.name().clone(), other.id(), vec![1; 64]);
    assert_eq!(SignedNote::new("text\n", line).unwrap().open(&[other]), Err(OpenError::NoKnownKey));
}

#[test]
fn a_text_that_is_no_key_is_refused() {
    let right = key("log.example", 1).verifier();
    let (algorithm, computed) = (Algorithm::Note, right.id());
    let text = right.to_string();
    let base64 = text.rsplit_once('+').unwrap().1;
    let id = computed.to_string();
    let cases = [
        (String::new(), KeyError::Form),
        ("log.example".to_owned(), KeyError::Form),
        (format!("log.example+{id}"), KeyError::Form),
        (format!("+{id}+{base64}"), KeyError::Name),
        (format!("log example+{id}+{base64}"), KeyError::Name),
        (format!("log\u{a0}example+{id}+{base64}"), KeyError::Name),
        (format!("log.example+{}+{base64}", id.to_uppercase()), KeyError::Form),
        (format!("log.example+{}+{base64}", &id[1..]), KeyError::Form),
        (format!("log.example+{id}+{base64}="), KeyError::Form),
        (format!("log.example+{id}+"), KeyError::Form),
        (format!("log.example+{id}+{}", spelling::base64(&[1; 32])), KeyError::Bytes { algorithm }),
        (format!("log.example+00000000+{base64}"), KeyError::Id { told: KeyId([0; 4]), computed }),
    ];
    assert_ne!(id, id.to_uppercase(), "the case of the id must be able to differ");
    for (text, expected) in cases {
        assert_eq!(text.parse::<VerifierKey>(), Err(expected), "{text}");
    }
    assert_eq!(text.parse(), Ok(right));
}

#[test]
fn a_private_key_is_read_as_written_and_never_shown() {
    let key = key("log.example", 0xa7);
    let text = key.to_private_text();
    assert_eq!(text.parse::<SigningKey>().unwrap().verifier(), key.verifier());
    assert_eq!(format!("{key:?}"), "SigningKey { name: KeyName(\"log.example\"), .. }");
    let id = key.verifier().id();
    let cosigner = format!("PRIVATE+KEY+log.example+{id}+{}", spelling::base64(&[&[4][..], &[0xa7; 32]].concat()));
    let renamed = text.replace("log.example", "log.example/2");
    let algorithm = Algorithm::Note;
    for (text, expected) in [
        (&text[..text.len() - 4], KeyError::Bytes { algorithm }),
        (text.trim_start_matches("PRIVATE+"), KeyError::Form),
        (cosigner.as_str(), KeyError::Bytes { algorithm }),
    ] {
        assert_eq!(text.parse::<SigningKey>().unwrap_err(), expected);
    }
    assert!(matches!(renamed.parse::<SigningKey>(), Err(KeyError::Id { .. })));
}

#[test]
fn the_published_example_is_read_and_verified() {
    let note: SignedNote = EXAMPLE.parse().unwrap();
    let keys = [EXAMPLE_KEY.parse::<VerifierKey>().unwrap()];
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), EXAMPLE);
    assert_eq!(note.open(&keys), Ok(vec![Verified { key: &keys[0], time: None }]));
    assert_eq!(keys[0].to_string(), EXAMPLE_KEY);
}

#[test]
fn the_text_ends_at_the_last_blank_line() {
    let key = key("log.example", 1);
    for text in ["\n", "one\n\ntwo\n", "one\n\n\n", "one\n\n— log.example AAAAAAA=\n"] {
        let note = key.sign(text).unwrap();
        let read: SignedNote = note.to_string().parse().unwrap();
        assert_eq!((read.text(), &read), (text, &note));
        assert!(read.open(&[key.verifier()]).is_ok());
    }
}
