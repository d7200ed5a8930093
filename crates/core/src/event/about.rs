//! What an event is about: the partner and the subscription it speaks of, by which facts are found again and corrections are held to their subject.

use super::Event;
use crate::id::{PartnerTenantId, SubscriptionId};

impl Event {
    /// The partner it speaks of; the provider for a partnership, the owner for a subscription's.
    #[must_use]
    pub fn partner(&self) -> Option<PartnerTenantId> {
        match self {
            Self::PartnerRegistered(event) => Some(event.partner),
            Self::PartnerUpdated(event) => Some(event.partner),
            Self::PartnerAccountSuspended(event) => Some(event.partner),
            Self::PartnerAccountReinstated(event) => Some(event.partner),
            Self::PartnerAgreementAccepted(event) => Some(event.partner),
            Self::PartnerInvited(event) => Some(event.provider),
            Self::PartnerRelationshipCreated(event) => Some(event.provider),
            Self::PartnerRelationshipRemoved(event) => Some(event.provider),
            Self::PartnerRelationshipObserved(event) => event.provider,
            Self::PartnerObserved(event) => Some(event.partner),
            Self::CustomerObserved(event) => event.partner,
            Self::AssociatedPartnerChanged(event) => Some(event.partner),
            Self::ResellerRelationshipRequested(event) => Some(event.partner),
            Self::ResellerRelationshipAcceptedByCustomer(event) => Some(event.partner),
            Self::ResellerRelationshipConfirmed(event) => Some(event.partner),
            Self::ResellerRelationshipReestablished(event) => Some(event.partner),
            Self::CustomerAdded(event) => Some(event.partner),
            Self::ResellerRelationshipRemovedByPartner(event) => Some(event.partner),
            Self::CustomerDeleted(event) => Some(event.partner),
            Self::ResellerRelationshipObserved(event) => Some(event.partner),
            Self::DapGranted(event) => Some(event.partner),
            Self::DapRemovedByCustomer(event) => Some(event.partner),
            Self::DapRemovedByPartner(event) => Some(event.partner),
            Self::DapRemoved(event) => Some(event.partner),
            Self::DapTerminatedByMicrosoft(event) => Some(event.partner),
            Self::DapObserved(event) => Some(event.partner),
            Self::AzureRoleAssigned(event) => Some(event.partner),
            Self::AzureRoleRemoved(event) => Some(event.partner),
            Self::CustomerAgreementConfirmed(event) => event.attested_by,
            Self::OrderPlaced(event) => Some(event.partner),
            Self::SubscriptionPurchased(event) => Some(event.owner),
            Self::SubscriptionObserved(event) => event.owner,
            Self::CustomerRegistered(_)
            | Self::CustomerProfileChanged(_)
            | Self::SubscriptionSeatsChanged(_)
            | Self::SubscriptionSuspended(_)
            | Self::SubscriptionReactivated(_)
            | Self::SubscriptionCancelled(_)
            | Self::SubscriptionRenewed(_)
            | Self::SubscriptionConverted(_)
            | Self::TrialConverted(_)
            | Self::SubscriptionTermChanged(_)
            | Self::SubscriptionBillingCycleChanged(_)
            | Self::SubscriptionAutoRenewChanged(_)
            | Self::SubscriptionNextTermScheduled(_)
            | Self::SubscriptionRenamed(_)
            | Self::SubscriptionOperationPending(_)
            | Self::SubscriptionDeleted(_)
            | Self::SubscriptionUpdateNotified(_)
            | Self::ResellerOfRecordChanged(_)
            | Self::DigitalPartnerOfRecordSet(_)
            | Self::PartnerAdminLinked(_)
            | Self::SupportContactChanged(_)
            | Self::SourceRecordKept(_)
            | Self::SourceCoverageRecorded(_)
            | Self::SourceRetentionGap(_)
            | Self::EvidenceAdded(_)
            | Self::EventCorrected(_) => None,
        }
    }

    /// The one subscription it speaks of; none for an order, which may create several.
    #[must_use]
    pub fn subscription(&self) -> Option<SubscriptionId> {
        match self {
            Self::SubscriptionPurchased(event) => Some(event.subscription),
            Self::SubscriptionSeatsChanged(event) => Some(event.subscription),
            Self::SubscriptionSuspended(event) => Some(event.subscription),
            Self::SubscriptionReactivated(event) => Some(event.subscription),
            Self::SubscriptionCancelled(event) => Some(event.subscription),
            Self::SubscriptionRenewed(event) => Some(event.subscription),
            Self::SubscriptionConverted(event) => Some(event.subscription),
            Self::TrialConverted(event) => Some(event.subscription),
            Self::SubscriptionTermChanged(event) => Some(event.subscription),
            Self::SubscriptionBillingCycleChanged(event) => Some(event.subscription),
            Self::SubscriptionAutoRenewChanged(event) => Some(event.subscription),
            Self::SubscriptionNextTermScheduled(event) => Some(event.subscription),
            Self::SubscriptionRenamed(event) => Some(event.subscription),
            Self::SubscriptionOperationPending(event) => Some(event.subscription),
            Self::SubscriptionDeleted(event) => Some(event.subscription),
            Self::SubscriptionUpdateNotified(event) => Some(event.subscription),
            Self::SubscriptionObserved(event) => Some(event.subscription),
            Self::ResellerOfRecordChanged(event) => Some(event.subscription),
            Self::DigitalPartnerOfRecordSet(event) => Some(event.subscription),
            Self::PartnerAdminLinked(event) => Some(event.subscription),
            Self::SupportContactChanged(event) => Some(event.subscription),
            Self::PartnerRegistered(_)
            | Self::PartnerUpdated(_)
            | Self::PartnerAccountSuspended(_)
            | Self::PartnerAccountReinstated(_)
            | Self::PartnerAgreementAccepted(_)
            | Self::PartnerInvited(_)
            | Self::PartnerRelationshipCreated(_)
            | Self::PartnerRelationshipRemoved(_)
            | Self::PartnerRelationshipObserved(_)
            | Self::PartnerObserved(_)
            | Self::CustomerRegistered(_)
            | Self::CustomerProfileChanged(_)
            | Self::CustomerObserved(_)
            | Self::AssociatedPartnerChanged(_)
            | Self::ResellerRelationshipRequested(_)
            | Self::ResellerRelationshipAcceptedByCustomer(_)
            | Self::ResellerRelationshipConfirmed(_)
            | Self::ResellerRelationshipReestablished(_)
            | Self::CustomerAdded(_)
            | Self::ResellerRelationshipRemovedByPartner(_)
            | Self::CustomerDeleted(_)
            | Self::ResellerRelationshipObserved(_)
            | Self::DapGranted(_)
            | Self::DapRemovedByCustomer(_)
            | Self::DapRemovedByPartner(_)
            | Self::DapRemoved(_)
            | Self::DapTerminatedByMicrosoft(_)
            | Self::DapObserved(_)
            | Self::AzureRoleAssigned(_)
            | Self::AzureRoleRemoved(_)
            | Self::CustomerAgreementConfirmed(_)
            | Self::OrderPlaced(_)
            | Self::SourceRecordKept(_)
            | Self::SourceCoverageRecorded(_)
            | Self::SourceRetentionGap(_)
            | Self::EvidenceAdded(_)
            | Self::EventCorrected(_) => None,
        }
    }
}
