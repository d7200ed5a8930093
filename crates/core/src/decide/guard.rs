//! Guards that several rules share: who acts, for whom, in which role, and what must stand first.

use std::collections::BTreeSet;

use super::Case;
use crate::actor::{ActorKind, Role};
use crate::event::Event;
use crate::fold::events_that_hold;
use crate::ground;
use crate::id::{CustomerId, PartnerTenantId, SubscriptionId};
use crate::refusal::{Ground, Refusal};
use crate::state::{Partner, Relationship};
use crate::vocabulary::PartnerType;

impl<'a> Case<'a> {
    /// The customer concerned.
    pub(crate) fn customer_named(&self) -> Result<CustomerId, Refusal> {
        self.customer_id.ok_or_else(|| Refusal::because(&ground::relationship::SUBJECT_MISMATCH))
    }

    /// The partner for whom a person or an application acts; refused on `ground` for everybody else.
    pub(crate) fn acting_partner(&self, ground: &Ground) -> Result<PartnerTenantId, Refusal> {
        self.request
            .actor
            .partner()
            .ok_or_else(|| Refusal::because(ground).with("actor_kind", &self.request.actor.kind))
    }

    /// The actor must act for the partner named.
    pub(crate) fn require_party(&self, partner: PartnerTenantId, ground: &Ground) -> Result<(), Refusal> {
        let acting = self.acting_partner(ground).map_err(|refusal| refusal.with("partner", partner))?;
        if acting == partner {
            return Ok(());
        }
        Err(Refusal::because(ground).with("partner", partner).with("actor_partner", acting))
    }

    /// The actor must be of one of these kinds.
    pub(crate) fn require_actor_kind(&self, kinds: &[ActorKind], ground: &Ground) -> Result<(), Refusal> {
        if kinds.contains(&self.request.actor.kind) {
            return Ok(());
        }
        Err(Refusal::because(ground).with("actor_kind", &self.request.actor.kind).with_all("allowed_kinds", kinds))
    }

    /// A person acting for a partner must state one of these roles. An
    /// application has no role; where it may not act, another guard says so.
    pub(crate) fn require_partner_role(&self, roles: &[Role], ground: &Ground) -> Result<(), Refusal> {
        let actor = &self.request.actor;
        if actor.kind == ActorKind::PartnerApplication || actor.role.as_ref().is_some_and(|role| roles.contains(role)) {
            return Ok(());
        }
        let refusal = Refusal::because(ground).with_all("allowed_roles", roles);
        Err(match &actor.role {
            Some(role) => refusal.with("role", role),
            None => refusal.with("role", "not stated"),
        })
    }

    /// The actor must be a global administrator of the customer concerned (rule R-5).
    pub(crate) fn require_customer_global_admin(&self) -> Result<CustomerId, Refusal> {
        let customer = self.customer_named()?;
        let actor = &self.request.actor;
        if actor.customer() == Some(customer) && actor.role == Some(Role::GlobalAdmin) {
            return Ok(customer);
        }
        let refusal = Refusal::because(&ground::relationship::CUSTOMER_GLOBAL_ADMIN_REQUIRED)
            .with("customer", customer)
            .with("actor_kind", &actor.kind);
        Err(match &actor.role {
            Some(role) => refusal.with("role", role),
            None => refusal.with("role", "not stated"),
        })
    }

    /// The partner's account as read, whether registered or not; none when it was not read.
    pub(crate) fn partner(&self, partner: PartnerTenantId) -> Option<&'a Partner> {
        self.partners.get(&partner).copied()
    }

    /// The account of a partner who acts; it must be registered.
    pub(crate) fn registered_partner(&self, partner: PartnerTenantId) -> Result<&'a Partner, Refusal> {
        self.partner(partner)
            .filter(|account| account.is_registered())
            .ok_or_else(|| Refusal::because(&ground::relationship::PARTNER_NOT_REGISTERED).with("partner", partner))
    }

    /// The account of a partner who begins something new: registered and not suspended (rule R-1).
    pub(crate) fn partner_in_order(&self, partner: PartnerTenantId) -> Result<&'a Partner, Refusal> {
        let account = self.registered_partner(partner)?;
        match &account.suspended {
            Some(suspended) => Err(Refusal::because(&ground::relationship::PARTNER_ACCOUNT_SUSPENDED)
                .with("partner", partner)
                .with("reason", &suspended.value)
                .with("since", suspended.set.effective_at)),
            None => Ok(account),
        }
    }

    /// The partner must be a reseller of the customer.
    pub(crate) fn require_relationship(
        &self,
        partner: PartnerTenantId,
        ground: &Ground,
    ) -> Result<&'a Relationship, Refusal> {
        self.customer.resellers.standing(partner).ok_or_else(|| Refusal::because(ground).with("partner", partner))
    }

    /// Those of the ids that the customer's record knows at any time, after the
    /// instant of the command too: an order that is dated back must not take
    /// an id that a later purchase or source gave to another subscription (rule S-5).
    pub(crate) fn in_use(&self, ids: &BTreeSet<SubscriptionId>) -> BTreeSet<SubscriptionId> {
        let later = events_that_hold(self.facts).flat_map(|event| {
            let ordered = if let Event::OrderPlaced(order) = event { Some(&order.subscriptions) } else { None };
            let named = event.subscription().into_iter().chain(event.transferred_into());
            named.chain(ordered.into_iter().flatten().copied())
        });
        let before = self.customer.subscriptions.by_id.keys().copied();
        before.chain(later).filter(|id| ids.contains(id)).collect()
    }

    /// What kind of partner it is, as far as its account was read and says so.
    pub(crate) fn partner_type(&self, partner: PartnerTenantId) -> Option<&'a PartnerType> {
        self.partner(partner).and_then(|account| account.partner_type.as_ref()).map(|cell| &cell.value)
    }
}

/// The refusal of a word that no rule can read (rule L-8), naming the field.
pub(super) fn unrecognised(field: &str, word: &str) -> Refusal {
    Refusal::because(&ground::relationship::VALUE_NOT_RECOGNISED).with("field", field).with("word", word)
}
