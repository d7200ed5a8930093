//! Events on delegated administration privileges and on Azure roles: who could administer, never who owns.

use serde::{Deserialize, Serialize};

use crate::command::relationship::AzureRole;
use crate::id::{GdapRelationshipId, PartnerTenantId, UserName};
use crate::time::Timestamp;
use crate::vocabulary::{DapTerminationCause, Services};

/// Delegated administration privileges were granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapGranted {
    /// The partner.
    pub partner: PartnerTenantId,
    /// For which services.
    pub services: Services,
}

/// The customer removed delegated administration privileges; the relationship stays (rule D-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapRemovedByCustomer {
    /// The partner.
    pub partner: PartnerTenantId,
    /// For which services: those that were on and are off now.
    pub services: Services,
}

/// The partner removed delegated administration privileges, or they ended with the relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapRemovedByPartner {
    /// The partner.
    pub partner: PartnerTenantId,
    /// For which services: those that were on and are off now.
    pub services: Services,
    /// Why.
    pub cause: DapEndCause,
}

/// Why delegated administration privileges ended on the partner's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DapEndCause {
    /// The partner asked for it.
    Requested,
    /// The reseller relationship was removed (rule M-9).
    RelationshipRemoved,
}

/// Delegated administration privileges ended; the source does not say by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapRemoved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// For which services.
    pub services: Services,
}

/// Microsoft ended delegated administration privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapTerminatedByMicrosoft {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The partner's last sign-in, where the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<Timestamp>,
    /// Why, where the source says; for inactivity when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<DapTerminationCause>,
}

/// Microsoft began to lead a transition: a granular relationship stands beside DAP, which ends
/// thirty days later by an event of its own (rule D-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapTransitionStartedByMicrosoft {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship that replaces DAP.
    pub relationship: GdapRelationshipId,
}

/// The customer's side saw a partner use its delegated access: a sign-in of a service provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegatedAccessUsed {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The user as the customer's log names it; for a granular technician this is `user_` and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
    /// What was signed in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// The customer's tenant lists a partner as a service provider, or no longer does.
/// It is the one source that shows every partner; it says nothing about reselling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerListingObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Whether it is listed.
    pub listed: bool,
}

/// A source shows whether delegated administration privileges are on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DapObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// On or off.
    pub state: DapState,
    /// Since when, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Until when, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Last sign-in, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<Timestamp>,
}

/// Whether delegated administration privileges are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DapState {
    /// On, for the whole tenant.
    Active,
    /// Off.
    Removed,
}

/// An Azure role of a partner was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureRoleAssigned {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Scope and role.
    pub assignment: AzureRole,
}

/// An Azure role of a partner is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureRoleRemoved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Scope and role.
    pub assignment: AzureRole,
}
