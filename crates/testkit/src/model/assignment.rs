//! Judging access assignments and who is in the groups they name, and what sources show of either (rules ).

use std::collections::BTreeSet;

use ofrecord_core::command::gdap::CreateAccessAssignment;
use ofrecord_core::vocabulary::{AccessContainerType, AssignmentStatus, GdapStatus};
use ofrecord_core::{
    AccessAssignmentId, Command, Event, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, UserName,
};

use super::cloud;
use super::granted::{Assigned, Granular};
use super::granular::{Led, OnAssignment, Seen, Told, What};
use super::world::PartnerChange;
use super::{Judgement, Reason, Scene};

/// Which assignment a command names.
type Named<'a> = (PartnerTenantId, &'a GdapRelationshipId, AccessAssignmentId);

fn named(command: &Command) -> Option<Named<'_>> {
    if let Command::ActivateAccessAssignment(command) = command {
        Some((command.partner, &command.relationship, command.assignment))
    } else if let Command::RecordAccessAssignmentFailure(command) = command {
        Some((command.partner, &command.relationship, command.assignment))
    } else if let Command::UpdateAccessAssignment(command) = command {
        Some((command.partner, &command.relationship, command.assignment))
    } else if let Command::DeleteAccessAssignment(command) = command {
        Some((command.partner, &command.relationship, command.assignment))
    } else {
        None
    }
}

impl Scene<'_> {
    /// A relationship as the customer's own record has it.
    fn shared_with(
        &self,
        partner: PartnerTenantId,
        id: &GdapRelationshipId,
        found: &mut Judgement,
    ) -> Option<&Granular> {
        let known = self.granular.shared().get(&(partner, id.clone()));
        if known.is_none() {
            found.code("gdap_relationship_not_found");
        }
        known
    }

    fn judge_in_force(&self, known: &Granular, found: &mut Judgement) {
        if !matches!(self.status_of(known), Some(GdapStatus::Active | GdapStatus::Activating)) {
            found.code("relationship_not_active");
        }
    }

    fn judge_partner_acts(&self, partner: PartnerTenantId, found: &mut Judgement) {
        if self.acting() != Some(partner) {
            found.code("actor_not_party");
        }
    }

    pub(super) fn judge_giving(&self, command: &CreateAccessAssignment, found: &mut Judgement) {
        self.judge_partner_acts(command.partner, found);
        let Some(known) = self.shared_with(command.partner, &command.relationship, found) else { return };
        self.judge_in_force(known, found);
        if command.container_type != AccessContainerType::SecurityGroup {
            found.code("access_container_invalid");
        }
        judge_given_roles(known, &command.roles, found);
        let taken = |assigned: &Assigned| assigned.is_live() && assigned.group == Some(command.group);
        let ever = self.granular.ever_shared().get(&(command.partner, command.relationship.clone()));
        if known.assignments.values().any(taken)
            || ever.is_some_and(|ever| ever.assignments.contains_key(&command.assignment))
        {
            found.code("assignment_exists");
        }
    }

    /// Commands on an assignment that is there.
    pub(super) fn judge_assignment(&self, command: &Command, found: &mut Judgement) {
        let Some((partner, relationship, assignment)) = named(command) else { return };
        let recorded =
            matches!(command, Command::ActivateAccessAssignment(_) | Command::RecordAccessAssignmentFailure(_));
        if recorded {
            self.judge_recorder(found);
        } else {
            self.judge_partner_acts(partner, found);
        }
        let Some(known) = self.shared_with(partner, relationship, found) else { return };
        let Some(assigned) = known.assignments.get(&assignment) else {
            found.code("assignment_not_found");
            return;
        };
        let failed = assigned.status == Some(AssignmentStatus::Error);
        let again = failed && matches!(command, Command::RecordAccessAssignmentFailure(_));
        if !assigned.is_live() && !again {
            found.code("assignment_not_live");
        }
        if let Command::ActivateAccessAssignment(_) = command {
            self.judge_in_force(known, found);
        } else if let Command::UpdateAccessAssignment(command) = command {
            self.judge_version(command.version, assigned.version(), found);
            self.judge_in_force(known, found);
            if command.group.is_some() && command.group != assigned.group {
                found.code("group_is_immutable");
            }
            judge_given_roles(known, &command.roles, found);
        } else if let Command::DeleteAccessAssignment(command) = command {
            self.judge_version(command.version, assigned.version(), found);
        }
    }

    pub(super) fn judge_member(&self, command: &Command, found: &mut Judgement) {
        let partner = if let Command::AddSecurityGroupMember(command) = command {
            command.partner
        } else if let Command::RemoveSecurityGroupMember(command) = command {
            if !self.is_member(command.partner, command.group, &command.user) {
                found.code("not_a_member");
            }
            command.partner
        } else {
            return;
        };
        if !self.is_recorder() {
            self.judge_partner_acts(partner, found);
        }
    }

    fn is_member(&self, partner: PartnerTenantId, group: SecurityGroupId, user: &UserName) -> bool {
        self.partners.groups.get(&(partner, group)).is_some_and(|group| group.members.contains(user))
    }

    /// What accepted commands change in assignments.
    pub(super) fn assignment_changes(&self, command: &Command, told: &mut Vec<Told>) {
        let mut tell = |(partner, relationship, assignment): Named<'_>, what| {
            let (relationship, what) = (relationship.clone(), What::OnAssignment(assignment, what));
            told.push(Told { partner, relationship, customer: self.customer_id, what });
        };
        if let Command::CreateAccessAssignment(command) = command {
            let what = OnAssignment::Given { group: command.group, roles: command.roles.clone() };
            tell((command.partner, &command.relationship, command.assignment), what);
        }
        let Some(named) = named(command) else { return };
        let known =
            self.granular.shared().get(&(named.0, named.1.clone())).and_then(|known| known.assignments.get(&named.2));
        let status = known.and_then(|known| known.status.as_ref());
        // Telling again what holds already is not recorded.
        if let Command::ActivateAccessAssignment(_) = command {
            if status != Some(&AssignmentStatus::Active) {
                tell(named, OnAssignment::InForce);
            }
        } else if let Command::RecordAccessAssignmentFailure(_) = command {
            if status != Some(&AssignmentStatus::Error) {
                tell(named, OnAssignment::Failed);
            }
        } else if let Command::UpdateAccessAssignment(command) = command {
            if known.and_then(|known| known.roles.as_ref()) != Some(&command.roles) {
                tell(named, OnAssignment::Replaced(command.roles.clone()));
            }
        } else if let Command::DeleteAccessAssignment(_) = command {
            tell(named, OnAssignment::TakenBack);
        }
    }

    /// What accepted commands and imports change in groups.
    pub(super) fn group_changes(&self, command: &Command, changes: &mut Vec<PartnerChange>) {
        if let Command::AddSecurityGroupMember(command) = command {
            let (partner, group, user) = (command.partner, command.group, command.user.clone());
            let named = self.partners.groups.get(&(partner, group)).and_then(|known| known.name.as_ref());
            let name = command.group_name.clone();
            let nothing_new = name.is_none() || name.as_ref() == named;
            if !nothing_new || !self.is_member(partner, group, &user) {
                changes.push(PartnerChange::MemberIn { partner, group, user, name });
            }
        } else if let Command::RemoveSecurityGroupMember(command) = command {
            let (partner, group, user) = (command.partner, command.group, command.user.clone());
            changes.push(PartnerChange::MemberOut { partner, group, user });
        } else if let Command::RecordObservation(command) = command {
            changes.extend(command.events.iter().filter_map(|event| {
                let Event::SecurityGroupMemberAdded(event) = event else { return None };
                let (partner, group, user) = (event.partner, event.group, event.user.clone());
                Some(PartnerChange::MemberIn { partner, group, user, name: event.group_name.clone() })
            }));
        }
    }

    /// What sources show of relationships and assignments.
    pub(super) fn granular_observed(&self, command: &Command, told: &mut Vec<Told>) {
        let Command::RecordObservation(command) = command else { return };
        told.extend(command.events.iter().filter_map(|event| {
            let (partner, relationship) = (event.partner()?, event.granular_relationship()?.clone());
            Some(Told { partner, relationship, customer: self.customer_id, what: shown(event)? })
        }));
        if cloud::gdap_offered(self.cloud) {
            self.whose(told);
        }
    }

    /// What is shown under a customer, and nobody has it so far, is that customer's (rule G-21).
    fn whose(&self, told: &mut Vec<Told>) {
        let Some(customer) = self.customer_id else { return };
        let mut also = Vec::new();
        for one in told.iter().filter(|one| !matches!(one.what, What::OnAssignment(..))) {
            let known = self.granular.known().get(&(one.partner, one.relationship.clone()));
            if known.is_none_or(|known| known.customer.is_none()) {
                let what = What::Seen(Box::new(Seen { customer: Some(customer), ..Seen::default() }));
                also.push(Told { what, ..one.clone() });
            }
        }
        told.append(&mut also);
    }
}

