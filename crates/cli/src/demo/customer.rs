//! One customer's years: who is met, what is bought, what is refused, what is learned late.

use ofrecord_core::Timestamp;

use super::chance::Chance;
use super::offers::OFFERS;
use super::partners::Cast;
use ofrecord_core::vocabulary::PartnerType;

/// Something that happens to a customer. Numbers are indexes: of a partner in the cast, of a subscription
/// in the customer's own order, of an offer in the list.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// Who works with whom.
    Meeting(Meeting),
    /// Who may administer.
    Access(Access),
    /// What is bought.
    Purchase(Purchase),
    /// What becomes of a subscription.
    Change(Change),
    /// Who is on record for a subscription.
    OfRecord(OfRecord),
    /// What is learned from elsewhere, late.
    Learned(Learned),
}

/// Who works with whom.
#[derive(Debug, Clone)]
pub(crate) enum Meeting {
    /// The customer becomes known.
    Register,
    /// The partner creates the customer's tenant.
    Create { partner: u32 },
    /// The customer accepts the partner's link, with DAP for one offer's service or without.
    Accept { partner: u32, dap_offer: Option<u8> },
    /// The agreement is confirmed, by the partner's attestation or directly.
    Agree { attested_by: Option<u32> },
    /// The partner removes the relationship.
    RemoveRelationship { partner: u32 },
}

/// Who may administer.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    /// The customer grants DAP for an offer's service.
    GrantDap { partner: u32, offer: u8 },
    /// The customer removes all DAP of the partner.
    RemoveDap { partner: u32 },
    /// The operator of the cloud ends DAP for inactivity.
    EndDap { partner: u32 },
    /// An Azure role of the partner is seen.
    AzureRole { partner: u32 },
}

/// What is bought.
#[derive(Debug, Clone)]
pub(crate) enum Purchase {
    /// The partner places an order.
    Order { partner: u32, subscription: u32, offer: u8, quantity: u64, sold_by_reseller: bool },
    /// The partner orders a trial.
    Trial { partner: u32, subscription: u32 },
    /// The trial becomes paid.
    ConvertTrial { partner: u32, subscription: u32, quantity: u64 },
}

/// What becomes of a subscription.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// The partner adds seats.
    AddSeats { partner: u32, subscription: u32, seats: u64 },
    /// The partner takes seats away.
    RemoveSeats { partner: u32, subscription: u32, seats: u64 },
    /// The partner suspends.
    Suspend { partner: u32, subscription: u32, unpaid: bool },
    /// The partner reactivates.
    Reactivate { partner: u32, subscription: u32 },
    /// The partner cancels.
    Cancel { partner: u32, subscription: u32 },
    /// The term is renewed.
    Renew { partner: u32, subscription: u32 },
    /// The partner upgrades to the offer that follows.
    Upgrade { partner: u32, subscription: u32, offer: u8 },
    /// Automatic renewal goes off.
    StopRenewal { partner: u32, subscription: u32 },
}

/// Who is on record for a subscription.
#[derive(Debug, Clone)]
pub(crate) enum OfRecord {
    /// The customer sets the digital partner of record.
    Dpor { partner: u32, subscription: u32 },
    /// The provider changes the reseller of record.
    ChangeReseller { provider: u32, subscription: u32, any: u64 },
    /// The partner becomes the support contact.
    SupportContact { owner: u32, partner: u32, subscription: u32 },
}

/// What is learned from elsewhere, late.
#[derive(Debug, Clone)]
pub(crate) enum Learned {
    /// An audit record of an acceptance is imported: the same fact from a second source.
    AuditOfAcceptance { partner: u32 },
    /// An observation of a subscription is imported late.
    ObserveLate { partner: u32, subscription: u32, quantity: u64 },
}

macro_rules! actions {
    ($($family:ident),+) => {
        $(impl From<$family> for Action {
            fn from(action: $family) -> Self {
                Self::$family(action)
            }
        })+
    };
}

actions!(Meeting, Access, Purchase, Change, OfRecord, Learned);

/// An action with its instants.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) recorded_at: Timestamp,
    pub(crate) effective_at: Timestamp,
    pub(crate) action: Action,
}

