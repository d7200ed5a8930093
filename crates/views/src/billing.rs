//! Who is billed for which days of which subscription.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::Fact;
use ofrecord_core::state::Subscription;
use ofrecord_core::vocabulary::{SubscriptionStatus, Trial};
use ofrecord_core::{Customer, PartnerTenantId, State, SubscriptionId, Timestamp};
use serde::Serialize;

use self::split::{Chain, chains};
use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::subscriptions::next_change;
use crate::viewpoint::{Period, Viewpoint};

mod split;

/// Whether the days are billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Billed {
    /// They are.
    Billed,
    /// It cannot be told: no source gives a status or a family that says so, or says that it is no trial.
    NotSaid,
}

/// Consecutive days for which one partner is billed, half-open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BillingRow {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner who is billed; none when no source says who owns it.
    pub partner: Option<PartnerTenantId>,
    /// Whether the days are billed.
    pub billed: Billed,
    /// Midnight (UTC) of the first day.
    pub from: Timestamp,
    /// Midnight of the first day no longer in it.
    pub to: Timestamp,
    /// How many days.
    pub days: u64,
    /// The entries behind it.
    pub positions: Vec<u64>,
}

/// Who is billed, for whole days (UTC), within a period and not beyond the instant asked about.
///
/// A day belongs to who owns the subscription in its first instant; the day of the
/// purchase belongs to the buyer's partner. A transfer splits the bill after the day
/// that its completion states: the source has that day, under whichever id, and the
/// target every later one (rule T-15); of two transfers the second moves what its source had. Billed are Active days, and
/// Suspended days of new commerce; not billed are Suspended days of legacy
/// subscriptions, trials, and Pending, Expired, Disabled and Deleted days.
/// Where no source says whether it is a trial, billed days are not said to be.
#[must_use]
pub fn billing(record: &CustomerRecord, period: Period, viewpoint: &Viewpoint<'_>) -> Vec<BillingRow> {
    let facts = record.facts_at(viewpoint);
    let end = next_midnight(viewpoint.as_of).min(ceiling(period.to));
    let chains = chains(&facts);
    let mut facts = facts.as_slice();
    let mut state = Customer::default();
    let mut running: BTreeMap<SubscriptionId, BillingRow> = BTreeMap::new();
    let mut rows = Vec::new();
    let Some(first) = facts.first() else { return rows };
    let mut day = period.from.start_of_day().max(first.effective_at.start_of_day());
    while day < end {
        facts = apply_until(&mut state, facts, |at| at <= day);
        let mut liable = liabilities(&state, day, viewpoint);
        liable.extend(bought_within(&state, facts, next_midnight(day), viewpoint));
        chains.iter().for_each(|chain| chain.settle(&mut liable, day));
        let next = next_other_day(&state, facts, &chains, &Viewpoint { as_of: day, ..*viewpoint }).min(end);
        extend(&mut running, &mut rows, &liable, day, next);
        day = next;
    }
    rows.extend(running.into_values());
    rows.sort_by_key(|row| (row.subscription, row.from));
    rows
}

/// The first day after the viewpoint's that may differ from it: by a fact, by a split, or by time alone.
fn next_other_day(state: &Customer, facts: &[Fact], chains: &[Chain], then: &Viewpoint<'_>) -> Timestamp {
    let by_split = chains.iter().flat_map(Chain::turns).filter(|turn| *turn > then.as_of);
    let by_fact = facts.first().map(|fact| fact.effective_at.start_of_day());
    let by_time = state
        .subscriptions
        .by_id
        .values()
        .filter_map(|subscription| next_change::other_status(subscription, then).map(|change| ceiling(change.at)));
    by_time.chain(by_fact).chain(by_split).min().unwrap_or(Timestamp::MAX).max(next_midnight(then.as_of))
}

type Liability = (Option<PartnerTenantId>, Billed, BTreeSet<u64>);

/// Applies the facts up to an instant and gives back the rest.
fn apply_until<'a>(state: &mut Customer, facts: &'a [Fact], until: impl Fn(Timestamp) -> bool) -> &'a [Fact] {
    let count = facts.partition_point(|fact| until(fact.effective_at));
    let (due, rest) = facts.split_at(count);
    due.iter().for_each(|fact| state.apply(fact));
    rest
}

