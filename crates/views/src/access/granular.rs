//! Access by granular relationships: every assignment in force of a relationship in force (rules A-8, G-18).

use std::collections::BTreeSet;

use ofrecord_core::entra_role::GLOBAL_ADMINISTRATOR;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::granular::Approval;
use ofrecord_core::state::{AccessAssignment, Customer, GdapRelationship, GdapStatusAt};
use ofrecord_core::vocabulary::ApprovalBasis;
use ofrecord_core::{AccessAssignmentId, GdapRelationshipId, Policy, RoleId, SecurityGroupId, Stamp, Timestamp};
use serde::Serialize;

use super::{AccessRow, Coverage, HeldRole, Mechanism, standing};
use crate::cells::Cells;
use crate::intervals::TimedTurn;
use crate::roles;

/// Which assignment of which relationship, and the group that it gives roles to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GranularKey {
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The group of the partner's tenant, where known.
    pub group: Option<SecurityGroupId>,
}

/// What happens when the end of a granular relationship is reached (rule G-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// It is over.
    Ends,
    /// It goes on by its extension.
    GoesOn,
    /// No source says when the end is.
    NotKnown,
}

/// The customer's side of a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approved {
    /// On what it rests.
    pub basis: ApprovalBasis,
    /// Who approved, where a source says.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What stands behind access by a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GranularAccess {
    /// The relationship, the assignment and the group.
    #[serde(flatten)]
    pub key: GranularKey,
    /// The relationship's name, where known.
    pub display_name: Option<String>,
    /// The ids of the roles given; none where no source lists them.
    pub roles: Option<BTreeSet<RoleId>>,
    /// What happens at the end.
    pub at_end: AtEnd,
    /// The customer's side; none where the ledger has no approval.
    pub approved: Option<Approved>,
}

/// An assignment in force that gives some role, or of which no source says which, under a relationship in force.
struct InForce<'a> {
    id: &'a GdapRelationshipId,
    relationship: &'a GdapRelationship,
    holds: &'a GdapStatusAt,
    assignment_id: AccessAssignmentId,
    assignment: &'a AccessAssignment,
}

pub(super) fn rows(customer: &Customer, at: Timestamp, policy: &Policy) -> Vec<AccessRow> {
    let mut rows = Vec::new();
    for (id, relationship) in &customer.access.granular.by_id {
        let holds = relationship.status_at(at, policy);
        if !holds.is_active() {
            continue;
        }
        let in_force = relationship.assignments.iter().filter(|(_, assignment)| assignment.is_active());
        let in_force = in_force
            .map(|(assignment_id, assignment)| InForce {
                id,
                relationship,
                holds: &holds,
                assignment_id: *assignment_id,
                assignment,
            })
            .filter(|found| found.roles_given().is_none_or(|roles| !roles.is_empty()));
        rows.extend(in_force.map(|found| found.row(customer, policy)));
    }
    rows
}

/// The next instant after `at` at which time alone takes access away: an end at which a relationship does not go
/// on. An extension changes only until when, so it is none (rule G-18).
pub(crate) fn next_turn(customer: &Customer, at: Timestamp, policy: &Policy) -> Option<TimedTurn> {
    let ends = customer.access.granular.by_id.values().filter_map(|relationship| {
        let holds = relationship.status_at(at, policy);
        let end = holds.ends_at.filter(|_| holds.is_active())?;
        (at_end(relationship, &holds, policy) == AtEnd::Ends).then(|| (end, end_positions(relationship)))
    });
    TimedTurn::first(ends)
}

/// What happens at the end that is known of a relationship in force.
pub(crate) fn at_end(relationship: &GdapRelationship, holds: &GdapStatusAt, policy: &Policy) -> AtEnd {
    match holds.ends_at {
        None => AtEnd::NotKnown,
        Some(end) if relationship.status_at(end, policy).is_active() => AtEnd::GoesOn,
        Some(_) => AtEnd::Ends,
    }
}

/// The entries that the end of a relationship follows from.
pub(crate) fn end_positions(relationship: &GdapRelationship) -> BTreeSet<u64> {
    let mut cells = Cells::default();
    end_cells(relationship, "until", &mut cells);
    cells.of("until").collect()
}

