//! The stored views: per stream its entries' digests, and per customer, partner and the ledger its present view.
//!
//! Digests are added as the log grows, sorted by stream, and never change. Present views are folded from them and all
//! written anew when the log has doubled, and by every rebuild: nothing but comparing reads them.

use std::ops::ControlFlow;

use ofrecord_core::StreamId;
use ofrecord_log::{ByOwner, LogReader, OwnerRange, OwnerRows, ReadError, RowError, RowMoment, RowStore};
use ofrecord_views::{EntryRow, RowError as DigestError, Told};
use rayon::prelude::*;
use thiserror::Error;
use uuid::Uuid;

use crate::codec::DecodeError;
use crate::packing::{put_piece, take_piece};
use crate::progress::Progress;

mod digests;
mod folding;

use self::digests::add_digests;
use self::folding::Folding;

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
        /// The first position whose digest is not kept; everything, where only views had still to be written.
        position: u64,
    },
}

/// Digests are added each time this many entries have come together; what lies above is read from the log.
pub(crate) const STRIDE: u64 = 65_536;
/// What a live ledger adds at a time.
const FOLLOWING: Stretch = Stretch { entries: STRIDE, level: 0 };
/// What a rebuild adds at a time: the more, the less often rows have to be brought together. The digests are in memory,
/// packed, at some 200 bytes each.
const REBUILDING: Stretch = Stretch { entries: 8 * STRIDE, level: 1 };
/// Ranges of owners that each core works through at a time.
const RANGES_EACH: usize = 4;

/// A stretch of the log whose digests are added together.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// How many entries it has.
    entries: u64,
    /// How often as many come together as in the shortest one, as a level of runs.
    level: u8,
}

/// Where the log stands beyond which digests are not stored.
pub(crate) fn stored_end(tree_size: u64) -> u64 {
    tree_size / STRIDE * STRIDE
}

/// Brings the stored views of a live ledger up to `to`: the digests, and where the log has doubled since they were
/// written, the present views.
pub(crate) fn follow(store: &RowStore, log: &dyn LogReader, to: u64) -> Result<(), ProjectionError> {
    add_up_to(store, log, to, FOLLOWING, &())?;
    let through = store.checkpoint();
    if store.anew_through().saturating_mul(2) <= through && through > 0 {
        write_views(store, through, &())?;
    }
    Ok(())
}

/// Fills a new generation with the digests of all entries up to `to`, going on where an earlier attempt stopped.
pub(crate) fn fill(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    add_up_to(store, log, to, REBUILDING, progress)
}

/// Adds the digests of all entries up to `to`, stretch by stretch.
fn add_up_to(
    store: &RowStore,
    log: &dyn LogReader,
    to: u64,
    Stretch { entries, level }: Stretch,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    let mut through = store.checkpoint();
    while through < to {
        through = (through + entries).min(to);
        add_digests(store, log, through, level, progress, to)?;
        store.bring_together()?;
    }
    Ok(())
}

/// Writes the present views of all streams by the entries below `through`, whose digests are stored.
pub(crate) fn write_views(store: &RowStore, through: u64, progress: &dyn Progress) -> Result<(), ProjectionError> {
    let moment = store.moment();
    let mut writer = store.begin_anew()?;
    let folded = |owners: &OwnerRange| {
        let mut part = store.begin_part()?;
        for rows in moment.between(owners)? {
            let rows = rows?;
            let views = fold(&rows, Moments { earlier: through, through })?;
            views.present.map_or(Ok(()), |view| part.put(&rows.owner, &view))?;
        }
        Ok(part)
    };
    in_ranges(&moment, through, progress, &folded, &mut |part| Ok(writer.append(part)?))?;
    Ok(store.replace_anew(writer, through)?)
}

/// Works through all owners in ranges, some at a time and on every core, and takes what comes of them in their order.
///
/// How far it is, it tells in entries of `through`, which each range has about as many of.
pub(crate) fn in_ranges<T: Send>(
    moment: &RowMoment,
    through: u64,
    progress: &dyn Progress,
    work: &(dyn Fn(&OwnerRange) -> Result<T, ProjectionError> + Sync),
    take: &mut dyn FnMut(T) -> Result<(), ProjectionError>,
) -> Result<(), ProjectionError> {
    let ranges = moment.ranges();
    let told = |done: usize| progress.advance("write views", portion(through, done, ranges.len()), through);
    // Each core has a few, because not all of them take as long.
    let at_once = rayon::current_num_threads() * RANGES_EACH;
    for (done, some) in ranges.chunks(at_once).enumerate() {
        told(done * at_once);
        if progress.cancelled() {
            return Err(ProjectionError::Stopped { position: through });
        }
        let done: Vec<Result<T, ProjectionError>> = some.par_iter().map(work).collect();
        done.into_iter().try_for_each(|done| take(done?))?;
    }
    told(ranges.len());
    Ok(())
}

