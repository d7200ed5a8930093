//! Reading up to when knowledge counts, as the command line and the API take it: an instant, a position, or a tree size.

use ofrecord_core::{Timestamp, time::TimestampError};
use thiserror::Error;

use crate::reader::KnownAt;

/// Up to when knowledge counts, as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownArgument {
    /// What was recorded up to this instant.
    Instant(Timestamp),
    /// What was recorded up to this entry, the entry included.
    Position(u64),
    /// What stands in a tree of this size.
    TreeSize(u64),
}

/// Why a text is not a point of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KnownAtError {
    /// `@` without a number.
    #[error("`{text}` is not a tree size like @120")]
    TreeSize {
        /// The text as given.
        text: String,
    },
    /// Neither a position nor an instant.
    #[error("{0}, a position like 119, or a tree size like @120")]
    Instant(#[from] TimestampError),
}

/// Reads an instant, a position, or a tree size after `@`.
///
/// # Errors
/// [`KnownAtError`] with what would do.
pub fn known_at(text: &str) -> Result<KnownArgument, KnownAtError> {
    let text = text.trim();
    if let Some(size) = text.strip_prefix('@') {
        let size = size.parse().map_err(|_| KnownAtError::TreeSize { text: text.to_owned() })?;
        return Ok(KnownArgument::TreeSize(size));
    }
    match text.parse() {
        Ok(position) => Ok(KnownArgument::Position(position)),
        Err(_) => Ok(KnownArgument::Instant(text.parse()?)),
    }
}

impl KnownArgument {
    /// As the reader takes it.
    #[must_use]
    pub fn known_at(self) -> KnownAt {
        match self {
            Self::Instant(instant) => KnownAt::Instant(instant),
            Self::Position(position) => KnownAt::TreeSize(position.saturating_add(1)),
            Self::TreeSize(size) => KnownAt::TreeSize(size),
        }
    }
}

#[cfg(test)]
mod tests;
