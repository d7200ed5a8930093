//! A desk that decides over `ofrecord_core` alone: streams folded in memory, entries kept, no log, no clock.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{
    Custody, Customer, CustomerId, Decision, Entry, Fact, History, Outcome, Partner, PartnerTenantId, Policy, Request,
    State, StreamId, Streams, Timestamp, When, decide, partners_needed, streams_written,
};
use serde_json::Value;

/// Streams in memory, and every decision taken over them.
#[derive(Debug)]
pub struct Desk {
    policy: Policy,
    customers: BTreeMap<CustomerId, History<Customer>>,
    partners: BTreeMap<PartnerTenantId, History<Partner>>,
    custody: History<Custody>,
    entries: Vec<Entry>,
}

impl Desk {
    /// An empty desk under a policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            customers: BTreeMap::new(),
            partners: BTreeMap::new(),
            custody: History::default(),
            entries: Vec::new(),
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Everything decided, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is folded of a customer.
    #[must_use]
    pub fn customer(&self, id: CustomerId) -> Option<&History<Customer>> {
        self.customers.get(&id)
    }

    /// What is folded of a partner.
    #[must_use]
    pub fn partner(&self, id: PartnerTenantId) -> Option<&History<Partner>> {
        self.partners.get(&id)
    }

    /// Decides without taking the outcome in; none when the request names no stream.
    #[must_use]
    pub fn judge(&self, request: &Request, recorded_at: Timestamp) -> Option<Outcome> {
        let written = streams_written(request)?;
        let when = When { effective_at: request.effective_at.unwrap_or(recorded_at), recorded_at };
        let customer = request
            .customer
            .and_then(|id| self.customers.get(&id))
            .map_or_else(Customer::default, |history| at(history, when.effective_at));
        let facts: &[Fact] = match written.first()? {
            StreamId::Customer(id) => self.customers.get(id).map_or(&[], History::facts),
            StreamId::Partner(id) => self.partners.get(id).map_or(&[], History::facts),
            StreamId::Ledger => self.custody.facts(),
        };
        let custody = at(&self.custody, when.effective_at);
        let mut asked: BTreeSet<PartnerTenantId> = BTreeSet::new();
        loop {
            let read: BTreeMap<PartnerTenantId, Partner> = asked
                .iter()
                .map(|id| {
                    let folded = self.partners.get(id).map(|history| at(history, when.effective_at));
                    (*id, folded.unwrap_or_default())
                })
                .collect();
            let streams = Streams {
                customer: &customer,
                custody: &custody,
                partners: read.iter().map(|(id, partner)| (*id, partner)).collect(),
                facts,
            };
            let needed = partners_needed(request, &streams);
            if needed.is_subset(&asked) {
                return Some(decide(request, &streams, &self.policy, when));
            }
            asked.extend(needed);
        }
    }

    /// Decides, takes the outcome in, and gives it back; none when the request names no stream.
    pub fn submit(&mut self, request: &Request, recorded_at: Timestamp) -> Option<Outcome> {
        let outcome = self.judge(request, recorded_at)?;
        let (events, refusal) = match outcome.clone() {
            Outcome::Accepted(events) => (Some(events), None),
            Outcome::Refused(refusal) => (None, Some(refusal)),
        };
        let entry = Entry {
            position: u64::try_from(self.entries.len()).unwrap_or(u64::MAX),
            recorded_at,
            command_id: request.command_id,
            decision: Decision {
                actor: request.actor.clone(),
                command: serde_json::to_value(&request.command).unwrap_or(Value::Null).into(),
                customer: request.customer,
                effective_at: request.effective_at,
                events,
                evidence: request.evidence.clone(),
                expected_version: request.expected_version,
                policy: self.policy.reference,
                read: Vec::new(),
                refusal,
            },
        };
        self.take(&entry, &streams_written(request)?);
        self.entries.push(entry);
        Some(outcome)
    }

    fn take(&mut self, entry: &Entry, streams: &[StreamId]) {
        for stream in streams {
            for fact in Fact::of(entry) {
                match stream {
                    StreamId::Customer(id) => self.customers.entry(*id).or_default().push(fact),
                    StreamId::Partner(id) => self.partners.entry(*id).or_default().push(fact),
                    StreamId::Ledger => self.custody.push(fact),
                }
            }
        }
    }
}

fn at<S: State>(history: &History<S>, instant: Timestamp) -> S {
    history.state_at(instant, u64::MAX)
}
