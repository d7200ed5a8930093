//! Deciding how reseller relationships begin (rules ).

use std::collections::BTreeSet;

use super::access::{self, dap_events};
use super::guard::unrecognised;
use super::partner::{known_partnership, stated_markets};
use super::{Case, Ruling, Streams};
use crate::command::relationship::{AcceptResellerRelationship, DapChoice, RequestResellerRelationship};
use crate::command::{Command, Request};
use crate::event::Event;
use crate::event::relationship::{
    ResellerRelationshipAcceptedByCustomer, ResellerRelationshipConfirmed, ResellerRelationshipReestablished,
    ResellerRelationshipRequested,
};
use crate::ground::relationship as ground;
use crate::id::{CustomerId, Market, PartnerTenantId};
use crate::policy::{DapOffer, IndirectInvitation, MultiPartner, Reacceptance};
use crate::refusal::Refusal;
use crate::state::partner::Invitation;
use crate::state::{Partner, Partnership};
use crate::vocabulary::{PartnerType, ProgrammeStatus, TenantType};

/// The partners that the beginning of a relationship depends on.
pub(super) fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let command = request.command.command();
    if let Command::RequestResellerRelationship(command) = command {
        return command.via_provider.into_iter().collect();
    }
    if let Command::CreateCustomer(command) = command {
        return [command.partner].into_iter().chain(request.customer.map(CustomerId::as_partner)).collect();
    }
    if let Command::ExtendResellerRelationship(command) = command {
        let resellers = streams.customer.resellers.resellers().map(|(partner, _)| partner);
        return [command.partner, command.provider].into_iter().chain(resellers).collect();
    }
    if let Command::SetAssociatedPartner(command) = command {
        return [command.partner].into();
    }
    if let Command::RemoveResellerRelationship(command) = command {
        return [command.partner].into();
    }
    let Command::AcceptResellerRelationship(command) = command else { return BTreeSet::new() };
    let links = streams.partners.get(&command.partner).map(|account| account.invitations.as_slice());
    let providers = links.unwrap_or_default().iter().filter_map(|link| link.via_provider);
    let resellers = streams.customer.resellers.resellers().map(|(partner, _)| partner);
    [command.partner]
        .into_iter()
        .chain(request.customer.map(CustomerId::as_partner))
        .chain(providers)
        .chain(resellers)
        .collect()
}

/// A partner asks for a relationship: the link, from which nothing follows yet.
pub(super) fn request(case: &Case<'_>, command: &RequestResellerRelationship) -> Ruling {
    let account = account_that_begins(case, command.partner)?;
    match case.partner_type(command.partner) {
        Some(PartnerType::IndirectReseller) => match case.policy.indirect_invitation {
            IndirectInvitation::ProviderOnly => {
                return Err(Refusal::because(&ground::INDIRECT_RESELLER_MUST_USE_PROVIDER_INVITATION)
                    .with("partner", command.partner));
            }
            IndirectInvitation::Joint => require_partnership(case, command.via_provider, command.partner)?,
        },
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider) => {
            if command.via_provider.is_some() {
                require_partnership(case, command.via_provider, command.partner)?;
            }
        }
        Some(PartnerType::Advisor | PartnerType::Unrecognised(_)) | None => {
            return Err(cannot_resell(command.partner, account));
        }
    }
    if let Some(customer) = case.customer_id {
        require_distinct(command.partner, customer)?;
    }
    if let Some(end) = command.expires_at.filter(|end| *end <= case.when.effective_at) {
        return Err(Refusal::because(&ground::INVITATION_EXPIRES_BEFORE_IT_IS_MADE).with("expires_at", end));
    }
    access::require_offered(case, &command.dap)?;
    require_dap_where_demanded(case, &command.dap)?;
    Ok(vec![Event::ResellerRelationshipRequested(ResellerRelationshipRequested {
        partner: command.partner,
        dap: command.dap.clone(),
        link_url: None,
        via_provider: command.via_provider,
        expires_at: command.expires_at,
    })])
}

/// The account of a partner who requests a relationship or creates a customer.
pub(super) fn account_that_begins<'a>(case: &Case<'a>, partner: PartnerTenantId) -> Result<&'a Partner, Refusal> {
    case.require_party(partner, &ground::ACTOR_NOT_PARTY_TO_RELATIONSHIP)?;
    case.require_partner_role(&case.policy.request_roles, &ground::ROLE_MAY_NOT_REQUEST)?;
    let account = case.partner_in_order(partner)?;
    match account.programme.as_ref().filter(|known| known.value != ProgrammeStatus::Active) {
        Some(programme) => Err(Refusal::because(&ground::PROGRAMME_NOT_ACTIVE)
            .with("partner", partner)
            .with("programme", &programme.value)),
        None => Ok(account),
    }
}

