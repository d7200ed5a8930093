//! How transfers split the bill: the source through the day of the split, the target from the next one on (rule T-15).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::event::transfer::{SubscriptionTransferCompleted, TransferredItem};
use ofrecord_core::fold::Fact;
use ofrecord_core::{Event, PartnerTenantId, SubscriptionId, Timestamp};

use super::{Liability, ceiling, next_midnight};

/// One subscription that moved, and the days on which its bill changes hands.
pub(super) struct Split {
    old: SubscriptionId,
    new: Option<SubscriptionId>,
    source: PartnerTenantId,
    target: PartnerTenantId,
    /// Midnight of the last day of the source.
    last_day: Timestamp,
    /// The first day in whose first instant the record shows the target.
    shown_from: Timestamp,
    positions: BTreeSet<u64>,
}

/// The splits that the facts tell of, in the order of the world.
pub(super) fn splits(facts: &[Fact]) -> Vec<Split> {
    let completions = facts.iter().filter_map(|fact| {
        if let Event::SubscriptionTransferCompleted(event) = &fact.event { Some((fact, event)) } else { None }
    });
    completions.flat_map(|(fact, event)| event.items.iter().map(move |item| Split::of(fact, event, item))).collect()
}

impl Split {
    fn of(fact: &Fact, event: &SubscriptionTransferCompleted, item: &TransferredItem) -> Self {
        Self {
            old: item.source_subscription,
            new: item.renamed(),
            source: event.source,
            target: event.target,
            last_day: event.billing_split_date.start_of_day(),
            shown_from: ceiling(fact.effective_at),
            positions: fact.stamp().positions().collect(),
        }
    }

    /// The first days that may differ from the one before them.
    pub(super) fn turns(&self) -> [Timestamp; 2] {
        [next_midnight(self.last_day), self.shown_from]
    }

    /// Gives a day to the side whose it is, where the record at its first instant shows the other one.
    pub(super) fn settle(&self, liable: &mut BTreeMap<SubscriptionId, Liability>, day: Timestamp) {
        match (day <= self.last_day, day < self.shown_from) {
            (true, false) => self.hand(liable, (self.new.unwrap_or(self.old), self.target), (self.old, self.source)),
            (false, true) => self.hand(liable, (self.old, self.source), (self.new.unwrap_or(self.old), self.target)),
            // The target's id comes into being on the day of the completion, which is the source's.
            (true, true) => drop(self.new.and_then(|new| liable.remove(&new))),
            (false, false) => {}
        }
    }

    fn hand(
        &self,
        liable: &mut BTreeMap<SubscriptionId, Liability>,
        (from, giver): (SubscriptionId, PartnerTenantId),
        (to, taker): (SubscriptionId, PartnerTenantId),
    ) {
        let given = liable.get(&from).is_some_and(|(partner, _, _)| partner.is_none_or(|partner| partner == giver));
        let Some((_, billed, positions)) = liable.remove(&from).filter(|_| given) else { return };
        liable.insert(to, (Some(taker), billed, positions.union(&self.positions).copied().collect()));
    }
}