/// Rule A-2, as far as the relationship's roles are known.
fn judge_given_roles(known: &Granular, roles: &BTreeSet<RoleId>, found: &mut Judgement) {
    if roles.is_empty() {
        found.forbid(Reason::Some("an assignment gives some role"));
    }
    if known.roles.as_ref().is_some_and(|held| !roles.is_subset(held)) {
        found.code("role_not_in_relationship");
    }
}

fn shown(event: &Event) -> Option<What> {
    if let Event::GdapRelationshipObserved(event) = event {
        Some(What::Seen(Box::new(Seen {
            customer: event.customer,
            name: event.display_name.clone(),
            duration: event.duration.clone(),
            extension: event.auto_extend.clone(),
            roles: event.roles.clone(),
            status: event.status.clone(),
            begun: event.activated_at,
            end: event.ends_at,
        })))
    } else if let Event::GdapRelationshipActivated(event) = event {
        let (customer, end) = (event.customer, event.ends_at);
        Some(What::Begun { customer, end, terms: None, led: Led::ByNobody })
    } else if let Event::GdapRelationshipTerminated(_) = event {
        Some(What::Ended)
    } else if let Event::GdapRelationshipExpired(_) = event {
        Some(What::Expired)
    } else if let Event::GdapAccessAssignmentObserved(event) = event {
        let (group, roles, status) = (event.group, event.roles.clone(), event.status.clone());
        Some(What::OnAssignment(event.assignment, OnAssignment::Seen { group, roles, status }))
    } else {
        None
    }
}
