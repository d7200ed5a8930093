//! Deciding what is known of customers: registering, creating, associating a reseller (rules R-2b, R-15, I-8).

use super::access::{self, dap_events};
use super::guard::unrecognised;
use super::partner::{REGISTRARS, differing};
use super::relationship::{
    account_that_begins, cannot_resell, require_customer_may_buy, require_distinct, require_market,
};
use super::{Case, Ruling};
use crate::command::relationship::{CreateCustomer, RegisterCustomer, SetAssociatedPartner, UpdateCustomer};
use crate::event::Event;
use crate::event::customer::{AssociatedPartnerChanged, CustomerProfileChanged, CustomerRegistered};
use crate::event::relationship::CustomerAdded;
use crate::ground::{relationship as ground, subscription};
use crate::id::{PartnerId, PartnerTenantId};
use crate::refusal::Refusal;
use crate::state::{Partner, Partnership, Profile};
use crate::vocabulary::{PartnerType, RelationshipKind};

/// Makes a customer known.
pub(super) fn register(case: &Case<'_>, command: &RegisterCustomer) -> Ruling {
    case.require_actor_kind(REGISTRARS, &ground::ONLY_REGISTRAR)?;
    let customer = case.customer_named()?;
    // The kind of tenant is known from a registration only; an observed name does not make one.
    if case.customer.profile.tenant_type.is_some() {
        return Err(Refusal::because(&ground::CUSTOMER_ALREADY_REGISTERED).with("customer", customer));
    }
    if !command.tenant_type.is_recognised() {
        return Err(unrecognised("tenant_type", command.tenant_type.as_str()));
    }
    Ok(vec![Event::CustomerRegistered(CustomerRegistered {
        name: command.name.clone(),
        domain: command.domain.clone(),
        market: command.market.clone(),
        tenant_type: command.tenant_type.clone(),
    })])
}

/// Changes what is known of a customer; nothing happens when nothing differs.
pub(super) fn update(case: &Case<'_>, command: &UpdateCustomer) -> Ruling {
    case.require_actor_kind(REGISTRARS, &ground::ONLY_REGISTRAR)?;
    let customer = case.customer_named()?;
    let profile = &case.customer.profile;
    if *profile == Profile::default() {
        return Err(Refusal::because(&ground::CUSTOMER_NOT_REGISTERED).with("customer", customer));
    }
    if let Some(word) = command.tenant_type.as_ref().filter(|word| !word.is_recognised()) {
        return Err(unrecognised("tenant_type", word.as_str()));
    }
    if let Some(word) = command.account_status.as_ref().filter(|word| !word.is_recognised()) {
        return Err(unrecognised("account_status", word.as_str()));
    }
    let event = CustomerProfileChanged {
        name: differing(command.name.as_ref(), profile.name.as_ref()),
        domain: differing(command.domain.as_ref(), profile.domain.as_ref()),
        market: differing(command.market.as_ref(), profile.market.as_ref()),
        tenant_type: differing(command.tenant_type.as_ref(), profile.tenant_type.as_ref()),
        account_status: differing(command.account_status.as_ref(), profile.account_status.as_ref()),
    };
    let nothing = event.name.is_none()
        && event.domain.is_none()
        && event.market.is_none()
        && event.tenant_type.is_none()
        && event.account_status.is_none();
    Ok(if nothing { Vec::new() } else { vec![Event::CustomerProfileChanged(event)] })
}

/// A partner creates the customer's tenant; the relationship stands with it (rule R-15).
pub(super) fn create(case: &Case<'_>, command: &CreateCustomer) -> Ruling {
    let customer = case.customer_named()?;
    let account = account_that_begins(case, command.partner)?;
    match case.partner_type(command.partner) {
        Some(PartnerType::IndirectReseller) => {
            return Err(Refusal::because(&ground::ONLY_PROVIDER_MAY_CREATE_CUSTOMER).with("partner", command.partner));
        }
        Some(PartnerType::Advisor | PartnerType::Unrecognised(_)) | None => {
            return Err(cannot_resell(command.partner, account));
        }
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider) => {}
    }
    require_distinct(command.partner, customer)?;
    require_customer_may_buy(case, customer)?;
    require_market(case, command.partner, Some(&command.market))?;
    if case.customer.profile != Profile::default() || !case.customer.resellers.relationships.is_empty() {
        return Err(Refusal::because(&ground::CUSTOMER_ALREADY_EXISTS).with("customer", customer));
    }
    access::require_offered(case, &command.dap)?;
    if let Some(reseller) = &command.associated_partner_id {
        require_associable(case, command.partner, account, reseller)?;
    }
    let added = Event::CustomerAdded(CustomerAdded {
        partner: command.partner,
        name: command.name.clone(),
        domain: Some(command.domain.clone()),
        market: Some(command.market.clone()),
        associated_partner_id: command.associated_partner_id.clone(),
        relationship: RelationshipKind::Reseller,
        generation: 1,
        enable_gdap_by_default: command.enable_gdap_by_default,
    });
    Ok([added].into_iter().chain(dap_events(case, command.partner, &command.dap)).collect())
}

/// A provider associates one of its resellers with the customer (rule I-8).
pub(super) fn set_associated_partner(case: &Case<'_>, command: &SetAssociatedPartner) -> Ruling {
    case.customer_named()?;
    case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_ASSOCIATION)?;
    let account = case.registered_partner(command.partner)?;
    require_may_associate(case, command.partner)?;
    case.require_relationship(command.partner, &ground::NO_RELATIONSHIP_TO_ASSOCIATE)?;
    if let Some(reseller) = &command.associated_partner_id {
        require_associable(case, command.partner, account, reseller)?;
    }
    let known = case.customer.profile.associated_partner.get(&command.partner);
    if known.and_then(|known| known.value.as_ref()) == command.associated_partner_id.as_ref() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AssociatedPartnerChanged(AssociatedPartnerChanged {
        partner: command.partner,
        associated_partner_id: command.associated_partner_id.clone(),
    })])
}

fn require_may_associate(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    if case.partner_type(partner) == Some(&PartnerType::IndirectProvider) {
        return Ok(());
    }
    Err(Refusal::because(&ground::ONLY_INDIRECT_PROVIDER).with("partner", partner))
}

/// A reseller that an indirect provider may name: another account, and one it has an active partnership with.
fn require_associable(
    case: &Case<'_>,
    partner: PartnerTenantId,
    account: &Partner,
    reseller: &PartnerId,
) -> Result<(), Refusal> {
    require_may_associate(case, partner)?;
    if account.partner_id.as_ref().is_some_and(|known| known.value == *reseller) {
        return Err(Refusal::because(&subscription::PROVIDER_CANNOT_BE_PARTNER_ON_RECORD).with("partner_id", reseller));
    }
    let named = |partnership: &Partnership| {
        partnership.is_active() && partnership.reseller_partner_id.as_ref() == Some(reseller)
    };
    if account.partnerships.values().any(named) {
        return Ok(());
    }
    Err(Refusal::because(&subscription::NOT_VALID_INDIRECT_RESELLER).with("partner_id", reseller))
}
