//! Rows saved in a file: a line that says whose they are, then a line for each, sorted, as canonical JSON.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use ofrecord_core::StreamId;
use ofrecord_log::{Hash, Head};
use ofrecord_views::FOLD_VERSION;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::projection::StreamRows;

/// The only format of saved rows.
const FORMAT: u64 = 1;
/// The word for a present view.
const VIEW: &str = "view";
/// The word for the digest of an entry.
const ENTRY: &str = "entry";

/// Why saved rows could not be read or written.
#[derive(Debug, Error)]
pub enum SavedError {
    /// The file could not be read.
    #[error("read {}: {error}", name.display())]
    Read {
        /// What the rows are called.
        name: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The rows could not be written.
    #[error("save the rows: {0}")]
    Write(io::Error),
    /// A line is not one of saved rows.
    #[error("read line {line} of {}: {problem}", name.display())]
    Line {
        /// What the rows are called.
        name: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
}

/// The first line. Fields are in the order of their names, so that it is written canonically.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// The fold that made the rows.
    pub(super) fold: String,
    format: u64,
    /// The ledger.
    pub(super) origin: String,
    /// The root at that size.
    pub(super) root: Hash,
    /// The tree size that the rows are folded from.
    pub(super) through: u64,
}

/// Any other line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    content: &'a RawValue,
    row: &'a str,
    stream: StreamId,
}

impl Header {
    pub(super) fn of(origin: &str, head: Head) -> Self {
        let (fold, origin) = (FOLD_VERSION.to_owned(), origin.to_owned());
        Self { fold, format: FORMAT, origin, root: head.root, through: head.size }
    }
}

pub(super) fn write_header(to: &mut dyn Write, header: &Header) -> Result<(), SavedError> {
    write_line(to, header)
}

/// Writes the rows of one stream; says how many lines they are.
pub(super) fn write_rows(to: &mut dyn Write, rows: &StreamRows) -> Result<u64, SavedError> {
    let words = rows.view.iter().map(|view| (VIEW, view)).chain(rows.digests.iter().map(|digest| (ENTRY, digest)));
    let mut written = 0;
    for (row, bytes) in words {
        let content: &RawValue = serde_json::from_slice(bytes).map_err(|error| SavedError::Write(error.into()))?;
        write_line(to, &Line { content, row, stream: rows.stream })?;
        written += 1;
    }
    Ok(written)
}

fn write_line(to: &mut dyn Write, line: &impl Serialize) -> Result<(), SavedError> {
    let mut bytes = serde_json::to_vec(line).map_err(|error| SavedError::Write(error.into()))?;
    bytes.push(b'\n');
    to.write_all(&bytes).map_err(SavedError::Write)
}

/// Saved rows, read stream by stream.
pub(super) struct SavedRows<'a> {
    name: PathBuf,
    from: Box<dyn BufRead + 'a>,
    header: Header,
    /// How many lines are read.
    line: u64,
    /// The stream that the last line read begins.
    begun: Option<StreamRows>,
}

impl<'a> SavedRows<'a> {
    pub(super) fn open(name: &Path, mut from: Box<dyn BufRead + 'a>) -> Result<Self, SavedError> {
        let mut text = String::new();
        from.read_line(&mut text).map_err(|error| SavedError::Read { name: name.to_owned(), error })?;
        let not_rows = |problem: String| SavedError::Line { name: name.to_owned(), line: 1, problem };
        let header: Header = serde_json::from_str(&text).map_err(|error| not_rows(error.to_string()))?;
        if header.format != FORMAT {
            return Err(not_rows(format!("the rows have format {}, this version reads {FORMAT}", header.format)));
        }
        Ok(Self { name: name.to_owned(), from, header, line: 1, begun: None })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Reads on to the end of a stream's rows.
    fn next_stream(&mut self) -> Result<Option<StreamRows>, SavedError> {
        let mut text = String::new();
        loop {
            text.clear();
            let read = self.from.read_line(&mut text);
            if read.map_err(|error| SavedError::Read { name: self.name.clone(), error })? == 0 {
                return Ok(self.begun.take());
            }
            self.line += 1;
            let line: Line<'_> = serde_json::from_str(&text).map_err(|error| self.not_a_row(error.to_string()))?;
            if let Some(whole) = self.take(&line)? {
                return Ok(Some(whole));
            }
        }
    }

    /// Takes in a line; gives the stream that it ends by beginning another.
    fn take(&mut self, line: &Line<'_>) -> Result<Option<StreamRows>, SavedError> {
        let bytes = line.content.get().as_bytes().to_vec();
        let mut whole = None;
        if self.begun.as_ref().is_none_or(|begun| begun.stream != line.stream) {
            if self.begun.as_ref().is_some_and(|begun| begun.stream > line.stream) {
                return Err(self.not_a_row(format!("{} stands after streams that come after it", line.stream)));
            }
            whole = self.begun.replace(StreamRows { stream: line.stream, view: None, digests: Vec::new() });
        }
        let Some(begun) = self.begun.as_mut() else { return Ok(whole) };
        match line.row {
            VIEW if begun.view.is_none() && begun.digests.is_empty() => begun.view = Some(bytes),
            ENTRY => begun.digests.push(bytes),
            VIEW => return Err(self.not_a_row(format!("a second view of {}", line.stream))),
            other => return Err(self.not_a_row(format!("`{other}` is neither `{VIEW}` nor `{ENTRY}`"))),
        }
        Ok(whole)
    }

    fn not_a_row(&self, problem: String) -> SavedError {
        SavedError::Line { name: self.name.clone(), line: self.line, problem }
    }
}

impl Iterator for SavedRows<'_> {
    type Item = Result<StreamRows, SavedError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_stream().transpose()
    }
}
