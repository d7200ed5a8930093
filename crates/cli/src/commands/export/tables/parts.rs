//! The files of one table: the next one begins when one has enough rows.

use std::fs::File;
use std::path::{Path, PathBuf};

use ofrecord_interop::columnar::{ColumnarError, TableWriter};
use ofrecord_interop::table::{Row, Table};

use super::folder::Unfinished;
use super::manifest::{FileWritten, TableWritten};
use crate::failure::Failure;

/// Rows in a file, at most.
pub(super) const PART_ROWS_MAX: u64 = 4_000_000;

/// What every file of a data set says of itself.
pub(super) type Words<'a> = &'a [(&'static str, String)];

/// The files of one table.
pub(super) struct Parts<'a> {
    table: &'static Table,
    folder: PathBuf,
    words: Words<'a>,
    rows_max: u64,
    part: Part,
    written: Vec<FileWritten>,
}

impl<'a> Parts<'a> {
    /// Begins the first file; a table without rows has one file too, so that its columns can be read.
    pub(super) fn begin(
        table: &'static Table,
        folder: &Unfinished,
        words: Words<'a>,
        rows_max: u64,
    ) -> Result<Self, Failure> {
        let folder = folder.table(table.name)?;
        let part = Part::begin(table, &folder, 0, words)?;
        Ok(Self { table, folder, words, rows_max, part, written: Vec::new() })
    }

    /// Takes a row.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        if self.part.writer.rows() >= self.rows_max {
            let next = Part::begin(self.table, &self.folder, self.written.len() + 1, self.words)?;
            let full = std::mem::replace(&mut self.part, next);
            self.written.push(full.finish()?);
        }
        self.part.writer.row(row).map_err(|error| failed(&self.part.path, error))
    }

    /// Ends the last file.
    pub(super) fn finish(self) -> Result<TableWritten, Failure> {
        let mut files = self.written;
        files.push(self.part.finish()?);
        Ok(TableWritten { name: self.table.name, rows: files.iter().map(|file| file.rows).sum(), files })
    }
}

/// One file.
struct Part {
    /// Its path below the folder of the data set.
    name: String,
    path: PathBuf,
    writer: TableWriter<File>,
}

impl Part {
    fn begin(table: &'static Table, folder: &Path, number: usize, words: Words<'_>) -> Result<Self, Failure> {
        let file_name = format!("part-{number:05}.parquet");
        let path = folder.join(&file_name);
        let file = File::create(&path).map_err(|error| Failure::File { doing: "write", path: path.clone(), error })?;
        let writer = TableWriter::new(table, words, file).map_err(|error| failed(&path, error))?;
        Ok(Self { name: format!("{}/{file_name}", table.name), path, writer })
    }

    /// Ends the file and makes its content durable.
    fn finish(self) -> Result<FileWritten, Failure> {
        let (file, written) = self.writer.finish().map_err(|error| failed(&self.path, error))?;
        file.sync_all().map_err(|error| Failure::File { doing: "write", path: self.path, error })?;
        Ok(FileWritten { path: self.name, rows: written.rows, bytes: written.bytes, sha256: written.sha256 })
    }
}

fn failed(path: &Path, error: ColumnarError) -> Failure {
    Failure::Columnar { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests;
