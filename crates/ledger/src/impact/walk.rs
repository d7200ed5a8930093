//! Two sides of rows walked together, stream by stream, and every row of them compared.

use std::collections::BTreeMap;

use ofrecord_core::StreamId;
use ofrecord_log::RowStore;
use ofrecord_views::{ENTRIES, RowDifference, StoredRows, Tally, compare};
use serde_json::Value;

use super::{Asked, ImpactError, ImpactReport, ImpactRow, report_progress};
use crate::progress::Progress;
use crate::projection::{ProjectionError, StreamRows, stored_rows};

/// Walks both sides in the order that both are in.
pub(super) fn walk(
    before: impl Iterator<Item = Result<StreamRows, ImpactError>>,
    fresh: &RowStore,
    asked: Asked,
    report: &mut ImpactReport,
    progress: &dyn Progress,
) -> Result<(), ImpactError> {
    let mut before = before.peekable();
    let mut after = stored_rows(fresh)?.map(|rows| rows.map_err(ImpactError::from)).peekable();
    for done in 0.. {
        report_progress("compare rows", done, progress)?;
        let ahead = [before.peek(), after.peek()].into_iter().flatten();
        let next = ahead.filter_map(|rows| rows.as_ref().ok()).map(|rows| rows.stream).min();
        // An error is taken out at once, and ends the walk.
        let is_next =
            |rows: &Result<StreamRows, ImpactError>| rows.as_ref().map_or(true, |rows| Some(rows.stream) == next);
        let (one, other) = (before.next_if(is_next).transpose()?, after.next_if(is_next).transpose()?);
        let Some(stream) = next else { break };
        if asked.customer.is_none_or(|customer| stream == StreamId::Customer(customer)) {
            take(stream, one.as_ref(), other.as_ref(), asked.limit, report)?;
        }
    }
    Ok(())
}

fn take(
    stream: StreamId,
    before: Option<&StreamRows>,
    after: Option<&StreamRows>,
    limit: usize,
    report: &mut ImpactReport,
) -> Result<(), ImpactError> {
    let (differences, tallies) = match (before, after) {
        (Some(before), Some(after)) if before == after => (Vec::new(), counted(after)?),
        (before, after) => compared(before, after)?,
    };
    for (kind, tally) in tallies {
        report.kinds.entry(kind).or_default().add(tally);
    }
    let (customer, partner) = match stream {
        StreamId::Customer(customer) => (Some(customer), None),
        StreamId::Partner(partner) => (None, Some(partner)),
        StreamId::Ledger => (None, None),
    };
    for difference in differences {
        report.differing += 1;
        if report.rows.len() < limit {
            report.rows.push(ImpactRow { customer, partner, difference });
        }
    }
    Ok(())
}

fn unchanged(rows: u64) -> Tally {
    Tally { unchanged: rows, ..Tally::default() }
}

/// The rows of a stream of which both sides have the same bytes. Its digests are not looked into.
fn counted(rows: &StreamRows) -> Result<BTreeMap<String, Tally>, ImpactError> {
    let view = parsed(Some(rows), Digests::Same(0))?;
    let entries = [(ENTRIES, length(&rows.digests))].into_iter().filter(|(_, count)| *count > 0);
    Ok(view.count().chain(entries).map(|(kind, count)| (kind.to_owned(), unchanged(count))).collect())
}

fn compared(
    before: Option<&StreamRows>,
    after: Option<&StreamRows>,
) -> Result<(Vec<RowDifference>, BTreeMap<String, Tally>), ImpactError> {
    let digests = match (before, after) {
        (Some(before), Some(after)) if before.digests == after.digests => Digests::Same(length(&after.digests)),
        _ => Digests::Differ,
    };
    let (differences, mut tallies) = compare(&parsed(before, digests)?, &parsed(after, digests)?);
    if let Digests::Same(count @ 1..) = digests {
        tallies.insert(ENTRIES.to_owned(), unchanged(count));
    }
    Ok((differences, tallies))
}

/// Whether the digests of a stream have to be looked into: a long stream has many, and mostly they are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digests {
    /// They have the same bytes on both sides; how many they are.
    Same(u64),
    /// They have not.
    Differ,
}

fn length(digests: &[Vec<u8>]) -> u64 {
    u64::try_from(digests.len()).unwrap_or(u64::MAX)
}

fn parsed(rows: Option<&StreamRows>, digests: Digests) -> Result<StoredRows, ImpactError> {
    let mut parsed = StoredRows::default();
    let Some(rows) = rows else { return Ok(parsed) };
    let read = |bytes: &[u8]| {
        serde_json::from_slice::<Value>(bytes)
            .map_err(|error| ProjectionError::Row { stream: rows.stream, problem: error.to_string() })
    };
    if let Some(view) = &rows.view {
        parsed.take_view(read(view)?);
    }
    match digests {
        Digests::Same(_) => {}
        Digests::Differ => {
            rows.digests.iter().try_for_each(|digest| read(digest).map(|digest| parsed.take_digest(digest)))?
        }
    }
    Ok(parsed)
}