/// Notes what the end of a relationship follows from, and whether it goes on there.
pub(crate) fn end_cells(relationship: &GdapRelationship, field: &'static str, cells: &mut Cells) {
    cells.cell(field, relationship.ends_at.as_ref());
    cells.cell(field, relationship.auto_extend.as_ref());
    cells.cell(field, relationship.extended.as_ref());
}

/// The customer's side, noted.
pub(crate) fn approved(approval: Option<&Cell<Approval>>, cells: &mut Cells) -> Option<Approved> {
    let approval = approval?;
    cells.stamp("approved", approval.set);
    let Approval { basis, by } = approval.value.clone();
    Some(Approved { basis, by, at: approval.set.effective_at })
}

impl InForce<'_> {
    fn row(&self, customer: &Customer, policy: &Policy) -> AccessRow {
        let partner = self.relationship.partner;
        let mut cells = Cells::default();
        cells.cell("access", self.relationship.status.as_ref());
        cells.cell("access", self.assignment.status.as_ref());
        for stamp in self.role_changes() {
            cells.stamp("roles", stamp);
        }
        end_cells(self.relationship, "until", &mut cells);
        let granular = GranularAccess {
            key: GranularKey {
                relationship: self.id.clone(),
                assignment: self.assignment_id,
                group: cells.read("group", self.assignment.group.as_ref()),
            },
            display_name: cells.read("display_name", self.relationship.display_name.as_ref()),
            roles: self.roles_given(),
            at_end: at_end(self.relationship, self.holds, policy),
            approved: approved(self.relationship.approval.as_ref(), &mut cells),
        };
        let named = |role: &RoleId| HeldRole { role: roles::name(*role), through: None };
        let since = self.since();
        AccessRow {
            partner,
            mechanism: Mechanism::Gdap,
            coverage: Coverage::Tenant,
            roles: granular.roles.iter().flatten().map(named).collect(),
            since,
            started_at: self.started_at(since, &mut cells),
            until: self.holds.ends_at,
            granular: Some(granular),
            standing: standing(customer, partner, &mut cells),
            positions: cells.positions(),
            cells,
        }
    }

    fn roles_given(&self) -> Option<BTreeSet<RoleId>> {
        self.assignment.roles.as_ref().map(|_| self.relationship.roles_given(self.assignment))
    }

    /// What the roles given follow from; the relationship's own where it does not hold all that were assigned.
    fn role_changes(&self) -> impl Iterator<Item = Stamp> {
        let assigned = self.assignment.roles.as_ref();
        let lacking = assigned.is_some_and(|roles| self.roles_given().as_ref() != Some(&roles.value));
        let held = self.relationship.roles.as_ref().filter(|_| lacking);
        [assigned, held].into_iter().flatten().map(|cell| cell.set)
    }

    /// Since when the relationship and the assignment are both in force with these roles.
    fn since(&self) -> Timestamp {
        let given = self.assignment.roles.as_ref();
        let lost = self.relationship.global_administrator.as_ref().and_then(|spell| spell.removed);
        let lost = lost.filter(|_| given.is_some_and(|roles| roles.value.contains(&GLOBAL_ADMINISTRATOR)));
        let assigned = [self.assignment.status.as_ref().map(|status| status.set), given.map(|roles| roles.set), lost];
        let assigned = assigned.into_iter().flatten().map(|set| set.effective_at);
        assigned.fold(self.holds.since, Timestamp::max)
    }

    /// The later of the two beginnings that sources say, where a source showed either already in force.
    fn started_at(&self, since: Timestamp, cells: &mut Cells) -> Option<Timestamp> {
        let said = [self.relationship.activated_at.as_ref(), self.assignment.created_at.as_ref()];
        let shown = said.iter().flatten().any(|cell| cell.value < cell.set.effective_at);
        let started = said.iter().flatten().map(|cell| cell.value).max()?;
        if !shown || since <= started {
            return None;
        }
        for cell in said {
            cells.cell("started_at", cell);
        }
        Some(started)
    }
}

#[cfg(test)]
mod tests;
