//! Every customer's record in one go: the log read in order, as many customers at a time as memory allows.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ofrecord_core::CustomerId;
use ofrecord_log::LogReader;
use ofrecord_log::entry::Envelope;
use ofrecord_views::{CustomerRecord, EntryRow};

use crate::codec::{DecodeError, decode_envelope};
use crate::progress::Progress;
use crate::reader::ReadFailure;

/// Entries of the customers that are folded in one pass over the log.
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
    let mut after: Option<String> = None;
    loop {
        let (mut records, last) = next_pass(log, after.as_deref())?;
        let Some(last) = last else { return Ok(()) };
        fill(log, known_below, progress, &mut records)?;
        for (_, record) in records {
            let known = !record.entries().is_empty();
            if progress.cancelled() || (known && each(record).is_break()) {
                return Ok(());
            }
        }
        after = Some(last);
    }
}

/// The customers of the next pass, and the name of the last stream looked at; none when there is no more.
fn next_pass(
    log: &dyn LogReader,
    after: Option<&str>,
) -> Result<(BTreeMap<String, CustomerRecord>, Option<String>), ReadFailure> {
    let mut records = BTreeMap::new();
    let mut entries = 0;
    let mut last = None;
    while entries < PASS_ENTRIES {
        let page = log.streams(CUSTOMERS, last.as_deref().or(after), STREAMS_PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.clone());
        for name in page {
            entries += log.stream_head(&name)?.map_or(0, |head| head.version);
            let id = name.strip_prefix(CUSTOMERS).and_then(|id| id.parse::<CustomerId>().ok());
            if let Some(id) = id {
                records.insert(name, CustomerRecord::new(id));
            }
        }
    }
    Ok((records, last))
}

fn fill(
    log: &dyn LogReader,
    known_below: u64,
    progress: &dyn Progress,
    records: &mut BTreeMap<String, CustomerRecord>,
) -> Result<(), ReadFailure> {
    let mut failure: Option<DecodeError> = None;
    log.scan(0, known_below, &mut |position, bytes| {
        if position.is_multiple_of(REPORT_EVERY) {
            progress.advance("fold", position, known_below);
            if progress.cancelled() {
                return ControlFlow::Break(());
            }
        }
        match take(bytes, records) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failure.map_or(Ok(()), |error| Err(error.into()))
}

fn take(bytes: &[u8], records: &mut BTreeMap<String, CustomerRecord>) -> Result<(), DecodeError> {
    let envelope = Envelope::parse_canonical(bytes)?;
    let mut row: Option<EntryRow> = None;
    for link in &envelope.streams {
        if let Some(record) = records.get_mut(&link.stream) {
            let digest = match row.take() {
                Some(digest) => digest,
                None => EntryRow::of(&decode_envelope(&envelope)?),
            };
            record.take_row(digest.clone());
            row = Some(digest);
        }
    }
    Ok(())
}