/// As many of a whole as some parts of it stand for.
fn portion(whole: u64, some: usize, parts: usize) -> u64 {
    let portion = u128::from(whole) * some as u128 / parts.max(1) as u128;
    u64::try_from(portion).unwrap_or(whole)
}

/// The tree sizes by which streams are folded, the earlier one first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    pub(crate) earlier: u64,
    pub(crate) through: u64,
}

/// The present views of a stream at two moments; none where no entry speaks of it yet.
#[derive(Debug)]
pub(crate) struct Folded {
    pub(crate) earlier: Option<Vec<u8>>,
    pub(crate) present: Option<Vec<u8>>,
}

/// Folds the stream of an owner from its digests; an owner that is no stream has no views.
pub(crate) fn fold(rows: &OwnerRows, moments: Moments) -> Result<Folded, ProjectionError> {
    let Some(stream) = stream_of(&rows.owner) else {
        return Ok(Folded { earlier: None, present: None });
    };
    let mut folding = Folding::of(stream);
    let mut earlier = None;
    for digest in digests_of(stream, rows)? {
        let told = Told::of_digest(digest).map_err(not_read(stream))?;
        if told.position >= moments.through {
            break;
        }
        if told.position >= moments.earlier && earlier.is_none() {
            earlier = Some(folding.view());
        }
        folding.take(told);
    }
    let present = folding.view();
    Ok(Folded { earlier: earlier.unwrap_or_else(|| present.clone()), present })
}

fn not_read(stream: StreamId) -> impl Fn(DigestError) -> ProjectionError {
    move |error| ProjectionError::Row { stream, problem: error.to_string() }
}

/// Calls `each` with every stored digest of a stream, oldest first.
pub(crate) fn each_row(
    store: &RowStore,
    stream: StreamId,
    each: &mut dyn FnMut(EntryRow),
) -> Result<(), ProjectionError> {
    let (mut next, mut failure) = (0, None);
    store.each_added(&owner_of_stream(stream), &mut |key, value| {
        let read = pieces(stream, key, &mut next, value).and_then(|digests| {
            digests
                .into_iter()
                .try_for_each(|digest| EntryRow::from_bytes(digest).map(&mut *each).map_err(not_read(stream)))
        });
        match read {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failure.map_or(Ok(()), Err)
}

/// The digests of a stream, oldest first.
pub(crate) fn digests_of(stream: StreamId, rows: &OwnerRows) -> Result<Vec<&[u8]>, ProjectionError> {
    let (mut next, mut digests) = (0, Vec::new());
    for (key, value) in &rows.added {
        digests.extend(pieces(stream, key, &mut next, value)?);
    }
    Ok(digests)
}

/// The digests of one row, whose key ends with the version of the first: none may be missing before it.
fn pieces<'a>(
    stream: StreamId,
    key: &[u8],
    next: &mut u64,
    mut value: &'a [u8],
) -> Result<Vec<&'a [u8]>, ProjectionError> {
    let damaged = |problem: String| ProjectionError::Row { stream, problem };
    let first = key.last_chunk::<8>().map(|version| u64::from_be_bytes(*version));
    if first != Some(*next) {
        return Err(damaged(format!("the digest of its entry {next} is missing")));
    }
    let mut digests = Vec::new();
    while !value.is_empty() {
        digests.push(take_piece(&mut value).ok_or_else(|| damaged("its digests are cut off".to_owned()))?);
        *next += 1;
    }
    Ok(digests)
}

/// Everything that is stored of one stream.
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
) -> Result<impl Iterator<Item = Result<StreamRows, ProjectionError>> + use<>, ProjectionError> {
    Ok(streams(store.moment().by_owner()?))
}

fn streams(owners: ByOwner) -> impl Iterator<Item = Result<StreamRows, ProjectionError>> {
    owners.filter_map(|rows| {
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => return Some(Err(error.into())),
        };
        let stream = stream_of(&rows.owner)?;
        let digests = match digests_of(stream, &rows) {
            Ok(digests) => digests.into_iter().map(<[u8]>::to_vec).collect(),
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(StreamRows { stream, view: rows.anew, digests }))
    })
}

/// What the keys of a stream's rows begin with.
pub(crate) fn owner_of_stream(stream: StreamId) -> Vec<u8> {
    let (kind, id): (u8, Uuid) = match stream {
        StreamId::Customer(id) => (b'c', id.guid()),
        StreamId::Partner(id) => (b'p', id.guid()),
        StreamId::Ledger => (b'l', Uuid::nil()),
    };
    let mut owner = vec![kind];
    owner.extend_from_slice(id.as_bytes());
    owner
}

/// The stream that an owner of rows is; none where it is no stream's.
pub(crate) fn stream_of(owner: &[u8]) -> Option<StreamId> {
    let (kind, id) = owner.split_first()?;
    let id = Uuid::from_slice(id).ok()?;
    match kind {
        b'c' => Some(StreamId::Customer(ofrecord_core::CustomerId::new(id))),
        b'p' => Some(StreamId::Partner(ofrecord_core::PartnerTenantId::new(id))),
        b'l' => Some(StreamId::Ledger),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
