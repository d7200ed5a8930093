//! What an event is about: the partner, the subscription and the transfer it speaks of, by which facts are found again and corrections are held to their subject.

use super::Event;
use crate::id::{AccessAssignmentId, GdapRelationshipId, PartnerTenantId, SubscriptionId, TransferId};

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
    /// The partner it speaks of; the provider for a partnership or an extension, the owner for a subscription's,
    /// the source for a transfer's.
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
                PartnerRelationshipObserved ResellerRelationshipExtended
            ]
            attested_by of [
                CustomerAgreementConfirmed
            ]
            owner of [
                SubscriptionPurchased SubscriptionObserved
            ]
            source of [
                SubscriptionTransferRequested SubscriptionTransferCompleted SubscriptionTransferObserved
            ]
            ; nothing of [
                CustomerRegistered CustomerProfileChanged SubscriptionSeatsChanged SubscriptionSuspended
                SubscriptionReactivated SubscriptionCancelled SubscriptionRenewed SubscriptionConverted
                TrialConverted SubscriptionTermChanged SubscriptionBillingCycleChanged
                SubscriptionAutoRenewChanged SubscriptionNextTermScheduled SubscriptionRenamed
                SubscriptionOperationPending SubscriptionDeleted SubscriptionUpdateNotified
                SubscriptionTransferAccepted SubscriptionTransferRejected SubscriptionTransferWithdrawn
                SubscriptionTransferExpired SubscriptionTransferLineFailed ResellerOfRecordChanged
                DigitalPartnerOfRecordSet PartnerAdminLinked CporClaimSubmitted CporClaimApproved
                CporClaimRejected CporClaimDisputed SupportContactChanged SourceRecordKept SourceCoverageRecorded SourceRetentionGap EvidenceAdded EventCorrected
                CheckpointKeyAdded CheckpointKeyRetired EpochStarted StateCommitted TimeAnchored DisclosureRecorded
                HoldPlaced HoldReleased SubjectErased EntryRedacted
            ]
        )
    }

    /// The one subscription it speaks of; none for an order or a transfer, which may concern several.
    #[must_use]
    pub fn subscription(&self) -> Option<SubscriptionId> {
        told!(self;
            subscription of [
                SubscriptionPurchased SubscriptionSeatsChanged SubscriptionSuspended SubscriptionReactivated
                SubscriptionCancelled SubscriptionRenewed SubscriptionConverted TrialConverted
                SubscriptionTermChanged SubscriptionBillingCycleChanged SubscriptionAutoRenewChanged
                SubscriptionNextTermScheduled SubscriptionRenamed SubscriptionOperationPending
                SubscriptionDeleted SubscriptionUpdateNotified SubscriptionObserved ResellerOfRecordChanged
                SubscriptionTransferLineFailed DigitalPartnerOfRecordSet PartnerAdminLinked CporClaimSubmitted
                CporClaimApproved CporClaimRejected CporClaimDisputed SupportContactChanged
            ]
            ; nothing of [
                PartnerRegistered PartnerUpdated PartnerAccountSuspended PartnerAccountReinstated
                PartnerAgreementAccepted PartnerInvited PartnerRelationshipCreated PartnerRelationshipRemoved
                PartnerRelationshipObserved PartnerObserved CustomerRegistered CustomerProfileChanged
                CustomerObserved AssociatedPartnerChanged ResellerRelationshipRequested
                ResellerRelationshipAcceptedByCustomer ResellerRelationshipConfirmed
                ResellerRelationshipReestablished ResellerRelationshipExtended CustomerAdded
                ResellerRelationshipRemovedByPartner CustomerDeleted ResellerRelationshipObserved DapGranted DapRemovedByCustomer
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
                GdapAccessAssignmentObserved CustomerAgreementConfirmed OrderPlaced
                SubscriptionTransferRequested SubscriptionTransferAccepted SubscriptionTransferRejected
                SubscriptionTransferWithdrawn SubscriptionTransferExpired SubscriptionTransferCompleted
                SubscriptionTransferObserved SourceRecordKept
                SourceCoverageRecorded SourceRetentionGap EvidenceAdded EventCorrected
                CheckpointKeyAdded CheckpointKeyRetired EpochStarted StateCommitted TimeAnchored DisclosureRecorded
                HoldPlaced HoldReleased SubjectErased EntryRedacted
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

    /// The transfer it speaks of.
    #[must_use]
    pub fn transfer(&self) -> Option<&TransferId> {
        if let Self::SubscriptionTransferRequested(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferAccepted(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferRejected(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferWithdrawn(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferExpired(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferLineFailed(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferCompleted(event) = self {
            Some(&event.transfer)
        } else if let Self::SubscriptionTransferObserved(event) = self {
            Some(&event.transfer)
        } else {
            None
        }
    }

    /// The subscriptions to which a transfer gives an id that the source did not have.
    pub(crate) fn transferred_into(&self) -> Vec<SubscriptionId> {
        if let Self::SubscriptionTransferCompleted(event) = self {
            event.items.iter().filter_map(|item| item.renamed()).collect()
        } else if let Self::SubscriptionTransferObserved(event) = self {
            event.lines.iter().filter_map(|line| line.new_subscription).collect()
        } else {
            Vec::new()
        }
    }
}
