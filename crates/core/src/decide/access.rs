//! Deciding who may administer: delegated administration privileges (DAP) and Azure roles (rules D-1 to D-7, R-12, R-13).

use std::collections::BTreeSet;

use super::guard::unrecognised;
use super::{Case, Ruling, Streams};
use crate::actor::ActorKind;
use crate::command::relationship::{
    DapChoice, GrantDap, RecordAzureRoleAssignment, RecordAzureRoleRemoval, RecordMicrosoftDapTermination, RemoveDap,
};
use crate::command::{Command, Request};
use crate::event::Event;
use crate::event::dap::{
    AzureRoleAssigned, AzureRoleRemoved, DapEndCause, DapGranted, DapRemovedByCustomer, DapRemovedByPartner,
    DapTerminatedByMicrosoft,
};
use crate::ground::granular::TRANSITION_NOT_OVER;
use crate::ground::relationship as ground;
use crate::id::PartnerTenantId;
use crate::policy::{DapOffer, DapScope, IndirectInvitation};
use crate::refusal::Refusal;
use crate::state::Access;
use crate::vocabulary::{DapTerminationCause, PartnerType, RelationshipKind, Services};

/// Who may record an Azure role besides the partner and the customer themselves.
const WITNESSES: &[ActorKind] = &[ActorKind::Microsoft, ActorKind::Operator, ActorKind::System, ActorKind::Importer];

/// The partners that a grant depends on: the one who gets it, and every reseller who has DAP.
pub(super) fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let named = if let Command::GrantDap(command) = request.command.command() {
        command.partner
    } else if let Command::RemoveDap(command) = request.command.command() {
        return [command.partner].into();
    } else {
        return BTreeSet::new();
    };
    let resellers = streams.customer.resellers.resellers().map(|(partner, _)| partner);
    resellers.chain([named]).collect()
}

/// The customer grants DAP to a partner who has a relationship already.
pub(super) fn grant_dap(case: &Case<'_>, command: &GrantDap) -> Ruling {
    case.require_customer_global_admin()?;
    require_basis_for_dap(case, command.partner)?;
    let dap = DapChoice::With(command.services.clone());
    require_offered(case, &dap)?;
    require_free_services(case, command.partner, &dap)?;
    Ok(dap_events(case, command.partner, &dap).into_iter().collect())
}

/// Rule D-2. An advisor may administer without reselling. Where only the
/// provider has the relationship, its reseller may be granted DAP to support
/// the customer.
fn require_basis_for_dap(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    let known = case.customer.resellers.relationships.get(&partner).filter(|known| known.ended.is_none());
    if known.is_some_and(|known| matches!(known.kind.value, RelationshipKind::Reseller | RelationshipKind::Advisor)) {
        return Ok(());
    }
    let through_provider = case.policy.indirect_invitation == IndirectInvitation::ProviderOnly
        && case.partner(partner).is_some_and(|account| {
            account.partnerships.iter().any(|((provider, reseller), partnership)| {
                *reseller == partner && partnership.is_active() && case.customer.resellers.standing(*provider).is_some()
            })
        });
    if through_provider {
        return Ok(());
    }
    Err(Refusal::because(&ground::NO_RESELLER_RELATIONSHIP).with("partner", partner))
}

/// Whether DAP as chosen exists in this cloud at the instant of the command (rules R-13, D-4).
pub(super) fn require_offered(case: &Case<'_>, dap: &DapChoice) -> Result<(), Refusal> {
    let DapChoice::With(services) = dap else { return Ok(()) };
    require_named(services)?;
    match case.policy.dap_offer {
        DapOffer::OfferedUntil(end) if case.when.effective_at >= end => {
            return Err(Refusal::because(&ground::DAP_NOT_OFFERED)
                .with("offered_until", end)
                .with("effective_at", case.when.effective_at));
        }
        DapOffer::OfferedUntil(_) | DapOffer::Offered | DapOffer::Required => {}
    }
    match (case.policy.dap_scope, services) {
        (DapScope::Tenant, Services::Names(names)) => {
            Err(Refusal::because(&ground::DAP_COVERS_WHOLE_TENANT).with_all("services", names))
        }
        (DapScope::Tenant, Services::All) | (DapScope::Services, _) => Ok(()),
    }
}

