//! What an event is about: the partner and the subscription it speaks of, by which facts are found again and corrections are held to their subject.

use super::Event;
use crate::id::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, SubscriptionId};

/// What each event says of one thing, by the field that says it. An event that no list names does not compile.
macro_rules! told {
    ($event:expr; $($field:ident of [$($name:ident)+])+; nothing of [$($none:ident)+]) => {
        match $event {
            $($(Event::$name(event) => Option::from(event.$field),)+)+
            $(Event::$none(_))|+ => None,
        }
    };
}

impl Event {
    /// The partner it speaks of; the provider for a partnership, the owner for a subscription's.
    #[must_use]
    pub fn partner(&self) -> Option<PartnerTenantId> {
        told!(self;
            partner of [
                PartnerRegistered PartnerUpdated PartnerAccountSuspended PartnerAccountReinstated
                PartnerAgreementAccepted PartnerObserved CustomerObserved AssociatedPartnerChanged
                ResellerRelationshipRequested ResellerRelationshipAcceptedByCustomer
                ResellerRelationshipConfirmed ResellerRelationshipReestablished CustomerAdded
                ResellerRelationshipRemovedByPartner CustomerDeleted ResellerRelationshipObserved DapGranted
                DapRemovedByCustomer DapRemovedByPartner DapRemoved DapTerminatedByMicrosoft DapObserved
                AzureRoleAssigned AzureRoleRemoved DapTransitionStartedByMicrosoft DelegatedAccessUsed
                PartnerListingObserved SecurityGroupMemberAdded SecurityGroupMemberRemoved
                GdapRelationshipCreated GdapRelationshipUpdated GdapRelationshipDeleted
                GdapRelationshipSubmittedForApproval GdapPartnerConsentGiven GdapRelationshipApproved
                GdapRelationshipRejected GdapRelationshipActivated GdapRelationshipTerminationRequested
                GdapRelationshipTerminated GdapRelationshipExpired GdapRelationshipExtended
                GdapGlobalAdministratorRemoved GdapAutoExtendSet GdapRelationshipCleanedUp
                GdapRelationshipObserved GdapRequestObserved GdapOperationObserved GdapAccessAssignmentCreated
                GdapAccessAssignmentActivated GdapAccessAssignmentUpdated GdapAccessAssignmentDeleted
                GdapAccessAssignmentFailed GdapAccessAssignmentObserved OrderPlaced
            ]
            provider of [
                PartnerInvited PartnerRelationshipCreated PartnerRelationshipRemoved
                PartnerRelationshipObserved
            ]
            attested_by of [
                CustomerAgreementConfirmed
            ]
            owner of [
                SubscriptionPurchased SubscriptionObserved
            ]
            ; nothing of [
                CustomerRegistered CustomerProfileChanged SubscriptionSeatsChanged SubscriptionSuspended
                SubscriptionReactivated SubscriptionCancelled SubscriptionRenewed SubscriptionConverted
                TrialConverted SubscriptionTermChanged SubscriptionBillingCycleChanged
                SubscriptionAutoRenewChanged SubscriptionNextTermScheduled SubscriptionRenamed
                SubscriptionOperationPending SubscriptionDeleted SubscriptionUpdateNotified
                ResellerOfRecordChanged DigitalPartnerOfRecordSet PartnerAdminLinked SupportContactChanged
                SourceRecordKept SourceCoverageRecorded SourceRetentionGap EvidenceAdded EventCorrected
            ]
        )
    }

