//! The value that the store keeps for one block of a commit: framed, compressed, checksummed.
//!
//! ```text
//! magic[4] flags[1] zero[3] first[8] count[4] raw_bytes[4] body_bytes[4] root[32]     big-endian
//! body crc32[4]
//! ```
//! The body is a repeated 16-bit length and entry, compressed with zstd when that makes it shorter.
//! `root` is the root of the tree after this block. A commit that is too long for one block is
//! spread over several, of which only the final one has the flag `last`: without it the others were
//! never acknowledged.

use std::cell::RefCell;
use std::fs::File;
use std::io::Cursor;
use std::os::unix::fs::FileExt as _;

use thiserror::Error;
use zstd::bulk::Compressor;
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::{self, DCtx};

use crate::canonical::ENTRY_BYTES_MAX;
use crate::event_log::NewEntry;
use crate::hash::Hash;
use crate::merkle::Frontier;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

const MAGIC: &[u8; 4] = b"ORB1";
pub(crate) const MAGIC_BYTES: usize = MAGIC.len();
const HEADER_BYTES: usize = 60;
/// Where the header states the length of the body.
const BODY_BYTES_AT: u64 = 24;
const FLAG_LAST: u8 = 1;
const FLAG_COMPRESSED: u8 = 2;
const COMPRESSION_LEVEL: i32 = 1;

/// The most bytes of a block, unless a single incompressible entry needs a few more.
///
/// Above a quarter of a store segment, values would leave the file that is synced.
pub(crate) const BLOCK_BYTES_MAX: usize = 64 * 1024;

/// How many raw bytes are first tried in one block.
const RAW_BYTES_TRIED: usize = 256 * 1024;

/// The most raw bytes that a reader allocates for.
const RAW_BYTES_MAX: usize = RAW_BYTES_TRIED + ENTRY_BYTES_MAX + 2;

/// A decoded block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) first: u64,
    pub(crate) last_of_commit: bool,
    pub(crate) root: Hash,
    pub(crate) entries: Framed,
}

/// Entries one after the other, each behind its length.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Framed {
    raw: Vec<u8>,
    /// End offset of each entry within `raw`.
    ends: Vec<usize>,
}

/// A run of consecutive entries.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The position of the first.
    pub(crate) first: u64,
    pub(crate) entries: Framed,
}

/// Why bytes are not a block, or not a row of framed entries.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum BlockError {
    #[error("the frame is cut off after {bytes} bytes")]
    Short { bytes: usize },
    #[error("the frame does not begin as a block")]
    Magic,
    #[error("the checksum is {computed:08x}, stored is {stored:08x}")]
    Checksum { stored: u32, computed: u32 },
    #[error("the body cannot be decompressed: {cause}")]
    Compression { cause: String },
    #[error("the body has {found} entries or bytes where the frame states {stated}")]
    Count { stated: usize, found: usize },
    #[error("the block of position {stated} is stored at {key}")]
    Key { key: u64, stated: u64 },
}

impl Decoded {
    pub(crate) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    pub(crate) fn get(&self, position: u64) -> Option<&[u8]> {
        let index = usize::try_from(position.checked_sub(self.first)?).ok()?;
        self.entries.get(index)
    }
}

impl Block {
    pub(crate) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The entry at a position, if this block covers it.
    pub(crate) fn entry(&self, position: u64) -> Option<&[u8]> {
        let index = usize::try_from(position.checked_sub(self.first)?).ok()?;
        self.entries.get(index)
    }

    /// The same block with other bytes for the same leaves.
    pub(crate) fn with_entries(&self, entries: &[NewEntry]) -> std::io::Result<Encoded> {
        let mut raw = Vec::new();
        for entry in entries {
            frame_entry(&entry.bytes, &mut raw);
        }
        let body = compress(&raw)?;
        let body = Some(body).filter(|body| body.len() < raw.len());
        let flags = if self.last_of_commit { FLAG_LAST } else { 0 };
        let frame = frame(flags, self.first, entries.len(), &raw, body.as_deref(), &self.root);
        Ok(Encoded { key: self.first, frame })
    }

    /// Decodes the frame that is stored under `key`.
    pub(crate) fn decode(key: u64, frame: &[u8]) -> Result<Self, BlockError> {
        let block = Self::decode_any(frame)?;
        if block.first != key {
            return Err(BlockError::Key { key, stated: block.first });
        }
        Ok(block)
    }

