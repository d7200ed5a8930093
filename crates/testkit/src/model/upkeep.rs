//! Judging what keeps a subscription going or turns it into another one, and who is there for the customer beside
//! its owner (rules U-6, U-8, U-9, U-12 to U-14, U-18, I-8, I-13, and deletion in a sandbox).

use ofrecord_core::command::partner_of_record::SetSupportContact;
use ofrecord_core::command::relationship::{AccountKind, DeleteCustomer, SetAssociatedPartner};
use ofrecord_core::command::subscription::{ChangeBillingCycle, ConvertSubscription, RenewSubscription, UpdatePath};
use ofrecord_core::vocabulary::{BillingCycle, PartnerType, SubscriptionStatus, TransitionType};
use ofrecord_core::{Cloud, Command, PartnerTenantId, SubscriptionId, Timestamp};

use super::fold::Bought;
use super::world::{Coverage, CustomerChange, Turned, TurnedInto};
use super::{Judgement, Reason, Scene};
use crate::role::{DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR};

/// Months that a cycle is billed for at once; none for one that is no cycle.
fn months_billed(cycle: &BillingCycle) -> Option<u32> {
    match cycle {
        BillingCycle::Monthly => Some(1),
        BillingCycle::Annual => Some(12),
        BillingCycle::Biennial => Some(24),
        BillingCycle::Triennial => Some(36),
        BillingCycle::None | BillingCycle::OneTime | BillingCycle::Unknown | BillingCycle::Unrecognised(_) => None,
    }
}

