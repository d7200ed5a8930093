//! Events: facts, past tense, one struct each, grouped by the family that the effect matrix speaks about.

pub mod agreement;
pub mod custody;
pub mod customer;
pub mod dap;
pub mod gdap;
pub mod ledger;
pub mod partner;
pub mod partner_of_record;
pub mod relationship;
pub mod subscription;
pub mod transfer;
pub mod upcast;

mod about;

use serde::{Deserialize, Serialize};

use crate::personal::{self, PersonalText};

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident($path:path) in $family:ident,)+) => {
        /// A fact, tagged by `type` in its JSON form.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Event {
            $($(#[$meta])* $name($path),)+
        }

        impl Event {
            /// Every event's name and family, in the order of the reference.
            pub const KINDS: &'static [(&'static str, Family)] = &[$((stringify!($name), Family::$family),)+];

            /// The event's name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }

            /// The family it belongs to.
            #[must_use]
            pub fn family(&self) -> Family {
                match self {
                    $(Self::$name(_) => Family::$family,)+
                }
            }
        }
    };
}

/// The families whose effects the matrix states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Partner accounts and partnerships.
    Partner,
    /// What is known of a customer itself.
    Customer,
    /// A link was made; nothing follows from it by itself.
    Invitation,
    /// The reseller set.
    Relationship,
    /// A relationship was removed, and with it what DAP was on.
    Removal,
    /// Delegated administration and Azure roles.
    Access,
    /// Granular delegated administration: relationships and their access assignments.
    Granular,
    /// Customer agreements.
    Agreement,
    /// A subscription comes into being: owner, terms and partner of record are set.
    Purchase,
    /// A subscription's content, status and terms.
    Subscription,
    /// How far a transfer is; nothing moves by it.
    Transfer,
    /// A transfer was carried out: owner, id and reseller of record change.
    TransferCompletion,
    /// Partners of record.
    PartnerOfRecord,
    /// Who supports a subscription.
    Support,
    /// A whole subscription as a source shows it (import only).
    SubscriptionObservation,
    /// The record about itself: coverage, evidence, corrections.
    Ledger,
    /// The ledger's own custody: keys, commitments, disclosures, holds, erasures, redactions.
    Custody,
}

impl Family {
    /// The word for it in exports; never another one for the same family.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Customer => "customer",
            Self::Invitation => "invitation",
            Self::Relationship => "relationship",
            Self::Removal => "removal",
            Self::Access => "access",
            Self::Granular => "granular",
            Self::Agreement => "agreement",
            Self::Purchase => "purchase",
            Self::Subscription => "subscription",
            Self::Transfer => "transfer",
            Self::TransferCompletion => "transfer_completion",
            Self::PartnerOfRecord => "partner_of_record",
            Self::Support => "support",
            Self::SubscriptionObservation => "subscription_observation",
            Self::Ledger => "ledger",
            Self::Custody => "custody",
        }
    }
}

impl Event {
    /// The personal texts that it states, those of a replacement included (rule L-10). Contacts are not among them.
    pub fn personal_texts_mut(&mut self) -> Vec<PersonalText<'_>> {
        personal::texts_of(self)
    }
}

