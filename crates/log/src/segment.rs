//! A sealed segment: an immutable file of 65,536 entries in 256 bundles, the second copy of the log.
//!
//! ```text
//! header   magic[8] format[4] count[4] first[8] previous_digest[32] origin_bytes[2] origin crc32[4]
//! learned  dictionary_bytes[4] crc32[4] dictionary
//! bundles  256 × frames of thirty-two entries, see the module `frames`
//! footer   256 × ( offset[8] bytes[4] crc32[4] root[32] ), then frontier_bytes[4] frontier
//! trailer  footer_offset[8] footer_bytes[4] digest[32] crc32[4] magic[8]                big-endian
//! ```
//! A bundle's root is its node at level 8 of the tree, that is one hash of a level-1 tile.
//! The digest is the SHA-256 of all bytes before the trailer; the checksum in the trailer covers the
//! footer and the trailer before it, so that a segment can be trusted after reading its two ends.
//!
//! Format 1 had no dictionary, and each of its bundles is one frame of 256 entries. It is read, and not written any more.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::block::{BlockError, Decoded, Framed, decompress, require_checksum};
use crate::canonical::ENTRY_BYTES_MAX;
use crate::hash::Hash;
use crate::merkle::{Frontier, complete_root};

mod dictionary;
#[cfg(test)]
mod fixture;
mod frames;
#[cfg(test)]
mod tests;
mod write;

use dictionary::{DICTIONARY_BYTES_MAX, Dictionary, DictionaryAt};
use frames::FRAME_ENTRIES;

pub(crate) use write::SegmentWriter;

/// Entries in a segment: one full level-1 tile.
pub(crate) const SEGMENT_ENTRIES: u64 = SEGMENT_LEN as u64;
/// The same as a length in memory.
pub(crate) const SEGMENT_LEN: usize = BUNDLES * BUNDLE_LEN;
/// The level of a segment in the tree.
pub(crate) const SEGMENT_LEVEL: u8 = 16;
/// Entries in a bundle: one full level-0 tile.
pub(crate) const BUNDLE_ENTRIES: u64 = BUNDLE_LEN as u64;
/// The same as a length in memory.
pub(crate) const BUNDLE_LEN: usize = 256;
/// The level of a bundle in the tree.
pub(crate) const BUNDLE_LEVEL: u8 = 8;
/// Bundles in a segment.
pub(crate) const BUNDLES: usize = 256;

/// The format whose bundles are one frame each.
const FORMAT_OF_WHOLE_BUNDLES: u32 = 1;
/// The format that is written.
const FORMAT: u32 = 2;
const MAGIC: &[u8; 8] = b"OFRSEG01";
const TRAILER_MAGIC: &[u8; 8] = b"OFRSEGND";
const TRAILER_BYTES: u64 = 56;
const ROW_BYTES: usize = 48;
const FOOTER_BYTES_MAX: u64 = 64 * 1024;
/// What stands before a dictionary.
const LEARNED_BYTES: u64 = 8;

/// Where a segment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) origin: String,
    pub(crate) first: u64,
    /// Digest of the segment before; zeros for the first.
    pub(crate) previous: Hash,
}

/// A segment whose two ends have been read and found sound.
#[derive(Debug)]
pub(crate) struct Segment {
    path: PathBuf,
    place: Place,
    packing: Packing,
    rows: Vec<Row>,
    root: Hash,
    frontier: Frontier,
    digest: Hash,
    file_bytes: u64,
}

/// How the entries of a bundle are packed.
#[derive(Debug)]
enum Packing {
    /// All in one frame.
    Whole,
    /// In frames of some entries, with the dictionary of the segment where it has one.
    Frames(Option<DictionaryAt>),
}

/// The entries of a bundle that has the root it must have.
#[derive(Debug)]
pub(crate) struct VerifiedBundle {
    pub(crate) entries: Framed,
    /// The leaf hash of each.
    pub(crate) leaves: Vec<Hash>,
    /// The root over these.
    pub(crate) root: Hash,
}

/// Where a bundle is, and what it must be.
#[derive(Debug, Clone, Copy)]
struct Row {
    offset: u64,
    bytes: u32,
    crc: u32,
    root: Hash,
}

