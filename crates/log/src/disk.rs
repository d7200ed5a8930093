//! Free space, the ballast file, and writing a file so that it is whole or absent.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that this process may still write on the device of `path`.
pub(crate) fn free_bytes(path: &Path) -> io::Result<u64> {
    let device = statvfs(path)?;
    Ok(device.f_bavail.saturating_mul(device.f_frsize))
}

/// Makes sure that `path` really occupies `bytes`, so that they can be given back on a full disk.
pub(crate) fn hold_ballast(path: &Path, bytes: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    if file.metadata()?.len() == bytes {
        return Ok(());
    }
    file.set_len(0)?;
    if bytes == 0 {
        return Ok(());
    }
    let held =
        fallocate(&file, FallocateFlags::empty(), 0, bytes).map_err(io::Error::from).and_then(|()| file.sync_all());
    if held.is_err() {
        // A half-grown ballast would only make the disk fuller.
        file.set_len(0)?;
    }
    held
}

/// Gives the ballast back to the device.
pub(crate) fn release_ballast(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => file.set_len(0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The CRC-32 by which the files of a ledger notice damage.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// Writes a file aside, syncs it, gives it its name and syncs the folder: after a crash the old
/// content is there or the new, never a part.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = with_suffix(path, "new");
    let mut file = File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    sync_parent(path)
}

/// Replaces a file by one line of JSON and its CRC-32 in the next, as [`write_whole`] does.
///
/// # Errors
/// What the system says, or what cannot be JSON.
pub fn write_summed(path: &Path, content: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string(content)?;
    write_whole(path, format!("{json}\n{:08x}\n", checksum(json.as_bytes())).as_bytes())
}

/// What [`write_summed`] wrote; none where it is damaged or something else.
#[must_use]
pub fn parse_summed<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (json, crc) = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.split_once('\n')?;
    (crc == format!("{:08x}", checksum(json.as_bytes()))).then(|| serde_json::from_str(json).ok())?
}

/// Removes a file that may not be there.
///
/// # Errors
/// What the system says.
pub fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Makes names created, renamed or removed in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes the name of `path` durable.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        None => Ok(()),
        // A bare name lies in the working folder.
        Some(parent) if parent.as_os_str().is_empty() => sync_folder(Path::new(".")),
        Some(parent) => sync_folder(parent),
    }
}

/// Moves a damaged file or folder out of the way, under a name that was free, and returns that name.
pub(crate) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    loop {
        let aside = with_suffix(path, &format!("damaged-{number}"));
        if !aside.try_exists()? {
            fs::rename(path, &aside)?;
            sync_parent(path)?;
            return Ok(aside);
        }
        number += 1;
    }
}

/// The path with `.suffix` added to its file name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

/// Overwrites a file, or every file below a folder, with zeros, and removes it: what a device keeps of overwritten
/// blocks is beyond any program. Nothing happens where there is none.
pub(crate) fn overwrite_and_remove(path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            overwrite_and_remove(&entry?.path())?;
        }
        return fs::remove_dir(path);
    }
    if metadata.is_file() {
        let mut file = OpenOptions::new().write(true).open(path)?;
        io::copy(&mut io::repeat(0).take(metadata.len()), &mut file)?;
        file.sync_data()?;
    }
    fs::remove_file(path)
}

/// Bytes of all files below `path`; 0 when it does not exist.
pub(crate) fn bytes_below(path: &Path) -> io::Result<u64> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        bytes += bytes_below(&entry?.path())?;
    }
    Ok(bytes)
}
