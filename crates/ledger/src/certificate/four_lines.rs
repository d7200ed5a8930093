//! The certificate of the four lines: of one customer with every view, and of all customers by the hashes of theirs.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::EventRef;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_log::{Hash, LogReader};
use ofrecord_proof::commitment::{Commitment, CommitmentError, Committing, Line};
use ofrecord_views::{CustomerRecord, FOLD_VERSION, FourLines, RelationshipEvent, canonical_bytes, four_lines};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::signed::{Body, Judgement, hash};
use super::{Kind, NotHolding};
use crate::reader::{Basis, ReadFailure};

/// What is certified of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FourLinesBody {
    kind: Kind,
    basis: Basis,
    customer: CustomerId,
    /// How many entries the customer's stream has.
    entries: u64,
    /// The leaf hash of the newest.
    head: Hash,
    /// The version of the fold that made the views.
    fold: String,
    /// The relationship, access and partnership events, in the order of the world.
    events: Vec<Between>,
    /// The view after everything.
    with: Hash,
    /// The view after everything but those events.
    without: Hash,
    /// Whether every event left the view as it was, and the two views at the end are one.
    holds: bool,
    /// The views, by SHA-256 of their canonical JSON.
    views: BTreeMap<Hash, Value>,
}

/// An event, and the views before and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Between {
    position: u64,
    index: u32,
    event: String,
    effective_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corrected_by: Option<At>,
    before: Hash,
    after: Hash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    position: u64,
    index: u32,
}

impl From<EventRef> for At {
    fn from(at: EventRef) -> Self {
        Self { position: at.position, index: at.index }
    }
}

impl FourLinesBody {
    /// What the record of a customer shows, which must be the one by the entries of the basis.
    ///
    /// # Errors
    /// What reading the log gives.
    pub fn of(record: &CustomerRecord, basis: &Basis, log: &dyn LogReader) -> Result<Self, ReadFailure> {
        let FourLines { views, events, with, without } = four_lines(record, basis.tree_size);
        let hashes: Vec<Hash> = views.iter().map(|view| Hash::of(&canonical_bytes(view))).collect();
        // Every index is one of the views.
        let at = |index: usize| hashes.get(index).copied().unwrap_or(Hash([0; 32]));
        let events: Vec<Between> = events.iter().map(|event| between(event, &at)).collect();
        let head = record.entries().last().map(|row| log.leaf_hash(row.position)).transpose()?;
        let (with, without) = (at(with), at(without));
        Ok(Self {
            kind: Kind::FourLines,
            basis: basis.clone(),
            customer: record.id(),
            entries: record.entries().len() as u64,
            head: head.unwrap_or(Hash([0; 32])),
            fold: FOLD_VERSION.to_owned(),
            holds: with == without && events.iter().all(|event| event.before == event.after),
            events,
            with,
            without,
            views: hashes.iter().copied().zip(views).collect(),
        })
    }

    /// Whose it is.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        self.customer
    }

    /// How many relationship events it is about.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events.len() as u64
    }

    /// Whether the four lines were kept.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// The views must be those that their hashes name, and be the ones that are named, no more and no fewer.
    fn check_views(&self) -> Result<(), NotHolding> {
        let named: BTreeSet<Hash> = self.events.iter().flat_map(|event| [event.before, event.after]).collect();
        let named = named.into_iter().chain([self.with, self.without]).collect::<BTreeSet<_>>();
        if !self.views.keys().eq(named.iter()) {
            return Err(NotHolding::Body { problem: "it names other views than it has" });
        }
        if self.views.iter().any(|(hash, view)| Hash::of(&canonical_bytes(view)) != *hash) {
            return Err(NotHolding::Body { problem: "a view has another hash" });
        }
        Ok(())
    }
}

fn between(event: &RelationshipEvent, hash: &impl Fn(usize) -> Hash) -> Between {
    let RelationshipEvent { at, corrected_by, name, effective_at, before, after } = event;
    Between {
        position: at.position,
        index: at.index,
        event: (*name).to_owned(),
        effective_at: *effective_at,
        corrected_by: corrected_by.map(At::from),
        before: hash(*before),
        after: hash(*after),
    }
}

