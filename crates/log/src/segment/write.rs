//! Writes a segment aside, entry by entry, and gives it its name once it is whole and verified.
//!
//! Its dictionary is learned from its own entries and no others: what is taken away from a segment, which is then sealed
//! again, is in no other one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zstd::bulk::Compressor;

use super::dictionary::{learned, learned_from};
use super::{
    BUNDLE_LEN, BUNDLE_LEVEL, BUNDLES, FORMAT, MAGIC, Place, ROW_BYTES, Row, SEGMENT_ENTRIES, Segment, SegmentError,
    TRAILER_MAGIC, file_name, frames,
};
use crate::block::frame_entry;
use crate::disk::{sync_folder, with_suffix};
use crate::entry::stored_leaf_hash;
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;
use crate::merkle::{Frontier, complete_root};
use crate::store::{BlockStore, StoreCursor};

/// With a dictionary, higher levels take more time and no fewer bytes.
const COMPRESSION_LEVEL: i32 = 1;

/// A segment being written aside. Dropping it leaves a file that the next open removes.
pub(crate) struct SegmentWriter {
    output: Hashed,
    folder: PathBuf,
    path: PathBuf,
    aside: PathBuf,
    compressor: Compressor<'static>,
    frontier: Frontier,
    /// The entries of the bundle that is not full, in their framed form, and the length of each there.
    raw: Vec<u8>,
    lengths: Vec<usize>,
    leaves: Vec<Hash>,
    rows: Vec<Row>,
}

/// Counts and hashes what is written.
struct Hashed {
    file: io::BufWriter<File>,
    hasher: Sha256,
    offset: u64,
}

impl Hashed {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.offset += bytes.len() as u64;
        Ok(())
    }
}

impl SegmentWriter {
    /// Begins a segment at `place`, whose entries are packed with a dictionary; `frontier` is the edge of the tree
    /// before it.
    pub(super) fn begin(folder: &Path, place: &Place, frontier: Frontier, dictionary: &[u8]) -> io::Result<Self> {
        let path = folder.join(file_name(place.first));
        let aside = with_suffix(&path, "new");
        let mut writer = Self {
            output: Hashed { file: io::BufWriter::new(File::create(&aside)?), hasher: Sha256::new(), offset: 0 },
            folder: folder.to_owned(),
            path,
            aside,
            compressor: Compressor::with_dictionary(COMPRESSION_LEVEL, dictionary)?,
            frontier,
            raw: Vec::new(),
            lengths: Vec::with_capacity(BUNDLE_LEN),
            leaves: Vec::with_capacity(BUNDLE_LEN),
            rows: Vec::with_capacity(BUNDLES),
        };
        writer.output.put(&header(place)?)?;
        writer.output.put(&u32::try_from(dictionary.len()).map_err(io::Error::other)?.to_be_bytes())?;
        writer.output.put(&crc32fast::hash(dictionary).to_be_bytes())?;
        writer.output.put(dictionary)?;
        Ok(writer)
    }

    /// Writes what the store has of the segment at `place`, which has to be ended.
    pub(crate) fn filled_from(
        store: &BlockStore,
        folder: &Path,
        place: &Place,
        frontier: Frontier,
    ) -> Result<Self, String> {
        let mut cursor = StoreCursor::new(store);
        let (mut samples, mut lengths) = (Vec::new(), Vec::new());
        for position in learned_from(place.first) {
            lengths.push(frame_entry(entry_at(&mut cursor, position)?, &mut samples));
        }
        let dictionary = learned(&samples, &lengths);
        let mut writer = Self::begin(folder, place, frontier, &dictionary).map_err(|error| error.to_string())?;
        for position in place.first..place.first + SEGMENT_ENTRIES {
            writer.push(entry_at(&mut cursor, position)?).map_err(|error| error.to_string())?;
        }
        Ok(writer)
    }