impl Scene<'_> {
    pub(super) fn judge_renewal(&self, _: &RenewSubscription, bought: &Bought, found: &mut Judgement) {
        self.judge_running(bought, found);
        match bought.over {
            None => found.code("no_term_to_renew"),
            Some(over) if self.at < over => found.code("term_not_ended"),
            Some(_) => {}
        }
    }

    /// Only what is active is renewed, converted and billed otherwise; when a source showed it only, that is not said.
    fn judge_running(&self, bought: &Bought, found: &mut Judgement) {
        match bought.status_at(self.at, self.cloud) {
            Some(SubscriptionStatus::Active) => {}
            Some(_) => found.forbid(Reason::Some("it must be active")),
            None => found.unsure = true,
        }
    }

    pub(super) fn judge_billing(&self, command: &ChangeBillingCycle, bought: &Bought, found: &mut Judgement) {
        if command.through == UpdatePath::SubscriptionPatch {
            found.forbid(Reason::Upstream(2_054));
        }
        self.judge_running(bought, found);
        match (months_billed(&command.billing_cycle), bought.term_months) {
            (Some(billed), Some(term)) if billed > term => found.forbid(Reason::Upstream(900_270)),
            (Some(_), Some(_)) => {}
            // What has no term, and what is billed once: not said.
            (None, _) | (_, None) => found.unsure = true,
        }
    }

    pub(super) fn judge_conversion(&self, command: &ConvertSubscription, bought: &Bought, found: &mut Judgement) {
        if bought.status_at(self.at, self.cloud) != Some(SubscriptionStatus::Active) {
            found.code("subscription_status_not_active");
        }
        if bought.product.as_ref() == Some(&command.to_product.id) {
            // The text names the same id of the target; that of the product, it does not.
            found.code("target_is_same_product");
        }
        let quantity = bought.quantity.unwrap_or(0);
        if let Some(into) = command.to_subscription {
            self.judge_target_of_conversion(command, (bought, quantity), into, found);
        }
        match self.cloud {
            Cloud::China21Vianet => self.judge_upgrade(command, bought, found),
            Cloud::Worldwide | Cloud::UsGov => {
                let licences = command.transition_type == TransitionType::TransitionWithLicenseTransfer;
                if licences && !bought.owner.is_some_and(|owner| self.writes_directory(owner)) {
                    found.code("insufficient_granular_admin_permissions");
                }
            }
        }
        // A conversion sells something: accounts in order and the rest as for an order are not said of it.
        found.unsure |= self.acting_account_suspended() || bought.term_months.is_none();
    }

    fn judge_target_of_conversion(
        &self,
        command: &ConvertSubscription,
        (bought, quantity): (&Bought, u64),
        into: SubscriptionId,
        found: &mut Judgement,
    ) {
        if into == command.subscription {
            found.forbid(Reason::Upstream(900_259));
        }
        let most = command.to_product.quantity_max;
        let Some(target) = self.customer.subscriptions.get(&into) else {
            if self.in_use.contains(&into) {
                found.code("subscription_already_exists");
            }
            if most.is_some_and(|most| quantity > most) {
                found.forbid(Reason::Upstream(2_002));
            }
            return;
        };
        if target.owner != bought.owner {
            found.code("partner_does_not_own_subscription");
            found.code("subscription_owner_unknown");
        }
        if target.status_at(self.at, self.cloud) != Some(SubscriptionStatus::Active) {
            found.forbid(Reason::Upstream(900_258));
        }
        if target.product.as_ref() != Some(&command.to_product.id) {
            found.forbid(Reason::Upstream(900_260));
        }
        if target.is_pending_at(self.at) {
            found.forbid(Reason::Upstream(900_261));
        }
        if let (Some(ends), Some(target_ends)) = (bought.over, target.over)
            && target_ends < ends
        {
            found.forbid(Reason::Upstream(900_236));
        }
        if most.is_some_and(|most| quantity.saturating_add(target.quantity.unwrap_or(0)) > most) {
            found.forbid(Reason::Upstream(2_002));
        }
        found.unsure |= target.seen;
    }

    /// In 21Vianet: DAP for the service, and a target that the customer does not own (rule U-13).
    fn judge_upgrade(&self, command: &ConvertSubscription, bought: &Bought, found: &mut Judgement) {
        let on = bought.owner.and_then(|owner| self.customer.dap.get(&owner));
        let covered = |coverage: &Coverage| match coverage {
            Coverage::Tenant => true,
            Coverage::Service(name) => command.to_product.service.as_ref().is_none_or(|service| service == name),
        };
        if !on.is_some_and(|on| on.iter().any(covered)) {
            found.code("dap_required_for_service");
        }
        let owned = self.customer.subscriptions.iter().any(|(id, other)| {
            *id != command.subscription
                && other.product.as_ref() == Some(&command.to_product.id)
                && other.status_at(self.at, self.cloud) != Some(SubscriptionStatus::Deleted)
        });
        if owned {
            found.code("target_already_owned");
        }
    }

    /// By DAP, which makes its holders Global administrator (D-4), or by a granular assignment (rule U-14).
    fn writes_directory(&self, partner: PartnerTenantId) -> bool {
        let by_dap = self.customer.dap.get(&partner).is_some_and(|on| on.contains(&Coverage::Tenant));
        let own = self.granular.shared().iter().filter(|((owner, _), _)| *owner == partner);
        by_dap
            || own
                .flat_map(|(_, known)| known.assignments.values().map(move |given| known.given_at(given, self.at)))
                .any(|roles| roles.contains(&DIRECTORY_WRITERS) || roles.contains(&GLOBAL_ADMINISTRATOR))
    }

    /// Rule I-13: the owner itself, or a reseller of the customer.
    pub(super) fn judge_support_contact(&self, command: &SetSupportContact, bought: &Bought, found: &mut Judgement) {
        if Some(command.partner) != bought.owner && !self.stands(command.partner) {
            found.code("support_contact_invalid");
        }
    }

    /// Rule I-8.
    pub(super) fn judge_association(&self, command: &SetAssociatedPartner, found: &mut Judgement) {
        if self.acting() != Some(command.partner) {
            found.code("actor_not_party");
        }
        self.require_registered(command.partner, found);
        if self.type_of(command.partner) != Some(PartnerType::IndirectProvider) {
            found.code("only_indirect_provider");
        }
        if !self.stands(command.partner) {
            found.code("no_reseller_relationship");
        }
        if let Some(digits) = &command.associated_partner_id {
            self.judge_reseller_of_record(command.partner, digits, found);
        }
    }

    /// Only a sandbox deletes customers.
    pub(super) fn judge_sandbox(&self, command: &DeleteCustomer, found: &mut Judgement) {
        if self.acting() != Some(command.partner) {
            found.code("actor_not_party");
        }
        self.require_registered(command.partner, found);
        match command.account {
            AccountKind::Sandbox => {}
            AccountKind::Production => found.code("only_sandbox_may_delete"),
        }
        if !self.stands(command.partner) {
            found.code("not_a_reseller");
        }
    }

    /// What accepted commands of these kinds change.
    pub(super) fn upkeep_changes(&self, command: &Command, changes: &mut Vec<CustomerChange>) {
        if let Command::RenewSubscription(command) = command {
            let bought = self.customer.subscriptions.get(&command.subscription);
            changes.extend(bought.and_then(|bought| self.renewed(command.subscription, bought)));
        } else if let Command::ConvertSubscription(command) = command {
            let bought = self.customer.subscriptions.get(&command.subscription);
            changes.extend(bought.map(|bought| self.turned(command, bought)));
        } else if let Command::RecordPendingOperation(command) = command {
            changes.push(CustomerChange::Pending { subscription: command.subscription });
        } else if let Command::DeleteCustomer(command) = command {
            changes.push(CustomerChange::ResellerLeft { partner: command.partner });
        }
    }

    /// The term that runs at the instant begins where the one before it ended; the window opens a day later at
    /// the latest, because a renewal may take a day (3.9).
    fn renewed(&self, subscription: SubscriptionId, bought: &Bought) -> Option<CustomerChange> {
        let months = bought.term_months?;
        let mut from = bought.over?;
        while from.plus_months(months) <= self.at && from < Timestamp::MAX {
            from = from.plus_months(months);
        }
        Some(CustomerChange::Renewed {
            subscription,
            quantity: bought.quantity?,
            over: from.plus_months(months),
            window_from: self.at.min(from.plus_hours(24)),
        })
    }

    fn turned(&self, command: &ConvertSubscription, bought: &Bought) -> CustomerChange {
        let into = command.to_subscription.map(|into| match self.customer.subscriptions.get(&into) {
            Some(target) => TurnedInto {
                subscription: into,
                quantity: target.quantity.unwrap_or(0).saturating_add(bought.quantity.unwrap_or(0)),
                made: None,
            },
            None => TurnedInto {
                subscription: into,
                quantity: bought.quantity.unwrap_or(0),
                made: bought.owner.map(|owner| (owner, bought.over, bought.digits.clone())),
            },
        });
        CustomerChange::TurnedInto(Box::new(Turned {
            subscription: command.subscription,
            product: command.to_product.clone(),
            into,
        }))
    }
}
