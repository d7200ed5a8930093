//! Envelopes read back as composed, and anything else is refused with its reason.

use super::*;

fn hash(number: u8) -> Hash {
    Hash([number; 32])
}

fn link(stream: &str, version: u64) -> StreamLink {
    StreamLink { stream: stream.to_owned(), version, previous: (version > 0).then(|| hash(9)) }
}

fn composed(streams: &[StreamLink], decision: &str) -> Result<Vec<u8>, EntryError> {
    composed_as(EntryFormat::One, streams, decision)
}

fn composed_as(format: EntryFormat, streams: &[StreamLink], decision: &str) -> Result<Vec<u8>, EntryError> {
    compose(&EntryParts {
        format,
        position: 41,
        recorded_at: "2026-02-03T04:05:06.1234567Z",
        command_id: Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        request_hash: hash(0xab),
        streams,
        decision: decision.as_bytes(),
    })
}

#[test]
fn an_entry_reads_back_as_composed() {
    let streams = [link("customer/1", 0), link("partner/2", 7)];
    let bytes = composed(&streams, "{\"kind\":\"x\",\"list\":[1,2]}").unwrap();
    let envelope = Envelope::parse(&bytes).unwrap();
    assert_eq!(envelope.position, 41);
    assert_eq!(envelope.recorded_at, "2026-02-03T04:05:06.1234567Z");
    assert_eq!(envelope.command_id.to_string(), "01234567-89ab-cdef-0123-456789abcdef");
    assert_eq!(envelope.request_hash, hash(0xab));
    assert_eq!(envelope.streams, streams);
    assert_eq!(envelope.decision.get(), "{\"kind\":\"x\",\"list\":[1,2]}");
}

#[test]
fn each_format_reads_back_as_itself_and_differs_in_its_number_alone() {
    let streams = [link("customer/1", 0)];
    let first = String::from_utf8(composed_as(EntryFormat::One, &streams, "{}").unwrap()).unwrap();
    for (format, number) in EntryFormat::ALL.into_iter().zip(1..) {
        assert_eq!(format.number(), number);
        let bytes = composed_as(format, &streams, "{}").unwrap();
        assert_eq!(Envelope::parse(&bytes).unwrap().format, format);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, first.replace("\"format\":1", &format!("\"format\":{number}")));
    }
    assert_eq!(EntryFormat::ALL.last(), Some(&EntryFormat::NEWEST));
}

#[test]
fn parts_that_are_not_allowed_are_refused() {
    let refused = |streams: &[StreamLink]| composed(streams, "{}").unwrap_err();
    assert!(matches!(refused(&[]), EntryError::StreamCount { count: 0, .. }));
    let five: Vec<_> = (0..5).map(|number| link(&format!("s/{number}"), 0)).collect();
    assert!(matches!(refused(&five), EntryError::StreamCount { count: 5, .. }));
    assert!(matches!(refused(&[link("a", 0), link("a", 0)]), EntryError::StreamRepeated { .. }));
    for name in ["", "a b", "a\"b", "a\\b", "ü", "a\n", &"x".repeat(201)] {
        assert!(matches!(refused(&[link(name, 0)]), EntryError::Field { field: "stream", .. }), "{name}");
    }
    let headless = StreamLink { previous: None, ..link("a", 3) };
    assert!(matches!(refused(&[headless]), EntryError::Field { field: "previous", .. }));
    let early = StreamLink { previous: Some(hash(1)), ..link("a", 0) };
    assert!(matches!(refused(&[early]), EntryError::Field { field: "previous", .. }));
    assert!(matches!(composed(&[link("a", 0)], "{\"a\": 1}"), Err(EntryError::Canonical(_))));
    let longer = format!("{{\"t\":\"{}\"}}", "x".repeat(65_500));
    assert!(matches!(
        composed(&[link("a", 0)], &longer[..]),
        Err(EntryError::Canonical(CanonicalError::TooLong { .. }))
    ));
}

#[test]
fn stored_bytes_with_other_fields_are_refused() {
    let sound = String::from_utf8(composed(&[link("a", 0)], "{}").unwrap()).unwrap();
    let check = |from: &str, to: &str, expected: fn(&EntryError) -> bool| {
        assert!(sound.contains(from), "{from}");
        let error = Envelope::parse(sound.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(expected(&error), "{from} to {to}: {error:?}");
    };
    check("\"format\":1", "\"format\":3", |error| matches!(error, EntryError::NewerFormat { format: 3, newest: 2 }));
    check("\"format\":1", "\"format\":9,\"future\":{}", |error| {
        matches!(error, EntryError::NewerFormat { format: 9, .. })
    });
    check("\"format\":1", "\"format\":0", |error| matches!(error, EntryError::Field { field: "format", .. }));
    check("\"format\":1,", "", |error| matches!(error, EntryError::Shape { .. }));
    check("\"decision\":{}", "\"decision\":{},\"extra\":1", |error| matches!(error, EntryError::Shape { .. }));
    check("89ab-cdef-", "89AB-cdef-", |error| matches!(error, EntryError::Field { field: "command_id", .. }));
    check("06.1234567Z", "06.123456Z", |error| matches!(error, EntryError::Field { field: "recorded_at", .. }));
    check("06.1234567Z", "06.1234567+", |error| matches!(error, EntryError::Field { field: "recorded_at", .. }));
    check("abababab", "ABABabab", |error| matches!(error, EntryError::Field { field: "request_hash", .. }));
}

/// Numbers that follow from a seed (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const DECISIONS: &[&str] = &[
    "{}",
    "0",
    "\"\"",
    "[1,-2,{\"a\":null}]",
    "{\"a\":\"}\",\"b\":\"\\\"},\\\\\",\"c\":\"ü \\u0007\"}",
    "{\"kind\":\"x\",\"list\":[true,false],\"text\":\"tab\\t {[\\\"]}\"}",
    "{\"redacted\":\"abababababababababababababababababababababababababababababababab\"}",
    "{\"decision\":{\"format\":9},\"position\":9007199254740991,\"streams\":[]}",
];

