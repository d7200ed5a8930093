//! One customer's years: who is met, what is bought, what is refused, what is learned late.

use ofrecord_core::{Cloud, Timestamp};

use super::action::{Access, Action, Change, Learned, Meeting, OfRecord, Purchase};
use super::chance::Chance;
use super::offers::OFFERS;
use super::partners::Cast;
use ofrecord_core::vocabulary::PartnerType;

/// An action with its instants.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) recorded_at: Timestamp,
    pub(crate) effective_at: Timestamp,
    pub(crate) action: Action,
}

/// A story being told: the instant it has reached, and what it has come to.
pub(super) struct Plot<'a> {
    pub(super) chance: &'a mut Chance,
    pub(super) cast: &'a Cast,
    pub(super) at: Timestamp,
    pub(super) subscriptions: u32,
    /// Whether the agreement rests on a partner's word alone.
    attested: bool,
    /// Who has been met, since when, and whether DAP came with it.
    pub(super) met: Vec<Met>,
    /// The first subscription that was ordered to stay, and its offer; none when it ends on the way.
    pub(super) main: Option<(u32, u8)>,
    pub(super) relationships: u8,
    planned: Vec<Planned>,
}

/// A partner that the customer works with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    pub(super) partner: u32,
    pub(super) since: Timestamp,
    pub(super) with_dap: bool,
}

/// The first instant of a day.
pub(super) fn day(year: i32, month: u32, day: u32) -> Timestamp {
    Timestamp::from_date(year, month, day).unwrap_or(Timestamp::MIN)
}

/// The years of one customer, in order.
pub(crate) fn life(chance: &mut Chance, cast: &Cast) -> Vec<Planned> {
    let at = day(2018, 1, 1).plus_seconds(i64::try_from(chance.below(5 * 365 * 86_400)).unwrap_or(0));
    let (met, planned) = (Vec::new(), Vec::new());
    let mut plot =
        Plot { chance, cast, at, subscriptions: 0, attested: false, met, main: None, relationships: 0, planned };
    let Some(first) = plot.seller(None) else { return Vec::new() };
    let offer = plot.offer();
    plot.begin(first, offer);
    plot.first_purchase(first, offer);
    if plot.chance.happens(60)
        && let Some(second) = plot.seller(Some(first))
    {
        plot.second_partner(first, second, offer);
    }
    plot.late_knowledge(first);
    match cast.cloud {
        Cloud::China21Vianet => {}
        Cloud::Worldwide | Cloud::UsGov => {
            plot.moves();
            plot.granular_administration();
        }
    }
    // A history must not reach beyond the present of whoever looks at it.
    let end = day(2026, 1, 1);
    plot.planned.retain(|planned| planned.recorded_at < end);
    plot.planned
}

