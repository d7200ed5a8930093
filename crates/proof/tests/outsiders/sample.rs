//! A log to prove things about: its entries are made from a seed, and its keys are not secret.

use std::convert::Infallible;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{complete_root, consistency_proof, inclusion_proof, leaf_hash, root_from_subtrees};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::cosignature::CosigningKey;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{SignedNote, SigningKey, VerifierKey};
use ofrecord_proof::receipt::ReceiptKey;
use ofrecord_proof::tiles::Tile;
use ofrecord_testkit::Random;

pub(crate) const ORIGIN: &str = "log.example/sample";
/// When the cosigner saw what it signed.
pub(crate) const SEEN_AT: u64 = 1_767_594_924;

/// A log in memory.
pub(crate) struct Sample {
    pub(crate) entries: Vec<Vec<u8>>,
    leaves: Vec<Hash>,
}

impl Sample {
    /// A log of `size` entries.
    pub(crate) fn new(seed: u64, size: u64) -> Self {
        let mut random = Random::new(seed);
        let entry = |position: u64| format!("{{\"n\":{},\"position\":{position}}}", random.below(1 << 50)).into_bytes();
        Self::of((0..size).map(entry).collect())
    }

    /// A log of these entries.
    pub(crate) fn of(entries: Vec<Vec<u8>>) -> Self {
        let leaves = entries.iter().map(|entry| leaf_hash(entry)).collect();
        Self { entries, leaves }
    }

    pub(crate) fn size(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap()
    }

    pub(crate) fn entry(&self, position: u64) -> &[u8] {
        &self.entries[usize::try_from(position).unwrap()]
    }

    pub(crate) fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    pub(crate) fn subtree(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        let start = usize::try_from(index << level).unwrap();
        Ok(complete_root(&self.leaves[start..start + (1 << level)]).unwrap())
    }

    /// The bytes of a tile.
    pub(crate) fn tile(&self, tile: Tile) -> Vec<u8> {
        let mut subtree = |level, index| self.subtree(level, index);
        tile.to_bytes(&mut subtree, &mut |position| Ok(self.entry(position).to_vec())).unwrap()
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        root_from_subtrees(size, &mut |level, index| self.subtree(level, index)).unwrap()
    }

    pub(crate) fn inclusion_path(&self, index: u64, size: u64) -> Vec<Hash> {
        inclusion_proof(index, size, &mut |level, index| self.subtree(level, index)).unwrap()
    }

    pub(crate) fn consistency_path(&self, old: u64, size: u64) -> Vec<Hash> {
        consistency_proof(old, size, &mut |level, index| self.subtree(level, index)).unwrap()
    }

    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint::new(ORIGIN, size, self.root(size)).unwrap()
    }

    /// The checkpoint, signed by the log and cosigned.
    pub(crate) fn note(&self, size: u64) -> SignedNote {
        let checkpoint = self.checkpoint(size);
        let mut note = log_key().sign(&checkpoint.to_string()).unwrap();
        note.add(cosigning_key().cosign(&checkpoint, SEEN_AT)).unwrap();
        note
    }

    pub(crate) fn inclusion(&self, index: u64, size: u64) -> InclusionProof {
        InclusionProof::new(index, self.inclusion_path(index, size), self.note(size)).unwrap()
    }

    pub(crate) fn consistency(&self, old: u64, size: u64) -> ConsistencyProof {
        ConsistencyProof::new(old, self.consistency_path(old, size), self.note(size)).unwrap()
    }
}

pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[0x11; 32])
}

pub(crate) fn cosigning_key() -> CosigningKey {
    CosigningKey::from_seed("witness.example/sample".parse().unwrap(), &[0x22; 32])
}

/// The keys of the log and of who cosigns it.
pub(crate) fn keys() -> [VerifierKey; 2] {
    [log_key().verifier(), cosigning_key().verifier()]
}

pub(crate) fn receipt_key() -> ReceiptKey {
    ReceiptKey::from_seed(&[0x33; 32])
}

/// A policy that asks for the log and its cosigner.
pub(crate) fn policy() -> String {
    let [log, cosigner] = keys();
    format!("# The sample.\nlog {log}\nwitness w1 {cosigner}\ngroup all all w1\nquorum all\n")
}
