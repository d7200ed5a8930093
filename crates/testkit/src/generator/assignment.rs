//! Drawing access assignments, who is in the groups that they name, and what sources show of granular administration.

use std::collections::BTreeSet;

use ofrecord_core::command::gdap::{
    ActivateAccessAssignment, AddSecurityGroupMember, CreateAccessAssignment, DeleteAccessAssignment,
    RecordAccessAssignmentFailure, RemoveSecurityGroupMember, UpdateAccessAssignment,
};
use ofrecord_core::command::ledger::RecordObservation;
use ofrecord_core::event::gdap::{
    GdapAccessAssignmentObserved, GdapRelationshipActivated, GdapRelationshipExpired, GdapRelationshipObserved,
    GdapRelationshipTerminated, SecurityGroupMemberAdded,
};
use ofrecord_core::vocabulary::{AccessContainerType, AssignmentStatus, GdapAutoExtend, GdapDuration, GdapStatus};
use ofrecord_core::{Actor, Command, CustomerId, Event, RoleId};

use super::Generator;
use super::granular::{Assigned, Granted, NOWHERE, Step};
use crate::{actor, name, role};

type Drawn = (Actor, Option<CustomerId>, Command);

/// Users, and groups of each partner, that memberships are drawn from.
const USERS: u64 = 2;
const GROUPS: u64 = 3;

impl Generator {
    pub(super) fn assignment_command(&mut self) -> Drawn {
        // An assignment needs a relationship in force, so the youngest that is taken to be so comes first.
        let active = self.granted.iter().rposition(|granted| granted.step == Step::Active);
        let place = match active {
            Some(active) if self.random.percent(90) => active,
            Some(_) => self.place(),
            None if self.random.percent(10) => self.place(),
            None => return self.next_step(),
        };
        let Some(granted) = self.granted_at(place).cloned() else { return self.membership() };
        if granted.assigned.is_empty() || self.random.percent(20) {
            return self.given(place, &granted);
        }
        let which = self.random.index(granted.assigned.len());
        let Some(assigned) = granted.assigned.get(which).cloned() else { return self.given(place, &granted) };
        let command = self.on_assignment(place, which, &granted, assigned);
        let recorded =
            matches!(command, Command::ActivateAccessAssignment(_) | Command::RecordAccessAssignmentFailure(_));
        let actor = if recorded { actor::microsoft() } else { actor::admin_agent(granted.partner) };
        (actor, Some(granted.customer), command)
    }

    fn given(&mut self, place: usize, granted: &Granted) -> Drawn {
        let number = granted.assigned.len();
        let again = self.random.percent(8) && number > 0;
        let assignment = match granted.assigned.first() {
            Some(first) if again => first.assignment,
            Some(_) | None => name::assignment(&format!("A{}-{place}-{number}", self.seed)),
        };
        let group = name::group(&format!("g{}", self.random.below(GROUPS)));
        let roles = self.roles_of(granted);
        let odd = self.random.percent(4);
        let command = CreateAccessAssignment {
            partner: granted.partner,
            relationship: granted.relationship.clone(),
            assignment,
            group,
            container_type: AccessContainerType::from_wire(if odd { "user" } else { "securityGroup" }),
            roles: roles.clone(),
        };
        self.guess(place, |granted| granted.assigned.push(Assigned { assignment, group, roles, version: 1 }));
        let actor = actor::admin_agent(granted.partner);
        (actor, Some(granted.customer), Command::CreateAccessAssignment(command))
    }

    /// Mostly some of the relationship's roles.
    fn roles_of(&mut self, granted: &Granted) -> BTreeSet<RoleId> {
        if self.random.percent(8) {
            return if self.random.percent(30) { BTreeSet::new() } else { role::BUILT_IN.iter().copied().collect() };
        }
        let some: BTreeSet<RoleId> = granted.roles.iter().copied().filter(|_| self.random.percent(60)).collect();
        if some.is_empty() { granted.roles.clone() } else { some }
    }

    fn on_assignment(&mut self, place: usize, which: usize, granted: &Granted, mut assigned: Assigned) -> Command {
        let (partner, relationship) = (granted.partner, granted.relationship.clone());
        if self.random.percent(4) {
            assigned.assignment = name::assignment("never made");
        }
        let (assignment, version) = (assigned.assignment, self.version(assigned.version));
        let command = match self.random.below(10) {
            0..=3 => Command::ActivateAccessAssignment(ActivateAccessAssignment { partner, relationship, assignment }),
            4 => {
                let command = RecordAccessAssignmentFailure { partner, relationship, assignment };
                Command::RecordAccessAssignmentFailure(command)
            }
            5..=8 => {
                let roles = if self.random.percent(15) { assigned.roles } else { self.roles_of(granted) };
                let other = name::group(&format!("g{}", self.random.below(GROUPS)));
                let group = match self.random.below(10) {
                    0 | 1 => Some(other),
                    2 | 3 => Some(assigned.group),
                    _ => None,
                };
                let command = UpdateAccessAssignment { partner, relationship, assignment, version, roles, group };
                Command::UpdateAccessAssignment(command)
            }
            _ => {
                let command = DeleteAccessAssignment { partner, relationship, assignment, version };
                Command::DeleteAccessAssignment(command)
            }
        };
        self.guess(place, |granted| {
            if let Some(assigned) = granted.assigned.get_mut(which) {
                assigned.version += 1;
            }
        });
        command
    }

