//! The body of a bundle: frames of thirty-two entries, each packed and checked by itself.
//!
//! ```text
//! head     8 × ( bytes[4] crc32[4] )                big-endian
//! frames   8 × zstd( 32 × ( length[2] entry ) )
//! ```
//! The footer of the segment has the checksum of the head. One entry costs the unpacking of its frame alone; shorter frames
//! take longer together, because more of each is fetched from the dictionary.

use std::io;
use std::ops::Range;

use zstd::bulk::Compressor;

use super::dictionary::Dictionary;
use super::{BUNDLE_LEN, Row};
use crate::block::{BlockError, Framed, decompress_onto, require_checksum, stated_bytes};
use crate::canonical::ENTRY_BYTES_MAX;

/// Entries in a frame.
pub(super) const FRAME_ENTRIES: u64 = FRAME_LEN as u64;
/// The same as a length in memory.
const FRAME_LEN: usize = 32;
/// Frames in a bundle.
const FRAMES: usize = BUNDLE_LEN / FRAME_LEN;
/// Bytes of the head.
pub(super) const HEAD_BYTES: u64 = HEAD_LEN as u64;
/// The same as a length in memory.
const HEAD_LEN: usize = FRAMES * 8;
/// The most bytes that a frame can become.
const RAW_BYTES_MAX: usize = (ENTRY_BYTES_MAX + 2) * FRAME_LEN;

/// Where a frame is behind the head of its bundle, and its checksum.
pub(super) struct Frame {
    pub(super) at: Range<u64>,
    crc: u32,
}

/// Packs the entries of a bundle in their framed form, of which each has one of `lengths`; the body, and the checksum of
/// its head.
pub(super) fn pack(raw: &[u8], lengths: &[usize], compressor: &mut Compressor<'_>) -> io::Result<(Vec<u8>, u32)> {
    let mut head = Vec::with_capacity(HEAD_LEN);
    let mut frames = Vec::with_capacity(raw.len() / 4);
    let mut rest = raw;
    for lengths in lengths.chunks(FRAME_LEN) {
        let (entries, after) = rest
            .split_at_checked(lengths.iter().sum())
            .ok_or_else(|| io::Error::other("entries shorter than their lengths"))?;
        rest = after;
        let frame = compressor.compress(entries)?;
        head.extend_from_slice(&u32::try_from(frame.len()).map_err(io::Error::other)?.to_be_bytes());
        head.extend_from_slice(&crc32fast::hash(&frame).to_be_bytes());
        frames.extend_from_slice(&frame);
    }
    let crc = crc32fast::hash(&head);
    head.extend_from_slice(&frames);
    Ok((head, crc))
}

/// All entries of a bundle, from its whole body.
pub(super) fn unpack(body: &[u8], row: Row, dictionary: Option<&Dictionary>) -> Result<Framed, BlockError> {
    let (head, frames) = body.split_at_checked(HEAD_LEN).ok_or(BlockError::Short { bytes: body.len() })?;
    let places = places(head, row)?;
    let packed = |frame: &Frame| {
        let at = usize::try_from(frame.at.start).ok().zip(usize::try_from(frame.at.end).ok());
        at.and_then(|(start, end)| frames.get(start..end)).ok_or(BlockError::Short { bytes: body.len() })
    };
    let stated = places.iter().map(|frame| Ok(stated_bytes(packed(frame)?)?.unwrap_or(0).min(RAW_BYTES_MAX)));
    let mut raw = Vec::with_capacity(stated.sum::<Result<usize, BlockError>>()?);
    let mut ends = Vec::with_capacity(FRAMES);
    for frame in &places {
        unpack_onto(&mut raw, packed(frame)?, frame, dictionary)?;
        ends.push(raw.len());
    }
    let entries = Framed::parse(raw, BUNDLE_LEN)?;
    let each_is_full = (1..).zip(&ends).all(|(frames, end)| entries.end_of(frames * FRAME_LEN) == Some(*end));
    if each_is_full { Ok(entries) } else { Err(BlockError::Count { stated: FRAME_LEN, found: BUNDLE_LEN }) }
}

/// Where one of the frames is, from the head of its bundle.
pub(super) fn place(head: &[u8], row: Row, number: u64) -> Result<Frame, BlockError> {
    let places = places(head, row)?;
    usize::try_from(number)
        .ok()
        .and_then(|number| places.into_iter().nth(number))
        .ok_or(BlockError::Short { bytes: head.len() })
}

/// The entries of one frame, from what is at its place.
pub(super) fn unpack_one(packed: &[u8], frame: &Frame, dictionary: Option<&Dictionary>) -> Result<Framed, BlockError> {
    let mut raw = Vec::new();
    unpack_onto(&mut raw, packed, frame, dictionary)?;
    Framed::parse(raw, FRAME_LEN)
}

/// Where the frames are, from a head that is checked; together they are what the row says that the bundle has.
fn places(head: &[u8], row: Row) -> Result<Vec<Frame>, BlockError> {
    require_checksum(head, row.crc)?;
    let mut end = 0;
    let mut frames = Vec::with_capacity(FRAMES);
    let (fields, _) = head.as_chunks::<4>();
    let (pairs, _) = fields.as_chunks::<2>();
    for [bytes, crc] in pairs {
        let at = end..end + u64::from(u32::from_be_bytes(*bytes));
        end = at.end;
        frames.push(Frame { at, crc: u32::from_be_bytes(*crc) });
    }
    if u64::from(row.bytes) == HEAD_BYTES + end {
        return Ok(frames);
    }
    let found = usize::try_from(HEAD_BYTES + end).unwrap_or(usize::MAX);
    Err(BlockError::Count { stated: row.bytes as usize, found })
}

/// Appends the raw form of a frame's entries.
fn unpack_onto(
    raw: &mut Vec<u8>,
    packed: &[u8],
    frame: &Frame,
    dictionary: Option<&Dictionary>,
) -> Result<(), BlockError> {
    require_checksum(packed, frame.crc)?;
    decompress_onto(raw, packed, RAW_BYTES_MAX, dictionary.map(Dictionary::decoder))
}
