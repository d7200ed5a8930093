//! Judging agreements and orders (rules B-1 to B-11, I-1 to I-5).

use ofrecord_core::command::agreement::ConfirmCustomerAgreement;
use ofrecord_core::command::subscription::{OrderLine, PlaceOrder};
use ofrecord_core::vocabulary::{AgreementMethod, CustomerAccountStatus, PartnerType};
use ofrecord_core::{PartnerId, PartnerTenantId, Timestamp};

use super::{Judgement, Reason, Scene};

impl Scene<'_> {
    pub(super) fn judge_agreement(
        &self,
        command: &ConfirmCustomerAgreement,
        recorded_at: Timestamp,
        found: &mut Judgement,
    ) {
        if command.date_agreed > recorded_at {
            found.code("date_in_future");
        }
        // Later than the instant it is said to be true at, though not later than now: not said.
        found.unsure |= command.date_agreed > self.at;
        let by = self.acting();
        match &command.method {
            AgreementMethod::Direct => {
                // Who of the customer may accept is not said, nor who may put it on record.
                found.unsure |= !self.is_global_admin_of_customer();
            }
            AgreementMethod::Attested => match by {
                None => found.forbid(Reason::Some("a partner attests")),
                Some(partner) => {
                    // Attesting is done by a person (3.10).
                    if self.is_application() {
                        found.code("app_user_required");
                    }
                    match self.type_of(partner) {
                        Some(PartnerType::DirectBill | PartnerType::IndirectProvider) => {}
                        Some(PartnerType::IndirectReseller | PartnerType::Advisor) => {
                            found.code("only_direct_or_provider");
                        }
                        Some(PartnerType::Unrecognised(_)) => found.unsure = true,
                        None => found.code("partner_not_registered"),
                    }
                    // Whether an attestation needs a relationship or an account in order is not said.
                    found.unsure |= !self.stands(partner);
                }
            },
            AgreementMethod::Unrecognised(_) => found.unsure = true,
        }
        let by = if command.method == AgreementMethod::Attested { by } else { None };
        let same = |(kind, method, who): &(_, _, _)| {
            *kind == command.agreement_type && *method == command.method && *who == by
        };
        if self.customer.agreements.iter().any(same) {
            found.forbid(Reason::Upstream(600_061));
        }
        // B-5 speaks of the type alone, B-11 needs a second attestation by another partner.
        found.unsure |= self.customer.agreements.iter().any(|(kind, _, _)| *kind == command.agreement_type);
    }

    pub(super) fn judge_order(&self, command: &PlaceOrder, found: &mut Judgement) {
        let Some(partner) = self.acting() else {
            found.forbid(Reason::Some("only a partner orders"));
            return;
        };
        self.require_registered(partner, found);
        let kind = self.type_of(partner);
        if matches!(kind, Some(PartnerType::IndirectReseller | PartnerType::Advisor)) {
            found.forbid(Reason::Some("direct-bill partners and providers order"));
        }
        if !self.stands(partner) {
            found.forbid(Reason::Upstream(20_002));
        }
        if !self.has_agreement_for(partner) {
            found.forbid(Reason::Upstream(13_605));
        }
        if let Some(account) = self.partners.accounts.get(&partner) {
            if account.suspended {
                found.code("partner_account_suspended");
            }
            if account.not_in_programme() {
                found.forbid(Reason::Upstream(800_039));
            }
            if !account.agreement {
                found.forbid(Reason::Upstream(900_124));
            }
            let market = self.customer.market.as_ref();
            if market.is_some_and(|market| !account.markets.is_empty() && !account.markets.contains(market)) {
                found.forbid(Reason::Upstream(2_030));
            }
        }
        match &self.customer.status {
            Some(CustomerAccountStatus::UnderReview) => {
                found.forbid(Reason::Upstream(800_073));
                found.forbid(Reason::Upstream(800_074));
            }
            Some(CustomerAccountStatus::Rejected) => found.forbid(Reason::Upstream(800_075)),
            Some(CustomerAccountStatus::Locked) => found.forbid(Reason::Upstream(900_416)),
            Some(CustomerAccountStatus::Active | CustomerAccountStatus::Unrecognised(_)) | None => {}
        }
        for (index, line) in command.lines.iter().enumerate() {
            let before = command.lines.iter().take(index);
            if before.clone().any(|other| other.subscription == line.subscription)
                || self.in_use.contains(&line.subscription)
            {
                found.forbid(Reason::Some("a subscription is bought once"));
            }
            self.judge_line(partner, line, found);
        }
    }

    /// A direct acceptance counts for everybody, an attestation for the partner who gave it (rule B-11).
    fn has_agreement_for(&self, partner: PartnerTenantId) -> bool {
        self.customer
            .agreements
            .iter()
            .any(|(_, method, by)| *method == AgreementMethod::Direct || *by == Some(partner))
    }

    fn judge_line(&self, partner: PartnerTenantId, line: &OrderLine, found: &mut Judgement) {
        let product = &line.product;
        let below = product.quantity_min.is_some_and(|least| line.quantity < least);
        let above = product.quantity_max.is_some_and(|most| line.quantity > most);
        if below || above || line.quantity == 0 {
            found.forbid(Reason::Upstream(2_002));
        }
        let elsewhere = |market| !product.markets.is_empty() && !product.markets.contains(market);
        if self.customer.market.as_ref().is_some_and(elsewhere) {
            found.forbid(Reason::Upstream(800_070));
        }
        if let Some(digits) = &line.partner_id_on_record {
            self.judge_reseller_of_record(partner, digits, found);
        }
    }

    /// Rules I-1 to I-4: the partner ID is of an indirect reseller with whom the seller has a partnership.
    pub(super) fn judge_reseller_of_record(&self, partner: PartnerTenantId, digits: &PartnerId, found: &mut Judgement) {
        let own = self.partners.accounts.get(&partner).and_then(|account| account.digits.as_ref());
        if self.type_of(partner) != Some(PartnerType::IndirectProvider) {
            // The text speaks of providers only.
            found.unsure = true;
            return;
        }
        let invalid = [2_072, 800_015, 800_016, 900_123, 900_154];
        if own == Some(digits) {
            found.forbid(Reason::Upstream(2_072));
            return;
        }
        let named = self.partners.accounts.iter().find(|(_, account)| account.digits.as_ref() == Some(digits));
        let partnership = named.is_some_and(|(id, account)| {
            (account.partner_type == Some(PartnerType::IndirectReseller) || account.enrolled)
                && self.partners.partnerships.contains(&(partner, *id))
        });
        if !partnership {
            invalid.into_iter().skip(1).for_each(|code| found.forbid(Reason::Upstream(code)));
        }
        if let Some((_, account)) = named.filter(|_| partnership) {
            if !account.agreement {
                found.forbid(Reason::Upstream(900_123));
            }
            if account.not_in_programme() {
                found.forbid(Reason::Upstream(900_154));
                found.unsure = true;
            }
        }
    }
}
