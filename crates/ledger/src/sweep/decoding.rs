//! A sweep that decodes every entry, those of other streams as well, and goes on where one cannot be decoded.

use std::ops::ControlFlow;

use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{LogReader, ReadError};
use ofrecord_views::Told;

use super::facts::StreamFacts;
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
pub(super) const BOUNDS: Bounds = Bounds { loose: 500_000, given: 64, ..Bounds::USUAL };

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
    let (pass, listed) = first_pass(swept.log, swept.bounds);
    let (read, filling) = fill(swept, progress, Filling::of(pass), met);
    let swept = read.clone().map_err(ReadFailure::from).and(listed).and_then(|last| {
        let filled = filling.filled?;
        give(swept, (filling.pass, filled, last), progress, met)
    });
    Decoded { read, swept }
}

/// The streams of the first pass, and the last of them; without a pass, entries can be read all the same.
pub(super) fn first_pass(log: &dyn LogReader, bounds: Bounds) -> (Pass<Told>, Result<Option<String>, ReadFailure>) {
    match Pass::next(log, bounds, CUSTOMERS, None) {
        Ok((pass, last)) => (pass, Ok(last)),
        Err(failure) => (Pass::empty(), Err(failure)),
    }
}

/// Gives what is made of the customers of a first pass that is filled, and of all that come after them.
pub(super) fn give<T: Send>(
    swept: &Swept<'_, Told, T>,
    (pass, filled, last): (Pass<Told>, ControlFlow<()>, Option<String>),
    progress: &dyn Progress,
    met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    if filled.is_break() {
        return Ok(());
    }
    let mut each = |made| met(Met::Customer(made));
    match (pass.give(&swept.giving(progress), &mut each)?, last) {
        (ControlFlow::Continue(()), Some(last)) => {
            sweep_streams_after(swept, CUSTOMERS, Some(last), progress, &mut each)
        }
        (ControlFlow::Continue(()) | ControlFlow::Break(()), _) => Ok(()),
    }
}

/// Why an entry is not taken in, and whether it belongs to a stream of the pass.
pub(super) enum NotTaken {
    /// It cannot be decoded, and belongs to one.
    Wanted(DecodeError),
    /// It cannot be decoded, and belongs to none.
    Other(DecodeError),
    /// It cannot be kept.
    Kept(ReadFailure),
}

/// What was read of an entry.
pub(super) type Read = Result<Option<Digest<Told>>, NotTaken>;

/// A pass that is filled until one of its own cannot be taken in.
pub(super) struct Filling {
    pub(super) pass: Pass<Told>,
    pub(super) filled: Result<ControlFlow<()>, ReadFailure>,
}

impl Filling {
    pub(super) fn of(pass: Pass<Told>) -> Self {
        Self { pass, filled: Ok(ControlFlow::Continue(())) }
    }

    /// Takes in what was read of an entry, and says whether it could be decoded.
    pub(super) fn take(&mut self, read: Read) -> Result<(), DecodeError> {
        let (taken, decoded) = match read {
            Ok(Some(digest)) if self.filled.is_ok() => (self.pass.take(digest), Ok(())),
            Ok(_) => (Ok(()), Ok(())),
            Err(NotTaken::Other(error)) => (Ok(()), Err(error)),
            Err(NotTaken::Wanted(error)) => (Err(ReadFailure::Decode(error.clone())), Err(error)),
            Err(NotTaken::Kept(failure)) => (Err(failure), Ok(())),
        };
        if let (Err(failure), true) = (taken, self.filled.is_ok()) {
            self.filled = Err(failure);
        }
        decoded
    }

    /// Ends before everything was taken in.
    pub(super) fn end(&mut self) {
        self.filled = self.filled.clone().map(|_| ControlFlow::Break(()));
    }
}

/// Meets every entry.
fn fill<T>(
    swept: &Swept<'_, Told, T>,
    progress: &dyn Progress,
    mut filling: Filling,
    met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
) -> (Result<(), ReadError>, Filling) {
    let wanted = filling.pass.wanted();
    let mut take = |round: Vec<(u64, Read)>| {
        for (position, read) in round {
            progress_of(progress, position, swept.known_below);
            let decoded = filling.take(read);
            if met(Met::Entry { position, decoded }).is_break() || progress.cancelled() {
                filling.end();
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok::<_, ReadError>(ControlFlow::Continue(()))
    };
    let read =
        in_rounds(swept.log, 0..swept.known_below, &|position, bytes| Ok((position, read(bytes, &wanted))), &mut take);
    (read, filling)
}

fn read(bytes: &[u8], wanted: &Wanted) -> Read {
    // Nobody knows whose an entry is when its envelope cannot be read.
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(|error| NotTaken::Wanted(error.into()))?;
    digest(&envelope, wanted)
}

/// The same with the envelope that was read already, where there is one.
pub(super) fn read_along(bytes: &[u8], envelope: Option<&EnvelopeRef<'_>>, wanted: &Wanted) -> Read {
    match envelope {
        Some(envelope) => digest(envelope, wanted),
        None => read(bytes, wanted),
    }
}

fn digest(envelope: &EnvelopeRef<'_>, wanted: &Wanted) -> Read {
    let streams = wanted.of(envelope);
    match decode_borrowed(envelope) {
        Ok(_) if streams.is_empty() => Ok(None),
        Ok(entry) => wanted.digest(entry.into(), streams).map(Some).map_err(|error| NotTaken::Kept(error.into())),
        Err(error) if streams.is_empty() => Err(NotTaken::Other(error)),
        Err(error) => Err(NotTaken::Wanted(error)),
    }
}
