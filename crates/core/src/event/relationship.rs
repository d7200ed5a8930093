//! Events on reseller relationships. By their type they cannot carry a subscription, an owner, a term or a partner of record.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::command::relationship::DapChoice;
use crate::id::{Market, PartnerId, PartnerTenantId, SubscriptionId};
use crate::time::Timestamp;
use crate::vocabulary::{RelationshipKind, RemovedBy};

/// A partner made a link for a reseller relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipRequested {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Whether the link asks for DAP.
    pub dap: DapChoice,
    /// The link itself, where the source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_url: Option<String>,
    /// The provider named by a joint link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_provider: Option<PartnerTenantId>,
    /// When the link stops working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The customer accepted a partner's link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipAcceptedByCustomer {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Who accepted, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<String>,
    /// The provider of a joint link, on both events of a joint acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_provider: Option<PartnerTenantId>,
    /// The market, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// How many times the relationship has been established, from 1.
    pub generation: u32,
}

/// The customer accepted again what already stands; the set is as before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipConfirmed {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The generation confirmed.
    pub generation: u32,
}

/// The relationship stands again after it had been removed (rule M-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipReestablished {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Who accepted, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<String>,
    /// The provider of a joint link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_provider: Option<PartnerTenantId>,
    /// The market, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// The new generation, from 2.
    pub generation: u32,
    /// When the generation before ended.
    pub previous_generation_ended_at: Timestamp,
}

/// A direct-bill partner extended its relationship to its provider (rule R-17). It cannot carry delegated
/// administration: the provider has none from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipExtended {
    /// The provider who is reseller from here.
    pub provider: PartnerTenantId,
    /// The partner who extended its relationship, and keeps it.
    pub from_partner: PartnerTenantId,
    /// On which consent of the customer it rests, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_reference: Option<String>,
    /// How many times the provider's relationship has been established, from 1.
    pub generation: u32,
}

/// A partner created the customer's tenant and with it the relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerAdded {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Company name.
    pub name: String,
    /// Primary domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Market>,
    /// The indirect reseller associated with the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<PartnerId>,
    /// `relationshipToPartner`, verbatim.
    pub relationship: RelationshipKind,
    /// How many times the relationship has been established, from 1.
    pub generation: u32,
    /// Whether a granular relationship by default was asked for, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_gdap_by_default: Option<bool>,
}

/// The partner removed the relationship. The subscriptions considered are
/// evidence of the decision; nothing about them changes (rules S-6, S-13, M-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipRemovedByPartner {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Who removed it, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_by: Option<String>,
    /// The partner's subscriptions that the decision looked at.
    pub subscriptions_considered: BTreeSet<SubscriptionId>,
    /// The generation that ended.
    pub generation: u32,
}

/// A sandbox customer was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerDeleted {
    /// The partner whose sandbox it was.
    pub partner: PartnerTenantId,
}

/// A source shows a relationship, or that there is none. Missing steps are not invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResellerRelationshipObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// `relationshipToPartner`, verbatim.
    pub relationship: RelationshipKind,
    /// Who ended it, where the source shows an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<RemovedBy>,
    /// The provider through whom the partner resells, where the source shows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_provider: Option<PartnerTenantId>,
}
