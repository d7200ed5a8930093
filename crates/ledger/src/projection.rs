//! The stored views: per stream its entries' digests in pages, and per customer or partner its present view.
//!
//! Pages are cut by stream version and never by batch, and a present view is a function of all entries below
//! the checkpoint. So the rows depend on the entries and the checkpoint alone, however they came to be written.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ofrecord_core::StreamId;
use ofrecord_log::{LogReader, ReadError, RowChanges, RowError, RowStore};
use ofrecord_views::EntryRow;
use rayon::prelude::*;
use thiserror::Error;
use uuid::Uuid;

use self::pages::pages;
use crate::codec::DecodeError;
use crate::packing::Packing;
use crate::progress::Progress;
use crate::stream_record::StreamRecord;

mod pages;

/// Why stored views could not be written or read. The log is not touched by any of it.
#[derive(Debug, Error)]
pub enum ProjectionError {
    /// The log could not give an entry.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// An entry could not be understood; it is never skipped.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The store of rows failed.
    #[error(transparent)]
    Store(#[from] RowError),
    /// An entry belongs to a stream of no known kind.
    #[error("fold position {position}: `{stream}` is not a customer's, a partner's or the ledger's own stream")]
    Stream {
        /// The entry's position.
        position: u64,
        /// The stream's name.
        stream: String,
    },
    /// A page that should be there is not.
    #[error("read page {page} of {stream} in the stored views: it is missing or too short")]
    PageMissing {
        /// The stream.
        stream: StreamId,
        /// The page.
        page: u64,
    },
    /// A stored row cannot be read.
    #[error("read {stream} in the stored views: {problem}")]
    Row {
        /// The stream.
        stream: StreamId,
        /// What is wrong.
        problem: String,
    },
    /// A row could not be packed.
    #[error("pack a row of the stored views: {0}")]
    Pack(#[from] std::io::Error),
    /// It was stopped; what is done is kept and goes on next time.
    #[error("finish: stopped at position {position}; the next run goes on from there")]
    Stopped {
        /// The first position not folded.
        position: u64,
    },
}

/// Digests in one page.
pub(crate) const PAGE_ENTRIES: u64 = 64;
/// Stored views are written each time this many entries have come together; what lies above is read from the log.
pub(crate) const STRIDE: u64 = 65_536;
/// Entries between two checkpoints of a rebuild: the fewer, the less often a page is written again. Their digests are
/// in memory, packed, at some 200 bytes each.
const REBUILD_STRIDE: u64 = 524_288;
/// Present views written in one batch.
const PRESENT_BATCH: usize = 512;

/// The prefix of pages.
pub(crate) const PAGES: u8 = b'e';
/// The prefix of present views.
pub(crate) const PRESENT: u8 = b'v';
/// The row that says up to which checkpoint the present views are written.
const PRESENT_THROUGH: &[u8] = b"m/present";

/// Where the log stands beyond which stored views are not written.
pub(crate) fn stored_end(tree_size: u64) -> u64 {
    tree_size / STRIDE * STRIDE
}

/// Brings the stored views of a live ledger up to `to`: pages and the present views of whom the entries touch.
pub(crate) fn follow(store: &RowStore, log: &dyn LogReader, to: u64) -> Result<(), ProjectionError> {
    // A stop between pages and present views leaves views behind: all of them are written again then.
    // A stop in the middle of a write leaves rows ahead of the checkpoint, which are caught up with.
    let to = store.unfinished()?.filter(|ahead| *ahead <= log.tree_size()).map_or(to, |ahead| to.max(ahead));
    let mut through = store.checkpoint()?;
    if present_through(store)? < through {
        present(store, through, streams_with_pages(store))?;
    }
    while through < to {
        through = (through + STRIDE).min(to);
        let touched = pages(store, log, through, &(), to)?;
        present(store, through, touched.into_iter().map(Ok))?;
    }
    Ok(store.flush()?)
}

/// Fills a new generation up to `to`, going on where an earlier attempt stopped.
pub(crate) fn fill(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    fill_pages(store, log, to, progress)?;
    if present_through(store)? < to {
        progress.advance("write views", 0, to);
        present(store, to, streams_with_pages(store))?;
    }
    progress.advance("write views", to, to);
    Ok(store.flush()?)
}

/// The first half of it: reads every entry up to `to` and writes the pages.
pub(crate) fn fill_pages(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    let mut through = store.checkpoint()?;
    while through < to {
        through = (through + REBUILD_STRIDE).min(to);
        pages(store, log, through, progress, to)?;
        store.flush()?;
    }
    Ok(())
}

/// Up to which checkpoint the present views are written.
pub(crate) fn present_through(store: &RowStore) -> Result<u64, ProjectionError> {
    let row = store.get(PRESENT_THROUGH)?;
    Ok(row.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes))
}

/// An error that a thread met when it began, for each piece of work that it was given.
fn again(error: &mut std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), error.to_string())
}

