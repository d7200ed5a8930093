//! Entra roles and the two agent groups, by the names people know them by.

use std::collections::BTreeSet;

use ofrecord_core::RoleId;
use ofrecord_core::entra_role::entra_role;
use ofrecord_core::vocabulary::AgentGroup;

/// The published name of a role; the id itself where none is published.
pub(crate) fn name(role: RoleId) -> String {
    entra_role(role).map_or_else(|| role.to_string(), |known| known.name.to_owned())
}

/// The names of some roles, in their order, in one text.
pub(crate) fn names(roles: &BTreeSet<RoleId>) -> String {
    let names: BTreeSet<String> = roles.iter().map(|role| name(*role)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The name of an agent group; a word that is not published as it came.
pub(crate) fn agents(group: &AgentGroup) -> String {
    match group {
        AgentGroup::AdminAgents => "Admin agents".to_owned(),
        AgentGroup::HelpdeskAgents => "Helpdesk agents".to_owned(),
        AgentGroup::Unrecognised(word) => word.to_string(),
    }
}
