//! The steps of granular administration that sources without content tell by a word: audit operations and webhook names.

use ofrecord_core::event::gdap::{
    GdapAccessAssignmentActivated, GdapAccessAssignmentDeleted, GdapAccessAssignmentObserved,
    GdapAccessAssignmentUpdated, GdapRelationshipActivated, GdapRelationshipApproved, GdapRelationshipCleanedUp,
    GdapRelationshipExpired, GdapRelationshipTerminated, GdapRelationshipTerminationRequested,
};
use ofrecord_core::event::ledger::SourceRetentionGap;
use ofrecord_core::vocabulary::{ApprovalBasis, RemovedBy};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, Event, GdapRelationshipId, PartnerTenantId, SourceSystem, Timestamp,
};

/// A step of a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Approved,
    Activated,
    TerminationRequested,
    Terminated,
    Expired,
    CleanedUp,
}

/// A step of an access assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssignmentStep {
    Created,
    Activated,
    Updated,
    Deleted,
}

impl Step {
    /// What it is stated as, for the reference.
    pub(crate) fn becomes(self) -> &'static str {
        match self {
            Self::Approved => "`GdapRelationshipApproved`",
            Self::Activated => "`GdapRelationshipActivated`",
            Self::TerminationRequested => "`GdapRelationshipTerminationRequested`",
            Self::Terminated => "`GdapRelationshipTerminated`",
            Self::Expired => "`GdapRelationshipExpired`",
            Self::CleanedUp => "`GdapRelationshipCleanedUp` and `SourceRetentionGap`",
        }
    }

    /// The event, with everything absent that a word alone does not say. Two sources that tell the same step state
    /// the same fact (rule L-6), so who acted is left to the statement's actor.
    pub(crate) fn event(
        self,
        partner: PartnerTenantId,
        relationship: GdapRelationshipId,
        customer: Option<CustomerId>,
    ) -> Event {
        match self {
            Self::Approved => Event::GdapRelationshipApproved(GdapRelationshipApproved {
                partner,
                relationship,
                customer,
                basis: ApprovalBasis::NotStated,
                approved_by: None,
                terms: None,
            }),
            Self::Activated => Event::GdapRelationshipActivated(GdapRelationshipActivated {
                partner,
                relationship,
                customer,
                ends_at: None,
                basis: None,
                terms: None,
            }),
            Self::TerminationRequested => {
                Event::GdapRelationshipTerminationRequested(GdapRelationshipTerminationRequested {
                    partner,
                    relationship,
                    by: RemovedBy::Unknown,
                })
            }
            Self::Terminated => {
                Event::GdapRelationshipTerminated(GdapRelationshipTerminated { partner, relationship, by: None })
            }
            Self::Expired => Event::GdapRelationshipExpired(GdapRelationshipExpired { partner, relationship }),
            Self::CleanedUp => Event::GdapRelationshipCleanedUp(GdapRelationshipCleanedUp { partner, relationship }),
        }
    }

    /// What follows for the record of a source: one that Microsoft cleaned up can no longer be read from Graph (rule L-9).
    pub(crate) fn retention_gap(self, relationship: &GdapRelationshipId) -> Option<Event> {
        (self == Self::CleanedUp).then(|| {
            let subject = format!("granular relationship {relationship}");
            Event::SourceRetentionGap(SourceRetentionGap { source: SourceSystem::Graph, subject })
        })
    }
}

impl AssignmentStep {
    /// What it is stated as, for the reference.
    pub(crate) fn becomes(self) -> &'static str {
        match self {
            Self::Created => {
                "`GdapAccessAssignmentCreated`; `GdapAccessAssignmentObserved` where group or roles are not shown"
            }
            Self::Activated => "`GdapAccessAssignmentActivated`",
            Self::Updated => "`GdapAccessAssignmentUpdated`",
            Self::Deleted => "`GdapAccessAssignmentDeleted`",
        }
    }

    /// The event, with everything absent that a word alone does not say. That one was created without its group and
    /// roles is only seen, since a creation would have to name them.
    pub(crate) fn event(
        self,
        partner: PartnerTenantId,
        relationship: GdapRelationshipId,
        assignment: AccessAssignmentId,
        at: Timestamp,
    ) -> Event {
        match self {
            Self::Created => Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
                created_at: Some(at),
                ..GdapAccessAssignmentObserved::of(partner, relationship, assignment)
            })),
            Self::Activated => Event::GdapAccessAssignmentActivated(GdapAccessAssignmentActivated {
                partner,
                relationship,
                assignment,
            }),
            Self::Updated => Event::GdapAccessAssignmentUpdated(GdapAccessAssignmentUpdated {
                partner,
                relationship,
                assignment,
                roles: None,
                roles_before: None,
            }),
            Self::Deleted => {
                Event::GdapAccessAssignmentDeleted(GdapAccessAssignmentDeleted { partner, relationship, assignment })
            }
        }
    }
}
