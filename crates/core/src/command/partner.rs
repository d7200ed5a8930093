//! Commands on partner accounts and on partnerships between providers and resellers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{Market, PartnerId, PartnerTenantId};
use crate::vocabulary::{AccountSuspensionReason, PartnerType, ProgrammeStatus, ResellerEnrolment};

/// Make a partner account known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterPartner {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Its name.
    pub name: String,
    /// What kind of partner it is.
    pub partner_type: PartnerType,
    /// Its partner ID, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// The markets it may sell in; the first rule that looks is R-7.
    pub markets: BTreeSet<Market>,
    /// How far its enrolment as indirect reseller is, where known (rule R-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
}

/// Change what is known of a partner account; absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdatePartner {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new kind, when it enrols as something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// Its partner ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// The markets it may sell in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markets: Option<BTreeSet<Market>>,
    /// Whether its reseller programme is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<ProgrammeStatus>,
    /// How far its enrolment as indirect reseller is (rule R-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
}

/// Suspend a partner account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspendPartnerAccount {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Why.
    pub reason: AccountSuspensionReason,
}

/// Reinstate a suspended partner account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReinstatePartnerAccount {
    /// The partner.
    pub partner: PartnerTenantId,
}

/// Record that the partner accepted the Microsoft Partner Agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptPartnerAgreement {
    /// The partner.
    pub partner: PartnerTenantId,
}

/// Invite an indirect reseller to a partnership with a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitePartner {
    /// The indirect provider who invites.
    pub provider: PartnerTenantId,
    /// The indirect reseller invited.
    pub reseller: PartnerTenantId,
}

/// Accept a provider's partnership invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptPartnership {
    /// The indirect provider who invited.
    pub provider: PartnerTenantId,
    /// The indirect reseller who accepts.
    pub reseller: PartnerTenantId,
}

/// End a provider–reseller partnership; customers and DAP stay (rule I-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovePartnership {
    /// The indirect provider.
    pub provider: PartnerTenantId,
    /// The indirect reseller.
    pub reseller: PartnerTenantId,
}
