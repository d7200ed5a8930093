//! Whether any relationship event changed a subscription: before and after each, and a replay without all of them (question 5).

use ofrecord_core::event::Family;
use ofrecord_core::fold::Fact;
use ofrecord_core::{Customer, State, Timestamp};
use serde::Serialize;

use crate::columns;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;
use ofrecord_core::effect::Column;

/// One relationship event, and whether it left the subscriptions as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InterferenceRow {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry.
    pub index: u32,
    /// The event's name.
    pub event: &'static str,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// Whether owners, terms and partners of record are equal before and after it.
    pub unchanged: bool,
    /// The columns that differ.
    pub changed: Vec<&'static str>,
}

/// What a customer's record says on the four lines of non-interference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interference {
    /// One row per relationship event.
    pub events: Vec<InterferenceRow>,
    /// Whether replaying the record without any of them gives the same subscriptions (rule S-14).
    pub replay_unchanged: bool,
}

impl Interference {
    /// Whether no relationship event changed a subscription.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.replay_unchanged && self.events.iter().all(|row| row.unchanged)
    }
}

/// Folds the subscriptions before and after every relationship, access and
/// partnership event that is known below a position, and once without them.
#[must_use]
pub fn interference(record: &CustomerRecord, known_below: u64) -> Interference {
    of_facts(&record.effective_facts(known_below))
}

/// The same for what had happened at a viewpoint's instant.
#[must_use]
pub fn interference_at(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Interference {
    of_facts(&record.facts_at(viewpoint))
}

fn of_facts(facts: &[Fact]) -> Interference {
    let mut events = Vec::new();
    let mut state = Customer::default();
    let mut without = Customer::default();
    for fact in facts {
        if !concerns_relationships(fact.event.family()) {
            state.apply(fact);
            without.apply(fact);
            continue;
        }
        let before = state.clone();
        state.apply(fact);
        events.push(row(fact, &before, &state));
    }
    Interference { events, replay_unchanged: subscription_columns(&state, &without).is_empty() }
}

/// Families R, D, G, A and I of the effect matrix, invitations included.
pub(crate) fn concerns_relationships(family: Family) -> bool {
    match family {
        Family::Partner
        | Family::Invitation
        | Family::Relationship
        | Family::Removal
        | Family::Access
        | Family::Granular => true,
        Family::Customer
        | Family::Agreement
        | Family::Purchase
        | Family::Subscription
        | Family::Transfer
        | Family::TransferCompletion
        | Family::PartnerOfRecord
        | Family::Support
        | Family::SubscriptionObservation
        | Family::Ledger
        | Family::Custody => false,
    }
}

fn row(fact: &Fact, before: &Customer, after: &Customer) -> InterferenceRow {
    let changed = subscription_columns(before, after);
    InterferenceRow {
        position: fact.at.position,
        index: fact.at.index,
        event: fact.event.name(),
        effective_at: fact.effective_at,
        unchanged: changed.is_empty(),
        changed,
    }
}

fn subscription_columns(before: &Customer, after: &Customer) -> Vec<&'static str> {
    columns::changed(before, after)
        .into_iter()
        .filter(|column| matches!(column, Column::Owner | Column::Terms | Column::PartnersOfRecord))
        .map(columns::word)
        .collect()
}

#[cfg(test)]
mod tests;
