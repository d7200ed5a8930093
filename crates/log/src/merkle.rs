//! The Merkle tree over entry bytes: RFC 6962 hashing, the growing edge of the tree, and proofs.
//!
//! A complete subtree is named by its level and index: level 0 is a leaf, and the subtree
//! `(level, index)` covers the leaves `index << level .. (index + 1) << level`.

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::hash::Hash;

mod proof;
#[cfg(test)]
mod tests;

pub use proof::{
    ProofError, consistency_proof, inclusion_proof, root_from_subtrees, verify_consistency, verify_inclusion,
};

/// The hash of a leaf: `SHA-256(0x00 || entry bytes)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0_u8]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [1_u8; 65];
    let (_, hashes) = block.split_at_mut(1);
    let (low, high) = hashes.split_at_mut(32);
    low.copy_from_slice(&left.0);
    high.copy_from_slice(&right.0);
    Hash::of(&block)
}

/// The root of a tree without leaves: the SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// The root of a complete subtree, from the hashes of its parts, which are all of one level.
///
/// `None` unless their number is a power of two.
#[must_use]
pub fn complete_root(parts: &[Hash]) -> Option<Hash> {
    if !parts.len().is_power_of_two() {
        return None;
    }
    let mut row = parts.to_vec();
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                _ => None,
            })
            .collect();
    }
    row.first().copied()
}

/// The right edge of a growing tree: one hash for each set bit of its size, largest subtree first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    edge: Vec<Hash>,
}

/// Why bytes or a subtree do not fit a [`Frontier`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrontierError {
    /// The stored form has another length than its size calls for.
    #[error("a frontier of size {size} has {expected} bytes, found {found}")]
    Length {
        /// The size that the bytes state, 0 when even that is cut off.
        size: u64,
        /// How many bytes that size calls for.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A complete subtree was pushed where it does not begin.
    #[error("a subtree of level {level} does not begin at leaf {size}")]
    Alignment {
        /// Level of the subtree.
        level: u8,
        /// Size of the tree at that moment.
        size: u64,
    },
}

impl Frontier {
    /// The frontier of a tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves have been pushed.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.merge(0, leaf);
    }

    /// Adds a complete subtree of `2^level` leaves at once.
    ///
    /// # Errors
    /// [`FrontierError::Alignment`] unless the present size is a multiple of `2^level`.
    pub fn push_subtree(&mut self, level: u8, root: Hash) -> Result<(), FrontierError> {
        let aligned = level < 63 && self.size.trailing_zeros() >= u32::from(level);
        if !aligned {
            return Err(FrontierError::Alignment { level, size: self.size });
        }
        self.merge(level, root);
        Ok(())
    }

    fn merge(&mut self, level: u8, mut hash: Hash) {
        let mut above = self.size >> level;
        while above & 1 == 1
            && let Some(left) = self.edge.pop()
        {
            hash = node_hash(&left, &hash);
            above >>= 1;
        }
        self.edge.push(hash);
        self.size += 1 << level;
    }

    /// The root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut hashes = self.edge.iter().rev();
        let Some(smallest) = hashes.next() else {
            return empty_root();
        };
        hashes.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// The stored form: the size as eight big-endian bytes, then the hashes, largest subtree first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for hash in &self.edge {
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// [`FrontierError::Length`] when the bytes have not the length that their size calls for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let Some((size, hashes)) = bytes.split_first_chunk::<8>() else {
            return Err(FrontierError::Length { size: 0, expected: 8, found: bytes.len() });
        };
        let size = u64::from_be_bytes(*size);
        let (edge, rest) = hashes.as_chunks::<32>();
        if !rest.is_empty() || edge.len() != size.count_ones() as usize {
            return Err(FrontierError::Length {
                size,
                expected: 8 + 32 * size.count_ones() as usize,
                found: bytes.len(),
            });
        }
        Ok(Self { size, edge: edge.iter().map(|hash| Hash(*hash)).collect() })
    }
}
