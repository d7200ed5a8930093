//! Hashes of the log, by which others check it: where an entry stands, its proof, and tiles. No byte of an entry is
//! among them; entries leave by `ofrecord export`, which records that they did.

use ofrecord_core::Timestamp;
use ofrecord_log::Hash;
use ofrecord_proof::tiles::{Tile, TileKind, TileWriteError};
use serde::Serialize;

use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::{BYTES, Reply};
use crate::shared::Shared;

/// Where an entry stands, and the proof of it.
#[derive(Debug, Serialize)]
struct Standing {
    origin: String,
    position: u64,
    leaf_hash: Hash,
    recorded_at: Timestamp,
    tree_size: u64,
    root: Hash,
    /// The hashes beside the way from the leaf to the root, the lowest first (RFC 9162, section 2.1.3).
    inclusion: Vec<Hash>,
}

/// Where an entry stands in the tree of a size; without one, in the present tree.
pub(crate) fn entry(shared: &Shared, asked: &Asked) -> Result<Reply, Problem> {
    let log = shared.reader.log();
    let position: u64 = asked.needed("position")?;
    let tree_size = asked.read("tree_size")?.unwrap_or_else(|| log.tree_size());
    if tree_size > log.tree_size() {
        return Err(Problem::malformed("tree_size", &format_args!("the log has {} entries", log.tree_size())));
    }
    if position >= tree_size {
        return Err(Problem::not_found("the tree of that size has no such entry"));
    }
    Reply::json(&Standing {
        origin: log.origin().to_owned(),
        position,
        leaf_hash: log.leaf_hash(position)?,
        recorded_at: shared.reader.entry(position)?.recorded_at,
        tree_size,
        root: log.root_at(tree_size)?,
        inclusion: log.inclusion_proof(position, tree_size)?,
    })
}

/// A tile of hashes, as `ofrecord export --tiles` writes it (C2SP tlog-tiles).
pub(crate) fn tile(shared: &Shared, asked: &Asked) -> Result<Reply, Problem> {
    let none = || Problem::not_found("the log has no such tile of hashes");
    let (level, index) = (asked.text("level").unwrap_or_default(), asked.text("index").unwrap_or_default());
    let tile: Tile = format!("tile/{level}/{index}").parse().map_err(|_| none())?;
    if tile.kind() == TileKind::Entries {
        return Err(Problem::not_found("tiles of entries are not served; `ofrecord export --tiles` writes them"));
    }
    let log = shared.reader.log();
    let bytes = tile.to_bytes(&mut |level, index| log.subtree_root(level, index), &mut |position| log.read(position));
    match bytes {
        Ok(bytes) => Ok(Reply::bytes(BYTES, bytes)),
        Err(TileWriteError::Read(error)) => Err(error.into()),
        Err(TileWriteError::TooLong { .. }) => Err(none()),
    }
}
