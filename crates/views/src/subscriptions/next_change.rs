//! What time alone will do to a subscription next, were no further event to come.

use ofrecord_core::Timestamp;
use ofrecord_core::state::subscription::Subscription;
use ofrecord_core::vocabulary::{AutoRenew, SubscriptionStatus};
use serde::Serialize;

use crate::viewpoint::Viewpoint;

/// What time alone does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimedChange {
    /// The term ends and it renews by itself; that it did is known only from an event.
    Renews,
    /// Its status becomes this one.
    Becomes(SubscriptionStatus),
}

/// The next thing that time alone does to a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextChange {
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: TimedChange,
}

/// The nearer of the renewal and the first instant with another status.
pub(crate) fn of(subscription: &Subscription, viewpoint: &Viewpoint<'_>) -> Option<NextChange> {
    [renewal(subscription, viewpoint), other_status(subscription, viewpoint)]
        .into_iter()
        .flatten()
        .min_by_key(|next| next.at)
}

/// Renewal runs on the day after the inclusive end of the term (rule U-18).
fn renewal(subscription: &Subscription, viewpoint: &Viewpoint<'_>) -> Option<NextChange> {
    let terms = &subscription.terms;
    let renews = terms.auto_renew.as_ref().is_some_and(|cell| cell.value == AutoRenew::On);
    let active = subscription.status_at(viewpoint.as_of, viewpoint.policy).status == SubscriptionStatus::Active;
    let at = terms.commitment_end.as_ref()?.value.start_of_day().plus_days(1);
    (renews && active && viewpoint.as_of < at).then_some(NextChange { at, change: TimedChange::Renews })
}

/// Time never brings a status back that it ended, so that "another status
/// than now" is false up to one instant and true from it: a binary search finds it.
pub(crate) fn other_status(subscription: &Subscription, viewpoint: &Viewpoint<'_>) -> Option<NextChange> {
    let status_at = |ticks: u64| {
        let at = Timestamp::from_ticks(ticks).unwrap_or(Timestamp::MAX);
        subscription.status_at(at, viewpoint.policy).status
    };
    let now = status_at(viewpoint.as_of.ticks());
    let (mut same, mut other) = (viewpoint.as_of.ticks(), Timestamp::MAX.ticks());
    if status_at(other) == now {
        return None;
    }
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if status_at(middle) == now {
            same = middle;
        } else {
            other = middle;
        }
    }
    let at = Timestamp::from_ticks(other)?;
    Some(NextChange { at, change: TimedChange::Becomes(status_at(other)) })
}
