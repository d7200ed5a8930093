//! Which status each subscription had when, by one state of knowledge: what events set and what time alone brought about.

use std::collections::BTreeSet;

use ofrecord_core::vocabulary::SubscriptionStatus;
use ofrecord_core::{SubscriptionId, Timestamp};
use serde::Serialize;

use crate::intervals::Interval;
use crate::record::CustomerRecord;
use crate::subscriptions::{SubscriptionRow, subscriptions_in_the_world};
use crate::viewpoint::Viewpoint;

/// A status and the stretch of the world's time for which it held, half-open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusSpell {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The status.
    pub status: SubscriptionStatus,
    /// The rule by which time alone brought it about or kept it; none when it is as recorded.
    pub rule: Option<&'static str>,
    /// First instant at which it held.
    pub from: Timestamp,
    /// First instant at which it no longer does; none when nothing known ends it.
    pub to: Option<Timestamp>,
    /// The entries that it follows from, from its first instant to its last.
    pub positions: Vec<u64>,
    /// The entries that speak of the instant at which it ended; empty where time alone ends it, and where nothing does.
    pub ended_by: Vec<u64>,
}

/// The status of every subscription over time, by id and then in the order of the world.
///
/// For any instant up to the viewpoint's, the spell that holds it says what
/// [`subscriptions`](crate::subscriptions()) says of that instant. Spells that begin
/// later are what time alone will bring, were no further event to come (rules L-7, U-17).
#[must_use]
pub fn status_history(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<StatusSpell> {
    let mut rows = subscriptions_in_the_world(record, viewpoint);
    rows.sort_by_key(|row| (row.key, row.valid_from));
    let same = |left: &Interval<_, SubscriptionRow>, right: &Interval<_, SubscriptionRow>| {
        left.key == right.key
            && (&left.value.status, left.value.status_rule) == (&right.value.status, right.value.status_rule)
    };
    rows.chunk_by(same).filter_map(spell).collect()
}

/// The spell of rows that follow each other with one status.
fn spell(rows: &[Interval<SubscriptionId, SubscriptionRow>]) -> Option<StatusSpell> {
    let (first, last) = (rows.first()?, rows.last()?);
    let behind: BTreeSet<u64> = rows.iter().flat_map(|row| row.value.cells.of("status")).collect();
    Some(StatusSpell {
        subscription: first.key,
        status: first.value.status.clone(),
        rule: first.value.status_rule,
        from: first.valid_from,
        to: last.valid_to,
        positions: behind.into_iter().collect(),
        ended_by: last.ended_by.clone(),
    })
}

#[cfg(test)]
mod tests;
