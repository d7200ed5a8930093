//! Deciding on suspension, reactivation, cancellation and pending operations (rules U-1, U-9, U-11, U-15, U-16, U-21).

use super::owned::Owned;
use super::{Case, Ruling, window};
use crate::actor::ActorKind;
use crate::command::subscription::{
    CancelSubscription, ReactivateSubscription, RecordPendingOperation, SuspendSubscription,
};
use crate::decide::guard::unrecognised;
use crate::event::Event;
use crate::event::subscription::{
    SubscriptionCancelled, SubscriptionOperationPending, SubscriptionReactivated, SubscriptionSuspended,
};
use crate::ground::subscription as ground;
use crate::ground::transfer::SUBSCRIPTION_TRANSFERRED;
use crate::id::SubscriptionId;
use crate::refusal::Refusal;
use crate::vocabulary::{ProductFamily, SubscriptionStatus, SuspensionReason};

/// Precedence: actor, account, owner, reason, deleted, ended, pending, updates, trial, suspended.
pub(crate) fn suspend(case: &Case<'_>, command: &SuspendSubscription) -> Ruling {
    let owned = case.managed_or_microsoft(command.subscription)?;
    match &command.reason {
        SuspensionReason::CustomerRequest | SuspensionReason::NonPayment | SuspensionReason::Fraud => {}
        // Follow from suspending the base and from a transfer; nobody can ask for them.
        reason @ (SuspensionReason::BaseSuspended
        | SuspensionReason::Transferred
        | SuspensionReason::Unrecognised(_)) => {
            return Err(unrecognised("reason", reason.as_str()));
        }
    }
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    let suspended = |subscription, reason| {
        Event::SubscriptionSuspended(SubscriptionSuspended { subscription, reason: Some(reason) })
    };
    let mut events = vec![suspended(owned.id, command.reason.clone())];
    events.extend(active_add_ons(case, &owned).map(|add_on| suspended(add_on, SuspensionReason::BaseSuspended)));
    Ok(events)
}

/// The active add-ons that a legacy base takes with it (rule U-15); new commerce suspends each by itself.
fn active_add_ons<'a>(case: &Case<'a>, base: &Owned<'a>) -> impl Iterator<Item = SubscriptionId> + use<'a> {
    let (id, owner, at, policy) = (base.id, base.owner, case.when.effective_at, case.policy);
    let family = base.terms.product.as_ref().map(|product| &product.value.family);
    let legacy = matches!(family, Some(ProductFamily::LegacyLicense | ProductFamily::LegacyAzure));
    let subscriptions = case.customer.subscriptions.by_id.iter().filter(move |_| legacy);
    subscriptions
        .filter(move |(other, subscription)| {
            **other != id
                && subscription.terms.parent.as_ref().is_some_and(|parent| parent.value == id)
                && subscription.owner.as_ref().map(|owner| owner.value) == owner
                && subscription.status_at(at, policy).status == SubscriptionStatus::Active
        })
        .map(|(other, _)| *other)
}

/// Precedence: actor, account, relationship, owner, deleted, term ended, pending, updates, trial, not suspended, transferred, parent.
pub(crate) fn reactivate(case: &Case<'_>, command: &ReactivateSubscription) -> Ruling {
    let owned = case.continued(command.subscription)?;
    owned.require_alive()?;
    owned.require_not_ended(&ground::NOT_REACTIVATABLE)?;
    owned.require_free(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    if owned.status.status != SubscriptionStatus::Suspended {
        return Err(owned.refused_for_status(&ground::NOT_SUSPENDED));
    }
    if let Some(elsewhere) = &owned.terms.transferred_to {
        return Err(owned.refused(&SUBSCRIPTION_TRANSFERRED).with("transferred_to", elsewhere.value));
    }
    if let Some(parent) = &owned.terms.parent {
        require_parent_active(case, parent.value).map_err(|refusal| refusal.with("subscription", owned.id))?;
    }
    Ok(vec![Event::SubscriptionReactivated(SubscriptionReactivated { subscription: owned.id })])
}

/// The base must be active (rule U-11); one that no source spoke of, or gave no status for, does not refuse.
fn require_parent_active(case: &Case<'_>, parent: SubscriptionId) -> Result<(), Refusal> {
    let Some(base) = case.customer.subscriptions.by_id.get(&parent) else { return Ok(()) };
    let status = base.status_at(case.when.effective_at, case.policy).status;
    if matches!(status, SubscriptionStatus::Active | SubscriptionStatus::None) {
        return Ok(());
    }
    Err(Refusal::because(&ground::PARENT_NOT_ACTIVE).with("parent", parent).with("parent_status", status))
}

/// Precedence: actor, account, owner, deleted, ended, pending, updates, trial, support only, window.
pub(crate) fn cancel(case: &Case<'_>, command: &CancelSubscription) -> Ruling {
    let owned = case.managed_or_microsoft(command.subscription)?;
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    if case.request.actor.kind != ActorKind::Microsoft {
        require_cancellable(case, &owned)?;
    }
    Ok(vec![Event::SubscriptionCancelled(SubscriptionCancelled {
        subscription: owned.id,
        data_kept_until: case.when.effective_at.plus_days(case.policy.cancelled_data_days),
    })])
}

/// Azure plans and reservations through support only (rule U-21), everything with a window inside it (rule U-1).
fn require_cancellable(case: &Case<'_>, owned: &Owned<'_>) -> Result<(), Refusal> {
    let family = owned.terms.product.as_ref().map(|product| &product.value.family);
    if let Some(family @ (ProductFamily::AzurePlan | ProductFamily::AzureReservation)) = family {
        return Err(owned.refused(&ground::SUPPORT_ONLY).with("family", family));
    }
    match window::known_cancellation_end(owned.terms, case.policy) {
        Some(until) if case.when.effective_at > until => {
            Err(owned.refused(&ground::CANCELLATION_WINDOW_PASSED).with("cancellation_allowed_until", until))
        }
        Some(_) | None => Ok(()),
    }
}

/// Precedence: actor, account, owner, deleted, pending, updates.
pub(crate) fn record_pending(case: &Case<'_>, command: &RecordPendingOperation) -> Ruling {
    let owned = match case.request.actor.kind {
        ActorKind::System | ActorKind::Importer | ActorKind::Operator => case.found(command.subscription)?,
        ActorKind::PartnerUser
        | ActorKind::PartnerApplication
        | ActorKind::CustomerAdmin
        | ActorKind::Microsoft
        | ActorKind::Unrecognised(_) => case.managed_or_microsoft(command.subscription)?,
    };
    owned.require_alive()?;
    owned.require_free(case)?;
    Ok(vec![Event::SubscriptionOperationPending(SubscriptionOperationPending {
        subscription: owned.id,
        operation: command.operation.clone(),
    })])
}