    /// The one subscription it speaks of; none for an order, which may create several.
    #[must_use]
    pub fn subscription(&self) -> Option<SubscriptionId> {
        told!(self;
            subscription of [
                SubscriptionPurchased SubscriptionSeatsChanged SubscriptionSuspended SubscriptionReactivated
                SubscriptionCancelled SubscriptionRenewed SubscriptionConverted TrialConverted
                SubscriptionTermChanged SubscriptionBillingCycleChanged SubscriptionAutoRenewChanged
                SubscriptionNextTermScheduled SubscriptionRenamed SubscriptionOperationPending
                SubscriptionDeleted SubscriptionUpdateNotified SubscriptionObserved ResellerOfRecordChanged
                DigitalPartnerOfRecordSet PartnerAdminLinked SupportContactChanged
            ]
            ; nothing of [
                PartnerRegistered PartnerUpdated PartnerAccountSuspended PartnerAccountReinstated
                PartnerAgreementAccepted PartnerInvited PartnerRelationshipCreated PartnerRelationshipRemoved
                PartnerRelationshipObserved PartnerObserved CustomerRegistered CustomerProfileChanged
                CustomerObserved AssociatedPartnerChanged ResellerRelationshipRequested
                ResellerRelationshipAcceptedByCustomer ResellerRelationshipConfirmed
                ResellerRelationshipReestablished CustomerAdded ResellerRelationshipRemovedByPartner
                CustomerDeleted ResellerRelationshipObserved DapGranted DapRemovedByCustomer
                DapRemovedByPartner DapRemoved DapTerminatedByMicrosoft DapObserved AzureRoleAssigned
                AzureRoleRemoved DapTransitionStartedByMicrosoft DelegatedAccessUsed PartnerListingObserved
                SecurityGroupMemberAdded SecurityGroupMemberRemoved GdapRelationshipCreated
                GdapRelationshipUpdated GdapRelationshipDeleted GdapRelationshipSubmittedForApproval
                GdapPartnerConsentGiven GdapRelationshipApproved GdapRelationshipRejected
                GdapRelationshipActivated GdapRelationshipTerminationRequested GdapRelationshipTerminated
                GdapRelationshipExpired GdapRelationshipExtended GdapGlobalAdministratorRemoved
                GdapAutoExtendSet GdapRelationshipCleanedUp GdapRelationshipObserved GdapRequestObserved
                GdapOperationObserved GdapAccessAssignmentCreated GdapAccessAssignmentActivated
                GdapAccessAssignmentUpdated GdapAccessAssignmentDeleted GdapAccessAssignmentFailed
                GdapAccessAssignmentObserved CustomerAgreementConfirmed OrderPlaced SourceRecordKept
                SourceCoverageRecorded SourceRetentionGap EvidenceAdded EventCorrected
            ]
        )
    }

    /// The granular relationship it speaks of, where it is about one or about an assignment of one.
    #[must_use]
    pub fn granular_relationship(&self) -> Option<&GdapRelationshipId> {
        if let Self::GdapRelationshipCreated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipUpdated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipDeleted(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipSubmittedForApproval(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapPartnerConsentGiven(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipApproved(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipRejected(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipActivated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipTerminationRequested(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipTerminated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipExpired(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipExtended(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapGlobalAdministratorRemoved(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAutoExtendSet(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipCleanedUp(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRelationshipObserved(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapRequestObserved(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapOperationObserved(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentCreated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentActivated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentUpdated(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentDeleted(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentFailed(event) = self {
            Some(&event.relationship)
        } else if let Self::GdapAccessAssignmentObserved(event) = self {
            Some(&event.relationship)
        } else {
            None
        }
    }

    /// The access assignment it speaks of, where it is about one.
    #[must_use]
    pub fn access_assignment(&self) -> Option<AccessAssignmentId> {
        if let Self::GdapAccessAssignmentCreated(event) = self {
            Some(event.assignment)
        } else if let Self::GdapAccessAssignmentActivated(event) = self {
            Some(event.assignment)
        } else if let Self::GdapAccessAssignmentUpdated(event) = self {
            Some(event.assignment)
        } else if let Self::GdapAccessAssignmentDeleted(event) = self {
            Some(event.assignment)
        } else if let Self::GdapAccessAssignmentFailed(event) = self {
            Some(event.assignment)
        } else if let Self::GdapAccessAssignmentObserved(event) = self {
            Some(event.assignment)
        } else {
            None
        }
    }
}
