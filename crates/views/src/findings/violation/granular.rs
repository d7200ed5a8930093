//! Granular facts that the rules would have refused: an extension that may not be, and assignments that give too much or twice.

use std::collections::BTreeSet;

use ofrecord_core::entra_role::GLOBAL_ADMINISTRATOR;
use ofrecord_core::state::{AccessAssignment, GdapRelationship};
use ofrecord_core::vocabulary::{AssignmentStatus, GdapAutoExtend};
use ofrecord_core::{
    AccessAssignmentId, Customer, Event, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, State,
};

use super::Before;
use crate::cells::Cells;
use crate::finding::{Finding, FindingSubject};
use crate::roles;

/// What a fact says of an assignment.
struct Said<'a> {
    partner: PartnerTenantId,
    relationship: &'a GdapRelationshipId,
    assignment: AccessAssignmentId,
    group: Option<SecurityGroupId>,
    roles: Option<&'a BTreeSet<RoleId>>,
}

impl<'a> Said<'a> {
    fn by(event: &'a Event) -> Option<Self> {
        Some(if let Event::GdapAccessAssignmentCreated(event) = event {
            Self {
                partner: event.partner,
                relationship: &event.relationship,
                assignment: event.assignment,
                group: Some(event.group),
                roles: Some(&event.roles),
            }
        } else if let Event::GdapAccessAssignmentUpdated(event) = event {
            Self {
                partner: event.partner,
                relationship: &event.relationship,
                assignment: event.assignment,
                group: None,
                roles: event.roles.as_ref(),
            }
        } else if let Event::GdapAccessAssignmentObserved(event) = event {
            // What is gone gives nothing and takes no group's place.
            let live = [AssignmentStatus::Pending, AssignmentStatus::Active];
            let live = event.status.as_ref().is_none_or(|status| live.contains(status));
            Self {
                partner: event.partner,
                relationship: &event.relationship,
                assignment: event.assignment,
                group: event.group.filter(|_| live),
                roles: event.roles.as_ref().filter(|_| live),
            }
        } else {
            return None;
        })
    }

    fn subject(&self) -> FindingSubject {
        FindingSubject {
            relationship: Some(self.relationship.clone()),
            field: Some(format!("assignment {}", self.assignment)),
            ..FindingSubject::partner(self.partner)
        }
    }
}

impl Before<'_> {
    /// Rules and G-7.
    pub(super) fn granular(&self) -> Option<Finding> {
        match Said::by(&self.fact.event) {
            Some(said) => {
                let known = self.state.access.granular.by_id.get(said.relationship)?;
                self.beyond_the_relationship(&said, known).or_else(|| self.second_for_group(&said, known))
            }
            None => self.going_on_with_global_administrator(),
        }
    }

    /// Rule A-2, as far as the roles of the relationship are known.
    fn beyond_the_relationship(&self, said: &Said<'_>, known: &GdapRelationship) -> Option<Finding> {
        let held = known.roles.as_ref()?;
        let beyond: BTreeSet<String> = (said.roles? - &held.value).into_iter().map(roles::name).collect();
        if beyond.is_empty() {
            return None;
        }
        let mut behind = Cells::default();
        behind.cell("roles", Some(held));
        let sentence = format!(
            "assignment {} gave roles that granular relationship {} does not hold: {}",
            said.assignment,
            said.relationship,
            beyond.into_iter().collect::<Vec<_>>().join(", ")
        );
        Some(self.broken("A-2", said.subject(), sentence, &behind))
    }

    /// Rule A-4.
    fn second_for_group(&self, said: &Said<'_>, known: &GdapRelationship) -> Option<Finding> {
        let group = said.group?;
        let of_group =
            |assignment: &AccessAssignment| assignment.group.as_ref().is_some_and(|known| known.value == group);
        let (other, assignment) = known
            .assignments
            .iter()
            .find(|(id, assignment)| **id != said.assignment && assignment.is_live() && of_group(assignment))?;
        let mut behind = Cells::default();
        behind.cell("group", assignment.group.as_ref());
        behind.cell("status", assignment.status.as_ref());
        let sentence = format!(
            "group {group} got assignment {} of granular relationship {} beside assignment {other}",
            said.assignment, said.relationship
        );
        Some(self.broken("A-4", said.subject(), sentence, &behind))
    }

    /// Rule G-7: found with the fact that brings the two together, and with no later one.
    fn going_on_with_global_administrator(&self) -> Option<Finding> {
        let id = self.fact.event.granular_relationship()?;
        let known = &self.state.access.granular.by_id;
        let goes_on = |known: &GdapRelationship| {
            let extends = known.auto_extend.as_ref().is_some_and(|extend| extend.value == GdapAutoExtend::P180D);
            extends && known.holds(GLOBAL_ADMINISTRATOR)
        };
        if known.get(id).is_some_and(goes_on) {
            return None;
        }
        let mut after = Customer::default();
        if let Some(known) = known.get(id) {
            after.access.granular.by_id.insert(id.clone(), known.clone());
        }
        after.apply(self.fact);
        let known = after.access.granular.by_id.get(id).filter(|known| goes_on(known))?;
        let mut behind = Cells::default();
        behind.cell("auto_extend", known.auto_extend.as_ref());
        behind.cell("roles", known.roles.as_ref());
        let subject = FindingSubject { relationship: Some(id.clone()), ..FindingSubject::partner(known.partner) };
        let sentence = format!("granular relationship {id} goes on by itself and holds Global administrator");
        Some(self.broken("G-7", subject, sentence, &behind))
    }
}
