//! Commands on granular delegated administration: relationships, access assignments, group members, and the transition that Microsoft leads.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, UserName};
use crate::vocabulary::{AccessContainerType, AgentGroup, GdapAutoExtend, GdapDuration};

/// Make a granular relationship, as the partner or as the provider of the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateGdapRelationship {
    /// The partner who will administer; a provider names its reseller.
    pub partner: PartnerTenantId,
    /// Its id: two GUIDs joined by a hyphen.
    pub relationship: GdapRelationshipId,
    /// Its name (rules G-1, G-2).
    pub display_name: String,
    /// How long it runs (rule G-4).
    pub duration: GdapDuration,
    /// By how much it goes on at its end (rules G-6, G-7).
    #[serde(default = "no_extension")]
    pub auto_extend: GdapAutoExtend,
    /// The Entra roles it may give (rule G-5).
    pub roles: BTreeSet<RoleId>,
}

fn no_extension() -> GdapAutoExtend {
    GdapAutoExtend::P0D
}

/// Change a granular relationship before it is locked; absent fields stay as they are.
/// A request that names a customer makes it for that customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateGdapRelationship {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The version that was read (rule G-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// New name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// New duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<GdapDuration>,
    /// New roles, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<RoleId>>,
}

/// Delete a granular relationship before it is locked (rule G-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteGdapRelationship {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The version that was read (rule G-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Lock a granular relationship, so that the customer can answer (rule G-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockGdapForApproval {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Approve a granular relationship: as the customer, or as the reseller for whom its provider made it (rule G-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveGdap {
    /// The partner who will administer.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Say no, as the reseller, to a granular relationship that the provider made for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectGdap {
    /// The reseller.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Record that an approved granular relationship came into force (rule G-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateGdap {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Ask for the end of an active granular relationship, as either side (rule G-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminateGdap {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Record that a termination that was asked for is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordGdapTermination {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Take Global Administrator out of an active granular relationship (rules G-16, G-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveGlobalAdministratorRole {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The version that was read (rule G-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Switch whether a granular relationship goes on at its end (rules G-6, G-7, G-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetGdapAutoExtend {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The version that was read (rule G-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// By how much it goes on.
    pub auto_extend: GdapAutoExtend,
}

/// Record that the end of a granular relationship moved (rule G-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendGdap {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Record that a granular relationship ended at its end (rule G-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireGdap {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Record that Microsoft no longer shows an ended granular relationship (rule G-24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordGdapCleanUp {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// Give a security group of the partner's tenant roles of a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateAccessAssignment {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment's id.
    pub assignment: AccessAssignmentId,
    /// The group.
    pub group: SecurityGroupId,
    /// What kind of container the group is (rule A-3).
    #[serde(default = "security_group")]
    pub container_type: AccessContainerType,
    /// The roles to give (rule A-2).
    pub roles: BTreeSet<RoleId>,
}

fn security_group() -> AccessContainerType {
    AccessContainerType::SecurityGroup
}

/// Record that an access assignment is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateAccessAssignment {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
}

/// Record that an access assignment could not be provisioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAccessAssignmentFailure {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
}

/// Replace the roles of an access assignment, all of them (rule A-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateAccessAssignment {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The version that was read (rule A-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The roles from now on.
    pub roles: BTreeSet<RoleId>,
    /// The group, where the asker names one; it cannot be another (rule A-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<SecurityGroupId>,
}

/// Delete an access assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteAccessAssignment {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The version that was read (rule A-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Put a user into a security group of the partner's tenant (rule A-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddSecurityGroupMember {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The group.
    pub group: SecurityGroupId,
    /// The user.
    pub user: UserName,
    /// The group's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// Which of the two agent groups it is, where it is one (rule D-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_group: Option<AgentGroup>,
}

/// Take a user out of a security group of the partner's tenant (rule A-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveSecurityGroupMember {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The group.
    pub group: SecurityGroupId,
    /// The user.
    pub user: UserName,
}

/// Record that Microsoft began to lead a transition from DAP to granular administration (rule D-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartMicrosoftLedTransition {
    /// The partner whose DAP is replaced.
    pub partner: PartnerTenantId,
    /// The relationship that replaces it.
    pub relationship: GdapRelationshipId,
    /// Its name: `MLT_` and three groups of eight characters joined by `_`.
    pub display_name: String,
    /// Its roles.
    pub roles: BTreeSet<RoleId>,
}
