//! A scratch folder for work whose result is kept elsewhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder that is gone when its work is done, whatever came of it.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one, for what its name says, in a folder or else in the system's temporary one.
    pub(crate) fn begin(within: Option<&Path>, purpose: &'static str) -> Result<Self, Failure> {
        let within = within.map_or_else(std::env::temp_dir, Path::to_owned);
        let failed = |path: PathBuf| move |error| Failure::File { doing: "make", path, error };
        fs::create_dir_all(&within).map_err(failed(within.clone()))?;
        let mut number = std::process::id();
        loop {
            let path = within.join(format!("ofrecord-{purpose}-{number}"));
            match fs::create_dir(&path) {
                // A run that was killed left it behind.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number = number.wrapping_add(1),
                made => return made.map(|()| Self(path.clone())).map_err(failed(path)),
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "could not remove a scratch folder");
        }
    }
}
