//! Adding the digests of a stretch of the log, brought together by stream.

use std::ops::{ControlFlow, Range};

use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{LogReader, RowPart, RowStore, owner_of};
use ofrecord_views::EntryRow;
use rayon::prelude::*;

use super::{ProjectionError, owner_of_stream, put_piece};
use crate::codec::{DecodeError, decode_borrowed};
use crate::packing::Packing;
use crate::parts::{Part, Parts};
use crate::progress::Progress;
use crate::rounds::in_rounds;

/// Entries whose digests are unpacked at a time.
const PART_ENTRIES: u64 = 16_384;

/// Digests in one row.
const ROW_DIGESTS: usize = 64;

/// Adds the digests of the entries from the checkpoint to `to`, and tells how far of `end` it is.
///
/// Where it is stopped while it reads, nothing is written.
pub(super) fn add_digests(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    level: u8,
    progress: &dyn Progress,
    end: u64,
) -> Result<(), ProjectionError> {
    let parts = gathered(log, store.checkpoint()..to, progress, end)?;
    let mut rows = store.begin_added()?;
    let mut parts = parts.into_iter().peekable();
    while parts.peek().is_some() {
        let some: Vec<Part> = parts.by_ref().take(rayon::current_num_threads()).collect();
        let sorted: Vec<Result<RowPart, ProjectionError>> =
            some.into_par_iter().map(|part| sorted(part, store.begin_part()?)).collect();
        sorted.into_iter().try_for_each(|part| Ok::<_, ProjectionError>(rows.append(part?)?))?;
    }
    Ok(store.add(rows, level, to)?)
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
                let part = bounds.partition_point(|bound| *bound <= place.owner);
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
    let mut keys: Vec<&Vec<u8>> = round.iter().flat_map(|digest| &digest.places).map(|place| &place.owner).collect();
    keys.sort_unstable();
    (1..count).filter_map(|part| keys.get(part * keys.len() / count)).map(|key| (*key).clone()).collect()
}

/// The digest of an entry as bytes, and the streams that it belongs to.
struct Digest {
    row: Vec<u8>,
    places: Vec<Place>,
}

/// The place of an entry in a stream: its owner, and its version.
struct Place {
    owner: Vec<u8>,
    version: u64,
}

impl Place {
    /// What its digests are sorted by.
    fn label(&self) -> Vec<u8> {
        let mut label = self.owner.clone();
        label.extend_from_slice(&self.version.to_be_bytes());
        label
    }
}

fn digest(position: u64, bytes: &[u8]) -> Result<Digest, ProjectionError> {
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(DecodeError::from)?;
    let row = EntryRow::from(decode_borrowed(&envelope)?).to_bytes();
    let places = envelope.streams.iter().map(|link| {
        let stream = link.stream.parse();
        let stream = stream.map_err(|_| ProjectionError::Stream { position, stream: link.stream.to_owned() })?;
        Ok(Place { owner: owner_of_stream(stream), version: link.version })
    });
    Ok(Digest { places: places.collect::<Result<_, ProjectionError>>()?, row })
}

/// The digests of a part as rows, some of one stream in each.
fn sorted(part: Part, mut rows: RowPart) -> Result<RowPart, ProjectionError> {
    let mut digests: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    part.each_piece(&mut Packing::new()?, &mut |label, row| {
        digests.push((label.to_vec(), row.to_vec()));
        Ok::<_, ProjectionError>(())
    })?;
    digests.sort_unstable();
    for of_owner in digests.chunk_by(|(one, _), (other, _)| owner_of(one) == owner_of(other)) {
        for some in of_owner.chunks(ROW_DIGESTS) {
            let mut value = Vec::new();
            some.iter().try_for_each(|(_, digest)| put_piece(digest, &mut value))?;
            some.first().map_or(Ok(()), |(first, _)| rows.put(first, &value))?;
        }
    }
    Ok(rows)
}
