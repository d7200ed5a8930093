//! Events on granular delegated administration: relationships, what they may do and for how long, and the groups that do it.
//!
//! A relationship may be made before anybody knows for which customer, so an
//! event that brings it to a customer carries all of its terms.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{
    AccessAssignmentId, CustomerId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, UserName,
};
use crate::time::Timestamp;
use crate::vocabulary::{
    AccessContainerType, AgentGroup, ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapDuration,
    GdapOperationStatus, GdapOperationType, GdapRequestAction, GdapRequestStatus, GdapStatus, RemovedBy,
};

/// What a granular relationship allows, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapTerms {
    /// Its name: unique among the partner's relationships (rule G-2).
    pub display_name: String,
    /// How long it runs once it is active.
    pub duration: GdapDuration,
    /// By how much it goes on at its end.
    pub auto_extend: GdapAutoExtend,
    /// The Entra roles it may give.
    pub roles: BTreeSet<RoleId>,
}

/// A partner, or its provider, made a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipCreated {
    /// The partner who will administer.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The customer, where it is made for one (rule G-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What it allows.
    pub terms: GdapTerms,
    /// The provider who made it for its reseller; the reseller's consent is pending then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PartnerTenantId>,
}

/// A granular relationship was changed before it was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipUpdated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The customer it is made for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What it allows now, all of it.
    pub terms: GdapTerms,
}

/// A granular relationship was deleted before it was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipDeleted {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// A granular relationship was locked for the customer's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipSubmittedForApproval {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// The reseller agreed to a relationship that its provider made for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapPartnerConsentGiven {
    /// The reseller.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// The customer's side of a granular relationship is given. The link is used up by it (rule G-20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipApproved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The customer whose side it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// On what it rests.
    pub basis: ApprovalBasis,
    /// Who approved, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// What was approved, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<GdapTerms>,
}

/// The reseller it was made for said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipRejected {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// A granular relationship is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipActivated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The customer, where no earlier event says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When it will end (rule G-19), where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// On what the customer's side rests, where it came into force without an approval of its own (rule D-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<ApprovalBasis>,
    /// What it allows, where no earlier event says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<GdapTerms>,
}

/// One side asked for the end of a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipTerminationRequested {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// Which side.
    pub by: RemovedBy,
}

/// A granular relationship was terminated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipTerminated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// Which side asked, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<RemovedBy>,
}

/// A granular relationship ended at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipExpired {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// The end of a granular relationship moved (rule G-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipExtended {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The end before, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_before: Option<Timestamp>,
    /// The end now.
    pub ends_at: Timestamp,
}

/// Global Administrator was taken out of an active relationship: the one change of its roles there is (rule G-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapGlobalAdministratorRemoved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// It was switched whether a granular relationship goes on at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAutoExtendSet {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// By how much it goes on.
    pub auto_extend: GdapAutoExtend,
}

/// Microsoft no longer shows a granular relationship. The ledger keeps it (rule G-24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipCleanedUp {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// A source shows a granular relationship. Missing steps are not invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRelationshipObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// How long it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<GdapDuration>,
    /// By how much it goes on at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_extend: Option<GdapAutoExtend>,
    /// Its roles; absent where the source does not list them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<RoleId>>,
    /// Its status, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<GdapStatus>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// When it came into force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Timestamp>,
    /// When it ends or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// The provider who made it for its reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PartnerTenantId>,
    /// Whether the reseller's consent is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_consent_pending: Option<bool>,
    /// The source's entity tag, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl GdapRelationshipObserved {
    /// A relationship of which nothing is shown but that there is one.
    #[must_use]
    pub fn of(partner: PartnerTenantId, relationship: GdapRelationshipId) -> Self {
        Self {
            partner,
            relationship,
            customer: None,
            display_name: None,
            duration: None,
            auto_extend: None,
            roles: None,
            status: None,
            created_at: None,
            modified_at: None,
            activated_at: None,
            ends_at: None,
            provider: None,
            partner_consent_pending: None,
            etag: None,
        }
    }
}

/// A source shows a request on a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapRequestObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The request's id.
    pub request: String,
    /// What it asks for, verbatim.
    pub action: GdapRequestAction,
    /// How far it is, verbatim.
    pub status: GdapRequestStatus,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// The source's entity tag, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// A source shows a long-running operation on a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapOperationObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The operation's id.
    pub operation: String,
    /// What it does, verbatim.
    pub operation_type: GdapOperationType,
    /// How far it is, verbatim.
    pub status: GdapOperationStatus,
    /// What it works on, as the source's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// The source's entity tag, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// A group of the partner's tenant was given roles of a granular relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentCreated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The group; it never changes (rule A-7).
    pub group: SecurityGroupId,
    /// The roles given.
    pub roles: BTreeSet<RoleId>,
}

/// An access assignment is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentActivated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
}

/// The roles of an access assignment were replaced, all of them (rule A-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentUpdated {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The roles now; absent where the source does not list them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<RoleId>>,
    /// The roles before, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles_before: Option<BTreeSet<RoleId>>,
}

/// An access assignment was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentDeleted {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
}

/// An access assignment could not be provisioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentFailed {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
}

/// A source shows an access assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GdapAccessAssignmentObserved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The assignment.
    pub assignment: AccessAssignmentId,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<SecurityGroupId>,
    /// What kind of container it is, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container_type: Option<AccessContainerType>,
    /// The roles given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<RoleId>>,
    /// Its status, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AssignmentStatus>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// The source's entity tag, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl GdapAccessAssignmentObserved {
    /// An assignment of which nothing is shown but that there is one.
    #[must_use]
    pub fn of(partner: PartnerTenantId, relationship: GdapRelationshipId, assignment: AccessAssignmentId) -> Self {
        Self {
            partner,
            relationship,
            assignment,
            group: None,
            container_type: None,
            roles: None,
            status: None,
            created_at: None,
            modified_at: None,
            etag: None,
        }
    }
}

/// A user became a member of a security group of the partner's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroupMemberAdded {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The group.
    pub group: SecurityGroupId,
    /// The user.
    pub user: UserName,
    /// The group's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// Which of the two agent groups it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_group: Option<AgentGroup>,
}

/// A user is no longer a member of a security group of the partner's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroupMemberRemoved {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The group.
    pub group: SecurityGroupId,
    /// The user.
    pub user: UserName,
}
