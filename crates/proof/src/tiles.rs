//! A whole log as files: hashes and entries in tiles of 256, each with its path (C2SP tlog-tiles).
//!
//! A tile is full, and then never changes, or it is the last of its level and has the width that the size
//! of the log gives it. A tile of level 0 holds the hashes of leaves, one of level `L` the roots of complete
//! subtrees of `256^L` leaves. The log's checkpoint stands beside them as a file of its own.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::spelling::{self, NUMBER_MAX};

mod content;
#[cfg(test)]
mod tests;

pub use content::{TileContentError, TileWriteError};

/// How many hashes or entries a full tile has.
pub const TILE_WIDTH: u16 = 256;

/// The highest level of which a log of less than 2^63 entries has a tile.
pub const TILE_LEVEL_MAX: u8 = 7;

/// How many bits of a position one level stands for.
const LEVEL_BITS: u8 = 8;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// The entries themselves, each after its length.
    Entries,
    /// The roots of complete subtrees of `256^level` leaves; level 0 are the hashes of leaves.
    Hashes {
        /// The level, at most [`TILE_LEVEL_MAX`].
        level: u8,
    },
}

/// Why there is no such tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TileError {
    /// The path is not one of a tile.
    #[error("not the path of a tile")]
    Path,
    /// No log of less than 2^63 entries has the tile.
    #[error("no log of less than 2^63 entries has this tile")]
    Outside,
}

/// Which tile: what it holds, the how manieth it is, and how much of it there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// The tile at `index`, with so many hashes or entries, from 1 to [`TILE_WIDTH`].
    ///
    /// # Errors
    /// [`TileError::Outside`] when no log can have it.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, TileError> {
        let level = kind.level();
        if level > TILE_LEVEL_MAX || width == 0 || width > TILE_WIDTH {
            return Err(TileError::Outside);
        }
        let end = index.checked_mul(u64::from(TILE_WIDTH)).and_then(|start| start.checked_add(u64::from(width)));
        let fits = end.is_some_and(|end| end <= NUMBER_MAX >> (LEVEL_BITS * level));
        if fits { Ok(Self { kind, index, width }) } else { Err(TileError::Outside) }
    }

    /// What it holds.
    #[must_use]
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// The how manieth of its kind it is, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it has: [`TILE_WIDTH`] when it is full.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Positions of what it holds, counted in what it holds.
    fn positions(&self) -> std::ops::Range<u64> {
        let start = self.index * u64::from(TILE_WIDTH);
        start..start + u64::from(self.width)
    }
}

impl TileKind {
    /// The level whose count says how many there are: that of the leaves for entries.
    fn level(self) -> u8 {
        match self {
            Self::Entries => 0,
            Self::Hashes { level } => level,
        }
    }

    /// How many a log of that size has.
    fn count(self, size: u64) -> u64 {
        size >> (LEVEL_BITS * self.level())
    }

    /// All kinds, entries first, then hashes by level.
    fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Entries).chain((0..=TILE_LEVEL_MAX).map(|level| Self::Hashes { level }))
    }
}

/// Every tile of a log of `size` entries: its entries, then its hashes by level.
pub fn tiles_of(size: u64) -> impl Iterator<Item = Tile> {
    tiles_since(0, size)
}

/// The tiles of a log of `size` entries that it did not have when it had `old` of them: none when it has
/// not grown. What they replace are the partial tiles of the old size.
pub fn tiles_since(old: u64, size: u64) -> impl Iterator<Item = Tile> {
    let width = u64::from(TILE_WIDTH);
    TileKind::all().flat_map(move |kind| {
        let (before, now) = (kind.count(old), kind.count(size.min(NUMBER_MAX)));
        let full = (before / width..now / width).map(move |index| Tile { kind, index, width: TILE_WIDTH });
        let rest = u16::try_from(now % width).ok().filter(|rest| *rest > 0 && now > before);
        full.chain(rest.map(|rest| Tile { kind, index: now / width, width: rest }))
    })
}

impl fmt::Display for Tile {
    /// The path below the prefix of the log, such as `tile/0/x001/234.p/5`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => write!(formatter, "tile/entries/")?,
            TileKind::Hashes { level } => write!(formatter, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut above = self.index / 1000;
        while above > 0 {
            groups.push(above % 1000);
            above /= 1000;
        }
        while let Some(group) = groups.pop() {
            match groups.as_slice() {
                [] => write!(formatter, "{group:03}")?,
                [..] => write!(formatter, "x{group:03}/")?,
            }
        }
        if self.width < TILE_WIDTH { write!(formatter, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        let (kind, rest) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(TileError::Path)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => {
                let level = spelling::number(level).and_then(|level| u8::try_from(level).ok());
                TileKind::Hashes { level: level.ok_or(TileError::Path)? }
            }
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, TILE_WIDTH),
            Some((index, width)) => {
                let width = spelling::number(width).and_then(|width| u16::try_from(width).ok());
                (index, width.filter(|width| *width < TILE_WIDTH).ok_or(TileError::Path)?)
            }
        };
        let tile = Self::new(kind, index_of(index).ok_or(TileError::Path)?, width)?;
        // Groups of zeros before the first that is needed would be a second spelling.
        if tile.to_string() == path { Ok(tile) } else { Err(TileError::Path) }
    }
}

/// The number that groups of three digits spell.
fn index_of(groups: &str) -> Option<u64> {
    groups.split('/').try_fold(0_u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let group: u64 = digits.parse().ok().filter(|_| three)?;
        index.checked_mul(1000)?.checked_add(group)
    })
}