pub(super) fn cannot_resell(partner: PartnerTenantId, account: &Partner) -> Refusal {
    let refusal = Refusal::because(&ground::PARTNER_TYPE_CANNOT_RESELL).with("partner", partner);
    match &account.partner_type {
        Some(known) => refusal.with("partner_type", &known.value),
        None => refusal,
    }
}

fn require_partnership(
    case: &Case<'_>,
    provider: Option<PartnerTenantId>,
    reseller: PartnerTenantId,
) -> Result<(), Refusal> {
    let active = provider.and_then(|provider| known_partnership(case, provider, reseller));
    if active.is_some_and(Partnership::is_active) {
        return Ok(());
    }
    Err(Refusal::because(&ground::NO_PROVIDER_PARTNERSHIP).with_all("provider", provider).with("reseller", reseller))
}

pub(super) fn require_distinct(partner: PartnerTenantId, customer: CustomerId) -> Result<(), Refusal> {
    if customer.as_partner() == partner {
        return Err(Refusal::because(&ground::PARTNER_EQUALS_CUSTOMER).with("partner", partner));
    }
    Ok(())
}

/// The customer accepts a partner's link; a joint link makes two relationships or none (rule R-2).
pub(super) fn accept(case: &Case<'_>, command: &AcceptResellerRelationship) -> Ruling {
    let customer = case.require_customer_global_admin()?;
    require_distinct(command.partner, customer)?;
    require_customer_may_buy(case, customer)?;
    let link = open_link(case, command)?;
    require_link_holds(case, command.partner, link.via_provider)?;
    let parties: Vec<PartnerTenantId> = [Some(command.partner), link.via_provider].into_iter().flatten().collect();
    if let Some(provider) = link.via_provider {
        require_distinct(provider, customer)?;
    }
    if link.via_provider.is_none() {
        require_market(case, command.partner, known_market(case))?;
    }
    if case.policy.reacceptance == Reacceptance::Refused
        && parties.iter().all(|party| case.customer.resellers.standing(*party).is_some())
    {
        return Err(Refusal::because(&ground::ALREADY_ESTABLISHED).with("partner", command.partner));
    }
    require_single_partner(case, &parties)?;
    require_dap_covered(&command.dap, link)?;
    access::require_offered(case, &command.dap)?;
    require_dap_where_demanded(case, &command.dap)?;
    access::require_free_services(case, command.partner, &command.dap)?;
    let mut events: Vec<Event> = parties.iter().map(|party| acceptance(case, *party, link.via_provider)).collect();
    events.extend(dap_events(case, command.partner, &command.dap));
    Ok(events)
}

/// Kinds of tenants that may not buy through a partner at all (rules ).
pub(super) fn require_customer_may_buy(case: &Case<'_>, customer: CustomerId) -> Result<(), Refusal> {
    let tenant_type = case.customer.profile.tenant_type.as_ref().map(|known| &known.value);
    match tenant_type {
        Some(TenantType::B2c | TenantType::ExternalId) => {
            return Err(Refusal::because(&ground::CUSTOMER_TENANT_TYPE_NOT_SUPPORTED)
                .with("customer", customer)
                .with_all("tenant_type", tenant_type));
        }
        Some(TenantType::CspTransaction) => return Err(partner_tenant(customer)),
        Some(TenantType::Unrecognised(word)) => return Err(unrecognised("tenant_type", word)),
        Some(TenantType::CspCorporate) => return Ok(()),
        Some(TenantType::Organisation) | None => {}
    }
    // A tenant under which a partner account is registered is the one it transacts with.
    match case.partner_type(customer.as_partner()) {
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider | PartnerType::IndirectReseller) => {
            Err(partner_tenant(customer))
        }
        Some(PartnerType::Advisor | PartnerType::Unrecognised(_)) | None => Ok(()),
    }
}

fn partner_tenant(customer: CustomerId) -> Refusal {
    Refusal::because(&ground::CUSTOMER_IS_CSP_PARTNER_TENANT).with("customer", customer)
}

/// The newest open link that asks for what is granted, or the newest open one.
fn open_link<'a>(case: &Case<'a>, command: &AcceptResellerRelationship) -> Result<&'a Invitation, Refusal> {
    let account = case.partner(command.partner);
    let open: Vec<&Invitation> =
        account.into_iter().flat_map(|account| account.open_invitations(case.when.effective_at)).collect();
    open.iter()
        .find(|link| covers(&link.dap, &command.dap))
        .or(open.first())
        .copied()
        .ok_or_else(|| Refusal::because(&ground::NO_INVITATION).with("partner", command.partner))
}

