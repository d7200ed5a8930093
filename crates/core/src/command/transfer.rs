//! Commands on transfers: subscriptions move to another partner, agreed by both (rules T-1 to T-20).

use serde::{Deserialize, Serialize};

use crate::id::{OrderId, PartnerId, PartnerTenantId, SubscriptionId, TransferId};
use crate::time::Timestamp;
use crate::vocabulary::TransferFamily;

/// Ask for a transfer: as the source in the legacy families, as the target in new commerce (rule T-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTransfer {
    /// The transfer's id.
    pub transfer: TransferId,
    /// By which procedure.
    pub family: TransferFamily,
    /// The partner who owns the subscriptions.
    pub source: PartnerTenantId,
    /// The partner who is to own them.
    pub target: PartnerTenantId,
    /// The subscriptions; in new commerce the source may be left to select them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TransferItem>,
    /// The indirect reseller's partner ID for every line that names none of its own (rule T-19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// The signatures on the form, where the change of provider is made by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<TransferSignature>,
}

/// One subscription that is to move; its add-ons move with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferItem {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The indirect reseller's partner ID at the target (rule T-19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// What the eligibility check answered, where one was made (rules T-5, T-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<TransferEligibility>,
}

/// What Partner Center's eligibility check answered for a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferEligibility {
    /// It may be transferred.
    Eligible,
    /// It may not.
    NotEligible,
}

/// A signature on the form by which the provider of a legacy Azure subscription is changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferSignature {
    /// For whom.
    pub by: Signatory,
    /// When.
    pub signed_at: Timestamp,
    /// Who signed, where the form has it (rule L-10: personal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// For whom the form is signed; all three must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signatory {
    /// The customer.
    Customer,
    /// The partner who owns the subscription.
    CurrentPartner,
    /// The partner who is to own it.
    NewPartner,
}

impl Signatory {
    /// Everybody whose signature the form needs.
    pub const ALL: [Signatory; 3] = [Signatory::Customer, Signatory::CurrentPartner, Signatory::NewPartner];

    /// The word used in entries and in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::CurrentPartner => "current_partner",
            Self::NewPartner => "new_partner",
        }
    }
}

/// Accept a transfer: as the target in the legacy family, as the source in new commerce (rule T-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptTransfer {
    /// The transfer.
    pub transfer: TransferId,
    /// What the source selects, in new commerce; empty for what was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<SelectedItem>,
}

/// One subscription that the source selects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectedItem {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// What the eligibility check answered, where one was made (rules T-5, T-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<TransferEligibility>,
}

/// Decline a transfer as the one who might accept it (rule T-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectTransfer {
    /// The transfer.
    pub transfer: TransferId,
}

/// Take a transfer back as the one who asked for it (rules T-1, T-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawTransfer {
    /// The transfer.
    pub transfer: TransferId,
}

/// Record how a transfer was carried out, line by line (rules T-13, T-15, T-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteTransfer {
    /// The transfer.
    pub transfer: TransferId,
    /// What became of every line.
    pub lines: Vec<CompletedLine>,
    /// The last day that the source is billed for; the day of the completion when absent (rule T-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_split_date: Option<Timestamp>,
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletedLine {
    /// The subscription as the source has it.
    pub subscription: SubscriptionId,
    /// Whether it moved.
    pub outcome: LineOutcome,
}

/// Whether a line moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    /// It moved.
    Complete(LineMoved),
    /// It stayed with the source.
    Failed(LineStayed),
}

/// A line that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct LineMoved {
    /// The subscription as the target has it, where it got another id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_subscription: Option<SubscriptionId>,
    /// The Azure subscription behind it, which stays the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
    /// The target's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
}

/// A line that stayed with the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineStayed {
    /// Partner Center's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// Why, in the source's words.
    pub error: String,
}
