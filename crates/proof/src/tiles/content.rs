//! The bytes of a tile, written from the log and read back.

use ofrecord_log::Hash;
use thiserror::Error;

use super::{LEVEL_BITS, Tile, TileKind};

/// Why the bytes of a tile could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TileWriteError<E> {
    /// The log could not be read.
    #[error("the log could not be read")]
    Read(#[source] E),
    /// An entry is longer than a length of 16 bits can say.
    #[error("the entry at position {position} has {bytes} bytes, more than a tile can hold")]
    TooLong {
        /// Its position.
        position: u64,
        /// How long it is.
        bytes: usize,
    },
}

/// Why bytes are not those of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TileContentError {
    /// Hashes were asked of a tile of entries, or entries of a tile of hashes.
    #[error("the tile holds something else")]
    Kind,
    /// There are bytes too many or too few.
    #[error("the tile has {width} hashes or entries, and its bytes end elsewhere")]
    Length {
        /// How many hashes or entries it has.
        width: u16,
    },
}

impl Tile {
    /// The bytes of the tile, from the log.
    ///
    /// `subtree(level, index)` must give the root of the complete subtree of `2^level` leaves at that index,
    /// and `entry(position)` the bytes of an entry; only what is inside the tile is asked for.
    ///
    /// # Errors
    /// [`TileWriteError`] when the log cannot be read, or has an entry that is too long.
    pub fn to_bytes<E>(
        &self,
        subtree: &mut dyn FnMut(u8, u64) -> Result<Hash, E>,
        entry: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, TileWriteError<E>> {
        let mut bytes = Vec::new();
        for position in self.positions() {
            match self.kind {
                TileKind::Hashes { level } => {
                    let hash = subtree(LEVEL_BITS * level, position).map_err(TileWriteError::Read)?;
                    bytes.extend_from_slice(&hash.0);
                }
                TileKind::Entries => {
                    let entry = entry(position).map_err(TileWriteError::Read)?;
                    let length = u16::try_from(entry.len());
                    let length = length.map_err(|_| TileWriteError::TooLong { position, bytes: entry.len() })?;
                    bytes.extend_from_slice(&length.to_be_bytes());
                    bytes.extend_from_slice(&entry);
                }
            }
        }
        Ok(bytes)
    }

    /// The hashes that the bytes of this tile hold. Whether they are those of the log is for its root to say.
    ///
    /// # Errors
    /// [`TileContentError`] when the bytes are not those of such a tile.
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileContentError> {
        if self.kind == TileKind::Entries {
            return Err(TileContentError::Kind);
        }
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() != usize::from(self.width) {
            return Err(TileContentError::Length { width: self.width });
        }
        Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
    }

    /// The entries that the bytes of this tile hold. Whether they are those of the log is for its root to say.
    ///
    /// # Errors
    /// [`TileContentError`] when the bytes are not those of such a tile.
    pub fn entries<'bytes>(&self, bytes: &'bytes [u8]) -> Result<Vec<&'bytes [u8]>, TileContentError> {
        if self.kind != TileKind::Entries {
            return Err(TileContentError::Kind);
        }
        let wrong = TileContentError::Length { width: self.width };
        let mut entries = Vec::with_capacity(usize::from(self.width));
        let mut rest = bytes;
        for _ in 0..self.width {
            let (length, below) = rest.split_first_chunk::<2>().ok_or(wrong)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, below) = below.split_at_checked(length).ok_or(wrong)?;
            entries.push(entry);
            rest = below;
        }
        if rest.is_empty() { Ok(entries) } else { Err(wrong) }
    }
}
