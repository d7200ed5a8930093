//! Deciding on partner accounts and on partnerships between providers and resellers (rules R-1, I-1 to I-4, I-7).

use std::collections::BTreeSet;

use super::granular;
use super::guard::unrecognised;
use super::{Case, Ruling};
use crate::actor::ActorKind;
use crate::command::Command;
use crate::command::partner::{
    AcceptPartnerAgreement, AcceptPartnership, InvitePartner, RegisterPartner, ReinstatePartnerAccount,
    RemovePartnership, SuspendPartnerAccount, UpdatePartner,
};
use crate::event::Event;
use crate::event::partner::{
    PartnerAccountReinstated, PartnerAccountSuspended, PartnerAgreementAccepted, PartnerInvited, PartnerRegistered,
    PartnerRelationshipCreated, PartnerRelationshipRemoved, PartnerUpdated,
};
use crate::fold::Cell;
use crate::ground::relationship as ground;
use crate::id::{Market, PartnerTenantId};
use crate::refusal::Refusal;
use crate::state::{Partner, Partnership};
use crate::vocabulary::{PartnerType, ProgrammeStatus, ResellerEnrolment};

/// Who keeps the ledger's register of partners and customers.
pub(super) const REGISTRARS: &[ActorKind] = &[ActorKind::Operator, ActorKind::System, ActorKind::Importer];
/// Who may say that an account is suspended or reinstated.
const SUSPENDERS: &[ActorKind] = &[ActorKind::Microsoft, ActorKind::Operator, ActorKind::System, ActorKind::Importer];

/// The partner accounts in whose streams a command's entry stands, the one
/// decided in first; no answer for observed facts that cannot share an entry.
pub(super) fn accounts_of(command: &Command) -> Option<Vec<PartnerTenantId>> {
    if let Command::CorrectEvent(command) = command {
        return Some(command.partners.iter().copied().collect());
    }
    if let Command::RecordObservation(command) = command {
        return accounts_observed(&command.events);
    }
    Some(account_named(command).map_or_else(|| partnership_named(command), |partner| vec![partner]))
}

fn account_named(command: &Command) -> Option<PartnerTenantId> {
    if let Command::RegisterPartner(command) = command {
        Some(command.partner)
    } else if let Command::UpdatePartner(command) = command {
        Some(command.partner)
    } else if let Command::SuspendPartnerAccount(command) = command {
        Some(command.partner)
    } else if let Command::ReinstatePartnerAccount(command) = command {
        Some(command.partner)
    } else if let Command::AcceptPartnerAgreement(command) = command {
        Some(command.partner)
    } else if let Command::RequestResellerRelationship(command) = command {
        Some(command.partner)
    } else {
        granular::account_named(command)
    }
}

fn partnership_named(command: &Command) -> Vec<PartnerTenantId> {
    let (provider, reseller) = if let Command::InvitePartner(command) = command {
        (command.provider, command.reseller)
    } else if let Command::AcceptPartnership(command) = command {
        (command.provider, command.reseller)
    } else if let Command::RemovePartnership(command) = command {
        (command.provider, command.reseller)
    } else {
        return Vec::new();
    };
    both(provider, reseller)
}

fn both(provider: PartnerTenantId, reseller: PartnerTenantId) -> Vec<PartnerTenantId> {
    if provider == reseller { vec![provider] } else { vec![provider, reseller] }
}

/// The accounts that observed facts are about. A partner's fold takes every
/// event of its entries for its own, so facts that state one account must not
/// share an entry with facts that concern another.
fn accounts_observed(events: &[Event]) -> Option<Vec<PartnerTenantId>> {
    let stated = events.iter().any(|event| account_stated(event).is_some());
    let all: BTreeSet<PartnerTenantId> = events.iter().flat_map(accounts_of_event).collect();
    (!stated || all.len() == 1).then(|| all.into_iter().collect())
}

