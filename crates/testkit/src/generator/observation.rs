//! Drawing imports of evidence, and corrections of what stands in the log.

use std::collections::BTreeSet;

use ofrecord_core::command::ledger::{CorrectEvent, RecordObservation};
use ofrecord_core::event::dap::{DapGranted, DapObserved, DapRemoved, DapRemovedByCustomer, DapState};
use ofrecord_core::event::ledger::{KeptBecause, SourceCoverageRecorded, SourceRecordKept};
use ofrecord_core::event::relationship::{
    ResellerRelationshipAcceptedByCustomer, ResellerRelationshipObserved, ResellerRelationshipRemovedByPartner,
};
use ofrecord_core::event::subscription::{SubscriptionDeleted, SubscriptionObserved, SubscriptionUpdateNotified};
use ofrecord_core::vocabulary::{PartnerType, RelationshipKind, Services, SubscriptionStatus};
use ofrecord_core::{Actor, Command, CustomerId, Event, Evidence, PartnerTenantId, SourceSystem, SubscriptionId};

use super::{Generator, Range};
use crate::{actor, name, product};

type Drawn = (Actor, Option<CustomerId>, Command);

impl Generator {
    pub(super) fn observation(&mut self) -> Drawn {
        if self.random.percent(30) {
            return self.granular_observation();
        }
        let customer = self.any_customer();
        let partner = self.partner_of(&[PartnerType::DirectBill, PartnerType::IndirectProvider]);
        let event = match self.range {
            Range::Modelled => self.modelled_fact(partner),
            Range::Everything if self.random.percent(50) => self.modelled_fact(partner),
            Range::Everything => self.other_fact(customer, partner),
        };
        let command = Command::RecordObservation(RecordObservation { events: vec![event] });
        (actor::importer(), Some(customer), command)
    }

    fn modelled_fact(&mut self, partner: PartnerTenantId) -> Event {
        match self.random.below(5) {
            0 => Event::DapGranted(DapGranted { partner, services: Services::All }),
            1 => Event::DapRemovedByCustomer(DapRemovedByCustomer { partner, services: Services::All }),
            2 => Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
                partner,
                relationship: RelationshipKind::Reseller,
                ended_by: None,
                via_provider: None,
            }),
            3 => Event::ResellerRelationshipRemovedByPartner(ResellerRelationshipRemovedByPartner {
                partner,
                removed_by: None,
                subscriptions_considered: BTreeSet::new(),
                generation: 1,
            }),
            _ => {
                let statuses = [SubscriptionStatus::Active, SubscriptionStatus::Suspended, SubscriptionStatus::Deleted];
                Event::SubscriptionObserved(Box::new(SubscriptionObserved {
                    subscription: self.seen_subscription(),
                    owner: Some(partner),
                    quantity: self.random.percent(70).then(|| self.random.below(50)),
                    status: self.random.percent(70).then(|| self.random.one_of(&statuses).clone()),
                    ..SubscriptionObserved::of(name::subscription(""))
                }))
            }
        }
    }

    fn seen_subscription(&mut self) -> SubscriptionId {
        if self.random.percent(60) && !self.ordered.is_empty() {
            self.random.one_of(&self.ordered).subscription
        } else {
            name::subscription(&format!("seen{}", self.random.below(3)))
        }
    }

    fn other_fact(&mut self, customer: CustomerId, partner: PartnerTenantId) -> Event {
        let now = self.now;
        match self.random.below(8) {
            0 => Event::DapObserved(DapObserved {
                partner,
                state: if self.random.percent(50) { DapState::Active } else { DapState::Removed },
                started_at: None,
                ended_at: None,
                last_sign_in_at: Some(now.plus_days(-3)),
            }),
            1 => Event::DapRemoved(DapRemoved { partner, services: Services::All }),
            2 => Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
                partner,
                accepted_by: None,
                via_provider: None,
                market: None,
                generation: 1,
            }),
            3 => {
                let word = *self.random.one_of(&["none", "advisor", "future_word"]);
                let relationship = RelationshipKind::from_wire(word);
                Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
                    partner,
                    relationship,
                    ended_by: None,
                    via_provider: None,
                })
            }
            4 => Event::SourceRecordKept(SourceRecordKept {
                operation: "update_customer_qualification".to_owned(),
                because: KeptBecause::OutOfScope,
                unrecognised: Vec::new(),
                summary: Some(format!("a record about {customer}")),
                raw: None,
            }),
            5 => Event::SourceCoverageRecorded(SourceCoverageRecorded {
                source: SourceSystem::PartnerCenterAudit,
                from: now.plus_days(-30),
                to: now,
            }),
            6 => Event::SubscriptionDeleted(SubscriptionDeleted { subscription: self.seen_subscription() }),
            _ => {
                Event::SubscriptionUpdateNotified(SubscriptionUpdateNotified { subscription: self.seen_subscription() })
            }
        }
    }

    /// Imports carry the record they rest on; now and then the same record comes again under another id.
    pub(super) fn evidence_for(&mut self, command: &Command) -> Vec<Evidence> {
        if !matches!(command, Command::RecordObservation(_)) {
            return Vec::new();
        }
        self.observed += 1;
        vec![crate::story::audit_evidence(&format!("{}_{}", self.seed, self.observed))]
    }

    /// A correction of some position: of this customer, of another, or of none.
    pub(super) fn correction(&mut self) -> Drawn {
        let customer = self.any_customer();
        let partner = self.any_partner();
        let services = Services::Names([product::service("Azure")].into());
        let replacement =
            self.random.percent(50).then(|| Box::new(Event::DapGranted(DapGranted { partner, services })));
        let command = CorrectEvent {
            partners: BTreeSet::new(),
            position: self.random.below(self.drawn + 1),
            event_index: 0,
            replacement,
            replacement_effective_at: None,
            reason: "the source was read wrongly".to_owned(),
        };
        (actor::compliance_officer(), Some(customer), Command::CorrectEvent(command))
    }
}
