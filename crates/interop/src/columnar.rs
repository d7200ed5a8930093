//! Rows of a table as a Parquet file: columns in memory for one bounded row group at a time, nothing of the clock in the bytes.
//!
//! Instants have 100 nanoseconds, and Parquet has no such unit. Nanoseconds
//! would end in 2262 and are refused by Spark; so an instant is written twice:
//! as a timestamp cut to microseconds, which every engine reads as its own
//! type, and as a text with all seven digits, whose order is the order of time.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use self::held::Held;
use crate::table::{Row, RowError, Table};

mod held;
mod schema;

pub use self::schema::{Leaf, leaves};

/// Rows in a row group, at most.
pub const GROUP_ROWS_MAX: usize = 65_536;
/// Bytes of cells in a row group beyond which it is closed.
pub const GROUP_BYTES_MAX: usize = 16 << 20;

/// The name that files say they were created by, in the form that readers expect: a program and its version.
const CREATED_BY: &str = concat!("ofrecord version ", env!("CARGO_PKG_VERSION"));

/// Why a row or a file was not written.
#[derive(Debug, Error)]
pub enum ColumnarError {
    /// The row does not fit its table.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The file could not be written.
    #[error("write a Parquet file: {0}")]
    Parquet(#[from] ParquetError),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Writes rows of one table into one Parquet file. The same rows and words give the same bytes.
pub struct TableWriter<W: Write + Send> {
    table: &'static Table,
    file: SerializedFileWriter<Hashed<W>>,
    held: Held,
    rows: u64,
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a file. The words are kept in its footer: what it rests on.
    ///
    /// # Errors
    /// [`ColumnarError::Parquet`].
    pub fn new(table: &'static Table, words: &[(&str, String)], to: W) -> Result<Self, ColumnarError> {
        let schema = Arc::new(parse_message_type(&schema::message(table))?);
        let words = words.iter().map(|(name, word)| KeyValue::new((*name).to_owned(), word.clone())).collect();
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(Some(words))
            .build();
        let to = Hashed { to, bytes: 0, hash: Sha256::new() };
        let file = SerializedFileWriter::new(to, schema, Arc::new(properties))?;
        Ok(Self { table, file, held: Held::of(table), rows: 0 })
    }

    /// Takes a row; writes a row group when enough is held.
    ///
    /// # Errors
    /// [`ColumnarError`].
    pub fn row(&mut self, row: &Row) -> Result<(), ColumnarError> {
        self.table.check(row)?;
        self.held.take(row);
        self.rows += 1;
        if self.held.rows() >= GROUP_ROWS_MAX || self.held.bytes() >= GROUP_BYTES_MAX {
            self.write_group()?;
        }
        Ok(())
    }

    /// How many rows were taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is held and the footer; gives back what was written to.
    ///
    /// # Errors
    /// [`ColumnarError::Parquet`].
    pub fn finish(mut self) -> Result<(W, Written), ColumnarError> {
        if self.held.rows() > 0 {
            self.write_group()?;
        }
        let Hashed { to, bytes, hash } = self.file.into_inner()?;
        Ok((to, Written { rows: self.rows, bytes, sha256: hex::encode(hash.finalize()) }))
    }

    fn write_group(&mut self) -> Result<(), ColumnarError> {
        let mut group = self.file.next_row_group()?;
        self.held.write(&mut group)?;
        group.close()?;
        Ok(())
    }
}

/// Counts and hashes what it hands on.
struct Hashed<W> {
    to: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        let (passed, _) = bytes.split_at_checked(written).unwrap_or((bytes, &[]));
        self.hash.update(passed);
        self.bytes += passed.len() as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests;
