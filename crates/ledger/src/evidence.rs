//! Evidence packs: one answer about a customer with everything that it rests on, checked without the ledger.
//!
//! A pack is some files with fixed names. [`Gathering`] takes them out of a ledger, [`to_zip`] and [`from_zip`] make
//! one file of them, and [`verify`] checks them by keys alone. What the answers say is computed from the entries in
//! the pack by the same functions on both sides.

mod answers;
mod archive;
mod bundle;
mod gathering;
mod manual;
mod verification;

use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};

pub use self::archive::{ArchiveError, FILES_MAX, Files, PACK_BYTES_MAX, from_zip, to_zip};
pub use self::gathering::{GatherError, Gathering};
pub use self::verification::{Believed, Judgement, verify};
use crate::reader::Basis;

/// The ladder of checks, for people. Nothing rests on it.
pub const README: &str = "README.txt";
/// What is in the pack, for programs. Nothing rests on it.
pub const MANIFEST: &str = "manifest.json";

const CHECKPOINT: &str = "checkpoint";
const POLICY: &str = "policy.txt";
const KEYS: &str = "keys.jsonl";
const ENTRIES: &str = "entries.jsonl";
const COMPLETENESS: &str = "completeness.json";
const FOLD: &str = "fold.sql";
const OUTSIDER: &str = "check.go";

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

fn absence_of(partner: PartnerTenantId) -> String {
    format!("absence/{partner}.json")
}

fn unseal_of(position: u64) -> String {
    format!("unseal/{position}.json")
}
