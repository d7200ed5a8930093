//! What can happen to granular relationships in the model's world, and when one statement repeats another.

use std::collections::BTreeSet;

use ofrecord_core::vocabulary::{AssignmentStatus, GdapAutoExtend, GdapDuration, GdapStatus};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, Timestamp,
};

/// Something that happened to a relationship, and for which customer it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) partner: PartnerTenantId,
    pub(super) relationship: GdapRelationshipId,
    pub(super) customer: Option<CustomerId>,
    pub(super) what: What,
}

/// What a relationship allows and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) name: String,
    pub(super) duration: GdapDuration,
    pub(super) extension: GdapAutoExtend,
    pub(super) roles: BTreeSet<RoleId>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Made { customer: Option<CustomerId>, provider: Option<PartnerTenantId>, terms: Terms },
    Changed { customer: Option<CustomerId>, terms: Terms },
    Deleted,
    Locked,
    Agreed,
    Approved { customer: CustomerId, terms: Option<Terms> },
    Rejected,
    Begun { customer: Option<CustomerId>, end: Option<Timestamp>, terms: Option<Terms>, led: Led },
    EndAsked,
    Ended,
    Expired,
    Extended { end: Timestamp },
    GlobalAdministratorOut,
    ExtensionSet(GdapAutoExtend),
    CleanedUp,
    Seen(Box<Seen>),
    OnAssignment(AccessAssignmentId, OnAssignment),
}

/// Whether Microsoft led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Led {
    ByMicrosoft,
    ByNobody,
}

/// What happened to an access assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OnAssignment {
    Given { group: SecurityGroupId, roles: BTreeSet<RoleId> },
    InForce,
    Failed,
    Replaced(BTreeSet<RoleId>),
    TakenBack,
    Seen { group: Option<SecurityGroupId>, roles: Option<BTreeSet<RoleId>>, status: Option<AssignmentStatus> },
}

/// What a source shows of a relationship.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) customer: Option<CustomerId>,
    pub(super) name: Option<String>,
    pub(super) duration: Option<GdapDuration>,
    pub(super) extension: Option<GdapAutoExtend>,
    pub(super) roles: Option<BTreeSet<RoleId>>,
    pub(super) status: Option<GdapStatus>,
    pub(super) begun: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
}

impl Told {
    /// Whether everything that another statement of the same instant says in the same record is said by this one.
    pub(super) fn tells(&self, other: &Self) -> bool {
        let same = self.partner == other.partner && self.relationship == other.relationship;
        let record = other.customer.is_none() || self.customer == other.customer;
        same && record && self.what.says_all_of(&other.what)
    }
}

impl What {
    fn says_all_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Seen(known), Self::Seen(stated)) => known.says_all_of(stated),
            (Self::OnAssignment(known, known_seen), Self::OnAssignment(stated, stated_seen)) => {
                known == stated && known_seen == stated_seen
            }
            _ => self == other,
        }
    }
}

impl Seen {
    fn says_all_of(&self, stated: &Self) -> bool {
        fn covered<T: PartialEq>(known: &Option<T>, stated: &Option<T>) -> bool {
            stated.is_none() || known == stated
        }
        covered(&self.customer, &stated.customer)
            && covered(&self.name, &stated.name)
            && covered(&self.duration, &stated.duration)
            && covered(&self.extension, &stated.extension)
            && covered(&self.roles, &stated.roles)
            && covered(&self.status, &stated.status)
            && covered(&self.begun, &stated.begun)
            && covered(&self.end, &stated.end)
    }
}
