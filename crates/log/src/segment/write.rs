//! Writes a segment aside, entry by entry, and gives it its name once it is whole and verified.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{
    BUNDLE_ENTRIES, BUNDLE_LEVEL, BUNDLES, FORMAT, MAGIC, Place, ROW_BYTES, Row, SEGMENT_ENTRIES, Segment,
    SegmentError, TRAILER_MAGIC, file_name,
};
use crate::block::frame_entry;
use crate::disk::{sync_folder, with_suffix};
use crate::entry::stored_leaf_hash;
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;
use crate::merkle::{Frontier, complete_root};

const COMPRESSION_LEVEL: i32 = 3;

/// A segment being written aside. Dropping it leaves a file that the next open removes.
pub(crate) struct SegmentWriter {
    output: Hashed,
    folder: PathBuf,
    path: PathBuf,
    aside: PathBuf,
    compressor: zstd::bulk::Compressor<'static>,
    frontier: Frontier,
    raw: Vec<u8>,
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
            compressor: zstd::bulk::Compressor::new(COMPRESSION_LEVEL)?,
            frontier,
            raw: Vec::new(),
            leaves: Vec::new(),
            rows: Vec::with_capacity(BUNDLES),
        };
        writer.output.put(&header(place)?)?;
        Ok(writer)
    }

    /// Adds the next entry.
    pub(crate) fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        frame_entry(entry, &mut self.raw);
        self.leaves.push(stored_leaf_hash(entry));
        if self.leaves.len() as u64 == BUNDLE_ENTRIES {
            self.end_bundle()?;
        }
        Ok(())
    }

    fn end_bundle(&mut self) -> io::Result<()> {
        let body = self.compressor.compress(&self.raw)?;
        let root = complete_root(&self.leaves).ok_or_else(|| io::Error::other("a bundle that is not full"))?;
        self.frontier.push_subtree(BUNDLE_LEVEL, root).map_err(io::Error::other)?;
        self.rows.push(Row {
            offset: self.output.offset,
            bytes: u32::try_from(body.len()).map_err(io::Error::other)?,
            crc: crc32fast::hash(&body),
            root,
        });
        self.output.put(&body)?;
        self.raw.clear();
        self.leaves.clear();
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
