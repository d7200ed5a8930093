//! Writing pages: the digests of a stretch of the log, brought together by stream.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};

use ofrecord_core::StreamId;
use ofrecord_log::entry::Envelope;
use ofrecord_log::{LogReader, RowChanges, RowStore};
use ofrecord_views::EntryRow;
use rayon::prelude::*;

use super::{PAGE_ENTRIES, PAGES, ProjectionError, page_key, page_rows, stream_key, stream_of};
use crate::codec::{DecodeError, decode_envelope};
use crate::packing::Packing;
use crate::parts::{Part, Parts};
use crate::progress::Progress;
use crate::rounds::in_rounds;

/// Entries whose digests are unpacked at a time.
const PART_ENTRIES: u64 = 16_384;

/// Writes the pages of the entries from the checkpoint to `to`, and tells how far of `end` it is; says whom they touch.
///
/// Where it is stopped while it reads, nothing is written.
pub(super) fn pages(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    progress: &dyn Progress,
    end: u64,
) -> Result<BTreeSet<StreamId>, ProjectionError> {
    let from = store.checkpoint()?;
    let parts = gathered(log, from..to, progress, end)?;
    let mut packing = Packing::new()?;
    let mut touched = BTreeSet::new();
    for part in parts {
        let arrivals = arrivals(part, &mut packing)?;
        store.write_part(changes(store, &arrivals)?, to)?;
        touched.extend(arrivals.into_keys());
    }
    store.write(RowChanges::default(), to)?;
    Ok(touched)
}

/// The digests of a range, in parts of the streams' keys in their order.
fn gathered(
    log: &dyn LogReader,
    range: Range<u64>,
    progress: &dyn Progress,
    end: u64,
) -> Result<Vec<Part>, ProjectionError> {
    let count = usize::try_from((range.end - range.start).div_ceil(PART_ENTRIES)).unwrap_or(usize::MAX);
    let mut parts = Parts::new(count)?;
    let mut bounds: Option<Vec<Vec<u8>>> = None;
    let mut read = range.start;
    in_rounds(log, range.clone(), &digest, &mut |round: Vec<Digest>| {
        progress.advance("fold entries", read, end);
        if progress.cancelled() {
            return Err(ProjectionError::Stopped { position: range.start });
        }
        read += u64::try_from(round.len()).unwrap_or(0);
        let bounds = bounds.get_or_insert_with(|| bounds_of(&round, count));
        for digest in &round {
            for place in &digest.places {
                let part = bounds.partition_point(|bound| *bound <= place.key);
                parts.put(part, &place.label(), &digest.row)?;
            }
        }
        Ok::<_, ProjectionError>(ControlFlow::Continue(()))
    })?;
    Ok(parts.into_parts())
}

/// The keys at which all parts but the first begin, so that each has about as many of these entries.
///
/// Which part a stream is in changes nothing but how much is in memory at a time.
fn bounds_of(round: &[Digest], count: usize) -> Vec<Vec<u8>> {
    let mut keys: Vec<&Vec<u8>> = round.iter().flat_map(|digest| &digest.places).map(|place| &place.key).collect();
    keys.sort_unstable();
    (1..count).filter_map(|part| keys.get(part * keys.len() / count)).map(|key| (*key).clone()).collect()
}

/// The digest of an entry as bytes, and the streams that it belongs to.
struct Digest {
    row: Vec<u8>,
    places: Vec<Place>,
}

/// The place of an entry in a stream.
struct Place {
    /// The stream, as its pages begin.
    key: Vec<u8>,
    version: u64,
}

impl Place {
    fn label(&self) -> Vec<u8> {
        let mut label = self.version.to_be_bytes().to_vec();
        label.extend_from_slice(&self.key);
        label
    }

    fn of(label: &[u8]) -> Option<(StreamId, u64)> {
        let (version, key) = label.split_first_chunk::<8>()?;
        Some((stream_of(key)?, u64::from_be_bytes(*version)))
    }
}

fn digest(position: u64, bytes: &[u8]) -> Result<Digest, ProjectionError> {
    let envelope = Envelope::parse_canonical(bytes).map_err(DecodeError::from)?;
    let row = EntryRow::from(decode_envelope(&envelope)?).to_bytes();
    let places = envelope.streams.iter().map(|link| {
        let stream = link.stream.parse();
        let stream = stream.map_err(|_| ProjectionError::Stream { position, stream: link.stream.clone() })?;
        Ok(Place { key: stream_key(PAGES, stream), version: link.version })
    });
    Ok(Digest { places: places.collect::<Result<_, ProjectionError>>()?, row })
}

/// The digests of one stream that one stretch brings, by the version of the first.
pub(super) struct Arrivals {
    pub(super) first_version: u64,
    pub(super) rows: Vec<Vec<u8>>,
}

fn arrivals(part: Part, packing: &mut Packing) -> Result<BTreeMap<StreamId, Arrivals>, ProjectionError> {
    let mut arrivals: BTreeMap<StreamId, Arrivals> = BTreeMap::new();
    part.each_piece(packing, &mut |label, row| {
        let (stream, version) =
            Place::of(label).ok_or_else(|| std::io::Error::other("a digest in memory is of no stream"))?;
        let arrived = arrivals.entry(stream).or_insert_with(|| Arrivals { first_version: version, rows: Vec::new() });
        arrived.rows.push(row.to_vec());
        Ok::<_, ProjectionError>(())
    })?;
    Ok(arrivals)
}

fn changes(store: &RowStore, arrivals: &BTreeMap<StreamId, Arrivals>) -> Result<RowChanges, ProjectionError> {
    let packed: Vec<Result<RowChanges, ProjectionError>> = arrivals
        .par_iter()
        .map_init(Packing::new, |packing, (stream, arrived)| {
            packed_pages(store, packing.as_mut().map_err(super::again)?, *stream, arrived)
        })
        .collect();
    let mut changes = RowChanges::default();
    for pages in packed {
        changes.rows.extend(pages?.rows);
    }
    Ok(changes)
}

/// The pages of a stream that new digests change.
pub(super) fn packed_pages(
    store: &RowStore,
    packing: &mut Packing,
    stream: StreamId,
    arrived: &Arrivals,
) -> Result<RowChanges, ProjectionError> {
    let mut changes = RowChanges::default();
    let mut page = arrived.first_version / PAGE_ENTRIES;
    let before = usize::try_from(arrived.first_version % PAGE_ENTRIES).unwrap_or(usize::MAX);
    let stored = if before == 0 { None } else { page_rows(store, packing, stream, page)? };
    let mut rows: Vec<Vec<u8>> = stored.unwrap_or_default();
    if rows.len() < before {
        return Err(ProjectionError::PageMissing { stream, page });
    }
    // What was written already, by a run that was stopped before its checkpoint, is written again and not twice.
    rows.truncate(before);
    let full = usize::try_from(PAGE_ENTRIES).unwrap_or(usize::MAX);
    let mut rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
    for row in &arrived.rows {
        if rows.len() == full {
            changes.put(page_key(stream, page), packing.pack_pieces(&rows)?);
            rows.clear();
            page += 1;
        }
        rows.push(row);
    }
    changes.put(page_key(stream, page), packing.pack_pieces(&rows)?);
    Ok(changes)
}