impl Plot<'_> {
    /// Something happens after some days, and is recorded minutes later.
    pub(super) fn then(&mut self, days_min: u64, days_more: u64, action: impl Into<Action>) {
        self.wait(days_min, days_more);
        self.now(action);
    }

    pub(super) fn wait(&mut self, days_min: u64, days_more: u64) {
        let seconds = days_min * 86_400 + self.chance.below(days_more * 86_400 + 1) + 60;
        self.at = self.at.plus_seconds(i64::try_from(seconds).unwrap_or(0));
    }

    /// Something happens at once.
    pub(super) fn now(&mut self, action: impl Into<Action>) {
        self.at = self.at.plus_seconds(600);
        let lag = i64::try_from(self.chance.below(240)).unwrap_or(0);
        let recorded_at = self.at.plus_seconds(lag);
        self.planned.push(Planned { recorded_at, effective_at: self.at, action: action.into() });
    }

    /// What happens from another instant on, beside the rest.
    pub(super) fn aside(&mut self, at: Timestamp, tell: impl FnOnce(&mut Self)) {
        let here = std::mem::replace(&mut self.at, at);
        tell(self);
        self.at = here;
    }

    /// Whether delegated administration is still offered at the instant reached (rule R-13).
    fn dap_is_offered(&self) -> bool {
        match self.cast.cloud {
            Cloud::China21Vianet | Cloud::UsGov => true,
            Cloud::Worldwide => self.at < day(2023, 10, 9),
        }
    }

    fn seller(&mut self, but: Option<u32>) -> Option<u32> {
        let others: Vec<u32> = self.cast.sellers.iter().copied().filter(|seller| Some(*seller) != but).collect();
        self.chance.one_of(&others).copied()
    }

    fn offer(&mut self) -> u8 {
        u8::try_from(self.chance.below(u64::try_from(OFFERS.len()).unwrap_or(1))).unwrap_or(0)
    }

    pub(super) fn is_provider(&self, partner: u32) -> bool {
        self.cast.member(partner).is_some_and(|member| member.kind == PartnerType::IndirectProvider)
    }

    fn begin(&mut self, partner: u32, offer: u8) {
        if self.chance.happens(30) {
            self.now(Meeting::Create { partner });
            self.met.push(Met { partner, since: self.at, with_dap: self.dap_is_offered() });
            self.then(0, 3, Access::GrantDap { partner, offer });
        } else {
            self.now(Meeting::Register);
            let wanted = self.chance.happens(80);
            self.wait(0, 20);
            let dap_offer = Some(offer).filter(|_| wanted && self.dap_is_offered());
            self.met.push(Met { partner, since: self.at, with_dap: dap_offer.is_some() });
            self.now(Meeting::Accept { partner, dap_offer });
        }
        if self.chance.happens(5) {
            // Too early: there is no agreement yet.
            let subscription = self.new_subscription();
            self.now(Purchase::Order { partner, subscription, offer, quantity: 5, sold_by_reseller: false });
        }
        let attested_by = self.chance.happens(70).then_some(partner);
        self.attested = attested_by.is_some();
        self.then(0, 5, Meeting::Agree { attested_by });
    }

    pub(super) fn new_subscription(&mut self) -> u32 {
        self.subscriptions += 1;
        self.subscriptions
    }

    fn first_purchase(&mut self, partner: u32, offer: u8) {
        if self.chance.happens(15) {
            let subscription = self.new_subscription();
            self.then(0, 3, Purchase::Trial { partner, subscription });
            let quantity = 5 + self.chance.below(40);
            self.then(10, 15, Purchase::ConvertTrial { partner, subscription, quantity });
        }
        let subscription = self.new_subscription();
        let quantity = 1 + self.chance.below(120);
        let sold_by_reseller = self.is_provider(partner) && self.chance.happens(85);
        self.then(0, 10, Purchase::Order { partner, subscription, offer, quantity, sold_by_reseller });
        self.main = Some((subscription, offer));
        if self.is_provider(partner) {
            let any = self.chance.next();
            self.then(2, 60, OfRecord::ChangeReseller { provider: partner, subscription, any });
        }
        self.years(partner, subscription, offer);
    }

    /// A subscription that ends goes to nobody else.
    fn ends(&mut self, subscription: u32) {
        self.main = self.main.filter(|(main, _)| *main != subscription);
    }

    /// A partner is taken to have no DAP any more.
    fn loses_dap(&mut self, partner: u32) {
        self.met.iter_mut().filter(|met| met.partner == partner).for_each(|met| met.with_dap = false);
    }

    /// What happens to one subscription over its terms.
    fn years(&mut self, partner: u32, subscription: u32, offer: u8) {
        if self.chance.happens(8) {
            self.then(1, 4, Change::Cancel { partner, subscription });
            self.ends(subscription);
            return;
        }
        for _ in 0..1 + self.chance.below(3) {
            let seats = 1 + self.chance.below(15);
            self.then(10, 60, Change::AddSeats { partner, subscription, seats });
            if self.chance.happens(40) {
                self.then(1, 12, Change::RemoveSeats { partner, subscription, seats });
            }
        }
        let upgrade = OFFERS.get(usize::from(offer)).and_then(|offer| offer.upgrade);
        if let Some(upgrade) = upgrade.filter(|_| self.chance.happens(30)) {
            self.then(5, 30, Change::Upgrade { partner, subscription, offer: upgrade });
        }
        if self.chance.happens(25) {
            let unpaid = self.chance.happens(50);
            self.then(5, 40, Change::Suspend { partner, subscription, unpaid });
            if self.chance.happens(75) {
                self.then(3, 40, Change::Reactivate { partner, subscription });
            } else {
                self.ends(subscription);
            }
        }
        if self.chance.happens(70) {
            self.then(366, 0, Change::Renew { partner, subscription });
        } else {
            self.then(1, 20, Change::StopRenewal { partner, subscription });
            self.ends(subscription);
        }
        if self.chance.happens(20) {
            self.then(1, 30, OfRecord::Dpor { partner, subscription });
        }
    }

    fn second_partner(&mut self, first: u32, second: u32, first_offer: u8) {
        let offer = self.offer();
        self.then(10, 200, Meeting::Accept { partner: second, dap_offer: None });
        self.met.push(Met { partner: second, since: self.at, with_dap: false });
        let same_service = OFFERS.get(usize::from(offer)).map(|offer| offer.service)
            == OFFERS.get(usize::from(first_offer)).map(|offer| offer.service);
        self.then(0, 5, Access::GrantDap { partner: second, offer });
        if same_service {
            // Refused while the first partner holds it; granted once the customer has taken it back.
            self.then(1, 5, Access::RemoveDap { partner: first });
            self.loses_dap(first);
            self.then(0, 2, Access::GrantDap { partner: second, offer });
        }
        if self.chance.happens(25) {
            // Not its subscription.
            self.then(0, 10, Change::AddSeats { partner: second, subscription: 1, seats: 5 });
        }
        if self.attested {
            // What the first partner attested does not count for the second (rule B-11).
            self.then(0, 3, Meeting::Agree { attested_by: Some(second) });
        }
        let subscription = self.new_subscription();
        let quantity = 1 + self.chance.below(80);
        let sold_by_reseller = self.is_provider(second);
        self.then(0, 10, Purchase::Order { partner: second, subscription, offer, quantity, sold_by_reseller });
        if self.chance.happens(30) {
            self.then(1, 20, OfRecord::SupportContact { owner: second, partner: second, subscription });
        }
        if self.chance.happens(20) {
            self.then(1, 30, Access::AzureRole { partner: second });
        }
        if self.chance.happens(40) {
            self.years(second, subscription, offer);
        }
        if self.chance.happens(35) {
            self.part_ways(second, subscription);
        }
    }

    fn part_ways(&mut self, partner: u32, subscription: u32) {
        self.then(20, 200, Meeting::RemoveRelationship { partner });
        self.then(0, 3, Change::Suspend { partner, subscription, unpaid: false });
        self.then(0, 3, Meeting::RemoveRelationship { partner });
        if self.chance.happens(20) {
            self.then(30, 200, Meeting::Accept { partner, dap_offer: None });
        }
    }

    fn late_knowledge(&mut self, partner: u32) {
        if self.chance.happens(10) {
            self.then(91, 60, Access::EndDap { partner });
            self.loses_dap(partner);
        }
        if self.chance.happens(20)
            && let Some(accepted_at) = self.accepted_at(partner)
        {
            // The audit record tells of the acceptance at its own instant.
            self.late(accepted_at, Learned::AuditOfAcceptance { partner });
        }
        if self.chance.happens(15) {
            let quantity = 1 + self.chance.below(90);
            self.late(self.at.plus_days(-45), Learned::ObserveLate { partner, subscription: 1, quantity });
        }
    }

    /// Learned some days after it was true.
    fn late(&mut self, effective_at: Timestamp, action: Learned) {
        self.wait(1, 10);
        self.planned.push(Planned { recorded_at: self.at, effective_at, action: action.into() });
    }

    fn accepted_at(&self, partner: u32) -> Option<Timestamp> {
        self.planned
            .iter()
            .find(|planned| matches!(planned.action, Action::Meeting(Meeting::Accept { partner: accepted, .. }) if accepted == partner))
            .map(|planned| planned.effective_at)
    }
}
