//! What a sweep keeps of an entry until it has read all of them, and what the entries of one stream then come to.

use std::io;

use ofrecord_core::StreamId;
use ofrecord_views::EntryRow;

use crate::stream_record::StreamRecord;

/// What is kept of an entry.
pub(super) trait Digested: Clone + Send {
    /// What comes of the entries of one stream.
    type Stream: Send;

    /// The entry's position.
    fn position(&self) -> u64;

    /// Its bytes, behind what is there already.
    fn append_bytes(&self, bytes: &mut Vec<u8>) -> io::Result<()>;

    /// Reads the bytes again.
    fn from_bytes(bytes: &[u8]) -> io::Result<Self>;

    /// What all of a stream come to, in the order of the log.
    fn gathered(stream: StreamId, all: Vec<Self>) -> Self::Stream;
}

impl Digested for EntryRow {
    type Stream = StreamRecord;

    fn position(&self) -> u64 {
        self.position
    }

    fn append_bytes(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.extend(self.to_bytes());
        Ok(())
    }

    fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        Self::from_bytes(bytes).map_err(io::Error::other)
    }

    fn gathered(stream: StreamId, all: Vec<Self>) -> StreamRecord {
        let mut record = StreamRecord::new(stream);
        all.into_iter().for_each(|row| record.take_row(row));
        record
    }
}
