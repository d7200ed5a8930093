//! Folding what is known of a customer itself; the profile is all that these events can reach.

use crate::event::Event;
use crate::fold::{Cell, Stamp};
use crate::id::{PartnerId, PartnerTenantId};
use crate::state::Profile;

/// Takes in a profile event. Fields that the event leaves out stay as they are.
pub(super) fn apply(profile: &mut Profile, event: &Event, set: Stamp) {
    if let Event::CustomerRegistered(event) = event {
        put(&mut profile.name, Some(&event.name), set);
        put(&mut profile.domain, event.domain.as_ref(), set);
        put(&mut profile.market, event.market.as_ref(), set);
        put(&mut profile.tenant_type, Some(&event.tenant_type), set);
    } else if let Event::CustomerProfileChanged(event) = event {
        put(&mut profile.name, event.name.as_ref(), set);
        put(&mut profile.domain, event.domain.as_ref(), set);
        put(&mut profile.market, event.market.as_ref(), set);
        put(&mut profile.tenant_type, event.tenant_type.as_ref(), set);
        put(&mut profile.account_status, event.account_status.as_ref(), set);
    } else if let Event::CustomerAdded(event) = event {
        put(&mut profile.name, Some(&event.name), set);
        put(&mut profile.domain, event.domain.as_ref(), set);
        put(&mut profile.market, event.market.as_ref(), set);
        associate_shown(profile, Some(event.partner), event.associated_partner_id.as_ref(), set);
    } else if let Event::CustomerObserved(event) = event {
        put(&mut profile.name, event.name.as_ref(), set);
        put(&mut profile.domain, event.domain.as_ref(), set);
        put(&mut profile.market, event.market.as_ref(), set);
        associate_shown(profile, event.partner, event.associated_partner_id.as_ref(), set);
        if let (Some(by), Some(tenant)) = (event.partner, event.associated_tenant) {
            profile.associated_tenant.insert(by, Cell::new(tenant, set));
        }
    } else if let Event::AssociatedPartnerChanged(event) = event {
        profile.associated_partner.insert(event.partner, Cell::new(event.associated_partner_id.clone(), set));
        // Whose tenant the new partner ID belongs to is not said.
        profile.associated_tenant.remove(&event.partner);
    }
}

fn put<T: Clone + PartialEq>(cell: &mut Option<Cell<T>>, value: Option<&T>, set: Stamp) {
    if let Some(value) = value {
        *cell = Some(Cell::new(value.clone(), set));
    }
}

/// A source that shows no association says nothing about it, so absence never clears one.
fn associate_shown(profile: &mut Profile, by: Option<PartnerTenantId>, id: Option<&PartnerId>, set: Stamp) {
    if let (Some(by), Some(id)) = (by, id) {
        profile.associated_partner.insert(by, Cell::new(Some(id.clone()), set));
    }
}
