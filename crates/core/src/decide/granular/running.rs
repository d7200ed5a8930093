//! Deciding on granular relationships in force and on their ends (rules G-15 to G-19, G-24).

use super::preparation::require_extension;
use crate::actor::ActorKind;
use crate::command::gdap::{
    ActivateGdap, ExpireGdap, ExtendGdap, RecordGdapCleanUp, RecordGdapTermination, RemoveGlobalAdministratorRole,
    SetGdapAutoExtend, TerminateGdap,
};
use crate::decide::{Case, Ruling};
use crate::entra_role::GLOBAL_ADMINISTRATOR;
use crate::event::Event;
use crate::event::gdap::{
    GdapAutoExtendSet, GdapGlobalAdministratorRemoved, GdapRelationshipActivated, GdapRelationshipCleanedUp,
    GdapRelationshipExpired, GdapRelationshipExtended, GdapRelationshipTerminated,
    GdapRelationshipTerminationRequested,
};
use crate::ground::granular as ground;
use crate::vocabulary::{GdapStatus, RemovedBy};

/// Precedence: actor, found, customer named, status.
pub(crate) fn activate(case: &Case<'_>, command: &ActivateGdap) -> Ruling {
    case.require_recorder()?;
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    if !matches!(found.holds.status, Some(GdapStatus::Approved | GdapStatus::Activating)) {
        return Err(found.refused(&ground::INVALID_TRANSITION));
    }
    let duration = found.known.duration.as_ref();
    Ok(vec![Event::GdapRelationshipActivated(GdapRelationshipActivated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        customer: None,
        ends_at: duration.and_then(|duration| duration.value.end_from(case.when.effective_at)),
        basis: None,
        terms: None,
    })])
}

/// Precedence: found, customer named, actor, status.
pub(crate) fn terminate(case: &Case<'_>, command: &TerminateGdap) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    let by = if case.request.actor.kind == ActorKind::CustomerAdmin {
        case.require_customer_global_admin()?;
        RemovedBy::Customer
    } else {
        case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_GDAP_TERMINATION)?;
        RemovedBy::Partner
    };
    if !found.holds.is_active() {
        return Err(found.refused(&ground::GDAP_NOT_ACTIVE));
    }
    Ok(vec![Event::GdapRelationshipTerminationRequested(GdapRelationshipTerminationRequested {
        partner: command.partner,
        relationship: command.relationship.clone(),
        by,
    })])
}

/// Precedence: actor, found, customer named, status.
pub(crate) fn record_termination(case: &Case<'_>, command: &RecordGdapTermination) -> Ruling {
    case.require_recorder()?;
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    if !matches!(found.holds.status, Some(GdapStatus::TerminationRequested | GdapStatus::Terminating)) {
        return Err(found.refused(&ground::INVALID_TRANSITION));
    }
    Ok(vec![Event::GdapRelationshipTerminated(GdapRelationshipTerminated {
        partner: command.partner,
        relationship: command.relationship.clone(),
        by: found.known.termination.as_ref().map(|by| by.value.clone()),
    })])
}

/// Precedence: found, customer named, actor, version, status, role.
pub(crate) fn remove_global_administrator(case: &Case<'_>, command: &RemoveGlobalAdministratorRole) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    case.require_party_to(command.partner, &found)?;
    found.require_version(command.version)?;
    if !found.holds.is_active() {
        return Err(found.refused(&ground::GLOBAL_ADMINISTRATOR_NOT_REMOVABLE));
    }
    if !found.known.holds(GLOBAL_ADMINISTRATOR) {
        return Err(found.refused(&ground::ROLE_NOT_IN_RELATIONSHIP));
    }
    Ok(vec![Event::GdapGlobalAdministratorRemoved(GdapGlobalAdministratorRemoved {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}

/// Precedence: found, customer named, actor, version, status, word, role. Nothing happens when it is so already.
pub(crate) fn set_auto_extend(case: &Case<'_>, command: &SetGdapAutoExtend) -> Ruling {
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    case.require_party_to(command.partner, &found)?;
    found.require_version(command.version)?;
    if !matches!(found.holds.status, Some(GdapStatus::Created | GdapStatus::Active)) {
        return Err(found.refused(&ground::AUTO_EXTEND_NOT_EDITABLE_IN_STATUS));
    }
    let roles = found.known.roles.as_ref().map(|roles| roles.value.clone()).unwrap_or_default();
    require_extension(&command.auto_extend, &roles)?;
    if found.known.auto_extend.as_ref().is_some_and(|known| known.value == command.auto_extend) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GdapAutoExtendSet(GdapAutoExtendSet {
        partner: command.partner,
        relationship: command.relationship.clone(),
        auto_extend: command.auto_extend.clone(),
    })])
}

/// Precedence: actor, found, customer named, an extension due. The ledger counts with it from the instant of the
/// end on, whether it is recorded or not; recording it says that Microsoft did so too.
pub(crate) fn extend(case: &Case<'_>, command: &ExtendGdap) -> Ruling {
    case.require_recorder()?;
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    let before = found.known.ends_at.as_ref().map(|end| end.value);
    match (found.holds.is_active(), before, found.holds.ends_at) {
        (true, Some(before), Some(ends_at)) if before < ends_at => {
            Ok(vec![Event::GdapRelationshipExtended(GdapRelationshipExtended {
                partner: command.partner,
                relationship: command.relationship.clone(),
                ended_before: Some(before),
                ends_at,
            })])
        }
        _ => Err(found.refused(&ground::END_NOT_REACHED).with_all("ends_at", before)),
    }
}

/// Precedence: actor, found, customer named, its end reached.
pub(crate) fn expire(case: &Case<'_>, command: &ExpireGdap) -> Ruling {
    case.require_recorder()?;
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    let recorded = found.known.status.as_ref().map(|status| &status.value);
    let due = recorded == Some(&GdapStatus::Expiring)
        || (recorded == Some(&GdapStatus::Active) && found.holds.status == Some(GdapStatus::Expired));
    if !due {
        return Err(found.refused(&ground::END_NOT_REACHED).with_all("ends_at", found.holds.ends_at));
    }
    Ok(vec![Event::GdapRelationshipExpired(GdapRelationshipExpired {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}

/// Precedence: actor, found, customer named, ended. Nothing happens when it is recorded already.
pub(crate) fn record_clean_up(case: &Case<'_>, command: &RecordGdapCleanUp) -> Ruling {
    case.require_recorder()?;
    let found = case.granular_of_customer(command.partner, &command.relationship)?;
    if !found.holds.status.as_ref().is_some_and(GdapStatus::is_final) {
        return Err(found.refused(&ground::INVALID_TRANSITION));
    }
    if found.known.cleaned_up.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::GdapRelationshipCleanedUp(GdapRelationshipCleanedUp {
        partner: command.partner,
        relationship: command.relationship.clone(),
    })])
}
