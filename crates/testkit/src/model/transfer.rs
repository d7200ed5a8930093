//! Judging transfers and extensions, and what they change (rules T-1 to T-20, R-17, S-12).

use std::collections::BTreeSet;

use ofrecord_core::command::relationship::ExtendResellerRelationship;
use ofrecord_core::command::transfer::{
    AcceptTransfer, CompleteTransfer, LineOutcome, RequestTransfer, TransferEligibility, TransferItem,
};
use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, PartnerType, ProductFamily, SubscriptionStatus, TransferFamily, TransferStatus,
};
use ofrecord_core::{Command, PartnerId, PartnerTenantId, SubscriptionId, TransferId};

use super::fold::{Bought, Transfer};
use super::world::{CustomerChange, Moved, TransferAsked};
use super::{Judgement, Reason, Scene, cloud};

/// Subscriptions that one new-commerce request may move (rule T-7).
const ITEMS_MAX: usize = 25;

/// The two partners and the procedure.
#[derive(Debug, Clone, Copy)]
struct Deal<'a> {
    family: &'a TransferFamily,
    source: PartnerTenantId,
    target: PartnerTenantId,
}

impl Deal<'_> {
    /// The source asks for a legacy transfer, the target for a new-commerce one (rule T-1).
    fn asks(&self) -> PartnerTenantId {
        if self.family.is_new_commerce() { self.target } else { self.source }
    }

    /// The other one answers (rule T-8); nobody where three have signed.
    fn answers(&self) -> Option<PartnerTenantId> {
        match self.family {
            TransferFamily::LegacyLicense => Some(self.target),
            TransferFamily::NewCommerce | TransferFamily::AzurePlan => Some(self.source),
            TransferFamily::ManualLegacyAzure | TransferFamily::Unrecognised(_) => None,
        }
    }
}

/// Which products a procedure moves (rule T-17); none where the text does not say.
fn moves(family: &TransferFamily, product: &ProductFamily) -> Option<bool> {
    let legacy = !family.is_new_commerce();
    Some(match product {
        ProductFamily::LegacyLicense => *family == TransferFamily::LegacyLicense,
        ProductFamily::LegacyAzure => legacy,
        ProductFamily::NewCommerceLicense | ProductFamily::AzurePlan | ProductFamily::AzureReservation => !legacy,
        // Only what passed the eligibility check.
        ProductFamily::MarketplaceSaas | ProductFamily::PerpetualSoftware | ProductFamily::SoftwareSubscription => {
            false
        }
        ProductFamily::NotStated | ProductFamily::Unrecognised(_) => return None,
    })
}

