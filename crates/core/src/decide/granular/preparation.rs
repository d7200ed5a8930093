//! Deciding until a granular relationship is approved (rules G-1 to G-14, G-20, G-21).

use std::collections::BTreeSet;

use super::Found;
use crate::actor::ActorKind;
use crate::command::gdap::{
    ApproveGdap, CreateGdapRelationship, DeleteGdapRelationship, LockGdapForApproval, RejectGdap,
    UpdateGdapRelationship,
};
use crate::decide::partner::known_partnership;
use crate::decide::relationship::require_distinct;
use crate::decide::{Case, Ruling};
use crate::entra_role::{GLOBAL_ADMINISTRATOR, entra_role};
use crate::event::Event;
use crate::event::gdap::{
    GdapPartnerConsentGiven, GdapRelationshipApproved, GdapRelationshipCreated, GdapRelationshipDeleted,
    GdapRelationshipRejected, GdapRelationshipSubmittedForApproval, GdapRelationshipUpdated, GdapTerms,
};
use crate::ground::granular as ground;
use crate::ground::relationship::NO_PROVIDER_PARTNERSHIP;
use crate::id::{CustomerId, GdapRelationshipId, PartnerTenantId, RoleId};
use crate::refusal::Refusal;
use crate::state::Partnership;
use crate::state::granular::Consent;
use crate::vocabulary::{ApprovalBasis, GdapAutoExtend, GdapDuration, GdapStatus};

/// Precedence: cloud, actor, account, provider, customer, id, name, duration, roles, extension.
pub(crate) fn create(case: &Case<'_>, command: &CreateGdapRelationship) -> Ruling {
    case.require_gdap()?;
    let provider = maker(case, command.partner)?;
    case.registered_partner(command.partner)?;
    if let Some(customer) = case.customer_id {
        require_distinct(command.partner, customer)?;
    }
    let terms = GdapTerms {
        display_name: command.display_name.clone(),
        duration: command.duration.clone(),
        auto_extend: command.auto_extend.clone(),
        roles: command.roles.clone(),
    };
    require_new(case, command.partner, &command.relationship)?;
    require_name(case, command.partner, &command.relationship, &terms.display_name)?;
    require_duration(case, &terms.duration)?;
    require_roles(&terms.roles)?;
    require_extension(&terms.auto_extend, &terms.roles)?;
    Ok(vec![Event::GdapRelationshipCreated(GdapRelationshipCreated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        customer: case.customer_id,
        terms,
        provider,
    })])
}

/// The provider, when one makes the relationship for its reseller.
fn maker(case: &Case<'_>, partner: PartnerTenantId) -> Result<Option<PartnerTenantId>, Refusal> {
    let acting = case.acting_partner(&ground::ACTOR_NOT_PARTY_TO_GDAP)?;
    if acting == partner {
        return Ok(None);
    }
    if known_partnership(case, acting, partner).is_some_and(Partnership::is_active) {
        return Ok(Some(acting));
    }
    Err(Refusal::because(&NO_PROVIDER_PARTNERSHIP).with("provider", acting).with("reseller", partner))
}

/// The id is not in use: neither by the partner at any time, nor by anybody with the customer.
pub(super) fn require_new(case: &Case<'_>, partner: PartnerTenantId, id: &GdapRelationshipId) -> Result<(), Refusal> {
    let own = case.partner(partner).is_some_and(|account| account.granular.by_id.contains_key(id));
    let later = || {
        case.known_later().any(|event| event.partner() == Some(partner) && event.granular_relationship() == Some(id))
    };
    if own || case.customer.access.granular.by_id.contains_key(id) || later() {
        return Err(Refusal::because(&ground::GDAP_RELATIONSHIP_EXISTS).with("relationship", id));
    }
    Ok(())
}

/// Rules G-1 to G-3: unique among the relationships of the partner that Microsoft still shows.
pub(super) fn require_name(
    case: &Case<'_>,
    partner: PartnerTenantId,
    id: &GdapRelationshipId,
    name: &str,
) -> Result<(), Refusal> {
    let characters = name.chars().count();
    if name.trim().is_empty() || characters > case.policy.gdap_name_characters_max {
        return Err(Refusal::because(&ground::DISPLAY_NAME_INVALID).with("characters", characters));
    }
    let others = case.partner(partner).into_iter().flat_map(|account| account.granular.named(name));
    let mut visible = others.filter(|(_, known)| known.is_visible_at(case.when.effective_at, case.policy));
    match visible.find(|(other, _)| *other != id) {
        Some((other, _)) => Err(Refusal::because(&ground::DISPLAY_NAME_NOT_UNIQUE)
            .with("display_name", name)
            .with("relationship", other)),
        None => Ok(()),
    }
}