/// A story being told: the instant it has reached, and what it has come to.
struct Plot<'a> {
    chance: &'a mut Chance,
    cast: &'a Cast,
    at: Timestamp,
    subscriptions: u32,
    /// Whether the agreement rests on a partner's word alone.
    attested: bool,
    planned: Vec<Planned>,
}

/// The years of one customer, in order.
pub(crate) fn life(chance: &mut Chance, cast: &Cast) -> Vec<Planned> {
    let start = Timestamp::from_date(2018, 1, 1).unwrap_or(Timestamp::MIN);
    let at = start.plus_seconds(i64::try_from(chance.below(5 * 365 * 86_400)).unwrap_or(0));
    let mut plot = Plot { chance, cast, at, subscriptions: 0, attested: false, planned: Vec::new() };
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
    // A history must not reach beyond the present of whoever looks at it.
    let end = Timestamp::from_date(2026, 1, 1).unwrap_or(Timestamp::MAX);
    plot.planned.retain(|planned| planned.recorded_at < end);
    plot.planned
}

impl Plot<'_> {
    /// Something happens after some days, and is recorded minutes later.
    fn then(&mut self, days_min: u64, days_more: u64, action: impl Into<Action>) {
        self.wait(days_min, days_more);
        self.now(action);
    }

    fn wait(&mut self, days_min: u64, days_more: u64) {
        let seconds = days_min * 86_400 + self.chance.below(days_more * 86_400 + 1) + 60;
        self.at = self.at.plus_seconds(i64::try_from(seconds).unwrap_or(0));
    }

    /// Something happens at once.
    fn now(&mut self, action: impl Into<Action>) {
        self.at = self.at.plus_seconds(600);
        let lag = i64::try_from(self.chance.below(240)).unwrap_or(0);
        let recorded_at = self.at.plus_seconds(lag);
        self.planned.push(Planned { recorded_at, effective_at: self.at, action: action.into() });
    }

    fn seller(&mut self, but: Option<u32>) -> Option<u32> {
        let others: Vec<u32> = self.cast.sellers.iter().copied().filter(|seller| Some(*seller) != but).collect();
        self.chance.one_of(&others).copied()
    }

    fn offer(&mut self) -> u8 {
        u8::try_from(self.chance.below(u64::try_from(OFFERS.len()).unwrap_or(1))).unwrap_or(0)
    }

    fn is_provider(&self, partner: u32) -> bool {
        self.cast.member(partner).is_some_and(|member| member.kind == PartnerType::IndirectProvider)
    }

    fn begin(&mut self, partner: u32, offer: u8) {
        if self.chance.happens(30) {
            self.now(Meeting::Create { partner });
            self.then(0, 3, Access::GrantDap { partner, offer });
        } else {
            self.now(Meeting::Register);
            let dap_offer = self.chance.happens(80).then_some(offer);
            self.then(0, 20, Meeting::Accept { partner, dap_offer });
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

    fn new_subscription(&mut self) -> u32 {
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
        if self.is_provider(partner) {
            let any = self.chance.next();
            self.then(2, 60, OfRecord::ChangeReseller { provider: partner, subscription, any });
        }
        self.years(partner, subscription, offer);
    }

    /// What happens to one subscription over its terms.
    fn years(&mut self, partner: u32, subscription: u32, offer: u8) {
        if self.chance.happens(8) {
            self.then(1, 4, Change::Cancel { partner, subscription });
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
            }
        }
        if self.chance.happens(70) {
            self.then(366, 0, Change::Renew { partner, subscription });
        } else {
            self.then(1, 20, Change::StopRenewal { partner, subscription });
        }
        if self.chance.happens(20) {
            self.then(1, 30, OfRecord::Dpor { partner, subscription });
        }
    }

    fn second_partner(&mut self, first: u32, second: u32, first_offer: u8) {
        let offer = self.offer();
        self.then(10, 200, Meeting::Accept { partner: second, dap_offer: None });
        let same_service = OFFERS.get(usize::from(offer)).map(|offer| offer.service)
            == OFFERS.get(usize::from(first_offer)).map(|offer| offer.service);
        self.then(0, 5, Access::GrantDap { partner: second, offer });
        if same_service {
            // Refused while the first partner holds it; granted once the customer has taken it back.
            self.then(1, 5, Access::RemoveDap { partner: first });
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
