//! The access assignments of a granular relationship, and whether they have effect at an instant (rule A-8).

use std::collections::BTreeSet;

use ofrecord_core::state::{AccessAssignment, GdapRelationship, GdapStatusAt};
use ofrecord_core::vocabulary::{AccessContainerType, AssignmentStatus};
use ofrecord_core::{AccessAssignmentId, RoleId, SecurityGroupId, Timestamp};
use serde::Serialize;

use crate::cells::Cells;
use crate::roles;

/// Whether an assignment has effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is active, and so is its relationship.
    InForce,
    /// It is not active, or its relationship is not.
    NotInForce,
}

/// One access assignment. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssignmentRow {
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The group that it gives roles to.
    pub group: Option<SecurityGroupId>,
    /// What kind of container that is, verbatim.
    pub container_type: Option<AccessContainerType>,
    /// Its status as last recorded.
    pub status: Option<AssignmentStatus>,
    /// Since when.
    pub status_since: Option<Timestamp>,
    /// Whether it has effect at the instant.
    pub effect: Effect,
    /// The roles given, as recorded; of those only the ones that the relationship holds have effect (rule A-2).
    pub roles: Option<BTreeSet<RoleId>>,
    /// Their published names; an id where none is published.
    pub role_names: BTreeSet<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last changed, as a source says.
    pub modified_at: Option<Timestamp>,
    /// The source's entity tag, verbatim.
    pub etag: Option<String>,
}

/// The assignments by their ids; what set them is noted under `assignments`.
pub(super) fn rows(known: &GdapRelationship, holds: &GdapStatusAt, cells: &mut Cells) -> Vec<AssignmentRow> {
    known.assignments.iter().map(|(id, assignment)| row(*id, assignment, holds, cells)).collect()
}

/// The groups that have roles by assignments in force.
pub(super) fn groups_in_force(assignments: &[AssignmentRow]) -> BTreeSet<SecurityGroupId> {
    assignments.iter().filter(|row| row.effect == Effect::InForce).filter_map(|row| row.group).collect()
}

fn row(id: AccessAssignmentId, known: &AccessAssignment, holds: &GdapStatusAt, cells: &mut Cells) -> AssignmentRow {
    const FIELD: &str = "assignments";
    cells.stamp(FIELD, known.first_seen);
    let roles = cells.read(FIELD, known.roles.as_ref());
    let in_force = holds.is_active() && known.is_active();
    AssignmentRow {
        assignment: id,
        group: cells.read(FIELD, known.group.as_ref()),
        container_type: cells.read(FIELD, known.container_type.as_ref()),
        status: cells.read(FIELD, known.status.as_ref()),
        status_since: known.status.as_ref().map(|status| status.set.effective_at),
        effect: if in_force { Effect::InForce } else { Effect::NotInForce },
        role_names: roles.iter().flatten().map(|role| roles::name(*role)).collect(),
        roles,
        created_at: cells.read(FIELD, known.created_at.as_ref()),
        modified_at: cells.read(FIELD, known.modified_at.as_ref()),
        etag: cells.read(FIELD, known.etag.as_ref()),
    }
}
