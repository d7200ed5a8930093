//! The sled database that holds the blocks, used only in the ways that were measured to be durable.
//!
//! `flush()` of sled 0.34 does not reach the device, so the file is synced through a second handle
//! afterwards; large values would go to files that are never synced, so segments are large and
//! values small; the background flusher is off, so nothing but the writer touches the log. Every
//! call is contained: a panic of the engine is an error here.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::block::{Block, Encoded};
use crate::contain::{contain, contain_result};
use crate::engine;
use crate::fault::{FaultHook, WritePoint};

const IDENTITY_KEY: &[u8] = b"identity";

/// How often the cache of the engine is told that a page was used.
///
/// It looks at what it was told only once 64 uses have come together in one of its 256 parts: with one for each page, a
/// walk over the log has 16,384 pages in memory that its limit does not see, half a gibibyte and more.
const TOLD_OF_A_PAGE: usize = 8;

/// The open store.
#[derive(Debug)]
pub(crate) struct BlockStore {
    db: sled::Db,
    blocks: sled::Tree,
    meta: sled::Tree,
    /// A second handle of the file of the database: what makes a flush durable.
    file: File,
    path: PathBuf,
}

/// What is wrong with one block, and at which position it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreProblem {
    pub(crate) position: u64,
    pub(crate) cause: String,
}

impl BlockStore {
    /// Whether there is a store at `path`. Opening a path without one would create it.
    pub(crate) fn exists(path: &Path) -> bool {
        path.join("db").is_file()
    }

    pub(crate) fn open(path: &Path, cache_bytes: u64) -> Result<Self, String> {
        let db = engine::open(path, cache_bytes)?;
        let blocks = contain_result(|| db.open_tree("log"))?;
        let meta = contain_result(|| db.open_tree("meta"))?;
        let file = File::open(path.join("db")).map_err(|error| error.to_string())?;
        let store = Self { db, blocks, meta, file, path: path.to_owned() };
        store.refuse_blobs()?;
        Ok(store)
    }

    /// Values in `blobs/` are never synced: with any there, no acknowledgement would be true.
    pub(crate) fn refuse_blobs(&self) -> Result<(), String> {
        let Ok(mut blobs) = std::fs::read_dir(self.path.join("blobs")) else {
            return Ok(());
        };
        match blobs.next() {
            Some(_) => Err("the folder blobs is not empty".to_owned()),
            None => Ok(()),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Stores the blocks of one commit. Durable on `Ok`; on `Err` the outcome is unknown.
    pub(crate) fn write(&self, commit: Vec<Encoded>, fault: &FaultHook) -> Result<(), String> {
        self.insert(commit, fault)?;
        self.flush(fault)
    }

    /// Stores the blocks of one commit, which are durable once [`BlockStore::flush`] has returned `Ok`.
    pub(crate) fn insert(&self, commit: Vec<Encoded>, fault: &FaultHook) -> Result<(), String> {
        for block in commit {
            fault.around(WritePoint::StoreInsert, || {
                contain_result(|| self.blocks.insert(block.key.to_be_bytes(), block.frame))
            })?;
        }
        Ok(())
    }

    pub(crate) fn flush(&self, fault: &FaultHook) -> Result<(), String> {
        fault.around(WritePoint::StoreFlush, || contain_result(|| self.db.flush()))?;
        fault.around(WritePoint::StoreSync, || self.file.sync_data())
    }

    /// Takes out the blocks of a commit that was never finished, and so never acknowledged.
    pub(crate) fn remove_unfinished(&self, keys: &[u64]) -> Result<(), String> {
        for key in keys {
            contain_result(|| self.blocks.remove(key.to_be_bytes()))?;
        }
        self.flush(&FaultHook::default())
    }

    /// The block that covers `position`, if the block at or before it does.
    pub(crate) fn block_covering(&self, position: u64) -> Result<Option<Block>, StoreProblem> {
        let found = self.found(position, || self.blocks.range(..=position.to_be_bytes()).next_back())?;
        Ok(found.filter(|block| position < block.end()))
    }

    /// The first block whose key is `position` or above.
    pub(crate) fn block_from(&self, position: u64) -> Result<Option<Block>, StoreProblem> {
        self.found(position, || self.blocks.range(position.to_be_bytes()..).next())
    }

    /// The block that `look` finds, whose page the cache of the engine is told of.
    fn found(
        &self,
        position: u64,
        look: impl FnOnce() -> Option<sled::Result<(sled::IVec, sled::IVec)>>,
    ) -> Result<Option<Block>, StoreProblem> {
        let looked = contain_result(|| -> sled::Result<_> {
            let found = look().transpose()?;
            if let Some((key, _)) = &found {
                for _ in 1..TOLD_OF_A_PAGE {
                    self.blocks.contains_key(key)?;
                }
            }
            Ok(found)
        });
        let found = looked.map_err(|cause| StoreProblem { position, cause })?;
        found.map(|(key, frame)| decode(position, &key, &frame)).transpose()
    }

    pub(crate) fn block_count(&self) -> Result<usize, String> {
        contain(|| self.blocks.len())
    }

    pub(crate) fn identity(&self) -> Result<Option<Vec<u8>>, String> {
        let found = contain_result(|| self.meta.get(IDENTITY_KEY))?;
        Ok(found.map(|identity| identity.to_vec()))
    }

    /// Keeps a copy of the identity. Durable on `Ok`.
    pub(crate) fn set_identity(&self, identity: &[u8], fault: &FaultHook) -> Result<(), String> {
        fault.around(WritePoint::IdentityCopy, || contain_result(|| self.meta.insert(IDENTITY_KEY, identity)))?;
        self.flush(fault)
    }
}

fn decode(position: u64, key: &[u8], frame: &[u8]) -> Result<Block, StoreProblem> {
    let key = <[u8; 8]>::try_from(key)
        .map(u64::from_be_bytes)
        .map_err(|_| StoreProblem { position, cause: format!("a key of {} bytes in the log", key.len()) })?;
    Block::decode(key, frame).map_err(|error| StoreProblem { position: key, cause: error.to_string() })
}

/// Reads positions in ascending order, and keeps the block that it stands in.
#[derive(Debug)]
pub(crate) struct StoreCursor<'a> {
    store: &'a BlockStore,
    block: Option<Block>,
}

impl<'a> StoreCursor<'a> {
    pub(crate) fn new(store: &'a BlockStore) -> Self {
        Self { store, block: None }
    }

    /// The block that covers `position`; `None` where the store has none.
    pub(crate) fn seek(&mut self, position: u64) -> Result<Option<&Block>, StoreProblem> {
        let stands = self.block.as_ref().is_some_and(|block| block.first <= position && position < block.end());
        if !stands {
            self.block = self.store.block_covering(position)?;
        }
        Ok(self.block.as_ref())
    }
}
