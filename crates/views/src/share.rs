//! A partner's share of a customer's record: what concerns that partner, and nothing that tells what another one sold.
//!
//! Every view is asked of a share as it is of the whole record, so that what a partner may know is decided here alone.
//! A subscription concerns whoever is its owner or its reseller of record, from the fact that makes it so up to the
//! one that ends it. Both sides see a transfer whole, and the target sees what was recorded before of the subscriptions
//! that it took over. What is known of the customer itself is seen by partners who sell to it or administer it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ofrecord_core::decision::REDACTED;
use ofrecord_core::event::ledger::EventCorrected;
use ofrecord_core::fold::{EventRef, Fact};
use ofrecord_core::id::PartnerId;
use ofrecord_core::{Actor, Customer, Event, Family, PartnerTenantId, State, SubscriptionId, TransferId};
use serde_json::Value;

use crate::json;
use crate::record::CustomerRecord;
use crate::row::EntryRow;
use crate::subject::Named;

/// What a partner may know of a customer by what stands below a position: a record of its own, with no entry where
/// nothing concerns the partner. The partner IDs are those by which orders name it as reseller of record.
#[must_use]
pub fn share(
    record: &CustomerRecord,
    partner: PartnerTenantId,
    partner_ids: &BTreeSet<PartnerId>,
    known_below: u64,
) -> CustomerRecord {
    let facts = record.effective_facts(known_below);
    let walk = Walk::over(&facts, partner, partner_ids);
    let kept = walk.kept(record, known_below);
    let (mut rows, mut left_out) = (Vec::new(), BTreeSet::new());
    for row in record.entries().iter().filter(|row| row.position < known_below) {
        let places = record.events_of(row).map(|(index, _)| EventRef { position: row.position, index });
        let (told, others): (BTreeSet<_>, BTreeSet<_>) = places.partition(|at| kept.contains(at));
        if !told.is_empty() || walk.asked(row) {
            rows.push(restricted(row, &told, partner));
        }
        left_out.extend(others);
    }
    let mut share = CustomerRecord::leaving_out(record.id(), left_out);
    rows.into_iter().for_each(|row| share.take_row(row));
    share
}

/// A row that names what its events in the share name; whom another partner had ask is not told.
fn restricted(row: &EntryRow, told: &BTreeSet<EventRef>, partner: PartnerTenantId) -> EntryRow {
    let mut row = row.clone();
    if row.actor.partner().is_some_and(|asked| asked != partner) {
        row.actor = Actor { user: None, ..row.actor };
    }
    if !told.is_empty() {
        let mut named = Named::default();
        let events = (0_u32..).zip(&row.events);
        events
            .filter(|(index, _)| told.contains(&EventRef { position: row.position, index: *index }))
            .for_each(|(_, event)| named.event(event));
        (row.partners, row.subscriptions, row.relationships) =
            (named.partners, named.subscriptions, named.relationships);
    }
    row
}

/// A fact on the way through the world, with what it names.
struct Step<'a> {
    fact: &'a Fact,
    partners: BTreeSet<PartnerTenantId>,
    /// Whether the partner held something that it names, before it or after it.
    held: bool,
}

/// The facts of a customer in the order of the world, as a partner meets them.
struct Walk<'a> {
    partner: PartnerTenantId,
    steps: Vec<Step<'a>>,
    /// Every subscription of the customer.
    all: BTreeSet<SubscriptionId>,
    /// What the partner held at some time.
    own: BTreeSet<SubscriptionId>,
    /// What it took over from another, by the step of the transfer.
    taken_over: BTreeMap<SubscriptionId, usize>,
    /// Who takes part in a transfer.
    parties: BTreeMap<TransferId, BTreeSet<PartnerTenantId>>,
}

impl<'a> Walk<'a> {
    fn over(facts: &'a [Fact], partner: PartnerTenantId, partner_ids: &BTreeSet<PartnerId>) -> Self {
        let mut walk = Self {
            partner,
            steps: Vec::with_capacity(facts.len()),
            all: BTreeSet::new(),
            own: BTreeSet::new(),
            taken_over: BTreeMap::new(),
            parties: BTreeMap::new(),
        };
        let mut state = Customer::default();
        for (number, fact) in facts.iter().enumerate() {
            let mut named = Named::default();
            named.event(&fact.event);
            let holds = |state: &Customer, id: &SubscriptionId| holds(state, *id, partner, partner_ids);
            let before = named.subscriptions.iter().any(|id| holds(&state, id));
            state.apply(fact);
            let own: Vec<SubscriptionId> = named.subscriptions.iter().copied().filter(|id| holds(&state, id)).collect();
            walk.steps.push(Step { fact, partners: named.partners.clone(), held: before || !own.is_empty() });
            walk.own.extend(own);
            walk.all.extend(named.subscriptions);
            walk.note_transfer(number, &fact.event, named.partners);
        }
        walk.all.extend(state.subscriptions.by_id.keys().copied());
        walk
    }

    fn note_transfer(&mut self, number: usize, event: &Event, partners: BTreeSet<PartnerTenantId>) {
        if let Some(transfer) = event.transfer() {
            self.parties.entry(transfer.clone()).or_default().extend(partners);
        }
        if let Event::SubscriptionTransferCompleted(completed) = event
            && completed.target == self.partner
        {
            let ids = completed.items.iter().flat_map(|item| [Some(item.source_subscription), item.renamed()]);
            self.taken_over.extend(ids.flatten().map(|id| (id, number)));
        }
    }

