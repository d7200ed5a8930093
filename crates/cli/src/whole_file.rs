//! A file that is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Has `fill` write to a file beside its place, and puts it in its place once it is durable.
///
/// Where `fill` fails, what was there before stays, and nothing is left beside it.
pub(crate) fn write(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::File { doing: "write", path: path.to_owned(), error };
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    let filled = fill(&mut file).and_then(|()| file.flush().map_err(failed));
    if let Err(failure) = filled {
        fs::remove_file(&unfinished).map_err(failed)?;
        return Err(failure);
    }
    file.get_ref().sync_all().map_err(failed)?;
    fs::rename(&unfinished, path).map_err(failed)
}
