//! Fixtures broken at random: whatever the bytes, reading ends, and the same bytes read the same.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ofrecord_core::{Actor, ActorKind, Cloud};
use ofrecord_interop::{Context, read, request_of};

/// How many mutants of the fixtures are read.
const MUTANTS: u64 = 4_000;

/// A small generator (xorshift), so that a seed is all it takes to see a failure again.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("a length is a u64");
        usize::try_from(self.next() % end).expect("less than a length")
    }
}

/// Pieces that matter to a reader of JSON.
const PIECES: &[&[u8]] = &[
    b"null",
    b"{}",
    b"[]",
    b"\"\"",
    b"-1",
    b"1e308",
    b"18446744073709551616",
    b"\"\\u0000\"",
    b"\"\xc3\xbc\"",
    b",",
    b"}",
    b"]",
    b"\"",
    b"\\",
    b"\n",
    b"{\"id\":null}",
    b"[[[[[[",
    b"\xef\xbb\xbf",
    b"\xff",
    b"true",
    b"\"9999-12-31T23:59:59.9999999Z\"",
    b"\"0001-01-01T00:00:00Z\"",
    b"\"00000000-0000-0000-0000-000000000000\"",
];

fn corpus() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths = Vec::new();
    for group in fs::read_dir(root).expect("the fixtures are there") {
        for file in fs::read_dir(group.expect("a folder").path()).expect("a folder of fixtures") {
            let path = file.expect("a fixture").path();
            if path.extension().is_some_and(|extension| extension != "says") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a fixture is readable")).collect()
}

/// Breaks the text anywhere; what is left is seldom JSON.
fn tear(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len());
    let to = (at + dice.below(40)).min(bytes.len());
    match dice.below(6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..to)),
        2 => drop(bytes.splice(at..to, PIECES[dice.below(PIECES.len())].iter().copied())),
        3 => bytes.extend_from_within(at..to),
        4 => drop(bytes.splice(at..at, other[dice.below(other.len())..].iter().take(60).copied())),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(dice.below(256)).expect("a byte");
            }
        }
    }
}

/// Puts a piece where a value stands, so that the text stays JSON and the reader behind the parser is met.
fn swap_value(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let colons: Vec<usize> =
        bytes.windows(2).enumerate().filter(|(_, pair)| *pair == b": ").map(|(at, _)| at + 2).collect();
    let Some(from) = colons.get(dice.below(colons.len())).copied() else { return };
    let rest = &bytes[from..];
    let Some(length) = rest.iter().position(|byte| matches!(byte, b',' | b'\n')) else { return };
    bytes.splice(from..from + length, PIECES[dice.below(9)].iter().copied());
}

#[test]
fn no_mutant_of_the_fixtures_stops_the_reader() {
    let seed = std::env::var("OFRECORD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x5eed_0f2e_c04d);
    println!("seed {seed}; set OFRECORD_SEED to choose another");
    let corpus = corpus();
    let mut dice = Dice(seed);
    let importer = Actor::new(ActorKind::Importer);
    let mut stated = 0;
    for _ in 0..MUTANTS {
        let mut bytes = corpus[dice.below(corpus.len())].clone();
        let other = corpus[dice.below(corpus.len())].clone();
        let torn = dice.below(2) == 0;
        for _ in 0..=dice.below(4) {
            if torn { tear(&mut bytes, &other, &mut dice) } else { swap_value(&mut bytes, &mut dice) }
        }
        let context = Context {
            partner: (dice.below(2) == 0).then(|| "0a000000-0000-4000-8000-0000000000a1".parse().expect("a GUID")),
            customer: (dice.below(2) == 0).then(|| "0c000000-0000-4000-8000-0000000000c1".parse().expect("a GUID")),
            fetched_at: None,
            ..Context::new(Cloud::ALL[dice.below(3)])
        };
        let reading = read("mutant.json", &bytes, &context);
        assert_eq!(reading, read("mutant.json", &bytes, &context));
        stated += reading.statements.len();
        for statement in &reading.statements {
            assert!(!statement.events.is_empty());
            assert_eq!(request_of(statement, &importer), request_of(statement, &importer));
        }
    }
    println!("{stated} statements of {MUTANTS} mutants");
    assert!(stated > 1_000, "the mutants still reach the readers: {stated}");
}
