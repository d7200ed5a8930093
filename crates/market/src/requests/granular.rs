//! Requests on granular administration, and on who is in a partner's groups.

use std::collections::BTreeSet;

use ofrecord_core::command::gdap;
use ofrecord_core::command::ledger::RecordObservation;
use ofrecord_core::entra_role::{DIRECTORY_WRITERS, ENTRA_ROLES, GLOBAL_ADMINISTRATOR};
use ofrecord_core::event::gdap::{GdapAccessAssignmentActivated, GdapAccessAssignmentCreated};
use ofrecord_core::vocabulary::{AccessContainerType, AgentGroup, GdapAutoExtend, GdapDuration};
use ofrecord_core::{
    AccessAssignmentId, Actor, ActorKind, Command, Event, GdapRelationshipId, PartnerTenantId, Role, RoleId,
    SecurityGroupId, UserName,
};

use super::Scene;
use crate::action::{Act, Granular, Roles, Staff};
use crate::{GROUPS, name_id};

const READ: &[&str] = &["Global reader", "Directory readers"];
const SUPPORT: &[&str] = &["Service support administrator", "License administrator", "Helpdesk administrator"];
const MANAGE: &[&str] = &["User administrator", "Exchange administrator"];

impl Roles {
    fn ids(self) -> BTreeSet<RoleId> {
        let named: &[&[&str]] = match self {
            Self::Read => &[READ],
            Self::Support => &[READ, SUPPORT],
            Self::Manage | Self::Everything => &[READ, SUPPORT, MANAGE],
        };
        let named = named.iter().copied().flatten();
        let ids = named.filter_map(|name| ENTRA_ROLES.iter().find(|role| role.name == *name)).map(|role| role.id);
        let more: &[RoleId] = match self {
            Self::Read | Self::Support => &[],
            Self::Manage => &[DIRECTORY_WRITERS],
            Self::Everything => &[DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR],
        };
        ids.chain(more.iter().copied()).collect()
    }
}

/// A relationship as commands name it.
struct Named {
    partner: PartnerTenantId,
    relationship: GdapRelationshipId,
}