    /// Decodes a frame, whatever key it was found under.
    pub(crate) fn decode_any(frame: &[u8]) -> Result<Self, BlockError> {
        let short = BlockError::Short { bytes: frame.len() };
        let (content, crc) = frame.split_last_chunk::<4>().ok_or(short.clone())?;
        let (header, body) = content.split_first_chunk::<HEADER_BYTES>().ok_or(short.clone())?;
        if !header.starts_with(MAGIC) {
            return Err(BlockError::Magic);
        }
        require_checksum(content, u32::from_be_bytes(*crc))?;
        let mut fields = Fields(header.get(4..).unwrap_or_default());
        let [flags, ..] = fields.take::<4>().ok_or(short.clone())?;
        let first = u64::from_be_bytes(fields.take().ok_or(short.clone())?);
        let count = u32::from_be_bytes(fields.take().ok_or(short.clone())?) as usize;
        let raw_bytes = u32::from_be_bytes(fields.take().ok_or(short.clone())?) as usize;
        let body_bytes = u32::from_be_bytes(fields.take().ok_or(short.clone())?) as usize;
        let root = Hash(fields.take().ok_or(short)?);
        if body.len() != body_bytes {
            return Err(BlockError::Count { stated: body_bytes, found: body.len() });
        }
        let raw =
            if flags & FLAG_COMPRESSED == 0 { body.to_vec() } else { decompress(body, raw_bytes.min(RAW_BYTES_MAX))? };
        if raw.len() != raw_bytes {
            return Err(BlockError::Count { stated: raw_bytes, found: raw.len() });
        }
        Ok(Self { first, last_of_commit: flags & FLAG_LAST != 0, root, entries: Framed::parse(raw, count)? })
    }
}

/// Where a frame may begin within raw bytes.
pub(crate) fn frame_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.windows(MAGIC_BYTES).enumerate().filter(|(_, window)| window == MAGIC).map(|(start, _)| start)
}

/// How long the frame at `offset` of a file says that it is; `None` when no frame can be that long.
pub(crate) fn frame_bytes(file: &File, offset: u64) -> Option<usize> {
    let mut stated = [0; 4];
    file.read_exact_at(&mut stated, offset + BODY_BYTES_AT).ok()?;
    let body_bytes = usize::try_from(u32::from_be_bytes(stated)).ok()?;
    (body_bytes <= RAW_BYTES_MAX).then_some(HEADER_BYTES + body_bytes + 4)
}

/// Reads a header field by field.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }
}

/// Refuses bytes that have another CRC-32 than the stored one.
pub(crate) fn require_checksum(bytes: &[u8], stored: u32) -> Result<(), BlockError> {
    let computed = crc32fast::hash(bytes);
    if computed == stored { Ok(()) } else { Err(BlockError::Checksum { stored, computed }) }
}

/// What a packed body becomes.
pub(crate) fn decompress(body: &[u8], raw_bytes_max: usize) -> Result<Vec<u8>, BlockError> {
    let mut raw = Vec::new();
    decompress_onto(&mut raw, body, raw_bytes_max, None)?;
    Ok(raw)
}

/// Appends what a packed body becomes; `dictionary` is what it was packed with.
pub(crate) fn decompress_onto(
    raw: &mut Vec<u8>,
    body: &[u8],
    raw_bytes_max: usize,
    dictionary: Option<&DecoderDictionary<'_>>,
) -> Result<(), BlockError> {
    // The frame says how long it becomes; room for the longest that it may be would be taken for nothing.
    let room = stated_bytes(body)?.unwrap_or(raw_bytes_max);
    raw.reserve(room.min(raw_bytes_max));
    let at = raw.len();
    let mut rest = Cursor::new(raw);
    rest.set_position(at as u64);
    DECOMPRESSOR
        .with_borrow_mut(|kept| {
            let context = kept.get_or_insert_with(DCtx::create);
            match dictionary {
                Some(dictionary) => context.decompress_using_ddict(&mut rest, body, dictionary.as_ddict()),
                None => context.decompress(&mut rest, body),
            }
        })
        .map(|_| ())
        .map_err(|code| BlockError::Compression { cause: zstd_safe::get_error_name(code).to_owned() })
}

/// How long a packed body says that it becomes, where it says so.
pub(crate) fn stated_bytes(body: &[u8]) -> Result<Option<usize>, BlockError> {
    let stated = zstd_safe::get_frame_content_size(body)
        .map_err(|error| BlockError::Compression { cause: error.to_string() })?;
    Ok(stated.and_then(|bytes| usize::try_from(bytes).ok()))
}

fn compress(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::new(COMPRESSION_LEVEL)?),
        };
        compressor.compress(raw)
    })
}

thread_local! {
    /// What this thread packs with, made at the first frame: its room is cleared when it is made.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    /// What this thread unpacks with, made at the first frame: to make one takes long beside a single frame.
    static DECOMPRESSOR: RefCell<Option<DCtx<'static>>> = const { RefCell::new(None) };
}

