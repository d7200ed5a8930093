//! A file that is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::session::Session;

/// Has `fill` write to a file beside its place, and puts it in its place once it is durable.
///
/// Where `fill` fails or is stopped, what was there before stays, and nothing is left beside it.
pub(crate) fn write<T>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: io::Error| Failure::File { doing: "write", path: path.to_owned(), error };
    let unfinished = unfinished(path);
    let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    let filled = fill(&mut file).and_then(|filled| file.flush().map(|()| filled).map_err(failed));
    let filled = filled.and_then(|filled| file.get_ref().sync_all().map(|()| filled).map_err(failed));
    match filled {
        Ok(filled) => fs::rename(&unfinished, path).map(|()| filled).map_err(failed),
        Err(failure) => {
            // What cannot be removed gives way to the next write; why there is no file is what matters.
            drop(fs::remove_file(&unfinished));
            Err(failure)
        }
    }
}

/// Writes a document to a file, whole or not at all, or prints it where no file is named.
pub(crate) fn write_or_print(path: Option<&Path>, document: &[u8], session: &Session) -> Result<(), Failure> {
    let Some(path) = path else {
        let mut output = session.output();
        output.bytes(document)?;
        return output.flush();
    };
    let failed = |error: io::Error| Failure::File { doing: "write", path: path.to_owned(), error };
    write(path, |file| file.write_all(document).map_err(failed))
}

/// Where something is written before it is whole: beside its place, under a name that says so.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}
