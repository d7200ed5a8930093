//! Which users of the partners could administer, and through which group: access and membership at one instant (rule A-9).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::{Partner, SecurityGroup};
use ofrecord_core::vocabulary::AgentGroup;
use ofrecord_core::{PartnerTenantId, SecurityGroupId, Stamp, Timestamp, UserName};
use serde::Serialize;

use super::{AccessRow, Coverage, DAP_ROLES, GranularAccess, HeldRole, Mechanism, access, dap_role};
use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// What is known of the members of a group. No source lists them, so others than those seen may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// The user was seen to come in and not to leave.
    Seen,
    /// Everybody who was seen to come in was seen to leave.
    NoneLeft,
    /// Nobody was ever seen to come in: this is no data, not nobody (rule L-11).
    NotKnown,
}

/// One way in which one user of a partner could administer the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserAccessRow {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The user; none where it is not known who.
    pub user: Option<UserName>,
    /// What is known of the members of the group.
    pub members: Members,
    /// Through what.
    pub mechanism: Mechanism,
    /// What it reached.
    pub coverage: Coverage,
    /// The group of the partner's tenant; none where it is not known which.
    pub group: Option<SecurityGroupId>,
    /// The group's name, where known.
    pub group_name: Option<String>,
    /// The roles.
    pub roles: BTreeSet<HeldRole>,
    /// Since when the user is in the group and the group has the access, as the ledger saw it.
    pub since: Timestamp,
    /// When its end is reached, as far as one is known.
    pub until: Option<Timestamp>,
    /// The granular relationship and the assignment behind it; none for the other mechanisms.
    pub granular: Option<GranularAccess>,
    /// The entries that set the fields, by field; the one that brought the user in stands in the partner's stream.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// Which users could administer at a viewpoint, given the states of the partners at it.
///
/// A user in a group that has an assignment in force has the roles of the
/// assignments alone; DAP remains for those in an agent group only. Whoever
/// holds an Azure role for the partner is in no vocabulary, so its row names
/// no user.
#[must_use]
pub fn user_access(
    record: &CustomerRecord,
    partners: &BTreeMap<PartnerTenantId, Partner>,
    viewpoint: &Viewpoint<'_>,
) -> Vec<UserAccessRow> {
    let rows = access(record, viewpoint);
    let mut found = Vec::new();
    for row in &rows {
        let partner = Side { partner: partners.get(&row.partner), rows: &rows };
        match (row.mechanism, &row.granular) {
            (Mechanism::Dap, _) => found.extend(partner.by_dap(row)),
            (Mechanism::Gdap, Some(granular)) => found.extend(partner.by_assignment(row, granular.key.group)),
            (Mechanism::AzureRole | Mechanism::Gdap, _) => found.push(nobody(row, None, Members::NotKnown)),
        }
    }
    found.sort_by(|left, right| order(left).cmp(&order(right)));
    found
}

fn order(row: &UserAccessRow) -> impl Ord + '_ {
    (row.partner, row.user.is_none(), &row.user, row.mechanism, &row.coverage, &row.group)
}

/// A partner's groups, as far as known, and all access of the same instant.
struct Side<'a> {
    partner: Option<&'a Partner>,
    rows: &'a [AccessRow],
}

impl Side<'_> {
    fn by_assignment(&self, row: &AccessRow, id: Option<SecurityGroupId>) -> Vec<UserAccessRow> {
        let known = id.and_then(|id| Some((id, self.partner?.groups.get(&id)?)));
        match known {
            None => vec![UserAccessRow { group: id, ..nobody(row, None, Members::NotKnown) }],
            Some((id, group)) => members(row, id, group).collect(),
        }
    }

    /// Rule D-4, for those whom no assignment gives other roles.
    fn by_dap(&self, row: &AccessRow) -> Vec<UserAccessRow> {
        let mut found = Vec::new();
        for held in &DAP_ROLES {
            let (_, agents) = held;
            let groups: Vec<_> = self.groups_of(agents).collect();
            if groups.is_empty() {
                found.push(UserAccessRow {
                    roles: BTreeSet::from([dap_role(held)]),
                    ..nobody(row, None, Members::NotKnown)
                });
            }
            for (id, group) in groups {
                let left = members(row, id, group).filter(|member| !self.has_assignment(row.partner, &member.user));
                found.extend(left.map(|member| UserAccessRow { roles: BTreeSet::from([dap_role(held)]), ..member }));
            }
        }
        found
    }

    fn groups_of(&self, agents: &AgentGroup) -> impl Iterator<Item = (SecurityGroupId, &SecurityGroup)> {
        let groups = self.partner.into_iter().flat_map(|partner| &partner.groups);
        let of_agents = move |group: &SecurityGroup| group.agent_group.as_ref().is_some_and(|is| is.value == *agents);
        groups.filter(move |(_, group)| of_agents(group)).map(|(id, group)| (*id, group))
    }

    /// Whether the user is in a group that has an assignment in force.
    fn has_assignment(&self, partner: PartnerTenantId, user: &Option<UserName>) -> bool {
        let Some(user) = user else { return false };
        self.rows.iter().filter(|row| row.partner == partner).any(|row| {
            let group = row.granular.as_ref().and_then(|granular| granular.key.group);
            let group = group.and_then(|id| self.partner?.groups.get(&id));
            group.is_some_and(|group| group.members.contains_key(user))
        })
    }
}

/// A row for each member of a group; one that names nobody where none is left.
fn members<'a>(
    row: &'a AccessRow,
    id: SecurityGroupId,
    group: &'a SecurityGroup,
) -> impl Iterator<Item = UserAccessRow> + 'a {
    let none_left = group.members.is_empty().then(|| nobody(row, Some(group), Members::NoneLeft));
    let seen = group.members.iter().map(move |(user, added)| member(row, group, user, *added));
    none_left.into_iter().chain(seen).map(move |row| UserAccessRow { group: Some(id), ..row })
}

fn member(row: &AccessRow, group: &SecurityGroup, user: &UserName, added: Stamp) -> UserAccessRow {
    let mut found = nobody(row, Some(group), Members::Seen);
    found.cells.stamp("user", added);
    UserAccessRow {
        user: Some(user.clone()),
        since: row.since.max(added.effective_at),
        positions: found.cells.positions(),
        ..found
    }
}

/// The access of a row, without saying whose it is.
fn nobody(row: &AccessRow, group: Option<&SecurityGroup>, members: Members) -> UserAccessRow {
    let mut cells = row.cells.clone();
    let group_name = cells.read("group_name", group.and_then(|group| group.name.as_ref()));
    UserAccessRow {
        partner: row.partner,
        user: None,
        members,
        mechanism: row.mechanism,
        coverage: row.coverage.clone(),
        group: None,
        group_name,
        roles: row.roles.clone(),
        since: row.since,
        until: row.until,
        granular: row.granular.clone(),
        positions: cells.positions(),
        cells,
    }
}

#[cfg(test)]
mod tests;