impl Framed {
    pub(crate) fn parse(raw: Vec<u8>, count: usize) -> Result<Self, BlockError> {
        let mut ends = Vec::with_capacity(count.min(raw.len()));
        let mut at = 0;
        while let Some(length) = raw.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
            at += 2 + usize::from(u16::from_be_bytes(*length));
            ends.push(at);
        }
        if at != raw.len() || ends.len() != count {
            return Err(BlockError::Count { stated: count, found: ends.len() });
        }
        Ok(Self { raw, ends })
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where the raw form of so many entries ends.
    pub(crate) fn end_of(&self, entries: usize) -> Option<usize> {
        entries.checked_sub(1).map_or(Some(0), |last| self.ends.get(last).copied())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&[u8]> {
        self.raw.get(self.end_of(index)? + 2..self.end_of(index + 1)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Appends the framed form of an entry, which is at most [`ENTRY_BYTES_MAX`] bytes long; how long that form is.
pub(crate) fn frame_entry(entry: &[u8], raw: &mut Vec<u8>) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "admission refuses entries above 65535 bytes")]
    let length = entry.len() as u16;
    raw.extend_from_slice(&length.to_be_bytes());
    raw.extend_from_slice(entry);
    2 + entry.len()
}

/// One block ready to be stored under its key.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) key: u64,
    pub(crate) frame: Vec<u8>,
}

/// Encodes a commit that follows `frontier`, which grows by its leaves.
///
/// `leaves` are the leaf hashes of `entries`.
pub(crate) fn encode_commit(
    entries: &[NewEntry],
    leaves: &[Hash],
    frontier: &mut Frontier,
) -> std::io::Result<Vec<Encoded>> {
    let mut blocks = Vec::new();
    let mut rest = entries;
    let mut leaves = leaves.iter();
    while !rest.is_empty() {
        let (count, raw, body) = next_body(rest)?;
        rest = rest.get(count..).unwrap_or_default();
        let key = frontier.size();
        for leaf in leaves.by_ref().take(count) {
            frontier.push(*leaf);
        }
        let flags = if rest.is_empty() { FLAG_LAST } else { 0 };
        blocks.push(Encoded { key, frame: frame(flags, key, count, &raw, body.as_deref(), &frontier.root()) });
    }
    Ok(blocks)
}

/// As many entries as fit one block: how many, their raw form, and the compressed form if shorter.
fn next_body(entries: &[NewEntry]) -> std::io::Result<(usize, Vec<u8>, Option<Vec<u8>>)> {
    let mut bytes = 0;
    let mut count = entries
        .iter()
        .take_while(|entry| {
            bytes += entry.bytes.len() + 2;
            bytes <= RAW_BYTES_TRIED
        })
        .count()
        .max(1);
    loop {
        let mut raw = Vec::new();
        for entry in entries.iter().take(count) {
            frame_entry(&entry.bytes, &mut raw);
        }
        let body = Some(compress(&raw)?).filter(|body| body.len() < raw.len());
        let stored = body.as_ref().map_or(raw.len(), Vec::len);
        if count == 1 || stored + HEADER_BYTES + 4 <= BLOCK_BYTES_MAX {
            return Ok((count, raw, body));
        }
        count /= 2;
    }
}

fn frame(flags: u8, first: u64, count: usize, raw: &[u8], compressed: Option<&[u8]>, root: &Hash) -> Vec<u8> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a block has at most RAW_BYTES_MAX raw bytes, and fewer entries than bytes"
    )]
    let (count, raw_bytes) = (count as u32, raw.len() as u32);
    let flags = flags | compressed.map_or(0, |_| FLAG_COMPRESSED);
    let body = compressed.unwrap_or(raw);
    #[expect(clippy::cast_possible_truncation, reason = "a body is not longer than the raw bytes")]
    let body_bytes = body.len() as u32;
    let mut frame = Vec::with_capacity(HEADER_BYTES + body.len() + 4);
    frame.extend_from_slice(MAGIC);
    frame.extend_from_slice(&[flags, 0, 0, 0]);
    frame.extend_from_slice(&first.to_be_bytes());
    frame.extend_from_slice(&count.to_be_bytes());
    frame.extend_from_slice(&raw_bytes.to_be_bytes());
    frame.extend_from_slice(&body_bytes.to_be_bytes());
    frame.extend_from_slice(&root.0);
    frame.extend_from_slice(body);
    let crc = crc32fast::hash(&frame);
    frame.extend_from_slice(&crc.to_be_bytes());
    frame
}