/// Rule G-4.
fn require_duration(case: &Case<'_>, duration: &GdapDuration) -> Result<(), Refusal> {
    let in_range = duration.days().is_some_and(|days| days <= case.policy.gdap_duration_days_max);
    if in_range && duration.is_a_day_or_longer() {
        return Ok(());
    }
    Err(Refusal::because(&ground::DURATION_OUT_OF_RANGE).with("duration", duration))
}

/// Rule G-5.
pub(super) fn require_roles(roles: &BTreeSet<RoleId>) -> Result<(), Refusal> {
    let unknown: Vec<&RoleId> = roles.iter().filter(|role| entra_role(**role).is_none()).collect();
    if roles.is_empty() || !unknown.is_empty() {
        return Err(Refusal::because(&ground::ROLE_NOT_SUPPORTED).with_all("role", unknown));
    }
    Ok(())
}

/// Rules G-6 and G-7.
pub(super) fn require_extension(auto_extend: &GdapAutoExtend, roles: &BTreeSet<RoleId>) -> Result<(), Refusal> {
    if !auto_extend.is_recognised() {
        return Err(Refusal::because(&ground::AUTO_EXTEND_INVALID).with("auto_extend", auto_extend));
    }
    if auto_extend.days().is_some() && roles.contains(&GLOBAL_ADMINISTRATOR) {
        return Err(Refusal::because(&ground::AUTO_EXTEND_NOT_ALLOWED_WITH_GLOBAL_ADMINISTRATOR)
            .with("role", GLOBAL_ADMINISTRATOR));
    }
    Ok(())
}

/// Precedence: found, actor, version, roles only shrink, status, customer, the id with that customer, name, duration, roles, extension.
/// Nothing happens when nothing differs.
pub(crate) fn update(case: &Case<'_>, command: &UpdateGdapRelationship) -> Ruling {
    let found = case.granular(command.partner, &command.relationship)?;
    case.require_party_to(command.partner, &found)?;
    found.require_version(command.version)?;
    require_no_role_added(&found, command.roles.as_ref())?;
    if found.holds.status != Some(GdapStatus::Created) {
        return Err(found.refused(&ground::NOT_EDITABLE_IN_STATUS));
    }
    let made_for = found.known.customer.as_ref().map(|customer| customer.value);
    if made_for.is_some() && made_for != case.customer_id {
        return Err(found.refused(&ground::CUSTOMER_MISMATCH).with_all("customer", made_for));
    }
    if let Some(customer) = case.customer_id {
        require_distinct(command.partner, customer)?;
        case.require_own_id(command.partner, &command.relationship)?;
    }
    let Some(before) = found.known.terms() else { return Err(found.refused(&ground::NOT_EDITABLE_IN_STATUS)) };
    let terms = GdapTerms {
        display_name: command.display_name.clone().unwrap_or_else(|| before.display_name.clone()),
        duration: command.duration.clone().unwrap_or_else(|| before.duration.clone()),
        auto_extend: before.auto_extend.clone(),
        roles: command.roles.clone().unwrap_or_else(|| before.roles.clone()),
    };
    require_name(case, command.partner, &command.relationship, &terms.display_name)?;
    require_duration(case, &terms.duration)?;
    require_roles(&terms.roles)?;
    require_extension(&terms.auto_extend, &terms.roles)?;
    if terms == before && made_for == case.customer_id {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GdapRelationshipUpdated(GdapRelationshipUpdated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        customer: case.customer_id,
        terms,
    })])
}

/// Rule G-17.
fn require_no_role_added(found: &Found<'_>, roles: Option<&BTreeSet<RoleId>>) -> Result<(), Refusal> {
    let held = found.known.roles.as_ref().map(|roles| &roles.value);
    let (true, Some(roles), Some(held)) = (found.holds.is_active(), roles, held) else { return Ok(()) };
    let added: Vec<&RoleId> = roles.difference(held).collect();
    if added.is_empty() {
        return Ok(());
    }
    Err(found.refused(&ground::ROLES_CAN_ONLY_SHRINK).with_all("role", added))
}