fn require_named(services: &Services) -> Result<(), Refusal> {
    match services {
        Services::Names(names) if names.is_empty() => Err(Refusal::because(&ground::DAP_NAMES_NO_SERVICE)),
        Services::Names(_) | Services::All => Ok(()),
    }
}

/// Rule R-12: one transacting partner with DAP per service. It is a rule of
/// clouds where DAP is granted per service; where DAP always covers the whole
/// tenant, several partners have it side by side.
pub(super) fn require_free_services(case: &Case<'_>, partner: PartnerTenantId, dap: &DapChoice) -> Result<(), Refusal> {
    let DapChoice::With(wanted) = dap else { return Ok(()) };
    if case.policy.dap_scope == DapScope::Tenant || !transacts(case, partner) {
        return Ok(());
    }
    let holders: Vec<PartnerTenantId> = case
        .customer
        .access
        .partners
        .iter()
        .filter(|(holder, access)| {
            **holder != partner
                && access.services().is_some_and(|held| held.overlaps(wanted))
                && case.customer.resellers.standing(**holder).is_some()
                && transacts(case, **holder)
        })
        .map(|(holder, _)| *holder)
        .collect();
    if holders.is_empty() {
        return Ok(());
    }
    Err(Refusal::because(&ground::ONE_CSP_PARTNER_WITH_DAP_PER_SERVICE).with_all("partners_with_dap", holders))
}

/// Whether a partner with a relationship buys from the operator. A reseller
/// whose account is not known is taken for one who does: its relationship says
/// so, and nothing says otherwise.
pub(super) fn transacts(case: &Case<'_>, partner: PartnerTenantId) -> bool {
    match case.partner_type(partner) {
        Some(PartnerType::IndirectReseller | PartnerType::Advisor) => false,
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider | PartnerType::Unrecognised(_)) | None => true,
    }
}

/// The grant, unless all of it is there already.
pub(super) fn dap_events(case: &Case<'_>, partner: PartnerTenantId, dap: &DapChoice) -> Option<Event> {
    let DapChoice::With(services) = dap else { return None };
    let held = case.customer.access.of(partner).and_then(Access::services);
    if held.is_some_and(|held| held.includes(services)) {
        return None;
    }
    Some(Event::DapGranted(DapGranted { partner, services: services.clone() }))
}

/// The customer or the partner removes DAP; the relationship stays (rule D-1).
pub(super) fn remove_dap(case: &Case<'_>, command: &RemoveDap) -> Ruling {
    let by_customer = case.request.actor.kind == ActorKind::CustomerAdmin;
    if by_customer {
        case.require_customer_global_admin()?;
    } else {
        case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_DAP)?;
        case.registered_partner(command.partner)?;
    }
    require_named(&command.services)?;
    let held = held_dap(case, command.partner)?;
    match (&held, &command.services) {
        (Services::All, Services::Names(names)) => {
            return Err(Refusal::because(&ground::DAP_COVERS_WHOLE_TENANT).with_all("services", names));
        }
        (Services::Names(held), Services::Names(names)) if !names.is_subset(held) => {
            return Err(Refusal::because(&ground::DAP_NOT_ACTIVE)
                .with("partner", command.partner)
                .with_all("services", names.difference(held)));
        }
        (Services::Names(_) | Services::All, _) => {}
    }
    let (partner, services) = (command.partner, command.services.shared_with(&held));
    Ok(vec![if by_customer {
        Event::DapRemovedByCustomer(DapRemovedByCustomer { partner, services })
    } else {
        Event::DapRemovedByPartner(DapRemovedByPartner { partner, services, cause: DapEndCause::Requested })
    }])
}

