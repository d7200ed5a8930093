//! Writing a run, and how it lies in its file.
//!
//! ```text
//! blocks  rows, each: shared[varint] rest[varint] value[varint], the rest of the key, the value
//! table   for each block: key length[varint], first key, bytes[varint], bytes of rows[varint], CRC-32[4]
//! filter  which keys may be in the run
//! footer  table bytes[8] filter bytes[8], CRC-32 of table and filter and of what precedes it here[4], magic[8]
//! ```
//!
//! Of a key, only what differs from the one before it in the block is there. A block that got shorter by packing is
//! packed; the two lengths tell. Numbers of a fixed length are big-endian.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file::RunFile;
use super::{Filter, Form, Packing, RunError, filter};
use crate::disk;

pub(super) const MAGIC: [u8; 8] = *b"ofrrun-1";
pub(super) const FOOTER_BYTES: usize = 28;
/// The zstd level of blocks.
const ZSTD_LEVEL: i32 = 1;

/// Bytes of blocks that are kept before they are written.
const WRITTEN_AT_ONCE: usize = 1024 * 1024;

/// A row of sorted rows as blocks, in memory: a part of a run that can be made beside others.
pub(crate) struct RunPart {
    form: Form,
    compressor: Option<zstd::bulk::Compressor<'static>>,
    /// Rows that are no block yet.
    open: Vec<u8>,
    open_key: Vec<u8>,
    first_key: Vec<u8>,
    last_key: Vec<u8>,
    blocks: Vec<u8>,
    table: Vec<u8>,
    asked: Vec<u64>,
    rows: u64,
}

impl RunPart {
    pub(super) fn begin(form: Form) -> io::Result<Self> {
        let compressor = match form.packing {
            Packing::Zstd => Some(zstd::bulk::Compressor::new(ZSTD_LEVEL)?),
            Packing::None => None,
        };
        Ok(Self {
            form,
            compressor,
            open: Vec::new(),
            open_key: Vec::new(),
            first_key: Vec::new(),
            last_key: Vec::new(),
            blocks: Vec::new(),
            table: Vec::new(),
            asked: Vec::new(),
            rows: 0,
        })
    }

    /// Puts a row behind the others; its key must be above theirs.
    ///
    /// # Errors
    /// What the system says, or [`io::ErrorKind::InvalidInput`] for a key that is not above the one before it.
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        if self.rows == 0 {
            self.first_key = key.to_vec();
        } else if key <= self.last_key.as_slice() {
            return Err(out_of_order());
        }
        let asked = filter::key_of((self.form.asked_by)(key));
        if self.asked.last() != Some(&asked) {
            self.asked.push(asked);
        }
        let shared = if self.open.is_empty() {
            self.open_key = key.to_vec();
            0
        } else {
            key.iter().zip(&self.last_key).take_while(|(one, other)| one == other).count()
        };
        let rest = key.get(shared..).unwrap_or_default();
        put_length(shared, &mut self.open);
        put_length(rest.len(), &mut self.open);
        put_length(value.len(), &mut self.open);
        self.open.extend_from_slice(rest);
        self.open.extend_from_slice(value);
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        self.rows += 1;
        if self.open.len() >= self.form.block_bytes { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> io::Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let packed = self.compressor.as_mut().map(|compressor| compressor.compress(&self.open)).transpose()?;
        let stored = packed.as_ref().filter(|packed| packed.len() < self.open.len()).unwrap_or(&self.open);
        self.blocks.extend_from_slice(stored);
        put_length(self.open_key.len(), &mut self.table);
        self.table.extend_from_slice(&self.open_key);
        put_length(stored.len(), &mut self.table);
        put_length(self.open.len(), &mut self.table);
        self.table.extend_from_slice(&disk::checksum(stored).to_be_bytes());
        self.open.clear();
        Ok(())
    }
}

fn out_of_order() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "rows were to be written out of their order")
}

/// A run that is being written.
pub(crate) struct RunWriter {
    path: PathBuf,
    number: u64,
    file: File,
    /// What was put last; its blocks, its table and its filter are those of the whole run.
    last: RunPart,
}

impl RunWriter {
    pub(super) fn begin(folder: &Path, number: u64, form: Form) -> Result<Self, RunError> {
        let path = folder.join(super::Listed { number, level: 0 }.file_name());
        let file = File::create(&path).map_err(RunError::io(&path))?;
        let last = RunPart::begin(form).map_err(RunError::io(&path))?;
        Ok(Self { path, number, file, last })
    }

    /// Puts a row behind the others; its key must be above theirs.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), RunError> {
        self.last.put(key, value).map_err(RunError::io(&self.path))?;
        self.write_blocks(WRITTEN_AT_ONCE)
    }

    /// Puts rows that were made beside others behind those that are there.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn append(&mut self, mut part: RunPart) -> Result<(), RunError> {
        if part.rows == 0 {
            return Ok(());
        }
        let ended = part.end_block().and_then(|()| self.last.end_block());
        ended.map_err(RunError::io(&self.path))?;
        if self.last.rows > 0 && part.first_key <= self.last.last_key {
            return Err(RunError::io(&self.path)(out_of_order()));
        }
        self.last.blocks.append(&mut part.blocks);
        self.last.table.append(&mut part.table);
        self.last.asked.append(&mut part.asked);
        self.last.rows += part.rows;
        self.last.last_key = part.last_key;
        self.write_blocks(WRITTEN_AT_ONCE)
    }

    /// Writes the blocks that are in memory, where they are so many.
    fn write_blocks(&mut self, at_least: usize) -> Result<(), RunError> {
        if self.last.blocks.len() >= at_least {
            self.file.write_all(&self.last.blocks).map_err(RunError::io(&self.path))?;
            self.last.blocks.clear();
        }
        Ok(())
    }

    /// Makes the run durable and opens it; none where it has no row. The name is not durable yet.
    pub(super) fn finish(mut self) -> Result<Option<(u64, RunFile)>, RunError> {
        self.last.end_block().map_err(RunError::io(&self.path))?;
        self.write_blocks(1)?;
        let Self { path, number, mut file, last: RunPart { table, asked, rows, .. } } = self;
        if rows == 0 {
            disk::remove_if_there(&path).map_err(RunError::io(&path))?;
            return Ok(None);
        }
        let mut end = table;
        let table_bytes = end.len() as u64;
        end.extend_from_slice(Filter::of(asked.into_iter()).bytes());
        let filter_bytes = end.len() as u64 - table_bytes;
        for number in [table_bytes, filter_bytes] {
            end.extend_from_slice(&number.to_be_bytes());
        }
        let crc = disk::checksum(&end);
        end.extend_from_slice(&crc.to_be_bytes());
        end.extend_from_slice(&MAGIC);
        file.write_all(&end).and_then(|()| file.sync_all()).map_err(RunError::io(&path))?;
        RunFile::open(path).map(|run| Some((number, run)))
    }
}

fn put_length(length: usize, bytes: &mut Vec<u8>) {
    put_number(length as u64, bytes);
}

/// Takes a length that was put so.
pub(super) fn take_length(bytes: &mut &[u8]) -> Option<usize> {
    take_number(bytes)?.try_into().ok()
}

/// A number in groups of seven bits, the lowest first.
pub(crate) fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Takes a number that was put so; none where it is cut off or too large.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let low = u64::from(byte & 0x7f);
        number |= low.checked_shl(shift).filter(|shifted| shifted >> shift == low)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
