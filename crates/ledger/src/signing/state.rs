//! What was signed last: origin, size and root, with the edge of the tree at that size.

use std::fs;
use std::path::Path;

use ofrecord_core::Timestamp;
use ofrecord_log::merkle::Frontier;
use ofrecord_log::{Head, LogReader, write_whole};
use serde::{Deserialize, Serialize};

use super::{SignError, hash_entries};

/// The signer's memory. It only ever grows, but for a new epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignerState {
    pub(super) origin: String,
    edge: Frontier,
    pub(super) signed_at: Timestamp,
}

/// As it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// The edge of the tree, from which the next signature goes on: hexadecimal.
    edge: String,
    origin: String,
    /// The root, once more, so that damage shows.
    root: String,
    signed_at: Timestamp,
    tree_size: u64,
}

impl SignerState {
    /// Nothing was signed under this origin.
    pub(super) fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), edge: Frontier::new(), signed_at: Timestamp::MIN }
    }

    pub(super) fn head(&self) -> Head {
        Head { size: self.edge.size(), root: self.edge.root() }
    }

    /// The state once the entries up to `size` are signed, which are read and hashed.
    pub(super) fn extended(&self, log: &dyn LogReader, size: u64, now: Timestamp) -> Result<Self, SignError> {
        let mut edge = self.edge.clone();
        hash_entries(log, size, &mut edge)?;
        Ok(Self { origin: self.origin.clone(), edge, signed_at: now })
    }

    pub(super) fn read(path: &Path) -> Result<Self, SignError> {
        let bytes = fs::read(path).map_err(|error| SignError::file(path, &error))?;
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|error| SignError::file(path, &error))?;
        let edge = hex::decode(&stored.edge).map_err(|error| SignError::file(path, &error))?;
        let edge = Frontier::from_bytes(&edge).map_err(|error| SignError::file(path, &error))?;
        if edge.size() != stored.tree_size || edge.root().to_string() != stored.root {
            return Err(SignError::file(path, &"its size and root do not fit its edge"));
        }
        Ok(Self { origin: stored.origin, edge, signed_at: stored.signed_at })
    }

    /// Whole or as it was before, and on the device when this returns.
    pub(super) fn write(&self, path: &Path) -> Result<(), SignError> {
        let stored = Stored {
            edge: hex::encode(self.edge.to_bytes()),
            origin: self.origin.clone(),
            root: self.edge.root().to_string(),
            signed_at: self.signed_at,
            tree_size: self.edge.size(),
        };
        let mut bytes = serde_json::to_vec_pretty(&stored).map_err(|error| SignError::file(path, &error))?;
        bytes.push(b'\n');
        write_whole(path, &bytes).map_err(|error| SignError::file(path, &error))
    }
}
