//! The records of all customers, or of all streams, in one go: the log read in order, as many at a time as memory allows.

use std::ops::ControlFlow;

use ofrecord_core::Entry;
use ofrecord_log::LogReader;
use ofrecord_log::entry::EnvelopeRef;
use ofrecord_views::{CustomerRecord, EntryRow};

use crate::codec::{DecodeError, decode_borrowed};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::{Reading, in_rounds, in_rounds_alone};
use crate::sealing::Names;
use crate::stream_record::StreamRecord;

use self::digested::Digested;
use self::pass::{Bounds, Digest, Giving, Pass, Wanted};

mod decoding;
mod digested;
mod facts;
mod pass;
mod verifying;

pub use decoding::{Decoded, Met, sweep_decoding};
pub use facts::StreamFacts;
pub use verifying::{DecodedAlong, verify_decoding};

/// The prefix of customers' streams.
const CUSTOMERS: &str = "customer/";
/// Entries between two reports of progress.
const REPORT_EVERY: u64 = 4_096;

/// Gives the record of every customer by the entries below `known_below`, in the order of their ids.
///
/// Reads the log alone, never the stored views. Memory is bounded: what is read is packed where there is much of it,
/// and the log is read once for every 2,500,000 entries of customers. Stops early when `each` breaks or the progress is cancelled.
///
/// # Errors
/// [`ReadFailure`] naming the position.
pub fn sweep(
    log: &dyn LogReader,
    known_below: u64,
    progress: &dyn Progress,
    each: &mut dyn FnMut(CustomerRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    sweep_named(log, known_below, None, progress, each)
}

/// The same with what may be read in place of sealed texts.
pub(crate) fn sweep_named(
    log: &dyn LogReader,
    known_below: u64,
    names: Option<&Names>,
    progress: &dyn Progress,
    each: &mut dyn FnMut(CustomerRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    let digest = |entry: Entry| {
        let mut row = EntryRow::from(entry);
        names.iter().for_each(|names| names.row(&mut row));
        row
    };
    let bounds = Bounds::USUAL;
    let swept =
        Swept { log, reading: Reading::OnEveryCore, known_below, bounds, digest: &digest, make: &|record| record };
    sweep_streams_of(&swept, CUSTOMERS, progress, &mut |record| match record {
        StreamRecord::Customer(record) => each(*record),
        StreamRecord::Partner(_) | StreamRecord::Ledger(_) => ControlFlow::Continue(()),
    })
}

/// Gives the record of every stream by the entries below `known_below`, in the order of their names.
///
/// Memory is bounded as in [`sweep`], and it stops early where that does.
///
/// # Errors
/// [`ReadFailure`] naming the position.
pub fn sweep_streams(
    log: &dyn LogReader,
    known_below: u64,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    sweep_streams_by(log, Reading::OnEveryCore, known_below, progress, each)
}

/// The same, read by whom it says.
pub(crate) fn sweep_streams_by(
    log: &dyn LogReader,
    reading: Reading,
    known_below: u64,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    let bounds = Bounds::USUAL;
    let swept = Swept { log, reading, known_below, bounds, digest: &EntryRow::from, make: &|record| record };
    sweep_streams_of(&swept, "", progress, each)
}

/// What is swept, and how it is read.
struct Swept<'a, D: Digested, T> {
    log: &'a dyn LogReader,
    reading: Reading,
    known_below: u64,
    bounds: Bounds,
    /// What is kept of an entry.
    digest: &'a (dyn Fn(Entry) -> D + Sync),
    /// What is given of a stream.
    make: &'a (dyn Fn(D::Stream) -> T + Sync),
}

impl<D: Digested, T> Swept<'_, D, T> {
    fn giving<'a>(&'a self, progress: &'a dyn Progress) -> Giving<'a, D::Stream, T> {
        Giving { reading: self.reading, given: self.bounds.given, progress, make: self.make }
    }
}

fn sweep_streams_of<D: Digested, T: Send>(
    swept: &Swept<'_, D, T>,
    prefix: &str,
    progress: &dyn Progress,
    each: &mut dyn FnMut(T) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    sweep_streams_after(swept, prefix, None, progress, each)
}

fn sweep_streams_after<D: Digested, T: Send>(
    swept: &Swept<'_, D, T>,
    prefix: &str,
    mut after: Option<String>,
    progress: &dyn Progress,
    each: &mut dyn FnMut(T) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    loop {
        let (mut pass, last) = Pass::next(swept.log, swept.bounds, prefix, after.as_deref())?;
        let Some(last) = last else { return Ok(()) };
        fill(swept, progress, &mut pass)?;
        if pass.give(&swept.giving(progress), each)?.is_break() {
            return Ok(());
        }
        after = Some(last);
    }
}

fn fill<D: Digested, T>(
    swept: &Swept<'_, D, T>,
    progress: &dyn Progress,
    pass: &mut Pass<D>,
) -> Result<(), ReadFailure> {
    let &Swept { log, reading, known_below, digest, .. } = swept;
    let wanted = pass.wanted();
    let read = |_: u64, bytes: &[u8]| digest_of(bytes, &wanted, digest);
    let mut take = |round: Vec<Option<Digest<D>>>| {
        for digest in round.into_iter().flatten() {
            progress_of(progress, digest.position, known_below);
            pass.take(digest)?;
        }
        Ok::<_, ReadFailure>(if progress.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    match reading {
        Reading::OnEveryCore => in_rounds(log, 0..known_below, &read, &mut take),
        Reading::Alone => in_rounds_alone(log, 0..known_below, &read, &mut take),
    }
}

fn progress_of(progress: &dyn Progress, position: u64, end: u64) {
    if position.is_multiple_of(REPORT_EVERY) {
        progress.advance("fold", position, end);
    }
}

/// The digest of an entry; none when it belongs to no stream of the pass.
fn digest_of<D: Digested>(
    bytes: &[u8],
    wanted: &Wanted,
    digest: &dyn Fn(Entry) -> D,
) -> Result<Option<Digest<D>>, ReadFailure> {
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(DecodeError::from)?;
    let streams = wanted.of(&envelope);
    if streams.is_empty() {
        return Ok(None);
    }
    Ok(Some(wanted.digest(digest(decode_borrowed(&envelope)?), streams)?))
}

#[cfg(test)]
mod tests;
