//! Readings folded into states: just enough of a ledger to write from.

use std::collections::BTreeMap;

use ofrecord_core::{
    Actor, ActorKind, Cloud, Customer, CustomerId, Decision, Entry, Fact, History, Partner, PartnerTenantId, Policy,
    StreamId, Timestamp,
};
use ofrecord_interop::write::Seen;
use ofrecord_interop::{Context, Reading, read, request_of};

/// The partner whose Partner Center everything was read from.
pub(crate) const PARTNER: &str = "0a000000-0000-4000-8000-0000000000a1";
/// A customer for what names none.
pub(crate) const CUSTOMER: &str = "0c000000-0000-4000-8000-0000000000c1";
/// When everything was read, and is asked about.
pub(crate) const FETCHED: &str = "2024-06-01T00:00:00Z";

pub(crate) fn partner() -> PartnerTenantId {
    PARTNER.parse().unwrap()
}

pub(crate) fn context() -> Context {
    Context {
        partner: Some(partner()),
        customer: CUSTOMER.parse().ok(),
        fetched_at: FETCHED.parse().ok(),
        ..Context::new(Cloud::Worldwide)
    }
}

/// Everything read so far.
#[derive(Default)]
pub(crate) struct Folded {
    pub(crate) entries: Vec<Entry>,
    customers: BTreeMap<CustomerId, History<Customer>>,
    partners: BTreeMap<PartnerTenantId, History<Partner>>,
    states: BTreeMap<CustomerId, Customer>,
    policy: Option<Policy>,
}

impl Folded {
    /// What a file says, folded.
    pub(crate) fn of(name: &str, bytes: &[u8]) -> Self {
        let mut folded = Self { policy: Some(Policy::current(Cloud::Worldwide)), ..Self::default() };
        folded.take(&read(name, bytes, &context()));
        folded
    }

    fn take(&mut self, reading: &Reading) {
        for statement in &reading.statements {
            let request = request_of(statement, &Actor::new(ActorKind::Importer));
            let position = u64::try_from(self.entries.len()).unwrap();
            let entry = Entry {
                position,
                recorded_at: at(FETCHED),
                command_id: request.command_id,
                decision: Decision {
                    actor: request.actor,
                    command: serde_json::to_value(&request.command).unwrap().into(),
                    customer: request.customer,
                    effective_at: request.effective_at,
                    events: Some(statement.events.clone()),
                    evidence: request.evidence,
                    expected_version: None,
                    policy: Policy::current(Cloud::Worldwide).reference,
                    read: Vec::new(),
                    refusal: None,
                },
            };
            for fact in Fact::of(&entry) {
                match statement.stream {
                    StreamId::Customer(id) => self.customers.entry(id).or_default().push(fact),
                    StreamId::Partner(id) => self.partners.entry(id).or_default().push(fact),
                    StreamId::Ledger => panic!("no source states the ledger's own custody"),
                }
            }
            self.entries.push(entry);
        }
        self.states = self.customers.iter().map(|(id, history)| (*id, history.latest().clone())).collect();
    }

    /// The customers, as the partner sees them.
    pub(crate) fn seen(&self) -> Vec<Seen<'_>> {
        let policy = self.policy.as_ref().unwrap();
        let by = Some(partner());
        let seen = self.states.iter();
        seen.map(|(customer, state)| Seen { customer: *customer, state, as_of: at(FETCHED), policy, by }).collect()
    }

    /// The partners.
    pub(crate) fn partners(&self) -> BTreeMap<PartnerTenantId, Partner> {
        self.partners.iter().map(|(id, history)| (*id, history.latest().clone())).collect()
    }

    /// Who recorded an entry, as the source names it.
    pub(crate) fn user_of(&self, position: u64) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.position == position)?;
        entry.decision.actor.user.clone()
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
