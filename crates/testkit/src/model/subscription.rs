//! Judging changes of subscriptions and of partners of record (rules S-3, U-1 to U-17, I-6, I-10).

use ofrecord_core::vocabulary::{AutoRenew, PartnerType, ProductFamily, SubscriptionStatus};
use ofrecord_core::{ActorKind, Command, SubscriptionId};

use super::fold::Bought;
use super::world::{CustomerChange, Purchase};
use super::{Judgement, Reason, Scene};

impl Scene<'_> {
    pub(super) fn judge_subscription(&self, command: &Command, found: &mut Judgement) {
        let Some(id) = subscription_of(command) else { return };
        let bought = self.customer.subscriptions.get(&id);
        if let Command::SetDpor(_) = command {
            if self.actor.kind != ActorKind::CustomerAdmin {
                found.code("only_customer_may_set_dpor");
                found.code("customer_global_admin_required");
            }
            // Which administrators of the customer, which subscriptions can have one, and which ids it takes, is not said precisely.
            found.unsure = true;
            return;
        }
        if let Command::SetPal(_) = command {
            found.unsure = true;
            return;
        }
        let Some(bought) = bought else {
            found.forbid(Reason::Some("there is no such subscription"));
            return;
        };
        if self.actor.kind == ActorKind::Microsoft {
            // What the operator of the cloud may do to a subscription, the text does not say.
            found.unsure = true;
            return;
        }
        if self.acting().is_none() || bought.owner != self.acting() {
            found.code("partner_does_not_own_subscription");
            found.unsure |= self.acting().is_none();
        }
        if bought.is_pending_at(self.at) {
            found.forbid(Reason::Upstream(900_278));
        }
        // What a source showed only in part, and partners who are no reseller any more: not said.
        found.unsure |= bought.seen || self.acting().is_none_or(|partner| !self.stands(partner));
        self.judge_owned(command, bought, found);
    }

    fn judge_owned(&self, command: &Command, bought: &Bought, found: &mut Judgement) {
        use SubscriptionStatus::{Active, Deleted, Suspended};
        let status = bought.status_at(self.at, self.cloud);
        if status == Some(Deleted) {
            found.forbid(Reason::Upstream(2_011));
        }
        if let Command::AddSeats(command) = command {
            self.judge_seats(bought, found);
            // M-10 names orders and additions, nothing else that a former reseller owns.
            if self.acting().is_some_and(|partner| !self.stands(partner)) {
                found.forbid(Reason::Upstream(20_002));
            }
            let after = bought.quantity.unwrap_or(0).saturating_add(command.seats);
            if bought.quantity_max.is_some_and(|most| after > most) {
                found.forbid(Reason::Upstream(2_002));
            }
            found.unsure |= command.seats == 0 || !sells_seats(bought);
        } else if let Command::RemoveSeats(command) = command {
            self.judge_seats(bought, found);
            if bought.quantity.is_some_and(|quantity| command.seats >= quantity) {
                found.forbid(Reason::Some("some seats must be left"));
            }
            if bought.is_new_commerce() && command.seats > bought.removable(self.at) {
                outside_window(found);
            }
            if bought.is_new_commerce() && !sells_seats(bought) {
                outside_window(found);
            }
            found.unsure |= command.seats == 0 || !sells_seats(bought);
            found.unsure |= bought.family == Some(ProductFamily::MarketplaceSaas) || bought.converted;
        } else if let Command::SuspendSubscription(_) = command {
            if status.is_some() && status != Some(Active) {
                found.forbid(Reason::Some("only what is active is suspended"));
            }
            found.unsure |= matches!(bought.family, Some(ProductFamily::AzurePlan | ProductFamily::LegacyAzure))
                || !sells_seats(bought);
        } else if let Command::ReactivateSubscription(_) = command {
            if !matches!(status, Some(Suspended)) {
                found.forbid(Reason::Some("only what is suspended is reactivated"));
            }
            found.unsure |= self.acting_account_suspended();
        } else if let Command::CancelSubscription(_) = command {
            self.judge_cancellation(bought, found);
        } else if let Command::SetAutoRenew(_) = command {
            if !matches!(status, Some(Active | Suspended) | None) {
                found.forbid(Reason::Some("it cannot be changed any more"));
            }
            found.unsure |= status != Some(Active) || bought.term_months.is_none() || !sells_seats(bought);
        } else if let Command::RenewSubscription(command) = command {
            self.judge_renewal(command, bought, found);
        } else if let Command::ChangeBillingCycle(command) = command {
            self.judge_billing(command, bought, found);
        } else if let Command::ConvertSubscription(command) = command {
            self.judge_conversion(command, bought, found);
        } else if let Command::SetSupportContact(command) = command {
            self.judge_support_contact(command, bought, found);
        } else if let Command::ChangeResellerOfRecord(command) = command {
            let partner = self.acting();
            if let (Some(partner), Some(digits)) = (partner, &command.partner_id) {
                self.judge_reseller_of_record(partner, digits, found);
            }
            let provider = partner.and_then(|partner| self.type_of(partner)) == Some(PartnerType::IndirectProvider);
            found.unsure |= !provider || !sells_seats(bought) || !matches!(status, Some(Active | Deleted));
        }
    }

    fn quantity_of(&self, id: SubscriptionId) -> u64 {
        self.customer.subscriptions.get(&id).and_then(|bought| bought.quantity).unwrap_or(0)
    }

    pub(super) fn acting_account_suspended(&self) -> bool {
        self.acting().and_then(|partner| self.partners.accounts.get(&partner)).is_some_and(|account| account.suspended)
    }

    fn judge_seats(&self, bought: &Bought, found: &mut Judgement) {
        use SubscriptionStatus::{Active, Suspended};
        match bought.status_at(self.at, self.cloud) {
            Some(Active) => {}
            Some(Suspended) => found.forbid(Reason::Some("no change of seats while suspended")),
            Some(_) => found.forbid(Reason::Some("it cannot be changed any more")),
            None => found.unsure = true,
        }
        if self.acting_account_suspended() {
            found.code("partner_account_suspended");
        }
    }

    fn judge_cancellation(&self, bought: &Bought, found: &mut Judgement) {
        use SubscriptionStatus::{Active, Suspended};
        let Some(window_from) = bought.window_from else {
            found.unsure = true;
            return;
        };
        // Of conversions the text says that the window is none of theirs, not what that means for cancelling.
        found.unsure |= bought.converted;
        if !matches!(bought.status_at(self.at, self.cloud), Some(Active | Suspended)) {
            found.forbid(Reason::Some("it cannot be changed any more"));
        }
        if matches!(bought.family, Some(ProductFamily::AzurePlan | ProductFamily::AzureReservation)) {
            found.code("support_only");
            return;
        }
        let Some(hours) = cancellation_hours(bought) else {
            // The text gives a window to new commerce alone.
            found.unsure = true;
            return;
        };
        if self.at > window_from.plus_hours(hours) && !bought.converted {
            found.forbid(Reason::Upstream(900_117));
            found.forbid(Reason::Upstream(900_213));
        }
    }

    pub(super) fn subscription_changes(&self, command: &Command, changes: &mut Vec<CustomerChange>) {
        if let Command::ConfirmCustomerAgreement(command) = command {
            let attested = command.method == ofrecord_core::vocabulary::AgreementMethod::Attested;
            changes.push(CustomerChange::Agreed {
                agreement: command.agreement_type.clone(),
                method: command.method.clone(),
                by: self.acting().filter(|_| attested),
            });
        } else if let Command::PlaceOrder(command) = command {
            let Some(owner) = self.acting() else { return };
            changes.extend(command.lines.iter().map(|line| {
                CustomerChange::Bought(Box::new(Purchase {
                    subscription: line.subscription,
                    owner,
                    product: line.product.clone(),
                    quantity: line.quantity,
                    term_months: line.term.months(),
                    renews: line.auto_renew == AutoRenew::On,
                    digits: line.partner_id_on_record.clone(),
                }))
            }));
        } else if let Command::AddSeats(command) = command {
            let after = self.quantity_of(command.subscription).saturating_add(command.seats);
            let (subscription, seats) = (command.subscription, command.seats);
            changes.push(CustomerChange::SeatsAdded { subscription, seats, after });
        } else if let Command::RemoveSeats(command) = command {
            let after = self.quantity_of(command.subscription).saturating_sub(command.seats);
            let (subscription, seats) = (command.subscription, command.seats);
            changes.push(CustomerChange::SeatsRemoved { subscription, seats, after });
        } else if let Command::SuspendSubscription(command) = command {
            changes.push(CustomerChange::Suspended { subscription: command.subscription });
        } else if let Command::ReactivateSubscription(command) = command {
            changes.push(CustomerChange::Reactivated { subscription: command.subscription });
        } else if let Command::CancelSubscription(command) = command {
            changes.push(CustomerChange::Cancelled { subscription: command.subscription });
        } else if let Command::SetAutoRenew(command) = command {
            let renews = command.auto_renew == AutoRenew::On;
            changes.push(CustomerChange::AutoRenew { subscription: command.subscription, renews });
        } else if let Command::ChangeResellerOfRecord(command) = command {
            let digits = command.partner_id.clone();
            changes.push(CustomerChange::ResellerOfRecord { subscription: command.subscription, digits });
        } else if let Command::SetDpor(command) = command {
            changes
                .push(CustomerChange::Dpor { subscription: command.subscription, digits: command.partner_id.clone() });
        } else if let Command::SetPal(command) = command {
            changes
                .push(CustomerChange::Pal { subscription: command.subscription, digits: command.partner_id.clone() });
        }
    }
}

