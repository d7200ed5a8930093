//! The list of runs: one line of JSON and its CRC-32 in the next, replaced as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{RunError, Standing};
use crate::disk;

const FORMAT: u64 = 1;
const FILE: &str = "runs";
const RUN: &str = "run-";

/// What a folder holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    pub(super) standing: Standing,
    /// The oldest first.
    pub(super) runs: Vec<Listed>,
}

/// A run in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Each run of a folder has another.
    pub(super) number: u64,
    /// How often its rows were brought together.
    pub(super) level: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u64,
    labels: BTreeMap<String, String>,
    runs: Vec<Listed>,
    through: u64,
}

impl Listed {
    pub(super) fn file_name(&self) -> String {
        format!("{RUN}{}", self.number)
    }
}

/// Whether a file of this name is a run.
pub(super) fn is_name_of_run(name: &str) -> bool {
    name.strip_prefix(RUN).is_some_and(|number| number.parse::<u64>().is_ok())
}

impl List {
    /// The list of a folder; an empty one where nothing was written yet.
    pub(super) fn read(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::of_new(folder),
            Err(error) => return Err(RunError::io(&path)(error)),
        };
        let stored = disk::parse_summed(&bytes).filter(|stored: &Stored| stored.format == FORMAT);
        let Stored { labels, runs, through, .. } =
            stored.ok_or_else(|| RunError::damaged(&path, "it is damaged, or of another version"))?;
        Ok(Self { standing: Standing { through, labels }, runs })
    }

    /// An empty list, unless the folder is somebody else's.
    fn of_new(folder: &Path) -> Result<Self, RunError> {
        for entry in fs::read_dir(folder).map_err(RunError::io(folder))? {
            let name = entry.map_err(RunError::io(folder))?.file_name();
            let name = name.to_string_lossy();
            if !is_name_of_run(&name) && !name.starts_with(FILE) {
                return Err(RunError::damaged(folder, format!("it is not in the form of this version: {name}")));
            }
        }
        Ok(Self::default())
    }

    /// Replaces the list of a folder, durably and at once. The runs that it names must be on the device.
    pub(super) fn write(self, folder: &Path) -> Result<(), RunError> {
        let path = folder.join(FILE);
        let Standing { through, labels } = self.standing;
        let stored = Stored { format: FORMAT, labels, runs: self.runs, through };
        disk::write_summed(&path, &stored).map_err(RunError::io(&path))
    }
}
