//! Writing a run, and how it lies in its file.
//!
//! ```text
//! blocks  rows, each: shared[varint] rest[varint] value[varint], the rest of the key, the value
//! table   for each block: key length[varint], first key, bytes[varint], bytes of rows[varint], CRC-32[4]
//! filter  which keys may be in the run
//! footer  table bytes[8] filter bytes[8] rows[8], CRC-32 of table and filter and of what precedes it here[4], magic[8]
//! ```
//!
//! Of a key, only what differs from the one before it in the block is there. A block that got shorter by packing is
//! packed; the two lengths tell. Numbers of a fixed length are big-endian.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::file::RunFile;
use super::{Filter, Form, Packing, RunError, filter};
use crate::disk;

pub(super) const MAGIC: [u8; 8] = *b"ofrrun-1";
pub(super) const FOOTER_BYTES: usize = 36;
/// The zstd level of blocks.
const ZSTD_LEVEL: i32 = 1;

/// A run that is being written.
pub(crate) struct RunWriter {
    path: PathBuf,
    number: u64,
    form: Form,
    file: BufWriter<File>,
    compressor: Option<zstd::bulk::Compressor<'static>>,
    block: Vec<u8>,
    first_key: Vec<u8>,
    last_key: Vec<u8>,
    table: Vec<u8>,
    asked: Vec<u64>,
    rows: u64,
}

impl RunWriter {
    pub(super) fn begin(folder: &Path, number: u64, form: Form) -> Result<Self, RunError> {
        let path = folder.join(super::Listed { number, level: 0 }.file_name());
        let file = File::create(&path).map_err(RunError::io(&path))?;
        let compressor = match form.packing {
            Packing::Zstd => Some(zstd::bulk::Compressor::new(ZSTD_LEVEL).map_err(RunError::io(&path))?),
            Packing::None => None,
        };
        Ok(Self {
            path,
            number,
            form,
            file: BufWriter::with_capacity(256 * 1024, file),
            compressor,
            block: Vec::new(),
            first_key: Vec::new(),
            last_key: Vec::new(),
            table: Vec::new(),
            asked: Vec::new(),
            rows: 0,
        })
    }

    /// Puts a row behind the others; its key must be above theirs.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), RunError> {
        if self.rows > 0 && key <= self.last_key.as_slice() {
            return Err(RunError::damaged(&self.path, "rows were to be written out of their order"));
        }
        let asked = filter::key_of((self.form.asked_by)(key));
        if self.asked.last() != Some(&asked) {
            self.asked.push(asked);
        }
        let shared = if self.block.is_empty() {
            self.first_key = key.to_vec();
            0
        } else {
            key.iter().zip(&self.last_key).take_while(|(one, other)| one == other).count()
        };
        let rest = key.get(shared..).unwrap_or_default();
        put_length(shared, &mut self.block);
        put_length(rest.len(), &mut self.block);
        put_length(value.len(), &mut self.block);
        self.block.extend_from_slice(rest);
        self.block.extend_from_slice(value);
        self.last_key.clear();
        self.last_key.extend_from_slice(key);
        self.rows += 1;
        if self.block.len() >= self.form.block_bytes { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> Result<(), RunError> {
        let raw = std::mem::take(&mut self.block);
        let packed = match &mut self.compressor {
            Some(compressor) => Some(compressor.compress(&raw).map_err(RunError::io(&self.path))?),
            None => None,
        };
        let stored = packed.as_ref().filter(|packed| packed.len() < raw.len()).unwrap_or(&raw);
        self.file.write_all(stored).map_err(RunError::io(&self.path))?;
        put_length(self.first_key.len(), &mut self.table);
        self.table.extend_from_slice(&self.first_key);
        put_length(stored.len(), &mut self.table);
        put_length(raw.len(), &mut self.table);
        self.table.extend_from_slice(&disk::checksum(stored).to_be_bytes());
        self.block = raw;
        self.block.clear();
        Ok(())
    }

    /// Makes the run durable and opens it; none where it has no row. The name is not durable yet.
    pub(super) fn finish(mut self) -> Result<Option<(u64, RunFile)>, RunError> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        let Self { path, number, mut file, table, asked, rows, .. } = self;
        if rows == 0 {
            disk::remove_if_there(&path).map_err(RunError::io(&path))?;
            return Ok(None);
        }
        let mut end = table;
        let table_bytes = end.len() as u64;
        end.extend_from_slice(Filter::of(asked.into_iter()).bytes());
        let filter_bytes = end.len() as u64 - table_bytes;
        for number in [table_bytes, filter_bytes, rows] {
            end.extend_from_slice(&number.to_be_bytes());
        }
        let crc = disk::checksum(&end);
        end.extend_from_slice(&crc.to_be_bytes());
        end.extend_from_slice(&MAGIC);
        let written = file.write_all(&end).and_then(|()| file.into_inner().map_err(|error| error.into_error()));
        written.and_then(|file| file.sync_all()).map_err(RunError::io(&path))?;
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
