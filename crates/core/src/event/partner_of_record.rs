//! Events on partners of record and support contacts.

use serde::{Deserialize, Serialize};

use crate::id::{PartnerId, PartnerTenantId, SubscriptionId, Workload};

/// Its reseller of record changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerOfRecordChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PartnerId>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PartnerId>,
}

/// Its digital partner of record was set or cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigitalPartnerOfRecordSet {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PartnerId>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PartnerId>,
}

/// A partner ID was linked through a credential, or unlinked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerAdminLinked {
    /// The subscription that the credential works on.
    pub subscription: SubscriptionId,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<PartnerId>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PartnerId>,
}

/// Its support contact changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportContactChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Who supports it; none when the entry was cleared (rule M-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<SupportContact>,
}

/// Who supports a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportContact {
    /// The partner's tenant.
    pub partner: PartnerTenantId,
    /// Its partner ID, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// Its name, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A partner claimed a workload of the subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CporClaimSubmitted {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The workload claimed.
    pub workload: Workload,
    /// The claimant's partner ID.
    pub partner_id: PartnerId,
    /// The claim's id, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
}

/// A claim was approved: the claimant is associated with the workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CporClaimApproved {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The workload claimed.
    pub workload: Workload,
    /// The claimant's partner ID.
    pub partner_id: PartnerId,
    /// The claim's id, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
}

/// A claim was rejected, or one that had been approved was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CporClaimRejected {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The workload claimed.
    pub workload: Workload,
    /// The claimant's partner ID.
    pub partner_id: PartnerId,
    /// The claim's id, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
    /// Why, in the source's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The claimant disputes that its claim was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CporClaimDisputed {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The workload claimed.
    pub workload: Workload,
    /// The claimant's partner ID.
    pub partner_id: PartnerId,
    /// The claim's id, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<String>,
}