/// The accounts in whose streams an event belongs; none for an event on a customer.
pub(super) fn accounts_of_event(event: &Event) -> Vec<PartnerTenantId> {
    if let Some(partner) = account_stated(event) {
        vec![partner]
    } else if let Event::PartnerInvited(event) = event {
        both(event.provider, event.reseller)
    } else if let Event::PartnerRelationshipCreated(event) = event {
        both(event.provider, event.reseller)
    } else if let Event::PartnerRelationshipRemoved(event) = event {
        both(event.provider, event.reseller)
    } else if let Event::PartnerRelationshipObserved(event) = event {
        both(event.provider.unwrap_or(event.reseller), event.reseller)
    } else {
        Vec::new()
    }
}

fn account_stated(event: &Event) -> Option<PartnerTenantId> {
    if let Event::PartnerRegistered(event) = event {
        Some(event.partner)
    } else if let Event::PartnerUpdated(event) = event {
        Some(event.partner)
    } else if let Event::PartnerAccountSuspended(event) = event {
        Some(event.partner)
    } else if let Event::PartnerAccountReinstated(event) = event {
        Some(event.partner)
    } else if let Event::PartnerAgreementAccepted(event) = event {
        Some(event.partner)
    } else if let Event::PartnerObserved(event) = event {
        Some(event.partner)
    } else if let Event::ResellerRelationshipRequested(event) = event {
        Some(event.partner)
    } else {
        granular::account_stated(event)
    }
}

/// Makes an account known.
pub(super) fn register(case: &Case<'_>, command: &RegisterPartner) -> Ruling {
    case.require_actor_kind(REGISTRARS, &ground::ONLY_REGISTRAR)?;
    if case.partner(command.partner).is_some_and(Partner::is_registered) {
        return Err(Refusal::because(&ground::PARTNER_ALREADY_REGISTERED).with("partner", command.partner));
    }
    recognised_type(&command.partner_type)?;
    recognised_enrolment(command.indirect_reseller_enrolment.as_ref())?;
    Ok(vec![Event::PartnerRegistered(PartnerRegistered {
        partner: command.partner,
        name: command.name.clone(),
        partner_type: command.partner_type.clone(),
        partner_id: command.partner_id.clone(),
        markets: command.markets.clone(),
        indirect_reseller_enrolment: command.indirect_reseller_enrolment.clone(),
    })])
}

/// Changes what is known of an account; nothing happens when nothing differs.
pub(super) fn update(case: &Case<'_>, command: &UpdatePartner) -> Ruling {
    case.require_actor_kind(REGISTRARS, &ground::ONLY_REGISTRAR)?;
    let account = case.registered_partner(command.partner)?;
    if let Some(partner_type) = &command.partner_type {
        recognised_type(partner_type)?;
    }
    if let Some(programme) = command.programme.as_ref().filter(|programme| !programme.is_recognised()) {
        return Err(unrecognised("programme", programme.as_str()));
    }
    recognised_enrolment(command.indirect_reseller_enrolment.as_ref())?;
    let event = PartnerUpdated {
        partner: command.partner,
        name: differing(command.name.as_ref(), account.name.as_ref()),
        partner_type: differing(command.partner_type.as_ref(), account.partner_type.as_ref()),
        partner_id: differing(command.partner_id.as_ref(), account.partner_id.as_ref()),
        markets: differing(command.markets.as_ref(), account.markets.as_ref()),
        programme: differing(command.programme.as_ref(), account.programme.as_ref()),
        indirect_reseller_enrolment: differing(
            command.indirect_reseller_enrolment.as_ref(),
            account.indirect_reseller_enrolment.as_ref(),
        ),
    };
    let nothing = event.name.is_none()
        && event.partner_type.is_none()
        && event.partner_id.is_none()
        && event.markets.is_none()
        && event.programme.is_none()
        && event.indirect_reseller_enrolment.is_none();
    Ok(if nothing { Vec::new() } else { vec![Event::PartnerUpdated(event)] })
}

fn recognised_type(partner_type: &PartnerType) -> Result<(), Refusal> {
    if partner_type.is_recognised() { Ok(()) } else { Err(unrecognised("partner_type", partner_type.as_str())) }
}

