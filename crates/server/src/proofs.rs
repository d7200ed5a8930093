//! The log as others read and check it: checkpoints, where an entry stands and its proof, tiles of hashes, and tiles of
//! entries, which only those get who may see all content.

use ofrecord_core::Timestamp;
use ofrecord_ledger::KnownAt;
use ofrecord_log::Hash;
use ofrecord_proof::tiles::{TILE_WIDTH, Tile, TileKind, TileWriteError};
use serde::Serialize;
use tokio::time::Instant;

use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::{BYTES, Reply, TEXT};
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

/// A checkpoint, as `ofrecord checkpoint` prints it (C2SP tlog-checkpoint).
pub(crate) fn checkpoint(shared: &Shared, _: &Asked) -> Result<Reply, Problem> {
    let note = shared.notary.checkpoint(shared.reader.log().tree_size(), Instant::now())?;
    Ok(Reply::bytes(TEXT, note.into_bytes()))
}

/// A tile of hashes, as `ofrecord export --tiles` writes it (C2SP tlog-tiles).
pub(crate) fn tile(shared: &Shared, asked: &Asked) -> Result<Reply, Problem> {
    let tile = tile_at(asked, asked.text("level").unwrap_or_default())?;
    if tile.kind() == TileKind::Entries {
        return Err(no_tile());
    }
    let reply = Reply::bytes(BYTES, bytes_of(shared, tile)?);
    Ok(if tile.width() == TILE_WIDTH { reply.kept() } else { reply })
}

/// A tile of entries, as the same export writes it. One with an entry that was redacted is withheld there and here:
/// nobody could check what is left in its place. No copy of it may be kept, for the sake of those redacted later.
pub(crate) fn entries(shared: &Shared, asked: &Asked) -> Result<Reply, Problem> {
    let tile = tile_at(asked, "entries")?;
    let custody = shared.reader.custody(&shared.reader.snapshot(KnownAt::Now)?)?;
    let first = tile.index() * u64::from(TILE_WIDTH);
    let mut gone = custody.latest().redacted.keys();
    if gone.any(|position| (first..first + u64::from(tile.width())).contains(position)) {
        return Err(Problem::not_found("an entry of this tile was redacted, so that the tile is withheld"));
    }
    Ok(Reply::bytes(BYTES, bytes_of(shared, tile)?).not_kept())
}

fn tile_at(asked: &Asked, level: &str) -> Result<Tile, Problem> {
    let index = asked.text("index").unwrap_or_default();
    format!("tile/{level}/{index}").parse().map_err(|_| no_tile())
}

fn bytes_of(shared: &Shared, tile: Tile) -> Result<Vec<u8>, Problem> {
    let log = shared.reader.log();
    let bytes = tile.to_bytes(&mut |level, index| log.subtree_root(level, index), &mut |position| log.read(position));
    bytes.map_err(|error| match error {
        TileWriteError::Read(error) => error.into(),
        TileWriteError::TooLong { .. } => no_tile(),
    })
}

fn no_tile() -> Problem {
    Problem::not_found("the log has no such tile")
}
