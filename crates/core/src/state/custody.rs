//! The ledger's own custody: keys, epochs, the newest commitment, holds, and what was erased or redacted.

use std::collections::BTreeMap;

use crate::command::custody::{HoldScope, StandingEntry, TreeHead};
use crate::fold::{Cell, Stamp};
use crate::id::{CheckpointKey, CustomerId, Digest, HoldId, LogOrigin, SubjectId};
use crate::stream::StreamId;
use crate::time::Timestamp;

/// Everything folded from the ledger's own stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Custody {
    /// The keys that sign or signed checkpoints.
    pub checkpoint_keys: BTreeMap<CheckpointKey, KeyStanding>,
    /// The epochs that were started after losses, oldest first.
    pub epochs: Vec<Epoch>,
    /// The size of the log that the newest commitment speaks of.
    pub committed: Option<Cell<u64>>,
    /// The heads that were stamped with the time, oldest first.
    pub anchors: Vec<Anchor>,
    /// How many times information left the ledger.
    pub disclosures: u64,
    /// Every hold that was placed.
    pub holds: BTreeMap<HoldId, Hold>,
    /// The subjects that were erased.
    pub erased: BTreeMap<SubjectId, Erasure>,
    /// The positions of the entries that were redacted.
    pub redacted: BTreeMap<u64, Redaction>,
}

/// Since when a key signs, and until when it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStanding {
    /// By which event it was added.
    pub added: Stamp,
    /// The key that it took the place of.
    pub replaces: Option<CheckpointKey>,
    /// By which event it was retired; none while it signs.
    pub retired: Option<Stamp>,
}

/// A new start after a loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// The origin of checkpoints since.
    pub origin: LogOrigin,
    /// The signed head that was lost.
    pub lost: TreeHead,
    /// By which event it was started.
    pub started: Stamp,
}

/// A head that an authority stamped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The head.
    pub head: TreeHead,
    /// The instant of the authority.
    pub stamped_at: Timestamp,
    /// By which event it is recorded.
    pub recorded: Stamp,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What it is on.
    pub scope: HoldScope,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// By which event it was placed.
    pub placed: Stamp,
    /// By which event it was released; none while it stands.
    pub released: Option<Stamp>,
}

/// What is left to say of an erased subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The customer under whom the fields stand.
    pub customer: CustomerId,
    /// By which event.
    pub erased: Stamp,
}

/// What is left to say of a redacted entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// Its leaf hash.
    pub leaf_hash: Digest,
    /// SHA-256 of what is left in its place.
    pub remainder: Digest,
    /// The streams that it stands in.
    pub streams: Vec<StreamId>,
    /// By which event.
    pub redacted: Stamp,
}

impl Custody {
    /// The keys that may sign now, in the order of their names.
    pub fn signing_keys(&self) -> impl Iterator<Item = &CheckpointKey> {
        self.checkpoint_keys.iter().filter(|(_, standing)| standing.retired.is_none()).map(|(key, _)| key)
    }

    /// The holds that keep a subject of a customer from being erased at an instant (rule L-18).
    pub fn holds_on(
        &self,
        subject: SubjectId,
        customer: CustomerId,
        at: Timestamp,
    ) -> impl Iterator<Item = (&HoldId, &Hold)> {
        self.holds.iter().filter(move |(_, hold)| hold.stands_at(at) && hold.covers(subject, customer))
    }

    /// The holds that keep an entry from being redacted at an instant: on everything, on a customer in whose stream it
    /// stands, or on a subject whose fields are in it (rule L-18).
    pub fn holds_on_entry(&self, entry: &StandingEntry, at: Timestamp) -> impl Iterator<Item = (&HoldId, &Hold)> {
        self.holds.iter().filter(move |(_, hold)| hold.stands_at(at) && hold.covers_entry(entry))
    }
}

impl Hold {
    /// Whether it stands at an instant: not released, and not over by itself.
    #[must_use]
    pub fn stands_at(&self, at: Timestamp) -> bool {
        self.released.is_none() && self.until.is_none_or(|until| at < until)
    }

    fn covers(&self, subject: SubjectId, customer: CustomerId) -> bool {
        match &self.scope {
            HoldScope::Everything => true,
            HoldScope::Customer(held) => *held == customer,
            HoldScope::Subject(held) => *held == subject,
        }
    }

    fn covers_entry(&self, entry: &StandingEntry) -> bool {
        match &self.scope {
            HoldScope::Everything => true,
            HoldScope::Customer(held) => entry.streams.contains(&StreamId::Customer(*held)),
            HoldScope::Subject(held) => entry.subjects.contains(held),
        }
    }
}