events! {
    /// A partner account became known.
    PartnerRegistered(partner::PartnerRegistered) in Partner,
    /// What is known of a partner account changed.
    PartnerUpdated(partner::PartnerUpdated) in Partner,
    /// A partner account was suspended.
    PartnerAccountSuspended(partner::PartnerAccountSuspended) in Partner,
    /// A partner account was reinstated.
    PartnerAccountReinstated(partner::PartnerAccountReinstated) in Partner,
    /// The partner accepted the Microsoft Partner Agreement.
    PartnerAgreementAccepted(partner::PartnerAgreementAccepted) in Partner,
    /// A provider invited an indirect reseller.
    PartnerInvited(partner::PartnerInvited) in Partner,
    /// A provider–reseller partnership began.
    PartnerRelationshipCreated(partner::PartnerRelationshipCreated) in Partner,
    /// A provider–reseller partnership ended.
    PartnerRelationshipRemoved(partner::PartnerRelationshipRemoved) in Partner,
    /// A source shows a provider–reseller partnership.
    PartnerRelationshipObserved(partner::PartnerRelationshipObserved) in Partner,
    /// A source shows a partner account.
    PartnerObserved(partner::PartnerObserved) in Partner,
    /// A user became a member of a security group.
    SecurityGroupMemberAdded(gdap::SecurityGroupMemberAdded) in Partner,
    /// A user is no longer a member of a security group.
    SecurityGroupMemberRemoved(gdap::SecurityGroupMemberRemoved) in Partner,
    /// A customer became known.
    CustomerRegistered(customer::CustomerRegistered) in Customer,
    /// What is known of a customer changed.
    CustomerProfileChanged(customer::CustomerProfileChanged) in Customer,
    /// A source shows a customer.
    CustomerObserved(customer::CustomerObserved) in Customer,
    /// An indirect reseller was associated with the account, or the association was cleared.
    AssociatedPartnerChanged(customer::AssociatedPartnerChanged) in Customer,
    /// A partner made a link for a reseller relationship.
    ResellerRelationshipRequested(relationship::ResellerRelationshipRequested) in Invitation,
    /// The customer accepted a partner's link.
    ResellerRelationshipAcceptedByCustomer(relationship::ResellerRelationshipAcceptedByCustomer) in Relationship,
    /// The customer accepted again what already stands.
    ResellerRelationshipConfirmed(relationship::ResellerRelationshipConfirmed) in Relationship,
    /// The relationship stands again after it had been removed.
    ResellerRelationshipReestablished(relationship::ResellerRelationshipReestablished) in Relationship,
    /// A direct-bill partner extended its relationship to its provider.
    ResellerRelationshipExtended(relationship::ResellerRelationshipExtended) in Relationship,
    /// A partner created the customer's tenant and with it the relationship.
    CustomerAdded(relationship::CustomerAdded) in Relationship,
    /// The partner removed the relationship.
    ResellerRelationshipRemovedByPartner(relationship::ResellerRelationshipRemovedByPartner) in Removal,
    /// A sandbox customer was deleted.
    CustomerDeleted(relationship::CustomerDeleted) in Relationship,
    /// A source shows a relationship, or that there is none.
    ResellerRelationshipObserved(relationship::ResellerRelationshipObserved) in Relationship,
    /// Delegated administration privileges were granted.
    DapGranted(dap::DapGranted) in Access,
    /// The customer removed delegated administration privileges.
    DapRemovedByCustomer(dap::DapRemovedByCustomer) in Access,
    /// The partner removed delegated administration privileges, or they ended with the relationship.
    DapRemovedByPartner(dap::DapRemovedByPartner) in Access,
    /// Delegated administration privileges ended; the source does not say by whom.
    DapRemoved(dap::DapRemoved) in Access,
    /// Microsoft ended delegated administration privileges.
    DapTerminatedByMicrosoft(dap::DapTerminatedByMicrosoft) in Access,
    /// A source shows whether delegated administration privileges are on.
    DapObserved(dap::DapObserved) in Access,
    /// An Azure role of a partner was seen.
    AzureRoleAssigned(dap::AzureRoleAssigned) in Access,
    /// An Azure role of a partner is gone.
    AzureRoleRemoved(dap::AzureRoleRemoved) in Access,
    /// Microsoft began to lead a transition from DAP to granular administration.
    DapTransitionStartedByMicrosoft(dap::DapTransitionStartedByMicrosoft) in Access,
    /// The customer's side saw a partner use its access.
    DelegatedAccessUsed(dap::DelegatedAccessUsed) in Access,
    /// The customer's tenant lists a partner as a service provider, or no longer does.
    PartnerListingObserved(dap::PartnerListingObserved) in Access,
    /// A granular relationship was made.
    GdapRelationshipCreated(gdap::GdapRelationshipCreated) in Granular,
    /// A granular relationship was changed before it was locked.
    GdapRelationshipUpdated(gdap::GdapRelationshipUpdated) in Granular,
    /// A granular relationship was deleted before it was locked.
    GdapRelationshipDeleted(gdap::GdapRelationshipDeleted) in Granular,
    /// A granular relationship was locked for the customer's answer.
    GdapRelationshipSubmittedForApproval(gdap::GdapRelationshipSubmittedForApproval) in Granular,
    /// The reseller agreed to a relationship that its provider made for it.
    GdapPartnerConsentGiven(gdap::GdapPartnerConsentGiven) in Granular,
    /// The customer's side of a granular relationship is given.
    GdapRelationshipApproved(gdap::GdapRelationshipApproved) in Granular,
    /// The reseller it was made for said no.
    GdapRelationshipRejected(gdap::GdapRelationshipRejected) in Granular,
    /// A granular relationship is in force.
    GdapRelationshipActivated(gdap::GdapRelationshipActivated) in Granular,
    /// One side asked for the end of a granular relationship.
    GdapRelationshipTerminationRequested(gdap::GdapRelationshipTerminationRequested) in Granular,
    /// A granular relationship was terminated.
    GdapRelationshipTerminated(gdap::GdapRelationshipTerminated) in Granular,
    /// A granular relationship ended at its end.
    GdapRelationshipExpired(gdap::GdapRelationshipExpired) in Granular,
    /// The end of a granular relationship moved.
    GdapRelationshipExtended(gdap::GdapRelationshipExtended) in Granular,
    /// Global Administrator was taken out of an active relationship.
    GdapGlobalAdministratorRemoved(gdap::GdapGlobalAdministratorRemoved) in Granular,
    /// It was switched whether a granular relationship goes on at its end.
    GdapAutoExtendSet(gdap::GdapAutoExtendSet) in Granular,
    /// Microsoft no longer shows a granular relationship.
    GdapRelationshipCleanedUp(gdap::GdapRelationshipCleanedUp) in Granular,
    /// A source shows a granular relationship.
    GdapRelationshipObserved(Box<gdap::GdapRelationshipObserved>) in Granular,
    /// A source shows a request on a granular relationship.
    GdapRequestObserved(gdap::GdapRequestObserved) in Granular,
    /// A source shows a long-running operation on a granular relationship.
    GdapOperationObserved(gdap::GdapOperationObserved) in Granular,
    /// A group was given roles of a granular relationship.
    GdapAccessAssignmentCreated(gdap::GdapAccessAssignmentCreated) in Granular,
    /// An access assignment is in force.
    GdapAccessAssignmentActivated(gdap::GdapAccessAssignmentActivated) in Granular,
    /// The roles of an access assignment were replaced.
    GdapAccessAssignmentUpdated(gdap::GdapAccessAssignmentUpdated) in Granular,
    /// An access assignment was deleted.
    GdapAccessAssignmentDeleted(gdap::GdapAccessAssignmentDeleted) in Granular,
    /// An access assignment could not be provisioned.
    GdapAccessAssignmentFailed(gdap::GdapAccessAssignmentFailed) in Granular,
    /// A source shows an access assignment.
    GdapAccessAssignmentObserved(Box<gdap::GdapAccessAssignmentObserved>) in Granular,
    /// The customer agreement was confirmed.
    CustomerAgreementConfirmed(Box<agreement::CustomerAgreementConfirmed>) in Agreement,
    /// An order was placed.
    OrderPlaced(subscription::OrderPlaced) in Subscription,
    /// A subscription was bought.
    SubscriptionPurchased(Box<subscription::SubscriptionPurchased>) in Purchase,
    /// Its seats changed.
    SubscriptionSeatsChanged(subscription::SubscriptionSeatsChanged) in Subscription,
    /// It was suspended.
    SubscriptionSuspended(subscription::SubscriptionSuspended) in Subscription,
    /// It was reactivated.
    SubscriptionReactivated(subscription::SubscriptionReactivated) in Subscription,
    /// It was cancelled.
    SubscriptionCancelled(subscription::SubscriptionCancelled) in Subscription,
    /// It was renewed.
    SubscriptionRenewed(subscription::SubscriptionRenewed) in Subscription,
    /// It was converted to another product.
    SubscriptionConverted(Box<subscription::SubscriptionConverted>) in Subscription,
    /// A trial became a paid subscription.
    TrialConverted(Box<subscription::TrialConverted>) in Subscription,
    /// Its term changed.
    SubscriptionTermChanged(subscription::SubscriptionTermChanged) in Subscription,
    /// Its billing cycle changed.
    SubscriptionBillingCycleChanged(subscription::SubscriptionBillingCycleChanged) in Subscription,
    /// Its automatic renewal was switched.
    SubscriptionAutoRenewChanged(subscription::SubscriptionAutoRenewChanged) in Subscription,
    /// What its next term will be was scheduled or cleared.
    SubscriptionNextTermScheduled(subscription::SubscriptionNextTermScheduled) in Subscription,
    /// Its friendly name changed.
    SubscriptionRenamed(subscription::SubscriptionRenamed) in Subscription,
    /// An operation on it is pending.
    SubscriptionOperationPending(subscription::SubscriptionOperationPending) in Subscription,
    /// It was deleted, as a source says.
    SubscriptionDeleted(subscription::SubscriptionDeleted) in Subscription,
    /// A source says that it changed, without saying how.
    SubscriptionUpdateNotified(subscription::SubscriptionUpdateNotified) in Subscription,
    /// A source shows a whole subscription.
    SubscriptionObserved(Box<subscription::SubscriptionObserved>) in SubscriptionObservation,
    /// A transfer of subscriptions was asked for.
    SubscriptionTransferRequested(transfer::SubscriptionTransferRequested) in Transfer,
    /// The other partner accepted a transfer.
    SubscriptionTransferAccepted(transfer::SubscriptionTransferAccepted) in Transfer,
    /// The other partner declined a transfer.
    SubscriptionTransferRejected(transfer::SubscriptionTransferRejected) in Transfer,
    /// The partner who asked for a transfer took it back.
    SubscriptionTransferWithdrawn(transfer::SubscriptionTransferWithdrawn) in Transfer,
    /// A source says that a transfer expired.
    SubscriptionTransferExpired(transfer::SubscriptionTransferExpired) in Transfer,
    /// One line of a transfer could not be carried out.
    SubscriptionTransferLineFailed(transfer::SubscriptionTransferLineFailed) in Transfer,
    /// A transfer was carried out.
    SubscriptionTransferCompleted(transfer::SubscriptionTransferCompleted) in TransferCompletion,
    /// A source shows a whole transfer.
    SubscriptionTransferObserved(transfer::SubscriptionTransferObserved) in Transfer,
    /// Its reseller of record changed.
    ResellerOfRecordChanged(partner_of_record::ResellerOfRecordChanged) in PartnerOfRecord,
    /// Its digital partner of record was set or cleared.
    DigitalPartnerOfRecordSet(partner_of_record::DigitalPartnerOfRecordSet) in PartnerOfRecord,
    /// A partner ID was linked through a credential, or unlinked.
    PartnerAdminLinked(partner_of_record::PartnerAdminLinked) in PartnerOfRecord,
    /// A partner claimed a workload of it.
    CporClaimSubmitted(partner_of_record::CporClaimSubmitted) in PartnerOfRecord,
    /// A claim of a workload of it was approved.
    CporClaimApproved(partner_of_record::CporClaimApproved) in PartnerOfRecord,
    /// A claim of a workload of it was rejected, or taken away.
    CporClaimRejected(partner_of_record::CporClaimRejected) in PartnerOfRecord,
    /// A rejected claim of a workload of it is disputed.
    CporClaimDisputed(partner_of_record::CporClaimDisputed) in PartnerOfRecord,
    /// Its support contact changed.
    #[serde(with = "upcast")]
    SupportContactChanged(partner_of_record::SupportContactChanged) in Support,
    /// A source record that no rule reads, kept verbatim.
    SourceRecordKept(ledger::SourceRecordKept) in Ledger,
    /// A source was read for a period.
    SourceCoverageRecorded(ledger::SourceCoverageRecorded) in Ledger,
    /// From here the source can no longer be read again.
    SourceRetentionGap(ledger::SourceRetentionGap) in Ledger,
    /// A second source states a fact that is already in the ledger.
    EvidenceAdded(ledger::EvidenceAdded) in Ledger,
    /// An earlier event was replaced or withdrawn.
    EventCorrected(ledger::EventCorrected) in Ledger,
    /// From here a key may sign checkpoints.
    CheckpointKeyAdded(custody::CheckpointKeyAdded) in Custody,
    /// From here a key signs no checkpoint any more.
    CheckpointKeyRetired(custody::CheckpointKeyRetired) in Custody,
    /// The ledger goes on after a loss, under another origin.
    EpochStarted(custody::EpochStarted) in Custody,
    /// What all streams and all relationships were at a size of the log.
    StateCommitted(custody::StateCommitted) in Custody,
    /// An authority stamped a head with the time.
    TimeAnchored(custody::TimeAnchored) in Custody,
    /// Information left the ledger.
    DisclosureRecorded(custody::DisclosureRecorded) in Custody,
    /// Something must not be erased or redacted.
    HoldPlaced(custody::HoldPlaced) in Custody,
    /// A hold was released.
    HoldReleased(custody::HoldReleased) in Custody,
    /// The personal fields of a subject can no longer be read.
    SubjectErased(custody::SubjectErased) in Custody,
    /// The bytes of a whole entry are taken away, and its hash stays.
    EntryRedacted(custody::EntryRedacted) in Custody,
}
