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

/// The splits of one subscription under all of its ids, in the order of the world.
pub(super) struct Chain(Vec<Split>);

/// The splits that the facts tell of, by subscription.
pub(super) fn chains(facts: &[Fact]) -> Vec<Chain> {
    let completions = facts.iter().filter_map(|fact| {
        if let Event::SubscriptionTransferCompleted(event) = &*fact.event { Some((fact, event)) } else { None }
    });
    let mut chains: Vec<Chain> = Vec::new();
    for split in completions.flat_map(|(fact, event)| event.items.iter().map(move |item| Split::of(fact, event, item)))
    {
        let (of_it, others) = chains.into_iter().partition(|chain: &Chain| chain.holds(&split));
        chains = others;
        let earlier: Vec<Chain> = of_it;
        chains.push(Chain(earlier.into_iter().flat_map(|chain| chain.0).chain([split]).collect()));
    }
    chains
}

impl Chain {
    fn holds(&self, split: &Split) -> bool {
        self.0.iter().any(|known| known.ids().any(|id| split.ids().any(|other| other == id)))
    }

    /// The first days that may differ from the one before them.
    pub(super) fn turns(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.0.iter().flat_map(|split| [next_midnight(split.last_day), split.shown_from])
    }

    /// Gives a day to the side whose it is, where the record at its first instant shows another one.
    ///
    /// From the first split on that the record is ahead of or behind, what it shows is taken back, the newest
    /// first, and each split whose source has had its last day is done again: a transfer hands on what its source
    /// had on that day, and nothing else.
    pub(super) fn settle(&self, liable: &mut BTreeMap<SubscriptionId, Liability>, day: Timestamp) {
        // A target's id comes into being on the day of the completion, which is that of a source who is not done yet.
        let done = self.0.iter().take_while(|split| split.is_over(day)).count();
        let unseen = self.0.iter().skip(done).filter(|split| !split.is_shown(day));
        unseen.filter_map(|split| split.new).for_each(|new| drop(liable.remove(&new)));
        let at_odds = self.0.iter().position(|split| split.is_shown(day) != split.is_over(day));
        let Some(open) = at_odds.and_then(|first| self.0.get(first..)) else { return };
        let mut due = BTreeSet::new();
        for (number, split) in open.iter().enumerate().rev() {
            if !split.is_shown(day) || split.take_back(liable) {
                due.insert(number);
            }
        }
        let over = open.iter().enumerate().filter(|(number, split)| due.contains(number) && split.is_over(day));
        over.for_each(|(_, split)| split.hand_on(liable));
    }
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

    fn ids(&self) -> impl Iterator<Item = SubscriptionId> + use<> {
        [Some(self.old), self.new].into_iter().flatten()
    }

    /// Whether the record shows the target in the first instant of a day.
    fn is_shown(&self, day: Timestamp) -> bool {
        self.shown_from <= day
    }

    /// Whether the source has had its last day.
    fn is_over(&self, day: Timestamp) -> bool {
        self.last_day < day
    }

    fn take_back(&self, liable: &mut BTreeMap<SubscriptionId, Liability>) -> bool {
        self.hand(liable, (self.new.unwrap_or(self.old), self.target), (self.old, self.source))
    }

    fn hand_on(&self, liable: &mut BTreeMap<SubscriptionId, Liability>) {
        self.hand(liable, (self.old, self.source), (self.new.unwrap_or(self.old), self.target));
    }

    /// Says whether there was anything of the giver to hand.
    fn hand(
        &self,
        liable: &mut BTreeMap<SubscriptionId, Liability>,
        (from, giver): (SubscriptionId, PartnerTenantId),
        (to, taker): (SubscriptionId, PartnerTenantId),
    ) -> bool {
        let given = liable.get(&from).is_some_and(|(partner, _, _)| partner.is_none_or(|partner| partner == giver));
        let Some((_, billed, positions)) = given.then(|| liable.remove(&from)).flatten() else { return false };
        liable.insert(to, (Some(taker), billed, positions.union(&self.positions).copied().collect()));
        true
    }
}
