//! What holds of a subscription at an instant: states that time alone brings about are computed, never recorded (rules U-17, L-7).

use super::{Subscription, Terms};
use crate::fold::{Cell, Stamp};
use crate::policy::Policy;
use crate::time::Timestamp;
use crate::vocabulary::{AutoRenew, ProductFamily, SubscriptionStatus, Trial};

/// Days that a trial runs (rule B-10).
pub(crate) const TRIAL_DAYS: i64 = 30;

/// The status of a subscription at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAt {
    /// The status; [`SubscriptionStatus::None`] when no source gave one.
    pub status: SubscriptionStatus,
    /// Since when.
    pub since: Timestamp,
    /// The rule by which time alone brought it about; none when it is as recorded.
    pub rule: Option<&'static str>,
    /// The event that it follows from.
    pub set: Stamp,
}

/// Which lifecycle a product follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lifecycle {
    /// Expired and Disabled follow the end of the term.
    NewCommerce,
    /// A suspended subscription is deleted after some days.
    Legacy,
    /// The family is not known: nothing can be computed.
    Unknown,
}

impl Subscription {
    /// The status at an instant not before the newest event folded.
    #[must_use]
    pub fn status_at(&self, at: Timestamp, policy: &Policy) -> StatusAt {
        let Some(recorded) = &self.terms.status else {
            let set = self.first_seen;
            return StatusAt { status: SubscriptionStatus::None, since: set.effective_at, rule: None, set };
        };
        let (status, since, rule) = match self.terms.lifecycle() {
            Lifecycle::NewCommerce => new_commerce(&self.terms, recorded, at, policy),
            Lifecycle::Legacy => legacy(recorded, at, policy),
            Lifecycle::Unknown => as_recorded(recorded),
        };
        StatusAt { status, since, rule, set: recorded.set }
    }

    /// The operation that is pending at an instant; one that is not seen to
    /// end stops blocking after the policy's hours (rule U-9).
    #[must_use]
    pub fn pending_at(&self, at: Timestamp, policy: &Policy) -> Option<&Cell<String>> {
        let over = |pending: &Cell<String>| pending.set.effective_at.plus_hours(policy.pending_operation_hours);
        self.terms.pending.as_ref().filter(|pending| at < over(pending))
    }
}

impl Terms {
    /// The first instant after the term: the day after the inclusive
    /// commitment end (rule U-18), or after the days of a trial.
    #[must_use]
    pub fn term_over(&self) -> Option<Timestamp> {
        let day_after = |end: Timestamp| end.start_of_day().plus_days(1);
        let trial_end = || {
            self.trial.as_ref().filter(|trial| trial.value == Trial::Trial)?;
            let start = self.term_start.as_ref().or(self.bought_at.as_ref())?;
            Some(start.value.start_of_day().plus_days(TRIAL_DAYS))
        };
        self.commitment_end.as_ref().map(|end| day_after(end.value)).or_else(trial_end)
    }

    fn lifecycle(&self) -> Lifecycle {
        match self.product.as_ref().map(|product| &product.value.family) {
            Some(ProductFamily::LegacyLicense | ProductFamily::LegacyAzure) => Lifecycle::Legacy,
            Some(family) if family.is_new_commerce() => Lifecycle::NewCommerce,
            Some(_) | None => Lifecycle::Unknown,
        }
    }
}

