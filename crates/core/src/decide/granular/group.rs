//! Deciding on who is in a security group of a partner's tenant (rule A-9).

use super::RECORDERS;
use crate::command::gdap::{AddSecurityGroupMember, RemoveSecurityGroupMember};
use crate::decide::{Case, Ruling};
use crate::event::Event;
use crate::event::gdap::{SecurityGroupMemberAdded, SecurityGroupMemberRemoved};
use crate::ground::granular as ground;
use crate::id::PartnerTenantId;
use crate::refusal::Refusal;
use crate::state::SecurityGroup;

/// Precedence: actor. Nothing happens when the user is in it already and nothing new is said of the group.
pub(crate) fn add_member(case: &Case<'_>, command: &AddSecurityGroupMember) -> Ruling {
    require_witness(case, command.partner)?;
    let known = case.partner(command.partner).and_then(|account| account.groups.get(&command.group));
    if known.is_some_and(|known| says_nothing_new(known, command)) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SecurityGroupMemberAdded(SecurityGroupMemberAdded {
        partner: command.partner,
        group: command.group,
        user: command.user.clone(),
        group_name: command.group_name.clone(),
        agent_group: command.agent_group.clone(),
    })])
}

fn says_nothing_new(known: &SecurityGroup, command: &AddSecurityGroupMember) -> bool {
    let name = known.name.as_ref().map(|name| &name.value);
    let kind = known.agent_group.as_ref().map(|kind| &kind.value);
    known.members.contains_key(&command.user)
        && (command.group_name.is_none() || command.group_name.as_ref() == name)
        && (command.agent_group.is_none() || command.agent_group.as_ref() == kind)
}

/// Precedence: actor, member.
pub(crate) fn remove_member(case: &Case<'_>, command: &RemoveSecurityGroupMember) -> Ruling {
    require_witness(case, command.partner)?;
    let known = case.partner(command.partner).and_then(|account| account.groups.get(&command.group));
    if !known.is_some_and(|known| known.members.contains_key(&command.user)) {
        return Err(Refusal::because(&ground::NOT_A_MEMBER).with("group", command.group).with("user", &command.user));
    }
    Ok(vec![Event::SecurityGroupMemberRemoved(SecurityGroupMemberRemoved {
        partner: command.partner,
        group: command.group,
        user: command.user.clone(),
    })])
}

fn require_witness(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    if RECORDERS.contains(&case.request.actor.kind) {
        return Ok(());
    }
    case.require_party(partner, &ground::ACTOR_NOT_PARTY_TO_GROUP)
}