/// Windows of seats exist for licences (rule U-2); the text says nothing of seats of usage and reservations.
fn sells_seats(bought: &Bought) -> bool {
    matches!(
        bought.family,
        Some(ProductFamily::LegacyLicense | ProductFamily::NewCommerceLicense | ProductFamily::MarketplaceSaas)
    )
}

/// The windows for cancelling (rule U-1), in hours.
fn cancellation_hours(bought: &Bought) -> Option<i64> {
    let family = bought.family.as_ref()?;
    let days = if matches!(family, ProductFamily::NewCommerceLicense | ProductFamily::SoftwareSubscription) {
        7
    } else if *family == ProductFamily::PerpetualSoftware {
        30
    } else if *family == ProductFamily::MarketplaceSaas {
        if bought.term_months == Some(1) { 1 } else { 14 }
    } else {
        return None;
    };
    Some(days * 24)
}

fn outside_window(found: &mut Judgement) {
    [900_214, 900_257, 800_090].into_iter().for_each(|code| found.forbid(Reason::Upstream(code)));
}

fn subscription_of(command: &Command) -> Option<SubscriptionId> {
    if let Command::AddSeats(command) = command {
        Some(command.subscription)
    } else if let Command::RemoveSeats(command) = command {
        Some(command.subscription)
    } else if let Command::SuspendSubscription(command) = command {
        Some(command.subscription)
    } else if let Command::ReactivateSubscription(command) = command {
        Some(command.subscription)
    } else if let Command::CancelSubscription(command) = command {
        Some(command.subscription)
    } else if let Command::SetAutoRenew(command) = command {
        Some(command.subscription)
    } else if let Command::ChangeResellerOfRecord(command) = command {
        Some(command.subscription)
    } else if let Command::RenewSubscription(command) = command {
        Some(command.subscription)
    } else if let Command::ChangeBillingCycle(command) = command {
        Some(command.subscription)
    } else if let Command::ConvertSubscription(command) = command {
        Some(command.subscription)
    } else if let Command::SetSupportContact(command) = command {
        Some(command.subscription)
    } else if let Command::RecordPendingOperation(command) = command {
        Some(command.subscription)
    } else if let Command::SetDpor(command) = command {
        Some(command.subscription)
    } else if let Command::SetPal(command) = command {
        Some(command.subscription)
    } else {
        None
    }
}