/// Writes the present views of some streams, and that they are written through `to`.
fn present(
    store: &RowStore,
    to: u64,
    streams: impl Iterator<Item = Result<StreamId, ProjectionError>>,
) -> Result<(), ProjectionError> {
    let mut streams = streams.peekable();
    while streams.peek().is_some() {
        let batch: Vec<StreamId> = streams.by_ref().take(PRESENT_BATCH).collect::<Result<_, _>>()?;
        let packed: Vec<Result<Vec<u8>, ProjectionError>> = batch
            .par_iter()
            .map_init(Packing::new, |packing, stream| packed_view(store, packing.as_mut().map_err(again)?, *stream))
            .collect();
        let mut changes = RowChanges::default();
        for (stream, view) in batch.into_iter().zip(packed) {
            changes.put(stream_key(PRESENT, stream), view?);
        }
        store.write(changes, to)?;
    }
    let mut through = RowChanges::default();
    through.put(PRESENT_THROUGH.to_vec(), to.to_be_bytes().to_vec());
    Ok(store.write(through, to)?)
}

/// The present view of a stream, folded from its pages.
fn packed_view(store: &RowStore, packing: &mut Packing, stream: StreamId) -> Result<Vec<u8>, ProjectionError> {
    let mut record = StreamRecord::new(stream);
    each_packed(store, packing, stream, &mut |row| record.take_row(row))?;
    present_view(packing, &record)
}

fn present_view(packing: &mut Packing, record: &StreamRecord) -> Result<Vec<u8>, ProjectionError> {
    Ok(packing.pack(&record.present_bytes())?)
}

/// The rows of a stream as a store that holds its whole record has them.
pub(crate) fn folded_rows(
    packing: &mut Packing,
    record: &StreamRecord,
) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, ProjectionError> {
    let mut rows = BTreeMap::new();
    if record.entries().is_empty() {
        return Ok(rows);
    }
    let stream = record.stream();
    let full = usize::try_from(PAGE_ENTRIES).unwrap_or(usize::MAX);
    for (page, entries) in (0..).zip(record.entries().chunks(full)) {
        let digests: Vec<Vec<u8>> = entries.iter().map(EntryRow::to_bytes).collect();
        rows.insert(page_key(stream, page), packing.pack_pieces(&digests)?);
    }
    rows.insert(stream_key(PRESENT, stream), present_view(packing, record)?);
    Ok(rows)
}

/// Calls `each` with every stored digest of a stream, oldest first.
pub(crate) fn each_row(
    store: &RowStore,
    stream: StreamId,
    each: &mut dyn FnMut(EntryRow),
) -> Result<(), ProjectionError> {
    each_packed(store, &mut Packing::new()?, stream, each)
}

fn each_packed(
    store: &RowStore,
    packing: &mut Packing,
    stream: StreamId,
    each: &mut dyn FnMut(EntryRow),
) -> Result<(), ProjectionError> {
    let mut page = 0;
    while let Some(rows) = page_rows(store, packing, stream, page)? {
        for row in rows {
            each(
                EntryRow::from_bytes(&row)
                    .map_err(|error| ProjectionError::Row { stream, problem: error.to_string() })?,
            );
        }
        page += 1;
    }
    Ok(())
}

/// Everything that is stored of one stream, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamRows {
    pub(crate) stream: StreamId,
    /// Its present view, where there is one.
    pub(crate) view: Option<Vec<u8>>,
    /// The digests of its entries, oldest first.
    pub(crate) digests: Vec<Vec<u8>>,
}