    /// Adds the next entry.
    pub(super) fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        self.lengths.push(frame_entry(entry, &mut self.raw));
        self.leaves.push(stored_leaf_hash(entry));
        if self.leaves.len() == BUNDLE_LEN { self.end_bundle() } else { Ok(()) }
    }

    fn end_bundle(&mut self) -> io::Result<()> {
        let (body, crc) = frames::pack(&self.raw, &self.lengths, &mut self.compressor)?;
        let root = complete_root(&self.leaves).ok_or_else(|| io::Error::other("a bundle that is not full"))?;
        self.frontier.push_subtree(BUNDLE_LEVEL, root).map_err(io::Error::other)?;
        let bytes = u32::try_from(body.len()).map_err(io::Error::other)?;
        self.rows.push(Row { offset: self.output.offset, bytes, crc, root });
        self.output.put(&body)?;
        self.raw.clear();
        self.lengths.clear();
        self.leaves.clear();
        Ok(())
    }

    /// The root of the subtree that was written; `None` before it is whole.
    pub(crate) fn root(&self) -> Option<Hash> {
        let roots: Vec<Hash> = self.rows.iter().map(|row| row.root).collect();
        Some(roots).filter(|roots| roots.len() == BUNDLES).and_then(|roots| complete_root(&roots))
    }

    /// Ends the segment, reads it back, compares it with the tree, and gives it its name.
    ///
    /// `root` is what the tree has for the segment's subtree. On an error there is no segment under
    /// the final name, or a whole one.
    pub(crate) fn finish(mut self, root: Hash, fault: &FaultHook) -> Result<Segment, String> {
        fault.around(WritePoint::SegmentWrite, || self.write_end())?;
        let written = Segment::open(&self.aside).map_err(|error| error.to_string())?;
        written.verify().map_err(|error| error.to_string())?;
        if written.root() != root {
            return Err("the segment has another root than the tree".to_owned());
        }
        fault.around(WritePoint::SegmentSync, || self.output.file.get_ref().sync_all())?;
        fault.around(WritePoint::SegmentRename, || fs::rename(&self.aside, &self.path))?;
        fault.around(WritePoint::SegmentFolderSync, || sync_folder(&self.folder))?;
        Ok(Segment { path: self.path, ..written })
    }

    fn write_end(&mut self) -> Result<(), SegmentError> {
        if self.rows.len() != BUNDLES || !self.leaves.is_empty() {
            return Err(SegmentError::Shape { part: "content" });
        }
        let written = self.put_end();
        written.map_err(|error| SegmentError::io(&error))
    }

    fn put_end(&mut self) -> io::Result<()> {
        let footer_at = self.output.offset;
        let footer = self.footer()?;
        self.output.put(&footer)?;
        let digest = Hash(self.output.hasher.clone().finalize().into());
        let mut trailer = footer_at.to_be_bytes().to_vec();
        let footer_bytes = u32::try_from(footer.len()).map_err(io::Error::other)?;
        trailer.extend_from_slice(&footer_bytes.to_be_bytes());
        trailer.extend_from_slice(&digest.0);
        let mut crc = crc32fast::Hasher::new();
        crc.update(&footer);
        crc.update(&trailer);
        trailer.extend_from_slice(&crc.finalize().to_be_bytes());
        trailer.extend_from_slice(TRAILER_MAGIC);
        self.output.file.write_all(&trailer)?;
        self.output.file.flush()
    }

    fn footer(&self) -> io::Result<Vec<u8>> {
        let mut footer = Vec::with_capacity(BUNDLES * ROW_BYTES + 1024);
        for row in &self.rows {
            footer.extend_from_slice(&row.offset.to_be_bytes());
            footer.extend_from_slice(&row.bytes.to_be_bytes());
            footer.extend_from_slice(&row.crc.to_be_bytes());
            footer.extend_from_slice(&row.root.0);
        }
        let frontier = self.frontier.to_bytes();
        let frontier_bytes = u32::try_from(frontier.len()).map_err(io::Error::other)?;
        footer.extend_from_slice(&frontier_bytes.to_be_bytes());
        footer.extend_from_slice(&frontier);
        Ok(footer)
    }
}

fn entry_at<'a>(cursor: &'a mut StoreCursor<'_>, position: u64) -> Result<&'a [u8], String> {
    let block = cursor.seek(position).map_err(|problem| format!("position {}: {}", problem.position, problem.cause))?;
    block.and_then(|block| block.entry(position)).ok_or_else(|| format!("position {position} is missing in the store"))
}

fn header(place: &Place) -> io::Result<Vec<u8>> {
    let mut header = MAGIC.to_vec();
    header.extend_from_slice(&FORMAT.to_be_bytes());
    let count = u32::try_from(SEGMENT_ENTRIES).map_err(io::Error::other)?;
    header.extend_from_slice(&count.to_be_bytes());
    header.extend_from_slice(&place.first.to_be_bytes());
    header.extend_from_slice(&place.previous.0);
    let origin_bytes = u16::try_from(place.origin.len()).map_err(io::Error::other)?;
    header.extend_from_slice(&origin_bytes.to_be_bytes());
    header.extend_from_slice(place.origin.as_bytes());
    let crc = crc32fast::hash(&header);
    header.extend_from_slice(&crc.to_be_bytes());
    Ok(header)
}
