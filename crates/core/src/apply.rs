//! Folding a fact into a stream's state. The signature of each family's function is its row of the effect matrix.

mod access;
mod agreement;
mod custody;
mod customer;
mod granular;
mod partner;
mod partner_of_record;
mod relationship;
mod subscription;
mod transfer;

use crate::event::{Event, Family};
use crate::fold::{Fact, Stamp, State};
use crate::state::customer::Coverage;
use crate::state::{Custody, Customer, Partner};

impl State for Customer {
    fn apply(&mut self, fact: &Fact) {
        let (event, set) = (&*fact.event, fact.stamp());
        match event.family() {
            // They change nothing of a customer by themselves (effect matrix).
            Family::Partner | Family::Invitation | Family::Custody => {}
            Family::Customer => customer::apply(&mut self.profile, event, set),
            Family::Relationship => {
                if let Event::CustomerAdded(_) = event {
                    customer::apply(&mut self.profile, event, set);
                }
                relationship::apply(&mut self.resellers, event, set);
            }
            Family::Removal => {
                relationship::apply(&mut self.resellers, event, set);
                if let Event::ResellerRelationshipRemovedByPartner(event) = event {
                    access::relationship_removed(&mut self.access, event.partner, set);
                }
            }
            Family::Access => access::apply(&mut self.access, event, set),
            Family::Granular => granular::apply(&mut self.access.granular, event, set),
            Family::Agreement => {
                if let Event::CustomerAgreementConfirmed(event) = event {
                    agreement::apply(&mut self.agreements, event, set);
                }
            }
            Family::Purchase => {
                if let Event::SubscriptionPurchased(event) = event {
                    subscription::purchased(&mut self.subscriptions, event, set);
                }
            }
            Family::SubscriptionObservation => {
                if let Event::SubscriptionObserved(event) = event {
                    subscription::observed(&mut self.subscriptions, event, set);
                }
            }
            Family::Subscription => subscription::apply(&mut self.subscriptions.terms(), event, set),
            Family::Transfer => transfer::apply(&mut self.transfers, event, set),
            Family::TransferCompletion => {
                if let Event::SubscriptionTransferCompleted(event) = event {
                    transfer::completed(&mut self.transfers, &mut self.subscriptions, event, set);
                }
            }
            Family::PartnerOfRecord => {
                partner_of_record::apply(&mut self.subscriptions.partners_of_record(), event, set);
            }
            Family::Support => {
                if let Event::SupportContactChanged(event) = event {
                    partner_of_record::support_contact(&mut self.subscriptions, event, set);
                }
            }
            Family::Ledger => coverage(&mut self.coverage, event, set),
        }
    }
}

/// Takes in that a source was read; nothing else that the record says of itself changes a customer.
fn coverage(coverage: &mut Vec<Coverage>, event: &Event, set: Stamp) {
    if let Event::SourceCoverageRecorded(event) = event {
        coverage.push(Coverage { source: event.source.clone(), from: event.from, to: event.to, set });
    }
}

impl State for Custody {
    fn apply(&mut self, fact: &Fact) {
        custody::apply(self, fact);
    }
}

impl State for Partner {
    fn apply(&mut self, fact: &Fact) {
        partner::apply(self, fact);
    }
}
