//! The generated history of the demo and the benchmarks: customers, partners and years of commands from one seed.

mod chance;
mod customer;
mod offers;
mod partners;
mod requests;

use std::collections::{BTreeMap, HashSet};
use std::mem::{Discriminant, discriminant};

use ofrecord_core::{CustomerId, PartnerTenantId, Request, Timestamp};
use uuid::Uuid;

use self::chance::Chance;
use self::customer::Action;
use self::partners::Cast;

/// A generated history: the same seed and size give the same requests, in the same order, for ever.
#[derive(Debug)]
pub(crate) struct History {
    seed: u64,
    cast: Cast,
    steps: Vec<Step>,
}

/// One command to come, small enough that millions fit in memory.
#[derive(Debug, Clone)]
struct Step {
    recorded_at: Timestamp,
    effective_at: Timestamp,
    customer: u32,
    number: u32,
    action: Action,
}

/// A request and the instant at which it is recorded.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// When the ledger learns of it.
    pub(crate) recorded_at: Timestamp,
    /// What is asked.
    pub(crate) request: Request,
}

impl History {
    /// Lays out the history of `customers` customers.
    #[must_use]
    pub(crate) fn new(seed: u64, customers: u32) -> Self {
        let cast = Cast::new(seed, customers);
        let mut steps: Vec<Step> = Vec::new();
        for customer in 0..customers {
            let mut chance = Chance::of(seed, &format!("customer/{customer}"));
            let actions = customer::life(&mut chance, &cast);
            steps.extend((0_u32..).zip(actions).map(|(number, planned)| Step {
                recorded_at: planned.recorded_at,
                effective_at: planned.effective_at,
                customer,
                number,
                action: planned.action,
            }));
        }
        steps.sort_by_key(|step| (step.recorded_at, step.customer, step.number));
        Self { seed, cast, steps }
    }

    /// How many requests there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.cast.openings() + self.steps.len()
    }

    /// The requests in the order in which they are recorded.
    pub(crate) fn requests(&self) -> impl Iterator<Item = Recorded> + '_ {
        let opening = self.cast.requests(self.seed);
        let rest = self.steps.iter().map(|step| Recorded {
            recorded_at: step.recorded_at,
            request: requests::build(self.seed, &self.cast, step),
        });
        opening.into_iter().chain(rest)
    }

    /// The customer whose story shows the most: the one with the most different actions.
    #[must_use]
    pub(crate) fn most_telling_customer(&self) -> Option<CustomerId> {
        let mut kinds: BTreeMap<u32, HashSet<Discriminant<Action>>> = BTreeMap::new();
        for step in &self.steps {
            kinds.entry(step.customer).or_default().insert(discriminant(&step.action));
        }
        kinds
            .into_iter()
            .max_by_key(|(customer, kinds)| (kinds.len(), std::cmp::Reverse(*customer)))
            .map(|(customer, _)| customer_id(self.seed, customer))
    }
}

/// The id of a customer of a history.
#[must_use]
pub(crate) fn customer_id(seed: u64, number: u32) -> CustomerId {
    CustomerId::new(name_id(seed, &format!("customer/{number}")))
}

fn partner_id(seed: u64, number: u32) -> PartnerTenantId {
    PartnerTenantId::new(name_id(seed, &format!("partner/{number}")))
}

/// A GUID that a name always gets.
fn name_id(seed: u64, name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("https://ofrecord.example/demo/{seed}/{name}").as_bytes())
}
