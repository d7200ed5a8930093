//! The parts that a backup is divided into, and what their files are called.

use std::collections::BTreeSet;

use super::error::BackupFinding;
use crate::block::{Framed, decompress};
use crate::canonical::ENTRY_BYTES_MAX;
use crate::segment::{self, BUNDLE_ENTRIES, BUNDLE_LEN, SEGMENT_ENTRIES};

/// The most bytes of a bundle before it is compressed.
const BUNDLE_BYTES_MAX: usize = (ENTRY_BYTES_MAX + 2) * BUNDLE_LEN;
/// As in segments, so that a bundle takes as much room in a tail as it will in its segment.
const COMPRESSION_LEVEL: i32 = 3;

/// The folder of the segments in a backup.
pub(crate) const SEGMENTS: &str = "segments";
/// The folder of the bundles in a backup.
pub(crate) const TAIL: &str = "tail";
/// What comes before the number in the name of a file from which entries were redacted.
const REDACTED: &str = "redacted-";

/// What one file of a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A sealed segment.
    Segment {
        /// Its first position.
        first: u64,
    },
    /// Entries beyond the sealed segments.
    Bundle {
        /// The first position.
        first: u64,
        /// How many entries, 1 to 256.
        count: u64,
    },
}

impl Part {
    /// The parts of a log of `size` entries, of which those below `sealed_through` are in segments.
    pub(crate) fn all(sealed_through: u64, size: u64) -> impl Iterator<Item = Self> {
        let segments =
            (0..sealed_through / SEGMENT_ENTRIES).map(|number| Self::Segment { first: number * SEGMENT_ENTRIES });
        let bundles = (0..size.saturating_sub(sealed_through).div_ceil(BUNDLE_ENTRIES)).map(move |number| {
            let first = sealed_through + number * BUNDLE_ENTRIES;
            Self::Bundle { first, count: BUNDLE_ENTRIES.min(size - first) }
        });
        segments.chain(bundles)
    }

    /// Its path within the folder of a backup. A bundle that is not full is never called like the one that follows it.
    pub(crate) fn path(self) -> String {
        match self {
            Self::Segment { first } => format!("{SEGMENTS}/{}", segment::file_name(first)),
            Self::Bundle { first, count } => format!("{TAIL}/{first:012}-{count:03}.bundle"),
        }
    }

    /// Its path once so many entries that change its bytes were redacted: never the one that it had before.
    pub(crate) fn path_after(self, redacted: usize) -> String {
        let path = self.path();
        match path.rsplit_once('.') {
            Some((name, extension)) if redacted > 0 => format!("{name}.{REDACTED}{redacted}.{extension}"),
            Some(_) | None => path,
        }
    }

    /// Whether a path is one of its.
    pub(crate) fn is_called(self, path: &str) -> bool {
        let number = path.rsplit_once('.').and_then(|(name, _)| name.rsplit_once('.'));
        let number =
            number.and_then(|(_, end)| end.strip_prefix(REDACTED)).map_or(Some(0), |digits| digits.parse().ok());
        number.is_some_and(|redacted| self.path_after(redacted) == path)
    }

    /// How many of the positions change its bytes: those in a bundle; of a segment also those before it, as each
    /// segment names the digest of the one before.
    pub(crate) fn redacted_by(self, positions: &BTreeSet<u64>) -> usize {
        match self {
            Self::Segment { .. } => positions.range(..self.end()).count(),
            Self::Bundle { first, .. } => positions.range(first..self.end()).count(),
        }
    }

    pub(crate) fn first(self) -> u64 {
        match self {
            Self::Segment { first } | Self::Bundle { first, .. } => first,
        }
    }

    pub(crate) fn end(self) -> u64 {
        match self {
            Self::Segment { first } => first + SEGMENT_ENTRIES,
            Self::Bundle { first, count } => first + count,
        }
    }
}

/// The file of a bundle, from its entries each behind its length.
pub(crate) fn bundle_file(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(raw, COMPRESSION_LEVEL)
}

/// The entries in the file of a bundle of `count`.
pub(crate) fn read_bundle(file: &[u8], count: u64) -> Result<Framed, BackupFinding> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    decompress(file, BUNDLE_BYTES_MAX)
        .and_then(|raw| Framed::parse(raw, count))
        .map_err(|error| BackupFinding::Content { cause: error.to_string() })
}
