//! Events of granular administration for test histories; tests change what they are about.

use std::collections::BTreeSet;

use ofrecord_core::event::gdap::{
    GdapAccessAssignmentActivated, GdapAccessAssignmentCreated, GdapRelationshipActivated, GdapRelationshipCreated,
    GdapTerms, SecurityGroupMemberAdded, SecurityGroupMemberRemoved,
};
use ofrecord_core::vocabulary::{AgentGroup, GdapAutoExtend, GdapDuration};
use ofrecord_core::{
    AccessAssignmentId, Event, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, UserName, entra_role,
};

use super::{customer, guid};

pub(crate) const GLOBAL_ADMINISTRATOR: RoleId = entra_role::GLOBAL_ADMINISTRATOR;

pub(crate) fn global_reader() -> RoleId {
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451".parse().unwrap()
}

pub(crate) fn user_administrator() -> RoleId {
    "fe930be7-5e62-47db-91af-98c3a49a38b1".parse().unwrap()
}

pub(crate) fn relationship(number: u32) -> GdapRelationshipId {
    format!("{}-{}", guid(0x6, number), guid(0x6, 0)).parse().unwrap()
}

pub(crate) fn assignment(number: u32) -> AccessAssignmentId {
    guid(0x7, number).parse().unwrap()
}

pub(crate) fn group(number: u32) -> SecurityGroupId {
    guid(0x8, number).parse().unwrap()
}

pub(crate) fn user(name: &str) -> UserName {
    format!("{name}@partner.example").parse().unwrap()
}

pub(crate) fn roles(list: &[RoleId]) -> BTreeSet<RoleId> {
    list.iter().copied().collect()
}

/// Half a year without going on.
pub(crate) fn terms(list: &[RoleId]) -> GdapTerms {
    GdapTerms {
        display_name: "Support".to_owned(),
        duration: GdapDuration::of_days(180),
        auto_extend: GdapAutoExtend::P0D,
        roles: roles(list),
    }
}

pub(crate) fn extending(list: &[RoleId]) -> GdapTerms {
    GdapTerms { auto_extend: GdapAutoExtend::P180D, ..terms(list) }
}

pub(crate) fn made(partner: PartnerTenantId, number: u32, terms: GdapTerms) -> Event {
    Event::GdapRelationshipCreated(GdapRelationshipCreated {
        partner,
        relationship: relationship(number),
        customer: Some(customer()),
        terms,
        provider: None,
    })
}

pub(crate) fn activated(partner: PartnerTenantId, number: u32) -> Event {
    Event::GdapRelationshipActivated(GdapRelationshipActivated {
        partner,
        relationship: relationship(number),
        customer: None,
        ends_at: None,
        basis: None,
        terms: None,
    })
}

/// The assignment of a number gives the group of the same number some roles of a relationship.
pub(crate) fn assigned(partner: PartnerTenantId, of: u32, number: u32, list: &[RoleId]) -> [Event; 2] {
    let relationship = relationship(of);
    let assignment = assignment(number);
    let given = GdapAccessAssignmentCreated {
        partner,
        relationship: relationship.clone(),
        assignment,
        group: group(number),
        roles: roles(list),
    };
    let active = GdapAccessAssignmentActivated { partner, relationship, assignment };
    [Event::GdapAccessAssignmentCreated(given), Event::GdapAccessAssignmentActivated(active)]
}

pub(crate) fn member(partner: PartnerTenantId, number: u32, name: &str) -> Event {
    Event::SecurityGroupMemberAdded(SecurityGroupMemberAdded {
        partner,
        group: group(number),
        user: user(name),
        group_name: None,
        agent_group: None,
    })
}

pub(crate) fn agent(partner: PartnerTenantId, number: u32, name: &str, agents: AgentGroup) -> Event {
    Event::SecurityGroupMemberAdded(SecurityGroupMemberAdded {
        partner,
        group: group(number),
        user: user(name),
        group_name: None,
        agent_group: Some(agents),
    })
}

pub(crate) fn no_longer_member(partner: PartnerTenantId, number: u32, name: &str) -> Event {
    Event::SecurityGroupMemberRemoved(SecurityGroupMemberRemoved { partner, group: group(number), user: user(name) })
}
