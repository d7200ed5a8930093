//! A bounded fuzz runner for parsers on the stable toolchain: a corpus, seeded mutations and splices, a target.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::mutation::Damage;
use crate::random::Random;

/// Longest input that is made.
const INPUT_BYTES_MAX: usize = 4_096;
/// Pieces that parsers of JSON, instants and ids look at.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b"0",
    b"-0",
    b"1e9",
    b"9007199254740993",
    b"-9007199254740993",
    b"1.0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc0\x80",
    b"T",
    b"Z",
    b"+00:00",
    b"0000-00-00",
    b"9999-12-31",
    b"-",
    b"/",
    b" ",
    b"\n",
    b"\0",
    b"customer/",
    b"partner/",
    b"type",
    b"position",
];

/// Why a run stopped: the target found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What the target said.
    pub complaint: String,
    /// In which iteration.
    pub iteration: u64,
    /// The seed of the run.
    pub seed: u64,
    /// The input.
    pub input: Vec<u8>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {} iteration {}: {}; input {:?}",
            self.seed,
            self.iteration,
            self.complaint,
            String::from_utf8_lossy(&self.input)
        )
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Inputs tried.
    pub inputs: u64,
    /// Of these, read by the target.
    pub read: u64,
}

/// What a target makes of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was read, and what must hold of it held.
    Read,
    /// It was refused with an error.
    Refused,
    /// Something that must hold did not.
    Broken(String),
}

/// The inputs of a corpus folder, by file name.
///
/// # Errors
/// What reading the folder gives.
pub fn corpus(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().map(fs::read).collect()
}

/// Gives a target every input of a corpus, then mutations of them. A target that panics fails the test that runs it.
///
/// # Errors
/// [`Found`], with the input, when the target says that something is broken.
pub fn run(target: &dyn Fn(&[u8]) -> Verdict, corpus: &[Vec<u8>], seed: u64, iterations: u64) -> Result<Ran, Found> {
    let mut random = Random::new(seed);
    let mut ran = Ran { inputs: 0, read: 0 };
    let mut interesting: Vec<Vec<u8>> = corpus.to_vec();
    if interesting.is_empty() {
        interesting.push(Vec::new());
    }
    let whole = u64::try_from(corpus.len()).unwrap_or(0);
    for iteration in 0..whole.saturating_add(iterations) {
        let untouched = usize::try_from(iteration).ok().and_then(|index| corpus.get(index).cloned());
        let fresh = untouched.is_none();
        let input = untouched.unwrap_or_else(|| mutated(&mut random, &interesting));
        ran.inputs += 1;
        match target(&input) {
            Verdict::Read => {
                ran.read += 1;
                if fresh && interesting.len() < 256 && !interesting.contains(&input) {
                    interesting.push(input);
                }
            }
            Verdict::Refused => {}
            Verdict::Broken(complaint) => return Err(Found { complaint, iteration, seed, input }),
        }
    }
    Ok(ran)
}

fn mutated(random: &mut Random, interesting: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.one_of(interesting).clone();
    for _ in 0..=random.below(4) {
        match random.below(6) {
            0 => splice(random, &mut input, interesting),
            1 => insert(random, &mut input),
            2 => repeat(random, &mut input),
            3 => remove(random, &mut input),
            4 => digit(random, &mut input),
            _ => Damage::draw(random, input.len()).apply(&mut input),
        }
    }
    input.truncate(INPUT_BYTES_MAX);
    input
}

fn splice(random: &mut Random, input: &mut Vec<u8>, interesting: &[Vec<u8>]) {
    let other = random.one_of(interesting);
    let from = random.index(other.len());
    input.truncate(random.index(input.len() + 1));
    input.extend(other.iter().skip(from));
}

fn insert(random: &mut Random, input: &mut Vec<u8>) {
    let at = random.index(input.len() + 1);
    let piece = random.one_of(PIECES);
    input.splice(at..at, piece.iter().copied());
}

fn repeat(random: &mut Random, input: &mut Vec<u8>) {
    let from = random.index(input.len());
    let piece: Vec<u8> = input.iter().skip(from).take(1 + random.index(32)).copied().collect();
    for _ in 0..=random.below(3) {
        input.splice(from..from, piece.iter().copied());
    }
}

fn remove(random: &mut Random, input: &mut Vec<u8>) {
    let from = random.index(input.len());
    let to = from.saturating_add(1 + random.index(16)).min(input.len());
    if from < to {
        input.drain(from..to);
    }
}

fn digit(random: &mut Random, input: &mut [u8]) {
    let digits: Vec<usize> =
        input.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.is_empty() {
        return;
    }
    let at = *random.one_of(&digits);
    if let Some(byte) = input.get_mut(at) {
        *byte = b'0' + u8::try_from(random.below(10)).unwrap_or(0);
    }
}