fn covers(asked: &DapChoice, granted: &DapChoice) -> bool {
    match (asked, granted) {
        (_, DapChoice::Without) => true,
        (DapChoice::Without, DapChoice::With(_)) => false,
        (DapChoice::With(asked), DapChoice::With(granted)) => asked.includes(granted),
    }
}

fn require_dap_covered(granted: &DapChoice, link: &Invitation) -> Result<(), Refusal> {
    if covers(&link.dap, granted) {
        return Ok(());
    }
    Err(Refusal::because(&ground::DAP_EXCEEDS_INVITATION).with("invitation_position", link.made.at.position))
}

/// What held when the link was made must hold when it is accepted (rule R-2).
fn require_link_holds(
    case: &Case<'_>,
    partner: PartnerTenantId,
    via_provider: Option<PartnerTenantId>,
) -> Result<(), Refusal> {
    let indirect = case.partner_type(partner) == Some(&PartnerType::IndirectReseller);
    if indirect && case.policy.indirect_invitation == IndirectInvitation::ProviderOnly {
        return Err(Refusal::because(&ground::INDIRECT_RESELLER_MUST_USE_PROVIDER_INVITATION).with("partner", partner));
    }
    if indirect || via_provider.is_some() {
        require_partnership(case, via_provider, partner)?;
    }
    Ok(())
}

pub(super) fn known_market<'a>(case: &Case<'a>) -> Option<&'a Market> {
    case.customer.profile.market.as_ref().map(|known| &known.value)
}

/// Rule R-7, where both sides are known: an unknown market refuses nothing.
pub(super) fn require_market(
    case: &Case<'_>,
    partner: PartnerTenantId,
    market: Option<&Market>,
) -> Result<(), Refusal> {
    let (Some(market), Some(markets)) = (market, case.partner(partner).and_then(stated_markets)) else {
        return Ok(());
    };
    if markets.contains(market) {
        return Ok(());
    }
    Err(Refusal::because(&ground::MARKET_MISMATCH)
        .with("partner", partner)
        .with("customer_market", market)
        .with_all("partner_markets", markets))
}

/// Rule R-14: in a single-partner cloud no transacting partner joins another one.
pub(super) fn require_single_partner(case: &Case<'_>, parties: &[PartnerTenantId]) -> Result<(), Refusal> {
    match case.policy.multi_partner {
        MultiPartner::Allowed => return Ok(()),
        MultiPartner::SinglePartner => {}
    }
    if !parties.iter().any(|party| access::transacts(case, *party)) {
        return Ok(());
    }
    let others: Vec<PartnerTenantId> = case
        .customer
        .resellers
        .resellers()
        .map(|(partner, _)| partner)
        .filter(|partner| !parties.contains(partner) && access::transacts(case, *partner))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Refusal::because(&ground::SINGLE_PARTNER_CLOUD).with_all("transacting_partners", others))
}

fn require_dap_where_demanded(case: &Case<'_>, dap: &DapChoice) -> Result<(), Refusal> {
    match (case.policy.dap_offer, dap) {
        (DapOffer::Required, DapChoice::Without) => Err(Refusal::because(&ground::DAP_REQUIRED_IN_CLOUD)),
        (DapOffer::Required, DapChoice::With(_)) | (DapOffer::Offered | DapOffer::OfferedUntil(_), _) => Ok(()),
    }
}

/// What acceptance means for one partner: a first relationship, a further generation, or what stands anyway.
fn acceptance(case: &Case<'_>, partner: PartnerTenantId, via_provider: Option<PartnerTenantId>) -> Event {
    let accepted_by = case.request.actor.user.clone();
    let market = known_market(case).cloned();
    let Some(known) = case.customer.resellers.relationships.get(&partner) else {
        return Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
            partner,
            accepted_by,
            via_provider,
            market,
            generation: 1,
        });
    };
    if known.stands() {
        return Event::ResellerRelationshipConfirmed(ResellerRelationshipConfirmed {
            partner,
            generation: known.generation,
        });
    }
    match &known.ended {
        Some(ended) => Event::ResellerRelationshipReestablished(ResellerRelationshipReestablished {
            partner,
            accepted_by,
            via_provider,
            market,
            generation: known.generation.saturating_add(1),
            previous_generation_ended_at: ended.set.effective_at,
        }),
        // Known in another kind, such as an advisor: reselling begins here.
        None => Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
            partner,
            accepted_by,
            via_provider,
            market,
            generation: known.generation,
        }),
    }
}