type Found = (SubscriptionStatus, Timestamp, Option<&'static str>);

fn as_recorded(recorded: &Cell<SubscriptionStatus>) -> Found {
    (recorded.value.clone(), recorded.set.effective_at, None)
}

/// Suspended, then deleted after the cloud's days. What follows the end of a
/// legacy term is not published, so an active one stays as recorded.
fn legacy(recorded: &Cell<SubscriptionStatus>, at: Timestamp, policy: &Policy) -> Found {
    if recorded.value != SubscriptionStatus::Suspended {
        return as_recorded(recorded);
    }
    let gone = recorded.set.effective_at.plus_days(policy.legacy_suspended_days);
    if at < gone { as_recorded(recorded) } else { (SubscriptionStatus::Deleted, gone, Some("U-17")) }
}

fn new_commerce(terms: &Terms, recorded: &Cell<SubscriptionStatus>, at: Timestamp, policy: &Policy) -> Found {
    // A source that shows a status after the end of the term known here has seen what this record has not.
    let over = terms.term_over().filter(|over| recorded.set.effective_at < *over);
    match (&recorded.value, over) {
        (SubscriptionStatus::Active, Some(over)) if at >= over => active_after_term(terms, recorded, over, at, policy),
        (SubscriptionStatus::Suspended, Some(over)) if at >= over => {
            let gone = over.plus_days(policy.disabled_after_suspension_days).plus_days(policy.disabled_days);
            first_begun(&[(SubscriptionStatus::Deleted, gone), (SubscriptionStatus::Disabled, over)], recorded, at)
        }
        (SubscriptionStatus::Expired, _) => {
            let began = began_with_term(terms, recorded, policy.expired_days);
            let disabled = began.plus_days(policy.expired_days);
            let gone = disabled.plus_days(policy.disabled_days);
            first_begun(
                &[
                    (SubscriptionStatus::Deleted, gone),
                    (SubscriptionStatus::Disabled, disabled),
                    (SubscriptionStatus::Expired, began),
                ],
                recorded,
                at,
            )
        }
        (SubscriptionStatus::Disabled, _) => {
            // Which of the two Disabled periods the source saw is not said: the latest end that fits is taken.
            let before = policy.expired_days.max(policy.disabled_after_suspension_days);
            let began = began_with_term(terms, recorded, before.saturating_add(policy.disabled_days));
            let gone = began.plus_days(before).plus_days(policy.disabled_days);
            first_begun(&[(SubscriptionStatus::Deleted, gone)], recorded, at)
        }
        (
            SubscriptionStatus::Active
            | SubscriptionStatus::Suspended
            | SubscriptionStatus::None
            | SubscriptionStatus::Deleted
            | SubscriptionStatus::Pending
            | SubscriptionStatus::Unrecognised(_),
            _,
        ) => as_recorded(recorded),
    }
}

/// Renewing by itself it stays Active, even where the renewal was not seen;
/// without renewal it is Expired, then Disabled, then gone.
fn active_after_term(
    terms: &Terms,
    recorded: &Cell<SubscriptionStatus>,
    over: Timestamp,
    at: Timestamp,
    policy: &Policy,
) -> Found {
    if terms.auto_renew.as_ref().is_none_or(|renew| renew.value != AutoRenew::Off) {
        return (SubscriptionStatus::Active, recorded.set.effective_at, Some("U-18"));
    }
    let disabled = over.plus_days(policy.expired_days);
    let gone = disabled.plus_days(policy.disabled_days);
    first_begun(
        &[
            (SubscriptionStatus::Deleted, gone),
            (SubscriptionStatus::Disabled, disabled),
            (SubscriptionStatus::Expired, over),
        ],
        recorded,
        at,
    )
}

/// When a state that follows the term began: with the term's end where that
/// fits the sighting, otherwise with the sighting.
fn began_with_term(terms: &Terms, recorded: &Cell<SubscriptionStatus>, days: i64) -> Timestamp {
    let seen = recorded.set.effective_at;
    terms.term_over().filter(|over| *over <= seen && seen < over.plus_days(days)).unwrap_or(seen)
}

/// The latest state that has begun, from a list in descending order; as recorded when none has.
fn first_begun(
    states: &[(SubscriptionStatus, Timestamp)],
    recorded: &Cell<SubscriptionStatus>,
    at: Timestamp,
) -> Found {
    states
        .iter()
        .find(|(_, begins)| at >= *begins)
        .filter(|(status, _)| *status != recorded.value)
        .map_or_else(|| as_recorded(recorded), |(status, begins)| (status.clone(), *begins, Some("U-17")))
}
