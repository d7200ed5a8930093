//! The customer resource.

use ofrecord_core::event::customer::CustomerObserved;
use ofrecord_core::event::dap::{DapObserved, DapState};
use ofrecord_core::vocabulary::RelationshipKind;
use ofrecord_core::{Event, Market, PartnerId, PartnerTenantId};

use crate::node::Node;
use crate::scribe::Scribe;

/// What a customer resource says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Profile {
    pub(crate) name: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) market: Option<Market>,
    pub(crate) relationship: Option<RelationshipKind>,
    pub(crate) associated_partner_id: Option<PartnerId>,
    /// The tenant that stands where `associatedPartnerId` is published as a partner ID.
    pub(crate) associated_tenant: Option<PartnerTenantId>,
    /// `allowDelegatedAccess`: whether the partner has delegated administration privileges.
    pub(crate) delegated: Option<bool>,
}

/// Reads a customer resource. The billing profile fills in what the company profile leaves out.
pub(crate) fn profile(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Profile {
    let company = node.object("companyProfile").map(|company| company_profile(&company, scribe)).unwrap_or_default();
    let billing = node.object("billingProfile").map(|billing| billing_profile(&billing, scribe)).unwrap_or_default();
    // Published as a partner ID, it comes as a tenant too.
    let associated_tenant = node.text("associatedPartnerId").and_then(|id| id.parse().ok());
    Profile {
        name: company.name.or(billing.name),
        domain: company.domain,
        market: company.market.or(billing.market),
        relationship: node.word("relationshipToPartner", scribe),
        associated_partner_id: if associated_tenant.is_some() { None } else { node.id("associatedPartnerId", scribe) },
        associated_tenant,
        delegated: node.flag("allowDelegatedAccess", scribe),
    }
}

/// Reads a company profile.
pub(crate) fn company_profile(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Profile {
    Profile {
        name: node.text("companyName").map(str::to_owned),
        domain: node.text("domain").map(str::to_owned),
        market: node.object("address").and_then(|address| address.id("country", scribe)),
        ..Profile::default()
    }
}

/// Reads a billing profile.
pub(crate) fn billing_profile(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Profile {
    Profile {
        name: node.text("companyName").map(str::to_owned),
        market: node.object("defaultAddress").and_then(|address| address.id("country", scribe)),
        ..Profile::default()
    }
}

impl Profile {
    /// The observation of the customer.
    pub(crate) fn observed(&self, partner: Option<PartnerTenantId>) -> Event {
        Event::CustomerObserved(CustomerObserved {
            partner,
            name: self.name.clone(),
            domain: self.domain.clone(),
            market: self.market.clone(),
            relationship: self.relationship.clone(),
            associated_partner_id: self.associated_partner_id.clone(),
            associated_tenant: self.associated_tenant,
        })
    }

    /// The observation of the associated reseller, where a tenant is shown in place of a partner ID.
    pub(crate) fn associate_observed(&self, partner: PartnerTenantId) -> Option<Event> {
        let tenant = self.associated_tenant?;
        let shown = Self { associated_tenant: Some(tenant), ..Self::default() };
        Some(shown.observed(Some(partner)))
    }

    /// The observation of delegated administration, where the resource shows it.
    pub(crate) fn dap_observed(&self, partner: PartnerTenantId) -> Option<Event> {
        let state = if self.delegated? { DapState::Active } else { DapState::Removed };
        Some(Event::DapObserved(DapObserved {
            partner,
            state,
            started_at: None,
            ended_at: None,
            last_sign_in_at: None,
        }))
    }
}