fn recognised_enrolment(enrolment: Option<&ResellerEnrolment>) -> Result<(), Refusal> {
    match enrolment.filter(|enrolment| !enrolment.is_recognised()) {
        Some(enrolment) => Err(unrecognised("indirect_reseller_enrolment", enrolment.as_str())),
        None => Ok(()),
    }
}

/// What was asked for, where it is not what is known already.
pub(super) fn differing<T: Clone + PartialEq>(asked: Option<&T>, known: Option<&Cell<T>>) -> Option<T> {
    asked.filter(|asked| known.is_none_or(|known| known.value != **asked)).cloned()
}

/// Suspends an account; what exists stays (rule R-1).
pub(super) fn suspend(case: &Case<'_>, command: &SuspendPartnerAccount) -> Ruling {
    case.require_actor_kind(SUSPENDERS, &ground::ONLY_MICROSOFT_MAY_SUSPEND)?;
    let account = case.registered_partner(command.partner)?;
    if account.suspended.as_ref().is_some_and(|known| known.value == command.reason) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PartnerAccountSuspended(PartnerAccountSuspended {
        partner: command.partner,
        reason: command.reason.clone(),
    })])
}

/// Reinstates a suspended account.
pub(super) fn reinstate(case: &Case<'_>, command: &ReinstatePartnerAccount) -> Ruling {
    case.require_actor_kind(SUSPENDERS, &ground::ONLY_MICROSOFT_MAY_SUSPEND)?;
    if case.registered_partner(command.partner)?.suspended.is_none() {
        return Err(Refusal::because(&ground::PARTNER_ACCOUNT_NOT_SUSPENDED).with("partner", command.partner));
    }
    Ok(vec![Event::PartnerAccountReinstated(PartnerAccountReinstated { partner: command.partner })])
}

/// Records that the partner, by itself or by a statement about it, accepted the Microsoft Partner Agreement.
pub(super) fn accept_agreement(case: &Case<'_>, command: &AcceptPartnerAgreement) -> Ruling {
    if !SUSPENDERS.contains(&case.request.actor.kind) {
        case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_AGREEMENT)?;
    }
    if case.registered_partner(command.partner)?.agreement_accepted.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PartnerAgreementAccepted(PartnerAgreementAccepted { partner: command.partner })])
}

/// A provider invites an indirect reseller; nothing follows before it is accepted.
pub(super) fn invite(case: &Case<'_>, command: &InvitePartner) -> Ruling {
    case.require_party(command.provider, &ground::ACTOR_NOT_PARTY_TO_PARTNERSHIP)?;
    case.registered_partner(command.provider)?;
    case.registered_partner(command.reseller)?;
    require_provider(case, command.provider)?;
    if command.provider == command.reseller {
        return Err(Refusal::because(&ground::PROVIDER_EQUALS_RESELLER).with("provider", command.provider));
    }
    require_indirect_reseller(case, command.reseller)?;
    if known_partnership(case, command.provider, command.reseller).is_some_and(Partnership::is_active) {
        return Err(active_already(command.provider, command.reseller));
    }
    Ok(vec![Event::PartnerInvited(PartnerInvited { provider: command.provider, reseller: command.reseller })])
}