/// Precedence: customer named, found, actor, version, status.
pub(crate) fn delete(case: &Case<'_>, command: &DeleteGdapRelationship) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    case.require_party_to(command.partner, &found)?;
    found.require_version(command.version)?;
    if found.holds.status != Some(GdapStatus::Created) {
        return Err(found.refused(&ground::DELETE_ONLY_IN_CREATED));
    }
    Ok(vec![Event::GdapRelationshipDeleted(GdapRelationshipDeleted {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}

/// Precedence: found, customer named, actor, status.
pub(crate) fn lock(case: &Case<'_>, command: &LockGdapForApproval) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    case.require_party_to(command.partner, &found)?;
    if found.holds.status != Some(GdapStatus::Created) {
        return Err(found.refused(&ground::INVALID_TRANSITION));
    }
    Ok(vec![Event::GdapRelationshipSubmittedForApproval(GdapRelationshipSubmittedForApproval {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}

/// Precedence: found, actor, used by another, customer, the id with that customer, status, the reseller's consent.
pub(crate) fn approve(case: &Case<'_>, command: &ApproveGdap) -> Ruling {
    let found = case.granular(command.partner, &command.relationship)?;
    if case.request.actor.partner() == Some(command.partner) {
        return consent(&found, command);
    }
    let customer = case.require_customer_global_admin().map_err(|refusal| Refusal {
        details: refusal.details,
        ..Refusal::because(&ground::ONLY_CUSTOMER_MAY_APPROVE)
    })?;
    let made_for = found.known.customer.as_ref().map(|known| known.value).filter(|known| *known != customer);
    if let Some(made_for) = made_for {
        let ground =
            if found.known.approval.is_some() { &ground::INVITATION_ALREADY_USED } else { &ground::CUSTOMER_MISMATCH };
        return Err(found.refused(ground).with("customer", made_for));
    }
    require_unused(case, &found, command, customer)?;
    require_distinct(command.partner, customer)?;
    case.require_own_id(command.partner, &command.relationship)?;
    require_answerable(&found)?;
    if found.known.partner_consent.as_ref().is_some_and(|consent| consent.value == Consent::Pending) {
        return Err(found.refused(&ground::PARTNER_CONSENT_PENDING));
    }
    Ok(vec![Event::GdapRelationshipApproved(GdapRelationshipApproved {
        partner: command.partner,
        relationship: command.relationship.clone(),
        customer: Some(customer),
        basis: ApprovalBasis::CustomerGlobalAdmin,
        approved_by: case.request.actor.user.clone(),
        terms: found.known.terms(),
    })])
}

/// Rule G-20, when the approval is dated back: no other customer has used the link since.
fn require_unused(
    case: &Case<'_>,
    found: &Found<'_>,
    asked: &ApproveGdap,
    customer: CustomerId,
) -> Result<(), Refusal> {
    let used = case.known_later().find_map(|event| {
        let Event::GdapRelationshipApproved(event) = event else { return None };
        let same = event.partner == asked.partner && event.relationship == asked.relationship;
        event.customer.filter(|other| same && *other != customer)
    });
    match used {
        Some(other) => Err(found.refused(&ground::INVITATION_ALREADY_USED).with("customer", other)),
        None => Ok(()),
    }
}

/// Rules G-12 and G-14.
fn require_answerable(found: &Found<'_>) -> Result<(), Refusal> {
    match &found.holds.status {
        Some(GdapStatus::ApprovalPending) => Ok(()),
        Some(GdapStatus::RequestExpired) => {
            Err(found.refused(&ground::REQUEST_EXPIRED).with("expired_at", found.holds.since))
        }
        Some(_) | None => Err(found.refused(&ground::INVALID_TRANSITION)),
    }
}

/// The reseller agrees to what its provider made for it, before or after it is locked.
fn consent(found: &Found<'_>, command: &ApproveGdap) -> Ruling {
    match &found.known.partner_consent {
        None => Err(found.refused(&ground::ONLY_CUSTOMER_MAY_APPROVE)),
        Some(consent) if consent.value == Consent::Given => Ok(Vec::new()),
        Some(_) => {
            require_open(found)?;
            Ok(vec![Event::GdapPartnerConsentGiven(GdapPartnerConsentGiven {
                partner: command.partner,
                relationship: command.relationship.clone(),
            })])
        }
    }
}

fn require_open(found: &Found<'_>) -> Result<(), Refusal> {
    match &found.holds.status {
        Some(GdapStatus::Created) => Ok(()),
        Some(_) | None => require_answerable(found),
    }
}

/// Precedence: found, customer named, actor, consent still pending, status.
pub(crate) fn reject(case: &Case<'_>, command: &RejectGdap) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    case.require_actor_kind(
        &[ActorKind::PartnerUser, ActorKind::PartnerApplication],
        &ground::ONLY_RESELLER_MAY_REJECT,
    )?;
    case.require_party(command.partner, &ground::ONLY_RESELLER_MAY_REJECT)?;
    if found.known.partner_consent.as_ref().is_none_or(|consent| consent.value == Consent::Given) {
        return Err(found.refused(&ground::ONLY_RESELLER_MAY_REJECT));
    }
    require_open(&found)?;
    Ok(vec![Event::GdapRelationshipRejected(GdapRelationshipRejected {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}
