//! The generated history of the demo and the measurements: customers, partners and years of commands from one seed.

mod action;
mod administration;
mod busy;
mod chance;
mod customer;
mod moves;
mod offers;
mod partners;
mod requests;
mod staff;

use std::collections::{BTreeMap, HashSet};

use ofrecord_core::{Cloud, CustomerId, PartnerTenantId, Request, Timestamp};
use uuid::Uuid;

use self::action::{Action, Kind};
pub use self::busy::busy_customer;
use self::chance::Chance;
use self::customer::Planned;
use self::partners::Cast;

/// The security groups of a partner: the two agent groups that DAP names, and two that assignments name.
const GROUPS: [&str; 4] = ["Admin agents", "Helpdesk agents", "Cloud engineers", "Service desk"];

/// A generated history: the same seed and size give the same requests, in the same order, for ever.
#[derive(Debug)]
pub struct History {
    seed: u64,
    customers: u32,
    cast: Cast,
    steps: Vec<Step>,
}

/// One command to come, small enough that millions fit in memory.
#[derive(Debug, Clone)]
struct Step {
    recorded_at: Timestamp,
    effective_at: Timestamp,
    whose: Whose,
    number: u32,
    action: Action,
}

/// Whom a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// A customer.
    Customer(u32),
    /// A partner's account.
    Partner(u32),
}

/// A request and the instant at which it is recorded.
#[derive(Debug)]
pub struct Recorded {
    /// When the ledger learns of it.
    pub recorded_at: Timestamp,
    /// What is asked.
    pub request: Request,
}

impl History {
    /// Lays out the history of `customers` customers in a cloud.
    #[must_use]
    pub fn new(seed: u64, customers: u32, cloud: Cloud) -> Self {
        let cast = Cast::new(seed, customers, cloud);
        let mut steps: Vec<Step> = Vec::new();
        let mut add = |whose: Whose, planned: Vec<Planned>| {
            steps.extend((0_u32..).zip(planned).map(|(number, planned)| Step {
                recorded_at: planned.recorded_at,
                effective_at: planned.effective_at,
                whose,
                number,
                action: planned.action,
            }));
        };
        for customer in 0..customers {
            let mut chance = Chance::of(seed, &format!("customer/{customer}"));
            add(Whose::Customer(customer), customer::life(&mut chance, &cast));
        }
        for (partner, planned) in staff::movements(seed, &cast) {
            add(Whose::Partner(partner), planned);
        }
        steps.sort_by_key(|step| (step.recorded_at, step.whose, step.number));
        Self { seed, customers, cast, steps }
    }

    /// Whether there are no requests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many requests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cast.openings() + self.steps.len()
    }

    /// The requests in the order in which they are recorded.
    pub fn requests(&self) -> impl Iterator<Item = Recorded> + '_ {
        let opening = self.cast.requests(self.seed);
        let rest = self.steps.iter().map(|step| Recorded {
            recorded_at: step.recorded_at,
            request: requests::build(self.seed, &self.cast, step),
        });
        opening.into_iter().chain(rest)
    }

    /// The customer whose story shows the most: the one with the most different actions.
    #[must_use]
    pub fn most_telling_customer(&self) -> Option<CustomerId> {
        let mut kinds: BTreeMap<u32, HashSet<Kind>> = BTreeMap::new();
        for step in &self.steps {
            if let Whose::Customer(customer) = step.whose {
                kinds.entry(customer).or_default().insert(step.action.kind());
            }
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
