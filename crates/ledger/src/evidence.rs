//! Evidence packs: one answer about a customer or a partner with everything that it rests on, checked without the ledger.
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
mod pairs;
mod verification;

use std::fmt;

use ofrecord_core::{CustomerId, PartnerTenantId, StreamId, Timestamp};
use serde::{Deserialize, Serialize};

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
const PAIRS: &str = "pairs.json";
/// Who was reseller of a customer.
const RESELLERS: &str = "answers/resellers.json";
/// What is known of a partner's account.
const ACCOUNT: &str = "answers/account.json";
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
    /// Of whom.
    pub about: About,
}

/// Of whom a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A customer: who was reseller, who could administer, the subscriptions and their partners of record.
    Customer(CustomerId),
    /// A partner: its account, its granular relationships, and what its stream tells.
    Partner(PartnerTenantId),
}

impl About {
    /// The stream whose entries are all in the pack.
    #[must_use]
    pub fn stream(self) -> StreamId {
        match self {
            Self::Customer(customer) => StreamId::Customer(customer),
            Self::Partner(partner) => StreamId::Partner(partner),
        }
    }

    /// The customer, where it is of one.
    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        self.stream().customer()
    }

    /// The answer that every pack of this kind has, whose head says what the pack answers.
    fn first_answer(self) -> &'static str {
        match self {
            Self::Customer(_) => RESELLERS,
            Self::Partner(_) => ACCOUNT,
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(customer) => write!(formatter, "customer {customer}"),
            Self::Partner(partner) => write!(formatter, "partner {partner}"),
        }
    }
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
