//! Drawing orders and commands on subscriptions, on those ordered before and on some that never were.

use ofrecord_core::command::partner_of_record::{ChangeResellerOfRecord, SetDpor, SetPal, SetSupportContact};
use ofrecord_core::command::subscription::{
    AddSeats, CancelSubscription, ChangeBillingCycle, ChangeTerm, ConvertSubscription, ConvertTrial, NextTerm,
    OrderLine, PlaceOrder, ReactivateSubscription, RecordPendingOperation, RemoveSeats, RenewSubscription,
    ReplaceSubscription, ScheduleNextTerm, SetAutoRenew, SuspendSubscription, UpdatePath,
};
use ofrecord_core::vocabulary::{
    AutoRenew, BillingCycle, PartnerType, SuspensionReason, TermDuration, TransitionType, Trial,
};
use ofrecord_core::{Actor, Command, CustomerId, SubscriptionId};

use super::{Generator, Ordered, Range};
use crate::{actor, name, product};

type Drawn = (Actor, Option<CustomerId>, Command);

impl Generator {
    pub(super) fn subscription_command(&mut self) -> Drawn {
        if self.ordered.is_empty() || self.random.percent(25) {
            return self.order();
        }
        let target = self.target();
        let subscription = target.subscription;
        let command = match self.random.below(38) {
            0..=5 => Command::AddSeats(AddSeats { subscription, seats: self.random.below(12) }),
            6..=11 => Command::RemoveSeats(RemoveSeats { subscription, seats: self.random.below(8) }),
            12..=16 => Command::SuspendSubscription(SuspendSubscription {
                subscription,
                reason: SuspensionReason::CustomerRequest,
            }),
            17..=20 => Command::ReactivateSubscription(ReactivateSubscription { subscription }),
            21..=23 => Command::CancelSubscription(CancelSubscription { subscription }),
            24 | 25 => Command::RenewSubscription(RenewSubscription { subscription }),
            26..=28 => {
                let auto_renew = if self.random.percent(60) { AutoRenew::Off } else { AutoRenew::On };
                Command::SetAutoRenew(SetAutoRenew { subscription, auto_renew })
            }
            29..=31 => return self.partner_of_record(&target),
            _ if self.random.percent(45) => return self.transfer_command(&target),
            _ => match self.range {
                Range::Modelled if self.random.percent(30) => {
                    Command::AddSeats(AddSeats { subscription, seats: 1 + self.random.below(5) })
                }
                Range::Modelled => self.modelled(&target),
                Range::Everything if self.random.percent(50) => self.modelled(&target),
                Range::Everything => self.beside(&target),
            },
        };
        (actor::admin_agent(target.partner), Some(target.customer), command)
    }

    /// Mostly something ordered before, by its owner; sometimes by another partner or for another customer.
    fn target(&mut self) -> Ordered {
        let mut target = self.random.one_of(&self.ordered).clone();
        if self.random.percent(8) {
            target.partner = self.any_partner();
        }
        if self.random.percent(3) {
            target.customer = self.any_customer();
        }
        if self.random.percent(2) {
            target.subscription = name::subscription("never ordered");
        }
        target
    }

    fn order(&mut self) -> Drawn {
        let (customer, partner) = if self.random.percent(75) && !self.related.is_empty() {
            *self.random.one_of(&self.related)
        } else if self.random.percent(60) {
            (self.any_customer(), self.partner_of(&[PartnerType::DirectBill, PartnerType::IndirectProvider]))
        } else {
            (self.any_customer(), self.any_partner())
        };
        let known = self.ordered.len();
        let lines: Vec<OrderLine> = (0..=self.random.below(2)).map(|_| self.order_line(customer, partner)).collect();
        let often = match self.range {
            Range::Everything => 75,
            Range::Modelled => 35,
        };
        if self.random.percent(often)
            && let Some(what) = self.ordered.last().cloned()
        {
            self.whole_transfer(&what);
        }
        // Of what nobody may have sold, little is spoken of later.
        if !self.related.contains(&(customer, partner)) && self.random.percent(85) {
            self.ordered.truncate(known);
        }
        let order = product::order_id(&format!("order-{}-{}", self.seed, self.drawn));
        (actor::admin_agent(partner), Some(customer), Command::PlaceOrder(PlaceOrder { order, lines }))
    }

    fn order_line(&mut self, customer: CustomerId, partner: ofrecord_core::PartnerTenantId) -> OrderLine {
        let again = self.random.percent(3) && !self.ordered.is_empty();
        let subscription =
            if again { self.random.one_of(&self.ordered).subscription } else { self.next_subscription() };
        let (product, term, billing_cycle) = self.random.one_of(&product::every_family()).clone();
        let quantity = if self.random.percent(3) { 20_000 } else { 1 + self.random.below(40) };
        let mut line = product::line(subscription, product, quantity, term, billing_cycle);
        line.auto_renew = if self.random.percent(70) { AutoRenew::On } else { AutoRenew::Off };
        let digits = *self.random.one_of(&["4000003", "4000003", "4000003", "4000002", "4000000", "999"]);
        line.partner_id_on_record = self.random.percent(25).then(|| product::partner_id(digits));
        if self.range == Range::Everything && self.random.percent(6) {
            line.trial = Trial::Trial;
            line.quantity = 25;
        }
        self.ordered.push(Ordered { subscription, customer, partner, product: line.product.clone() });
        line
    }

