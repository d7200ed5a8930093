//! Writes a segment aside, entry by entry, and gives it its name once it is whole and verified.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zstd::bulk::Compressor;

use super::dictionary::{LEARNED_FROM, learned};
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

/// With a dictionary, higher levels take more time and no fewer bytes.
const COMPRESSION_LEVEL: i32 = 1;

/// A segment being written aside. Dropping it leaves a file that the next open removes.
pub(crate) struct SegmentWriter {
    output: Hashed,
    folder: PathBuf,
    path: PathBuf,
    aside: PathBuf,
    /// There once the dictionary is learned and written.
    compressor: Option<Compressor<'static>>,
    frontier: Frontier,
    /// Entries that are not packed yet, in their framed form, and the length of each there.
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
    /// Begins a segment at `place`; `frontier` is the edge of the tree before it.
    pub(crate) fn begin(folder: &Path, place: &Place, frontier: Frontier) -> io::Result<Self> {
        let path = folder.join(file_name(place.first));
        let aside = with_suffix(&path, "new");
        let mut writer = Self {
            output: Hashed { file: io::BufWriter::new(File::create(&aside)?), hasher: Sha256::new(), offset: 0 },
            folder: folder.to_owned(),
            path,
            aside,
            compressor: None,
            frontier,
            raw: Vec::new(),
            lengths: Vec::new(),
            leaves: Vec::new(),
            rows: Vec::with_capacity(BUNDLES),
        };
        writer.output.put(&header(place)?)?;
        Ok(writer)
    }

    /// Adds the next entry.
    pub(crate) fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        let before = self.raw.len();
        frame_entry(entry, &mut self.raw);
        self.lengths.push(self.raw.len() - before);
        self.leaves.push(stored_leaf_hash(entry));
        let together = if self.compressor.is_some() { BUNDLE_LEN } else { LEARNED_FROM };
        if self.leaves.len() == together { self.pack() } else { Ok(()) }
    }

    /// Packs the entries that are here, which are whole bundles.
    fn pack(&mut self) -> io::Result<()> {
        if self.compressor.is_none() {
            // Of this segment and no other: what is taken away from a segment is then taken away whole.
            self.begin_with(&learned(&self.raw, &self.lengths))?;
        }
        let Some(compressor) = &mut self.compressor else { return Err(io::Error::other("nothing to pack with")) };
        let mut raw = self.raw.as_slice();
        for (lengths, leaves) in self.lengths.chunks(BUNDLE_LEN).zip(self.leaves.chunks(BUNDLE_LEN)) {
            let entries = raw.split_off(..lengths.iter().sum()).unwrap_or_default();
            let (body, crc) = frames::pack(entries, lengths, compressor)?;
            let root = complete_root(leaves).ok_or_else(|| io::Error::other("a bundle that is not full"))?;
            self.frontier.push_subtree(BUNDLE_LEVEL, root).map_err(io::Error::other)?;
            let bytes = u32::try_from(body.len()).map_err(io::Error::other)?;
            self.rows.push(Row { offset: self.output.offset, bytes, crc, root });
            self.output.put(&body)?;
        }
        self.raw.clear();
        self.lengths.clear();
        self.leaves.clear();
        Ok(())
    }

    /// Writes the dictionary, and packs with it from here on.
    pub(super) fn begin_with(&mut self, dictionary: &[u8]) -> io::Result<()> {
        let bytes = u32::try_from(dictionary.len()).map_err(io::Error::other)?;
        self.output.put(&bytes.to_be_bytes())?;
        self.output.put(&crc32fast::hash(dictionary).to_be_bytes())?;
        self.output.put(dictionary)?;
        self.compressor = Some(Compressor::with_dictionary(COMPRESSION_LEVEL, dictionary)?);
        Ok(())
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
