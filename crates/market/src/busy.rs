//! One customer with as many entries as asked: a subscription to which a seat is added every few minutes.

use ofrecord_core::{CustomerId, Request, Timestamp};

use super::action::{Action, Change, Meeting, Purchase};
use super::customer::day;
use super::{History, Step, Whose, customer_id, requests};

/// From one change to the next: the changes of 50,000 entries fit into one term.
const MINUTES: u32 = 10;
/// What comes before the changes.
const BEGINNING: u32 = 4;
/// The partner who sells.
const PARTNER: u32 = 0;
/// The offer, of which any number of seats can be sold.
const OFFER: u8 = 2;
const SUBSCRIPTION: u32 = 0;

impl History {
    /// The same with one customer more, whose stream has so many entries, at least four.
    ///
    /// The changes begin in June 2021, one every ten minutes.
    #[must_use]
    pub fn with_busy_customer(mut self, entries: u32) -> Self {
        let beginning = [
            Meeting::Register.into(),
            Meeting::Accept { partner: PARTNER, dap_offer: None }.into(),
            Meeting::Agree { attested_by: None }.into(),
            Action::Purchase(Purchase::Order {
                partner: PARTNER,
                subscription: SUBSCRIPTION,
                offer: OFFER,
                quantity: 1,
                sold_by_reseller: false,
            }),
        ];
        let changes = std::iter::repeat_with(seat_added).take(index(entries.saturating_sub(BEGINNING)));
        let actions = beginning.into_iter().chain(changes);
        let steps: Vec<Step> =
            (0..).zip(actions).map(|(number, action)| self.busy_step(number, instant(number), action)).collect();
        self.steps.extend(steps);
        self.steps.sort_by_key(|step| (step.recorded_at, step.whose, step.number));
        self
    }

    /// One more change of that customer, true with the entry of that place. Each number is another command, and those
    /// below the number of entries are there already.
    #[must_use]
    pub fn seat_added(&self, number: u32, place: u32) -> Request {
        requests::build(self.seed, &self.cast, &self.busy_step(number, instant(place), seat_added()))
    }

    fn busy_step(&self, number: u32, at: Timestamp, action: Action) -> Step {
        Step {
            recorded_at: at.plus_seconds(1),
            effective_at: at,
            whose: Whose::Customer(self.customers),
            number,
            action,
        }
    }
}

/// The customer that [`History::with_busy_customer`] adds to so many others.
#[must_use]
pub fn busy_customer(seed: u64, customers: u32) -> CustomerId {
    customer_id(seed, customers)
}

fn seat_added() -> Action {
    Action::Change(Change::AddSeats { partner: PARTNER, subscription: SUBSCRIPTION, seats: 1 })
}

fn instant(number: u32) -> Timestamp {
    day(2021, 6, 1).plus_seconds(i64::from(number) * i64::from(MINUTES) * 60)
}

fn index(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
