//! From the bytes of an entry to what exports read of it.

use ofrecord_core::StreamId;
use ofrecord_interop::stored::StoredEntry;
use ofrecord_ledger::ReadFailure;
use ofrecord_ledger::codec::{DecodeError, decode_envelope};
use ofrecord_ledger::sealing::Names;
use ofrecord_log::entry::{Envelope, stored_leaf_hash};

use crate::failure::Failure;

/// Calls `with` with the entry that the bytes hold, with names where they may be read; what is stored stays as it is. An entry that cannot be understood is an error that names its
/// position, never skipped.
pub(super) fn with_stored<T>(
    bytes: &[u8],
    names: Option<&Names>,
    with: impl FnOnce(&StoredEntry<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let envelope = Envelope::parse_canonical(bytes).map_err(|error| ReadFailure::from(DecodeError::from(error)))?;
    let mut entry = decode_envelope(&envelope).map_err(ReadFailure::from)?;
    names.iter().for_each(|names| names.entry(&mut entry));
    let streams: Vec<StreamId> = envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect();
    let leaf = stored_leaf_hash(bytes).to_string();
    with(&StoredEntry::new(&entry, &envelope.decision, &streams, &leaf)?)
}
