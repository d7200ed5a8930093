//! Customers as a partner's Partner Center shows them: in its list, by id, and in the answer to a removal.

use ofrecord_core::vocabulary::RelationshipKind;
use ofrecord_core::{Customer, PartnerTenantId};

use super::Seen;
use super::parts::{attributes, self_link};
use super::shape::{Properties, Shape};

/// Whether the customer stands in the partner's list: their relationship, of whatever kind, has not ended.
#[must_use]
pub fn stands_in_list(customer: &Customer, partner: PartnerTenantId) -> bool {
    let relationship = customer.resellers.relationships.get(&partner);
    relationship.is_some_and(|known| known.ended.is_none() && known.kind.value != RelationshipKind::None)
}

/// A customer as an item of a list.
#[must_use]
pub fn customer_listed(seen: &Seen<'_>) -> Shape {
    let company = company_profile(seen).and(company_behind(seen));
    Properties::new()
        .put("id", Shape::text(seen.customer))
        .put("companyProfile", company)
        .put_if("relationshipToPartner", relationship_to_partner(seen))
        .and(behind(seen))
        .into()
}

/// The company behind a customer, by itself.
#[must_use]
pub fn company(seen: &Seen<'_>) -> Shape {
    let market = seen.state.profile.market.as_ref().map(|market| market.value.as_str());
    let address = market.map(|country| Properties::new().put("country", country));
    company_profile(seen).put_if("address", address).and(company_behind(seen)).into()
}

/// A customer by its id: what its list item shows, and besides the market, the access and the associated reseller.
#[must_use]
pub fn customer(seen: &Seen<'_>) -> Shape {
    Properties::new()
        .put("id", Shape::text(seen.customer))
        .put("companyProfile", company(seen))
        .put_if("relationshipToPartner", relationship_to_partner(seen))
        .put_if("allowDelegatedAccess", allow_delegated_access(seen).map(Shape::Flag))
        .put_if("associatedPartnerId", associated_partner(seen))
        .and(behind(seen))
        .into()
}

/// The answer that a partner gets when it removes the relationship; none while it stands or was never there.
#[must_use]
pub fn relationship_removed(seen: &Seen<'_>) -> Option<Shape> {
    seen.state.resellers.relationships.get(&seen.by?).filter(|known| known.ended.is_some())?;
    let nothing = |properties: Properties, name: &'static str| properties.put(name, Shape::Null);
    let before = ["id", "commerceId", "companyProfile", "billingProfile"].into_iter().fold(Properties::new(), nothing);
    let after = ["allowDelegatedAccess", "userCredentials", "customDomains", "associatedPartnerId"];
    let answer = after.into_iter().fold(before.put("relationshipToPartner", RelationshipKind::None.as_str()), nothing);
    Some(Shape::from(answer.put("attributes", attributes("Customer"))).pascal_case())
}

fn company_profile(seen: &Seen<'_>) -> Properties {
    let profile = &seen.state.profile;
    Properties::new()
        .put("tenantId", Shape::text(seen.customer))
        .put_if("domain", profile.domain.as_ref().map(|domain| domain.value.as_str()))
        .put_if("companyName", profile.name.as_ref().map(|name| name.value.as_str()))
}

fn company_behind(seen: &Seen<'_>) -> Properties {
    let uri = format!("/customers/{}/profiles/company", seen.customer);
    Properties::new().put("links", self_link(uri)).put("attributes", attributes("CustomerCompanyProfile"))
}

fn behind(seen: &Seen<'_>) -> Properties {
    let uri = format!("/customers/{}", seen.customer);
    Properties::new().put("links", self_link(uri)).put("attributes", attributes("Customer"))
}

/// What the customer is to the partner that looks; nobody in particular has no relationship.
fn relationship_to_partner(seen: &Seen<'_>) -> Option<Shape> {
    let relationship = seen.state.resellers.relationships.get(&seen.by?).filter(|known| known.ended.is_none());
    Some(relationship.map_or(RelationshipKind::None.as_str(), |known| known.kind.value.as_str()).into())
}

/// Whether the partner has delegated administration privileges, where the ledger knows that it has or had them.
fn allow_delegated_access(seen: &Seen<'_>) -> Option<bool> {
    let access = seen.state.access.of(seen.by?)?;
    (access.has_dap() || access.dap_ended.is_some()).then(|| access.has_dap())
}

/// The reseller that the partner associated: by its partner ID, or by its tenant where a source shows that.
fn associated_partner(seen: &Seen<'_>) -> Option<Shape> {
    let (profile, by) = (&seen.state.profile, seen.by?);
    let tenant = profile.associated_tenant.get(&by).map(|tenant| (tenant.set, Some(Shape::text(tenant.value))));
    let id = profile.associated_partner.get(&by).map(|id| (id.set, id.value.as_ref().map(Shape::text)));
    let (_, newest) = tenant.into_iter().chain(id).max_by_key(|(set, _)| (set.effective_at, set.at))?;
    newest
}
