//! Evidence packs: one answer about a customer with everything that it rests on, checked without the ledger.
//!
//! A pack is some files with fixed names. [`Gathering`] takes them out of a ledger, [`to_zip`] and [`from_zip`] make
//! one file of them, and [`verify`] checks them by keys alone. What the answers say is computed from the entries in
//! the pack by the same functions on both sides.

mod answers;
mod archive;
mod bundle;
mod gathering;
mod manifest;
mod manual;
mod verification;

use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};

pub use self::archive::{ArchiveError, FILES_MAX, Files, PACK_BYTES_MAX, from_zip, to_zip};
pub use self::gathering::{GatherError, Gathering};
pub use self::manifest::{manifest_certificate, vouched};
pub use self::verification::{Believed, Judgement, verify};
use crate::reader::Basis;

/// The ladder of checks, for people.
pub const README: &str = "README.txt";
/// What is in the pack: every other file by its name and hash.
pub const MANIFEST: &str = "manifest.json";
/// That the log vouches for the manifest.
pub const MANIFEST_NOTE: &str = "manifest.note";

const CHECKPOINT: &str = "checkpoint";
const POLICY: &str = "policy.txt";
const KEYS: &str = "keys.jsonl";
const ENTRIES: &str = "entries.jsonl";
const COMPLETENESS: &str = "completeness.json";
const FOLD: &str = "fold.sql";
const OUTSIDER: &str = "check.go";
const CUSTODY: &str = "custody.json";
const RECEIPT_KEY: &str = "receipts.pem";

/// In which version of the format a pack is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Nothing vouches for its manifest.
    First,
    /// The log vouches for its manifest.
    Second,
}

/// What a pack answers: about whom, for which instant of the world, and by which entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The instant in the world.
    pub as_of: Timestamp,
    /// What was known. The origin is that of the checkpoint.
    pub basis: Basis,
    /// The customer.
    pub customer: CustomerId,
}

fn proof_of(position: u64) -> String {
    format!("proofs/{position}.tlog-proof")
}

fn checkpoint_of(size: u64) -> String {
    format!("checkpoints/{size}")
}

fn consistency_of(old: u64, size: u64) -> String {
    format!("consistency/{old}-{size}")
}

fn chain_of(position: u64) -> String {
    format!("chain/{position}.tlog-proof")
}

fn receipt_of(position: u64) -> String {
    format!("receipts/{position}.cose")
}

fn stamp_of(number: usize) -> String {
    format!("stamps/{number}.tsr")
}

fn absence_of(partner: PartnerTenantId) -> String {
    format!("absence/{partner}.json")
}

fn unseal_of(position: u64) -> String {
    format!("unseal/{position}.json")
}
