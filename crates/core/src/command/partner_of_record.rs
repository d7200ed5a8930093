//! Commands on partners of record and support contacts; none of them carries a permission.

use serde::{Deserialize, Serialize};

use crate::id::{PartnerId, PartnerTenantId, SubscriptionId};

/// Change the reseller of record of a subscription (rules I-1 to I-4, I-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeResellerOfRecord {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The indirect reseller's partner ID; none to clear.
    pub partner_id: Option<PartnerId>,
}

/// Set the digital partner of record of a subscription (rules I-10, I-11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetDpor {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner ID; none to clear.
    pub partner_id: Option<PartnerId>,
}

/// Link a partner ID to the customer's Azure through a credential (PAL, rule I-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPal {
    /// The subscription that the credential works on.
    pub subscription: SubscriptionId,
    /// The partner ID; none to unlink.
    pub partner_id: Option<PartnerId>,
}

/// Set the support contact of a subscription (rule I-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSupportContact {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner who supports it.
    pub partner: PartnerTenantId,
    /// Its partner ID, as it is to stand in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// Its name, as it is to stand in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