    pub(super) fn membership(&mut self) -> Drawn {
        let place = self.place();
        let partner = self.granted_at(place).map_or_else(|| name::partner("P0"), |granted| granted.partner);
        let group = name::group(&format!("g{}", self.random.below(GROUPS)));
        let user = name::user(&format!("user{}", self.random.below(USERS)));
        let command = if self.random.percent(60) {
            Command::AddSecurityGroupMember(AddSecurityGroupMember {
                partner,
                group,
                user,
                group_name: self.random.percent(20).then(|| format!("Group {}", self.random.below(2))),
                agent_group: None,
            })
        } else {
            Command::RemoveSecurityGroupMember(RemoveSecurityGroupMember { partner, group, user })
        };
        (actor::admin_agent(partner), None, command)
    }

    /// What a source shows of a relationship, an assignment or a group: of one drawn before or of one that no command made.
    pub(super) fn granular_observation(&mut self) -> Drawn {
        let place = if self.granted.is_empty() { NOWHERE } else { self.place() };
        // Of two partners' relationships under one id, a source shows the one that is.
        let seen = self
            .granted_at(place)
            .and_then(|drawn| self.granted.iter().find(|granted| granted.relationship == drawn.relationship).cloned());
        let (customer, event) = match (self.random.below(8), seen) {
            (0, _) | (_, None) => {
                let partner = self.any_partner();
                let group = name::group(&format!("g{}", self.random.below(GROUPS)));
                let user = name::user(&format!("user{}", self.random.below(USERS)));
                let (group_name, agent_group) = (None, None);
                let added = SecurityGroupMemberAdded { partner, group, user, group_name, agent_group };
                (None, Event::SecurityGroupMemberAdded(added))
            }
            (1..=3, Some(granted)) => (Some(granted.customer), self.relationship_seen(&granted)),
            (4, Some(granted)) => (Some(granted.customer), self.assignment_seen(&granted)),
            (5, Some(granted)) => {
                let (partner, relationship) = (granted.partner, granted.relationship);
                let customer = Some(granted.customer);
                let (ends_at, basis, terms) = (None, None, None);
                let activated = GdapRelationshipActivated { partner, relationship, customer, ends_at, basis, terms };
                (customer, Event::GdapRelationshipActivated(activated))
            }
            (6, Some(granted)) => {
                let (partner, relationship) = (granted.partner, granted.relationship);
                let terminated = GdapRelationshipTerminated { partner, relationship, by: None };
                (Some(granted.customer), Event::GdapRelationshipTerminated(terminated))
            }
            (_, Some(granted)) => {
                let (partner, relationship) = (granted.partner, granted.relationship);
                (
                    Some(granted.customer),
                    Event::GdapRelationshipExpired(GdapRelationshipExpired { partner, relationship }),
                )
            }
        };
        (actor::importer(), customer, Command::RecordObservation(RecordObservation { events: vec![event] }))
    }

    /// A whole relationship as a list shows it, or one that no command made.
    fn relationship_seen(&mut self, granted: &Granted) -> Event {
        let statuses =
            ["created", "approvalPending", "active", "active", "terminated", "expired", "unknownFutureValue"];
        let status = GdapStatus::from_wire(self.random.one_of::<&str>(&statuses));
        let unknown = self.random.percent(30);
        let number = self.random.below(4);
        let active = status == GdapStatus::Active;
        let days = i64::try_from(self.random.below(300)).unwrap_or(0);
        Event::GdapRelationshipObserved(Box::new(GdapRelationshipObserved {
            partner: granted.partner,
            relationship: if unknown {
                name::granular(&format!("seen{}-{number}", granted.partner))
            } else {
                granted.relationship.clone()
            },
            // Whoever shows one that no command made does not always say for whom it is.
            customer: (!unknown).then_some(granted.customer),
            display_name: Some(if unknown { format!("Seen {number}") } else { format!("Support {number}") }),
            duration: Some(GdapDuration::from_wire("P180D")),
            auto_extend: Some(if self.random.percent(30) { GdapAutoExtend::P180D } else { GdapAutoExtend::P0D }),
            roles: self.random.percent(70).then(|| granted.roles.clone()),
            status: Some(status),
            created_at: None,
            modified_at: None,
            activated_at: active.then(|| self.now.plus_days(days - 300)),
            ends_at: active.then(|| self.now.plus_days(days - 100)),
            provider: None,
            partner_consent_pending: None,
            etag: None,
        }))
    }

    fn assignment_seen(&mut self, granted: &Granted) -> Event {
        let statuses: [&str; 6] = ["pending", "active", "active", "deleting", "deleted", "error"];
        let status = AssignmentStatus::from_wire(self.random.one_of::<&str>(&statuses));
        let known = granted.assigned.first().filter(|_| self.random.percent(70));
        Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
            partner: granted.partner,
            relationship: granted.relationship.clone(),
            assignment: known
                .map_or_else(|| name::assignment(&format!("seen {}", granted.relationship)), |known| known.assignment),
            group: Some(known.map_or_else(|| name::group("g0"), |known| known.group)),
            container_type: Some(AccessContainerType::SecurityGroup),
            roles: Some(self.roles_of(granted)),
            status: Some(status),
            created_at: None,
            modified_at: None,
            etag: None,
        }))
    }
}
