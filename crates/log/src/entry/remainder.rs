//! What is left in place of an entry whose bytes were taken away: its envelope, with its leaf hash for a decision.

use super::{EntryError, EntryParts, Envelope, HASH_BYTES, ID_BYTES, compose};
use crate::hash::Hash;
use crate::merkle::leaf_hash;

/// What comes before the leaf hash in the one way to write a remainder; the id of the command stands at the dots.
const BEFORE_ID: &[u8] = b"{\"command_id\":\"";
const BEFORE_HASH: &[u8] = b"\",\"decision\":{\"redacted\":\"";
const AFTER_HASH: &[u8] = b"\"},\"format\":";

/// What is left in place of an entry; of a remainder, itself. The same entry leaves the same bytes.
///
/// # Errors
/// [`EntryError`] when the bytes are no entry.
pub fn remainder_of(entry: &[u8]) -> Result<Vec<u8>, EntryError> {
    if redacted_leaf(entry).is_some() {
        return Ok(entry.to_vec());
    }
    let envelope = Envelope::parse_canonical(entry)?;
    let decision = format!("{{\"redacted\":\"{}\"}}", leaf_hash(entry));
    compose(&EntryParts {
        format: envelope.format,
        position: envelope.position,
        recorded_at: &envelope.recorded_at,
        command_id: envelope.command_id,
        request_hash: envelope.request_hash,
        streams: &envelope.streams,
        decision: decision.as_bytes(),
    })
}

/// The leaf hash of the entry that these bytes are left of; `None` when they are an entry.
#[must_use]
pub fn redacted_leaf(stored: &[u8]) -> Option<Hash> {
    let rest = stored.strip_prefix(BEFORE_ID)?.get(ID_BYTES..)?;
    let (hash, rest) = rest.strip_prefix(BEFORE_HASH)?.split_first_chunk::<HASH_BYTES>()?;
    if !rest.starts_with(AFTER_HASH) {
        return None;
    }
    std::str::from_utf8(hash).ok()?.parse().ok()
}

/// The leaf of the tree for bytes as they are stored: the hash of an entry, or the one that a remainder states.
#[must_use]
pub fn stored_leaf_hash(stored: &[u8]) -> Hash {
    redacted_leaf(stored).unwrap_or_else(|| leaf_hash(stored))
}
