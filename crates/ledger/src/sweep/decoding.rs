//! A sweep that decodes every entry, those of other streams as well, and goes on where one cannot be decoded.

use std::ops::ControlFlow;

use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{LogReader, ReadError};

use super::facts::{StreamFacts, Told};
use super::pass::{Bounds, Digest, Pass, Wanted};
use super::{CUSTOMERS, Swept, progress_of, sweep_streams_after};
use crate::codec::{DecodeError, decode_borrowed};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::{Reading, in_rounds};

/// What [`sweep_decoding`] comes by.
#[derive(Debug)]
pub enum Met<T> {
    /// An entry, in the order of the log, each once.
    Entry {
        /// Its position.
        position: u64,
        /// Why it cannot be decoded, where it cannot.
        decoded: Result<(), DecodeError>,
    },
    /// What was made of a customer, in the order of their ids, after all entries.
    Customer(T),
}

/// How a [`sweep_decoding`] ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Whether every entry could be read.
    pub read: Result<(), ReadError>,
    /// Whether every customer was given: none is when one of their entries can be neither read nor decoded.
    pub swept: Result<(), ReadFailure>,
}

/// Of facts, with what single checks make of them: less than of records is in memory, and each core goes on by itself.
const BOUNDS: Bounds = Bounds { loose: 500_000, given: 64, ..Bounds::USUAL };

/// Decodes every entry below `known_below`, and gives what `make` makes of the facts of every customer by those
/// entries, from the same reading. What is made is made on every core.
///
/// An entry that cannot be decoded is met as such and the next one is read. Stops early when `met` breaks or the
/// progress is cancelled.
pub fn sweep_decoding<T: Send>(
    log: &dyn LogReader,
    known_below: u64,
    progress: &dyn Progress,
    make: &(dyn Fn(StreamFacts) -> T + Sync),
    met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
) -> Decoded {
    let swept = Swept { log, reading: Reading::OnEveryCore, known_below, bounds: BOUNDS, digest: &Told::from, make };
    decoding(&swept, progress, met)
}

pub(super) fn decoding<T: Send>(
    swept: &Swept<'_, Told, T>,
    progress: &dyn Progress,
    met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
) -> Decoded {
    let (mut pass, listed) = match Pass::next(swept.log, swept.bounds, CUSTOMERS, None) {
        Ok((pass, last)) => (pass, Ok(last)),
        Err(failure) => (Pass::empty(), Err(failure)),
    };
    let (read, filled) = fill(swept, progress, &mut pass, met);
    let swept = read.clone().map_err(ReadFailure::from).and(listed).and_then(|last| {
        if filled?.is_break() {
            return Ok(());
        }
        let mut each = |made| met(Met::Customer(made));
        match (pass.give(&swept.giving(progress), &mut each)?, last) {
            (ControlFlow::Continue(()), Some(last)) => {
                sweep_streams_after(swept, CUSTOMERS, Some(last), progress, &mut each)
            }
            (ControlFlow::Continue(()) | ControlFlow::Break(()), _) => Ok(()),
        }
    });
    Decoded { read, swept }
}

/// Why an entry is not taken in, and whether it belongs to a stream of the pass.
enum NotTaken {
    /// It cannot be decoded, and belongs to one.
    Wanted(DecodeError),
    /// It cannot be decoded, and belongs to none.
    Other(DecodeError),
    /// It cannot be kept.
    Kept(ReadFailure),
}

type Read = (u64, Result<Option<Digest<Told>>, NotTaken>);

/// Meets every entry; the pass is filled until one of its own cannot be taken in.
fn fill<T>(
    swept: &Swept<'_, Told, T>,
    progress: &dyn Progress,
    pass: &mut Pass<Told>,
    met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
) -> (Result<(), ReadError>, Result<ControlFlow<()>, ReadFailure>) {
    let wanted = pass.wanted();
    let mut filled = Ok(ControlFlow::Continue(()));
    let mut take = |round: Vec<Read>| {
        for (position, read) in round {
            progress_of(progress, position, swept.known_below);
            let (taken, decoded) = match read {
                Ok(Some(digest)) if filled.is_ok() => (pass.take(digest), Ok(())),
                Ok(_) => (Ok(()), Ok(())),
                Err(NotTaken::Other(error)) => (Ok(()), Err(error)),
                Err(NotTaken::Wanted(error)) => (Err(ReadFailure::Decode(error.clone())), Err(error)),
                Err(NotTaken::Kept(failure)) => (Err(failure), Ok(())),
            };
            if let (Err(failure), true) = (taken, filled.is_ok()) {
                filled = Err(failure);
            }
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

fn digest(bytes: &[u8], wanted: &Wanted) -> Result<Option<Digest<Told>>, NotTaken> {
    // Nobody knows whose an entry is when its envelope cannot be read.
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(|error| NotTaken::Wanted(error.into()))?;
    let streams = wanted.of(&envelope);
    match decode_borrowed(&envelope) {
        Ok(_) if streams.is_empty() => Ok(None),
        Ok(entry) => wanted.digest(entry.into(), streams).map(Some).map_err(|error| NotTaken::Kept(error.into())),
        Err(error) if streams.is_empty() => Err(NotTaken::Other(error)),
        Err(error) => Err(NotTaken::Wanted(error)),
    }
}
