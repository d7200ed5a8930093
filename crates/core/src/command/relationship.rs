//! Commands on customers, reseller relationships and delegated administration.

use serde::{Deserialize, Serialize};

use crate::id::{Market, PartnerId, PartnerTenantId};
use crate::time::Timestamp;
use crate::vocabulary::{CustomerAccountStatus, DapTerminationCause, Services, TenantType};

/// Whether an invitation or acceptance includes delegated administration privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum DapChoice {
    /// Without.
    #[default]
    Without,
    /// With, for these services.
    With(Services),
}

/// Ask for a reseller relationship: create the reusable link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestResellerRelationship {
    /// The partner who asks.
    pub partner: PartnerTenantId,
    /// Whether the link asks for DAP too.
    #[serde(default)]
    pub dap: DapChoice,
    /// The provider an indirect reseller's joint link names (rule R-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_provider: Option<PartnerTenantId>,
    /// When the link stops working, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// Make a customer known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterCustomer {
    /// Company name.
    pub name: String,
    /// Primary domain, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Market, where known; without it rule R-7 cannot refuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// What kind of tenant it is.
    #[serde(default = "organisation")]
    pub tenant_type: TenantType,
}

fn organisation() -> TenantType {
    TenantType::Organisation
}

/// Change what is known of a customer; absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateCustomer {
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
    /// New account status (rule B-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_status: Option<CustomerAccountStatus>,
}

/// Accept a partner's link as the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptResellerRelationship {
    /// The partner whose link is accepted.
    pub partner: PartnerTenantId,
    /// Whether DAP is granted with it; must not exceed what the link asks for.
    #[serde(default)]
    pub dap: DapChoice,
}

/// Extend a relationship to a provider, as a direct-bill partner who becomes its reseller (rule R-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendResellerRelationship {
    /// The partner whose customer it is.
    pub partner: PartnerTenantId,
    /// The provider who becomes reseller too.
    pub provider: PartnerTenantId,
    /// On which consent of the customer it rests: the partner must inform it and have its consent.
    pub consent_reference: String,
}

/// Create the customer's tenant as a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    /// The partner who creates it.
    pub partner: PartnerTenantId,
    /// Company name.
    pub name: String,
    /// Primary domain.
    pub domain: String,
    /// Market.
    pub market: Market,
    /// The indirect reseller's partner ID to associate (rule I-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<PartnerId>,
    /// Whether DAP comes with the new account, where the cloud still offers it.
    #[serde(default)]
    pub dap: DapChoice,
    /// Whether a granular relationship by default was asked for; it follows as events of its own (rule R-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_gdap_by_default: Option<bool>,
}

/// Remove the reseller relationship as the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveResellerRelationship {
    /// The partner whose relationship ends.
    pub partner: PartnerTenantId,
}

/// Delete a customer of the integration sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteCustomer {
    /// The partner whose sandbox it is.
    pub partner: PartnerTenantId,
    /// The account the customer belongs to; only a sandbox may delete.
    pub account: AccountKind,
}

/// Whether an account is a live or a sandbox one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Production.
    Production,
    /// Integration sandbox.
    Sandbox,
}

/// Associate an indirect reseller with the customer's account (rule I-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAssociatedPartner {
    /// The provider who associates.
    pub partner: PartnerTenantId,
    /// The reseller's partner ID; none to clear.
    pub associated_partner_id: Option<PartnerId>,
}

/// Grant delegated administration privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantDap {
    /// The partner who may administer.
    pub partner: PartnerTenantId,
    /// For which services.
    #[serde(default)]
    pub services: Services,
}

/// Remove delegated administration privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveDap {
    /// The partner who may no longer administer.
    pub partner: PartnerTenantId,
    /// For which services.
    #[serde(default)]
    pub services: Services,
}

/// Record that Microsoft ended delegated administration privileges (rule D-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordMicrosoftDapTermination {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The partner's last sign-in, where the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<Timestamp>,
    /// Why; for inactivity when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<DapTerminationCause>,
}

/// Record an Azure role assignment of a partner (rules D-7, M-9, I-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAzureRoleAssignment {
    /// The partner whose principal holds the role.
    pub partner: PartnerTenantId,
    /// Scope and role as Azure names them, such as `/subscriptions/…` and `Owner`.
    pub assignment: AzureRole,
}

/// Record that an Azure role assignment is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAzureRoleRemoval {
    /// The partner whose principal held the role.
    pub partner: PartnerTenantId,
    /// Scope and role as Azure names them.
    pub assignment: AzureRole,
}

/// An Azure role on a scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureRole {
    /// The scope, such as `/subscriptions/<entitlement id>`.
    pub scope: String,
    /// The role's name.
    pub role: String,
}
