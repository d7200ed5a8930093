//! A subscription with the partner who may change it, and the guards that most changes share.

use std::fmt;

use super::Case;
use crate::actor::ActorKind;
use crate::fold::Cell;
use crate::ground::subscription as ground;
use crate::id::{PartnerTenantId, SubscriptionId};
use crate::refusal::{Ground, Refusal};
use crate::state::{StatusAt, Subscription, Terms};
use crate::vocabulary::{SubscriptionStatus, Trial};

/// A subscription that the actor may change, as it stands at the instant of the decision.
#[derive(Debug, Clone)]
pub(crate) struct Owned<'a> {
    pub(crate) id: SubscriptionId,
    /// The owner; none only where Microsoft acts on a subscription whose owner is unknown.
    pub(crate) owner: Option<PartnerTenantId>,
    pub(crate) subscription: &'a Subscription,
    pub(crate) terms: &'a Terms,
    pub(crate) status: StatusAt,
}

impl<'a> Case<'a> {
    /// The owner changes what exists; a suspended account still may (rule R-1).
    pub(crate) fn managed(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        let partner = self.acting_partner(&ground::ACTOR_NOT_OWNER)?;
        self.registered_partner(partner)?;
        self.owned(id, partner)
    }

    /// As [`Case::managed`], or Microsoft itself, which needs to own nothing.
    pub(crate) fn managed_or_microsoft(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        if self.request.actor.kind == ActorKind::Microsoft {
            return self.found(id);
        }
        self.managed(id)
    }

    /// The owner changes what exists in a way that goes on selling: it must still be a reseller (rule M-10).
    pub(crate) fn continued(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        let partner = self.acting_partner(&ground::ACTOR_NOT_OWNER)?;
        self.registered_partner(partner)?;
        self.require_relationship(partner, &ground::RELATIONSHIP_REMOVED)?;
        self.owned(id, partner)
    }

    /// The owner changes a quantity, which a suspended account may not (rule R-1).
    pub(crate) fn quantity_managed(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        let partner = self.acting_partner(&ground::ACTOR_NOT_OWNER)?;
        self.partner_in_order(partner)?;
        self.owned(id, partner)
    }

    /// The owner sells more: account in order, and still a reseller (rules R-1, M-10).
    pub(crate) fn sold(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        let partner = self.acting_partner(&ground::ACTOR_NOT_OWNER)?;
        self.partner_in_order(partner)?;
        self.require_relationship(partner, &ground::RELATIONSHIP_REMOVED)?;
        self.owned(id, partner)
    }

    /// The subscription, which must be on record.
    pub(crate) fn found(&self, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
        let Some(subscription) = self.customer.subscriptions.by_id.get(&id) else {
            return Err(Refusal::because(&ground::SUBSCRIPTION_NOT_FOUND).with("subscription", id));
        };
        Ok(Owned {
            id,
            owner: subscription.owner.as_ref().map(|owner| owner.value),
            subscription,
            terms: &subscription.terms,
            status: subscription.status_at(self.when.effective_at, self.policy),
        })
    }

    /// The subscription, which the partner must own (rule S-3).
    pub(crate) fn owned(&self, id: SubscriptionId, partner: PartnerTenantId) -> Result<Owned<'a>, Refusal> {
        let found = self.found(id)?;
        match found.owner {
            Some(owner) if owner == partner => Ok(found),
            Some(owner) => Err(found
                .refused(&ground::PARTNER_DOES_NOT_OWN_SUBSCRIPTION)
                .with("partner", partner)
                .with("owner", owner)),
            None => Err(found.refused(&ground::SUBSCRIPTION_OWNER_UNKNOWN).with("partner", partner)),
        }
    }
}

impl<'a> Owned<'a> {
    /// A refusal that names the subscription.
    pub(crate) fn refused(&self, ground: &Ground) -> Refusal {
        Refusal::because(ground).with("subscription", self.id)
    }

    /// A refusal that names the subscription and its status.
    pub(crate) fn refused_for_status(&self, ground: &Ground) -> Refusal {
        self.refused(ground).with("status", &self.status.status).with("since", self.status.since)
    }

    /// Not deleted (rule U-4), not ended (rule U-17), no pending operation (U-9), not updated too often (U-10).
    pub(crate) fn require_changeable(&self, case: &Case<'_>) -> Result<(), Refusal> {
        self.require_alive()?;
        self.require_not_ended(&ground::SUBSCRIPTION_ENDED)?;
        self.require_free(case)
    }

    pub(crate) fn require_alive(&self) -> Result<(), Refusal> {
        if self.status.status == SubscriptionStatus::Deleted {
            return Err(self.refused_for_status(&ground::SUBSCRIPTION_DELETED));
        }
        Ok(())
    }

    pub(crate) fn require_not_ended(&self, ground: &Ground) -> Result<(), Refusal> {
        if matches!(self.status.status, SubscriptionStatus::Expired | SubscriptionStatus::Disabled) {
            return Err(self.refused_for_status(ground));
        }
        Ok(())
    }

    pub(crate) fn require_free(&self, case: &Case<'_>) -> Result<(), Refusal> {
        if let Some(pending) = self.subscription.pending_at(case.when.effective_at, case.policy) {
            return Err(self
                .refused(&ground::OPERATION_PENDING)
                .with("operation", &pending.value)
                .with("since", pending.set.effective_at));
        }
        if self.status.status == SubscriptionStatus::Pending {
            return Err(self.refused_for_status(&ground::OPERATION_PENDING));
        }
        if self.terms.updates >= case.policy.updates_max {
            return Err(self.refused(&ground::TOO_MANY_UPDATES).with("updates", self.terms.updates));
        }
        Ok(())
    }

    pub(crate) fn require_not_trial(&self, ground: &Ground) -> Result<(), Refusal> {
        if self.is_trial() {
            return Err(self.refused(ground));
        }
        Ok(())
    }

    pub(crate) fn require_not_suspended(&self, ground: &Ground) -> Result<(), Refusal> {
        if self.status.status == SubscriptionStatus::Suspended {
            return Err(self.refused_for_status(ground));
        }
        Ok(())
    }

    pub(crate) fn is_trial(&self) -> bool {
        self.terms.trial.as_ref().is_some_and(|trial| trial.value == Trial::Trial)
    }

    /// A value that the rule must know (rule L-11): what no source says is refused, naming the field.
    pub(crate) fn known<'v, T: fmt::Debug>(&self, cell: &'v Option<Cell<T>>, field: &str) -> Result<&'v T, Refusal> {
        cell.as_ref().map(|cell| &cell.value).ok_or_else(|| self.refused(&ground::TERMS_NOT_KNOWN).with("field", field))
    }
}
