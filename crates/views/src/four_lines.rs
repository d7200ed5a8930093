//! The four lines as evidence: what stood of a customer's subscriptions around each relationship event, and at the end with and without all of them.

use ofrecord_core::fold::{EventRef, Fact};
use ofrecord_core::state::subscription::{PartnersOfRecord, Terms};
use ofrecord_core::{Customer, State, Timestamp};
use serde_json::{Value, json};

use crate::interference::concerns_relationships;
use crate::present::{account_columns, subscription_columns};
use crate::record::CustomerRecord;

#[cfg(test)]
mod tests;

/// A relationship event, and which of the views stood before and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipEvent {
    /// The event.
    pub at: EventRef,
    /// The event that corrected it, where one did.
    pub corrected_by: Option<EventRef>,
    /// Its name.
    pub name: &'static str,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// Which of the views stood before it.
    pub before: usize,
    /// Which of the views stood after it.
    pub after: usize,
}

/// What a customer's record shows of the four lines.
///
/// A view holds what the lines protect: of each subscription its owner, its terms and its partners of record, and
/// of the customer's account what kind of tenant it is and whether it is in order. Each value names the event that set it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FourLines {
    /// The views that the rest refers to, as they came.
    pub views: Vec<Value>,
    /// The relationship, access and partnership events, in the order of the world.
    pub events: Vec<RelationshipEvent>,
    /// The view after everything.
    pub with: usize,
    /// The view after everything but those events (rule S-14).
    pub without: usize,
}

/// What stood around each relationship event that is known below a position, and at the end.
#[must_use]
pub fn four_lines(record: &CustomerRecord, known_below: u64) -> FourLines {
    let mut lines = FourLines::default();
    let (mut state, mut without) = (Customer::default(), Customer::default());
    // Between two relationship events nothing is looked at, so that a view is made no more often than it is shown.
    let mut shown = None;
    for fact in record.effective_facts(known_below) {
        if concerns_relationships(fact.event.family()) {
            let before = shown.unwrap_or_else(|| lines.show(&state));
            state.apply(&fact);
            let after = lines.show(&state);
            lines.events.push(event(&fact, before, after));
            shown = Some(after);
        } else {
            state.apply(&fact);
            without.apply(&fact);
            shown = None;
        }
    }
    lines.with = shown.unwrap_or_else(|| lines.show(&state));
    lines.without = lines.show(&without);
    lines
}

impl FourLines {
    /// The index of the view of a state, which is taken in unless it is the newest already.
    fn show(&mut self, state: &Customer) -> usize {
        let view = view(state);
        if self.views.last() != Some(&view) {
            self.views.push(view);
        }
        self.views.len().saturating_sub(1)
    }
}

fn event(fact: &Fact, before: usize, after: usize) -> RelationshipEvent {
    let (at, corrected_by, effective_at) = (fact.at, fact.corrected_by, fact.effective_at);
    RelationshipEvent { at, corrected_by, name: fact.event.name(), effective_at, before, after }
}

/// A subscription that is only mentioned has nothing to protect yet.
fn view(state: &Customer) -> Value {
    let protected = state.subscriptions.by_id.iter().filter(|(_, subscription)| {
        subscription.owner.is_some()
            || subscription.terms != Terms::default()
            || subscription.partners_of_record != PartnersOfRecord::default()
    });
    let subscriptions = protected.map(|(id, subscription)| (id.to_string(), subscription_columns(subscription)));
    json!({
        "account": account_columns(&state.profile),
        "subscriptions": Value::Object(subscriptions.collect()),
    })
}
