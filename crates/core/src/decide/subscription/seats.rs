//! Deciding on seats: more at any time, fewer within the window of the seats (rules U-2, U-3, B-9, B-10).

use super::owned::Owned;
use super::{Case, Ruling, window};
use crate::command::subscription::{AddSeats, Product, RemoveSeats};
use crate::event::Event;
use crate::event::subscription::SubscriptionSeatsChanged;
use crate::ground::subscription as ground;
use crate::refusal::Refusal;
use crate::vocabulary::ProductFamily;

/// The largest quantity that can be recorded: integers beyond it are not exact everywhere that entries are read.
const QUANTITY_MAX: u64 = (1 << 53) - 1;

/// Precedence: actor, account, relationship, owner, deleted, ended, pending, updates, trial, suspended, quantity.
pub(crate) fn add_seats(case: &Case<'_>, command: &AddSeats) -> Ruling {
    let owned = case.sold(command.subscription)?;
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    owned.require_not_suspended(&ground::SEATS_WHILE_SUSPENDED)?;
    let before = *owned.known(&owned.terms.quantity, "quantity")?;
    let out_of_range = || owned.refused(&ground::QUANTITY_OUT_OF_RANGE).with("seats", command.seats);
    let after = before.checked_add(command.seats).filter(|_| command.seats > 0).ok_or_else(out_of_range)?;
    Ok(vec![more(case, &owned, before, after)?])
}

/// Precedence: actor, account, owner, deleted, ended, pending, updates, trial, suspended, quantity, family, window.
pub(crate) fn remove_seats(case: &Case<'_>, command: &RemoveSeats) -> Ruling {
    let owned = case.quantity_managed(command.subscription)?;
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    owned.require_not_suspended(&ground::SEATS_WHILE_SUSPENDED)?;
    let before = *owned.known(&owned.terms.quantity, "quantity")?;
    let out_of_range = || owned.refused(&ground::QUANTITY_OUT_OF_RANGE).with("seats", command.seats);
    let after = before.checked_sub(command.seats).filter(|_| command.seats > 0).ok_or_else(out_of_range)?;
    Ok(vec![fewer(case, &owned, before, after)?])
}

/// Seats go up, within what the product is sold in.
pub(super) fn more(case: &Case<'_>, owned: &Owned<'_>, before: u64, after: u64) -> Result<Event, Refusal> {
    in_range(owned.terms.product.as_ref().map(|product| &product.value), after)
        .map_err(|refusal| refusal.with("subscription", owned.id))?;
    Ok(Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
        subscription: owned.id,
        before,
        after,
        refundable_until: window::seats_end(case.when.effective_at, owned.terms, case.policy),
    }))
}

/// Seats go down: at any time for legacy licences, within the window of the
/// seats where seats are sold with one, otherwise never.
pub(super) fn fewer(case: &Case<'_>, owned: &Owned<'_>, before: u64, after: u64) -> Result<Event, Refusal> {
    let product = owned.terms.product.as_ref().map(|product| &product.value);
    in_range(product, after).map_err(|refusal| refusal.with("subscription", owned.id))?;
    let taken = before.saturating_sub(after);
    let reducible = match product.map(|product| &product.family) {
        Some(ProductFamily::NewCommerceLicense | ProductFamily::MarketplaceSaas) => {
            window::seats_reducible(case.when.effective_at, owned.terms, case.policy)
        }
        Some(
            ProductFamily::AzurePlan
            | ProductFamily::AzureReservation
            | ProductFamily::PerpetualSoftware
            | ProductFamily::SoftwareSubscription,
        ) => return Err(owned.refused(&ground::SEATS_NOT_REDUCIBLE)),
        Some(
            ProductFamily::LegacyLicense
            | ProductFamily::LegacyAzure
            | ProductFamily::NotStated
            | ProductFamily::Unrecognised(_),
        )
        | None => u64::MAX,
    };
    if taken > reducible {
        return Err(owned.refused(&ground::SEAT_WINDOW_PASSED).with("seats", taken).with("reducible", reducible));
    }
    Ok(Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
        subscription: owned.id,
        before,
        after,
        refundable_until: None,
    }))
}

/// At least one seat, and within what the product is sold in, as far as published (rule B-9).
pub(crate) fn in_range(product: Option<&Product>, quantity: u64) -> Result<(), Refusal> {
    let min = product.and_then(|product| product.quantity_min).unwrap_or(1).max(1);
    let max = product.and_then(|product| product.quantity_max).unwrap_or(QUANTITY_MAX).min(QUANTITY_MAX);
    if (min..=max).contains(&quantity) {
        return Ok(());
    }
    Err(Refusal::because(&ground::QUANTITY_OUT_OF_RANGE).with("quantity", quantity).with("min", min).with("max", max))
}
