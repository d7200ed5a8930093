//! Whose a granular relationship is that a source shows under a customer (rule G-21).
//!
//! Its facts stand in the customer's stream and in the partner's, and only what an event says reaches the partner's:
//! where none said whose it is, the partner's account would have it for nobody, and later commands on it, which name
//! the customer, would find it somebody else's.

use std::collections::BTreeSet;

use super::account_stated;
use crate::decide::{Case, Ruling};
use crate::event::Event;
use crate::event::gdap::GdapRelationshipObserved;
use crate::ground::ledger as ground;
use crate::id::{CustomerId, GdapRelationshipId, PartnerTenantId};
use crate::refusal::Refusal;

/// What is shown under the request's customer, with that customer said of each relationship of which neither the
/// partner's account nor the observation says one. An event that can say it does; for any other one more says it,
/// after all. Refused is only what gives a relationship to another customer: it is no fact of this one's stream.
pub(in crate::decide) fn of_customer(case: &Case<'_>, shown: &[Event]) -> Ruling {
    let mut events = shown.to_vec();
    let Some(customer) = case.customer_id else { return Ok(events) };
    for event in &mut events {
        require_not_of_another(event, customer)?;
    }
    let mut said: BTreeSet<(PartnerTenantId, GdapRelationshipId)> = BTreeSet::new();
    for event in &mut events {
        if let Some(relationship) = relationship_of(event).filter(|of| is_nobodys(case, of))
            && let Some(named) = customer_in(event)
        {
            *named = Some(customer);
            said.insert(relationship);
        }
    }
    let left: BTreeSet<_> = events.iter().filter_map(relationship_of).filter(|of| is_nobodys(case, of)).collect();
    events.extend(left.difference(&said).map(|(partner, relationship)| {
        let of_it = GdapRelationshipObserved::of(*partner, relationship.clone());
        Event::GdapRelationshipObserved(Box::new(GdapRelationshipObserved { customer: Some(customer), ..of_it }))
    }));
    Ok(events)
}

fn require_not_of_another(event: &mut Event, customer: CustomerId) -> Result<(), Refusal> {
    let name = event.name();
    match customer_in(event).and_then(|named| *named).filter(|named| *named != customer) {
        Some(other) => {
            Err(Refusal::because(&ground::OBSERVATION_NOT_ALLOWED).with("event", name).with("customer", other))
        }
        None => Ok(()),
    }
}

/// The relationship whose facts stand in the partner's stream too; none for an assignment or any other event.
fn relationship_of(event: &Event) -> Option<(PartnerTenantId, GdapRelationshipId)> {
    Some((account_stated(event)?, event.granular_relationship()?.clone()))
}

/// Whether the partner's account has it for no customer, at the instant of the observation.
fn is_nobodys(case: &Case<'_>, (partner, relationship): &(PartnerTenantId, GdapRelationshipId)) -> bool {
    let known = case.partner(*partner).and_then(|account| account.granular.by_id.get(relationship));
    known.is_none_or(|known| known.customer.is_none())
}

/// Where an event says whose relationship it is; none for one that cannot say it.
fn customer_in(event: &mut Event) -> Option<&mut Option<CustomerId>> {
    if let Event::GdapRelationshipCreated(event) = event {
        Some(&mut event.customer)
    } else if let Event::GdapRelationshipUpdated(event) = event {
        Some(&mut event.customer)
    } else if let Event::GdapRelationshipApproved(event) = event {
        Some(&mut event.customer)
    } else if let Event::GdapRelationshipActivated(event) = event {
        Some(&mut event.customer)
    } else if let Event::GdapRelationshipObserved(event) = event {
        Some(&mut event.customer)
    } else {
        None
    }
}
