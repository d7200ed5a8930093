//! A run that was written: its table and its filter in memory, its blocks read when asked for.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::write::{FOOTER_BYTES, MAGIC, take_length};
use super::{Filter, RunError};
use crate::block::decompress;
use crate::disk;

/// The longest block that is read: no row is longer than a row may be.
const BLOCK_BYTES_MAX: usize = 1024 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct RunFile {
    path: PathBuf,
    file: File,
    blocks: Vec<Block>,
    filter: Filter,
}

/// Where a block lies.
#[derive(Debug)]
struct Block {
    first_key: Box<[u8]>,
    offset: u64,
    bytes: usize,
    raw_bytes: usize,
    crc: u32,
}

impl RunFile {
    /// Opens a run; its table and its filter are looked at, and each block when it is read.
    pub(super) fn open(path: PathBuf) -> Result<Self, RunError> {
        let file = File::open(&path).map_err(RunError::io(&path))?;
        let length = file.metadata().map_err(RunError::io(&path))?.len();
        let End { table, filter } = read_end(&file, length)
            .map_err(RunError::io(&path))?
            .ok_or_else(|| RunError::damaged(&path, "its end is damaged"))?;
        let blocks = blocks_of(&table).ok_or_else(|| RunError::damaged(&path, "its table is damaged"))?;
        Ok(Self { path, file, blocks, filter: Filter::from_bytes(&filter) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The first key of each block.
    pub(super) fn first_keys(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.iter().map(|block| &*block.first_key)
    }

    /// Whether it may have rows that are asked for by this key of the filter.
    pub(super) fn may_have(&self, asked: u64) -> bool {
        self.filter.may_have(asked)
    }

    /// The number of the block in which a key is, if it is anywhere.
    pub(super) fn block_of(&self, key: &[u8]) -> usize {
        self.blocks.partition_point(|block| &*block.first_key <= key).saturating_sub(1)
    }

    /// The rows of a block; none beyond the last.
    pub(super) fn block(&self, number: usize) -> Result<Option<Vec<u8>>, RunError> {
        let Some(block) = self.blocks.get(number) else { return Ok(None) };
        let mut stored = vec![0; block.bytes];
        self.file.read_exact_at(&mut stored, block.offset).map_err(RunError::io(&self.path))?;
        if disk::checksum(&stored) != block.crc {
            return Err(self.damaged());
        }
        if block.bytes == block.raw_bytes {
            return Ok(Some(stored));
        }
        let raw = decompress(&stored, block.raw_bytes).map_err(|_| self.damaged())?;
        if raw.len() == block.raw_bytes { Ok(Some(raw)) } else { Err(self.damaged()) }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RunError> {
        let Some(block) = self.block(self.block_of(key))? else { return Ok(None) };
        find(&block, key).map(|value| value.map(<[u8]>::to_vec)).ok_or_else(|| self.damaged())
    }

    pub(super) fn damaged(&self) -> RunError {
        RunError::damaged(&self.path, "a block of rows is damaged")
    }
}

/// The value of a key among the rows of a block, of which none is put together to be compared; nothing where they are
/// damaged.
fn find<'a>(mut block: &'a [u8], key: &[u8]) -> Option<Option<&'a [u8]>> {
    // All rows so far are below the key; the last of them begins with this many bytes of it.
    let mut alike = 0;
    while !block.is_empty() {
        let (shared, rest, value) = take_parts(&mut block)?;
        if shared > alike {
            // It differs from the key where the row before it does.
            continue;
        }
        let wanted = key.get(shared..).unwrap_or_default();
        if shared < alike || rest > wanted {
            return Some(None);
        }
        if rest == wanted {
            return Some(Some(value));
        }
        alike = shared + rest.iter().zip(wanted).take_while(|(one, other)| one == other).count();
    }
    Some(None)
}

/// Takes the first row of what follows in a block: `key` becomes its key, from that of the row before it.
pub(super) fn take_row<'a>(bytes: &mut &'a [u8], key: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (shared, rest, value) = take_parts(bytes)?;
    if shared > key.len() {
        return None;
    }
    key.truncate(shared);
    key.extend_from_slice(rest);
    Some(value)
}

/// Takes the first row apart: how much of its key is that of the row before it, the rest of its key, and its value.
fn take_parts<'a>(bytes: &mut &'a [u8]) -> Option<(usize, &'a [u8], &'a [u8])> {
    let shared = take_length(bytes)?;
    let rest_bytes = take_length(bytes)?;
    let value_bytes = take_length(bytes)?;
    let (rest, after) = bytes.split_at_checked(rest_bytes)?;
    let (value, after) = after.split_at_checked(value_bytes)?;
    *bytes = after;
    Some((shared, rest, value))
}

/// What stands behind the blocks.
struct End {
    table: Vec<u8>,
    filter: Vec<u8>,
}

/// The end of a run; none where it is not what was written.
fn read_end(file: &File, length: u64) -> std::io::Result<Option<End>> {
    let Some(footer_at) = length.checked_sub(FOOTER_BYTES as u64) else { return Ok(None) };
    let mut footer = [0; FOOTER_BYTES];
    file.read_exact_at(&mut footer, footer_at)?;
    let Some(Footer { table_bytes, filter_bytes, crc }) = Footer::parse(&footer) else { return Ok(None) };
    let Some(end_at) = table_bytes.checked_add(filter_bytes).and_then(|bytes| footer_at.checked_sub(bytes)) else {
        return Ok(None);
    };
    let Ok(end_bytes) = usize::try_from(footer_at - end_at) else { return Ok(None) };
    let mut end = vec![0; end_bytes];
    file.read_exact_at(&mut end, end_at)?;
    let Ok(table_bytes) = usize::try_from(table_bytes) else { return Ok(None) };
    end.extend_from_slice(footer.get(..16).unwrap_or_default());
    if disk::checksum(&end) != crc {
        return Ok(None);
    }
    end.truncate(end_bytes);
    let filter = end.split_off(table_bytes);
    Ok(Some(End { table: end, filter }))
}

struct Footer {
    table_bytes: u64,
    filter_bytes: u64,
    crc: u32,
}

impl Footer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.split_first_chunk::<16>()?;
        let (crc, magic) = rest.split_first_chunk::<4>()?;
        let ([table_bytes, filter_bytes], []) = numbers.as_chunks::<8>() else { return None };
        (magic == MAGIC).then(|| Self {
            table_bytes: u64::from_be_bytes(*table_bytes),
            filter_bytes: u64::from_be_bytes(*filter_bytes),
            crc: u32::from_be_bytes(*crc),
        })
    }
}

fn blocks_of(mut table: &[u8]) -> Option<Vec<Block>> {
    let (mut blocks, mut offset) = (Vec::new(), 0);
    while !table.is_empty() {
        let key_bytes = take_length(&mut table)?;
        let (key, rest) = table.split_at_checked(key_bytes)?;
        table = rest;
        let bytes = take_length(&mut table)?;
        let raw_bytes = take_length(&mut table).filter(|bytes| *bytes <= BLOCK_BYTES_MAX)?;
        let (crc, rest) = table.split_first_chunk::<4>()?;
        table = rest;
        blocks.push(Block { first_key: key.into(), offset, bytes, raw_bytes, crc: u32::from_be_bytes(*crc) });
        offset += bytes as u64;
    }
    Some(blocks)
}
