//! A customer: profile, reseller set, access, agreements and subscriptions.

use std::collections::BTreeMap;

use crate::evidence::SourceSystem;
use crate::fold::{Cell, Stamp};
use crate::id::{Market, PartnerId, PartnerTenantId};
use crate::state::SharedMap;
use crate::state::access::AccessMap;
use crate::state::subscription::Subscriptions;
use crate::state::transfer::Transfers;
use crate::time::Timestamp;
use crate::vocabulary::{
    AgreementMethod, AgreementType, CustomerAccountStatus, RelationshipKind, RemovedBy, TenantType,
};

/// Everything folded from one customer's stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customer {
    /// What is known of the customer itself.
    pub profile: Profile,
    /// The reseller relationships: column `R` of the effect matrix.
    pub resellers: ResellerSet,
    /// Who could administer: column `D`.
    pub access: AccessMap,
    /// The customer agreements confirmed, in order.
    pub agreements: Vec<Agreement>,
    /// The subscriptions: columns `O`, `T` and `P`.
    pub subscriptions: Subscriptions,
    /// The transfers of subscriptions between partners, ended ones included.
    pub transfers: Transfers,
    /// Which sources were read for which period (rule L-11).
    pub coverage: Vec<Coverage>,
}

/// What is known of a customer itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Company name.
    pub name: Option<Cell<String>>,
    /// Primary domain.
    pub domain: Option<Cell<String>>,
    /// Market.
    pub market: Option<Cell<Market>>,
    /// What kind of tenant.
    pub tenant_type: Option<Cell<TenantType>>,
    /// Account status.
    pub account_status: Option<Cell<CustomerAccountStatus>>,
    /// The associated indirect reseller, by the provider who set it (rule I-8).
    pub associated_partner: BTreeMap<PartnerTenantId, Cell<Option<PartnerId>>>,
    /// The associated indirect reseller's tenant, by the provider whose list shows it in place of a partner ID.
    pub associated_tenant: BTreeMap<PartnerTenantId, Cell<PartnerTenantId>>,
}

/// The reseller relationships of one customer, ended ones included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResellerSet {
    /// By partner.
    pub relationships: SharedMap<PartnerTenantId, Relationship>,
}

/// How a relationship came to stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Establishment {
    /// The customer accepted the partner's link.
    AcceptedByCustomer,
    /// The customer accepted a joint link that names this provider.
    JointLink {
        /// The provider of the joint link.
        provider: PartnerTenantId,
    },
    /// The partner created the customer's tenant.
    AccountCreated,
    /// A direct-bill partner extended its relationship to its provider, without a click by the customer (rule R-17).
    Extension {
        /// The partner who extended its relationship.
        from: PartnerTenantId,
    },
    /// A source shows it standing; how it came about is not in the ledger.
    Observed,
    /// A source shows it standing through this provider; how it came about is not in the ledger.
    ObservedThrough {
        /// The provider.
        provider: PartnerTenantId,
    },
}

/// The relationship of one partner with the customer: its present or last generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// The kind, verbatim; only `reseller` counts as a reseller.
    pub kind: Cell<RelationshipKind>,
    /// Since when the present or last generation stands, and how.
    pub established: Cell<Establishment>,
    /// Who accepted it, where a source says.
    pub accepted_by: Option<Cell<String>>,
    /// On which consent of the customer an extension rests, where a source says.
    pub consent_reference: Option<Cell<String>>,
    /// How many times it has been established, from 1.
    pub generation: u32,
    /// When and by whom it ended; none while it stands.
    pub ended: Option<Cell<RemovedBy>>,
    /// Who removed it, where a source says.
    pub removed_by: Option<Cell<String>>,
    /// The newest confirmation of the standing relationship.
    pub confirmed: Option<Stamp>,
}

impl Relationship {
    /// Whether the partner is a reseller of the customer.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.ended.is_none() && self.kind.value == RelationshipKind::Reseller
    }

    /// The number of the generation that would follow this one: only an ended one is followed by another, an
    /// advisor who becomes reseller keeps its number.
    #[must_use]
    pub fn next_generation(&self) -> u32 {
        if self.ended.is_some() { self.generation.saturating_add(1) } else { self.generation }
    }
}

impl ResellerSet {
    /// The partner's relationship, when it stands.
    #[must_use]
    pub fn standing(&self, partner: PartnerTenantId) -> Option<&Relationship> {
        self.relationships.get(&partner).filter(|relationship| relationship.stands())
    }

    /// The partners who are resellers of the customer.
    pub fn resellers(&self) -> impl Iterator<Item = (PartnerTenantId, &Relationship)> {
        self.relationships
            .iter()
            .filter(|(_, relationship)| relationship.stands())
            .map(|(partner, relationship)| (*partner, relationship))
    }
}

/// A customer agreement as confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which.
    pub agreement_type: AgreementType,
    /// Attested or direct.
    pub method: AgreementMethod,
    /// The partner who attested it.
    pub attested_by: Option<PartnerTenantId>,
    /// The day agreed.
    pub date_agreed: Timestamp,
    /// The template shown.
    pub template_id: Option<String>,
    /// The event that recorded it.
    pub set: Stamp,
}

/// A period for which a source was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Which source.
    pub source: SourceSystem,
    /// First instant covered.
    pub from: Timestamp,
    /// First instant no longer covered.
    pub to: Timestamp,
    /// The event that recorded it.
    pub set: Stamp,
}