impl Scene<'_> {
    fn microsoft() -> Actor {
        Actor::new(ActorKind::Microsoft)
    }

    /// Two GUIDs joined by a hyphen, as Graph writes it.
    fn named(&self, action: &Granular) -> Option<Named> {
        let part = |half: &str| self.id(&format!("granular/{}/{half}", action.relationship));
        let relationship = format!("{}-{}", part("first"), part("second")).parse().ok()?;
        Some(Named { partner: self.partner(action.partner), relationship })
    }

    fn assignment(&self, action: &Granular, number: u8) -> AccessAssignmentId {
        AccessAssignmentId::new(self.id(&format!("granular/{}/assignment/{number}", action.relationship)))
    }

    /// A group of a partner's tenant.
    fn group(&self, partner: u32, group: u8) -> SecurityGroupId {
        SecurityGroupId::new(name_id(self.seed, &format!("partner/{partner}/group/{group}")))
    }

    pub(super) fn granular(&self, action: &Granular) -> Option<(Actor, Command)> {
        let Named { partner, relationship } = self.named(action)?;
        let agent = |maker: Option<u32>| self.agent(maker.unwrap_or(action.partner), Role::AdminAgent);
        Some(match &action.act {
            Act::Make { provider, days, roles, extends } => {
                let command = gdap::CreateGdapRelationship {
                    partner,
                    relationship,
                    display_name: format!("{} support {}", self.company(), action.relationship),
                    duration: GdapDuration::of_days(u32::from(*days)),
                    auto_extend: if *extends { GdapAutoExtend::P180D } else { GdapAutoExtend::P0D },
                    roles: roles.ids(),
                };
                (agent(*provider), Command::CreateGdapRelationship(command))
            }
            Act::Lock { provider } => {
                let command = gdap::LockGdapForApproval { partner, relationship };
                (agent(*provider), Command::LockGdapForApproval(command))
            }
            Act::Consent => (agent(None), Command::ApproveGdap(gdap::ApproveGdap { partner, relationship })),
            Act::Approve => (self.admin(), Command::ApproveGdap(gdap::ApproveGdap { partner, relationship })),
            Act::Terminate { by_customer } => {
                let actor = if *by_customer { self.admin() } else { agent(None) };
                (actor, Command::TerminateGdap(gdap::TerminateGdap { partner, relationship }))
            }
            Act::RemoveGlobalAdministrator { version } => {
                let version = Some(u64::from(*version));
                let command = gdap::RemoveGlobalAdministratorRole { partner, relationship, version };
                (agent(None), Command::RemoveGlobalAdministratorRole(command))
            }
            Act::SwitchExtension { version, extends } => {
                let auto_extend = if *extends { GdapAutoExtend::P180D } else { GdapAutoExtend::P0D };
                let version = Some(u64::from(*version));
                let command = gdap::SetGdapAutoExtend { partner, relationship, version, auto_extend };
                (agent(None), Command::SetGdapAutoExtend(command))
            }
            Act::Assign { .. } | Act::ActivateAssignment { .. } | Act::Replace { .. } | Act::LedAssignment { .. } => {
                return self.on_assignment(action);
            }
            Act::Activate
            | Act::RecordTermination
            | Act::RecordExtension
            | Act::RecordExpiry
            | Act::RecordCleanUp
            | Act::Lead => (Self::microsoft(), self.recorded(action)?),
        })
    }

    /// What Microsoft does to a relationship.
    fn recorded(&self, action: &Granular) -> Option<Command> {
        let Named { partner, relationship } = self.named(action)?;
        Some(match &action.act {
            Act::Activate => Command::ActivateGdap(gdap::ActivateGdap { partner, relationship }),
            Act::RecordTermination => {
                Command::RecordGdapTermination(gdap::RecordGdapTermination { partner, relationship })
            }
            Act::RecordExtension => Command::ExtendGdap(gdap::ExtendGdap { partner, relationship }),
            Act::RecordExpiry => Command::ExpireGdap(gdap::ExpireGdap { partner, relationship }),
            Act::RecordCleanUp => Command::RecordGdapCleanUp(gdap::RecordGdapCleanUp { partner, relationship }),
            Act::Lead => {
                let hex = relationship.as_str().replace('-', "");
                let group = |from: usize| hex.get(from..from + 8);
                let command = gdap::StartMicrosoftLedTransition {
                    partner,
                    display_name: format!("MLT_{}_{}_{}", group(0)?, group(8)?, group(16)?),
                    relationship,
                    roles: Roles::Manage.ids(),
                };
                Command::StartMicrosoftLedTransition(command)
            }
            Act::Make { .. }
            | Act::Consent
            | Act::Lock { .. }
            | Act::Approve
            | Act::Assign { .. }
            | Act::ActivateAssignment { .. }
            | Act::Replace { .. }
            | Act::RemoveGlobalAdministrator { .. }
            | Act::SwitchExtension { .. }
            | Act::Terminate { .. }
            | Act::LedAssignment { .. } => return None,
        })
    }

    fn on_assignment(&self, action: &Granular) -> Option<(Actor, Command)> {
        let Named { partner, relationship } = self.named(action)?;
        let agent = || self.agent(action.partner, Role::AdminAgent);
        match &action.act {
            Act::Assign { assignment, group, roles } => {
                let command = gdap::CreateAccessAssignment {
                    partner,
                    relationship,
                    assignment: self.assignment(action, *assignment),
                    group: self.group(action.partner, *group),
                    container_type: AccessContainerType::SecurityGroup,
                    roles: roles.ids(),
                };
                Some((agent(), Command::CreateAccessAssignment(command)))
            }
            Act::ActivateAssignment { assignment } => {
                let assignment = self.assignment(action, *assignment);
                let command = gdap::ActivateAccessAssignment { partner, relationship, assignment };
                Some((Self::microsoft(), Command::ActivateAccessAssignment(command)))
            }
            Act::Replace { assignment, version, roles } => {
                let command = gdap::UpdateAccessAssignment {
                    partner,
                    relationship,
                    assignment: self.assignment(action, *assignment),
                    version: Some(u64::from(*version)),
                    roles: roles.ids(),
                    group: None,
                };
                Some((agent(), Command::UpdateAccessAssignment(command)))
            }
            Act::LedAssignment { assignment, group, roles } => {
                let assignment = self.assignment(action, *assignment);
                let group = self.group(action.partner, *group);
                let created = GdapAccessAssignmentCreated {
                    partner,
                    relationship: relationship.clone(),
                    assignment,
                    group,
                    roles: roles.ids(),
                };
                let activated = GdapAccessAssignmentActivated { partner, relationship, assignment };
                let events =
                    vec![Event::GdapAccessAssignmentCreated(created), Event::GdapAccessAssignmentActivated(activated)];
                Some((Self::microsoft(), Command::RecordObservation(RecordObservation { events })))
            }
            Act::Make { .. }
            | Act::Consent
            | Act::Lock { .. }
            | Act::Approve
            | Act::Activate
            | Act::RemoveGlobalAdministrator { .. }
            | Act::SwitchExtension { .. }
            | Act::Terminate { .. }
            | Act::RecordTermination
            | Act::RecordExtension
            | Act::RecordExpiry
            | Act::RecordCleanUp
            | Act::Lead => None,
        }
    }

    pub(super) fn staff(&self, action: &Staff) -> Option<(Actor, Command)> {
        let partner = self.partner(self.number);
        let actor = self.agent(self.number, Role::GlobalAdmin);
        Some(match action {
            Staff::Joins { group, user } => {
                let command = gdap::AddSecurityGroupMember {
                    partner,
                    group: self.group(self.number, *group),
                    user: self.user(*user)?,
                    group_name: GROUPS.get(usize::from(*group)).map(|name| (*name).to_owned()),
                    agent_group: match group {
                        0 => Some(AgentGroup::AdminAgents),
                        1 => Some(AgentGroup::HelpdeskAgents),
                        _ => None,
                    },
                };
                (actor, Command::AddSecurityGroupMember(command))
            }
            Staff::Leaves { group, user } => {
                let (group, user) = (self.group(self.number, *group), self.user(*user)?);
                let command = gdap::RemoveSecurityGroupMember { partner, group, user };
                (actor, Command::RemoveSecurityGroupMember(command))
            }
        })
    }

    fn user(&self, user: u8) -> Option<UserName> {
        const NAMES: [&str; 8] = ["alex", "bailey", "charlie", "devon", "emery", "finley", "gray", "harper"];
        let name = NAMES.get(usize::from(user) % NAMES.len())?;
        format!("{name}@{}.partner.example", self.partner(self.number).to_string().get(..8)?).parse().ok()
    }
}
