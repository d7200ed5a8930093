//! Folding a fact into a stream's state. The signature of each family's function is its row of the effect matrix.

mod access;
mod agreement;
mod customer;
mod partner;
mod partner_of_record;
mod relationship;
mod subscription;

use crate::event::Event;
use crate::fold::{Fact, State};
use crate::state::customer::Coverage;
use crate::state::{Customer, Partner};

impl State for Customer {
    fn apply(&mut self, fact: &Fact) {
        let set = fact.stamp();
        match &fact.event {
            // Invitations change nothing by themselves (effect matrix, first row).
            Event::ResellerRelationshipRequested(_)
            | Event::PartnerRegistered(_)
            | Event::PartnerUpdated(_)
            | Event::PartnerAccountSuspended(_)
            | Event::PartnerAccountReinstated(_)
            | Event::PartnerAgreementAccepted(_)
            | Event::PartnerInvited(_)
            | Event::PartnerRelationshipCreated(_)
            | Event::PartnerRelationshipRemoved(_)
            | Event::PartnerRelationshipObserved(_)
            | Event::PartnerObserved(_)
            | Event::SourceRecordKept(_)
            | Event::SourceRetentionGap(_)
            | Event::EvidenceAdded(_)
            | Event::EventCorrected(_) => {}
            Event::SourceCoverageRecorded(event) => {
                self.coverage.push(Coverage { source: event.source.clone(), from: event.from, to: event.to, set })
            }
            Event::CustomerRegistered(_)
            | Event::CustomerProfileChanged(_)
            | Event::CustomerObserved(_)
            | Event::AssociatedPartnerChanged(_) => customer::apply(&mut self.profile, &fact.event, set),
            Event::CustomerAdded(event) => {
                customer::apply(&mut self.profile, &fact.event, set);
                relationship::customer_added(&mut self.resellers, event, set);
            }
            Event::ResellerRelationshipAcceptedByCustomer(_)
            | Event::ResellerRelationshipConfirmed(_)
            | Event::ResellerRelationshipReestablished(_)
            | Event::CustomerDeleted(_)
            | Event::ResellerRelationshipObserved(_) => relationship::apply(&mut self.resellers, &fact.event, set),
            Event::ResellerRelationshipRemovedByPartner(event) => {
                relationship::apply(&mut self.resellers, &fact.event, set);
                access::relationship_removed(&mut self.access, event.partner, set);
            }
            Event::DapGranted(_)
            | Event::DapRemovedByCustomer(_)
            | Event::DapRemovedByPartner(_)
            | Event::DapRemoved(_)
            | Event::DapTerminatedByMicrosoft(_)
            | Event::DapObserved(_)
            | Event::AzureRoleAssigned(_)
            | Event::AzureRoleRemoved(_) => access::apply(&mut self.access, &fact.event, set),
            Event::CustomerAgreementConfirmed(event) => agreement::apply(&mut self.agreements, event, set),
            Event::SubscriptionPurchased(event) => subscription::purchased(&mut self.subscriptions, event, set),
            Event::SubscriptionObserved(event) => subscription::observed(&mut self.subscriptions, event, set),
            Event::OrderPlaced(_)
            | Event::SubscriptionSeatsChanged(_)
            | Event::SubscriptionSuspended(_)
            | Event::SubscriptionReactivated(_)
            | Event::SubscriptionCancelled(_)
            | Event::SubscriptionRenewed(_)
            | Event::SubscriptionConverted(_)
            | Event::TrialConverted(_)
            | Event::SubscriptionTermChanged(_)
            | Event::SubscriptionBillingCycleChanged(_)
            | Event::SubscriptionAutoRenewChanged(_)
            | Event::SubscriptionNextTermScheduled(_)
            | Event::SubscriptionRenamed(_)
            | Event::SubscriptionOperationPending(_)
            | Event::SubscriptionDeleted(_)
            | Event::SubscriptionUpdateNotified(_) => {
                subscription::apply(&mut self.subscriptions.terms(), &fact.event, set);
            }
            Event::ResellerOfRecordChanged(_) | Event::DigitalPartnerOfRecordSet(_) | Event::PartnerAdminLinked(_) => {
                partner_of_record::apply(&mut self.subscriptions.partners_of_record(), &fact.event, set);
            }
            Event::SupportContactChanged(event) => {
                partner_of_record::support_contact(&mut self.subscriptions, event, set);
            }
        }
    }
}

impl State for Partner {
    fn apply(&mut self, fact: &Fact) {
        partner::apply(self, fact);
    }
}
