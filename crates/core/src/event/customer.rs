//! Events on what is known of a customer itself; none of them touches a relationship or a subscription.

use serde::{Deserialize, Serialize};

use crate::id::{Market, PartnerId, PartnerTenantId};
use crate::vocabulary::{CustomerAccountStatus, RelationshipKind, TenantType};

/// A customer became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRegistered {
    /// Company name.
    pub name: String,
    /// Primary domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// What kind of tenant it is.
    pub tenant_type: TenantType,
}

/// What is known of a customer changed; absent fields stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerProfileChanged {
    /// New company name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New primary domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// New market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// New kind of tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_type: Option<TenantType>,
    /// New account status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_status: Option<CustomerAccountStatus>,
}

/// A source shows a customer's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerObserved {
    /// The partner whose list shows the customer, where the reading says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// Company name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Primary domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// `relationshipToPartner`, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<RelationshipKind>,
    /// `associatedPartnerId`, where shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<PartnerId>,
    /// `associatedPartnerId`, where a tenant is shown in place of a partner ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_tenant: Option<PartnerTenantId>,
}

/// An indirect reseller was associated with the account, or the association was cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssociatedPartnerChanged {
    /// The provider who did it.
    pub partner: PartnerTenantId,
    /// The reseller's partner ID; none when cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<PartnerId>,
}
