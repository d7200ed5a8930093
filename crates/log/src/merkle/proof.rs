//! Inclusion and consistency proofs (RFC 6962 2.1.1 and 2.1.2, verified as in RFC 9162).
//!
//! A prover asks for complete subtrees only, through a closure, so that it works over any store.

use std::ops::Range;

use thiserror::Error;

use super::node_hash;
use crate::hash::Hash;

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The index is not inside the tree, or the old size is zero or above the new one.
    #[error("nothing to prove for {index} in a tree of size {size}")]
    Outside {
        /// The leaf index or the old size.
        index: u64,
        /// The tree size.
        size: u64,
    },
    /// The proof has a hash too many or too few.
    #[error("a proof for {index} in a tree of size {size} has another length than {found}")]
    Length {
        /// The leaf index or the old size.
        index: u64,
        /// The tree size.
        size: u64,
        /// How many hashes were given.
        found: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof leads to root {computed}, the tree has {expected}")]
    Root {
        /// The root that the proof leads to.
        computed: Hash,
        /// The root that was to be proved.
        expected: Hash,
    },
}

/// The root of the tree of the first `size` leaves.
///
/// `subtree(level, index)` must give the root of that complete subtree; only subtrees inside
/// `0..size` are asked for.
///
/// # Errors
/// Whatever `subtree` returns.
pub fn root_from_subtrees<E>(size: u64, subtree: &mut dyn FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 {
        return Ok(super::empty_root());
    }
    range_root(0..size, subtree)
}

/// The sibling hashes that lead from leaf `index` to the root at `size`, nearest first.
///
/// # Errors
/// Whatever `subtree` returns. An index outside the tree gives an empty proof, which no verifier
/// accepts.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    subtree: &mut dyn FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut path = Vec::new();
    if index >= size {
        return Ok(path);
    }
    let mut range = 0..size;
    while range.end - range.start > 1 {
        let middle = range.start + split(range.end - range.start);
        if index < middle {
            path.push(range_root(middle..range.end, subtree)?);
            range.end = middle;
        } else {
            path.push(range_root(range.start..middle, subtree)?);
            range.start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the tree of `old` leaves is a prefix of the tree of `size` leaves.
///
/// # Errors
/// Whatever `subtree` returns. An impossible pair of sizes gives an empty proof.
pub fn consistency_proof<E>(
    old: u64,
    size: u64,
    subtree: &mut dyn FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut path = Vec::new();
    if old == 0 || old >= size {
        return Ok(path);
    }
    let mut range = 0..size;
    while range.end != old {
        let middle = range.start + split(range.end - range.start);
        if old <= middle {
            path.push(range_root(middle..range.end, subtree)?);
            range.end = middle;
        } else {
            path.push(range_root(range.start..middle, subtree)?);
            range.start = middle;
        }
    }
    if range.start != 0 {
        path.push(range_root(range, subtree)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that `leaf` is at `index` in the tree of `size` leaves with that `root`.
///
/// # Errors
/// [`ProofError`] when it is not shown.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside { index, size });
    }
    let wrong_length = ProofError::Length { index, size, found: path.len() };
    let (mut node, mut last) = (index, size - 1);
    let mut computed = *leaf;
    for sibling in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            computed = node_hash(sibling, &computed);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            computed = node_hash(&computed, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    same_root(computed, *root)
}

/// Checks that the tree `(old, old_root)` is a prefix of the tree `(size, root)`.
///
/// # Errors
/// [`ProofError`] when it is not shown.
pub fn verify_consistency(old: u64, old_root: &Hash, size: u64, root: &Hash, path: &[Hash]) -> Result<(), ProofError> {
    if old == 0 || old > size {
        return Err(ProofError::Outside { index: old, size });
    }
    let wrong_length = ProofError::Length { index: old, size, found: path.len() };
    if old == size {
        if !path.is_empty() {
            return Err(wrong_length);
        }
        return same_root(*old_root, *root);
    }
    let mut hashes = path.iter();
    let seed = if old.is_power_of_two() { old_root } else { hashes.next().ok_or(wrong_length)? };
    let (mut node, mut last) = (old - 1, size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*seed, *seed);
    for sibling in hashes {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(sibling, &from_old);
            from_new = node_hash(sibling, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    same_root(from_old, *old_root)?;
    same_root(from_new, *root)
}

fn same_root(computed: Hash, expected: Hash) -> Result<(), ProofError> {
    if computed == expected { Ok(()) } else { Err(ProofError::Root { computed, expected }) }
}

/// The largest power of two below `width`, which must be at least 2.
fn split(width: u64) -> u64 {
    1 << (63 - (width - 1).leading_zeros())
}

/// The hash of a range whose start is where RFC 6962 would split, so that it is a row of complete
/// subtrees of falling size.
fn range_root<E>(range: Range<u64>, subtree: &mut dyn FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut parts = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let level = 63 - (range.end - start).leading_zeros();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a level is at most 63, since it counts the bits of a u64"
        )]
        parts.push(subtree(level as u8, start >> level)?);
        start += 1 << level;
    }
    let mut parts = parts.into_iter().rev();
    let Some(smallest) = parts.next() else {
        return Ok(super::empty_root());
    };
    Ok(parts.fold(smallest, |right, left| node_hash(&left, &right)))
}
