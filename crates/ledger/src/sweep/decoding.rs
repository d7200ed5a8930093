//! A sweep that decodes every entry, those of other streams as well, and goes on where one cannot be decoded.

use std::ops::ControlFlow;

use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{LogReader, ReadError};
use ofrecord_views::CustomerRecord;

use super::pass::{Bounds, Digest, Pass, Wanted};
use super::{CUSTOMERS, Swept, progress_of, sweep_streams_after};
use crate::codec::{DecodeError, decode_borrowed};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::{Reading, in_rounds};
use crate::stream_record::StreamRecord;

/// What [`sweep_decoding`] comes by.
#[derive(Debug)]
pub enum Met {
    /// An entry, in the order of the log, each once.
    Entry {
        /// Its position.
        position: u64,
        /// Why it cannot be decoded, where it cannot.
        decoded: Result<(), DecodeError>,
    },
    /// A customer, in the order of their ids, after all entries.
    Customer(Box<CustomerRecord>),
}

/// How a [`sweep_decoding`] ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Whether every entry could be read.
    pub read: Result<(), ReadError>,
    /// Whether every customer was given: none is when one of their entries can be neither read nor decoded.
    pub swept: Result<(), ReadFailure>,
}

/// Decodes every entry below `known_below`, and gives the record of every customer by those entries as
/// [`super::sweep`] does, from the same reading.
///
/// An entry that cannot be decoded is met as such and the next one is read. Stops early when `met` breaks or the
/// progress is cancelled.
pub fn sweep_decoding(
    log: &dyn LogReader,
    known_below: u64,
    progress: &dyn Progress,
    met: &mut dyn FnMut(Met) -> ControlFlow<()>,
) -> Decoded {
    let swept = Swept { log, reading: Reading::OnEveryCore, known_below, names: None, bounds: Bounds::USUAL };
    decoding(&swept, progress, met)
}

fn decoding(swept: &Swept<'_>, progress: &dyn Progress, met: &mut dyn FnMut(Met) -> ControlFlow<()>) -> Decoded {
    let (mut pass, listed) = match Pass::next(swept.log, swept.bounds, CUSTOMERS, None) {
        Ok((pass, last)) => (pass, Ok(last)),
        Err(failure) => (Pass::empty(), Err(failure)),
    };
    let (read, filled) = fill(swept, progress, &mut pass, met);
    let swept = read.clone().map_err(ReadFailure::from).and(listed).and_then(|last| {
        if filled?.is_break() {
            return Ok(());
        }
        let mut each = |record| match record {
            StreamRecord::Customer(record) => met(Met::Customer(record)),
            StreamRecord::Partner(_) | StreamRecord::Ledger(_) => ControlFlow::Continue(()),
        };
        match (pass.give(swept.reading, progress, &mut each)?, last) {
            (ControlFlow::Continue(()), Some(last)) => {
                sweep_streams_after(swept, CUSTOMERS, Some(last), progress, &mut each)
            }
            (ControlFlow::Continue(()) | ControlFlow::Break(()), _) => Ok(()),
        }
    });
    Decoded { read, swept }
}

/// Why an entry is not decoded, and whether it belongs to a stream of the pass.
enum Undecoded {
    Wanted(DecodeError),
    Other(DecodeError),
}

type Read = (u64, Result<Option<Digest>, Undecoded>);

/// Meets every entry; the pass is filled until one of its own cannot be decoded.
fn fill(
    swept: &Swept<'_>,
    progress: &dyn Progress,
    pass: &mut Pass,
    met: &mut dyn FnMut(Met) -> ControlFlow<()>,
) -> (Result<(), ReadError>, Result<ControlFlow<()>, ReadFailure>) {
    let wanted = pass.wanted();
    let mut filled = Ok(ControlFlow::Continue(()));
    let mut take = |round: Vec<Read>| {
        for (position, read) in round {
            progress_of(progress, position, swept.known_below);
            let decoded = match read {
                Ok(digest) => {
                    if let (Some(digest), true) = (digest, filled.is_ok()) {
                        filled = pass.take(digest).map(|()| ControlFlow::Continue(()));
                    }
                    Ok(())
                }
                Err(Undecoded::Other(error)) => Err(error),
                Err(Undecoded::Wanted(error)) => {
                    if filled.is_ok() {
                        filled = Err(ReadFailure::Decode(error.clone()));
                    }
                    Err(error)
                }
            };
            if met(Met::Entry { position, decoded }).is_break() || progress.cancelled() {
                filled = filled.clone().map(|_| ControlFlow::Break(()));
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok::<_, ReadError>(ControlFlow::Continue(()))
    };
    let read = in_rounds(
        swept.log,
        0..swept.known_below,
        &|position, bytes| Ok((position, digest(bytes, &wanted))),
        &mut take,
    );
    (read, filled)
}

fn digest(bytes: &[u8], wanted: &Wanted) -> Result<Option<Digest>, Undecoded> {
    // Nobody knows whose an entry is when its envelope cannot be read.
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(|error| Undecoded::Wanted(error.into()))?;
    let streams = wanted.of(&envelope);
    match decode_borrowed(&envelope) {
        Ok(_) if streams.is_empty() => Ok(None),
        Ok(entry) => Ok(Some(wanted.digest(entry.into(), streams))),
        Err(error) if streams.is_empty() => Err(Undecoded::Other(error)),
        Err(error) => Err(Undecoded::Wanted(error)),
    }
}
