//! Commands on the ledger's own custody: who signs for it, what is proven of it, who took what out, and what is erased.

use serde::{Deserialize, Serialize};

use crate::id::{
    ApproverName, Authority, CheckpointKey, CustomerId, Digest, HoldId, LogOrigin, Reason, SubjectId, TicketId,
};
use crate::stream::StreamId;
use crate::time::Timestamp;
use crate::wire::wire_enum;

/// A size of the log and the root of the tree over that many entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// How many entries.
    pub tree_size: u64,
    /// The root over them.
    pub root: Digest,
}

/// A sorted list that was hashed as a tree of its own: its root, and how many lines it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommittedTree {
    /// How many lines.
    pub lines: u64,
    /// The root over them.
    pub root: Digest,
}

wire_enum! {
    /// In which form information left the ledger.
    pub enum DisclosureKind {
        /// Entries or events as they are.
        Export = "export",
        /// Tables of entries and views.
        DataSet = "data_set",
        /// The dossier of a customer.
        Report = "report",
        /// An evidence pack.
        EvidencePack = "evidence_pack",
        /// A signed certificate.
        Certificate = "certificate",
        /// A copy of the log.
        Backup = "backup",
    }
}

/// What a hold is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldScope {
    /// Everything in the ledger.
    Everything,
    /// Everything about a customer.
    Customer(CustomerId),
    /// The personal fields of one subject.
    Subject(SubjectId),
}

/// Let a key sign checkpoints from here on (rule L-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCheckpointKey {
    /// The verifier key.
    pub key: CheckpointKey,
    /// The key that it is to take the place of; both sign until that one is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<CheckpointKey>,
    /// Why.
    pub reason: Reason,
}

/// Let a key sign no more (rule L-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetireCheckpointKey {
    /// The verifier key.
    pub key: CheckpointKey,
    /// Why.
    pub reason: Reason,
}

/// Go on after a loss, under another origin (rule L-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartEpoch {
    /// The origin of checkpoints from here on; never one that was used before.
    pub origin: LogOrigin,
    /// The signed head that the log no longer extends.
    pub lost: TreeHead,
    /// Why.
    pub reason: Reason,
}

/// Commit to the state of all streams at a size of the log (rule L-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitState {
    /// The size of the log that it speaks of.
    pub tree_size: u64,
    /// The version of the fold that made the views.
    pub fold: String,
    /// The tree over the ends of all streams and the hashes of their views.
    pub streams: CommittedTree,
    /// The tree over all pairs of a customer and a partner that ever had a relationship.
    pub relationships: CommittedTree,
}

/// Record that an authority stamped a head with the time (rule L-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorTime {
    /// The authority, as it is addressed.
    pub authority: String,
    /// The head that was stamped.
    pub head: TreeHead,
    /// SHA-256 of the time stamp token.
    pub token: Digest,
    /// The instant in the token.
    pub stamped_at: Timestamp,
}

/// Record that information left the ledger (rule L-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordDisclosure {
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

/// Keep something from being erased or redacted (rule L-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// A name for it that no hold had before.
    pub hold: HoldId,
    /// What it is on.
    pub scope: HoldScope,
    /// When it ends by itself, as a retention period does; none for one that has to be released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
}

/// Release a hold (rule L-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold {
    /// The hold.
    pub hold: HoldId,
    /// Why.
    pub reason: Reason,
}

/// Make the personal fields of a subject unreadable (rule L-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseSubject {
    /// Whose fields.
    pub subject: SubjectId,
    /// The customer under whom they stand.
    pub customer: CustomerId,
    /// On which ground.
    pub reason: Reason,
}

/// Take the bytes of a whole entry away for good, and leave its leaf hash (rule L-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactEntry {
    /// The position of the entry.
    pub position: u64,
    /// Why.
    pub reason: Reason,
    /// By whose order, or on which legal ground.
    pub authority: Authority,
    /// Under which ticket or file number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// Who approved it: somebody else than who asks.
    pub approved_by: ApproverName,
    /// What stands there. The ledger fills it in before it decides, whatever was sent; nothing where the log has no
    /// such entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<StandingEntry>,
}

/// What the log itself says of an entry that is to be redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingEntry {
    /// Its leaf hash, which stays.
    pub leaf_hash: Digest,
    /// SHA-256 of what is left in its place.
    pub remainder: Digest,
    /// The streams that it stands in.
    pub streams: Vec<StreamId>,
    /// The subjects whose sealed fields are in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<SubjectId>,
}
