//! The entry envelope: what the log reads of an entry. The decision inside stays opaque.

use std::io::Write as _;

use serde_json::value::RawValue;
use thiserror::Error;
use uuid::Uuid;

use crate::canonical::{CanonicalError, ENTRY_BYTES_MAX, INTEGER_MAX, check_canonical_member};
use crate::hash::Hash;

mod borrowed;
mod loose;
mod remainder;
mod spelled;
#[cfg(test)]
mod tests;

pub use borrowed::{EnvelopeRef, StreamLinkRef};
pub use remainder::{redacted_leaf, remainder_of, stored_leaf_hash};

/// Room for what stands around most decisions.
const ENVELOPE_BYTES: usize = 600;

/// The most streams that one entry may belong to.
pub const STREAMS_MAX: usize = 4;

/// The most bytes in the name of a stream.
pub const STREAM_BYTES_MAX: usize = 200;

/// The bytes of an instant as it is stored.
const RECORDED_AT_BYTES: usize = 28;
/// The bytes of a command's id as it is stored.
const ID_BYTES: usize = 36;
/// The bytes of a hash as it is stored.
const HASH_BYTES: usize = 64;

/// The formats of entries. The envelope is the same in both; the format says who can read what is inside.
///
/// A program that knows only older formats must refuse an entry of a newer one, and must not write
/// to a ledger that may hold one: see [`crate::Identity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryFormat {
    /// Format 1: everything in the decision has its first version.
    One,
    /// Format 2: something in the decision has a later version.
    Two,
}

impl EntryFormat {
    /// Every format ever written, oldest first.
    pub const ALL: [Self; 2] = [Self::One, Self::Two];
    /// The newest format that this version writes and reads.
    pub const NEWEST: Self = Self::Two;

    /// The number that stands in the envelope.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    fn of_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.number() == number)
    }
}

/// The envelope of one entry, parsed from the stored bytes: an [`EnvelopeRef`] that may outlive them.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The format that it states.
    pub format: EntryFormat,
    /// Position in the log, equal to the index of the Merkle leaf.
    pub position: u64,
    /// When the ledger learned it, as stored: `YYYY-MM-DDTHH:MM:SS.fffffffZ`.
    pub recorded_at: String,
    /// The command that was decided.
    pub command_id: Uuid,
    /// SHA-256 of the request, to tell a repeat from another request under the same id.
    pub request_hash: Hash,
    /// The streams that this entry belongs to, in the order stored, without repetition.
    pub streams: Vec<StreamLink>,
    /// The decision: canonical JSON that this crate does not look into.
    pub decision: Box<RawValue>,
    /// The leaf hash of the entry that this is left of, where its bytes were taken away; its decision is gone then.
    pub redacted: Option<Hash>,
}

/// An envelope without the decision: what the log keeps of an entry while it writes or verifies it.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) format: EntryFormat,
    pub(crate) position: u64,
    pub(crate) recorded_at: String,
    pub(crate) command_id: Uuid,
    pub(crate) request_hash: Hash,
    pub(crate) streams: Vec<StreamLink>,
}

/// The place of an entry in one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamLink {
    /// Name of the stream: printable ASCII without spaces.
    pub stream: String,
    /// 0-based index of this entry in the stream.
    pub version: u64,
    /// Leaf hash of the entry before it in the stream; `None` exactly when `version` is 0.
    pub previous: Option<Hash>,
}

