//! A partner's account: standing, links made, and partnerships.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::relationship::DapChoice;
use crate::fold::{Cell, Stamp};
use crate::id::{Market, PartnerId, PartnerTenantId, SecurityGroupId, UserName};
use crate::state::SharedMap;
use crate::state::granular::GranularRelationships;
use crate::time::Timestamp;
use crate::vocabulary::{AccountSuspensionReason, AgentGroup, PartnerType, ProgrammeStatus, ResellerEnrolment};

/// Everything folded from one partner's stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partner {
    /// Name.
    pub name: Option<Cell<String>>,
    /// What kind of partner.
    pub partner_type: Option<Cell<PartnerType>>,
    /// Partner ID.
    pub partner_id: Option<Cell<PartnerId>>,
    /// Markets it may sell in.
    pub markets: Option<Cell<BTreeSet<Market>>>,
    /// Whether its reseller programme is active; active unless something says otherwise.
    pub programme: Option<Cell<ProgrammeStatus>>,
    /// How far its enrolment as indirect reseller is, where anything is known of one (rule R-17).
    pub indirect_reseller_enrolment: Option<Cell<ResellerEnrolment>>,
    /// The suspension that is in force.
    pub suspended: Option<Cell<AccountSuspensionReason>>,
    /// When the Microsoft Partner Agreement was accepted, where it was.
    pub agreement_accepted: Option<Stamp>,
    /// The reusable links it made, newest last (rules ).
    pub invitations: Vec<Invitation>,
    /// The granular relationships it has or had, without their assignments.
    pub granular: GranularRelationships,
    /// Security groups of its tenant, and who is in them.
    pub groups: SharedMap<SecurityGroupId, SecurityGroup>,
    /// Partnerships it takes part in, by provider and reseller.
    pub partnerships: BTreeMap<(PartnerTenantId, PartnerTenantId), Partnership>,
}

/// A security group of the partner's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityGroup {
    /// Its name, where known.
    pub name: Option<Cell<String>>,
    /// Which of the two agent groups it is, where it is one.
    pub agent_group: Option<Cell<AgentGroup>>,
    /// Who is in it, and by which event.
    pub members: BTreeMap<UserName, Stamp>,
}

/// A reusable link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The event that made it.
    pub made: Stamp,
    /// Whether it asks for DAP.
    pub dap: DapChoice,
    /// The provider of a joint link.
    pub via_provider: Option<PartnerTenantId>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// The link itself, where known.
    pub link_url: Option<String>,
}

/// A provider–reseller partnership.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partnership {
    /// When the provider invited.
    pub invited: Option<Stamp>,
    /// When it began; none before acceptance.
    pub created: Option<Stamp>,
    /// When it ended; none while it is active.
    pub removed: Option<Stamp>,
    /// The reseller's partner ID, by which orders name it.
    pub reseller_partner_id: Option<PartnerId>,
    /// The reseller's name, where the provider's list shows it.
    pub reseller_name: Option<String>,
    /// The reseller's market, where the provider's list shows it.
    pub reseller_market: Option<Market>,
}

impl Partnership {
    /// Whether it is active.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.created.is_some() && self.removed.is_none()
    }
}

impl Partner {
    /// Whether the account is known by registration.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.partner_type.is_some()
    }

    /// Whether providers may have it as a reseller: registered as one, or enrolled as one while it still bills directly.
    #[must_use]
    pub fn is_indirect_reseller(&self) -> bool {
        self.partner_type.as_ref().is_some_and(|kind| kind.value == PartnerType::IndirectReseller)
            || self.has_completed_enrolment()
    }

    /// Whether it has completed its enrolment as indirect reseller (rule R-17).
    #[must_use]
    pub fn has_completed_enrolment(&self) -> bool {
        self.indirect_reseller_enrolment.as_ref().is_some_and(|known| known.value == ResellerEnrolment::Completed)
    }

    /// The links that work at an instant, newest first.
    pub fn open_invitations(&self, at: Timestamp) -> impl Iterator<Item = &Invitation> {
        self.invitations.iter().rev().filter(move |link| link.expires_at.is_none_or(|end| at < end))
    }

    /// The newest link that works at an instant.
    #[must_use]
    pub fn open_invitation(&self, at: Timestamp) -> Option<&Invitation> {
        self.open_invitations(at).next()
    }
}