pub(super) fn held_dap(case: &Case<'_>, partner: PartnerTenantId) -> Result<Services, Refusal> {
    case.customer
        .access
        .of(partner)
        .and_then(Access::services)
        .ok_or_else(|| Refusal::because(&ground::DAP_NOT_ACTIVE).with("partner", partner))
}

/// Microsoft ended DAP for inactivity (rule D-5), or after the transition that it led (rule D-6).
pub(super) fn record_microsoft_termination(case: &Case<'_>, command: &RecordMicrosoftDapTermination) -> Ruling {
    case.require_actor_kind(&[ActorKind::Microsoft], &ground::ONLY_MICROSOFT_MAY)?;
    held_dap(case, command.partner)?;
    let known = case.customer.access.of(command.partner).and_then(|access| access.last_sign_in.as_ref());
    let last_sign_in_at = command.last_sign_in_at.max(known.map(|known| known.value));
    let ended = Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft {
        partner: command.partner,
        last_sign_in_at,
        cause: command.cause.clone(),
    });
    match &command.cause {
        Some(DapTerminationCause::MicrosoftLedTransition) => {
            require_transition_over(case, command.partner)?;
            return Ok(vec![ended]);
        }
        Some(cause @ DapTerminationCause::Unrecognised(_)) => return Err(unrecognised("cause", cause.as_str())),
        Some(DapTerminationCause::Inactivity) | None => {}
    }
    let days = case.policy.dap_inactivity_days;
    if let Some(last) = last_sign_in_at.filter(|last| case.when.effective_at <= last.plus_days(days)) {
        return Err(Refusal::because(&ground::DAP_NOT_INACTIVE)
            .with("partner", command.partner)
            .with("last_sign_in_at", last)
            .with("inactivity_days", days));
    }
    Ok(vec![ended])
}

/// Rule D-6: both stand side by side for the cloud's days.
fn require_transition_over(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    let started = case.customer.access.of(partner).and_then(|access| access.transition.as_ref());
    let over = started.map(|started| started.set.effective_at.plus_days(case.policy.transition_days));
    if over.is_some_and(|over| over <= case.when.effective_at) {
        return Ok(());
    }
    Err(Refusal::because(&TRANSITION_NOT_OVER).with("partner", partner).with_all("over_at", over))
}

/// An Azure role of a partner was seen; it lives apart from DAP (rule D-7).
pub(super) fn record_azure_role(case: &Case<'_>, command: &RecordAzureRoleAssignment) -> Ruling {
    require_witness(case, command.partner)?;
    let known = case.customer.access.of(command.partner);
    if known.is_some_and(|access| access.azure_roles.contains_key(&command.assignment)) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AzureRoleAssigned(AzureRoleAssigned {
        partner: command.partner,
        assignment: command.assignment.clone(),
    })])
}

/// An Azure role of a partner is gone; nothing but this ends it (rule D-7).
pub(super) fn record_azure_role_removal(case: &Case<'_>, command: &RecordAzureRoleRemoval) -> Ruling {
    require_witness(case, command.partner)?;
    let known = case.customer.access.of(command.partner);
    if !known.is_some_and(|access| access.azure_roles.contains_key(&command.assignment)) {
        return Err(Refusal::because(&ground::AZURE_ROLE_NOT_ASSIGNED)
            .with("partner", command.partner)
            .with("scope", &command.assignment.scope)
            .with("role", &command.assignment.role));
    }
    Ok(vec![Event::AzureRoleRemoved(AzureRoleRemoved {
        partner: command.partner,
        assignment: command.assignment.clone(),
    })])
}

fn require_witness(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    let customer = case.customer_named()?;
    let actor = &case.request.actor;
    if WITNESSES.contains(&actor.kind) || actor.customer() == Some(customer) {
        return Ok(());
    }
    case.require_party(partner, &ground::ACTOR_NOT_PARTY_TO_AZURE_ROLE)
}
