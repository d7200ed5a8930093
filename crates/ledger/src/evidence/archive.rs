//! The files of a pack as one zip file with one spelling: sorted by name, stored as they are, without times.
//!
//! Nothing is compressed: what a compressor writes depends on its version, and the same pack must always have the
//! same bytes.

use std::collections::BTreeMap;

use ofrecord_log::checksum;
use thiserror::Error;

/// The files of a pack by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The most bytes that a pack may have, so that every offset fits its field.
pub const PACK_BYTES_MAX: u64 = u32::MAX as u64;
/// The most files that a pack may have.
pub const FILES_MAX: usize = 65_534;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Zip 2.0, the first that knows folders.
const VERSION: u16 = 20;
/// The first day that the format can say.
const FIRST_DAY: u16 = 0x0021;
/// Made on a system with permissions, of which everybody gets those to read.
const MADE_BY: u16 = 3 << 8 | VERSION;
const READABLE: u32 = 0o100_644 << 16;
const LOCAL_BYTES: usize = 30;

/// Why files are no pack, or a pack cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// Too many files, or too many bytes.
    #[error("a pack has at most {FILES_MAX} files and {PACK_BYTES_MAX} bytes")]
    TooLarge,
    /// The bytes are no zip file, or not in the one spelling that a pack has.
    #[error(
        "it is no zip file as a pack is written, which is damaged, or was packed anew; unpack it and name the folder"
    )]
    Spelling,
}

/// Writes the files.
///
/// # Errors
/// [`ArchiveError::TooLarge`].
pub fn to_zip(files: &Files) -> Result<Vec<u8>, ArchiveError> {
    let number = |size: usize| u32::try_from(size).map_err(|_| ArchiveError::TooLarge);
    if files.len() > FILES_MAX {
        return Err(ArchiveError::TooLarge);
    }
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = number(zip.len())?;
        let mut common = Vec::new();
        // Flags, and the method, which is to store.
        for field in [VERSION, 0, 0, 0, FIRST_DAY] {
            common.extend(field.to_le_bytes());
        }
        for field in [checksum(content), number(content.len())?, number(content.len())?] {
            common.extend(field.to_le_bytes());
        }
        common.extend(u16::try_from(name.len()).map_err(|_| ArchiveError::TooLarge)?.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        zip.extend(LOCAL.to_le_bytes());
        zip.extend(&common);
        zip.extend(name.as_bytes());
        zip.extend(content);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no attributes inside.
        directory.extend([0; 6]);
        directory.extend(READABLE.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (begin, length) = (number(zip.len())?, number(directory.len())?);
    let count = u16::try_from(files.len()).map_err(|_| ArchiveError::TooLarge)?;
    zip.extend(directory);
    zip.extend(END.to_le_bytes());
    for field in [0, 0, count, count] {
        zip.extend(field.to_le_bytes());
    }
    zip.extend(length.to_le_bytes());
    zip.extend(begin.to_le_bytes());
    zip.extend(0_u16.to_le_bytes());
    number(zip.len()).map(|_| zip)
}

/// Reads the files of a pack. Whatever would be written otherwise is refused.
///
/// # Errors
/// [`ArchiveError::Spelling`].
pub fn from_zip(zip: &[u8]) -> Result<Files, ArchiveError> {
    let (mut files, mut rest) = (Files::new(), zip);
    while let Some((name, content, after)) = first_file(rest) {
        files.insert(name.to_owned(), content.to_vec());
        rest = after;
    }
    if to_zip(&files).as_deref() == Ok(zip) { Ok(files) } else { Err(ArchiveError::Spelling) }
}

/// The file that stands first, and what follows it; none where no file stands.
fn first_file(zip: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let (header, rest) = zip.split_at_checked(LOCAL_BYTES)?;
    let header = header.strip_prefix(&LOCAL.to_le_bytes())?;
    let size = header.get(18..22).and_then(|field| field.first_chunk()).map(|field| u32::from_le_bytes(*field))?;
    let name = header.get(22..24).and_then(|field| field.first_chunk()).map(|field| u16::from_le_bytes(*field))?;
    let (name, rest) = rest.split_at_checked(usize::from(name))?;
    let (content, rest) = rest.split_at_checked(usize::try_from(size).ok()?)?;
    Some((std::str::from_utf8(name).ok()?, content, rest))
}

#[cfg(test)]
mod tests;