/// The liabilities of subscriptions that come into being before the next
/// midnight, as they stand in the day's last instant.
fn bought_within(
    state: &Customer,
    facts: &[Fact],
    next: Timestamp,
    viewpoint: &Viewpoint<'_>,
) -> BTreeMap<SubscriptionId, Liability> {
    if facts.first().is_none_or(|fact| fact.effective_at >= next) {
        return BTreeMap::new();
    }
    let mut evening = state.clone();
    apply_until(&mut evening, facts, |at| at < next);
    let last_instant = Timestamp::from_ticks(next.ticks().saturating_sub(1)).unwrap_or(next);
    let mut liable = liabilities(&evening, last_instant.min(viewpoint.as_of), viewpoint);
    liable.retain(|id, _| !state.subscriptions.by_id.contains_key(id));
    liable
}

fn liabilities(state: &Customer, at: Timestamp, viewpoint: &Viewpoint<'_>) -> BTreeMap<SubscriptionId, Liability> {
    let mut liable = BTreeMap::new();
    for (id, subscription) in &state.subscriptions.by_id {
        let Some(billed) = billed(subscription, at, viewpoint) else { continue };
        let mut cells = Cells::default();
        let owner = cells.read("owner", subscription.owner.as_ref());
        crate::subscriptions::status_cells(subscription, "status", &mut cells);
        liable.insert(*id, (owner, billed, cells.positions().into_iter().collect()));
    }
    liable
}

fn billed(subscription: &Subscription, at: Timestamp, viewpoint: &Viewpoint<'_>) -> Option<Billed> {
    let terms = &subscription.terms;
    let paid = match terms.trial.as_ref().map(|trial| &trial.value) {
        Some(Trial::Trial) => return None,
        Some(Trial::Paid) => Billed::Billed,
        Some(Trial::Unrecognised(_)) | None => Billed::NotSaid,
    };
    if terms.transferred_to.is_some() {
        // It is billed under its other id.
        return None;
    }
    let family = terms.product.as_ref().map(|product| &product.value.family);
    match subscription.status_at(at, viewpoint.policy).status {
        SubscriptionStatus::Active => Some(paid),
        SubscriptionStatus::Suspended => match family {
            Some(family) if !family.is_stated() => Some(Billed::NotSaid),
            Some(family) => family.is_new_commerce().then_some(paid),
            None => Some(Billed::NotSaid),
        },
        SubscriptionStatus::None | SubscriptionStatus::Unrecognised(_) => Some(Billed::NotSaid),
        SubscriptionStatus::Deleted
        | SubscriptionStatus::Expired
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Disabled => None,
    }
}

/// Prolongs the running rows by some equal days, and closes those that do not go on.
fn extend(
    running: &mut BTreeMap<SubscriptionId, BillingRow>,
    rows: &mut Vec<BillingRow>,
    liable: &BTreeMap<SubscriptionId, Liability>,
    day: Timestamp,
    next: Timestamp,
) {
    let before = std::mem::take(running);
    for (id, row) in before {
        let goes_on = liable
            .get(&id)
            .is_some_and(|(partner, billed, _)| row.partner == *partner && row.billed == *billed && row.to == day);
        if goes_on {
            running.insert(id, row);
        } else {
            rows.push(row);
        }
    }
    for (id, (partner, billed, positions)) in liable {
        let row = running.entry(*id).or_insert_with(|| BillingRow {
            subscription: *id,
            partner: *partner,
            billed: *billed,
            from: day,
            to: day,
            days: 0,
            positions: Vec::new(),
        });
        row.to = next;
        row.days = row.days.saturating_add(u64::try_from(next.days_since(day)).unwrap_or(0));
        let all: BTreeSet<u64> = row.positions.iter().copied().chain(positions.iter().copied()).collect();
        row.positions = all.into_iter().collect();
    }
}

fn next_midnight(at: Timestamp) -> Timestamp {
    at.start_of_day().plus_days(1)
}

/// The first midnight that is not before an instant.
fn ceiling(at: Timestamp) -> Timestamp {
    if at == at.start_of_day() { at } else { next_midnight(at) }
}

#[cfg(test)]
mod tests;
