//! Events of the ledger's own custody: keys, epochs, commitments, time anchors, disclosures, holds, erasures and redactions.

use serde::{Deserialize, Serialize};

use crate::command::custody::{CommittedTree, DisclosureKind, HoldScope, TreeHead};
use crate::id::{
    ApproverName, Authority, CheckpointKey, CustomerId, Digest, HoldId, LogOrigin, Reason, SubjectId, TicketId,
};
use crate::stream::StreamId;
use crate::time::Timestamp;

/// From here a key may sign checkpoints (rule L-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointKeyAdded {
    /// The verifier key.
    pub key: CheckpointKey,
    /// The key that it is to take the place of; both sign until that one is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<CheckpointKey>,
    /// Why.
    pub reason: Reason,
}

/// From here a key signs no checkpoint any more (rule L-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointKeyRetired {
    /// The verifier key.
    pub key: CheckpointKey,
    /// Why.
    pub reason: Reason,
}

/// The ledger goes on after a loss, under another origin (rule L-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochStarted {
    /// The origin of checkpoints from here on.
    pub origin: LogOrigin,
    /// The signed head that the log no longer extends.
    pub lost: TreeHead,
    /// Why.
    pub reason: Reason,
}

/// What all streams and all relationships were at a size of the log (rule L-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateCommitted {
    /// The size of the log that it speaks of.
    pub tree_size: u64,
    /// The version of the fold that made the views.
    pub fold: String,
    /// The tree over the ends of all streams and the hashes of their views.
    pub streams: CommittedTree,
    /// The tree over all pairs of a customer and a partner that ever had a relationship.
    pub relationships: CommittedTree,
}

/// An authority stamped a head with the time (rule L-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeAnchored {
    /// The authority, as it is addressed.
    pub authority: String,
    /// The head that was stamped.
    pub head: TreeHead,
    /// SHA-256 of the time stamp token.
    pub token: Digest,
    /// The instant in the token.
    pub stamped_at: Timestamp,
}

/// Information left the ledger (rule L-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRecorded {
    /// In which form.
    pub kind: DisclosureKind,
    /// The customer that it was about; none when it was about more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The size of the log that it rests on.
    pub tree_size: u64,
    /// The instant asked about, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// SHA-256 of what was written, where it is one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Why, or for whom, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Reason>,
}

/// Something must not be erased or redacted (rule L-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldPlaced {
    /// The hold.
    pub hold: HoldId,
    /// What it is on.
    pub scope: HoldScope,
    /// When it ends by itself, as a retention period does; none for one that has to be released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
}

/// A hold was released (rule L-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldReleased {
    /// The hold.
    pub hold: HoldId,
    /// Why.
    pub reason: Reason,
}

/// The personal fields of a subject can no longer be read: its key is destroyed (rule L-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectErased {
    /// Whose fields.
    pub subject: SubjectId,
    /// The customer under whom they stand.
    pub customer: CustomerId,
    /// On which ground.
    pub reason: Reason,
}

/// The bytes of an entry are taken away for good; its leaf hash stays, and with it every proof (rule L-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRedacted {
    /// The position of the entry.
    pub position: u64,
    /// Its leaf hash.
    pub leaf_hash: Digest,
    /// SHA-256 of what is left in its place.
    pub remainder: Digest,
    /// The streams that it stands in.
    pub streams: Vec<StreamId>,
    /// Why.
    pub reason: Reason,
    /// By whose order, or on which legal ground.
    pub authority: Authority,
    /// Under which ticket or file number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// Who approved it, beside who asked.
    pub approved_by: ApproverName,
}