/// Why a file is not a sound segment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum SegmentError {
    #[error("it cannot be read: {cause}")]
    Io { cause: String },
    #[error("it is not a segment, or cut off")]
    Magic,
    #[error("its format {format} is newer than {FORMAT}")]
    NewerFormat { format: u32 },
    #[error("the checksum of its {part} is wrong")]
    Checksum { part: &'static str },
    #[error("its {part} is not what the rest of it calls for")]
    Shape { part: &'static str },
    #[error("bundle {bundle} from position {position}: {error}")]
    Bundle { bundle: u64, position: u64, error: BlockError },
    #[error("bundle {bundle} from position {position} has another root than the tree")]
    BundleRoot { bundle: u64, position: u64 },
    #[error("its content has another digest than it states")]
    Digest,
}

impl SegmentError {
    pub(crate) fn io(error: &io::Error) -> Self {
        Self::Io { cause: error.to_string() }
    }
}

/// The file name of the segment that begins at `first`.
pub(crate) fn file_name(first: u64) -> String {
    format!("{:010}.seg", first / SEGMENT_ENTRIES)
}

impl Segment {
    /// Opens a segment and checks its header, footer and trailer, but not its bundles.
    pub(crate) fn open(path: &Path) -> Result<Self, SegmentError> {
        let file = File::open(path).map_err(|error| SegmentError::io(&error))?;
        let file_bytes = file.metadata().map_err(|error| SegmentError::io(&error))?.len();
        let Header { place, packing, bytes: header_bytes } = read_header(&file)?;
        let trailer_at = file_bytes.checked_sub(TRAILER_BYTES).ok_or(SegmentError::Magic)?;
        let trailer = read_at(&file, trailer_at, TRAILER_BYTES)?;
        let (covered, magic) = trailer.split_last_chunk::<8>().ok_or(SegmentError::Magic)?;
        if magic != TRAILER_MAGIC {
            return Err(SegmentError::Magic);
        }
        let (covered, crc) = covered.split_last_chunk::<4>().ok_or(SegmentError::Magic)?;
        let mut fields = Fields(covered);
        let footer_at = fields.u64("trailer")?;
        let footer_bytes = u64::from(fields.u32("trailer")?);
        let digest = fields.hash("trailer")?;
        let placed = footer_bytes <= FOOTER_BYTES_MAX
            && footer_at >= header_bytes
            && footer_at.checked_add(footer_bytes) == Some(trailer_at);
        if !placed {
            return Err(SegmentError::Shape { part: "trailer" });
        }
        let footer = read_at(&file, footer_at, footer_bytes)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&footer);
        hasher.update(covered);
        if hasher.finalize() != u32::from_be_bytes(*crc) {
            return Err(SegmentError::Checksum { part: "footer" });
        }
        let (rows, frontier) = read_footer(&footer)?;
        check_rows(&rows, header_bytes, footer_at)?;
        let roots: Vec<Hash> = rows.iter().map(|row| row.root).collect();
        let root = complete_root(&roots).ok_or(SegmentError::Shape { part: "footer" })?;
        if frontier.size() != place.first + SEGMENT_ENTRIES {
            return Err(SegmentError::Shape { part: "frontier" });
        }
        Ok(Self { path: path.to_owned(), place, packing, rows, root, frontier, digest, file_bytes })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn first(&self) -> u64 {
        self.place.first
    }

    pub(crate) fn end(&self) -> u64 {
        self.place.first + SEGMENT_ENTRIES
    }

    /// The root of the segment's own subtree, at [`SEGMENT_LEVEL`].
    pub(crate) fn root(&self) -> Hash {
        self.root
    }

    /// The edge of the tree after the segment.
    pub(crate) fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    pub(crate) fn digest(&self) -> Hash {
        self.digest
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// The roots of the bundles `from..to`.
    pub(crate) fn bundle_roots(&self, from: usize, to: usize) -> Vec<Hash> {
        let rows = self.rows.get(from..to).unwrap_or_default();
        rows.iter().map(|row| row.root).collect()
    }

    /// Reads and checks one bundle by its checksums. Its hashes are compared by [`Segment::verify`].
    pub(crate) fn bundle(&self, bundle: u64) -> Result<Framed, SegmentError> {
        let (row, file) = (self.row(bundle)?, self.file()?);
        let body = read_at(&file, row.offset, u64::from(row.bytes))?;
        let damaged = |error| self.damaged(bundle, error);
        match &self.packing {
            Packing::Whole => {
                require_checksum(&body, row.crc).map_err(damaged)?;
                let raw = decompress(&body, (ENTRY_BYTES_MAX + 2) * BUNDLE_LEN).map_err(damaged)?;
                Framed::parse(raw, BUNDLE_LEN).map_err(damaged)
            }
            Packing::Frames(dictionary) => {
                let dictionary = in_memory(dictionary.as_ref(), &file)?;
                frames::unpack(&body, row, dictionary.as_deref()).map_err(damaged)
            }
        }
    }

    /// Reads and checks no more than has to be unpacked for the entry at a position of the segment.
    pub(crate) fn packed_with(&self, position: u64) -> Result<Decoded, SegmentError> {
        let offset = position.saturating_sub(self.first());
        let bundle = offset / BUNDLE_ENTRIES;
        let first = position - offset % BUNDLE_ENTRIES;
        let Packing::Frames(dictionary) = &self.packing else {
            return Ok(Decoded { first, entries: self.bundle(bundle)? });
        };
        let damaged = |error| self.damaged(bundle, error);
        let (row, file) = (self.row(bundle)?, self.file()?);
        let dictionary = in_memory(dictionary.as_ref(), &file)?;
        let number = offset % BUNDLE_ENTRIES / FRAME_ENTRIES;
        let head = read_at(&file, row.offset, frames::HEAD_BYTES)?;
        let frame = frames::place(&head, row, number).map_err(damaged)?;
        let packed = read_at(&file, row.offset + frames::HEAD_BYTES + frame.at.start, frame.at.end - frame.at.start)?;
        let entries = frames::unpack_one(&packed, &frame, dictionary.as_deref()).map_err(damaged)?;
        Ok(Decoded { first: first + number * FRAME_ENTRIES, entries })
    }

    fn row(&self, bundle: u64) -> Result<Row, SegmentError> {
        let row = usize::try_from(bundle).ok().and_then(|index| self.rows.get(index));
        row.copied().ok_or(SegmentError::Shape { part: "footer" })
    }

    fn file(&self) -> Result<File, SegmentError> {
        File::open(&self.path).map_err(|error| SegmentError::io(&error))
    }

    fn damaged(&self, bundle: u64, error: BlockError) -> SegmentError {
        SegmentError::Bundle { bundle, position: self.place.first + bundle * BUNDLE_ENTRIES, error }
    }

    /// Reads everything: the digest of the file, and the root of each bundle.
    pub(crate) fn verify(&self) -> Result<(), SegmentError> {
        self.verify_digest()?;
        for bundle in 0..BUNDLES as u64 {
            self.verify_bundle(bundle)?;
        }
        Ok(())
    }

    /// Reads one bundle and compares its root with the one in the footer.
    pub(crate) fn verify_bundle(&self, bundle: u64) -> Result<VerifiedBundle, SegmentError> {
        let entries = self.bundle(bundle)?;
        let leaves: Vec<Hash> = entries.iter().map(crate::entry::stored_leaf_hash).collect();
        let root = self.row(bundle)?.root;
        if complete_root(&leaves) != Some(root) {
            return Err(SegmentError::BundleRoot { bundle, position: self.place.first + bundle * BUNDLE_ENTRIES });
        }
        Ok(VerifiedBundle { entries, leaves, root })
    }

    /// Compares the digest of the file with the one in its trailer.
    pub(crate) fn verify_digest(&self) -> Result<(), SegmentError> {
        let mut content = io::Read::take(self.file()?, self.file_bytes - TRAILER_BYTES);
        let mut hasher = Sha256::new();
        io::copy(&mut content, &mut HashSink(&mut hasher)).map_err(|error| SegmentError::io(&error))?;
        if Hash(hasher.finalize().into()) != self.digest {
            return Err(SegmentError::Digest);
        }
        Ok(())
    }
}

/// Feeds a hash from a writer's side.
struct HashSink<'a>(&'a mut Sha256);

impl io::Write for HashSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read_at(file: &File, offset: u64, bytes: u64) -> Result<Vec<u8>, SegmentError> {
    let length = usize::try_from(bytes).map_err(|_| SegmentError::Shape { part: "length" })?;
    let mut content = vec![0; length];
    file.read_exact_at(&mut content, offset).map_err(|error| SegmentError::io(&error))?;
    Ok(content)
}

/// A dictionary where there is one, read unless it still is in memory.
fn in_memory(at: Option<&DictionaryAt>, file: &File) -> Result<Option<Arc<Dictionary>>, SegmentError> {
    at.map(|at| at.get(file)).transpose()
}

/// What stands before the bundles.
struct Header {
    place: Place,
    packing: Packing,
    /// Where the first bundle begins.
    bytes: u64,
}

fn read_header(file: &File) -> Result<Header, SegmentError> {
    const FIXED_BYTES: u64 = 58;
    let fixed = read_at(file, 0, FIXED_BYTES)?;
    if !fixed.starts_with(MAGIC) {
        return Err(SegmentError::Magic);
    }
    let mut fields = Fields(fixed.get(8..).unwrap_or_default());
    let format = fields.u32("header")?;
    let count = fields.u32("header")?;
    let first = fields.u64("header")?;
    let previous = fields.hash("header")?;
    let origin_bytes = fields.take::<2>("header").map(u16::from_be_bytes)?;
    let rest = read_at(file, FIXED_BYTES, u64::from(origin_bytes) + 4)?;
    let (origin, crc) = rest.split_last_chunk::<4>().ok_or(SegmentError::Shape { part: "header" })?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&fixed);
    hasher.update(origin);
    if hasher.finalize() != u32::from_be_bytes(*crc) {
        return Err(SegmentError::Checksum { part: "header" });
    }
    if format > FORMAT {
        return Err(SegmentError::NewerFormat { format });
    }
    let sound = u64::from(count) == SEGMENT_ENTRIES && first % SEGMENT_ENTRIES == 0;
    let origin =
        String::from_utf8(origin.to_vec()).ok().filter(|_| sound).ok_or(SegmentError::Shape { part: "header" })?;
    let place = Place { origin, first, previous };
    let end = FIXED_BYTES + u64::from(origin_bytes) + 4;
    if format == FORMAT_OF_WHOLE_BUNDLES {
        return Ok(Header { place, packing: Packing::Whole, bytes: end });
    }
    let stated = read_at(file, end, LEARNED_BYTES)?;
    let mut fields = Fields(&stated);
    let (dictionary_bytes, crc) = (fields.u32("dictionary")?, fields.u32("dictionary")?);
    if dictionary_bytes > DICTIONARY_BYTES_MAX {
        return Err(SegmentError::Shape { part: "dictionary" });
    }
    let at = end + LEARNED_BYTES;
    let dictionary = (dictionary_bytes > 0).then(|| DictionaryAt::new(at, dictionary_bytes, crc));
    Ok(Header { place, packing: Packing::Frames(dictionary), bytes: at + u64::from(dictionary_bytes) })
}

