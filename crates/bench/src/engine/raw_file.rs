//! The physical limit: lengths and bytes appended to a file, one fdatasync for each batch.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::Engine;
use crate::RaceError;
use crate::record::Record;

/// Bytes of the head witness.
const HEAD_BYTES: usize = 128;

/// A plain file.
pub(crate) struct RawFile {
    file: File,
    head: Option<File>,
    path: PathBuf,
    buffer: Vec<u8>,
}

impl RawFile {
    /// A new file in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, RaceError> {
        let path = folder.join("events");
        Ok(Self { file: File::create(&path)?, head: None, path, buffer: Vec::new() })
    }

    /// The same with a second small file that is written over and synced with each batch.
    pub(crate) fn with_witness(folder: &Path) -> Result<Self, RaceError> {
        Ok(Self { head: Some(File::create(folder.join("head"))?), ..Self::create(folder)? })
    }
}

impl Engine for RawFile {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        self.buffer.clear();
        for record in batch {
            let length = u32::try_from(record.bytes.len()).unwrap_or(u32::MAX);
            self.buffer.extend(length.to_le_bytes());
            self.buffer.extend_from_slice(&record.bytes);
        }
        self.file.write_all(&self.buffer)?;
        self.file.sync_data()?;
        if let Some(head) = &self.head {
            head.write_all_at(&[0; HEAD_BYTES], 0)?;
            head.sync_data()?;
        }
        Ok(())
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        let mut reader = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        let mut length = [0; 4];
        let mut event = Vec::new();
        let mut count = 0;
        loop {
            match reader.read_exact(&mut length) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(count),
                Err(error) => return Err(error.into()),
            }
            event.resize(usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX), 0);
            reader.read_exact(&mut event)?;
            each(&event);
            count += 1;
        }
    }
}
