//! Test histories, told as events with their times; nothing here reaches into a state.

use std::collections::BTreeSet;

use ofrecord_core::actor::ActorKind;
use ofrecord_core::command::relationship::AzureRole;
use ofrecord_core::command::subscription::Product;
use ofrecord_core::event::agreement::CustomerAgreementConfirmed;
use ofrecord_core::event::dap::{AzureRoleAssigned, DapGranted, DapRemovedByCustomer};
use ofrecord_core::event::ledger::EventCorrected;
use ofrecord_core::event::partner_of_record::{CporClaimApproved, SupportContact, SupportContactChanged};
use ofrecord_core::event::relationship::{
    ResellerRelationshipAcceptedByCustomer, ResellerRelationshipExtended, ResellerRelationshipRemovedByPartner,
};
use ofrecord_core::event::subscription::{SubscriptionPurchased, SubscriptionSuspended};
use ofrecord_core::evidence::{Completeness, Evidence, SourceSystem};
use ofrecord_core::refusal::Ground;
use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, AutoRenew, BillingCycle, ProductFamily, Services, SuspensionReason, TermDuration,
    Trial,
};
use ofrecord_core::{
    Actor, Cloud, CustomerId, Decision, Entry, Event, PartnerTenantId, Policy, Refusal, SubscriptionId, Timestamp,
};
use serde_json::json;

use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

pub(crate) mod granular;
pub(crate) mod transfer;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn guid(family: u32, number: u32) -> String {
    format!("{family:08x}-0000-4000-8000-{number:012x}")
}

pub(crate) fn customer() -> CustomerId {
    guid(0xc, 1).parse().unwrap()
}

pub(crate) fn partner(number: u32) -> PartnerTenantId {
    guid(0xa, number).parse().unwrap()
}

/// The partner who was there first in the scenarios.
pub(crate) fn q() -> PartnerTenantId {
    partner(1)
}

/// The partner who joins.
pub(crate) fn p() -> PartnerTenantId {
    partner(2)
}

pub(crate) fn subscription(number: u32) -> SubscriptionId {
    guid(0x5, number).parse().unwrap()
}

pub(crate) fn names(list: &[&str]) -> Services {
    Services::Names(list.iter().map(|name| name.parse().unwrap()).collect())
}

pub(crate) fn china() -> Policy {
    Policy::current(Cloud::China21Vianet)
}

pub(crate) fn worldwide() -> Policy {
    Policy::current(Cloud::Worldwide)
}

/// Everything known, at an instant.
pub(crate) fn seen_at<'a>(as_of: &str, policy: &'a Policy) -> Viewpoint<'a> {
    Viewpoint { as_of: at(as_of), known_below: u64::MAX, policy }
}

/// A history being told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Story {
    pub(crate) entries: Vec<Entry>,
}

impl Story {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Events that were recorded when they happened, by a command to this ledger.
    pub(crate) fn on(self, when: &str, events: impl IntoIterator<Item = Event>) -> Self {
        self.learned(when, when, &[], events)
    }

    /// Events that a source told of at once.
    pub(crate) fn told(self, when: &str, source: SourceSystem, events: impl IntoIterator<Item = Event>) -> Self {
        self.learned(when, when, &[source], events)
    }

    /// Events that were recorded later than they happened.
    pub(crate) fn learned(
        mut self,
        recorded: &str,
        effective: &str,
        sources: &[SourceSystem],
        events: impl IntoIterator<Item = Event>,
    ) -> Self {
        self.append(at(recorded), at(effective), sources, Ok(events.into_iter().collect()));
        self
    }

    /// Events of a command by a partner's user.
    pub(crate) fn by(
        mut self,
        partner: PartnerTenantId,
        command: &str,
        when: &str,
        events: impl IntoIterator<Item = Event>,
    ) -> Self {
        let mut entry = self.entry(at(when), at(when), &[]);
        entry.decision.command = json!({"type": command}).into();
        entry.decision.actor = user_of(partner);
        entry.decision.events = Some(events.into_iter().collect());
        self.entries.push(entry);
        self
    }

    /// A command that was refused.
    pub(crate) fn refused(mut self, when: &str, ground: &Ground, about: &Event) -> Self {
        let mut entry = self.entry(at(when), at(when), &[]);
        entry.decision.command = json!({"type": "Refused", "about": about}).into();
        entry.decision.refusal = Some(Refusal::because(ground));
        self.entries.push(entry);
        self
    }

    pub(crate) fn append(
        &mut self,
        recorded: Timestamp,
        effective: Timestamp,
        sources: &[SourceSystem],
        outcome: Result<Vec<Event>, Refusal>,
    ) {
        let mut entry = self.entry(recorded, effective, sources);
        match outcome {
            Ok(events) => entry.decision.events = Some(events),
            Err(refusal) => entry.decision.refusal = Some(refusal),
        }
        self.entries.push(entry);
    }

    fn entry(&self, recorded: Timestamp, effective: Timestamp, sources: &[SourceSystem]) -> Entry {
        let position = self.entries.last().map_or(10, |last| last.position + 3);
        let recorded_at = self.entries.last().map_or(recorded, |last| last.recorded_at.max(recorded));
        let kind = if sources.is_empty() { ActorKind::Operator } else { ActorKind::Importer };
        Entry {
            position,
            recorded_at,
            command_id: guid(0xd, u32::try_from(position).unwrap()).parse().unwrap(),
            decision: Decision {
                actor: Actor::new(kind),
                command: json!({"type": "RecordObservation"}).into(),
                customer: Some(customer()),
                effective_at: (effective != recorded_at).then_some(effective),
                events: None,
                evidence: sources.iter().map(|source| evidence(source.clone(), position)).collect(),
                expected_version: None,
                policy: china().reference,
                read: Vec::new(),
                refusal: None,
            },
        }
    }

