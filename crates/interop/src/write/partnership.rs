//! Providers and resellers: a provider's list, a customer's resellers, and the link by which a relationship is asked for.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::{Establishment, Partnership, Relationship};
use ofrecord_core::vocabulary::PartnerType;
use ofrecord_core::{Market, Partner, PartnerTenantId, Timestamp};

use super::Seen;
use super::parts::attributes;
use super::shape::{Properties, Shape};

/// What is known of partners, by their tenants.
type Partners = BTreeMap<PartnerTenantId, Partner>;

/// The resellers whose partnership with the provider is active, by their tenants.
#[must_use]
pub fn indirect_resellers(provider: PartnerTenantId, account: &Partner, partners: &Partners) -> Vec<Shape> {
    let active = account.partnerships.iter().filter(|((of, _), known)| *of == provider && known.is_active());
    let shapes = active.map(|((_, tenant), partnership)| {
        let reseller = Reseller { tenant: *tenant, partnership: Some(partnership), account: partners.get(tenant) };
        let market = reseller.market();
        reseller.begun().put("state", "Active").and(reseller.ended(market)).into()
    });
    shapes.collect()
}

/// The providers whose partnership with the reseller is active, by their tenants. What is listed of a partnership is the
/// reseller's, so that a provider has a name and a partner ID where its own account is known.
#[must_use]
pub fn indirect_providers(reseller: PartnerTenantId, account: &Partner, partners: &Partners) -> Vec<Shape> {
    let active = account.partnerships.iter().filter(|((_, of), known)| *of == reseller && known.is_active());
    let shapes = active.map(|((tenant, _), _)| {
        let known = partners.get(tenant);
        Properties::new()
            .put("id", Shape::text(*tenant))
            .put_if("name", known.and_then(|account| Some(account.name.as_ref()?.value.as_str())))
            .put("relationshipType", "is_indirect_reseller_of")
            .put("state", "Active")
            .put_if("mpnId", known.and_then(|account| Some(Shape::text(&account.partner_id.as_ref()?.value))))
            .put("attributes", attributes("PartnerRelationship"))
            .into()
    });
    shapes.collect()
}

/// The indirect resellers with whom the customer has a relationship, by their tenants: those who resell through the
/// provider that looks, or through any. Their list has neither state nor market.
#[must_use]
pub fn resellers_of_customer(seen: &Seen<'_>, partners: &Partners) -> Vec<Shape> {
    let shapes = seen.state.resellers.resellers().filter_map(|(tenant, relationship)| {
        let account = partners.get(&tenant);
        let providers = providers(tenant, relationship, partners);
        let known = account.and_then(|account| account.partner_type.as_ref());
        let indirect = !providers.is_empty() || known.is_some_and(|known| known.value == PartnerType::IndirectReseller);
        let through = match seen.by {
            Some(by) => Some(providers.get(&by)?),
            None => providers.first().filter(|_| indirect),
        };
        let partnership = through.and_then(|provider| {
            let known = [*provider, tenant].into_iter().filter_map(|id| partners.get(&id));
            known.filter_map(|account| account.partnerships.get(&(*provider, tenant))).next()
        });
        let reseller = Reseller { tenant, partnership, account };
        indirect.then(|| reseller.begun().and(reseller.ended(None)).into())
    });
    shapes.collect()
}

/// The newest link that works at the instant, as the answer to a request for a relationship; none where no source
/// gave the link itself.
#[must_use]
pub fn relationship_request(account: &Partner, as_of: Timestamp) -> Option<Shape> {
    let url = account.open_invitations(as_of).find_map(|link| link.link_url.as_deref())?;
    Some(Properties::new().put("url", url).put("attributes", attributes("RelationshipRequest")).into())
}

/// The providers through whom a partner resells to the customer: the one that its relationship names, and those that
/// it has an active partnership with.
fn providers(tenant: PartnerTenantId, relationship: &Relationship, partners: &Partners) -> BTreeSet<PartnerTenantId> {
    let named = match relationship.established.value {
        Establishment::JointLink { provider } | Establishment::ObservedThrough { provider } => Some(provider),
        Establishment::AcceptedByCustomer
        | Establishment::AccountCreated
        | Establishment::Extension { .. }
        | Establishment::Observed => None,
    };
    let known = partners.values().flat_map(|account| &account.partnerships);
    let active = known.filter(|((_, reseller), known)| *reseller == tenant && known.is_active());
    named.into_iter().chain(active.map(|((provider, _), _)| *provider)).collect()
}

/// A reseller by what its provider's list and its own account say.
struct Reseller<'a> {
    tenant: PartnerTenantId,
    partnership: Option<&'a Partnership>,
    account: Option<&'a Partner>,
}

impl Reseller<'_> {
    fn begun(&self) -> Properties {
        let listed = self.partnership.and_then(|known| known.reseller_name.as_deref());
        let own = || self.account.and_then(|account| Some(account.name.as_ref()?.value.as_str()));
        Properties::new()
            .put("id", Shape::text(self.tenant))
            .put_if("name", listed.or_else(own))
            .put("relationshipType", "is_indirect_cloud_solution_provider_of")
    }

    fn ended(&self, market: Option<&Market>) -> Properties {
        let listed = self.partnership.and_then(|known| known.reseller_partner_id.as_ref());
        let own = || self.account.and_then(|account| Some(&account.partner_id.as_ref()?.value));
        Properties::new()
            .put_if("mpnId", listed.or_else(own).map(Shape::text))
            .put_if("location", market.map(Market::as_str))
            .put("attributes", attributes("PartnerRelationship"))
    }

    /// The market as listed, or the account's only one.
    fn market(&self) -> Option<&Market> {
        let listed = self.partnership.and_then(|known| known.reseller_market.as_ref());
        let own = || {
            let markets = &self.account?.markets.as_ref()?.value;
            markets.first().filter(|_| markets.len() == 1)
        };
        listed.or_else(own)
    }
}
