//! Events on partners of record and support contacts.

use serde::{Deserialize, Serialize};

use crate::id::{PartnerId, PartnerTenantId, SubscriptionId};

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
    /// The partner who supports it; none when the entry was cleared (rule M-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
}
