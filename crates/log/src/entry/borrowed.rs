//! An envelope that is read where it stands: its texts are those of the stored bytes.

use serde_json::value::RawValue;
use uuid::Uuid;

use super::{EntryError, EntryFormat, Envelope, StreamLink, loose, spelled};
use crate::canonical::{ENTRY_BYTES_MAX, check_canonical};
use crate::hash::Hash;

/// The envelope of one entry as [`Envelope`] has it, without a copy of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeRef<'a> {
    /// The format that it states.
    pub format: EntryFormat,
    /// Position in the log, equal to the index of the Merkle leaf.
    pub position: u64,
    /// When the ledger learned it, as stored: `YYYY-MM-DDTHH:MM:SS.fffffffZ`.
    pub recorded_at: &'a str,
    /// The command that was decided.
    pub command_id: Uuid,
    /// SHA-256 of the request, to tell a repeat from another request under the same id.
    pub request_hash: Hash,
    /// The streams that this entry belongs to, in the order stored, without repetition.
    pub streams: Vec<StreamLinkRef<'a>>,
    /// The decision: canonical JSON that this crate does not look into.
    pub decision: &'a str,
    /// The leaf hash of the entry that this is left of, where its bytes were taken away; its decision is gone then.
    pub redacted: Option<Hash>,
}

/// The place of an entry in one stream, as [`StreamLink`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamLinkRef<'a> {
    /// Name of the stream: printable ASCII without spaces.
    pub stream: &'a str,
    /// 0-based index of this entry in the stream.
    pub version: u64,
    /// Leaf hash of the entry before it in the stream; `None` exactly when `version` is 0.
    pub previous: Option<Hash>,
}

impl<'a> EnvelopeRef<'a> {
    /// Parses stored bytes. They are checked to be canonical as well.
    ///
    /// # Errors
    /// [`EntryError`]; a newer format is told apart from damage.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EntryError> {
        // What is spelled as entries are is canonical, but for its length.
        if bytes.len() <= ENTRY_BYTES_MAX
            && let Some(envelope) = spelled::read(bytes)
        {
            return Ok(envelope);
        }
        check_canonical(bytes)?;
        loose::read(bytes)
    }

    /// Parses bytes that are known to be canonical, as everything read back from a log is.
    ///
    /// # Errors
    /// [`EntryError`] as for [`EnvelopeRef::parse`].
    pub fn parse_canonical(bytes: &'a [u8]) -> Result<Self, EntryError> {
        spelled::read(bytes).map_or_else(|| loose::read(bytes), Ok)
    }

    /// The same envelope with texts of its own.
    ///
    /// # Errors
    /// [`EntryError::Shape`] when the decision is not JSON, which it is where it was parsed.
    pub fn to_envelope(&self) -> Result<Envelope, EntryError> {
        let decision = RawValue::from_string(self.decision.to_owned());
        Ok(Envelope {
            format: self.format,
            position: self.position,
            recorded_at: self.recorded_at.to_owned(),
            command_id: self.command_id,
            request_hash: self.request_hash,
            streams: self.streams.iter().copied().map(StreamLink::from).collect(),
            decision: decision.map_err(|error| EntryError::Shape { detail: error.to_string() })?,
            redacted: self.redacted,
        })
    }
}