impl Scene<'_> {
    fn is_in_order(&self, partner: PartnerTenantId) -> bool {
        self.partners.accounts.get(&partner).is_some_and(|account| !account.suspended && !account.not_in_programme())
    }

    pub(super) fn judge_transfer_request(&self, command: &RequestTransfer, found: &mut Judgement) {
        let deal = Deal { family: &command.family, source: command.source, target: command.target };
        if !command.family.is_recognised() {
            found.code("value_not_recognised");
        }
        if self.acting() != Some(deal.asks()) {
            found.code("wrong_initiator");
        }
        self.require_registered(deal.asks(), found);
        // Whether somebody whose account is not in order may ask is not said of transfers.
        found.unsure |= !self.is_in_order(deal.asks());
        if deal.source == deal.target {
            found.forbid(Reason::Upstream(900_148));
        }
        if self.customer.transfers.contains_key(&command.transfer) || self.transfers_ever.contains(&command.transfer) {
            found.code("transfer_already_exists");
        }
        if command.family == TransferFamily::NewCommerce && !cloud::licences_move(self.cloud, self.at) {
            found.code("transfer_not_offered");
        }
        self.judge_target(deal.target, found);
        self.judge_region(&deal, found);
        if command.family == TransferFamily::ManualLegacyAzure && command.signatures.len() < 3 {
            found.code("signatures_missing");
        }
        if command.family == TransferFamily::AzurePlan {
            self.judge_azure_plan(deal.target, found);
        }
        if command.lines.is_empty() && !command.family.is_new_commerce() {
            found.code("transfer_has_no_lines");
        }
        self.judge_lines(&deal, &command.transfer, &command.lines, &SubscriptionStatus::Active, found);
        for line in &command.lines {
            let digits = line.partner_id_on_record.as_ref().or(command.partner_id_on_record.as_ref());
            self.judge_reseller_at_target(deal.target, digits, found);
        }
        if command.lines.is_empty() {
            self.judge_reseller_at_target(deal.target, command.partner_id_on_record.as_ref(), found);
        }
    }

    /// Rule T-2; indirect resellers act through their provider.
    fn judge_target(&self, target: PartnerTenantId, found: &mut Judgement) {
        if !self.stands(target) {
            found.code("no_reseller_relationship");
        }
        if matches!(self.type_of(target), Some(PartnerType::IndirectReseller | PartnerType::Advisor)) {
            found.code("target_does_not_transact");
        }
    }

    /// Rule T-6, as far as markets are known.
    fn judge_region(&self, deal: &Deal<'_>, found: &mut Judgement) {
        let markets = |partner| self.partners.accounts.get(&partner).map(|account| &account.markets);
        let known = |partner| markets(partner).filter(|markets| !markets.is_empty());
        let Some(target) = known(deal.target) else { return };
        let apart = known(deal.source).is_some_and(|source| source.is_disjoint(target));
        let abroad = self.customer.market.as_ref().is_some_and(|market| !target.contains(market));
        if apart || abroad {
            found.code("region_mismatch");
        }
    }

    /// Rule T-20.
    fn judge_azure_plan(&self, target: PartnerTenantId, found: &mut Judgement) {
        let plans = self.customer.subscriptions.values().filter(|bought| {
            bought.owner == Some(target) && (bought.family == Some(ProductFamily::AzurePlan) || bought.family.is_none())
        });
        let mut statuses = plans.filter(|plan| plan.family.is_some()).map(|plan| plan.status_at(self.at, self.cloud));
        if !statuses.any(|status| status == Some(SubscriptionStatus::Active) || status.is_none()) {
            found.forbid(Reason::Upstream(900_133));
            found.forbid(Reason::Upstream(900_132));
        }
        let holds = |(kind, method, by): &(AgreementType, AgreementMethod, Option<PartnerTenantId>)| {
            *kind == AgreementType::MicrosoftCustomerAgreement
                && (*method == AgreementMethod::Direct || *by == Some(target))
        };
        if !self.customer.agreements.iter().any(holds) {
            found.forbid(Reason::Upstream(13_605));
        }
    }

    /// Rules T-4, T-5, T-7, T-17 and T-18, line by line.
    fn judge_lines(
        &self,
        deal: &Deal<'_>,
        transfer: &TransferId,
        lines: &[TransferItem],
        wanted: &SubscriptionStatus,
        found: &mut Judgement,
    ) {
        if deal.family.is_new_commerce() && lines.len() > ITEMS_MAX {
            found.code("too_many_items");
        }
        let mut named = BTreeSet::new();
        for line in lines {
            if !named.insert(line.subscription) {
                found.code("line_stands_twice");
            }
            let Some(bought) = self.customer.subscriptions.get(&line.subscription) else {
                found.code("subscription_not_found");
                continue;
            };
            self.judge_line_of_transfer(deal, transfer, (line, bought), wanted, found);
        }
    }

    fn judge_line_of_transfer(
        &self,
        deal: &Deal<'_>,
        transfer: &TransferId,
        (line, bought): (&TransferItem, &Bought),
        wanted: &SubscriptionStatus,
        found: &mut Judgement,
    ) {
        match bought.owner {
            Some(owner) if owner == deal.source => {}
            Some(_) => found.code("source_does_not_own_subscription"),
            None => found.code("subscription_owner_unknown"),
        }
        let status = bought.status_at(self.at, self.cloud);
        let checked = line.eligibility == Some(TransferEligibility::NotEligible);
        if checked || status.as_ref().is_some_and(|status| status != wanted) {
            found.forbid(Reason::Upstream(800_078));
            found.code("inactive_item_selected");
        }
        if self.is_bound(line.subscription, transfer) {
            found.forbid(Reason::Upstream(900_101));
        }
        let passed = line.eligibility == Some(TransferEligibility::Eligible);
        match bought.family.as_ref().map(|family| (family, moves(deal.family, family))) {
            Some((ProductFamily::MarketplaceSaas, _)) if passed => {}
            Some((_, Some(true) | None)) | None => {}
            Some((_, Some(false))) => {
                found.forbid(Reason::Upstream(900_145));
                found.forbid(Reason::Upstream(900_146));
                found.code("product_not_in_family");
            }
        }
        // What a source showed only in part: not said.
        found.unsure |= bought.seen;
    }

    /// Whether another transfer that may still be carried out has the subscription (rule T-4).
    fn is_bound(&self, subscription: SubscriptionId, this: &TransferId) -> bool {
        let others = self.customer.transfers.iter().filter(|(id, _)| *id != this);
        others.filter(|(_, known)| known.is_open_at(self.at)).any(|(_, known)| known.open.contains(&subscription))
    }

    /// Rule T-19: a provider names its reseller, by a partner ID as on an order.
    fn judge_reseller_at_target(&self, target: PartnerTenantId, digits: Option<&PartnerId>, found: &mut Judgement) {
        let provider = self.type_of(target) == Some(PartnerType::IndirectProvider);
        match digits {
            Some(digits) => self.judge_reseller_of_record(target, digits, found),
            None if provider => found.code("reseller_id_required"),
            None => {}
        }
    }

    /// The transfer that a command is about, which the customer must have on record.
    fn transfer(&self, id: &TransferId, found: &mut Judgement) -> Option<&Transfer> {
        let known = self.customer.transfers.get(id);
        if known.is_none() {
            found.forbid(Reason::Upstream(900_100));
        }
        known
    }

    pub(super) fn judge_transfer(&self, command: &Command, found: &mut Judgement) {
        // Who acts for no partner is neither side, whatever the transfer is (rules T-1, T-8).
        if self.acting().is_none() {
            let answers = matches!(command, Command::AcceptTransfer(_) | Command::RejectTransfer(_));
            let withdraws = matches!(command, Command::WithdrawTransfer(_));
            if answers {
                found.code("wrong_acceptor");
            } else if withdraws {
                found.code("wrong_initiator");
            }
        }
        if let Command::AcceptTransfer(command) = command {
            let Some(known) = self.transfer(&command.transfer, found) else { return };
            self.judge_answer_to_transfer(known, found);
            self.judge_acceptance_of_transfer(command, known, found);
        } else if let Command::RejectTransfer(command) = command {
            let Some(known) = self.transfer(&command.transfer, found) else { return };
            self.judge_answer_to_transfer(known, found);
        } else if let Command::WithdrawTransfer(command) = command {
            let Some(known) = self.transfer(&command.transfer, found) else { return };
            if self.acting() != Some(known.deal().asks()) {
                found.code("wrong_initiator");
            }
            self.judge_pending(known, found);
        } else if let Command::CompleteTransfer(command) = command {
            if !self.is_recorder() {
                found.code("only_microsoft_may");
            }
            let Some(known) = self.transfer(&command.transfer, found) else { return };
            self.judge_completion(command, known, found);
        }
    }

    fn judge_answer_to_transfer(&self, known: &Transfer, found: &mut Judgement) {
        match known.deal().answers() {
            None => found.code("accepted_by_signature"),
            Some(partner) => {
                if self.acting() != Some(partner) {
                    found.code("wrong_acceptor");
                }
                // Whether somebody whose account is not in order may answer is not said of transfers.
                found.unsure |= !self.is_in_order(partner);
            }
        }
        self.judge_pending(known, found);
    }

    /// Rules T-9 to T-12.
    fn judge_pending(&self, known: &Transfer, found: &mut Judgement) {
        match known.status_at(self.at) {
            TransferStatus::Pending => {}
            TransferStatus::InProgress => {
                found.forbid(Reason::Upstream(900_104));
                found.code("not_cancellable");
            }
            TransferStatus::Complete
            | TransferStatus::PartiallyComplete
            | TransferStatus::Failed
            | TransferStatus::Rejected
            | TransferStatus::Withdrawn
            | TransferStatus::Expired
            | TransferStatus::Unrecognised(_) => found.forbid(Reason::Upstream(900_102)),
        }
    }

    fn judge_acceptance_of_transfer(&self, command: &AcceptTransfer, known: &Transfer, found: &mut Judgement) {
        let deal = known.deal();
        if !self.stands(deal.target) {
            found.code("no_reseller_relationship");
        }
        let named: BTreeSet<SubscriptionId> = command.items.iter().map(|item| item.subscription).collect();
        if !deal.family.is_new_commerce() {
            if !named.is_empty() && named != known.asked {
                found.code("items_cannot_be_selected");
            }
            return;
        }
        let item = |subscription, eligibility| TransferItem { subscription, partner_id_on_record: None, eligibility };
        let selected: Vec<TransferItem> = if command.items.is_empty() {
            known.asked.iter().map(|subscription| item(*subscription, None)).collect()
        } else {
            command.items.iter().map(|selected| item(selected.subscription, selected.eligibility)).collect()
        };
        if selected.is_empty() {
            found.code("transfer_has_no_lines");
        }
        self.judge_lines(&deal, &command.transfer, &selected, &SubscriptionStatus::Active, found);
        // The partner ID was named when it was asked for; it may have become wrong since.
        let mut since = Judgement::default();
        self.judge_reseller_at_target(deal.target, known.digits.as_ref(), &mut since);
        found.unsure |= !since.reasons.is_empty() || since.unsure;
    }

    /// Rules T-13, T-15 and T-16.
    fn judge_completion(&self, command: &CompleteTransfer, known: &Transfer, found: &mut Judgement) {
        let by_hand = *known.deal().family == TransferFamily::ManualLegacyAzure;
        match known.status_at(self.at) {
            TransferStatus::InProgress => {}
            TransferStatus::Pending if by_hand => {}
            TransferStatus::Pending => found.code("transfer_not_accepted"),
            TransferStatus::Complete
            | TransferStatus::PartiallyComplete
            | TransferStatus::Failed
            | TransferStatus::Rejected
            | TransferStatus::Withdrawn
            | TransferStatus::Expired
            | TransferStatus::Unrecognised(_) => found.forbid(Reason::Upstream(900_102)),
        }
        let told: Vec<SubscriptionId> = command.lines.iter().map(|line| line.subscription).collect();
        let once: BTreeSet<SubscriptionId> = told.iter().copied().collect();
        if once.len() < told.len() || once != known.open {
            found.code("outcome_of_every_line");
        }
        for line in &command.lines {
            let LineOutcome::Complete(moved) = &line.outcome else { continue };
            let renamed = moved.new_subscription.filter(|new| *new != line.subscription);
            if !known.deal().family.is_new_commerce() && !by_hand && renamed.is_none() {
                found.code("new_subscription_required");
            }
            if renamed.is_some_and(|new| self.in_use.contains(&new)) {
                found.code("subscription_already_exists");
            }
            let bought = self.customer.subscriptions.get(&line.subscription);
            if bought.and_then(|bought| bought.owner) != Some(known.source) {
                found.code("source_does_not_own_subscription");
                found.code("subscription_owner_unknown");
                found.code("subscription_not_found");
            }
            // What became of it between the acceptance and the completion, the text leaves open.
            let status = bought.and_then(|bought| bought.status_at(self.at, self.cloud));
            found.unsure |= status != Some(SubscriptionStatus::Active);
        }
        found.unsure |= command.billing_split_date.is_some();
    }

    /// Rule R-17: a direct-bill partner that has become an indirect reseller brings its provider.
    pub(super) fn judge_extension_to_provider(&self, command: &ExtendResellerRelationship, found: &mut Judgement) {
        self.judge_beginner(command.partner, found);
        let enrolled = self.partners.accounts.get(&command.partner).is_some_and(|account| account.enrolled);
        if !enrolled {
            found.code("extension_requires_enrolment");
        }
        if !self.stands(command.partner) {
            found.code("no_reseller_relationship");
        }
        if self.customer.resellers.get(&command.partner).is_some_and(|known| known.through_provider) {
            found.code("extension_only_for_direct_customers");
        }
        if !self.partners.partnerships.contains(&(command.provider, command.partner)) {
            found.code("no_provider_partnership");
        }
        if command.consent_reference.trim().is_empty() {
            found.code("consent_required");
        }
        // What else is asked of the provider is said of acceptances, not of extensions.
        let mut beyond = Judgement::default();
        self.judge_tenant(command.provider, &mut beyond);
        let again = self.stands(command.provider);
        let alone = cloud::single_partner(self.cloud) || self.in_other_market(command.provider);
        found.unsure |= !beyond.reasons.is_empty() || again || alone || !self.is_in_order(command.provider);
        found.unsure |= self.type_of(command.partner) == Some(PartnerType::IndirectReseller);
    }

    /// What accepted transfers and extensions change.
    pub(super) fn transfer_changes(&self, command: &Command, changes: &mut Vec<CustomerChange>) {
        if let Command::RequestTransfer(command) = command {
            changes.push(CustomerChange::TransferAsked(Box::new(TransferAsked {
                transfer: command.transfer.clone(),
                family: command.family.clone(),
                source: command.source,
                target: command.target,
                lines: command.lines.iter().map(|line| line.subscription).collect(),
                digits: command.partner_id_on_record.clone(),
                digits_of_lines: command
                    .lines
                    .iter()
                    .filter_map(|line| Some((line.subscription, line.partner_id_on_record.clone()?)))
                    .collect(),
            })));
        } else if let Command::AcceptTransfer(command) = command {
            let items: BTreeSet<SubscriptionId> = command.items.iter().map(|item| item.subscription).collect();
            changes.push(CustomerChange::TransferAccepted { transfer: command.transfer.clone(), items });
        } else if let Command::RejectTransfer(command) = command {
            let status = TransferStatus::Rejected;
            changes.push(CustomerChange::TransferEnded { transfer: command.transfer.clone(), status });
        } else if let Command::WithdrawTransfer(command) = command {
            let status = TransferStatus::Withdrawn;
            changes.push(CustomerChange::TransferEnded { transfer: command.transfer.clone(), status });
        } else if let Command::CompleteTransfer(command) = command {
            changes.extend(self.completed(command));
        } else if let Command::ExtendResellerRelationship(command) = command {
            changes.push(CustomerChange::ResellerJoined { partner: command.provider });
            changes.push(CustomerChange::CameThroughProvider { partner: command.provider });
        }
    }

    fn completed(&self, command: &CompleteTransfer) -> Option<CustomerChange> {
        let known = self.customer.transfers.get(&command.transfer)?;
        let (mut moved, mut failed) = (Vec::new(), BTreeSet::new());
        for line in &command.lines {
            match &line.outcome {
                LineOutcome::Complete(to) => moved.push(Moved {
                    from: line.subscription,
                    to: to.new_subscription.filter(|new| *new != line.subscription),
                    digits: known.digits_of(line.subscription),
                }),
                LineOutcome::Failed(_) => {
                    failed.insert(line.subscription);
                }
            }
        }
        let (transfer, target) = (command.transfer.clone(), known.target);
        Some(CustomerChange::TransferDone { transfer, target, moved, failed })
    }
}

impl Transfer {
    fn deal(&self) -> Deal<'_> {
        Deal { family: &self.family, source: self.source, target: self.target }
    }
}