    fn next_subscription(&mut self) -> SubscriptionId {
        name::subscription(&format!("S{}-{}-{}", self.seed, self.drawn, self.ordered.len()))
    }

    fn partner_of_record(&mut self, target: &Ordered) -> Drawn {
        let subscription = target.subscription;
        let digits = *self.random.one_of(&["4000003", "4000003", "4000003", "4000002", "4000001", "777"]);
        let partner_id = self.random.percent(80).then(|| product::partner_id(digits));
        let (actor, command) = match self.random.below(3) {
            0 => (
                actor::admin_agent(target.partner),
                Command::ChangeResellerOfRecord(ChangeResellerOfRecord { subscription, partner_id }),
            ),
            1 => (actor::global_admin(target.customer), Command::SetDpor(SetDpor { subscription, partner_id })),
            _ => (actor::admin_agent(target.partner), Command::SetPal(SetPal { subscription, partner_id })),
        };
        (actor, Some(target.customer), command)
    }

    /// What the model knows beside the most common commands.
    fn modelled(&mut self, target: &Ordered) -> Command {
        let subscription = target.subscription;
        match self.random.below(8) {
            0 | 1 => {
                let cycles = [BillingCycle::Monthly, BillingCycle::Annual, BillingCycle::Triennial];
                let billing_cycle = self.random.one_of(&cycles).clone();
                let through =
                    if self.random.percent(80) { UpdatePath::OrderUpdate } else { UpdatePath::SubscriptionPatch };
                Command::ChangeBillingCycle(ChangeBillingCycle { subscription, billing_cycle, through })
            }
            2 => Command::RecordPendingOperation(RecordPendingOperation {
                subscription,
                operation: "conversion".to_owned(),
            }),
            3..=6 => self.conversion(subscription),
            _ => Command::SetSupportContact(SetSupportContact {
                subscription,
                partner: if self.random.percent(50) { target.partner } else { self.any_partner() },
                partner_id: self.random.percent(30).then(|| product::partner_id("4000003")),
                name: self.random.percent(30).then(|| "First line".to_owned()),
            }),
        }
    }

    fn conversion(&mut self, subscription: SubscriptionId) -> Command {
        let other = self.random.one_of(&self.ordered).subscription;
        let to_subscription = match self.random.below(10) {
            0..=4 => None,
            5..=7 => Some(name::subscription(&format!("converted {}", self.drawn))),
            8 => Some(other),
            _ => Some(subscription),
        };
        let types = [TransitionType::TransitionOnly, TransitionType::TransitionWithLicenseTransfer];
        let products = [product::office_new_commerce(), product::office_legacy()];
        Command::ConvertSubscription(ConvertSubscription {
            subscription,
            to_product: self.random.one_of(&products).clone(),
            to_subscription,
            transition_type: self.random.one_of(&types).clone(),
        })
    }

    /// What the model leaves to the rules.
    fn beside(&mut self, target: &Ordered) -> Command {
        let subscription = target.subscription;
        let terms = [TermDuration::P1M, TermDuration::P1Y, TermDuration::P3Y];
        let cycles = [BillingCycle::Monthly, BillingCycle::Annual, BillingCycle::Triennial];
        let term = self.random.one_of(&terms).clone();
        let billing_cycle = self.random.one_of(&cycles).clone();
        let next = NextTerm {
            product: target.product.id.clone(),
            quantity: 1 + self.random.below(9),
            term: Some(term.clone()),
            billing_cycle: billing_cycle.clone(),
        };
        match self.random.below(5) {
            0 => Command::ChangeTerm(ChangeTerm { subscription, term }),
            1 => Command::RenewSubscription(RenewSubscription { subscription }),
            2 => {
                let next_term = self.random.percent(70).then_some(next);
                Command::ScheduleNextTerm(ScheduleNextTerm { subscription, next_term })
            }
            3 => Command::ReplaceSubscription(ReplaceSubscription {
                subscription,
                friendly_name: self.random.percent(50).then(|| "Renamed".to_owned()),
                quantity: self.random.percent(50).then(|| 1 + self.random.below(30)),
                auto_renew: self.random.percent(50).then_some(AutoRenew::On),
                next_term: self.random.percent(30).then_some(next),
                version: self.random.percent(20).then(|| self.random.below(4)),
            }),
            _ => Command::ConvertTrial(ConvertTrial {
                subscription,
                to_product: product::office_new_commerce(),
                quantity: 25,
                term,
                billing_cycle,
            }),
        }
    }
}
