//! Damage to bytes, drawn from a seed: flips, cuts, zeroes, insertions.

use std::fmt;

use crate::random::Random;

/// One way to damage a run of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// One bit is turned.
    Flip {
        /// In which byte.
        at: usize,
        /// Which bit, from 0.
        bit: u8,
    },
    /// Everything from here on is gone.
    Truncate {
        /// The length that is left.
        to: usize,
    },
    /// A run of bytes is zero.
    Zero {
        /// The first of them.
        from: usize,
        /// How many.
        length: usize,
    },
    /// Bytes are added at the end.
    Append {
        /// How many.
        length: usize,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flip { at, bit } => write!(f, "bit {bit} of byte {at} turned"),
            Self::Truncate { to } => write!(f, "cut to {to} bytes"),
            Self::Zero { from, length } => write!(f, "{length} bytes from {from} on zeroed"),
            Self::Append { length } => write!(f, "{length} bytes added"),
        }
    }
}

impl Damage {
    /// Draws one for a run of this length.
    #[must_use]
    pub fn draw(random: &mut Random, length: usize) -> Self {
        let at = random.index(length);
        match random.below(8) {
            0 => Self::Truncate { to: at },
            1 => Self::Zero { from: at, length: 1 + random.index(512) },
            2 => Self::Append { length: 1 + random.index(64) },
            _ => Self::Flip { at, bit: u8::try_from(random.below(8)).unwrap_or(0) },
        }
    }

    /// Does it.
    pub fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Flip { at, bit } => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Self::Truncate { to } => bytes.truncate(to),
            Self::Zero { from, length } => bytes.iter_mut().skip(from).take(length).for_each(|byte| *byte = 0),
            Self::Append { length } => bytes.extend(std::iter::repeat_n(0x5a, length)),
        }
    }
}
