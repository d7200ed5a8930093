//! Events on partner accounts and partnerships.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{Market, PartnerId, PartnerTenantId};
use crate::vocabulary::{AccountSuspensionReason, PartnerType, ProgrammeStatus, ResellerEnrolment};

/// A partner account became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerRegistered {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Its name.
    pub name: String,
    /// What kind of partner it is.
    pub partner_type: PartnerType,
    /// Its partner ID, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// The markets it may sell in.
    pub markets: BTreeSet<Market>,
    /// How far its enrolment as indirect reseller is, where known (rule R-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
}

/// What is known of a partner account changed; absent fields stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerUpdated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// New name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// New partner ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// New markets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markets: Option<BTreeSet<Market>>,
    /// New programme status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<ProgrammeStatus>,
    /// How far its enrolment as indirect reseller is (rule R-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
}

/// A partner account was suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerAccountSuspended {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Why.
    pub reason: AccountSuspensionReason,
}

/// A partner account was reinstated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerAccountReinstated {
    /// The partner.
    pub partner: PartnerTenantId,
}

/// The partner accepted the Microsoft Partner Agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerAgreementAccepted {
    /// The partner.
    pub partner: PartnerTenantId,
}

/// A provider invited an indirect reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerInvited {
    /// The provider.
    pub provider: PartnerTenantId,
    /// The reseller.
    pub reseller: PartnerTenantId,
}

/// A provider–reseller partnership began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerRelationshipCreated {
    /// The provider.
    pub provider: PartnerTenantId,
    /// The reseller.
    pub reseller: PartnerTenantId,
    /// The reseller's partner ID, by which orders name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_partner_id: Option<PartnerId>,
}

/// A provider–reseller partnership ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerRelationshipRemoved {
    /// The provider.
    pub provider: PartnerTenantId,
    /// The reseller.
    pub reseller: PartnerTenantId,
}

/// A source shows a provider–reseller partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerRelationshipObserved {
    /// The provider, where the reading says whose list it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PartnerTenantId>,
    /// The reseller.
    pub reseller: PartnerTenantId,
    /// The reseller's name.
    pub name: String,
    /// The reseller's partner ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// The reseller's market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// `state` of the source, verbatim.
    pub state: String,
}

/// A source shows a partner account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Its name, where shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its partner ID, where shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<PartnerId>,
    /// Whether it has signed the Microsoft Partner Agreement, where shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_signed: Option<bool>,
    /// How far its enrolment as indirect reseller is, where shown (rule R-17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirect_reseller_enrolment: Option<ResellerEnrolment>,
}
