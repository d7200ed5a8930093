//! Deciding on term, billing cycle, and the replacement of a subscription's changeable part (rules U-5 to U-8, U-19).

use super::owned::Owned;
use super::renewal::{auto_renew_change, next_term_change};
use super::{Case, Ruling, seats, window};
use crate::command::subscription::{ChangeBillingCycle, ChangeTerm, ReplaceSubscription, UpdatePath};
use crate::decide::guard::unrecognised;
use crate::event::Event;
use crate::event::subscription::{
    ResetCause, SubscriptionBillingCycleChanged, SubscriptionRenamed, SubscriptionTermChanged,
};
use crate::ground::subscription as ground;
use crate::refusal::Refusal;
use crate::vocabulary::{AutoRenew, BillingCycle, SubscriptionStatus, TermDuration, Trial};

/// Precedence: actor, account, relationship, owner, word, deleted, ended, pending, updates, trial, suspended, term known, length. Nothing happens when it is so already.
pub(crate) fn change_term(case: &Case<'_>, command: &ChangeTerm) -> Ruling {
    let owned = case.continued(command.subscription)?;
    if !command.term.is_recognised() {
        return Err(unrecognised("term", command.term.as_str()));
    }
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_TERM_NOT_CHANGEABLE)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    let before = owned.known(&owned.terms.term, "term")?;
    if *before == command.term {
        return Ok(Vec::new());
    }
    let refused = |ground| owned.refused(ground).with("before", before).with("after", &command.term);
    match (before.months(), command.term.months()) {
        (Some(now), Some(then)) if then < now => return Err(refused(&ground::TERM_CANNOT_BE_SHORTENED)),
        (Some(_), Some(_)) => {}
        (None, _) | (_, None) => return Err(refused(&ground::TERM_NOT_CHANGEABLE)),
    }
    Ok(vec![Event::SubscriptionTermChanged(SubscriptionTermChanged {
        subscription: owned.id,
        before: before.clone(),
        after: command.term.clone(),
        commitment_end: window::commitment_end(case.when.effective_at, &command.term, &Trial::Paid),
    })])
}

/// Precedence: actor, account, owner, call, word, deleted, ended, pending, updates, active, cycle known, term. Nothing happens when it is so already.
pub(crate) fn change_billing_cycle(case: &Case<'_>, command: &ChangeBillingCycle) -> Ruling {
    let owned = case.managed(command.subscription)?;
    if command.through == UpdatePath::SubscriptionPatch {
        return Err(owned.refused(&ground::BILLING_CYCLE_BY_PATCH));
    }
    if !command.billing_cycle.is_recognised() {
        return Err(unrecognised("billing_cycle", command.billing_cycle.as_str()));
    }
    owned.require_changeable(case)?;
    if !matches!(owned.status.status, SubscriptionStatus::Active | SubscriptionStatus::None) {
        return Err(owned.refused_for_status(&ground::BILLING_CYCLE_OF_INACTIVE));
    }
    let before = owned.known(&owned.terms.billing_cycle, "billing_cycle")?;
    if *before == command.billing_cycle {
        return Ok(Vec::new());
    }
    if let Some(term) = &owned.terms.term {
        billing_fits(&command.billing_cycle, &term.value).map_err(|refusal| refusal.with("subscription", owned.id))?;
    }
    Ok(vec![Event::SubscriptionBillingCycleChanged(SubscriptionBillingCycleChanged {
        subscription: owned.id,
        before: before.clone(),
        after: command.billing_cycle.clone(),
    })])
}

/// A bill may not cover more than the term (rule U-8), and its cycle must be a word that says how long it is.
pub(crate) fn billing_fits(billing_cycle: &BillingCycle, term: &TermDuration) -> Result<(), Refusal> {
    if !billing_cycle.is_recognised() {
        return Err(unrecognised("billing_cycle", billing_cycle.as_str()));
    }
    match (billing_cycle.months(), term.months()) {
        (Some(billed), Some(term_months)) if billed > term_months => {
            Err(Refusal::because(&ground::BILLING_LONGER_THAN_TERM)
                .with("billing_cycle", billing_cycle)
                .with("term", term))
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// As PATCH does: what is left out is reset, and the reset is an event of its
/// own (rule U-19). Name and quantity cannot be reset and stay. Precedence:
/// actor, account, owner, deleted, ended, version, pending, updates,
/// suspended, then each field as its own command would be refused.
pub(crate) fn replace(case: &Case<'_>, command: &ReplaceSubscription) -> Ruling {
    let owned = case.managed(command.subscription)?;
    owned.require_alive()?;
    owned.require_not_ended(&ground::SUBSCRIPTION_ENDED)?;
    if let Some(read) = command.version.filter(|read| *read != owned.terms.updates) {
        return Err(owned.refused(&ground::STALE_VERSION).with("read", read).with("version", owned.terms.updates));
    }
    owned.require_free(case)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    let renew = replaced(command.auto_renew.as_ref());
    let auto_renew = command.auto_renew.as_ref().unwrap_or(&AutoRenew::Off);
    if !auto_renew.is_recognised() {
        return Err(unrecognised("auto_renew", auto_renew.as_str()));
    }
    let next = replaced(command.next_term.as_ref());
    let events = [
        renamed(&owned, command),
        quantity_replaced(case, &owned, command)?,
        auto_renew_change(&owned, auto_renew, renew)?,
        next_term_change(&owned, command.next_term.as_ref(), next)?,
    ];
    Ok(events.into_iter().flatten().collect())
}

fn replaced<T>(field: Option<&T>) -> ResetCause {
    field.map_or(ResetCause::LeftOut, |_| ResetCause::Requested)
}

fn renamed(owned: &Owned<'_>, command: &ReplaceSubscription) -> Option<Event> {
    let known = owned.terms.friendly_name.as_ref().map(|name| &name.value);
    let name = command.friendly_name.as_ref().filter(|name| known != Some(*name))?;
    Some(Event::SubscriptionRenamed(SubscriptionRenamed { subscription: owned.id, friendly_name: name.clone() }))
}

fn quantity_replaced(
    case: &Case<'_>,
    owned: &Owned<'_>,
    command: &ReplaceSubscription,
) -> Result<Option<Event>, Refusal> {
    let Some(after) = command.quantity else { return Ok(None) };
    let before = *owned.known(&owned.terms.quantity, "quantity")?;
    if after == before {
        return Ok(None);
    }
    let partner = case.acting_partner(&ground::ACTOR_NOT_OWNER)?;
    case.partner_in_order(partner)?;
    if after > before {
        case.require_relationship(partner, &ground::RELATIONSHIP_REMOVED)?;
        owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
        return seats::more(case, owned, before, after).map(Some);
    }
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    seats::fewer(case, owned, before, after).map(Some)
}