impl Body for FourLinesBody {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn is_of_its_kind(&self) -> bool {
        self.kind == Kind::FourLines
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn judge(&self) -> Result<Judgement, NotHolding> {
        self.check_views()?;
        let mut found: Vec<String> = self
            .events
            .iter()
            .filter(|event| event.before != event.after)
            .map(|event| format!("{} at position {} changed what the four lines protect", event.event, event.position))
            .collect();
        if self.with != self.without {
            found.push("without the relationship events, something else comes of the subscriptions".to_owned());
        }
        if self.holds != found.is_empty() {
            return Err(NotHolding::Body { problem: "it does not say what its views say" });
        }
        let mut proven = Vec::new();
        if self.holds {
            proven.push(format!(
                "by its views, none of the {} relationship events of customer {} changed a subscription, its owner, its \
                 terms, its partner of record or the account",
                self.events.len(),
                self.customer
            ));
            proven.push("by its views, the same stands at the end without any of these events".to_owned());
        }
        let again = format!("`ofrecord certify {} --known-at @{}`", self.customer, self.basis.tree_size);
        Ok(Judgement { found, proven, again })
    }
}

/// What is certified of all customers together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllFourLinesBody {
    kind: Kind,
    basis: Basis,
    /// The version of the fold that made the views.
    fold: String,
    /// How many customers there are.
    customers: u64,
    /// How many relationship events they have together.
    events: u64,
    /// The customers of whom the four lines were not kept, in the order of their ids.
    differing: Vec<CustomerId>,
    /// The list of all customers, each with the hash of its own body by the same basis.
    bodies: Commitment,
}

/// A customer and the hash of its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyLine {
    body: Hash,
    customer: String,
}

impl Line for BodyLine {
    fn key(&self) -> &str {
        &self.customer
    }
}

impl AllFourLinesBody {
    /// How many customers it is about.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    /// How many relationship events they have.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The customers of whom the four lines were not kept.
    #[must_use]
    pub fn differing(&self) -> &[CustomerId] {
        &self.differing
    }
}

impl Body for AllFourLinesBody {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn is_of_its_kind(&self) -> bool {
        self.kind == Kind::AllFourLines
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn judge(&self) -> Result<Judgement, NotHolding> {
        let Self { customers, events, differing, .. } = self;
        if self.bodies.count != *customers || differing.len() as u64 > *customers {
            return Err(NotHolding::Body { problem: "it counts other customers than it has" });
        }
        let found = differing.iter().map(|customer| format!("the four lines were not kept of customer {customer}"));
        let kept = customers.saturating_sub(differing.len() as u64);
        Ok(Judgement {
            found: found.collect(),
            proven: vec![format!(
                "it says that the four lines were kept of {kept} of {customers} customers, with {events} relationship events"
            )],
            again: format!("`ofrecord certify --all --known-at @{}`", self.basis.tree_size),
        })
    }
}

/// The certificate of all customers in the making; they come in the order of their ids.
#[derive(Debug, Default)]
pub struct AllFourLines {
    committing: Committing,
    events: u64,
    differing: Vec<CustomerId>,
}

impl AllFourLines {
    /// Takes in the body of the next customer.
    ///
    /// # Errors
    /// [`CommitmentError::Order`] when it is not the next.
    pub fn push(&mut self, body: &FourLinesBody) -> Result<(), CommitmentError> {
        self.committing.push(&BodyLine { body: hash(body), customer: body.customer.to_string() })?;
        self.events += body.events();
        if !body.holds {
            self.differing.push(body.customer);
        }
        Ok(())
    }

    /// The body for all of them.
    #[must_use]
    pub fn body(self, basis: &Basis) -> AllFourLinesBody {
        let bodies = self.committing.commitment();
        AllFourLinesBody {
            kind: Kind::AllFourLines,
            basis: basis.clone(),
            fold: FOLD_VERSION.to_owned(),
            customers: bodies.count,
            events: self.events,
            differing: self.differing,
            bodies,
        }
    }
}
