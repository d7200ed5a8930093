//! The file that says how far a receiver has come: one line, a cursor of the feed.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use ofrecord_log::{sync_folder, write_whole};

use super::Cursor;

/// How far a receiver has come, as a file has it.
pub(super) struct Kept<'a>(&'a Path);

impl<'a> Kept<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        Self(path)
    }

    /// The cursor; none where nothing was kept yet. A file that holds something else is an error: to begin anew would
    /// leave a gap, or send everything again.
    pub(super) fn read(&self) -> Result<Option<Cursor>, String> {
        match fs::read_to_string(self.0) {
            Ok(text) if text.trim().is_empty() => Ok(Some(Cursor::START)),
            Ok(text) => text.trim().parse().map(Some).map_err(|error| self.failed("read", &error)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed("read", &error)),
        }
    }

    /// Writes the cursor, whole or not at all; it is on the device when this returns.
    pub(super) fn write(&self, cursor: Cursor) -> Result<(), String> {
        let written = || {
            let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if !folder.is_dir() {
                fs::create_dir_all(folder)?;
                folder.parent().map_or(Ok(()), sync_folder)?;
            }
            write_whole(self.0, format!("{cursor}\n").as_bytes())
        };
        written().map_err(|error| self.failed("write", &error))
    }

    fn failed(&self, doing: &str, error: &dyn std::fmt::Display) -> String {
        format!("could not {doing} {}: {error}", self.0.display())
    }
}
