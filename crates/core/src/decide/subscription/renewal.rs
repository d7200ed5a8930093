//! Deciding on renewal: the day after the term, as scheduled, or not at all (rules U-8, U-18).

use super::owned::Owned;
use super::{Case, Ruling, billing_fits, in_range, window};
use crate::actor::ActorKind;
use crate::command::subscription::{NextTerm, RenewSubscription, ScheduleNextTerm, SetAutoRenew};
use crate::decide::guard::unrecognised;
use crate::event::Event;
use crate::event::subscription::{
    ResetCause, SubscriptionAutoRenewChanged, SubscriptionNextTermScheduled, SubscriptionRenewed,
};
use crate::ground::subscription as ground;
use crate::refusal::Refusal;
use crate::time::Timestamp;
use crate::vocabulary::{AutoRenew, TermDuration, Trial};

/// How long a renewal may take.
const RENEWAL_HOURS: i64 = 24;

/// Precedence: actor, account, relationship, owner, deleted, ended, pending, updates, trial, suspended, term, its end, terms known.
pub(crate) fn renew(case: &Case<'_>, command: &RenewSubscription) -> Ruling {
    let owned = match case.request.actor.kind {
        // The renewal of every night is nobody's order.
        ActorKind::Microsoft | ActorKind::System => case.found(command.subscription)?,
        ActorKind::PartnerUser
        | ActorKind::PartnerApplication
        | ActorKind::CustomerAdmin
        | ActorKind::Importer
        | ActorKind::Operator
        | ActorKind::Unrecognised(_) => case.continued(command.subscription)?,
    };
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    let Some(over) = owned.terms.term_over() else {
        return Err(owned.refused(&ground::NO_TERM_TO_RENEW));
    };
    if case.when.effective_at < over {
        return Err(owned.refused(&ground::TERM_NOT_ENDED).with("renews_from", over));
    }
    let next = next_term(&owned)?;
    let Some(term) = next.term else {
        return Err(owned.refused(&ground::TERMS_NOT_KNOWN).with("field", "next_term.term"));
    };
    let family = &owned.known(&owned.terms.product, "product")?.family;
    let start = present_term_start(over, &term, case.when.effective_at);
    // A renewal may take a day; the window opens when it is done, not when somebody records it.
    let done = case.when.effective_at.min(start.plus_hours(RENEWAL_HOURS));
    Ok(vec![Event::SubscriptionRenewed(SubscriptionRenewed {
        subscription: owned.id,
        commitment_end: window::commitment_end(start, &term, &Trial::Paid),
        cancellation_allowed_until: window::cancellation_end(done, family, &term, case.policy),
        product: next.product,
        quantity: next.quantity,
        term,
        billing_cycle: next.billing_cycle,
    })])
}

/// When the term began that an instant lies in, when terms follow each other from `over` on: a renewal recorded
/// months late renews into the term that runs, not into one that is over.
fn present_term_start(over: Timestamp, term: &TermDuration, at: Timestamp) -> Timestamp {
    let Some(months) = term.months() else { return over };
    let starts = (1_u32..).map_while(|terms| Some(over.plus_months(months.checked_mul(terms)?)));
    starts.take_while(|start| *start <= at && *start < Timestamp::MAX).last().unwrap_or(over)
}

/// What was scheduled, otherwise the same again.
fn next_term(owned: &Owned<'_>) -> Result<NextTerm, Refusal> {
    if let Some(scheduled) = &owned.terms.next_term {
        return Ok(scheduled.value.clone());
    }
    Ok(NextTerm {
        product: owned.known(&owned.terms.product, "product")?.id.clone(),
        quantity: *owned.known(&owned.terms.quantity, "quantity")?,
        term: Some(owned.known(&owned.terms.term, "term")?.clone()),
        billing_cycle: owned.known(&owned.terms.billing_cycle, "billing_cycle")?.clone(),
    })
}

/// Precedence: actor, account, owner, word, deleted, ended, pending, updates, suspended, eligible. Nothing happens when it is so already.
pub(crate) fn set_auto_renew(case: &Case<'_>, command: &SetAutoRenew) -> Ruling {
    let owned = case.managed(command.subscription)?;
    if !command.auto_renew.is_recognised() {
        return Err(unrecognised("auto_renew", command.auto_renew.as_str()));
    }
    owned.require_changeable(case)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    Ok(auto_renew_change(&owned, &command.auto_renew, ResetCause::Requested)?.into_iter().collect())
}

/// The event that switches automatic renewal; none when it is so already.
pub(super) fn auto_renew_change(
    owned: &Owned<'_>,
    to: &AutoRenew,
    cause: ResetCause,
) -> Result<Option<Event>, Refusal> {
    if *to == AutoRenew::On {
        require_term(owned)?;
    }
    if owned.terms.auto_renew.as_ref().is_some_and(|known| known.value == *to) {
        return Ok(None);
    }
    Ok(Some(Event::SubscriptionAutoRenewChanged(SubscriptionAutoRenewChanged {
        subscription: owned.id,
        auto_renew: to.clone(),
        cause,
    })))
}

/// Precedence: actor, account, owner, deleted, ended, pending, updates, suspended, eligible, words, billing, quantity. Nothing happens when it is so already.
pub(crate) fn schedule_next_term(case: &Case<'_>, command: &ScheduleNextTerm) -> Ruling {
    let owned = case.managed(command.subscription)?;
    owned.require_changeable(case)?;
    owned.require_not_suspended(&ground::SUBSCRIPTION_SUSPENDED)?;
    Ok(next_term_change(&owned, command.next_term.as_ref(), ResetCause::Requested)?.into_iter().collect())
}

/// The event that schedules or clears the next term; none when it is so already.
pub(super) fn next_term_change(
    owned: &Owned<'_>,
    to: Option<&NextTerm>,
    cause: ResetCause,
) -> Result<Option<Event>, Refusal> {
    if let Some(next) = to {
        require_term(owned)?;
        let Some(term) = next.term.as_ref().filter(|term| term.is_recognised()) else {
            return Err(unrecognised("next_term.term", next.term.as_ref().map_or("", TermDuration::as_str)));
        };
        billing_fits(&next.billing_cycle, term).map_err(|refusal| refusal.with("subscription", owned.id))?;
        // The limits of another product are not on record.
        let product = owned.terms.product.as_ref().map(|product| &product.value);
        in_range(product.filter(|product| product.id == next.product), next.quantity)
            .map_err(|refusal| refusal.with("subscription", owned.id))?;
    }
    if owned.terms.next_term.as_ref().map(|known| &known.value) == to {
        return Ok(None);
    }
    Ok(Some(Event::SubscriptionNextTermScheduled(SubscriptionNextTermScheduled {
        subscription: owned.id,
        next_term: to.cloned(),
        cause,
    })))
}

fn require_term(owned: &Owned<'_>) -> Result<(), Refusal> {
    if owned.terms.term.as_ref().is_some_and(|term| term.value == TermDuration::None) {
        return Err(owned.refused(&ground::NO_TERM_TO_RENEW));
    }
    Ok(())
}