fn drawn(draws: &mut Draws) -> Vec<u8> {
    let streams: Vec<StreamLink> = (0..=draws.below(STREAMS_MAX))
        .map(|number| {
            let name = format!("{}/{number}", draws.of(&["customer", "p", "~!{}[],:"]));
            link(&name, draws.of(&[0, 1, 9, 10, INTEGER_MAX]))
        })
        .collect();
    compose(&EntryParts {
        format: draws.of(&EntryFormat::ALL),
        position: draws.of(&[0, 1, 41, 9_999, INTEGER_MAX]),
        recorded_at: draws.of(&["2026-02-03T04:05:06.1234567Z", "0000-99-99T99:99:99.9999999Z"]),
        command_id: Uuid::from_u128(u128::from(draws.0) << 64 | u128::from(draws.0)),
        request_hash: hash(0xab),
        streams: &streams,
        decision: draws.of(DECISIONS).as_bytes(),
    })
    .unwrap()
}

/// The same bytes but for one place: a byte put there, taken out or replaced, or a piece of JSON put there.
fn changed(mut bytes: Vec<u8>, draws: &mut Draws) -> Vec<u8> {
    const PIECES: &[&str] =
        &[" ", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "\\u0041", "\"format\":1,", "ü", ",{}", "-"];
    let at = draws.below(bytes.len());
    match draws.below(5) {
        0 => drop(bytes.remove(at)),
        1 => bytes[at] = u8::try_from(draws.below(256)).unwrap(),
        2 => bytes[at] = draws.of(b"09afAFzZ\"\\{}[],: ~\x7f"),
        3 => bytes.truncate(at),
        _ => drop(bytes.splice(at..at, draws.of(PIECES).bytes())),
    }
    bytes
}

/// Bytes are read as entries are spelled exactly where they are canonical and an entry to the reader of any JSON.
fn check_spelling(bytes: &[u8]) -> bool {
    let canonical = crate::canonical::check_canonical(bytes).is_ok();
    let expected = loose::read(bytes).ok().filter(|_| canonical);
    let read = spelled::read(bytes);
    assert_eq!(read, expected, "{}", String::from_utf8_lossy(bytes));
    assert_eq!(EnvelopeRef::parse(bytes).ok(), read);
    assert_eq!(EnvelopeRef::parse_canonical(bytes), loose::read(bytes));
    read.is_some()
}

#[test]
fn what_is_spelled_as_entries_are_is_read_as_any_json_would_be() {
    const SEED: u64 = 11;
    let mut draws = Draws(SEED);
    let mut read = 0;
    for _ in 0..2_000 {
        let entry = drawn(&mut draws);
        assert!(check_spelling(&entry), "{}", String::from_utf8_lossy(&entry));
        let mut bytes = entry;
        for _ in 0..10 {
            bytes = changed(bytes, &mut draws);
            if bytes.is_empty() || !check_spelling(&bytes) {
                bytes = drawn(&mut draws);
            } else {
                read += 1;
            }
        }
    }
    println!("seed {SEED}: {read} of 20000 changed entries were read");
    assert!(read > 500, "{read}");
}

#[test]
fn fields_in_another_order_and_with_spaces_are_read_where_they_need_not_be_canonical() {
    let entry = composed(&[link("a", 0), link("b", 3)], "{\"b\":1,\"c\":\"ü\"}").unwrap();
    let text = String::from_utf8(entry.clone()).unwrap();
    let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let backwards: Vec<String> = value.iter().rev().map(|(key, value)| format!("\"{key}\" : {value}")).collect();
    let backwards = format!("{{{}}}", backwards.join(" ,\n"));
    assert!(!check_spelling(backwards.as_bytes()));
    let (one, other) =
        (EnvelopeRef::parse_canonical(backwards.as_bytes()).unwrap(), EnvelopeRef::parse(&entry).unwrap());
    assert_eq!(one, other);
    assert_eq!(one.to_envelope().unwrap().borrowed(), other);
}
