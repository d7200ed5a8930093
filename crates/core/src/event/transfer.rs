//! Events on transfers. Only a completion moves anything; the others say how far a transfer is.

use serde::{Deserialize, Serialize};

use crate::command::transfer::TransferSignature;
use crate::id::{OrderId, PartnerId, PartnerTenantId, ProductId, SubscriptionId, TransferId};
use crate::time::Timestamp;
use crate::vocabulary::{BillingCycle, TransferFamily, TransferOutcome};

/// A transfer was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferRequested {
    /// The transfer.
    pub transfer: TransferId,
    /// By which procedure.
    pub family: TransferFamily,
    /// The partner who owns the subscriptions.
    pub source: PartnerTenantId,
    /// The partner who is to own them.
    pub target: PartnerTenantId,
    /// The partner who asked.
    pub initiated_by: PartnerTenantId,
    /// The subscriptions asked for, add-ons that travel along included; none where the source selects them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TransferLine>,
    /// The indirect reseller's partner ID for every line that names none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// The signatures on the form, where the change of provider is made by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<TransferSignature>,
}

/// One subscription of a transfer, as it was asked for or selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferLine {
    /// The subscription as the source has it.
    pub subscription: SubscriptionId,
    /// The Azure subscription behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
    /// Seats or units at that time; later changes are not reflected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The indirect reseller's partner ID at the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// The base subscription with which an add-on travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_base: Option<SubscriptionId>,
}

/// The counterparty accepted; nothing has moved yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferAccepted {
    /// The transfer.
    pub transfer: TransferId,
    /// The subscriptions accepted, add-ons included; what was asked for when a source does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<TransferLine>,
}

/// The counterparty declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferRejected {
    /// The transfer.
    pub transfer: TransferId,
}

/// Whoever asked took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferWithdrawn {
    /// The transfer.
    pub transfer: TransferId,
}

/// A source says that nobody answered in time (rule T-11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferExpired {
    /// The transfer.
    pub transfer: TransferId,
}

/// One line of a transfer could not be carried out (rule T-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferLineFailed {
    /// The transfer.
    pub transfer: TransferId,
    /// The subscription, which stays with the source.
    pub subscription: SubscriptionId,
    /// Partner Center's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// Why, in the source's words.
    pub error: String,
}

/// A transfer was carried out: what it names moved to the target (rule T-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferCompleted {
    /// The transfer.
    pub transfer: TransferId,
    /// By which procedure, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<TransferFamily>,
    /// The partner who owned the subscriptions.
    pub source: PartnerTenantId,
    /// The partner who owns them from here.
    pub target: PartnerTenantId,
    /// What moved; nothing when every line failed.
    pub items: Vec<TransferredItem>,
    /// Midnight (UTC) of the last day that the source is billed for (rule T-15).
    pub billing_split_date: Timestamp,
    /// For all lines, for some, or for none.
    pub outcome: TransferOutcome,
}

/// One subscription that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferredItem {
    /// The subscription as the source had it.
    pub source_subscription: SubscriptionId,
    /// The subscription as the target has it; absent when it kept its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_subscription: Option<SubscriptionId>,
    /// The Azure subscription behind both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
    /// The indirect reseller's partner ID at the target; none leaves it without a reseller of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// The target's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
}

impl TransferredItem {
    /// The other id under which the subscription lives on; none when it kept its own.
    #[must_use]
    pub fn renamed(&self) -> Option<SubscriptionId> {
        self.new_subscription.filter(|new| *new != self.source_subscription)
    }
}

/// A source shows a whole transfer. Missing steps are not invented, and nothing moves by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTransferObserved {
    /// The transfer.
    pub transfer: TransferId,
    /// By which procedure, where the reading says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<TransferFamily>,
    /// The partner who owns the subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PartnerTenantId>,
    /// The partner who is to own them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<PartnerTenantId>,
    /// `status` of the source, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// The lines shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ObservedTransferLine>,
}

/// One line of a transfer as a source shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedTransferLine {
    /// The subscription as the source has it.
    pub subscription: SubscriptionId,
    /// The subscription as the target has it, where shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_subscription: Option<SubscriptionId>,
    /// The Azure subscription behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
    /// Seats or units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The indirect reseller's partner ID at the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// The target's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// `status` of the line, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `transferError`, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The base subscription with which an add-on travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_base: Option<SubscriptionId>,
    /// What it is of, as the source lists it; absent where it lists nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<ListedLine>,
}

/// What a source lists of the subscription of a line. The subscription itself is set by no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedLine {
    /// `offerId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<ProductId>,
    /// `friendlyName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// How often it is billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
}