/// The reseller accepts; from here the provider may name it on orders.
pub(super) fn accept_partnership(case: &Case<'_>, command: &AcceptPartnership) -> Ruling {
    case.require_party(command.reseller, &ground::ACTOR_NOT_PARTY_TO_PARTNERSHIP)?;
    let reseller = case.registered_partner(command.reseller)?;
    let provider = case.registered_partner(command.provider)?;
    require_indirect_reseller(case, command.reseller)?;
    require_provider(case, command.provider)?;
    let partnership = known_partnership(case, command.provider, command.reseller);
    if partnership.is_some_and(Partnership::is_active) {
        return Err(active_already(command.provider, command.reseller));
    }
    if partnership.is_none_or(|partnership| partnership.invited.is_none()) {
        return Err(Refusal::because(&ground::NO_PARTNERSHIP_INVITATION)
            .with("provider", command.provider)
            .with("reseller", command.reseller));
    }
    if let Some(programme) = reseller.programme.as_ref().filter(|known| known.value != ProgrammeStatus::Active) {
        return Err(Refusal::because(&ground::RESELLER_PROGRAMME_NOT_ACTIVE)
            .with("reseller", command.reseller)
            .with("programme", &programme.value));
    }
    if reseller.agreement_accepted.is_none() {
        return Err(Refusal::because(&ground::RESELLER_AGREEMENT_MISSING).with("reseller", command.reseller));
    }
    require_common_market(provider, reseller)?;
    Ok(vec![Event::PartnerRelationshipCreated(PartnerRelationshipCreated {
        provider: command.provider,
        reseller: command.reseller,
        reseller_partner_id: reseller.partner_id.as_ref().map(|known| known.value.clone()),
    })])
}

/// Either side ends the partnership; customers, access and subscriptions are not reached by it (rule I-7).
pub(super) fn remove_partnership(case: &Case<'_>, command: &RemovePartnership) -> Ruling {
    let acting = case.acting_partner(&ground::ACTOR_NOT_PARTY_TO_PARTNERSHIP)?;
    if acting != command.provider && acting != command.reseller {
        return Err(Refusal::because(&ground::ACTOR_NOT_PARTY_TO_PARTNERSHIP)
            .with("provider", command.provider)
            .with("reseller", command.reseller)
            .with("actor_partner", acting));
    }
    if !known_partnership(case, command.provider, command.reseller).is_some_and(Partnership::is_active) {
        return Err(Refusal::because(&ground::PARTNERSHIP_NOT_ACTIVE)
            .with("provider", command.provider)
            .with("reseller", command.reseller));
    }
    Ok(vec![Event::PartnerRelationshipRemoved(PartnerRelationshipRemoved {
        provider: command.provider,
        reseller: command.reseller,
    })])
}

/// The partnership as either side's stream has it.
pub(super) fn known_partnership<'a>(
    case: &Case<'a>,
    provider: PartnerTenantId,
    reseller: PartnerTenantId,
) -> Option<&'a Partnership> {
    let of = |side| case.partner(side).and_then(|account| account.partnerships.get(&(provider, reseller)));
    of(reseller).or_else(|| of(provider))
}

fn active_already(provider: PartnerTenantId, reseller: PartnerTenantId) -> Refusal {
    Refusal::because(&ground::PARTNERSHIP_ALREADY_ACTIVE).with("provider", provider).with("reseller", reseller)
}

fn require_provider(case: &Case<'_>, provider: PartnerTenantId) -> Result<(), Refusal> {
    if case.partner_type(provider) == Some(&PartnerType::IndirectProvider) {
        return Ok(());
    }
    Err(Refusal::because(&ground::ONLY_PROVIDER_MAY_INVITE).with("partner", provider))
}

fn require_indirect_reseller(case: &Case<'_>, reseller: PartnerTenantId) -> Result<(), Refusal> {
    if case.partner(reseller).is_some_and(Partner::is_indirect_reseller) {
        return Ok(());
    }
    Err(Refusal::because(&ground::NOT_AN_INDIRECT_RESELLER).with("partner", reseller))
}

/// Provider and reseller must share a market, as far as both say where they sell.
fn require_common_market(provider: &Partner, reseller: &Partner) -> Result<(), Refusal> {
    let (Some(theirs), Some(ours)) = (stated_markets(provider), stated_markets(reseller)) else { return Ok(()) };
    if theirs.is_disjoint(ours) {
        return Err(Refusal::because(&ground::PARTNERSHIP_MARKET_MISMATCH)
            .with_all("provider_markets", theirs)
            .with_all("reseller_markets", ours));
    }
    Ok(())
}

/// The markets a partner says it may sell in; an empty list says nothing.
pub(super) fn stated_markets(partner: &Partner) -> Option<&BTreeSet<Market>> {
    partner.markets.as_ref().map(|known| &known.value).filter(|markets| !markets.is_empty())
}
