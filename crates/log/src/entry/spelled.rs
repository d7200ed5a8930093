//! Reading entries as they are written: fields in their order and texts without an escape. Whatever is spelled in
//! another way is left to the reader of any JSON, which also says what is wrong with it.

use uuid::Uuid;

use super::{
    EntryFormat, EnvelopeRef, HASH_BYTES, ID_BYTES, RECORDED_AT_BYTES, StreamLinkRef, check_recorded_at, check_streams,
    redacted_leaf,
};
use crate::canonical::{INTEGER_MAX, split_canonical_member};
use crate::hash::Hash;

/// The digits of the longest integer that an entry may have.
const DIGITS_MAX: usize = 16;
/// The streams of most entries.
const STREAMS_TYPICAL: usize = 2;

/// The envelope of bytes that are spelled as entries are, which also makes them canonical; `None` of any others.
pub(super) fn read(bytes: &[u8]) -> Option<EnvelopeRef<'_>> {
    let mut rest = Rest(std::str::from_utf8(bytes).ok()?);
    rest.pass("{\"command_id\":\"")?;
    let command_id = rest.take(ID_BYTES).and_then(command_id)?;
    rest.pass("\",\"decision\":")?;
    let (decision, behind) = split_canonical_member(rest.0).ok()?;
    rest = Rest(behind);
    rest.pass(",\"format\":")?;
    let format = EntryFormat::of_number(rest.number()?)?;
    rest.pass(",\"position\":")?;
    let position = rest.number()?;
    rest.pass(",\"recorded_at\":\"")?;
    let recorded_at = rest.take(RECORDED_AT_BYTES)?;
    check_recorded_at(recorded_at).ok()?;
    rest.pass("\",\"request_hash\":\"")?;
    let request_hash = rest.hash()?;
    rest.pass("\",\"streams\":[")?;
    let streams = rest.streams()?;
    rest.pass("]}")?;
    if !rest.0.is_empty() {
        return None;
    }
    let redacted = redacted_leaf(bytes);
    Some(EnvelopeRef { format, position, recorded_at, command_id, request_hash, streams, decision, redacted })
}

/// What is not read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Goes past what must stand here.
    fn pass(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(HASH_BYTES)?.parse().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let digits = self.take(digits).filter(|digits| (1..=DIGITS_MAX).contains(&digits.len()))?;
        let number = digits.bytes().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        let canonical = number <= INTEGER_MAX && (digits.len() == 1 || !digits.starts_with('0'));
        canonical.then_some(number)
    }

    fn streams(&mut self) -> Option<Vec<StreamLinkRef<'a>>> {
        let mut streams = Vec::with_capacity(STREAMS_TYPICAL);
        streams.push(self.link()?);
        while self.pass(",").is_some() {
            streams.push(self.link()?);
        }
        check_streams(&streams.iter().copied()).ok()?;
        Some(streams)
    }

    fn link(&mut self) -> Option<StreamLinkRef<'a>> {
        self.pass("{\"previous\":\"")?;
        let previous = if self.0.starts_with('"') { None } else { Some(self.hash()?) };
        self.pass("\",\"stream\":\"")?;
        let stream = self.take(self.0.bytes().position(|byte| byte == b'"')?)?;
        self.pass("\",\"version\":")?;
        let version = self.number()?;
        self.pass("}")?;
        Some(StreamLinkRef { stream, version, previous })
    }
}

fn command_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.bytes().all(|byte| !byte.is_ascii_uppercase()))
}
