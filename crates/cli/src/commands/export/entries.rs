//! Entries one after another: as their bytes, as CloudEvents, and as CSV.

use std::io::{self, Write};

use ofrecord_interop::catalogue::ENTRIES;
use ofrecord_interop::cloud_events::{self, CloudEvent};
use ofrecord_interop::entry_rows;
use ofrecord_interop::separated::{Separated, SeparatedError};

use super::Range;
use super::stored::with_stored;
use crate::failure::{Failure, Verdict};

/// What an error of the place written to is called.
type Failed<'a> = &'a dyn Fn(io::Error) -> Failure;

/// The exact bytes, one entry a line.
pub(super) fn bytes(range: &Range<'_>, to: &mut impl Write, failed: Failed<'_>) -> Result<Verdict, Failure> {
    range.each(&mut |bytes| to.write_all(bytes).and_then(|()| to.write_all(b"\n")).map_err(failed))
}

/// One CloudEvent a line.
pub(super) fn cloud_events(range: &Range<'_>, to: &mut impl Write, failed: Failed<'_>) -> Result<Verdict, Failure> {
    each_cloud_event(range, &mut |event| write_json(to, event).and_then(|()| to.write_all(b"\n")).map_err(failed))
}

/// The JSON batch format: one array.
pub(super) fn cloud_event_batch(
    range: &Range<'_>,
    to: &mut impl Write,
    failed: Failed<'_>,
) -> Result<Verdict, Failure> {
    let mut before: &[u8] = b"[\n";
    let verdict = each_cloud_event(range, &mut |event| {
        to.write_all(std::mem::replace(&mut before, b",\n")).and_then(|()| write_json(to, event)).map_err(failed)
    })?;
    let end: &[u8] = if before == b"[\n" { b"[]\n" } else { b"\n]\n" };
    to.write_all(end).map_err(failed)?;
    Ok(verdict)
}

/// The table of entries as CSV.
pub(super) fn csv(range: &Range<'_>, to: &mut impl Write, failed: Failed<'_>) -> Result<Verdict, Failure> {
    let failed = |error| match error {
        SeparatedError::Row(error) => Failure::Row(error),
        SeparatedError::Write(error) => failed(error),
    };
    let mut separated = Separated::new(&ENTRIES, to).map_err(failed)?;
    let verdict = range.each(&mut |bytes| {
        with_stored(bytes, range.names, |stored| {
            entry_rows(stored).try_for_each(|row| separated.row(&row).map_err(failed))
        })
    })?;
    separated.finish().map_err(failed)?;
    Ok(verdict)
}

fn each_cloud_event(
    range: &Range<'_>,
    each: &mut dyn FnMut(&CloudEvent<'_>) -> Result<(), Failure>,
) -> Result<Verdict, Failure> {
    let source = cloud_events::source_of(range.log.origin());
    range.each(&mut |bytes| {
        with_stored(bytes, range.names, |stored| {
            cloud_events::cloud_events(&source, stored).try_for_each(|event| each(&event))
        })
    })
}

fn write_json(to: &mut impl Write, event: &CloudEvent<'_>) -> io::Result<()> {
    serde_json::to_writer(to, event).map_err(io::Error::from)
}