/// Why bytes are not an entry that this version can read or write.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// The bytes are not canonical JSON.
    #[error("read the entry as canonical JSON: {0}")]
    Canonical(#[from] CanonicalError),
    /// A newer version wrote this entry.
    #[error("read entry format {format}, this version reads up to {newest}")]
    NewerFormat {
        /// The format that the entry states.
        format: u64,
        /// The newest format that is understood.
        newest: u64,
    },
    /// The envelope has not the fields that it must have.
    #[error("read the envelope: {detail}")]
    Shape {
        /// What the JSON reader says.
        detail: String,
    },
    /// A field has a value that no format allows.
    #[error("accept field {field} of the envelope: {expected} expected")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// An entry belongs to too many streams, or to none.
    #[error("accept {count} streams: an entry has 1 to {count_max}")]
    StreamCount {
        /// How many streams were given.
        count: usize,
        /// How many there may be.
        count_max: usize,
    },
    /// What is left of an entry, where a whole one is asked for.
    #[error("accept what is left of a redacted entry as an entry")]
    Remainder,
    /// The same stream stands twice in one entry.
    #[error("accept stream {stream} twice in one entry")]
    StreamRepeated {
        /// The stream.
        stream: String,
    },
}

/// The parts of an entry that is about to be written.
#[derive(Debug, Clone, Copy)]
pub struct EntryParts<'a> {
    /// The format, by what is in the decision.
    pub format: EntryFormat,
    /// Position in the log.
    pub position: u64,
    /// When the ledger learned it: `YYYY-MM-DDTHH:MM:SS.fffffffZ`.
    pub recorded_at: &'a str,
    /// The command that was decided.
    pub command_id: Uuid,
    /// SHA-256 of the request.
    pub request_hash: Hash,
    /// The streams that this entry belongs to.
    pub streams: &'a [StreamLink],
    /// The decision as canonical JSON.
    pub decision: &'a [u8],
}

impl Envelope {
    /// Parses stored bytes. They are checked to be canonical as well.
    ///
    /// # Errors
    /// [`EntryError`]; a newer format is told apart from damage.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        EnvelopeRef::parse(bytes)?.to_envelope()
    }

    /// Parses bytes that are known to be canonical, as everything read back from a log is.
    ///
    /// # Errors
    /// [`EntryError`] as for [`Envelope::parse`].
    pub fn parse_canonical(bytes: &[u8]) -> Result<Self, EntryError> {
        EnvelopeRef::parse_canonical(bytes)?.to_envelope()
    }

    /// The same envelope without a copy of its texts.
    #[must_use]
    pub fn borrowed(&self) -> EnvelopeRef<'_> {
        EnvelopeRef {
            format: self.format,
            position: self.position,
            recorded_at: &self.recorded_at,
            command_id: self.command_id,
            request_hash: self.request_hash,
            streams: self.streams.iter().map(StreamLink::borrowed).collect(),
            decision: self.decision.get(),
            redacted: self.redacted,
        }
    }
}

impl StreamLink {
    fn borrowed(&self) -> StreamLinkRef<'_> {
        StreamLinkRef { stream: &self.stream, version: self.version, previous: self.previous }
    }
}

impl From<StreamLinkRef<'_>> for StreamLink {
    fn from(link: StreamLinkRef<'_>) -> Self {
        Self { stream: link.stream.to_owned(), version: link.version, previous: link.previous }
    }
}

impl Outline {
    /// Parses stored bytes by every check of [`Envelope::parse`].
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        EnvelopeRef::parse(bytes).map(Self::from)
    }

    /// Parses bytes that are known to be canonical.
    pub(crate) fn parse_canonical(bytes: &[u8]) -> Result<Self, EntryError> {
        EnvelopeRef::parse_canonical(bytes).map(Self::from)
    }
}

impl From<EnvelopeRef<'_>> for Outline {
    fn from(envelope: EnvelopeRef<'_>) -> Self {
        Self {
            format: envelope.format,
            position: envelope.position,
            recorded_at: envelope.recorded_at.to_owned(),
            command_id: envelope.command_id,
            request_hash: envelope.request_hash,
            streams: envelope.streams.into_iter().map(StreamLink::from).collect(),
        }
    }
}

