//! The history of subscriptions on both times, cut also where time alone changes what is shown.

use std::collections::BTreeMap;

use ofrecord_core::state::Customer;
use ofrecord_core::state::subscription::{Subscription, Terms};
use ofrecord_core::{Policy, SubscriptionId, Timestamp};

use super::{SubscriptionRow, row, status};
use crate::intervals::{Drawn, Held, Interval, Reading, in_the_world, on_both_times};
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// Every subscription when, by what was known when, under a policy (questions 17 and 21).
///
/// The interval that [answers](Interval::answers) for an instant and a state of
/// knowledge holds the row of [`subscriptions`](super::subscriptions) at that
/// viewpoint. Where time alone ends one, `ended_by` is empty.
#[must_use]
pub fn subscription_history(
    record: &CustomerRecord,
    known_below: u64,
    policy: &Policy,
) -> Vec<Interval<SubscriptionId, SubscriptionRow>> {
    on_both_times(record, known_below, Drawn::Subscriptions, Reading::ByEvents(read_shown))
        .iter()
        .flat_map(|interval| cut_by_time(interval, policy))
        .collect()
}

/// The same in the world's time alone, by what is seen from a viewpoint, and beyond its instant what time alone brings.
pub(crate) fn subscriptions_in_the_world(
    record: &CustomerRecord,
    viewpoint: &Viewpoint<'_>,
) -> Vec<Interval<SubscriptionId, SubscriptionRow>> {
    in_the_world(record, viewpoint, Drawn::Subscriptions, Reading::ByEvents(read_shown))
        .iter()
        .flat_map(|interval| cut_by_time(interval, viewpoint.policy))
        .collect()
}

fn read_shown(customer: &Customer) -> BTreeMap<SubscriptionId, Held<Subscription>> {
    customer
        .subscriptions
        .by_id
        .iter()
        .map(|(id, subscription)| (*id, Held { value: shown(subscription), positions: Vec::new() }))
        .collect()
}

/// A subscription without its counters, its pending operation and its next term, which no row shows and which
/// would begin intervals of their own.
fn shown(subscription: &Subscription) -> Subscription {
    let mut shown = subscription.clone();
    let Terms { refundable, next_term, pending, updates, updated, .. } = &mut shown.terms;
    refundable.clear();
    *next_term = None;
    *pending = None;
    *updates = 0;
    *updated = None;
    shown
}

fn cut_by_time(
    interval: &Interval<SubscriptionId, Subscription>,
    policy: &Policy,
) -> Vec<Interval<SubscriptionId, SubscriptionRow>> {
    let mut cut = Vec::new();
    let mut from = interval.valid_from;
    loop {
        let viewpoint = Viewpoint { as_of: from, known_below: interval.known_from, policy };
        let value = row(interval.key, &interval.value, &viewpoint);
        let turn =
            next_turn(&interval.value, &value, &viewpoint).filter(|turn| interval.valid_to.is_none_or(|to| *turn < to));
        cut.push(Interval {
            key: interval.key,
            positions: value.positions.clone(),
            value,
            valid_from: from,
            valid_to: turn.or(interval.valid_to),
            known_from: interval.known_from,
            known_to: interval.known_to,
            ended_by: if turn.is_some() { Vec::new() } else { interval.ended_by.clone() },
        });
        match turn {
            Some(turn) => from = turn,
            None => return cut,
        }
    }
}

/// The first later instant at which time alone makes the row another one: the
/// next change that the row itself names, or another reason for the same status.
fn next_turn(subscription: &Subscription, row: &SubscriptionRow, viewpoint: &Viewpoint<'_>) -> Option<Timestamp> {
    let named = row.next_change.as_ref().map(|change| change.at);
    let until = named.unwrap_or(Timestamp::MAX);
    first_with(viewpoint.as_of, until, |at| {
        let then = status(subscription, &Viewpoint { as_of: at, ..*viewpoint });
        (then.status, then.since, then.rule) != (row.status.clone(), row.status_since, row.status_rule)
    })
    .or(named)
}

/// The first instant after `from` and not after `until` at which something is
/// so that stays so; none when it is not so at `until`.
fn first_with(from: Timestamp, until: Timestamp, is_so: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    if !is_so(until) {
        return None;
    }
    let (mut not_yet, mut so) = (from.ticks(), until.ticks());
    while so - not_yet > 1 {
        let middle = not_yet + (so - not_yet) / 2;
        if Timestamp::from_ticks(middle).is_some_and(&is_so) {
            so = middle;
        } else {
            not_yet = middle;
        }
    }
    Timestamp::from_ticks(so)
}

#[cfg(test)]
mod tests;