    /// The events that the share has.
    fn kept(&self, record: &CustomerRecord, known_below: u64) -> BTreeSet<EventRef> {
        let corrections = corrections(record, known_below);
        let concerning = |(number, step): &(usize, &Step<'_>)| {
            self.concerns(*number, step) && self.was_always(record, step.fact, &corrections)
        };
        let concerning: Vec<&Step<'_>> =
            self.steps.iter().enumerate().filter(concerning).map(|(_, step)| step).collect();
        let mut kept: BTreeSet<EventRef> = concerning.iter().map(|step| step.fact.at).collect();
        if concerning.iter().any(|step| is_standing(step.fact.event.family())) {
            let of_customer = self.steps.iter().filter(|step| is_of_customer(&step.fact.event));
            kept.extend(of_customer.map(|step| step.fact.at));
        }
        // What is said of an event goes where the event goes.
        let about = self.steps.iter().filter(|step| spoken_of(&step.fact.event).is_some_and(|at| kept.contains(&at)));
        let about: Vec<EventRef> = about.map(|step| step.fact.at).collect();
        kept.extend(about);
        kept
    }

    fn concerns(&self, number: usize, step: &Step<'_>) -> bool {
        let event = &step.fact.event;
        if let Some(transfer) = event.transfer() {
            return self.parties.get(transfer).is_some_and(|parties| parties.contains(&self.partner));
        }
        let is_its = match event.subscription() {
            Some(id) => step.held || self.taken_over.get(&id).is_some_and(|transfer| number < *transfer),
            None => event.partner().is_some() && step.partners.contains(&self.partner),
        };
        is_its && self.may_mention(&json::value(event))
    }

    /// Whether what was recorded first, and every correction of it, was about the same partner, and named nothing of
    /// others: the bytes that a correction replaces are told as well.
    fn was_always(&self, record: &CustomerRecord, fact: &Fact, corrections: &Corrections<'_>) -> bool {
        let Some(corrected) = corrections.get(&fact.at) else { return true };
        let index = usize::try_from(fact.at.index).ok();
        let first = record.entry(fact.at.position).and_then(|row| row.events.get(index?).map(Arc::as_ref));
        let replaced = corrected.iter().filter_map(|correction| correction.replacement.as_deref());
        first.into_iter().chain(replaced).all(|event| {
            event.partner() == fact.event.partner()
                && event.subscription() == fact.event.subscription()
                && self.may_mention(&json::value(event))
        })
    }

    /// Whether every subscription of the customer that stands in a value was the partner's at some time.
    fn may_mention(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => text.parse().ok().is_none_or(|id| {
                !self.all.contains(&id) || self.own.contains(&id) || self.taken_over.contains_key(&id)
            }),
            Value::Array(items) => items.iter().all(|item| self.may_mention(item)),
            Value::Object(fields) => fields.values().all(|field| self.may_mention(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
    }

    /// Whether an entry without events is the partner's own, and names nothing of others: a refusal, or what changed
    /// nothing.
    fn asked(&self, row: &EntryRow) -> bool {
        row.events.is_empty()
            && row.command != REDACTED
            && row.actor.partner() == Some(self.partner)
            && row.partners.iter().all(|named| *named == self.partner)
            && self.may_mention(&json::value(&row.subscriptions))
            && self.may_mention(&json::value(&row.refusal))
    }
}

/// The corrections of each event.
type Corrections<'a> = BTreeMap<EventRef, Vec<&'a EventCorrected>>;

fn corrections(record: &CustomerRecord, known_below: u64) -> Corrections<'_> {
    let mut corrections = Corrections::new();
    for row in record.entries().iter().filter(|row| row.position < known_below) {
        for (_, event) in record.events_of(row) {
            if let Event::EventCorrected(correction) = event {
                let corrected = EventRef { position: correction.position, index: correction.event_index };
                corrections.entry(corrected).or_default().push(correction);
            }
        }
    }
    corrections
}

fn holds(
    state: &Customer,
    subscription: SubscriptionId,
    partner: PartnerTenantId,
    partner_ids: &BTreeSet<PartnerId>,
) -> bool {
    state.subscriptions.by_id.get(&subscription).is_some_and(|known| {
        let of_record = known.partners_of_record.reseller_of_record.as_ref().and_then(|cell| cell.value.as_ref());
        known.owner.as_ref().is_some_and(|owner| owner.value == partner)
            || of_record.is_some_and(|id| partner_ids.contains(id))
    })
}

/// Whether it takes the customer, or the operator, to bring such an event about: a partner alone could not.
fn is_standing(family: Family) -> bool {
    match family {
        Family::Relationship
        | Family::Removal
        | Family::Access
        | Family::Purchase
        | Family::SubscriptionObservation
        | Family::TransferCompletion => true,
        Family::Partner
        | Family::Customer
        | Family::Invitation
        | Family::Granular
        | Family::Agreement
        | Family::Subscription
        | Family::Transfer
        | Family::PartnerOfRecord
        | Family::Support
        | Family::Ledger
        | Family::Custody => false,
    }
}

/// Whether an event speaks of the customer itself, and of no partner.
fn is_of_customer(event: &Event) -> bool {
    matches!(event.family(), Family::Customer | Family::Agreement) && event.partner().is_none()
}

/// The event that a correction or an added piece of evidence is about.
fn spoken_of(event: &Event) -> Option<EventRef> {
    if let Event::EventCorrected(correction) = event {
        Some(EventRef { position: correction.position, index: correction.event_index })
    } else if let Event::EvidenceAdded(added) = event {
        Some(EventRef { position: added.position, index: added.event_index })
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