/// Writes the bytes of an entry.
///
/// # Errors
/// [`EntryError`] when a part is not allowed, the decision is not canonical, or the whole is longer
/// than an entry may be.
pub fn compose(parts: &EntryParts<'_>) -> Result<Vec<u8>, EntryError> {
    check_recorded_at(parts.recorded_at)?;
    check_streams(&parts.streams.iter().map(StreamLink::borrowed))?;
    check_canonical_member(parts.decision)?;
    for number in parts.streams.iter().map(|link| link.version).chain([parts.position]) {
        if number > INTEGER_MAX {
            return Err(CanonicalError::Number { number: number.to_string() }.into());
        }
    }
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + parts.decision.len());
    write(parts, &mut bytes).map_err(|error| EntryError::Shape { detail: error.to_string() })?;
    match bytes.len() {
        0..=ENTRY_BYTES_MAX => Ok(bytes),
        length => Err(CanonicalError::TooLong { bytes: length, bytes_max: ENTRY_BYTES_MAX }.into()),
    }
}

/// The keys in their order, and texts of which none needs an escape: the one canonical spelling.
fn write(parts: &EntryParts<'_>, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    write!(bytes, "{{\"command_id\":\"{}\",\"decision\":", parts.command_id)?;
    bytes.extend_from_slice(parts.decision);
    write!(bytes, ",\"format\":{},\"position\":{}", parts.format.number(), parts.position)?;
    write!(bytes, ",\"recorded_at\":\"{}\",\"request_hash\":\"{}\"", parts.recorded_at, parts.request_hash)?;
    let mut opening = ",\"streams\":[{";
    for link in parts.streams {
        write!(bytes, "{opening}\"previous\":\"")?;
        if let Some(previous) = link.previous {
            write!(bytes, "{previous}")?;
        }
        write!(bytes, "\",\"stream\":\"{}\",\"version\":{}}}", link.stream, link.version)?;
        opening = ",{";
    }
    bytes.extend_from_slice(b"]}");
    Ok(())
}

/// The shape is fixed to 28 characters so that texts compare as instants do.
fn check_recorded_at(text: &str) -> Result<(), EntryError> {
    const SHAPE: &[u8; RECORDED_AT_BYTES] = b"0000-00-00T00:00:00.0000000Z";
    // All characters and no early end, so that many are compared in one instruction.
    let others = |text: &[u8; RECORDED_AT_BYTES]| {
        let pairs = text.iter().zip(SHAPE);
        pairs.fold(0, |others, (byte, shape)| others | (if byte.is_ascii_digit() { b'0' } else { *byte }) ^ shape)
    };
    match text.as_bytes().try_into() {
        Ok(text) if others(text) == 0 => Ok(()),
        Ok(_) | Err(_) => Err(EntryError::Field { field: "recorded_at", expected: "YYYY-MM-DDTHH:MM:SS.fffffffZ" }),
    }
}

fn check_streams<'a>(links: &(impl ExactSizeIterator<Item = StreamLinkRef<'a>> + Clone)) -> Result<(), EntryError> {
    if links.len() == 0 || links.len() > STREAMS_MAX {
        return Err(EntryError::StreamCount { count: links.len(), count_max: STREAMS_MAX });
    }
    for (index, link) in links.clone().enumerate() {
        check_link(link)?;
        let repeated = links.clone().skip(index + 1).any(|other| other.stream == link.stream);
        if repeated {
            return Err(EntryError::StreamRepeated { stream: link.stream.to_owned() });
        }
    }
    Ok(())
}

fn check_link(link: StreamLinkRef<'_>) -> Result<(), EntryError> {
    let named = !link.stream.is_empty()
        && link.stream.len() <= STREAM_BYTES_MAX
        && link.stream.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    if !named {
        return Err(EntryError::Field {
            field: "stream",
            expected: "1 to 200 printable ASCII characters without space, quote and backslash",
        });
    }
    if link.previous.is_none() != (link.version == 0) {
        return Err(EntryError::Field {
            field: "previous",
            expected: "a leaf hash, and nothing in the first entry of a stream",
        });
    }
    Ok(())
}
