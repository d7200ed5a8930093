//! What customers ask for.

use ofrecord_core::command::partner_of_record::SetDpor;
use ofrecord_core::command::relationship::{AcceptResellerRelationship, DapChoice, GrantDap, RemoveDap};
use ofrecord_core::vocabulary::Services;
use ofrecord_core::{Actor, Command, CustomerId, Request};

use super::Moment;
use crate::{actor, name, product};

/// A customer at an instant.
#[derive(Debug, Clone)]
pub struct CustomerVoice<'a> {
    moment: Moment<'a>,
    customer: CustomerId,
    actor: Actor,
}

impl<'a> CustomerVoice<'a> {
    pub(super) fn new(moment: Moment<'a>, customer: CustomerId) -> Self {
        Self { moment, customer, actor: actor::global_admin(customer) }
    }

    /// The same customer by another actor.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    pub(super) fn asks(self, command: Command) -> Request {
        self.moment.request(self.actor, Some(self.customer), command)
    }

    /// Accepts a partner's link without DAP.
    #[must_use]
    pub fn accepts(self, partner: &str) -> Request {
        let command = AcceptResellerRelationship { partner: name::partner(partner), dap: DapChoice::Without };
        self.asks(Command::AcceptResellerRelationship(command))
    }

    /// Accepts a partner's link with DAP.
    #[must_use]
    pub fn accepts_with_dap(self, partner: &str, services: Services) -> Request {
        let command = AcceptResellerRelationship { partner: name::partner(partner), dap: DapChoice::With(services) };
        self.asks(Command::AcceptResellerRelationship(command))
    }

    /// Grants DAP.
    #[must_use]
    pub fn grants_dap(self, partner: &str, services: Services) -> Request {
        self.asks(Command::GrantDap(GrantDap { partner: name::partner(partner), services }))
    }

    /// Removes DAP.
    #[must_use]
    pub fn removes_dap(self, partner: &str, services: Services) -> Request {
        self.asks(Command::RemoveDap(RemoveDap { partner: name::partner(partner), services }))
    }

    /// Sets the digital partner of record of a subscription.
    #[must_use]
    pub fn sets_dpor(self, subscription: &str, digits: Option<&str>) -> Request {
        let command =
            SetDpor { subscription: name::subscription(subscription), partner_id: digits.map(product::partner_id) };
        self.asks(Command::SetDpor(command))
    }
}
