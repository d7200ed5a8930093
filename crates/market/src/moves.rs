//! How a subscription comes to another owner, and how a provider is brought along.

use super::action::{Change, Move};
use super::customer::{Plot, day};
use super::offers::OFFERS;

impl Plot<'_> {
    /// Some customers' first subscription goes to the second partner, some partners bring their provider.
    pub(super) fn moves(&mut self) {
        let Some((subscription, offer)) = self.main else { return };
        let Some(first) = self.met.first().map(|met| met.partner) else { return };
        if let Some(provider) = self.cast.provider_beside(first)
            && self.chance.happens(30)
        {
            self.extension(first, provider, subscription, offer);
        } else if let Some(second) = self.met.get(1).map(|met| met.partner)
            && self.chance.happens(25)
        {
            self.transfer(first, second, subscription, offer);
        }
    }

    /// The partner that has become an indirect reseller extends its relationship to its provider, and the
    /// subscription follows (rule R-17).
    fn extension(&mut self, partner: u32, provider: u32, subscription: u32, offer: u8) {
        let at = self.at.max(day(2021, 6, 1));
        self.aside(at, |plot| {
            plot.then(5, 200, Move::Extend { partner, provider });
            plot.transfer(partner, provider, subscription, offer);
        });
    }

    fn transfer(&mut self, from: u32, to: u32, subscription: u32, offer: u8) {
        let new_commerce = OFFERS.get(usize::from(offer)).is_some_and(super::offers::Offer::is_new_commerce);
        // New-commerce licences move between partners from June 2024 on.
        let at = if new_commerce { self.at.max(day(2024, 6, 1)) } else { self.at };
        self.aside(at, |plot| {
            plot.then(1, 250, Move::Ask { from, to, subscription, new_commerce });
            match plot.chance.below(20) {
                // Nobody answers: a new-commerce request expires (rule T-11), a legacy one stays.
                0..=2 => {}
                3 | 4 => plot.then(0, 9, Move::Decline { from, to, subscription, new_commerce }),
                answer => {
                    plot.then(0, 9, Move::Accept { from, to, subscription, new_commerce });
                    let moved = answer != 5;
                    let new = (moved && !new_commerce).then(|| plot.new_subscription());
                    plot.then(0, 2, Move::Complete { subscription, new, moved });
                    let seats = 1 + plot.chance.below(9);
                    let bought = new.unwrap_or(subscription);
                    plot.then(3, 40, Change::AddSeats { partner: to, subscription: bought, seats });
                    if plot.chance.happens(30) {
                        // No longer its subscription.
                        plot.then(0, 9, Change::AddSeats { partner: from, subscription, seats });
                    }
                }
            }
        });
    }
}
