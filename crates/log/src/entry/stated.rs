//! An entry as its bytes state it, taken apart where it stands: for whoever reads very many and keeps little of each.

use uuid::Uuid;

use super::loose::{parse_command_id, parse_hash};
use super::{EntryFormat, check_recorded_at};
use crate::hash::Hash;

const COMMAND_ID: &str = "{\"command_id\":\"";
const COMMAND_ID_BYTES: usize = 36;
const DECISION: &str = "\",\"decision\":";
const FORMAT: &str = ",\"format\":";
const POSITION: &str = ",\"position\":";
const RECORDED_AT: &str = ",\"recorded_at\":\"";
const RECORDED_AT_BYTES: usize = 28;
const REQUEST_HASH: &str = "\",\"request_hash\":\"";
const REQUEST_HASH_BYTES: usize = 64;
const STREAMS: &str = "\",\"streams\":[";
const STREAM: &str = "\"stream\":\"";

/// The parts of an entry in bytes that are known to be canonical, as everything read back from a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedEntry<'a> {
    /// Its format.
    pub format: EntryFormat,
    /// Its position.
    pub position: u64,
    /// When the ledger learned it: `YYYY-MM-DDTHH:MM:SS.fffffffZ`.
    pub recorded_at: &'a str,
    /// The decision, as JSON; of a remainder, what is left of it.
    pub decision: &'a str,
    command_id: &'a str,
    request_hash: &'a str,
    streams: &'a str,
}

impl<'a> StatedEntry<'a> {
    /// Takes an entry apart; `None` where the bytes are none, which [`super::Envelope::parse`] tells the reason of.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (command_id, rest) = text.strip_prefix(COMMAND_ID)?.split_at_checked(COMMAND_ID_BYTES)?;
        // Behind the decision no text has a quote within it.
        let (decision, rest) = rest.strip_prefix(DECISION)?.rsplit_once(FORMAT)?;
        let (format, rest) = number(rest)?;
        let (position, rest) = number(rest.strip_prefix(POSITION)?)?;
        let (recorded_at, rest) = rest.strip_prefix(RECORDED_AT)?.split_at_checked(RECORDED_AT_BYTES)?;
        let (request_hash, rest) = rest.strip_prefix(REQUEST_HASH)?.split_at_checked(REQUEST_HASH_BYTES)?;
        let streams = rest.strip_prefix(STREAMS)?;
        check_recorded_at(recorded_at).ok()?;
        let format = EntryFormat::of_number(format)?;
        Some(Self { format, position, recorded_at, decision, command_id, request_hash, streams })
    }

    /// The command that was decided; `None` where what stands there is no id.
    #[must_use]
    pub fn command_id(&self) -> Option<Uuid> {
        parse_command_id(self.command_id).ok()
    }

    /// SHA-256 of the request; `None` where what stands there is none.
    #[must_use]
    pub fn request_hash(&self) -> Option<Hash> {
        parse_hash("request_hash", self.request_hash).ok()
    }

    /// The names of its streams, in the order stored.
    pub fn stream_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.streams.split(STREAM).skip(1).filter_map(|rest| rest.split('"').next())
    }
}

/// The number that a text begins with, and what comes behind it.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((digits.parse().ok()?, rest))
}
