//! Folding the reseller set: column `R` of the effect matrix, and nothing else is within reach.

use crate::event::Event;
use crate::event::relationship::{
    CustomerAdded, ResellerRelationshipAcceptedByCustomer, ResellerRelationshipConfirmed, ResellerRelationshipExtended,
    ResellerRelationshipObserved, ResellerRelationshipReestablished,
};
use crate::fold::{Cell, Stamp};
use crate::id::PartnerTenantId;
use crate::state::{Establishment, Relationship, ResellerSet};
use crate::vocabulary::{RelationshipKind, RemovedBy};

/// Takes in an event on reseller relationships.
pub(super) fn apply(resellers: &mut ResellerSet, event: &Event, set: Stamp) {
    if let Event::ResellerRelationshipAcceptedByCustomer(event) = event {
        accepted(resellers, event, set);
    } else if let Event::ResellerRelationshipReestablished(event) = event {
        reestablished(resellers, event, set);
    } else if let Event::ResellerRelationshipExtended(event) = event {
        extended(resellers, event, set);
    } else if let Event::ResellerRelationshipConfirmed(event) = event {
        confirmed(resellers, event, set);
    } else if let Event::CustomerAdded(event) = event {
        customer_added(resellers, event, set);
    } else if let Event::ResellerRelationshipRemovedByPartner(event) = event {
        end(resellers, event.partner, RemovedBy::Partner, event.removed_by.as_ref(), set);
    } else if let Event::CustomerDeleted(event) = event {
        end(resellers, event.partner, RemovedBy::Partner, None, set);
    } else if let Event::ResellerRelationshipObserved(event) = event {
        observed(resellers, event, set);
    }
}

/// The partner created the customer.
fn customer_added(resellers: &mut ResellerSet, event: &CustomerAdded, set: Stamp) {
    establish(
        resellers,
        event.partner,
        Founding {
            kind: &event.relationship,
            how: Establishment::AccountCreated,
            accepted_by: None,
            consent_reference: None,
            generation: event.generation,
        },
        set,
    );
}

fn accepted(resellers: &mut ResellerSet, event: &ResellerRelationshipAcceptedByCustomer, set: Stamp) {
    let founding = Founding {
        kind: &RelationshipKind::Reseller,
        how: acceptance(event.via_provider),
        accepted_by: event.accepted_by.as_ref(),
        consent_reference: None,
        generation: event.generation,
    };
    establish(resellers, event.partner, founding, set);
}

fn reestablished(resellers: &mut ResellerSet, event: &ResellerRelationshipReestablished, set: Stamp) {
    let founding = Founding {
        kind: &RelationshipKind::Reseller,
        how: acceptance(event.via_provider),
        accepted_by: event.accepted_by.as_ref(),
        consent_reference: None,
        generation: event.generation,
    };
    establish(resellers, event.partner, founding, set);
}

/// The customer accepted what stood when it was decided. Where a removal is learned later that lies before it
/// in the world, the acceptance begins the next generation.
fn confirmed(resellers: &mut ResellerSet, event: &ResellerRelationshipConfirmed, set: Stamp) {
    let founding = Founding {
        kind: &RelationshipKind::Reseller,
        how: Establishment::AcceptedByCustomer,
        accepted_by: None,
        consent_reference: None,
        generation: event.generation,
    };
    establish(resellers, event.partner, founding, set);
}

/// The provider becomes reseller beside the partner, whose own relationship stays as it is.
fn extended(resellers: &mut ResellerSet, event: &ResellerRelationshipExtended, set: Stamp) {
    let founding = Founding {
        kind: &RelationshipKind::Reseller,
        how: Establishment::Extension { from: event.from_partner },
        accepted_by: None,
        consent_reference: event.consent_reference.as_ref(),
        generation: event.generation,
    };
    establish(resellers, event.provider, founding, set);
}

fn acceptance(via_provider: Option<PartnerTenantId>) -> Establishment {
    via_provider.map_or(Establishment::AcceptedByCustomer, |provider| Establishment::JointLink { provider })
}

/// What a relationship begins with.
struct Founding<'a> {
    kind: &'a RelationshipKind,
    how: Establishment,
    accepted_by: Option<&'a String>,
    consent_reference: Option<&'a String>,
    generation: u32,
}

/// Begins a generation, or confirms the one that stands: the set holds a partner once (rule R-10).
/// The generation never falls back, whatever an imported event says of it.
fn establish(resellers: &mut ResellerSet, partner: PartnerTenantId, founding: Founding<'_>, set: Stamp) {
    let mut generation = founding.generation.max(1);
    if let Some(known) = resellers.relationships.get_mut(&partner) {
        if known.stands() {
            known.confirmed = Some(set);
            if known.accepted_by.is_none() {
                known.accepted_by = founding.accepted_by.map(|by| Cell::new(by.clone(), set));
            }
            return;
        }
        generation = generation.max(known.next_generation());
    }
    let relationship = Relationship {
        kind: Cell::new(founding.kind.clone(), set),
        established: Cell::new(founding.how, set),
        accepted_by: founding.accepted_by.map(|by| Cell::new(by.clone(), set)),
        consent_reference: founding.consent_reference.map(|on| Cell::new(on.clone(), set)),
        generation,
        ended: None,
        removed_by: None,
        confirmed: None,
    };
    resellers.relationships.insert(partner, relationship);
}

fn end(resellers: &mut ResellerSet, partner: PartnerTenantId, by: RemovedBy, removed_by: Option<&String>, set: Stamp) {
    if let Some(known) = resellers.relationships.get_mut(&partner).filter(|known| known.ended.is_none()) {
        known.ended = Some(Cell::new(by, set));
        known.removed_by = removed_by.map(|by| Cell::new(by.clone(), set));
    }
}

fn observed(resellers: &mut ResellerSet, event: &ResellerRelationshipObserved, set: Stamp) {
    if event.relationship == RelationshipKind::None {
        let by = event.ended_by.clone().unwrap_or(RemovedBy::Unknown);
        end(resellers, event.partner, by, None, set);
        return;
    }
    match resellers.relationships.get_mut(&event.partner) {
        Some(known) if known.ended.is_none() && known.kind.value == event.relationship => known.confirmed = Some(set),
        // "Not said" takes nothing back.
        Some(_) if event.relationship == RelationshipKind::Unknown => {}
        Some(known) if known.ended.is_none() => {
            known.kind = Cell::new(event.relationship.clone(), set);
            known.established = Cell::new(sighting(event), set);
        }
        Some(_) | None => {
            let founding = Founding {
                kind: &event.relationship,
                how: sighting(event),
                accepted_by: None,
                consent_reference: None,
                generation: 1,
            };
            establish(resellers, event.partner, founding, set);
        }
    }
}

fn sighting(event: &ResellerRelationshipObserved) -> Establishment {
    event.via_provider.map_or(Establishment::Observed, |provider| Establishment::ObservedThrough { provider })
}