fn read_footer(footer: &[u8]) -> Result<(Vec<Row>, Frontier), SegmentError> {
    let mut fields = Fields(footer);
    let mut rows = Vec::with_capacity(BUNDLES);
    for _ in 0..BUNDLES {
        rows.push(Row {
            offset: fields.u64("footer")?,
            bytes: fields.u32("footer")?,
            crc: fields.u32("footer")?,
            root: fields.hash("footer")?,
        });
    }
    let frontier_bytes = fields.u32("footer")? as usize;
    let frontier = Some(fields.0)
        .filter(|rest| rest.len() == frontier_bytes)
        .and_then(|rest| Frontier::from_bytes(rest).ok())
        .ok_or(SegmentError::Shape { part: "frontier" })?;
    Ok((rows, frontier))
}

/// The bundles must fill the file between header and footer, one after the other.
fn check_rows(rows: &[Row], header_bytes: u64, footer_at: u64) -> Result<(), SegmentError> {
    let mut at = header_bytes;
    for row in rows {
        if row.offset != at {
            return Err(SegmentError::Shape { part: "footer" });
        }
        at = at.saturating_add(u64::from(row.bytes));
    }
    if at == footer_at { Ok(()) } else { Err(SegmentError::Shape { part: "footer" }) }
}

/// Reads fields one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], SegmentError> {
        let (field, rest) = self.0.split_first_chunk::<N>().ok_or(SegmentError::Shape { part })?;
        self.0 = rest;
        Ok(*field)
    }

    fn u32(&mut self, part: &'static str) -> Result<u32, SegmentError> {
        self.take(part).map(u32::from_be_bytes)
    }

    fn u64(&mut self, part: &'static str) -> Result<u64, SegmentError> {
        self.take(part).map(u64::from_be_bytes)
    }

    fn hash(&mut self, part: &'static str) -> Result<Hash, SegmentError> {
        self.take(part).map(Hash)
    }
}
