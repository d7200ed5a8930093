//! Blocks found in the raw bytes of a store's file, whatever the engine makes of that file.
//!
//! When the engine takes damage for a torn tail, it no longer shows what follows; but the frames of
//! the blocks are often still there. A frame names its place, carries its checksum and the root of
//! the tree after it, so one that continues the tree can only be the block that was written there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::block::{self, Block};
use crate::entry::stored_leaf_hash;
use crate::hash::Hash;
use crate::merkle::Frontier;

const WINDOW_BYTES: usize = 4 * 1024 * 1024;

/// Where frames were found, by the first position of the block.
#[derive(Debug, Default)]
pub(super) struct Carved {
    found: BTreeMap<u64, Vec<Found>>,
}

#[derive(Debug, Clone)]
struct Found {
    path: PathBuf,
    offset: u64,
    bytes: usize,
    end: u64,
    root: Hash,
}

impl Carved {
    /// Looks through the store's file, and those of stores that were set aside before.
    pub(super) fn look(log: &Path, from: u64) -> io::Result<Self> {
        let mut carved = Self::default();
        for path in files(log)? {
            carved.look_through(&path, from)?;
        }
        Ok(carved)
    }

    fn look_through(&mut self, path: &Path, from: u64) -> io::Result<()> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut window = vec![0; WINDOW_BYTES];
        let mut offset = 0;
        while offset < length {
            let size = usize::try_from(length - offset).map_or(WINDOW_BYTES, |rest| rest.min(WINDOW_BYTES));
            let Some(bytes) = window.get_mut(..size) else {
                break;
            };
            file.read_exact_at(bytes, offset)?;
            for start in block::frame_starts(bytes) {
                self.keep_if_sound(&file, path, offset + start as u64, from);
            }
            // A frame's first bytes may lie across the end of the window.
            let step = if size == WINDOW_BYTES { size - block::MAGIC_BYTES + 1 } else { size };
            offset += step as u64;
        }
        Ok(())
    }

    fn keep_if_sound(&mut self, file: &File, path: &Path, offset: u64, from: u64) {
        let Some((bytes, block)) = frame_at(file, offset) else {
            return;
        };
        if block.end() <= from {
            return;
        }
        let known = self.found.entry(block.first).or_default();
        // The engine writes a page many times; one of each block is enough.
        if !known.iter().any(|known| known.end == block.end() && known.root == block.root) {
            known.push(Found { path: path.to_owned(), offset, bytes, end: block.end(), root: block.root });
        }
    }

    /// The entries of the commit that continues `frontier`, to its end, if its blocks have been found.
    pub(super) fn commit_after(&self, frontier: &Frontier) -> Option<Vec<Vec<u8>>> {
        let mut entries = Vec::new();
        self.grow(frontier, &mut entries).then_some(entries)
    }

    /// Tries each block that continues the tree, until one ends the commit.
    fn grow(&self, frontier: &Frontier, entries: &mut Vec<Vec<u8>>) -> bool {
        let position = frontier.size();
        let candidates = self.found.range(..=position).next_back().map(|(_, found)| found);
        for found in candidates.into_iter().flatten() {
            let Some(block) = found.read().filter(|_| found.end > position) else {
                continue;
            };
            let mut grown = frontier.clone();
            let kept = entries.len();
            for at in position..block.end() {
                let Some(entry) = block.entry(at) else {
                    break;
                };
                grown.push(stored_leaf_hash(entry));
                entries.push(entry.to_vec());
            }
            if grown.root() == found.root && (block.last_of_commit || self.grow(&grown, entries)) {
                return true;
            }
            entries.truncate(kept);
        }
        false
    }
}

/// The frame at an offset of a file, and how long it is, if it is sound.
fn frame_at(file: &File, offset: u64) -> Option<(usize, Block)> {
    let bytes = block::frame_bytes(file, offset)?;
    let mut frame = vec![0; bytes];
    file.read_exact_at(&mut frame, offset).ok()?;
    Some((bytes, Block::decode_any(&frame).ok()?))
}

impl Found {
    fn read(&self) -> Option<Block> {
        let mut frame = vec![0; self.bytes];
        File::open(&self.path).ok()?.read_exact_at(&mut frame, self.offset).ok()?;
        Block::decode_any(&frame).ok()
    }
}

/// The file of the store at `log`, and those of stores set aside beside it.
fn files(log: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = vec![log.join("db")];
    let name = log.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let Some(parent) = log.parent() {
        for entry in fs::read_dir(parent)? {
            let path = entry?.path();
            let beside = path.file_name().and_then(|found| found.to_str()).unwrap_or_default();
            if beside.starts_with(name) && beside.contains(".damaged-") {
                files.push(path.join("db"));
            }
        }
    }
    files.retain(|file| file.is_file());
    Ok(files)
}
