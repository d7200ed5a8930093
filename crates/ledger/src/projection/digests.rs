//! Adding the digests of a stretch of the log, brought together by stream.

use std::io;
use std::ops::{ControlFlow, Range};

use ofrecord_core::StreamId;
use ofrecord_core::event::upcast;
use ofrecord_log::canonical::canonical_members;
use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{LogReader, OWNER_BYTES, RowPart, RowStore, owner_of};
use ofrecord_views::{EntryRow, Spelled, digest_bytes};
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
                let part = bounds.partition_point(|bound| bound.as_slice() <= owner_of(place));
                parts.put(part, place, &digest.row)?;
            }
        }
        Ok::<_, ProjectionError>(ControlFlow::Continue(()))
    })?;
    Ok(parts.into_parts())
}

/// The owners at which all parts but the first begin, so that each has about as many of these entries.
///
/// Which part a stream is in changes nothing but how much is in memory at a time.
fn bounds_of(round: &[Digest], count: usize) -> Vec<Vec<u8>> {
    let mut owners: Vec<&[u8]> = round.iter().flat_map(|digest| &digest.places).map(|place| owner_of(place)).collect();
    owners.sort_unstable();
    (1..count).filter_map(|part| owners.get(part * owners.len() / count)).map(|owner| owner.to_vec()).collect()
}

/// The place of an entry in a stream, by which digests are sorted: the stream's owner, and the entry's version.
type Place = [u8; OWNER_BYTES + 8];

/// The digest of an entry as bytes, and its places in the streams that it belongs to.
struct Digest {
    row: Vec<u8>,
    places: Vec<Place>,
}

fn digest(position: u64, bytes: &[u8]) -> Result<Digest, ProjectionError> {
    let envelope = EnvelopeRef::parse_canonical(bytes).map_err(DecodeError::from)?;
    let row = row_of(&envelope)?;
    let places = envelope.streams.iter().map(|link| {
        let stream = link.stream.parse();
        let stream = stream.map_err(|_| ProjectionError::Stream { position, stream: link.stream.to_owned() })?;
        Ok(place_of(stream, link.version))
    });
    Ok(Digest { places: places.collect::<Result<_, ProjectionError>>()?, row })
}

fn place_of(stream: StreamId, version: u64) -> Place {
    let mut place = Place::default();
    let bytes = owner_of_stream(stream).into_iter().chain(version.to_be_bytes());
    place.iter_mut().zip(bytes).for_each(|(into, byte)| *into = byte);
    place
}

/// The digest of an entry, which is read whole, so that what cannot be understood is an error. What the entry spells as
/// its digest does is copied.
fn row_of(envelope: &EnvelopeRef<'_>) -> Result<Vec<u8>, DecodeError> {
    let entry = decode_borrowed(envelope)?;
    let Some(spelled) = spelled_in(envelope) else { return Ok(EntryRow::from(entry).to_bytes()) };
    let row = digest_bytes(&entry, &spelled);
    debug_assert_eq!(row, EntryRow::from(entry).to_bytes(), "what an entry spells is what its digest has");
    Ok(row)
}

/// What the decision of an entry spells as the digest does: all of it, save for events of an older version.
fn spelled_in<'a>(envelope: &EnvelopeRef<'a>) -> Option<Spelled<'a>> {
    if envelope.redacted.is_some() || upcast::names_versioned(envelope.decision.as_bytes()) {
        return None;
    }
    let (mut actor, mut evidence, mut events, mut policy, mut refusal) = (None, None, None, None, None);
    for (key, value) in canonical_members(envelope.decision).ok()? {
        match key {
            "actor" => actor = Some(value),
            "evidence" => evidence = Some(value),
            "events" => events = Some(value),
            "policy" => policy = Some(value),
            "refusal" => refusal = Some(value),
            _ => {}
        }
    }
    Some(Spelled { actor: actor?, evidence, events, policy: policy?, refusal })
}

/// The digests of a part as rows, some of one stream in each.
fn sorted(part: Part, mut rows: RowPart) -> Result<RowPart, ProjectionError> {
    let (mut pieces, mut digests) = (Pieces::default(), Vec::new());
    part.each_piece(&mut Packing::new()?, &mut |label, row| {
        let place = Place::try_from(label).map_err(|_| io::Error::other("the place of an entry is cut off"))?;
        digests.push((place, pieces.put(row)?));
        Ok::<_, ProjectionError>(())
    })?;
    digests.sort_unstable_by_key(|(place, _)| *place);
    let mut value = Vec::new();
    for of_owner in digests.chunk_by(|(one, _), (other, _)| owner_of(one) == owner_of(other)) {
        for some in of_owner.chunks(ROW_DIGESTS) {
            value.clear();
            some.iter().for_each(|(_, at)| value.extend_from_slice(pieces.get(at)));
            some.first().map_or(Ok(()), |(first, _)| rows.put(first, &value))?;
        }
    }
    Ok(rows)
}

/// Bytes that are made room for at a time.
const CHUNK_BYTES: usize = 256 * 1024;

/// Pieces in memory, each behind its length: where one was put, there it stays, so that much is never moved.
#[derive(Default)]
struct Pieces {
    full: Vec<Vec<u8>>,
    open: Vec<u8>,
}

/// Where a piece is.
struct At {
    chunk: usize,
    bytes: Range<usize>,
}

impl Pieces {
    fn put(&mut self, piece: &[u8]) -> io::Result<At> {
        let needed = piece.len() + size_of::<u32>();
        if self.open.capacity() - self.open.len() < needed {
            let fresh = Vec::with_capacity(needed.max(CHUNK_BYTES));
            self.full.push(std::mem::replace(&mut self.open, fresh));
        }
        let from = self.open.len();
        put_piece(piece, &mut self.open)?;
        Ok(At { chunk: self.full.len(), bytes: from..self.open.len() })
    }

    fn get(&self, at: &At) -> &[u8] {
        let chunk = self.full.get(at.chunk).unwrap_or(&self.open);
        chunk.get(at.bytes.clone()).unwrap_or_default()
    }
}
