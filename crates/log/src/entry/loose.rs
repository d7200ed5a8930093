//! Reading entries as any JSON, with fields in any order and with spaces: what says why bytes are no entry.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{EntryError, EntryFormat, EnvelopeRef, StreamLinkRef, check_recorded_at, check_streams, redacted_leaf};
use crate::hash::Hash;

/// The stored shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    command_id: &'a str,
    #[serde(borrow)]
    decision: &'a RawValue,
    format: u64,
    position: u64,
    recorded_at: &'a str,
    request_hash: &'a str,
    #[serde(borrow)]
    streams: Vec<StoredLink<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLink<'a> {
    #[serde(borrow)]
    previous: Cow<'a, str>,
    stream: &'a str,
    version: u64,
}

/// What every format has, read when the rest does not fit.
#[derive(Deserialize)]
struct StoredFormat {
    format: u64,
}

/// The envelope of bytes that are JSON.
///
/// # Errors
/// [`EntryError`]; a newer format is told apart from damage.
pub(super) fn read(bytes: &[u8]) -> Result<EnvelopeRef<'_>, EntryError> {
    let stored: Stored<'_> = match serde_json::from_slice(bytes) {
        Ok(stored) => stored,
        Err(error) => return Err(misshapen(bytes, &error)),
    };
    let format = EntryFormat::of_number(stored.format).ok_or_else(|| other_format(stored.format))?;
    check_recorded_at(stored.recorded_at)?;
    let streams = stored.streams.iter().map(StoredLink::parse).collect::<Result<Vec<_>, _>>()?;
    check_streams(&streams.iter().copied())?;
    Ok(EnvelopeRef {
        format,
        position: stored.position,
        recorded_at: stored.recorded_at,
        command_id: parse_command_id(stored.command_id)?,
        request_hash: parse_hash("request_hash", stored.request_hash)?,
        streams,
        decision: stored.decision.get(),
        redacted: redacted_leaf(bytes),
    })
}

impl<'a> StoredLink<'a> {
    fn parse(&self) -> Result<StreamLinkRef<'a>, EntryError> {
        let previous = if self.previous.is_empty() { None } else { Some(parse_hash("previous", &self.previous)?) };
        Ok(StreamLinkRef { stream: self.stream, version: self.version, previous })
    }
}

fn misshapen(bytes: &[u8], error: &serde_json::Error) -> EntryError {
    match serde_json::from_slice::<StoredFormat>(bytes) {
        Ok(stored) if EntryFormat::of_number(stored.format).is_none() => other_format(stored.format),
        Ok(_) | Err(_) => EntryError::Shape { detail: error.to_string() },
    }
}

fn other_format(format: u64) -> EntryError {
    let newest = EntryFormat::NEWEST.number();
    if format > newest {
        EntryError::NewerFormat { format, newest }
    } else {
        EntryError::Field { field: "format", expected: "1 or 2" }
    }
}

fn parse_command_id(text: &str) -> Result<Uuid, EntryError> {
    let mut buffer = Uuid::encode_buffer();
    Uuid::try_parse(text)
        .ok()
        .filter(|id| &*id.hyphenated().encode_lower(&mut buffer) == text)
        .ok_or(EntryError::Field { field: "command_id", expected: "a lower-case hyphenated UUID" })
}

fn parse_hash(field: &'static str, text: &str) -> Result<Hash, EntryError> {
    text.parse().map_err(|_| EntryError::Field { field, expected: "64 lower-case hexadecimal digits" })
}
