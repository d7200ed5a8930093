//! Audit operations on members of a group.
//!
//! Published with the resource type `customer_directory_role`, they speak of a role in the customer's own directory,
//! which gives a partner nothing. Only a record on a group of the partner's tenant is a fact of this ledger.

use ofrecord_core::event::gdap::{SecurityGroupMemberAdded, SecurityGroupMemberRemoved};
use ofrecord_core::vocabulary::AgentGroup;
use ofrecord_core::{Event, SecurityGroupId, UserName};

use super::operation::{alike, bare};
use super::{AuditRecord, Gap, Telling};

pub(super) fn member_added(record: &AuditRecord<'_>) -> Telling {
    let partner = record.partner()?;
    let (group, user) = group_and_user(record)?;
    let group_name = text(record, &["groupName", "securityGroupName", "groupDisplayName"]);
    let agent_group = group_name.as_deref().and_then(agent_group);
    let added = SecurityGroupMemberAdded { partner, group, user, group_name, agent_group };
    Ok(record.of_partner(partner, vec![Event::SecurityGroupMemberAdded(added)]))
}

pub(super) fn member_removed(record: &AuditRecord<'_>) -> Telling {
    let partner = record.partner()?;
    let (group, user) = group_and_user(record)?;
    let removed = SecurityGroupMemberRemoved { partner, group, user };
    Ok(record.of_partner(partner, vec![Event::SecurityGroupMemberRemoved(removed)]))
}

fn group_and_user(record: &AuditRecord<'_>) -> Result<(SecurityGroupId, UserName), Gap> {
    let group = text(record, &["groupId", "securityGroupId"]).and_then(|id| id.parse().ok());
    let user = text(record, &["memberUserPrincipalName", "userPrincipalName", "memberId", "userId"]);
    let user = user.and_then(|name| name.parse().ok());
    Ok((group.ok_or(Gap::Content("customizedData.GroupId"))?, user.ok_or(Gap::Content("customizedData.UserId"))?))
}

/// A value of `customizedData`, else of the resource after or before.
fn text(record: &AuditRecord<'_>, names: &[&str]) -> Option<String> {
    let customized = names.iter().find_map(|name| record.customized(name));
    let values = [record.new_value(), record.old_value()];
    let shown = || values.iter().flatten().find_map(|node| names.iter().find_map(|name| node.text(name)));
    customized.or_else(shown).map(str::to_owned)
}

/// The two groups that DAP gives roles to, by the names that every partner's tenant has them under (rule D-4).
fn agent_group(name: &str) -> Option<AgentGroup> {
    match bare(&name.replace(' ', "")).as_str() {
        "adminagents" => Some(AgentGroup::AdminAgents),
        "helpdeskagents" => Some(AgentGroup::HelpdeskAgents),
        _ => None,
    }
}

impl AuditRecord<'_> {
    /// Whether the group is a role of the customer's own directory.
    pub(super) fn concerns_customer_role(&self) -> bool {
        let resource = self.node.text("resourceType");
        self.customer.is_some() || resource.is_some_and(|word| alike(word, "customer_directory_role"))
    }
}
