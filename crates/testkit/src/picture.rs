//! What the rules' states show, in the words of the reference model, so that the two can be compared.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::Transfer;
use ofrecord_core::state::granular::{AccessAssignment, GranularRelationships};
use ofrecord_core::vocabulary::LineStatus;
use ofrecord_core::{
    Customer, GdapRelationship, GdapRelationshipId, Partner, PartnerTenantId, Policy, SecurityGroupId, Timestamp,
    TransferId, UserName,
};

use crate::model::{AssignmentPicture, GranularPicture, TransferPicture};

/// Granular relationships as a state has them, at an instant.
#[must_use]
pub fn granular(
    known: &GranularRelationships,
    at: Timestamp,
    policy: &Policy,
) -> BTreeMap<(PartnerTenantId, GdapRelationshipId), GranularPicture> {
    let shown = |granular: &GdapRelationship| {
        let holds = granular.status_at(at, policy);
        let assignment = |assignment: &AccessAssignment| AssignmentPicture {
            group: assignment.group.as_ref().map(|cell| cell.value),
            status: assignment.status.as_ref().map(|cell| cell.value.clone()),
            gives: if holds.is_active() && assignment.is_active() {
                granular.roles_given(assignment)
            } else {
                BTreeSet::new()
            },
            version: assignment.version,
        };
        GranularPicture {
            customer: granular.customer.as_ref().map(|cell| cell.value),
            ends_at: holds.ends_at,
            roles: granular.roles.as_ref().map(|cell| cell.value.clone()),
            version: granular.version,
            assignments: granular.assignments.iter().map(|(id, known)| (*id, assignment(known))).collect(),
            status: holds.status,
        }
    };
    known.by_id.iter().map(|(id, granular)| ((granular.partner, id.clone()), shown(granular))).collect()
}

/// Who is in the security groups of a partner; groups without anybody are left out.
#[must_use]
pub fn members(state: &Partner) -> BTreeMap<SecurityGroupId, BTreeSet<UserName>> {
    let groups = state.groups.iter().filter(|(_, group)| !group.members.is_empty());
    groups.map(|(id, group)| (*id, group.members.keys().cloned().collect())).collect()
}

/// The transfers of a customer as a state has them, at an instant; those that no source gives a status or a side
/// of are left out.
#[must_use]
pub fn transfers(state: &Customer, at: Timestamp, policy: &Policy) -> BTreeMap<TransferId, TransferPicture> {
    let shown = |(id, transfer): (&TransferId, &Transfer)| {
        let open = transfer.lines.iter().filter(|(_, line)| line.status.value == LineStatus::Open);
        let picture = TransferPicture {
            status: transfer.status_at(at, policy).status?,
            source: transfer.source.as_ref()?.value,
            target: transfer.target.as_ref()?.value,
            open: open.map(|(subscription, _)| *subscription).collect(),
        };
        Some((id.clone(), picture))
    };
    state.transfers.iter().filter_map(shown).collect()
}