/// Everything that is stored, stream by stream in the order of their keys. Whoever gets an error must stop.
pub(crate) fn stored_rows(
    store: &RowStore,
) -> Result<impl Iterator<Item = Result<StreamRows, ProjectionError>> + '_, ProjectionError> {
    let mut packing = Packing::new()?;
    let mut after = None;
    Ok(std::iter::from_fn(move || {
        let next = next_stream(store, PAGES, after).and_then(|paged| {
            let viewed = next_stream(store, PRESENT, after)?;
            Ok([paged, viewed].into_iter().flatten().min())
        });
        after = next.as_ref().ok().copied().flatten().or(after);
        next.and_then(|stream| stream.map(|stream| rows_of(store, &mut packing, stream)).transpose()).transpose()
    }))
}

fn rows_of(store: &RowStore, packing: &mut Packing, stream: StreamId) -> Result<StreamRows, ProjectionError> {
    let damaged = |_| ProjectionError::Row { stream, problem: "its present view is damaged".to_owned() };
    let view = store.get(&stream_key(PRESENT, stream))?;
    let view = view.map(|packed| packing.unpack(&packed)).transpose().map_err(damaged)?;
    let mut digests = Vec::new();
    for page in 0.. {
        match page_rows(store, packing, stream, page)? {
            Some(rows) => digests.extend(rows),
            None => break,
        }
    }
    Ok(StreamRows { stream, view, digests })
}

/// The streams that have pages, in the order of their keys.
fn streams_with_pages(store: &RowStore) -> impl Iterator<Item = Result<StreamId, ProjectionError>> + '_ {
    let mut after: Option<StreamId> = None;
    std::iter::from_fn(move || match next_stream(store, PAGES, after) {
        Ok(Some(stream)) => {
            after = Some(stream);
            Some(Ok(stream))
        }
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    })
}

/// The first stream after another that has a row with this prefix.
fn next_stream(store: &RowStore, prefix: u8, after: Option<StreamId>) -> Result<Option<StreamId>, ProjectionError> {
    // Above every page of the stream, and above its present view, which has no number.
    let from = after.map_or_else(Vec::new, |stream| numbered(stream_key(prefix, stream), u64::MAX));
    let mut found = None;
    store.scan_prefix_after(&[prefix], &from, &mut |key, _| {
        found = stream_of(key);
        ControlFlow::Break(())
    })?;
    Ok(found)
}

fn page_rows(
    store: &RowStore,
    packing: &mut Packing,
    stream: StreamId,
    page: u64,
) -> Result<Option<Vec<Vec<u8>>>, ProjectionError> {
    let Some(packed) = store.get(&page_key(stream, page))? else { return Ok(None) };
    let rows = packing.unpack_pieces(&packed);
    rows.map(Some).map_err(|_| ProjectionError::Row { stream, problem: format!("page {page} is damaged") })
}

pub(crate) fn stream_key(prefix: u8, stream: StreamId) -> Vec<u8> {
    let (kind, id): (u8, Uuid) = match stream {
        StreamId::Customer(id) => (b'c', id.guid()),
        StreamId::Partner(id) => (b'p', id.guid()),
        StreamId::Ledger => (b'l', Uuid::nil()),
    };
    let mut key = vec![prefix, kind];
    key.extend_from_slice(id.as_bytes());
    key
}

fn page_key(stream: StreamId, page: u64) -> Vec<u8> {
    numbered(stream_key(PAGES, stream), page)
}

fn numbered(mut key: Vec<u8>, number: u64) -> Vec<u8> {
    key.extend(number.to_be_bytes());
    key
}

/// The stream whose page or present view a key names.
pub(crate) fn stream_of(key: &[u8]) -> Option<StreamId> {
    let id = Uuid::from_slice(key.get(2..18)?).ok()?;
    match key.get(1)? {
        b'c' => Some(StreamId::Customer(ofrecord_core::CustomerId::new(id))),
        b'p' => Some(StreamId::Partner(ofrecord_core::PartnerTenantId::new(id))),
        b'l' => Some(StreamId::Ledger),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
