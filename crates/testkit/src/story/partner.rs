//! What partners ask for.

use ofrecord_core::command::partner::{AcceptPartnership, InvitePartner, RemovePartnership};
use ofrecord_core::command::partner_of_record::ChangeResellerOfRecord;
use ofrecord_core::command::relationship::{
    DapChoice, RemoveDap, RemoveResellerRelationship, RequestResellerRelationship,
};
use ofrecord_core::command::subscription::{
    AddSeats, CancelSubscription, OrderLine, PlaceOrder, ReactivateSubscription, RemoveSeats, SetAutoRenew,
    SuspendSubscription,
};
use ofrecord_core::vocabulary::{AutoRenew, Services, SuspensionReason};
use ofrecord_core::{Actor, Command, PartnerTenantId, Request};

use super::Moment;
use crate::{actor, name, product};

/// A partner at an instant.
#[derive(Debug, Clone)]
pub struct PartnerVoice<'a> {
    moment: Moment<'a>,
    pub(super) partner: PartnerTenantId,
    actor: Actor,
}

impl<'a> PartnerVoice<'a> {
    pub(super) fn new(moment: Moment<'a>, partner: PartnerTenantId) -> Self {
        Self { moment, partner, actor: actor::admin_agent(partner) }
    }

    /// The same partner by another actor.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    pub(super) fn about_account(self, command: Command) -> Request {
        self.moment.request(self.actor, None, command)
    }

    pub(super) fn about(self, customer: &str, command: Command) -> Request {
        self.moment.request(self.actor, Some(name::customer(customer)), command)
    }

    /// Makes a link without DAP.
    #[must_use]
    pub fn requests_relationship(self) -> Request {
        self.requests(DapChoice::Without)
    }

    /// Makes a link that asks for DAP.
    #[must_use]
    pub fn requests_relationship_with_dap(self, services: Services) -> Request {
        self.requests(DapChoice::With(services))
    }

    fn requests(self, dap: DapChoice) -> Request {
        let command = RequestResellerRelationship { partner: self.partner, dap, via_provider: None, expires_at: None };
        self.about_account(Command::RequestResellerRelationship(command))
    }

    /// Removes the relationship with a customer.
    #[must_use]
    pub fn removes_relationship(self, customer: &str) -> Request {
        let command = RemoveResellerRelationship { partner: self.partner };
        self.about(customer, Command::RemoveResellerRelationship(command))
    }

    /// Gives its DAP back.
    #[must_use]
    pub fn removes_dap(self, customer: &str, services: Services) -> Request {
        let command = RemoveDap { partner: self.partner, services };
        self.about(customer, Command::RemoveDap(command))
    }

    /// Invites an indirect reseller.
    #[must_use]
    pub fn invites(self, reseller: &str) -> Request {
        let command = InvitePartner { provider: self.partner, reseller: name::partner(reseller) };
        self.about_account(Command::InvitePartner(command))
    }

    /// Accepts the invitation of a provider.
    #[must_use]
    pub fn accepts_partnership(self, provider: &str) -> Request {
        let command = AcceptPartnership { provider: name::partner(provider), reseller: self.partner };
        self.about_account(Command::AcceptPartnership(command))
    }

    /// Ends the partnership with an indirect reseller.
    #[must_use]
    pub fn ends_partnership(self, reseller: &str) -> Request {
        let command = RemovePartnership { provider: self.partner, reseller: name::partner(reseller) };
        self.about_account(Command::RemovePartnership(command))
    }

    /// Orders lines for a customer.
    #[must_use]
    pub fn orders(self, customer: &str, order: &str, lines: Vec<OrderLine>) -> Request {
        let command = PlaceOrder { order: product::order_id(order), lines };
        self.about(customer, Command::PlaceOrder(command))
    }

    /// Adds seats.
    #[must_use]
    pub fn adds_seats(self, customer: &str, subscription: &str, seats: u64) -> Request {
        let command = AddSeats { subscription: name::subscription(subscription), seats };
        self.about(customer, Command::AddSeats(command))
    }

    /// Takes seats away.
    #[must_use]
    pub fn removes_seats(self, customer: &str, subscription: &str, seats: u64) -> Request {
        let command = RemoveSeats { subscription: name::subscription(subscription), seats };
        self.about(customer, Command::RemoveSeats(command))
    }

    /// Suspends a subscription because the customer asked.
    #[must_use]
    pub fn suspends(self, customer: &str, subscription: &str) -> Request {
        let command = SuspendSubscription {
            subscription: name::subscription(subscription),
            reason: SuspensionReason::CustomerRequest,
        };
        self.about(customer, Command::SuspendSubscription(command))
    }

    /// Reactivates a subscription.
    #[must_use]
    pub fn reactivates(self, customer: &str, subscription: &str) -> Request {
        let command = ReactivateSubscription { subscription: name::subscription(subscription) };
        self.about(customer, Command::ReactivateSubscription(command))
    }

    /// Cancels a subscription.
    #[must_use]
    pub fn cancels(self, customer: &str, subscription: &str) -> Request {
        let command = CancelSubscription { subscription: name::subscription(subscription) };
        self.about(customer, Command::CancelSubscription(command))
    }

    /// Switches automatic renewal.
    #[must_use]
    pub fn sets_auto_renew(self, customer: &str, subscription: &str, auto_renew: AutoRenew) -> Request {
        let command = SetAutoRenew { subscription: name::subscription(subscription), auto_renew };
        self.about(customer, Command::SetAutoRenew(command))
    }

    /// Names another reseller of record.
    #[must_use]
    pub fn changes_reseller_of_record(self, customer: &str, subscription: &str, digits: Option<&str>) -> Request {
        let command = ChangeResellerOfRecord {
            subscription: name::subscription(subscription),
            partner_id: digits.map(product::partner_id),
        };
        self.about(customer, Command::ChangeResellerOfRecord(command))
    }
}