    /// The position of the newest entry.
    pub(crate) fn last(&self) -> u64 {
        self.entries.last().unwrap().position
    }

    pub(crate) fn record(&self) -> CustomerRecord {
        let mut record = CustomerRecord::new(customer());
        self.entries.iter().for_each(|entry| record.take(entry));
        record
    }
}

pub(crate) fn user_of(partner: PartnerTenantId) -> Actor {
    Actor { tenant_id: Some(partner.guid()), ..Actor::new(ActorKind::PartnerUser) }
}

fn evidence(source: SourceSystem, position: u64) -> Evidence {
    Evidence {
        source,
        record_id: format!("record-{position}"),
        raw_hash: format!("{position:064x}"),
        fetched_at: None,
        completeness: Completeness::Full,
        audit: None,
    }
}

pub(crate) fn accepted(partner: PartnerTenantId) -> Event {
    Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
        partner,
        accepted_by: Some("admin@customer.example".to_owned()),
        via_provider: None,
        market: None,
        generation: 1,
    })
}

pub(crate) fn removed(partner: PartnerTenantId) -> Event {
    Event::ResellerRelationshipRemovedByPartner(ResellerRelationshipRemovedByPartner {
        partner,
        removed_by: None,
        subscriptions_considered: BTreeSet::new(),
        generation: 1,
    })
}

pub(crate) fn dap(partner: PartnerTenantId, services: Services) -> Event {
    Event::DapGranted(DapGranted { partner, services })
}

pub(crate) fn dap_removed(partner: PartnerTenantId, services: Services) -> Event {
    Event::DapRemovedByCustomer(DapRemovedByCustomer { partner, services })
}

pub(crate) fn azure_role(partner: PartnerTenantId) -> Event {
    Event::AzureRoleAssigned(AzureRoleAssigned { partner, assignment: owner_of_scope() })
}

pub(crate) fn owner_of_scope() -> AzureRole {
    AzureRole { scope: "/subscriptions/1".to_owned(), role: "Owner".to_owned() }
}

pub(crate) fn agreement(day: &str) -> Event {
    Event::CustomerAgreementConfirmed(Box::new(CustomerAgreementConfirmed {
        agreement_type: AgreementType::MicrosoftCustomerAgreement,
        template_id: None,
        date_agreed: at(day),
        method: AgreementMethod::Direct,
        attested_by: None,
        primary_contact: None,
    }))
}

pub(crate) fn suspended(number: u32) -> Event {
    Event::SubscriptionSuspended(SubscriptionSuspended {
        subscription: subscription(number),
        reason: Some(SuspensionReason::CustomerRequest),
    })
}

/// Partner ID 42 claimed a workload of subscription 1, and had it approved.
pub(crate) fn claimed() -> Event {
    Event::CporClaimApproved(CporClaimApproved {
        subscription: subscription(1),
        workload: "Teams".parse().unwrap(),
        partner_id: "42".parse().unwrap(),
        claim_id: Some("claim-1".to_owned()),
    })
}

/// P extended its relationship to the provider of number 3.
pub(crate) fn extended() -> Event {
    Event::ResellerRelationshipExtended(ResellerRelationshipExtended {
        provider: partner(3),
        from_partner: p(),
        consent_reference: Some("letter of 2024-01-02".to_owned()),
        generation: 1,
    })
}

pub(crate) fn supported(number: u32, partner: PartnerTenantId) -> Event {
    let contact =
        SupportContact { partner, partner_id: "4391507".parse().ok(), name: Some("Trey Research".to_owned()) };
    let contact = Some(contact);
    Event::SupportContactChanged(SupportContactChanged { subscription: subscription(number), contact })
}

pub(crate) fn withdrawn(position: u64, index: u32) -> Event {
    Event::EventCorrected(EventCorrected {
        position,
        event_index: index,
        replacement: None,
        effective_at: None,
        reason: "entered twice".to_owned(),
    })
}

pub(crate) fn replaced(position: u64, index: u32, with: Event) -> Event {
    Event::EventCorrected(EventCorrected {
        position,
        event_index: index,
        replacement: Some(Box::new(with)),
        effective_at: None,
        reason: "misread".to_owned(),
    })
}

/// A purchase in its plainest form; tests change what they are about.
pub(crate) fn purchase(number: u32, owner: PartnerTenantId) -> SubscriptionPurchased {
    SubscriptionPurchased {
        subscription: subscription(number),
        owner,
        order: format!("order-{number}").parse().unwrap(),
        product: product(ProductFamily::LegacyLicense),
        quantity: 25,
        term: Some(TermDuration::P1Y),
        billing_cycle: Some(BillingCycle::Annual),
        auto_renew: Some(AutoRenew::On),
        trial: Some(Trial::Paid),
        parent: None,
        commitment_end: None,
        cancellation_allowed_until: None,
        partner_id_on_record: None,
        additional_partner_ids_on_record: BTreeSet::new(),
        agreement: Some(AgreementType::MicrosoftCustomerAgreement),
        price_terms: None,
        entitlement: None,
    }
}

pub(crate) fn product(family: ProductFamily) -> Product {
    Product {
        id: "796B6B5F-613C-4E24-A17C-EBA730D49C02".parse().unwrap(),
        name: "Office 365 Enterprise E3".to_owned(),
        family,
        service: Some("Office 365".parse().unwrap()),
        quantity_min: None,
        quantity_max: None,
        markets: BTreeSet::new(),
    }
}

pub(crate) fn bought(purchase: SubscriptionPurchased) -> Event {
    Event::SubscriptionPurchased(Box::new(purchase))
}
