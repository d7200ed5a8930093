//! The manifest: what a data set rests on, and every file in it.

use ofrecord_core::{PolicyRef, Timestamp};
use ofrecord_ledger::Basis;
use ofrecord_views::FOLD_VERSION;
use serde::Serialize;

use crate::inquiry::Inquiry;

/// The format of the data set: its folders, its manifest, and what its columns mean.
const FORMAT: u64 = 1;

/// What a data set rests on, and what it holds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Manifest {
    /// The format of the data set.
    format: u64,
    /// The program and its version.
    created_by: &'static str,
    /// The log, how many of its entries count, and the tree's root over them.
    basis: Basis,
    /// The instant in the world of the tables at one viewpoint.
    as_of: Timestamp,
    /// When the newest entry that counts was recorded; the instant asked about where one was given.
    known_at: Timestamp,
    /// The version of the fold.
    fold_version: &'static str,
    /// The policy that time-driven results follow.
    policy: PolicyRef,
    /// The tables.
    pub(super) tables: Vec<TableWritten>,
}

/// A table of the data set.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TableWritten {
    /// Its name.
    pub(super) name: &'static str,
    /// Its rows.
    pub(super) rows: u64,
    /// Its files, in the order of their rows.
    pub(super) files: Vec<FileWritten>,
}

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FileWritten {
    /// Its path below the folder of the data set.
    pub(super) path: String,
    /// Its rows.
    pub(super) rows: u64,
    /// Its bytes.
    pub(super) bytes: u64,
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
}

impl Manifest {
    /// What a data set of an inquiry rests on; it has no tables yet.
    pub(super) fn of(inquiry: &Inquiry) -> Self {
        Self {
            format: FORMAT,
            created_by: concat!("ofrecord ", env!("CARGO_PKG_VERSION")),
            basis: inquiry.snapshot.basis.clone(),
            as_of: inquiry.as_of,
            known_at: inquiry.snapshot.known_at,
            fold_version: FOLD_VERSION,
            policy: inquiry.reader.policy().reference,
            tables: Vec::new(),
        }
    }

    /// What every file says of itself, should it lose its manifest.
    pub(super) fn words(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ofrecord.origin", self.basis.origin.clone()),
            ("ofrecord.tree_size", self.basis.tree_size.to_string()),
            ("ofrecord.root", self.basis.root.to_string()),
            ("ofrecord.as_of", self.as_of.to_string()),
        ]
    }

    /// Its bytes: JSON with one field a line.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Its keys are texts and its numbers whole, so that it can always be written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
