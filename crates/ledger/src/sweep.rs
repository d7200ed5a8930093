//! The records of all customers, or of all streams, in one go: the log read in order, as many at a time as memory allows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use ofrecord_core::StreamId;
use ofrecord_log::LogReader;
use ofrecord_log::entry::Envelope;
use ofrecord_views::{CustomerRecord, EntryRow};

use crate::codec::{DecodeError, decode_envelope};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::{Reading, in_rounds, in_rounds_alone};
use crate::sealing::Names;
use crate::stream_record::StreamRecord;

mod decoding;

pub use decoding::{Decoded, Met, sweep_decoding};

/// Entries of the streams that are folded in one pass over the log.
const PASS_ENTRIES: u64 = 400_000;
/// Streams named in one page.
const STREAMS_PAGE: usize = 1_024;
/// The prefix of customers' streams.
const CUSTOMERS: &str = "customer/";
/// Entries between two reports of progress.
const REPORT_EVERY: u64 = 4_096;

/// Gives the record of every customer by the entries below `known_below`, in the order of their ids.
///
/// Reads the log alone, never the stored views. Memory is bounded: the log is read once for every
/// 400,000 entries of customers. Stops early when `each` breaks or the progress is cancelled.
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
    let swept = Swept { log, reading: Reading::OnEveryCore, known_below, names };
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
    sweep_streams_of(&Swept { log, reading, known_below, names: None }, "", progress, each)
}

/// What is swept, and how it is read.
struct Swept<'a> {
    log: &'a dyn LogReader,
    reading: Reading,
    known_below: u64,
    names: Option<&'a Names>,
}

fn sweep_streams_of(
    swept: &Swept<'_>,
    prefix: &str,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    sweep_streams_after(swept, prefix, None, progress, each)
}

fn sweep_streams_after(
    swept: &Swept<'_>,
    prefix: &str,
    mut after: Option<String>,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> Result<(), ReadFailure> {
    loop {
        let (mut records, last) = next_pass(swept.log, prefix, after.as_deref())?;
        let Some(last) = last else { return Ok(()) };
        fill(swept, progress, &mut records)?;
        if give(records, progress, each).is_break() {
            return Ok(());
        }
        after = Some(last);
    }
}

/// Gives the records of a pass that an entry speaks of.
fn give(
    records: BTreeMap<String, StreamRecord>,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for (_, record) in records {
        let known = !record.entries().is_empty();
        if progress.cancelled() || (known && each(record).is_break()) {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

/// The streams of the next pass, and the name of the last stream looked at; none when there is no more.
fn next_pass(
    log: &dyn LogReader,
    prefix: &str,
    after: Option<&str>,
) -> Result<(BTreeMap<String, StreamRecord>, Option<String>), ReadFailure> {
    let mut records = BTreeMap::new();
    let mut entries = 0;
    let mut last = None;
    while entries < PASS_ENTRIES {
        let page = log.streams(prefix, last.as_deref().or(after), STREAMS_PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.clone());
        for name in page {
            entries += log.stream_head(&name)?.map_or(0, |head| head.version);
            if let Ok(stream) = name.parse::<StreamId>() {
                records.insert(name, StreamRecord::new(stream));
            }
        }
    }
    Ok((records, last))
}

fn fill(
    swept: &Swept<'_>,
    progress: &dyn Progress,
    records: &mut BTreeMap<String, StreamRecord>,
) -> Result<(), ReadFailure> {
    let &Swept { log, reading, known_below, names } = swept;
    let streams: BTreeSet<String> = records.keys().cloned().collect();
    let read = |_: u64, bytes: &[u8]| digest(bytes, &streams, names);
    let mut take = |round: Vec<Option<Digest>>| {
        for digest in round.into_iter().flatten() {
            progress_of(progress, digest.row.position, known_below);
            digest.take_into(records);
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

/// The digest of an entry, and the streams of a pass that it belongs to.
#[derive(Debug)]
struct Digest {
    row: EntryRow,
    streams: Vec<String>,
}

impl Digest {
    fn take_into(self, records: &mut BTreeMap<String, StreamRecord>) {
        let Some((last, others)) = self.streams.split_last() else { return };
        for name in others {
            if let Some(record) = records.get_mut(name) {
                record.take_row(self.row.clone());
            }
        }
        if let Some(record) = records.get_mut(last) {
            record.take_row(self.row);
        }
    }
}

/// The streams of an entry that are wanted.
fn wanted_of(envelope: &Envelope, wanted: &BTreeSet<String>) -> Vec<String> {
    envelope.streams.iter().filter(|link| wanted.contains(&link.stream)).map(|link| link.stream.clone()).collect()
}

/// The digest of an entry; none when it belongs to no stream of the pass.
fn digest(bytes: &[u8], wanted: &BTreeSet<String>, names: Option<&Names>) -> Result<Option<Digest>, ReadFailure> {
    let envelope = Envelope::parse_canonical(bytes).map_err(DecodeError::from)?;
    let streams = wanted_of(&envelope, wanted);
    if streams.is_empty() {
        return Ok(None);
    }
    let mut row = EntryRow::from(decode_envelope(&envelope)?);
    if let Some(names) = names {
        names.row(&mut row);
    }
    Ok(Some(Digest { row, streams }))
}
